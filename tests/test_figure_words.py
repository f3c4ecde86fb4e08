from __future__ import annotations

import pytest

from ycd_opendata.delta.site.additions import SITE
from ycd_opendata.delta.site.figure_words import figure_words, locator_words
from ycd_opendata.site.wording import Wording, Words

ENGLISH, CHINESE = Wording("en", SITE.folder), Wording("zh", SITE.folder)


def said(pieces: tuple[Words, ...]) -> str:
    return "".join(each.text for each in pieces)


UNITS = {
    "factories": {"name_en": "factories", "name_zh": "家工厂"},
    "enterprises": {"name_en": "enterprises", "name_zh": "家企业"},
    "users": {"name_en": "users", "name_zh": "户"},
    "100 million yuan": {"name_en": "100 million yuan", "name_zh": "亿元"},
    "10 thousand yuan": {"name_en": "10 thousand yuan", "name_zh": "万元"},
    "%": {"name_en": "%", "name_zh": "%"},
    "things": {"name_en": "things"},
    "ratio": {"unit_id": "ratio", "name_en": "ratio", "name_zh": "比值"},
    "": {},
}


@pytest.mark.parametrize(
    ("comparator", "value", "upper", "unit", "english", "chinese"),
    [
        ("ge", "15", "", "factories", "at least 15 factories", "至少15家工厂"),
        ("eq", "12.50", "", "%", "12.5%", "12.5%"),
        ("between", "20", "30", "enterprises", "20 to 30 enterprises", "20至30家企业"),
        ("gt", "77000", "", "users", "more than 77,000 users", "超过7.7万户"),
        ("about", "15000", "", "100 million yuan", "about 1.5 trillion yuan", "约1.5万亿元"),
        ("lt", "200", "", "100 million yuan", "less than 20 billion yuan", "少于200亿元"),
        ("between", "8000", "12000", "users", "8,000 to 12,000 users", "8,000至1.2万户"),
        ("eq", "59353", "", "users", "59,353 users", "59,353户"),
        ("eq", "230000000", "", "users", "230,000,000 users", "2.3亿户"),
        ("eq", "12345", "", "100 million yuan", "1.2345 trillion yuan", "12,345亿元"),
        ("eq", "20000", "", "10 thousand yuan", "200,000,000 yuan", "20,000万元"),
        ("eq", "85340000000", "", "users", "85.34 billion users", "853.4亿户"),
        ("eq", "1234567890", "", "users", "1,234,567,890 users", "1,234,567,890户"),
        ("gt", "38", "", "10 thousand yuan", "more than 380,000 yuan", "超过38万元"),
        ("eq", "many", "", "things", "many things", "many things"),
        ("eq", "1e400", "", "%", "1e400%", "1e400%"),
        ("le", "-3", "", "", "at most -3", "至多-3"),
        ("le", "1.25", "", "ratio", "at most 1.25", "至多1.25"),
    ],
)
def test_a_figure_is_said_as_it_is_meant(
    comparator: str, value: str, upper: str, unit: str, english: str, chinese: str
) -> None:
    assert said(figure_words(ENGLISH, comparator, value, upper, UNITS[unit])) == english
    assert said(figure_words(CHINESE, comparator, value, upper, UNITS[unit])) == chinese


def test_a_unit_without_a_chinese_name_stays_english_and_says_so() -> None:
    assert figure_words(CHINESE, "eq", "3", "", UNITS["things"])[-1] == Words("things", "en")


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
    assert locator_words(CHINESE, text).text == chinese
    assert locator_words(ENGLISH, text).text == text
