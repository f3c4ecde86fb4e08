"""What changed in the description of packages and tables: fields, keys, prose."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ycd_opendata.package.model import Package, Resource, Schema
from ycd_opendata.versioning.field_changes import Used, field_changes, metadata_changes
from ycd_opendata.versioning.readings import STORAGE
from ycd_opendata.versioning.weighing import Change

# Where and how a table is stored differs between a source and its release, which hold the same.
_PACKAGE_ASIDE = {"resources", "version", "created", "homepage"}
_RESOURCE_ASIDE = {
    *("name", "schema", "path", "data", "bytes", "hash", "mediatype", "profile", "type"),
    *("scheme", "extrapaths", *STORAGE),
}
_SCHEMA_ASIDE = {
    *("fields", "primaryKey", "foreignKeys", "uniqueKeys", "missingValues", "fieldsMatch"),
    "rules",
}


def package_changes(old: Package, new: Package) -> Iterator[Change]:
    """Changes of the package's own metadata."""
    yield from metadata_changes("", "", old.raw, new.raw, _PACKAGE_ASIDE)


def resource_changes(old: Resource, new: Resource, used: Used) -> Iterator[Change]:
    """Changes in the description of one table that both packages have."""
    table = new.name
    yield from metadata_changes(table, "", old.raw, new.raw, _RESOURCE_ASIDE)
    if old.schema is None or new.schema is None:
        if old.schema is not new.schema:
            yield Change("type-changed", table, field="schema")
        return
    yield from _fields(table, old.schema, new.schema, used)
    yield from metadata_changes(table, "", old.schema.raw, new.schema.raw, _SCHEMA_ASIDE)
    if old.schema.primary_key != new.schema.primary_key:
        before, after = list(old.schema.primary_key), list(new.schema.primary_key)
        yield Change("key-changed", table, before=before, after=after)
    for key in ("foreignKeys", "uniqueKeys"):
        before, after = old.schema.raw.get(key, []), new.schema.raw.get(key, [])
        for each in before:
            if each not in after:
                yield Change("constraint-loosened", table, field=key, before=each)
        for each in after:
            if each not in before:
                yield Change("constraint-tightened", table, field=key, after=each)
    yield from _rules(table, old.schema.raw.get("rules"), new.schema.raw.get("rules"))


def _rules(table: str, old: Any, new: Any) -> Iterator[Change]:
    """Changes of declared rules: whether another expression asks for less, nobody can tell."""
    before, after = _by_name(old), _by_name(new)
    for name in [*before, *(each for each in after if each not in before)]:
        was, now = before.get(name), after.get(name)
        asked, asks = _asks(was), _asks(now)
        place = f"rules.{name}"
        if asked == asks:
            if was != now:
                yield Change("metadata-changed", table, field=place, before=was, after=now)
        elif asks is None:
            yield Change("constraint-loosened", table, field=place, before=was, after=now)
        else:
            yield Change("constraint-tightened", table, field=place, before=was, after=now)


def _by_name(rules: Any) -> dict[str, Mapping[str, Any]]:
    listed = rules if isinstance(rules, list) else []
    return {str(each.get("name")): each for each in listed if isinstance(each, Mapping)}


def _asks(rule: Mapping[str, Any] | None) -> str | None:
    """What a rule asks of every record; None where there is none, or it only warns."""
    if rule is None or rule.get("severity") == "warning":
        return None
    return str(rule.get("expression"))


def _fields(table: str, old: Schema, new: Schema, used: Used) -> Iterator[Change]:
    for field in old.fields:
        if new.field(field.name) is None:
            yield Change("field-removed", table, field=field.name, before=dict(field.raw))
    for field in new.fields:
        before = old.field(field.name)
        if before is None:
            yield Change("field-added", table, field=field.name, after=dict(field.raw))
        else:
            yield from field_changes(table, before, field, used)
    kept = [name for name in old.field_names if name in new.field_names]
    order = [name for name in new.field_names if name in old.field_names]
    if kept != order:
        yield Change("field-reordered", table, before=kept, after=order)
