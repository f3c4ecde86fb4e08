"""The facts of a record: each column of its schema that is filled, as a person reads it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ycd_opendata.delta.site.figure_words import figure_words
from ycd_opendata.delta.site.making import Maker
from ycd_opendata.loader.loading import one_language
from ycd_opendata.package.model import Field, Schema
from ycd_opendata.site.content import Table
from ycd_opendata.site.packed_rows import Row
from ycd_opendata.site.record_pages import Fact
from ycd_opendata.site.rendering import safe_url
from ycd_opendata.site.wording import Words, without_id


@dataclass(frozen=True)
class _Column:
    """A column, what it is called on the page, and the table that it refers to, or ""."""

    field: Field
    label: Words
    target: str


_TOLD_ELSEWHERE = ("phrase", "locator", "comparator", "value_upper", "family", "id_prefix")


def facts_of(make: Maker, table: Table, row: Row) -> tuple[Fact, ...]:
    """The facts of a record.

    What the page says elsewhere is left out: the key, the names in two languages, the words of
    the source, its address where it is a link, and what is part of another fact.
    """
    columns = make.once("columns", table.name, lambda: tuple(_columns(make, table)))
    return tuple(
        _fact(make, each, row)
        for each in columns
        if (value := row[each.field.name]) and not (each.field.format == "uri" and safe_url(value))
    )


def _columns(make: Maker, table: Table) -> Iterator[_Column]:
    """The columns of a table that are facts."""
    schema = table.resource.schema
    assert schema is not None
    # A text in two languages is one fact, in the page's.
    own = one_language(list(schema.field_names), "zh" if make.wording.lang == "zh" else "en")
    for field in schema.fields:
        is_name = field.name.startswith(("name_", "title_", "summary_"))
        if field.name not in own or is_name or field.name in (table.key, *_TOLD_ELSEWHERE):
            continue
        label, target = make.wording.column(field), _reference(schema, field.name, table.name)
        if target not in make.content.tables or not make.content.tables[target].key:
            yield _Column(field, label, "")
            continue
        yield _Column(field, without_id(label), target)


def _fact(make: Maker, column: _Column, row: Row) -> Fact:
    wording, field, label = make.wording, column.field, column.label
    value = row[field.name]
    if column.target:
        return Fact(label, (make.name(column.target, value),), make.link(column.target, value))
    if field.unit and field.type == "number":
        unit = make.unit(row["indicator_id"])
        if field.name == "value":
            return Fact(label, make.figure(row, row["indicator_id"]).words)
        return Fact(label, figure_words(wording, "eq", value, "", unit))
    if field.is_partial_date:
        return Fact(label, (Words(wording.date(value)),))
    if field.raw.get("categories"):
        return Fact(label, (wording.category(field, value),))
    if field.name.endswith(("_en", "_zh")):
        return Fact(label, (wording.words(value, field.name[-2:]),))
    if field.format == "uri":
        return Fact(label, (Words(value),))
    words = Words(value) if field.is_code else wording.source_words(value)
    return Fact(label, (words,))


def _reference(schema: Schema, name: str, table: str) -> str:
    """The table that a column refers to; "" if it is no reference."""
    for each in schema.foreign_keys:
        if each.fields == (name,):
            return each.resource or table
    return ""
