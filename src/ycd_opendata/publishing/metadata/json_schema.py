"""A JSON Schema a table, for the array of records in ``json/TABLE.json``.

It says of the JSON what the Table Schema says of the CSV: types, null where a cell may be
missing, categories, patterns, ranges and lengths. Keys across records and tables are beyond JSON
Schema; ``datapackage.json`` has them.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from ycd_opendata.package.model import Field
from ycd_opendata.publishing.formats.stored_types import NO_NUMBERS, Column, Kind
from ycd_opendata.publishing.metadata.about import About, Table, compact
from ycd_opendata.shown import json_text

# As the records are written: see stored_types.py. Every type that is not here is text.
_TYPES = {"integer": "integer", "year": "integer", "number": "number", "boolean": "boolean"}
_FORMATS = {"uri": "uri", "email": "email", "uuid": "uuid"}
_LENGTHS = ("minLength", "maxLength")
_RANGES = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")


def schema_path(table: str) -> str:
    """Where the JSON Schema of a table stands in a release."""
    return f"schemas/{table}.schema.json"


def json_schemas(about: About) -> Iterator[tuple[str, str]]:
    """The path and the text of each table's JSON Schema (draft 2020-12)."""
    for table in about.tables:
        path = schema_path(table.name)
        yield path, json_text(_schema(table, about.link(path) if about.base_url else ""))


def _schema(table: Table, address: str) -> dict[str, Any]:
    record = {
        "type": "object",
        "properties": {
            each.name: _property(each, required=table.schema.is_filled(each.field))
            for each in table.columns
        },
        "required": [*table.schema.field_names],
        "additionalProperties": False,
    }
    head = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": address,
        "title": next(iter(table.titles.values()), ""),
        "description": next(iter(table.descriptions.values()), ""),
    }
    return compact(head) | {"type": "array", "items": record}


def _property(column: Column, *, required: bool) -> dict[str, Any]:
    """The schema of one member of a record, by what its column is kept as."""
    rules = property_schema(column.field, required=required)
    if column.kind is Kind.INSTANT:
        rules["format"] = "date-time"
    if column.has_no_numbers:
        # They are text, as JSON has no numbers for them.
        return {"anyOf": [rules, {"enum": [*NO_NUMBERS]}]}
    return rules


def property_schema(field: Field, *, required: bool) -> dict[str, Any]:
    """The schema of one member of a record; null is allowed unless it is ``required``."""
    kind = _TYPES.get(field.type, "string")
    rules = compact({"title": field.title, "description": field.description})
    rules["type"] = kind if required else [kind, "null"]
    rules |= _rules(field, kind)
    if "enum" in rules and not required:
        rules["enum"] = [*rules["enum"], None]
    return rules


def _rules(field: Field, kind: str) -> dict[str, Any]:
    said = field.constraints
    if field.type == "date":
        return {"format": "date"}
    if kind in ("integer", "number"):
        bounds: dict[str, Any] = {name: _number(said[name]) for name in _RANGES if name in said}
        if "enum" in said:
            bounds["enum"] = [_number(each) for each in said["enum"]]
        return {name: value for name, value in bounds.items() if _is_sayable(value)}
    if field.type != "string":
        return {}
    rules = {name: said[name] for name in _LENGTHS if name in said}
    if field.format in _FORMATS:
        rules["format"] = _FORMATS[field.format]
    if "pattern" in said and not said["pattern"].startswith("(?i"):
        # A pattern of Table Schema holds for the whole text, one of JSON Schema for any part; flags
        # in front are nothing that its language has.
        rules["pattern"] = f"^(?:{said['pattern']})$"
    if "enum" in said:
        rules["enum"] = [str(each) for each in said["enum"]]
    return rules


def _number(value: Any) -> int | float | None:
    """A bound as a number, which Table Schema allows as text; None if it is none of JSON's."""
    if isinstance(value, int):
        return value
    try:
        number = float(value)
    except ValueError:
        return None
    if not math.isfinite(number):
        return None
    return int(number) if number.is_integer() else number


def _is_sayable(value: Any) -> bool:
    return value is not None and (not isinstance(value, list) or None not in value)
