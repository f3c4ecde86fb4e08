"""Cells of text as values of their fields' types, a batch at a time.

polars reads what it can at once. Whatever it cannot is read by frictionless, which the package
was checked against, so that a valid cell has a value and it is the right one.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any

from ycd_opendata.errors import DataError, ReleaseError
from ycd_opendata.loader.columns import FALSE_VALUES, TRUE_VALUES, polars_type
from ycd_opendata.package.model import Field, Schema

if TYPE_CHECKING:
    import polars as pl

_SMALLEST, _LARGEST = -(2**63), 2**63 - 1


def typed_frame(text: pl.DataFrame, schema: Schema, table: str) -> pl.DataFrame:
    """A frame of text columns, named like the fields, as a frame of typed columns.

    Raises
    ------
    DataError
        A cell is not of its field's type, so the package was not valid.
    ReleaseError
        A number is infinite, or a whole number has more than 64 bits: no format but CSV has it.
    """
    import polars as pl

    present = text.select(_present(each, schema) for each in schema.fields)
    typed = present.select(_quickly(each) for each in schema.fields)
    columns = []
    for field in schema.fields:
        column, cells = typed[field.name], present[field.name]
        if column.null_count() > cells.null_count():
            column = _with_doubtful_cells(column, cells, field, table)
        if column.dtype == pl.Float64:
            column = column.fill_nan(None)
            if column.is_infinite().any():
                raise ReleaseError(
                    f"table {table!r}, field {field.name!r} has an infinite number, "
                    "which JSON and others lack",
                    "declare the field as a string",
                )
        columns.append(column)
    return pl.DataFrame(columns)


def _present(field: Field, schema: Schema) -> pl.Expr:
    """The cells of a field that are not missing."""
    import polars as pl

    missing = list(schema.missing_values_of(field))
    cell = pl.col(field.name)
    return pl.when(~cell.is_in(missing)).then(cell) if missing else cell


def _quickly(field: Field) -> pl.Expr:
    """The cells in the field's type; null where polars alone cannot read one."""
    import polars as pl

    cell, dtype = pl.col(field.name), polars_type(field)
    if dtype == pl.String:
        return cell
    if dtype == pl.Boolean:
        values = dict.fromkeys(field.raw.get("trueValues", TRUE_VALUES), True)
        values |= dict.fromkeys(field.raw.get("falseValues", FALSE_VALUES), False)
        return cell.replace_strict(values, default=None, return_dtype=pl.Boolean)
    if dtype == pl.Date:
        is_plain = field.format == "default"
        return cell.str.to_date("%Y-%m-%d", strict=False) if is_plain else _none(field)
    if not field.raw.get("bareNumber", True):
        return _none(field)
    if field.type == "number":
        group, point = field.raw.get("groupChar", ""), field.raw.get("decimalChar", ".")
        cell = cell.str.replace_all(group, "", literal=True) if group else cell
        cell = cell.str.replace_all(point, ".", literal=True) if point != "." else cell
    return cell.cast(dtype, strict=False)


def _none(field: Field) -> pl.Expr:
    import polars as pl

    return pl.lit(None, dtype=polars_type(field)).alias(field.name)


def _with_doubtful_cells(
    column: pl.Series, cells: pl.Series, field: Field, table: str
) -> pl.Series:
    """The column with the cells that were not read at once, each distinct one read on its own."""
    import polars as pl

    doubtful = cells.filter(column.is_null() & cells.is_not_null()).unique(maintain_order=True)
    read = _exact_reader(field, table)
    values = pl.Series([read(text) for text in doubtful], dtype=column.dtype)
    exact = cells.replace_strict(doubtful, values, default=None, return_dtype=column.dtype)
    return column.zip_with(column.is_not_null(), exact)


def _exact_reader(field: Field, table: str) -> Callable[[str], Any]:
    """How frictionless reads a cell of a field."""
    import frictionless

    read_cell = frictionless.Field.from_descriptor(dict(field.raw)).create_cell_reader()

    def read(text: str) -> int | float | bool | date | None:
        value, notes = read_cell(text)
        if value is None or notes:
            raise DataError(
                f"table {table!r}, field {field.name!r}: {text!r} cannot be read as {field.type}",
                "run `ycd validate` to see every such cell",
            )
        if isinstance(value, int) and not _SMALLEST <= value <= _LARGEST:
            raise ReleaseError(
                f"table {table!r}, field {field.name!r}: {text!r} has more than 64 bits",
                "declare the field as a string",
            )
        return float(value) if field.type == "number" else value

    return read
