"""How frictionless reads cells of the common types, and holds them to the constraints of a field.

It is told without frictionless: loading that takes longer than validating a table of a hundred
thousand rows. What is said here is what its own readers say, which the tests hold against them;
any other field is left to those.
The one difference is ``groupChar`` of whole numbers: the standard has it, frictionless does not.
"""

from __future__ import annotations

import json
import operator
import re
from collections.abc import Callable, Collection
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from ycd_opendata.package.model import Field
from ycd_opendata.validation.structure.fast.planning.conditions import BOUNDS, MOMENT, SCHEME, ZONE
from ycd_opendata.validation.structure.fast.planning.patterns import CellPattern

Read = Callable[[Any], Any]
"""Of the text of a cell the value, None if it is of another type. Limits are read so too."""

_AROUND_DIGITS = re.compile(r"((^[^-\d]*)|(\D*$))")


def plain_reader(field: Field) -> Read | None:
    """What reads the values of a field, or None where it takes frictionless to tell."""
    of_type = _READERS.get((field.type, field.format))
    return None if of_type is None else of_type(field)


def _text(_: Field) -> Read:
    return lambda cell: cell if isinstance(cell, str) else None


def _address(_: Field) -> Read:
    # Whatever follows the scheme, rfc3986 makes parts of it, and frictionless asks for no more.
    is_address = re.compile(SCHEME).match
    return lambda cell: cell if isinstance(cell, str) and is_address(cell) else None


def _integer(field: Field) -> Read:
    is_bare = field.raw.get("bareNumber", True) is not False
    group = field.raw.get("groupChar")

    def read(cell: Any) -> int | None:
        if isinstance(cell, str):
            text = cell.strip()
            text = text if is_bare else _AROUND_DIGITS.sub("", text)
            try:
                return int(text.replace(group, "") if group else text)
            except ValueError:
                return None
        return int(cell) if not isinstance(cell, bool) and cell == int(cell) else None

    return read


def _number(field: Field) -> Read | None:
    raw = field.raw
    if raw.get("floatNumber"):
        return None
    is_bare = raw.get("bareNumber", True) is not False
    group, point = raw.get("groupChar", ""), raw.get("decimalChar", ".")

    def plain(text: str) -> str:
        text = text if is_bare else _AROUND_DIGITS.sub("", text)
        text = text.replace(group, "")
        if point == ".":
            return text
        # A point that is none makes no number.
        return "" if "." in text else text.replace(point, ".")

    def read(cell: Any) -> Decimal | int | None:
        if isinstance(cell, str):
            try:
                return Decimal(plain(cell.strip()))
            except ArithmeticError:
                return None
        if isinstance(cell, bool):
            return None
        return cell if isinstance(cell, int) else Decimal(str(cell))

    return read


def _boolean(field: Field) -> Read:
    values = field.truth_values
    return lambda cell: cell if isinstance(cell, bool) else values.get(cell)


def _date(_: Field) -> Read:
    is_plain = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}").fullmatch

    def read(cell: Any) -> date | None:
        try:
            if is_plain(cell):
                return date.fromisoformat(cell)
            return datetime.strptime(cell, "%Y-%m-%d").date()
        except (TypeError, ValueError):
            return None

    return read


def _datetime(_: Field) -> Read:
    is_moment = re.compile(f"{MOMENT}(?:\\.[0-9]{{1,6}})?(?:{ZONE})?").fullmatch

    def read(cell: Any) -> datetime | None:
        if not isinstance(cell, str) or len(cell) < 19 or cell[16] != ":":
            return None
        if is_moment(cell):
            return datetime.fromisoformat(cell)
        from dateutil.parser import isoparse

        try:
            moment: datetime = isoparse(cell)
        except (ValueError, OverflowError):
            return None
        return moment

    return read


def _time(_: Field) -> Read:
    def read(cell: Any) -> time | None:
        if not isinstance(cell, str) or len(cell) < 8 or cell[5] != ":":
            return None
        from dateutil.parser import isoparse

        try:
            moment: datetime = isoparse(f"2000-01-01T{cell}")
        except (ValueError, OverflowError):
            return None
        return moment.timetz()

    return read


def _year(_: Field) -> Read:
    def read(cell: Any) -> int | None:
        if isinstance(cell, str) and len(cell) != 4:
            return None
        try:
            year = int(cell)
        except ValueError:
            return None
        return year if 0 <= year <= 9999 else None

    return read


def _json(kind: type) -> Callable[[Field], Read]:
    def read(cell: Any) -> Any:
        try:
            value = json.loads(cell) if isinstance(cell, str) else cell
        except (ValueError, RecursionError):
            return None
        return value if isinstance(value, kind) else None

    return lambda _: read


def _list(field: Field) -> Read | None:
    delimiter, read_item = field.raw.get("delimiter", ","), plain_reader(field.of_items)
    if read_item is None or not delimiter:
        return None

    def read(cell: Any) -> list[Any] | None:
        items = [read_item(each) for each in cell.split(delimiter)]
        return None if None in items else items

    return read


def _anything(_: Field) -> Read:
    return lambda cell: cell


_READERS: dict[tuple[str, str], Callable[[Field], Read | None]] = {
    ("any", "default"): _anything,
    ("array", "default"): _json(list),
    ("boolean", "default"): _boolean,
    ("date", "default"): _date,
    ("datetime", "default"): _datetime,
    ("integer", "default"): _integer,
    ("list", "default"): _list,
    ("number", "default"): _number,
    ("object", "default"): _json(dict),
    ("string", "default"): _text,
    ("string", "uri"): _address,
    ("time", "default"): _time,
    ("year", "default"): _year,
}
"""By type and format."""


CellReader = Callable[[Any], tuple[Any, tuple[str, ...]]]
"""Of a cell (None: the row has none) the value, and what is wrong: ``type``, or constraints."""

_ORDER = ("required", *BOUNDS, "minLength", "maxLength", "pattern", "enum")
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
    if name in BOUNDS:
        compare, bound = getattr(operator, BOUNDS[name]), read(limit)
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
