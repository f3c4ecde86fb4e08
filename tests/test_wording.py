from __future__ import annotations

import pytest

from ycd_opendata.site.wording import Wording, Words, language_of

ENGLISH, CHINESE = Wording("en"), Wording("zh")


@pytest.mark.parametrize(
    ("partial", "english", "chinese"),
    [
        ("2022", "2022", "2022年"),
        ("2022-01", "Jan 2022", "2022年1月"),
        ("2022-01-07", "7 Jan 2022", "2022年1月7日"),
        ("2022-99", "2022-99", "2022-99"),
        ("soon", "soon", "soon"),
        ("", "", ""),
    ],
)
def test_a_date_is_no_more_precise_than_it_is(partial: str, english: str, chinese: str) -> None:
    assert ENGLISH.date(partial) == english
    assert CHINESE.date(partial) == chinese


def test_a_period_of_one_date_is_said_once() -> None:
    assert ENGLISH.period("2021", "2022") == "2021–2022"
    assert CHINESE.period("2021", "2022") == "2021年至2022年"
    assert ENGLISH.period("2022", "2022") == ENGLISH.period("", "2022") == "2022"


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("数字经济", "zh"),
        ("10G-PON端口", "zh"),
        ("Full text as 人民数据 carries it, read in a copy on GitHub.", "en"),
        ("", "en"),
        ("12%", "en"),
    ],
)
def test_the_language_of_a_text(text: str, lang: str) -> None:
    assert language_of(text) == lang


def test_chinese_within_english_is_marked() -> None:
    words = Words("binding (约束性) or not")
    assert ENGLISH.pieces(words) == (Words("binding ("), Words("约束性", "zh"), Words(") or not"))
    mixed = CHINESE.pieces(Words("binding (约束性)", "en"))
    assert mixed == (Words("binding (", "en"), Words("约束性"), Words(")", "en"))
    assert CHINESE.pieces(Words("约束性 or not")) == (Words("约束性 or not"),)


@pytest.mark.parametrize(
    ("size", "text"),
    [(999, "999 B"), (1_300, "1.3 kB"), (76_000, "76 kB"), (999_600, "1.0 MB"), (4e7, "40 MB")],
)
def test_a_size_is_readable(size: int, text: str) -> None:
    assert ENGLISH.size(int(size)) == text.replace(" ", "\u00a0")


@pytest.mark.parametrize(
    ("number", "text"),
    [("2021", "2021"), ("12345", "12,345"), ("-1234.50", "-1,234.50"), ("00123", "00123"),
     ("1e9", "1e9"), ("0.5", "0.5"), ("", "")],
)  # fmt: skip
def test_a_number_has_its_thousands_apart_unless_it_may_be_a_year(number: str, text: str) -> None:
    assert ENGLISH.amount(number) == text


@pytest.mark.parametrize(
    ("url", "shown"),
    [("https://a.example/%E6%9C%88?id=%E6%97%A5", "a.example/月?id=日"),
     ("http://a.example:80", "a.example:80"), ("https://a.example/%D4%C2", "a.example/%D4%C2"),
     ("https://a.example/%E2%80%AEx%20y", "a.example/%E2%80%AEx%20y"),
     ("https://a.example/" + "b" * 200, "a.example/" + "b" * 60 + "…" + "b" * 25)],
)  # fmt: skip
def test_an_address_is_readable_and_hides_nothing(url: str, shown: str) -> None:
    assert ENGLISH.address(url) == shown
