from __future__ import annotations

import pytest

from ycd_opendata.site.wording import Wording, Words, language_of

ENGLISH, CHINESE = Wording("en"), Wording("zh")


def said(pieces: tuple[Words, ...]) -> str:
    return "".join(each.text for each in pieces)


UNITS = {
    "factories": {"name_en": "factories", "name_zh": "家工厂"},
    "enterprises": {"name_en": "enterprises", "name_zh": "家企业"},
    "users": {"name_en": "users", "name_zh": "户"},
    "100 million yuan": {"name_en": "100 million yuan", "name_zh": "亿元"},
    "%": {"name_en": "%", "name_zh": "%"},
    "things": {"name_en": "things"},
    "": {},
}


@pytest.mark.parametrize(
    ("comparator", "value", "upper", "unit", "english", "chinese"),
    [
        ("ge", "15", "", "factories", "at least 15 factories", "至少 15家工厂"),
        ("eq", "12.50", "", "%", "12.5%", "12.5%"),
        ("between", "20", "30", "enterprises", "20 to 30 enterprises", "20 至 30家企业"),
        ("gt", "77000", "", "users", "more than 77,000 users", "超过 77,000户"),
        ("about", "15000", "", "100 million yuan", "about 1.5 trillion yuan", "约 15,000亿元"),
        ("lt", "200", "", "100 million yuan", "less than 20 billion yuan", "少于 200亿元"),
        ("eq", "many", "", "things", "many things", "many things"),
        ("eq", "1e400", "", "%", "1e400%", "1e400%"),
        ("le", "-3", "", "", "at most -3", "至多 -3"),
    ],
)
def test_a_figure_is_said_as_it_is_meant(
    comparator: str, value: str, upper: str, unit: str, english: str, chinese: str
) -> None:
    assert said(ENGLISH.figure(comparator, value, upper, UNITS[unit])) == english
    assert said(CHINESE.figure(comparator, value, upper, UNITS[unit])) == chinese


def test_a_unit_without_a_chinese_name_stays_english_and_says_so() -> None:
    assert CHINESE.figure("eq", "3", "", UNITS["things"])[-1] == Words("things", "en")


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
    assert ENGLISH.size(int(size)) == text


@pytest.mark.parametrize(
    ("text", "chinese"),
    [
        ("line 55", "第55行"),
        ("line 55;60", "第55;60行"),
        ("text line 7", "正文第7行"),
        ("paragraph 14", "第14段"),
        ("dateline", "电头"),
        ("", ""),
    ],
)
def test_a_place_in_a_source_is_said_in_the_pages_language(text: str, chinese: str) -> None:
    assert CHINESE.locator(text).text == chinese
    assert ENGLISH.locator(text).text == text
