"""A JSON Schema of a record, or of a list of records."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ycd_opendata.errors import DescriptorError
from ycd_opendata.inferring.existing.descriptions import Description, with_constraints
from ycd_opendata.messages import mark, say
from ycd_opendata.package.files import read_document

_TYPES = {"date": "date", "date-time": "datetime", "time": "time", "duration": "duration"}
"""The types of texts of some formats."""
_FORMATS = ("email", "uri", "uuid")
_CARRIED = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "minLength", "maxLength")
_KNOWN = frozenset(
    {*_CARRIED, "type", "format", "title", "description", "enum", "pattern", "const", "examples"}
    | {"$comment", "items", "properties", "anyOf"}
)
_HARMLESS = frozenset(
    {"$schema", "$id", "id", "title", "description", "type", "properties", "required", "items"}
    | {"$defs", "definitions"}
)


def read(file: Path) -> Description:
    """The schema of the one table that the records make, named like the file."""
    raw = read_document(file, file.name).value
    record = raw.get("items", raw) if raw.get("type") == "array" else raw
    properties = record.get("properties") if isinstance(record, Mapping) else None
    if not isinstance(properties, Mapping):
        raise DescriptorError(
            say("{file!r} describes no record: it has no properties", file=file.name),
            file.name,
            hint=say("--from jsonschema takes the schema of an object, or of an array of objects"),
        )
    lost = [f"{key}" for key in record if key not in _HARMLESS and key != "additionalProperties"]
    required = {*record.get("required", ())}
    fields = [_field(name, each, required, lost) for name, each in properties.items()]
    name = file.name.partition(".")[0]
    return Description({name: {"fields": fields}}, tuple(lost))


def _field(name: str, raw: Any, required: set[str], lost: list[str]) -> dict[str, Any]:
    described = raw if isinstance(raw, Mapping) else {}
    if "$ref" in described:
        template = mark("{name}: what it refers to, {described}")
        lost.append(say(template, name=name, described=described["$ref"]))
    types = _types(described)
    field: dict[str, Any] = {"name": name, "type": "any"}
    kinds = [each for each in types if each != "null"]
    if len(kinds) == 1:
        field["type"] = kinds[0]
    elif kinds:
        lost.append(say("{name}: that it is one of {kinds}", name=name, kinds=", ".join(kinds)))
    format_ = described.get("format")
    if field["type"] == "string" and format_ in _TYPES:
        field["type"] = _TYPES[format_]
    elif field["type"] == "string" and format_ in _FORMATS:
        field["format"] = format_
    elif format_ is not None:
        lost.append(say("{name}: the format {format}", name=name, format=format_))
    field |= {key: described[key] for key in ("title", "description") if key in described}
    constraints = {key: described[key] for key in _CARRIED if key in described}
    if isinstance(described.get("pattern"), str):
        # A pattern of JSON Schema may match a part; one of Table Schema matches the whole.
        constraints["pattern"] = _whole(described["pattern"])
    values = described.get("enum") or ([described["const"]] if "const" in described else [])
    if values:
        constraints["enum"] = [each for each in values if each is not None]
    if name in required and "null" not in types:
        constraints["required"] = True
    lost += [f"{name}: {key}" for key in described if key not in _KNOWN and key != "$ref"]
    return with_constraints(field, constraints)


def _types(described: Mapping[str, Any]) -> list[str]:
    stated = described.get("type")
    if stated is None and isinstance(described.get("anyOf"), list):
        stated = [each.get("type") for each in described["anyOf"] if isinstance(each, Mapping)]
    listed = [stated] if isinstance(stated, str) else list(stated or ())
    return [str(each) for each in listed if each]


def _whole(pattern: str) -> str:
    start = "" if pattern.startswith("^") else ".*"
    end = "" if pattern.endswith("$") and not pattern.endswith("\\$") else ".*"
    inner = pattern.removeprefix("^")
    return f"{start}(?:{inner[:-1] if not end else inner}){end}"
