"""Cells of text in polars: numbers in the notation of their field, and cells read one by one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import polars as pl

from ycd_opendata.package.model import Field

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


def with_doubtful_cells(
    values: pl.Series, cells: pl.Series, read: Callable[[str], Any]
) -> pl.Series:
    """A column with the cells that were not read at once, each distinct one read on its own."""
    doubtful = cells.filter(values.is_null() & cells.is_not_null()).unique(maintain_order=True)
    exact = pl.Series([read(text) for text in doubtful], dtype=values.dtype)
    found = cells.replace_strict(doubtful, exact, default=None, return_dtype=values.dtype)
    return values.zip_with(values.is_not_null(), found)
