"""Cells of text as values of the types that they are stored as, a batch at a time.

polars reads what it can at once. Whatever it cannot is read by frictionless, which the package
was checked against, so that a valid cell has a value and it is the right one. A number that a
double does not keep is a literal of JSON with the digits of its cell, so that nothing is rounded.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

import polars as pl

from ycd_opendata.loader.pandas_columns import exact_reader, unreadable
from ycd_opendata.package.tables.polars_cells import bare, with_doubtful_cells
from ycd_opendata.publishing.formats.stored_types import Column, Kind

_MOMENT, _CLOCK = "%Y-%m-%dT%H:%M:%S%.f", "%H:%M:%S%.f"
_TIMES = (Kind.MOMENT, Kind.INSTANT, Kind.CLOCK)


def typed_frame(text: pl.DataFrame, columns: Sequence[Column], table: str) -> pl.DataFrame:
    """A frame of text columns, named like the fields, as a frame of typed columns.

    Raises DataError where a cell is not of its field's type, so the package was not valid.
    """
    cells = text.select(present(each) for each in columns)
    return pl.DataFrame([typed_series(cells[each.name], each, table) for each in columns])


def plain_frame(text: pl.DataFrame, typed: pl.DataFrame, columns: Sequence[Column]) -> pl.DataFrame:
    """A typed frame whose times are text, as ISO 8601 has it, for formats that lack times."""
    times = [each for each in columns if each.kind in _TIMES]
    return typed.with_columns(_written(text[each.name], typed[each.name], each) for each in times)


def _written(cells: pl.Series, values: pl.Series, column: Column) -> pl.Series:
    if column.field.format == "default":
        # Its notation is that of ISO 8601, and keeps the offset that the cell has.
        return pl.select(pl.when(pl.lit(values.is_not_null())).then(pl.lit(cells))).to_series()
    if column.kind is Kind.CLOCK:
        return values.dt.to_string(_CLOCK)
    return values.dt.to_string(_MOMENT + ("Z" if column.kind is Kind.INSTANT else ""))


def present(column: Column) -> pl.Expr:
    """The cells of a column that are not missing."""
    cell = pl.col(column.name)
    return pl.when(~cell.is_in(column.missing)).then(cell) if column.missing else cell


def typed_series(cells: pl.Series, column: Column, table: str) -> pl.Series:
    """The cells of one column, missing ones as null, in its type; errors as in ``typed_frame``."""
    if column.kind is Kind.TEXT:
        return cells
    values = pl.select(_quickly(pl.lit(cells), column)).to_series().alias(column.name)
    if len(cells) == 0:
        return values.clear()
    if values.null_count() > cells.null_count():
        read, keep = exact_cells(column, table), _keeper(column.kind)
        values = with_doubtful_cells(values, cells, lambda text: keep(read(text)))
    return values


def _quickly(cell: pl.Expr, column: Column) -> pl.Expr:
    """The cells in the column's type; null where polars alone cannot read one."""
    field, dtype = column.field, column.dtype
    if column.kind is Kind.BOOLEAN:
        return cell.replace_strict(field.truth_values, default=None, return_dtype=pl.Boolean)
    if column.kind in (Kind.DAY, *_TIMES) and field.format != "default":
        return pl.when(cell.is_null()).then(None).otherwise(None).cast(dtype)
    if column.kind is Kind.DAY:
        return cell.str.to_date("%Y-%m-%d", strict=False)
    if column.kind is Kind.CLOCK:
        return cell.str.to_time(_CLOCK, strict=False)
    if column.kind is Kind.MOMENT:
        return cell.str.to_datetime(_MOMENT, strict=False, time_unit="us")
    if column.kind is Kind.INSTANT:
        with_offset = cell.str.replace("Z$", "+00:00")
        read = with_offset.str.to_datetime(f"{_MOMENT}%:z", strict=False, time_unit="us")
        return read.cast(dtype)
    number = bare(cell, field)
    if column.kind is Kind.DIGITS:
        return literals(number)
    return number.cast(dtype, strict=False)


def _keeper(kind: Kind) -> Callable[[Any], Any]:
    """How a value that frictionless reads is kept in a column of a kind."""
    if kind is Kind.REAL:
        return float
    return literal if kind is Kind.DIGITS else lambda value: value


def exact_cells(column: Column, table: str) -> Callable[[str], Any]:
    """How frictionless reads a cell of a column, which has to be of its field's type."""
    value_of = exact_reader(column.field)

    def read(text: str) -> Any:
        value = value_of(text)
        if value is None:
            raise unreadable(table, column.field, text)
        return value

    return read


_LITERAL = r"^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?$"
_MOST_WHOLE = 2.0**53
_DIGITS_OF_A_SHEET = 15


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
