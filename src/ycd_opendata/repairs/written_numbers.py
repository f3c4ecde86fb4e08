"""Numbers as people write them: with separators, units, full-width digits.

A unit that only counts (``500家``) says nothing that the field does not say. One that scales
(``5万``, ``50%``) or hedges (``500余``) does, so its number is a proposal and no reading.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal

_COUNTING = "家个座项台套件条名人次户所处间只辆部种类批例份张片栋幢艘架站点年本款支组块颗页篇"
_SCALES = {"千": 3, "万": 4, "萬": 4, "百万": 6, "亿": 8, "億": 8, "万亿": 12, "百": 2, "十": 1}
_DIGITS = r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)"
_EXPONENT = r"(?:[eE][+-]?[0-9]{1,3})?"
_GROUPS = re.compile(r"([+-]?[0-9]{1,3})((?:[,' ][0-9]{3})+)(\.[0-9]+)?")
_WITH_UNIT = re.compile(rf"([^0-9+.-]*?)({_DIGITS}{_EXPONENT})(.*)", re.DOTALL)


@dataclass(frozen=True)
class NumberReading:
    """What a text means as a number; ``kind`` is what was done, "" where it is only a guess."""

    texts: tuple[str, ...] = ()
    kind: str = ""


def read_number(text: str, unit: str = "", *, whole: bool = False) -> NumberReading:
    """What a text in a column of numbers may mean; no texts where it is none.

    Parameters
    ----------
    unit : str
        What the column is counted in; a number that has it behind it is that number.
    whole : bool
        Whether the column holds whole numbers only, so that no comma is a decimal one.

    Examples
    --------
    >>> read_number("500家"), read_number("３，０００", whole=True)
    (NumberReading(texts=('500',), kind='units'), NumberReading(texts=('3000',), kind='separators'))
    >>> read_number("5万"), read_number("1,500").texts
    (NumberReading(texts=('50000', '5'), kind=''), ('1500', '1.500'))
    """
    plain = " ".join(unicodedata.normalize("NFKC", text).replace("，", ",").split())
    plain = plain.replace("−", "-").replace("–", "-") if plain[:1] in "−–" else plain
    if re.fullmatch(_DIGITS + _EXPONENT, plain):
        if "e" in plain.lower():
            # A spreadsheet that shows 2.5E+05 has left out digits.
            return NumberReading((_plain(plain),))
        is_wide = any(each.isdecimal() and not each.isascii() for each in text)
        return NumberReading((_plain(plain),), "full-width" if is_wide else "spaces")
    grouped = _GROUPS.fullmatch(plain)
    if grouped:
        return _grouped(grouped, whole=whole)
    found = _WITH_UNIT.fullmatch(plain.replace(",", ""))
    if found is None or (found[1] and found[3]):
        return NumberReading()
    before, number, after = found[1].strip(), _plain(found[2]), found[3].strip()
    if re.search(r"[0-9]", after):
        return NumberReading()
    if "," in plain and not _GROUPS.fullmatch(plain[: len(plain) - len(after)].strip()):
        return NumberReading()
    is_counted = not before and (after == unit or (len(after) == 1 and after in _COUNTING))
    if is_counted and after and ("," not in plain or whole):
        return NumberReading((number,), "units")
    return NumberReading(_scaled(number, after))


def _grouped(found: re.Match[str], *, whole: bool) -> NumberReading:
    separator, groups = found[2][0], found[2]
    text = found[1] + re.sub("[,' ]", "", groups) + (found[3] or "")
    if len({*re.sub("[0-9]", "", groups)}) > 1:
        return NumberReading((text,))
    if whole or len(groups) > 4 or found[3] or separator != ",":
        return NumberReading((text,), "separators")
    # 1,500 may be one and a half to those who write decimals with a comma.
    return NumberReading((text, f"{found[1]}.{groups[1:]}"))


def _scaled(number: str, after: str) -> tuple[str, ...]:
    """The number that a scale behind it makes, and the one that stands there."""
    scale = next((each for each in sorted(_SCALES, key=len)[::-1] if after.startswith(each)), "")
    if scale:
        return (_plain(str(Decimal(number).scaleb(_SCALES[scale]))), number)
    if after in ("%", "‰"):
        return (number, _plain(str(Decimal(number).scaleb(-2 if after == "%" else -3))))
    return (number,)


def _plain(text: str) -> str:
    """Digits as they stand; without an exponent."""
    return f"{Decimal(text):f}" if re.search("[eE]", text) else text.removeprefix("+")
