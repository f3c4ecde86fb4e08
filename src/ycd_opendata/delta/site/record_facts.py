"""The facts of a record: each column of its schema that is filled, as a person reads it."""

from __future__ import annotations

from ycd_opendata.delta.site.figure_words import figure_words
from ycd_opendata.delta.site.making import Maker
from ycd_opendata.loader.loading import one_language
from ycd_opendata.package.model import Field, Schema
from ycd_opendata.site.content import Row, Table
from ycd_opendata.site.record_pages import Fact
from ycd_opendata.site.rendering import safe_url
from ycd_opendata.site.wording import Words

_TOLD_ELSEWHERE = ("phrase", "locator", "comparator", "value_upper", "family", "id_prefix")


def facts_of(make: Maker, table: Table, row: Row) -> tuple[Fact, ...]:
    """The facts of a record.

    What the page says elsewhere is left out: the key, the names in two languages, the words of
    the source, its address where it is a link, and what is part of another fact.
    """
    schema = table.resource.schema
    assert schema is not None
    found = []
    # A text in two languages is one fact, in the page's.
    own = one_language(list(schema.field_names), "zh" if make.wording.lang == "zh" else "en")
    for field in schema.fields:
        if field.name not in own:
            continue
        is_name = field.name.startswith(("name_", "title_", "summary_"))
        if not row[field.name] or is_name or field.name in (table.key, *_TOLD_ELSEWHERE):
            continue
        if field.format == "uri" and safe_url(row[field.name]):
            continue
        found.append(_fact(make, table.name, schema, field, row))
    return tuple(found)


def _fact(make: Maker, table: str, schema: Schema, field: Field, row: Row) -> Fact:
    wording, value = make.wording, row[field.name]
    label = wording.column(field)
    target = _reference(schema, field.name, table)
    if target in make.content.tables and make.content.tables[target].key:
        words, href = make.name(target, value), make.link(target, value)
        # What it leads to is shown by name, so it is no id any more.
        title = label.text.removesuffix(" id").removesuffix("编号")
        return Fact(Words(title, label.lang), (words,), href)
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
