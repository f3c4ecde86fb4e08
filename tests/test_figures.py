from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ycd_opendata.delta.rules.numerals import figures, names_value, unit_scale


@pytest.mark.parametrize(
    ("phrase", "value", "unit"),
    [
        ("打造30个制造业数字化赋能平台", 30, "platforms"),
        ("聚焦16个先进制造业集群", 16, "clusters"),
        ("力争数字经济核心产业增加值增长12%", 12, "%"),
        ("增长12%", 12, "%"),
        ("增长百分之十二", 12, "%"),
        ("提高2.5个百分点", 2.5, "%"),
        ("grow by 5.5 per cent", 5.5, "%"),
        ("增长12.5percent", 12.5, "%"),
        ("新增“未来工厂”15家", 15, "factories"),
        ("四十家", 40, "factories"),
        ("一百五十家", 150, "factories"),
        ("一千零二十", 1020, "factories"),
        ("两万三千", 23000, "enterprises"),
        ("十五", 15, "factories"),
        ("二〇二五", 2025, "years"),
        ("三点五万", 35000, "stations"),
        ("超5.1万亿元", 51000, "100 million yuan"),
        ("超5.1萬億元", 51000, "100 million yuan"),
        ("4100亿元", 4100, "100 million yuan"),
        ("4,011億元", 4011, "100 million yuan"),
        ("7.35万亿元", 7.35, "trillion yuan"),
        ("1.52 trillion yuan", 1.52, "trillion yuan"),
        ("23.77 billion items", 23.77, "billion items"),
        ("134 billion", 134_000_000_000, "items"),
        ("8.8万个", 88000, "stations"),
        ("7.7萬", 77000, "stations"),
        ("5000余家", 5000, "enterprises"),
        ("3万多家", 30000, "enterprises"),
        ("20至30家", 20, "factories"),
        ("20至30家", 30, "factories"),
        ("1.2-1.5万亿元", 1.2, "trillion yuan"),
        ("10%~15%", 10, "%"),
        ("10-15%", 10, "%"),
        ("thirty factories", 30, "factories"),
        ("one hundred and fifty factories", 150, "factories"),
        ("twenty-five teams", 25, "teams"),
        ("two million", 2_000_000, "users"),
        ("下降3.2%", -3.2, "%"),
        ("实现5G网络全覆盖", 100, "%"),
        ("１５家", 15, "factories"),
        ("2026年实现全城覆盖", 100, "%"),
        ("行政村“村村有5G”", 100, "%"),
        ("材料电子化率五个百分百", 100, "%"),
        ("3万1400ヶ所", 31400, "stations"),
        ("one trillion yuan", 10000, "100 million yuan"),
        ("分别为47689.96、23766.82、9562.68亿元", 23766.82, "100 million yuan"),
        ("增加值(亿元) 20658 30000 40000", 30000, "100 million yuan"),
        ("机器人数量(万台) 5.5 10 15", 150000, "robots"),
        ("(GDP)的比重(% ) 39.9 47 55", 47, "%"),
        ("全员劳动生产率(万元/ 人年) 34 38 44", 44, "10 thousand yuan per person"),
        ("独角兽企业(家) 23 40 50", 40, "enterprises"),
        ("智能算力超4.8万P", 48000, "P"),
        ("over 100 EFLOPS", 100000, "P"),
        ("from 25 to 50 EFlops", 25000, "P"),
        ("over 100 EFLOPS", 100, "EFLOPS"),
    ],
)
def test_phrase_names_value(phrase: str, value: float, unit: str) -> None:
    assert names_value(phrase, value, unit)


@pytest.mark.parametrize(
    ("phrase", "value", "unit"),
    [
        ("打造30个平台", 31, "platforms"),
        ("打造30个平台", 3, "platforms"),
        ("打造130个平台", 30, "platforms"),
        ("增长12%", 12, "factories"),
        ("增长12家", 12, "%"),
        ("5.1万亿元", 5.1, "100 million yuan"),
        ("5.1亿元", 5.1, "trillion yuan"),
        ("十五家", 5, "factories"),
        ("新增一批", 15, "factories"),
        ("", 0, "factories"),
        ("1,000,000", 1000, "users"),
        ("机器人数量(台) 5.5 10 15", 150000, "robots"),
        ("增加值(亿元) 20658 30000 40000", 3, "100 million yuan"),
        ("独角兽企业(家) 23 40 50", 40, "%"),
        ("3万1400ヶ所", 3140, "stations"),
        ("村村都有", 100, "%"),
        ("over 100 EFLOPS", 100, "P"),
        ("over 100 PFLOPS", 100000, "P"),
    ],
)
def test_phrase_does_not_name_value(phrase: str, value: float, unit: str) -> None:
    assert not names_value(phrase, value, unit)


@pytest.mark.parametrize(
    ("unit", "scale"),
    [
        ("factories", 1),
        ("%", 1),
        ("100 million yuan", 10**8),
        ("10 thousand users", 10**5 // 10),
        ("billion items", 10**9),
        ("", 1),
    ],
)
def test_unit_scale(unit: str, scale: int) -> None:
    assert unit_scale(unit) == scale


@given(st.text())
def test_any_text_has_figures(text: str) -> None:
    assert all(isinstance(each.value, Decimal) for each in figures(text))


@given(
    st.text(alphabet="零〇一二两三四五六七八九十百千万亿点0123456789.,%至-余多 andhundretysixloumb")
)
def test_any_numeral_has_figures(text: str) -> None:
    figures(text)


@given(st.integers(min_value=0, max_value=10**13))
def test_digits_name_themselves(number: int) -> None:
    assert names_value(f"新增{number}家", number, "factories")
    assert names_value(f"新增{number:,}家", number, "factories")


def in_chinese(number: int) -> str:
    """A number below a hundred million as a Chinese numeral, written out here once more."""
    if number >= 10_000:
        rest = number % 10_000
        gap = "零" if 0 < rest < 1000 else ""
        return in_chinese(number // 10_000) + "万" + (gap + in_chinese(rest) if rest else "")
    text, pending = "", False
    for size, unit in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, number = divmod(number, size)
        if digit:
            text += ("零" if pending and text else "") + "零一二三四五六七八九"[digit] + unit
        pending = not digit
    return text


@given(st.integers(min_value=1, max_value=99_999_999))
def test_chinese_numerals_are_read(number: int) -> None:
    assert names_value(f"共{in_chinese(number)}家", number, "factories")
