"""Numbers as texts: without what surrounds and groups them, and as literals of JSON.

The literal of a number has the digits of its cell, so that nothing is rounded on the way.
"""

from __future__ import annotations

import re
from decimal import Decimal

import polars as pl

from ycd_opendata.package.model import Field

_LITERAL = r"^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?$"
_MOST_WHOLE = 2.0**53
_DIGITS_OF_A_SHEET = 15
_AROUND = r"^[^-\d]*|\D*$"


def ungrouped(cell: pl.Expr, field: Field) -> pl.Expr:
    """The cells of a numeric field without groups, and without what may stand around them."""
    if not field.raw.get("bareNumber", True):
        cell = cell.str.replace_all(_AROUND, "")
    group = field.raw.get("groupChar")
    return cell.str.replace_all(group, "", literal=True) if group else cell


def bare(cell: pl.Expr, field: Field) -> pl.Expr:
    """The same with a decimal point."""
    cell, point = ungrouped(cell, field), field.raw.get("decimalChar", ".")
    if point != "." and field.type == "number":
        cell = cell.str.replace_all(point, ".", literal=True)
    return cell


def literals(number: pl.Expr) -> pl.Expr:
    """Bare numbers as literals of JSON; null for what takes more than to drop signs and zeros."""
    text = (
        number.str.replace(r"^\+", "")
        .str.replace(r"^(-?)0+([0-9])", "${1}${2}")
        .str.replace(r"^(-?)\.", "${1}0.")
        .str.replace(r"\.$", "")
    )
    return pl.when(text.str.contains(_LITERAL)).then(text)


def double_text(double: pl.Expr) -> pl.Expr:
    """Doubles as the shortest literals that they are read back from, or their names if none."""
    whole = (double == double.floor()) & (double.abs() < _MOST_WHOLE)
    digits = double.cast(pl.Int64, strict=False).cast(pl.String)
    infinite = pl.when(double > 0).then(pl.lit("INF")).otherwise(pl.lit("-INF"))
    return (
        pl.when(whole)
        .then(digits)
        .when(double.is_infinite())
        .then(infinite)
        .otherwise(double.cast(pl.String))
    )


def literal(value: Decimal | int | float) -> str:
    """One number as a literal of JSON, or by the name that the standard gives to what is none."""
    number = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
    if number.is_nan():
        return "NaN"
    if number.is_infinite():
        return "INF" if number > 0 else "-INF"
    return str(number)


def is_kept_by_a_double(text: str) -> bool:
    """Whether a finite number, as a literal, comes back from a double as the number it was."""
    number = float(text)
    return number not in (float("inf"), float("-inf")) and Decimal(repr(number)) == Decimal(text)


def places(text: str) -> tuple[int, int]:
    """How many digits a finite number has before the point and behind it, written out."""
    _, digits, exponent = Decimal(text).as_tuple()
    assert isinstance(exponent, int)
    if not any(digits):
        return 1, max(-exponent, 0)
    return max(len(digits) + exponent, 1), max(-exponent, 0)


def is_kept_by_a_sheet(text: str) -> bool:
    """Whether a finite number, as a literal, has no more digits than Excel keeps: fifteen."""
    digits = re.sub(r"[eE].*", "", text).replace(".", "").strip("-0")
    return len(digits) <= _DIGITS_OF_A_SHEET and is_kept_by_a_double(text)
