"""Cells of a spreadsheet that are no text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import NamedTuple

Scalar = bool | int | float | datetime | date | time | timedelta

_DIGITS = 15
"""The digits of a number that a spreadsheet keeps."""

_LITERAL = re.compile(r"\[[^\]]*\]|\"[^\"]*\"|\\.|_.|\*.")


@dataclass(frozen=True)
class SheetValue:
    """A cell with a type: a number, a day, a boolean, a formula's text, or a failure (None).

    ``form`` is its number format, ``shown`` what it shows: "" where the file does not say it.
    """

    value: Scalar | str | None
    form: str = ""
    shown: str = ""
    is_formula: bool = False


Cell = str | SheetValue
"""A cell as it is read; an empty one is ""."""


class Merged(NamedTuple):
    """Cells of a sheet that were made one: where they are, and their last row, from 1."""

    where: str
    last_row: int


def parts_of(form: str) -> str:
    """The letters of a number format that say which parts of a moment it shows.

    Chinese formats write the year as ``e``, too, which is an exponent where digits stand.

    Examples
    --------
    >>> parts_of('yyyy"年"m"月"'), parts_of("[$-409]d-mmm;@")
    ('ym', 'dm')
    >>> parts_of('e"年"m"月"'), parts_of("General")
    ('ym', '')
    """
    text = _LITERAL.sub("", form.lower()).partition(";")[0]
    if "general" not in text and not {*"0#"} & {*text}:
        text = text.replace("e", "y")
    return "".join(dict.fromkeys(each for each in text if each in "ymdhs"))


def number_text(value: float) -> str:
    """A number in plain digits, without the noise behind the fifteenth digit of a float.

    Examples
    --------
    >>> number_text(12.0), number_text(0.1 + 0.2), number_text(1e-7)
    ('12', '0.3', '0.0000001')
    """
    if isinstance(value, int):
        return str(value)
    exact = Decimal(repr(value))
    if not exact.is_finite():
        return str(value)
    number = exact if is_short(value) else Decimal(f"{value:.{_DIGITS}g}")
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def is_short(value: float) -> bool:
    """Whether a number has no more digits than a spreadsheet keeps."""
    return len(Decimal(repr(value)).normalize().as_tuple().digits) <= _DIGITS
