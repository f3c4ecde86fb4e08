"""What changed in the description of packages, tables and fields, but how cells are read.

Limits are compared as the values that they are: a minimum of "9,5" may become 9.5 as the notation
of the field changes, and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

import polars as pl

from ycd_opendata.package.model import Field, Package, Resource, Schema
from ycd_opendata.versioning.cell_values import NOTATION, value_column
from ycd_opendata.versioning.reading_changes import STORAGE
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
_FIELD_ASIDE = {
    *("name", "type", "format", "constraints", "deprecated", "missingValues", *NOTATION),
    *("unit", "categories", "categoriesOrdered"),
}
_BOUNDS = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")
_NUMBERS = ("integer", "number", "year")

Used = Callable[[str], set[str | None]]
"""Gives the values that a field has in any record of the newer version."""


def package_changes(old: Package, new: Package) -> Iterator[Change]:
    """Changes of the package's own metadata."""
    yield from _metadata_changes("", "", old.raw, new.raw, _PACKAGE_ASIDE)


def resource_changes(old: Resource, new: Resource, used: Used) -> Iterator[Change]:
    """Changes in the description of one table that both packages have."""
    table = new.name
    yield from _metadata_changes(table, "", old.raw, new.raw, _RESOURCE_ASIDE)
    if old.schema is None or new.schema is None:
        if old.schema is not new.schema:
            yield Change("type-changed", table, field="schema")
        return
    yield from _fields(table, old.schema, new.schema, used)
    yield from _metadata_changes(table, "", old.schema.raw, new.schema.raw, _SCHEMA_ASIDE)
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
            yield from _field_changes(table, before, field, used)
    kept = [name for name in old.field_names if name in new.field_names]
    order = [name for name in new.field_names if name in old.field_names]
    if kept != order:
        yield Change("field-reordered", table, before=kept, after=order)


def _field_changes(table: str, old: Field, new: Field, used: Used) -> Iterator[Change]:
    """The changes of a field that both versions of a table have."""
    if old.type != new.type:
        yield Change("type-changed", table, field=new.name, before=old.type, after=new.type)
    elif old.format != new.format and new.type in ("string", "any"):
        yield Change("format-changed", table, field=new.name, before=old.format, after=new.format)
    unit, now = old.raw.get("unit"), new.raw.get("unit")
    if unit != now:
        # A figure whose unit nobody had said reads as before.
        kind = "unit-changed" if unit else "metadata-changed"
        name = new.name if unit else f"{new.name}.unit"
        yield Change(kind, table, field=name, before=unit, after=now)
    for name in sorted({*old.constraints, *new.constraints}):
        before, after = _limit(name, old), _limit(name, new)
        if before != after:
            tighter = _is_tightened(name, before, after)
            yield Change(
                "constraint-tightened" if tighter else "constraint-loosened",
                table,
                field=new.name,
                before={name: old.constraints.get(name)},
                after={name: new.constraints.get(name)},
            )
    yield from _category_changes(table, old, new, used)
    said, says = old.raw.get("deprecated"), new.raw.get("deprecated")
    if said != says:
        kind = "field-deprecated" if says else "field-no-longer-deprecated"
        yield Change(kind, table, field=new.name, before=said, after=says)
    yield from _metadata_changes(table, new.name, old.raw, new.raw, _FIELD_ASIDE)


def _metadata_changes(
    table: str, field: str, old: Mapping[str, Any], new: Mapping[str, Any], aside: set[str]
) -> Iterator[Change]:
    """Keys that only describe, and differ."""
    for key in sorted({*old, *new} - aside):
        if old.get(key) != new.get(key):
            name = f"{field}.{key}" if field else key
            yield Change(
                "metadata-changed", table, field=name, before=old.get(key), after=new.get(key)
            )


def _is_tightened(name: str, before: Any, after: Any) -> bool:
    """Whether a changed limit may refuse what it allowed before; in doubt it does."""
    if name in ("required", "unique"):
        return bool(after)
    if before is None or after is None:
        return after is not None
    try:
        if name == "enum":
            return not before <= after
        if name in ("minimum", "exclusiveMinimum", "minLength"):
            return bool(after > before)
        if name in ("maximum", "exclusiveMaximum", "maxLength"):
            return bool(after < before)
    except TypeError:
        return True
    return True


def _limit(name: str, field: Field) -> Any:
    """A constraint as the value that it is; None or False if there is none."""
    limit = field.constraints.get(name)
    if name in ("required", "unique"):
        return bool(limit)
    if name == "enum" and isinstance(limit, list):
        return frozenset(_texts(limit, field))
    if name in _BOUNDS and limit is not None:
        [text] = _texts([limit], field)
        try:
            return Decimal(text) if field.type in _NUMBERS else text
        except InvalidOperation:
            return text
    return limit


def _texts(values: list[Any], field: Field) -> list[str]:
    """Values of a descriptor, given as JSON or as a cell has them, as the texts of values."""
    read = value_column(
        pl.Series("limit", [each if isinstance(each, str) else None for each in values], pl.String),
        field,
        {},
    )
    as_json = Field("limit", field.type, "default", "", "", "", {}, {})
    shown = [str(each).lower() if isinstance(each, bool) else str(each) for each in values]
    plain = value_column(pl.Series("limit", shown, pl.String), as_json, {})
    pairs = zip(values, read, plain, strict=True)
    return [text if isinstance(each, str) else other for each, text, other in pairs]


def _category_changes(table: str, old: Field, new: Field, used: Used) -> Iterator[Change]:
    """Changes of the values that a field may have, of their labels, and of their order."""
    before, after = _categories(old), _categories(new)
    shown = (old.raw.get("categories"), new.raw.get("categories"))
    kind = ""
    if before is None or after is None or {*before} != {*after}:
        if before != after:
            tighter = after is not None and (before is None or not {*before} <= {*after})
            kind = "constraint-tightened" if tighter else "constraint-loosened"
    elif old.raw.get("categoriesOrdered", False) != new.raw.get("categoriesOrdered", False) or (
        new.raw.get("categoriesOrdered") and [*before] != [*after]
    ):
        kind = "categories-reordered"
    if kind:
        whole = [{"categories": each} for each in shown]
        yield Change(kind, table, field=new.name, before=whole[0], after=whole[1])
    labels, now = before or {}, after or {}
    edited = [value for value in labels if value in now and labels[value] != now[value]]
    if edited:
        values = used(new.name)
        # A code that nobody had explained, or that no record has, reads as before.
        misread = [value for value in edited if labels[value] and value in values]
        kind = "category-relabelled" if misread else "metadata-changed"
        name = new.name if misread else f"{new.name}.categories"
        chosen = misread or edited
        yield Change(
            kind,
            table,
            field=name,
            before={value: labels[value] for value in chosen},
            after={value: now[value] for value in chosen},
        )
    if not kind and shown[0] != shown[1] and {*_prose(shown[0])} != {*_prose(shown[1])}:
        name = f"{new.name}.categories"
        yield Change("metadata-changed", table, field=name, before=shown[0], after=shown[1])


def _categories(field: Field) -> dict[str, str] | None:
    """The labels of a field's categories by the text of their value; None if there are none."""
    if not isinstance(field.raw.get("categories"), list):
        return None
    texts = _texts([each.get("value") for each in field.categories], field)
    labels = (str(each.get("label") or "") for each in field.categories)
    return dict(zip(texts, labels, strict=True))


def _prose(categories: Any) -> Iterator[str]:
    """What is said of categories besides value and label, such as a translation."""
    for each in categories if isinstance(categories, list) else ():
        if isinstance(each, Mapping):
            more = {key: each[key] for key in sorted({*each} - {"value", "label"})}
            yield repr((str(each.get("value")), more))
