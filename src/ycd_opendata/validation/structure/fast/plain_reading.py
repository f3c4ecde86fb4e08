"""How frictionless reads cells of the common types, told without loading frictionless.

Loading it takes longer than validating a table of a hundred thousand rows. What is said here is
what its own readers say, which the tests hold against them; any other field is left to those.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Collection, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from ycd_opendata.package.model import Field
from ycd_opendata.validation.structure.fast.types import FALSE_VALUES, TRUE_VALUES

CellReader = Callable[[str | None], tuple[Any, tuple[str, ...]]]
"""Of a cell (None: the row has none) the value, and what is wrong: ``type``, or constraints."""

Read = Callable[[Any], Any]
"""Of the text of a cell the value, None if it is of another type. Limits are read so too."""

_PLAIN_KEYS = {
    "deprecated",
    "name",
    "title",
    "description",
    "type",
    "format",
    "constraints",
    "unit",
    "example",
}
_KEYS_OF_TYPE = {
    "string": {"categories", "categoriesOrdered", "partialDate"},
    "boolean": {"trueValues", "falseValues"},
}
# Checked in this order; the types have only constraints that mean something to them.
_BOUNDS = {
    "minimum": operator.ge,
    "maximum": operator.le,
    "exclusiveMinimum": operator.gt,
    "exclusiveMaximum": operator.lt,
}
_OF_ORDERED = ("required", *_BOUNDS, "enum")
_CONSTRAINTS = {
    "string": ("required", "minLength", "maxLength", "pattern", "enum"),
    "boolean": ("required", "enum"),
    **dict.fromkeys(
        ("date", "datetime", "integer", "number", "year"), ("required", *_BOUNDS, "enum")
    ),
}


def plain_reader(field: Field, missing: Collection[str]) -> CellReader | None:
    """The reader of a field's cells, or None where it takes frictionless to tell."""
    constraints = field.constraints
    known = _PLAIN_KEYS | _KEYS_OF_TYPE.get(field.type, set())
    of_type = _READERS.get((field.type, field.format))
    if of_type is None or not set(field.raw) <= known:
        return None
    if not set(constraints) <= {*_CONSTRAINTS[field.type], "unique"}:
        return None
    read = of_type(field.raw)
    checks = [
        (name, check)
        for name in _CONSTRAINTS[field.type]
        if constraints.get(name) is not None
        if (check := _check(name, constraints[name], read))
    ]

    def read_cell(cell: str | None) -> tuple[Any, tuple[str, ...]]:
        value = None
        if cell is not None and cell not in missing:
            value = read(cell)
            if value is None:
                return None, ("type",)
        return value, tuple(name for name, holds in checks if not holds(value))

    return read_cell


def _check(name: str, limit: Any, read: Read) -> Callable[[Any], bool] | None:
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
        matches = re.compile(f"^{limit}$").match
        return lambda value: value is None or bool(matches(value))
    allowed = [read(each) for each in limit]
    return lambda value: value is None or value in allowed


def _text(_: Mapping[str, Any]) -> Read:
    return lambda cell: cell if isinstance(cell, str) else None


def _address(_: Mapping[str, Any]) -> Read:
    import rfc3986
    from rfc3986.exceptions import ValidationError
    from rfc3986.validators import Validator

    validator = Validator().require_presence_of("scheme")

    def read(cell: Any) -> str | None:
        if not isinstance(cell, str):
            return None
        try:
            validator.validate(rfc3986.uri_reference(cell))
        except ValidationError:
            return None
        return cell

    return read


def _integer(_: Mapping[str, Any]) -> Read:
    def read(cell: Any) -> int | None:
        if isinstance(cell, str):
            try:
                return int(cell.strip())
            except ValueError:
                return None
        return int(cell) if not isinstance(cell, bool) and cell == int(cell) else None

    return read


def _number(_: Mapping[str, Any]) -> Read:
    def read(cell: Any) -> Decimal | int | None:
        if isinstance(cell, str):
            try:
                return Decimal(cell.strip())
            except ArithmeticError:
                return None
        if isinstance(cell, bool):
            return None
        return cell if isinstance(cell, int) else Decimal(str(cell))

    return read


def _boolean(raw: Mapping[str, Any]) -> Read:
    values = dict.fromkeys(raw.get("trueValues", TRUE_VALUES), True)
    values |= dict.fromkeys(raw.get("falseValues", FALSE_VALUES), False)
    return lambda cell: cell if isinstance(cell, bool) else values.get(cell)


def _date(_: Mapping[str, Any]) -> Read:
    def read(cell: Any) -> date | None:
        try:
            return datetime.strptime(cell, "%Y-%m-%d").date()
        except (TypeError, ValueError):
            return None

    return read


def _datetime(_: Mapping[str, Any]) -> Read:
    from dateutil.parser import isoparse

    def read(cell: Any) -> datetime | None:
        if not isinstance(cell, str) or len(cell) < 19 or cell[16] != ":":
            return None
        try:
            moment: datetime = isoparse(cell)
        except (ValueError, OverflowError):
            return None
        return moment

    return read


def _year(_: Mapping[str, Any]) -> Read:
    def read(cell: Any) -> int | None:
        if isinstance(cell, str) and len(cell) != 4:
            return None
        try:
            year = int(cell)
        except ValueError:
            return None
        return year if 0 <= year <= 9999 else None

    return read


_READERS: dict[tuple[str, str], Callable[[Mapping[str, Any]], Read]] = {
    ("boolean", "default"): _boolean,
    ("date", "default"): _date,
    ("datetime", "default"): _datetime,
    ("integer", "default"): _integer,
    ("number", "default"): _number,
    ("string", "default"): _text,
    ("string", "uri"): _address,
    ("year", "default"): _year,
}
"""By type and format."""
