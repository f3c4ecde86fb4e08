"""What changed in the description: tables, fields, constraints, keys, prose."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ycd_opendata.package.model import Field, Package, Resource, Schema
from ycd_opendata.versioning.weighing import Change

# Where and how a table is stored differs between a source and its release, which hold the same.
_PACKAGE_ASIDE = {"resources", "version", "created", "homepage"}
_RESOURCE_ASIDE = {
    "name", "schema", "path", "bytes", "hash", "format", "mediatype", "encoding", "profile",
    "type", "dialect", "compression", "innerpath", "scheme", "extrapaths",
}  # fmt: skip
_FIELD_ASIDE = {"name", "type", "format", "constraints", "deprecated"}
_SCHEMA_ASIDE = {"fields", "primaryKey", "foreignKeys", "uniqueKeys", "missingValues"}


def package_changes(old: Package, new: Package) -> Iterator[Change]:
    """Changes of the package's own metadata."""
    yield from _metadata("", "", old.raw, new.raw, _PACKAGE_ASIDE)


def resource_changes(old: Resource, new: Resource) -> Iterator[Change]:
    """Changes in the description of one table that both packages have."""
    table = new.name
    yield from _metadata(table, "", old.raw, new.raw, _RESOURCE_ASIDE)
    if old.schema is None or new.schema is None:
        if old.schema is not new.schema:
            yield Change("type-changed", table, field="schema")
        return
    yield from _field_changes(table, old.schema, new.schema)
    yield from _metadata(table, "", old.schema.raw, new.schema.raw, _SCHEMA_ASIDE)
    if old.schema.primary_key != new.schema.primary_key:
        before, after = list(old.schema.primary_key), list(new.schema.primary_key)
        yield Change("key-changed", table, before=before, after=after)
    if set(old.schema.missing_values) != set(new.schema.missing_values):
        values = list(old.schema.missing_values), list(new.schema.missing_values)
        yield Change("missing-values-changed", table, before=values[0], after=values[1])
    for key in ("foreignKeys", "uniqueKeys"):
        before, after = old.schema.raw.get(key, []), new.schema.raw.get(key, [])
        for each in before:
            if each not in after:
                yield Change("constraint-loosened", table, field=key, before=each)
        for each in after:
            if each not in before:
                yield Change("constraint-tightened", table, field=key, after=each)


def _field_changes(table: str, old: Schema, new: Schema) -> Iterator[Change]:
    for field in old.fields:
        if new.field(field.name) is None:
            yield Change("field-removed", table, field=field.name, before=dict(field.raw))
    for field in new.fields:
        before = old.field(field.name)
        if before is None:
            yield Change("field-added", table, field=field.name, after=dict(field.raw))
        else:
            yield from _one_field(table, before, field)
    kept = [name for name in old.field_names if name in new.field_names]
    order = [name for name in new.field_names if name in old.field_names]
    if kept != order:
        yield Change("field-reordered", table, before=kept, after=order)


def _one_field(table: str, old: Field, new: Field) -> Iterator[Change]:
    if old.type != new.type:
        yield Change("type-changed", table, field=new.name, before=old.type, after=new.type)
    if old.format != new.format:
        yield Change("format-changed", table, field=new.name, before=old.format, after=new.format)
    for name in sorted({*old.constraints, *new.constraints}):
        before, after = old.constraints.get(name), new.constraints.get(name)
        if before != after and (before or after or isinstance(before or after, int | float)):
            tighter = is_tightened(name, before, after)
            kind = "constraint-tightened" if tighter else "constraint-loosened"
            yield Change(kind, table, field=new.name, before={name: before}, after={name: after})
    said, says = old.raw.get("deprecated"), new.raw.get("deprecated")
    if said != says:
        kind = "field-deprecated" if says else "field-no-longer-deprecated"
        yield Change(kind, table, field=new.name, before=said, after=says)
    yield from _metadata(table, new.name, old.raw, new.raw, _FIELD_ASIDE)


def is_tightened(name: str, before: Any, after: Any) -> bool:
    """Whether a changed constraint may refuse what it allowed before; in doubt it does."""
    if name in ("required", "unique"):
        return bool(after)
    if before is None or after is None:
        return after is not None
    if name == "enum":
        return not set(map(str, before)) <= set(map(str, after))
    try:
        if name in ("minimum", "exclusiveMinimum", "minLength"):
            return bool(after > before)
        if name in ("maximum", "exclusiveMaximum", "maxLength"):
            return bool(after < before)
    except TypeError:
        return True
    return True


def _metadata(
    table: str, field: str, old: Mapping[str, Any], new: Mapping[str, Any], aside: set[str]
) -> Iterator[Change]:
    for key in sorted({*old, *new} - aside):
        if old.get(key) != new.get(key):
            name = f"{field}.{key}" if field else key
            yield Change(
                "metadata-changed", table, field=name, before=old.get(key), after=new.get(key)
            )
