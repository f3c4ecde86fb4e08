"""Whether the value of a cell keeps the constraints of its field, as frictionless has them."""

from __future__ import annotations

import operator
from collections.abc import Callable, Collection
from typing import Any

from ycd_opendata.package.model import Field
from ycd_opendata.validation.structure.fast.patterns import CellPattern
from ycd_opendata.validation.structure.fast.plain_reading import Read

CellReader = Callable[[Any], tuple[Any, tuple[str, ...]]]
"""Of a cell (None: the row has none) the value, and what is wrong: ``type``, or constraints."""

_BOUNDS = {
    "minimum": operator.ge,
    "maximum": operator.le,
    "exclusiveMinimum": operator.gt,
    "exclusiveMaximum": operator.lt,
}
_ORDER = ("required", *_BOUNDS, "minLength", "maxLength", "pattern", "enum")
"""Checked in this order; types have only constraints that mean something to them."""


def cell_reader(
    field: Field, missing: Collection[str], read: Read, pattern: CellPattern | None
) -> CellReader:
    """The reader of a field's cells, given what reads their values."""
    constraints = field.constraints
    checks = [
        (name, check)
        for name in _ORDER
        if constraints.get(name) is not None
        if (check := _check(name, constraints[name], read, pattern))
    ]

    def read_cell(cell: Any) -> tuple[Any, tuple[str, ...]]:
        value = None
        if cell is not None and str(cell) not in missing:
            value = read(cell)
            if value is None:
                return None, ("type",)
        return value, tuple(name for name, holds in checks if not holds(value))

    return read_cell


def with_items(reader: CellReader, read_item: CellReader) -> CellReader:
    """A reader of arrays, of which each item is read too where the whole is right."""

    def read_cell(cell: Any) -> tuple[Any, tuple[str, ...]]:
        value, broken = reader(cell)
        if value is None or broken:
            return value, broken
        return value, tuple(dict.fromkeys(name for each in value for name in read_item(each)[1]))

    return read_cell


def _check(
    name: str, limit: Any, read: Read, pattern: CellPattern | None
) -> Callable[[Any], bool] | None:
    if name == "required":
        return (lambda value: value is not None) if limit else None
    if name in _BOUNDS:
        compare, bound = _BOUNDS[name], read(limit)
        # What is not equal to itself is not a number, and within no bounds.
        return lambda value: value is None or (value == value and compare(value, bound))
    if name == "minLength":
        return lambda value: value is None or len(value) >= limit
    if name == "maxLength":
        return lambda value: value is None or len(value) <= limit
    if name == "pattern":
        if pattern is None:
            return None
        is_fine = pattern.is_loosely or pattern.matches
        return lambda value: value is None or is_fine(value)
    allowed = [read(each) for each in limit]
    return lambda value: value is None or value in allowed
