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
SCALES = {
    "十": 1, "百": 2, "千": 3, "万": 4, "萬": 4, "百万": 6, "千万": 7, "亿": 8, "億": 8, "万亿": 12,
}  # fmt: skip
"""The zeros that a Chinese word behind a number stands for."""
_DIGITS = r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)"
_EXPONENT = r"(?:[eE][+-]?[0-9]{1,3})?"
_GROUPS = re.compile(r"([+-]?[0-9]{1,3})((?:[,' ][0-9]{3})+)(\.[0-9]+)?")
_GROUPED = r"[+-]?[0-9]{1,3}(?:[,' ][0-9]{3})+(?:\.[0-9]+)?"
_WITH_UNIT = re.compile(rf"([^0-9+.-]*?)({_GROUPED}|{_DIGITS}{_EXPONENT})([^0-9]*)")


@dataclass(frozen=True)
class NumberReading:
    """What a text means as a number; ``kind`` is what was done, "" where it is only a guess."""

    texts: tuple[str, ...] = ()
    kind: str = ""


def read_number(text: str, unit: str = "") -> NumberReading:
    """What a text in a column of numbers may mean; no texts where it is none.

    A comma is a separator of thousands where it stands as one: where decimals have a comma the
    schema says so.

    The column is counted in ``unit``: a number that has it behind it is that number.

    Examples
    --------
    >>> read_number("500家"), read_number("３，０００")
    (NumberReading(texts=('500',), kind='units'), NumberReading(texts=('3000',), kind='separators'))
    >>> read_number("5万"), read_number("0,125")
    (NumberReading(texts=('50000', '5'), kind=''), NumberReading(texts=('0.125',), kind=''))
    """
    plain = " ".join(unicodedata.normalize("NFKC", text).replace("，", ",").split())
    plain = plain.replace("−", "-").replace("–", "-") if plain[:1] in "−–" else plain
    found = _WITH_UNIT.fullmatch(plain)
    if found is None or (found[1].strip() and found[3].strip()):
        return NumberReading()
    before, number, after = (each.strip() for each in found.groups())
    read = _bare(number, text)
    if before or after:
        is_counted = after == unit or (len(after) == 1 and after in _COUNTING)
        if read.kind and not before and is_counted:
            return NumberReading(read.texts, "units")
        texts = (text for each in read.texts for text in _scaled(each, after))
        return NumberReading(tuple(dict.fromkeys(texts)))
    return read


def _bare(number: str, text: str) -> NumberReading:
    """A number with nothing around it; ``text`` is how it was written."""
    if "e" in number.lower():
        # A spreadsheet that shows 2.5E+05 has left out digits.
        return NumberReading((_plain(number),))
    grouped = _GROUPS.fullmatch(number)
    if grouped is None:
        is_wide = any(each.isdecimal() and not each.isascii() for each in text)
        return NumberReading((_plain(number),), "full-width" if is_wide else "spaces")
    first, groups, fraction = grouped[1], grouped[2], grouped[3] or ""
    plain = _plain(first + re.sub("[,' ]", "", groups) + fraction)
    if first.lstrip("+-").startswith("0"):
        return NumberReading((f"{first}.{groups[1:]}",) if len(groups) == 4 else ())
    is_even = len({*re.sub("[0-9]", "", groups)}) == 1
    return NumberReading((plain,), "separators" if is_even else "")


def _scaled(number: str, after: str) -> tuple[str, ...]:
    """The number that a scale behind it makes, and the one that stands there."""
    scale = next((each for each in sorted(SCALES, key=len)[::-1] if after.startswith(each)), "")
    if scale:
        return (_plain(str(Decimal(number).scaleb(SCALES[scale]))), number)
    if after in ("%", "‰"):
        return (number, _plain(str(Decimal(number).scaleb(-2 if after == "%" else -3))))
    return (number,)


def _plain(text: str) -> str:
    """Digits as they stand; without an exponent."""
    return f"{Decimal(text):f}" if re.search("[eE]", text) else text.removeprefix("+")
