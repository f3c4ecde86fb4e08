"""What says how a cell is read, and whether cells that stand as they stood read otherwise.

A notation may change freely as long as every value stays: decimal character, words for true and
false, missing values, dialect, encoding. Where the same text, or the same file, now gives another
value, whoever reads it is misled, and that is MAJOR.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from ycd_opendata.package.model import Field, Resource, Schema
from ycd_opendata.versioning.cell_values import NOTATION
from ycd_opendata.versioning.weighing import Change

STORAGE = ("dialect", "encoding", "format", "layout", "control", "compression", "innerpath")
"""Keys of a resource that say how rows are made of its bytes."""

_MATCH = "fieldsMatch"
# Its cells mean the same in each of its formats; that of a string says what it may be.
_WITHOUT_FORMAT = ("string", "any")


@dataclass(frozen=True)
class Reading:
    """A field that two versions read differently, and what says so in each."""

    name: str
    before: Mapping[str, Any]
    after: Mapping[str, Any]

    def changes(self, table: str) -> list[Change]:
        """What changed in how it is read, apart from its type, which is a change by itself."""
        if not {*self.before, *self.after} - {"type"}:
            return []
        before, after = (
            {key: value for key, value in each.items() if key != "type"}
            for each in (self.before, self.after)
        )
        return [Change("reading-changed", table, field=self.name, before=before, after=after)]


def changed_readings(old: Schema, new: Schema) -> dict[str, Reading]:
    """The fields of both versions whose cells are read differently, by name."""
    found = {}
    for after in new.fields:
        before = old.field(after.name)
        if before is None:
            continue
        was, now = _differences(_description(before, old), _description(after, new))
        if was or now:
            found[after.name] = Reading(after.name, was, now)
    return found


def _differences(old: dict[str, Any], new: dict[str, Any]) -> tuple[dict[str, Any], ...]:
    """What two mappings do not share, of each of them."""
    keys = [key for key in {**old, **new} if old.get(key) != new.get(key)]
    return tuple({key: each[key] for key in keys if key in each} for each in (old, new))


def _description(field: Field, schema: Schema) -> dict[str, Any]:
    """All that says how a field's cells are read."""
    described = {key: field.raw[key] for key in NOTATION if key in field.raw}
    if field.type not in _WITHOUT_FORMAT:
        described["format"] = field.format
    missing = field.raw.get("missingValues", schema.raw.get("missingValues", [""]))
    return {**described, "type": field.type, "missingValues": missing}


def storage_changes(before: Resource, after: Resource) -> list[Change]:
    """What changed in how rows are made of a table's bytes."""
    was, now = _differences(_storage(before), _storage(after))
    change = Change("reading-changed", after.name, before=was, after=now)
    return [change] if was or now else []


def stored_as(after: Resource, before: Resource) -> Resource:
    """A table whose bytes are taken as another version's description says."""
    assert after.schema is not None
    assert before.schema is not None
    raw = {key: value for key, value in after.raw.items() if key not in STORAGE}
    schema = {key: value for key, value in after.schema.raw.items() if key != _MATCH}
    said = _storage(before)
    return replace(
        after,
        dialect=before.dialect,
        encoding=before.encoding,
        raw=raw | {key: value for key, value in said.items() if key != _MATCH},
        schema=replace(
            after.schema, raw=schema | ({_MATCH: said[_MATCH]} if _MATCH in said else {})
        ),
    )


def _storage(resource: Resource) -> dict[str, Any]:
    described = {key: resource.raw[key] for key in STORAGE if key in resource.raw}
    matched = resource.schema.raw.get(_MATCH) if resource.schema is not None else None
    return described | ({} if matched is None else {_MATCH: matched})
