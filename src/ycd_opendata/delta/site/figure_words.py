"""Figures with their units, and places in sources, as a person reads them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation

from ycd_opendata.site.wording import Wording, Words

_LOCATORS = tuple(
    (re.compile(english), chinese)
    for english, chinese in (
        (r"\btext line ([0-9;, -]+)", r"正文第\1行"),
        (r"\bline ([0-9;, -]+)", r"第\1行"),
        (r"\bparagraph ([0-9;, -]+)", r"第\1段"),
        (r"\bdateline\b", "电头"),
    )
)
_HUNDRED_MILLION, _TEN_THOUSAND = "100 million ", "10 thousand "
_SCALES = ((Decimal(10) ** 8, "亿"), (Decimal(10) ** 4, "万"))
_BILLION = Decimal(10) ** 9
_MOST_PLACES = 2
_NO_UNIT = "ratio"
"""The unit of a bare number, which nobody says: a power usage effectiveness is at most 1.25."""


def figure_words(
    wording: Wording, comparator: str, value: str, upper: str, unit: Mapping[str, str]
) -> tuple[Words, ...]:
    """A figure as it is meant, such as "at least 15 factories".

    Parameters
    ----------
    value, upper : str
        As the table has them; ``upper`` is empty unless it is a range.
    unit : mapping
        The unit's record; empty where there is none.
    """
    amount, named = _scaled(wording, value, upper, unit)
    text = wording.text(f"figure.{comparator}", value=amount[0], upper=amount[1])
    is_joined = named.text.startswith("%") or (wording.lang == "zh" and not named.lang)
    space = "" if is_joined else " "
    if not named.text or unit.get("unit_id") == _NO_UNIT:
        return (Words(text),)
    if not named.lang:
        return (Words(f"{text}{space}{named.text}"),)
    return Words(text + space), named


def _scaled(
    wording: Wording, value: str, upper: str, unit: Mapping[str, str]
) -> tuple[tuple[str, str], Words]:
    """The figures and their unit, in numbers that its readers count in."""
    values = [_decimal(each) for each in (value, upper)]
    named, english = wording.pair(unit, "name"), unit.get("name_en", "")
    scale, name = _english_scale(english, values[0] or Decimal(0))
    if wording.lang == "en" and scale != 1 and values[0] is not None:
        values = [None if each is None else each / scale for each in values]
        named = Words(name)
    write = grouped_number
    if wording.lang == "zh":
        scales = _chinese_scales(named)
        write = lambda number: _chinese_number(number, scales)  # noqa: E731
    shown = [
        written if each is None else write(each)
        for each, written in zip(values, (value, upper), strict=True)
    ]
    return (shown[0], shown[1]), named


def _english_scale(unit: str, largest: Decimal) -> tuple[Decimal, str]:
    """What figures in a unit such as 100 million yuan are divided by in English, and its name then.

    Hundreds of millions become billions, tens of thousands ones; long numbers are said in billions.
    """
    if unit.startswith(_HUNDRED_MILLION):
        scale, name = (10, "billion") if abs(largest) < 10_000 else (10_000, "trillion")
        return Decimal(scale), f"{name} {unit.removeprefix(_HUNDRED_MILLION)}"
    if unit.startswith(_TEN_THOUSAND):
        return Decimal("0.0001"), unit.removeprefix(_TEN_THOUSAND)
    if unit and abs(largest) >= _BILLION and _is_short(largest / _BILLION):
        return _BILLION, f"billion {unit}"
    return Decimal(1), unit


def _is_short(number: Decimal) -> bool:
    exponent = number.normalize().as_tuple().exponent
    return isinstance(exponent, int) and exponent >= -_MOST_PLACES


def _chinese_scales(unit: Words) -> Sequence[tuple[Decimal, str]]:
    """What figures in a unit are written in: 亿元 goes on with 万亿元, 万元 goes no further."""
    if unit.lang or unit.text[:1] == "万":
        return ()
    return _SCALES[1:] if unit.text[:1] == "亿" else _SCALES


def _chinese_number(number: Decimal, scales: Sequence[tuple[Decimal, str]]) -> str:
    """A number in 万 or 亿 where that is short and takes nothing from it: 16.2万, but 59,353."""
    for scale, name in scales:
        scaled = (number / scale).normalize()
        if abs(number) >= scale and _is_short(scaled):
            return f"{grouped_number(scaled)}{name}"
    return grouped_number(number)


def locator_words(wording: Wording, text: str) -> Words:
    """A place in a source, which the data have in English."""
    if wording.lang == "zh":
        for pattern, chinese in _LOCATORS:
            text = pattern.sub(chinese, text)
    return wording.source_words(text)


def _decimal(text: str) -> Decimal | None:
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return number if number.is_finite() and abs(number.adjusted()) < 30 else None


def grouped_number(number: Decimal) -> str:
    """A number with its thousands apart, without zeros at the end of its fraction."""
    text = f"{number:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def grouped(text: str) -> str:
    """A number's text with its thousands apart."""
    number = _decimal(text)
    return text if number is None else grouped_number(number)


def axis_unit(wording: Wording, unit: Mapping[str, str], largest: float) -> tuple[float, Words]:
    """What the figures of an axis are divided by, and the unit that they are then in."""
    named, english = wording.pair(unit, "name"), unit.get("name_en", "")
    scale, name = _english_scale(english, Decimal(largest))
    if wording.lang == "en" and scale != 1:
        return float(scale), Words(name)
    if wording.lang == "zh":
        for scale, name in _chinese_scales(named):
            if largest >= 2 * scale:
                return float(scale), Words(f"{name}{named.text}")
    return 1.0, named
