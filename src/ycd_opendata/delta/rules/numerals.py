"""The figures that a few words of Chinese or English name.

``"超1.5万亿元"`` names 1,500,000,000,000; ``"十二个"`` 12; ``"12%"`` twelve per cent. Used to hold
a record's value against the phrase that it was taken from, so every figure that the words may
mean is given, and no judgement is made which one is meant.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from ycd_opendata.repairs.written_numbers import SCALES


@dataclass(frozen=True)
class Figure:
    """One figure: its value with every 万 and billion multiplied out, and whether in per cent."""

    value: Decimal
    percent: bool = False


_TRADITIONAL = str.maketrans("萬億兩點個貳參陸", "万亿两点个二三六")
_DIGITS = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_SMALL_UNITS = {"十": 10, "百": 100, "千": 1000}
_WORDS_OF_SCALE = {"hundred": 2, "thousand": 3, "million": 6, "bn": 9, "billion": 9, "trillion": 12}
_SCALES: dict[str, int] = {
    name: 10**zeros for name, zeros in {"": 0, **SCALES, **_WORDS_OF_SCALE}.items()
}
_ONES = """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen
fifteen sixteen seventeen eighteen nineteen"""
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_WORDS = {word: value for value, word in enumerate(_ONES.split())}
_WORDS |= {word: 10 * value for value, word in enumerate(_TENS.split(), start=2)}
_SCALE = (
    r"(?P<scale>万亿|亿|千万|百万|万|千|百|(?:trillion|billion|bn|million|thousand|hundred)\b|)"
)
_PERCENT = r"(?P<percent>%|per\s?cent\b|个百分点|percentage points?\b|)"
_NUMBER = r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?|[0-9]+(?:\.[0-9]+)?"
_ARABIC = re.compile(rf"(?P<number>{_NUMBER})\s?(?:余|多)?{_SCALE}(?:余|多)?\s?{_PERCENT}")
_RANGE = re.compile(rf"(?P<low>{_NUMBER})\s?%?(?:-|~|—|–|至|到|、|\bto\b)+\s?(?={_NUMBER})")
_CHINESE = re.compile(
    r"(?P<percent>百分之)?"
    r"(?P<whole>[零〇一二两三四五六七八九十百千万亿]+)"
    r"(?:点(?P<fraction>[零〇一二三四五六七八九]+)(?P<scale>万亿|亿|万|))?"
)
_WORD = rf"(?:{'|'.join(_WORDS)}|hundred|thousand|million|billion|trillion)"
_ENGLISH = re.compile(rf"\b(?P<number>{_WORD}(?:[\s-]+(?:and\s+)?{_WORD})*)\b\s?{_PERCENT}")
_WHOLE = re.compile(r"全覆盖|全城覆盖|村村[有通]|百分百|full coverage")
_SPLIT = re.compile(rf"(?P<high>{_NUMBER})万(?P<low>[0-9]{{1,4}})(?![0-9.]|万|亿)")
_HEADED = re.compile(r"\((?P<scale>万亿|亿|万|)(?P<percent>%|)[^()0-9]{0,8}\)(?P<row>[^()]+)$")
_LARGER = {"p": ("eflops", 1000)}
"""What a phrase may say in a larger unit than the indicator's: 100 EFLOPS are 100,000 P."""
_UNIT_SCALE = re.compile(rf"(?P<number>{_NUMBER})?\s?{_SCALE}\s")


def figures(phrase: str) -> Iterator[Figure]:
    """Every figure that a phrase names, in digits, Chinese numerals or English words."""
    return _find(unicodedata.normalize("NFKC", phrase).translate(_TRADITIONAL).lower())


def names_value(phrase: str, value: float, unit: str) -> bool:
    """Whether a phrase names this value of this unit (``%``, ``100 million yuan``, ``factories``).

    The sign is not compared: words such as 下降 carry it.
    """
    wanted = Decimal(repr(abs(float(value)))) * unit_scale(unit)
    percent = unit == "%"
    larger, times = _LARGER.get(unit.lower(), ("", 1))
    if larger in phrase.lower():
        wanted /= times
    return any(each.percent == percent and each.value == wanted for each in figures(phrase))


def unit_scale(unit: str) -> Decimal:
    """What a unit multiplies by: 100,000,000 for ``100 million yuan``, 1 for ``factories``."""
    match = _UNIT_SCALE.match(unit.lower() + " ")
    if match is None or not (match["number"] or match["scale"]):
        return Decimal(1)
    return Decimal((match["number"] or "1").replace(",", "")) * _SCALES[match["scale"]]


def _find(text: str) -> Iterator[Figure]:
    for match in _ARABIC.finditer(text):
        number = Decimal(match["number"].replace(",", ""))
        yield Figure(number * _SCALES[match["scale"]], bool(match["percent"]))
    for match in _RANGE.finditer(text):
        # The unit of "1.2至1.5万亿" or "1.2、1.5万亿" is said once, behind the last figure.
        upper = _ARABIC.match(text, match.end())
        if upper is not None:
            number = Decimal(match["low"].replace(",", ""))
            yield Figure(number * _SCALES[upper["scale"]], bool(upper["percent"]))
    for match in _CHINESE.finditer(text):
        number = _chinese(match["whole"], match["fraction"] or "") * _SCALES[match["scale"] or ""]
        yield Figure(number, bool(match["percent"]))
    for match in _ENGLISH.finditer(text):
        yield Figure(_english(match["number"]), bool(match["percent"]))
    for match in _SPLIT.finditer(text):
        yield Figure(Decimal(match["high"].replace(",", "")) * 10**4 + Decimal(match["low"]))
    headed = _HEADED.search(text)
    if headed is not None:
        # A row of a table says its unit once, in its head: "增加值(亿元) 20658 30000 40000".
        for number in re.findall(_NUMBER, headed["row"]):
            value = Decimal(number.replace(",", "")) * _SCALES[headed["scale"]]
            yield Figure(value, bool(headed["percent"]))
    if _WHOLE.search(text):
        yield Figure(Decimal(100), percent=True)


def _chinese(whole: str, fraction: str) -> Decimal:
    """The value of a Chinese numeral; digits side by side (二〇二二) are read as digits."""
    if len(whole) > 1 and all(char in _DIGITS for char in whole):
        value = int("".join(str(_DIGITS[char]) for char in whole))
    else:
        value = _chinese_whole(whole)
    digits = "".join(str(_DIGITS[char]) for char in fraction)
    return Decimal(f"{value}.{digits}" if digits else value)


def _chinese_whole(text: str) -> int:
    for scale, size in (("亿", 10**8), ("万", 10**4)):
        high, found, low = text.rpartition(scale)
        if found:
            return (_chinese_whole(high) if high else 1) * size + (
                _chinese_whole(low) if low else 0
            )
    total = digit = 0
    for char in text:
        if char in _SMALL_UNITS:
            total += (digit or 1) * _SMALL_UNITS[char]
            digit = 0
        else:
            digit = _DIGITS[char]
    return total + digit


def _english(text: str) -> Decimal:
    """The value of an English numeral such as ``one hundred and fifty``."""
    total = part = 0
    for word in re.split(r"[\s-]+", text):
        if word in _WORDS:
            part += _WORDS[word]
        elif word == "hundred":
            part = (part or 1) * 100
        elif word in _SCALES:
            total += (part or 1) * _SCALES[word]
            part = 0
    return Decimal(total + part)
