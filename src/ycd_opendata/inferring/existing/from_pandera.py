"""A schema of pandera as YAML or JSON; one in Python is not run."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ycd_opendata.errors import DescriptorError
from ycd_opendata.inferring.existing.descriptions import Description, with_constraints
from ycd_opendata.messages import say
from ycd_opendata.package.files import read_document

_CHECKS = {
    "greater_than_or_equal_to": "minimum",
    "less_than_or_equal_to": "maximum",
    "greater_than": "exclusiveMinimum",
    "less_than": "exclusiveMaximum",
    "isin": "enum",
}
_TYPES = (
    ("bool", "boolean"), ("int", "integer"), ("uint", "integer"), ("float", "number"),
    ("decimal", "number"), ("datetime", "datetime"), ("date", "date"), ("str", "string"),
    ("object", "string"), ("category", "string"), ("time", "time"),
)  # fmt: skip
_KNOWN = frozenset(
    {"dtype", "nullable", "checks", "unique", "required", "title", "description", "name"}
)
_SETTINGS = frozenset({"coerce", "regex", "drop_invalid_rows", "default", "metadata", "parsers"})
_HARMLESS = frozenset(
    {"schema_type", "version", "columns", "unique", "name", "title", "description", "api"}
)


def read(file: Path) -> Description:
    """The schema of the one table that it describes, named like it or its file."""
    if file.suffix == ".py":
        raise DescriptorError(
            say("{file!r} is Python, and code is not run", file=file.name),
            file.name,
            hint=say("write the schema with its to_yaml() and name that file"),
        )
    raw = read_document(file, file.name).value
    columns = raw.get("columns")
    if not isinstance(columns, Mapping):
        raise DescriptorError(
            say("{file!r} has no columns, as pandera writes them", file=file.name), file.name
        )
    lost = [str(key) for key, value in raw.items() if key not in _HARMLESS and value]
    schema: dict[str, Any] = {
        "fields": [_field(str(name), each or {}, lost) for name, each in columns.items()]
    }
    if isinstance(raw.get("unique"), list):
        schema["uniqueKeys"] = [[str(each) for each in raw["unique"]]]
    name = raw.get("name") or file.name.partition(".")[0]
    return Description({str(name): schema}, tuple(lost))


def _field(name: str, raw: Mapping[str, Any], lost: list[str]) -> dict[str, Any]:
    dtype = str(raw.get("dtype") or "")
    kind = next((ours for start, ours in _TYPES if dtype.lower().startswith(start)), "any")
    if dtype and kind == "any":
        lost.append(say("{name}: the type {dtype}", name=name, dtype=dtype))
    field: dict[str, Any] = {"name": name, "type": kind}
    field |= {key: raw[key] for key in ("title", "description") if raw.get(key)}
    constraints: dict[str, Any] = {}
    if not raw.get("nullable"):
        constraints["required"] = True
    if raw.get("unique"):
        constraints["unique"] = True
    for check, value in _checks(raw).items():
        constraints |= _constraint(name, check, value, lost)
    lost += [f"{name}: {key}" for key in raw if key in _SETTINGS and raw[key]]
    return with_constraints(field, constraints)


def _checks(raw: Mapping[str, Any]) -> dict[str, Any]:
    """The checks of a column by name: newer versions write them beside its other properties."""
    listed = raw.get("checks") or {}
    checks = dict(listed) if isinstance(listed, Mapping) else {}
    if isinstance(listed, list):
        for each in listed:
            options = dict(each)
            usual = (options.get("options") or {}).get("check_name", "")
            name = str(options.pop("check_name", usual))
            checks[name] = options.get("value", options)
    beside = {key: value for key, value in raw.items() if key not in _KNOWN | _SETTINGS}
    return {**checks, **beside}


def _constraint(name: str, check: str, value: Any, lost: list[str]) -> dict[str, Any]:
    if isinstance(value, Mapping) and "value" in value:
        value = value["value"]
    if check in _CHECKS:
        if isinstance(value, list | int | float | str) and not isinstance(value, bool):
            return {_CHECKS[check]: value}
    elif check == "str_matches" and isinstance(value, str):
        # pandera matches the start of a text.
        whole = value.removeprefix("^")
        return {"pattern": whole[:-1] if whole.endswith("$") else f"(?:{whole}).*"}
    elif check == "str_length" and isinstance(value, Mapping):
        limits = {"minLength": value.get("min_value"), "maxLength": value.get("max_value")}
        return {key: limit for key, limit in limits.items() if limit is not None}
    elif check == "in_range" and isinstance(value, Mapping):
        low = "minimum" if value.get("include_min", True) else "exclusiveMinimum"
        high = "maximum" if value.get("include_max", True) else "exclusiveMaximum"
        return {low: value.get("min_value"), high: value.get("max_value")}
    lost.append(say("{name}: the check {check}", name=name, check=check))
    return {}
