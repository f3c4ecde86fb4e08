"""What is said of tables whatever they hold: the codebook."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ycd_opendata.inferring.words import says_which
from ycd_opendata.package.model import Field, Schema
from ycd_opendata.profiling.column_profile import ColumnProfile
from ycd_opendata.site.content import Content, Table
from ycd_opendata.site.packed_rows import Row
from ycd_opendata.site.profile_lines import ProfileLine, profile_line
from ycd_opendata.site.rendering import Renderer, Text
from ycd_opendata.site.wording import Words

Profiles = Mapping[str, Mapping[str, ColumnProfile]]
"""What the cells of each column of a table hold, by table and column."""

_COLUMNS_AT_ONCE, _ROWS_AT_ONCE = 8, 2000


@dataclass(frozen=True)
class TableLine:
    """A table by name, title and number of rows."""

    name: str
    title: Words
    rows: int


@dataclass(frozen=True)
class Column:
    """A column as the codebook describes it."""

    name: str
    title: Words
    type: str
    marks: tuple[str, ...]
    meaning: Words
    refers_to: str
    refers_href: str
    values: tuple[tuple[str, Words], ...]
    profile: ProfileLine


@dataclass(frozen=True)
class RuleLine:
    """A declared rule: what it says of a record that breaks it, and its condition."""

    name: str
    meaning: Words
    expression: str


@dataclass(frozen=True)
class Description:
    """A table as the codebook describes it."""

    name: str
    title: Words
    about: Words
    rows: int
    columns: tuple[Column, ...]
    rules: tuple[RuleLine, ...]
    is_long: bool


def table_line(page: Renderer, table: Table) -> TableLine:
    """A table as pages list it."""
    title = page.wording.table(table.resource)
    return TableLine(table.name, title, len(table.rows) + table.left_out)


def profiles_of(content: Content) -> Profiles:
    """What the cells of each table hold whose cells are all here."""
    return {
        name: dict(_profiles(table.rows, schema))
        for name, table in content.tables.items()
        if (schema := table.resource.schema) is not None and table.is_whole
    }


def _profiles(rows: Sequence[Row], schema: Schema) -> Iterator[tuple[str, ColumnProfile]]:
    """Those of a table: a few columns at a time, and of these a part of the rows."""
    from ycd_opendata.profiling.statistics import CellCount

    for first in range(0, len(schema.fields), _COLUMNS_AT_ONCE):
        fields = schema.fields[first : first + _COLUMNS_AT_ONCE]
        counts = [CellCount(each, schema) for each in fields]
        for start in range(0, len(rows), _ROWS_AT_ONCE):
            part = rows[start : start + _ROWS_AT_ONCE]
            for each in counts:
                each.add([row[each.field.name] for row in part])
        yield from ((each.field.name, each.profile()) for each in counts)


def codebook(page: Renderer, profiles: Profiles) -> Text:
    """The codebook's path and text."""
    tables = [
        _description(page, each, profiles.get(name, {}))
        for name, each in page.content.tables.items()
    ]
    return page.page("codebook.html", "codebook.html", tables=tables)


def _description(page: Renderer, table: Table, profile: Mapping[str, ColumnProfile]) -> Description:
    line, resource = table_line(page, table), table.resource
    about = page.wording.about(resource)
    schema = resource.schema
    columns = (
        [_column(page, table, schema, each, profile.get(each.name)) for each in schema.fields]
        if schema
        else []
    )
    rules = tuple(_rules(page, schema)) if schema else ()
    return Description(
        line.name, line.title, about, line.rows, tuple(columns), rules, not table.is_whole
    )


def _rules(page: Renderer, schema: Schema) -> Iterator[RuleLine]:
    for raw in schema.raw.get("rules", ()):
        words = page.wording.translated(raw, "message")
        words = words or page.wording.source_words(raw.get("message", ""))
        # The names of fields stand in braces.
        text = re.sub(r"\{([^{}]*)\}", r"\1", words.text)
        yield RuleLine(raw["name"], Words(text, words.lang), raw["expression"])


def _column(
    page: Renderer, table: Table, schema: Schema, field: Field, profile: ColumnProfile | None
) -> Column:
    wording = page.wording
    is_key = field.name in schema.primary_key
    marks = [wording.text("codebook.key")] if is_key else []
    if field.required and not is_key:
        marks.append(wording.text("codebook.required"))
    if field.unit:
        marks.append(f"{wording.text('codebook.unit')}{wording.text('site.parted')}{field.unit}")
    referred = next((each for each in schema.foreign_keys if field.name in each.fields), None)
    tells_records = bool(referred) or schema.primary_key == (field.name,)
    is_code = tells_records or bool(field.categories) or says_which(field.name)
    target = (referred.resource or table.name) if referred else ""
    known = page.content.tables.get(target)
    kind = wording.text("codebook.partial_date") if field.is_partial_date else field.type
    if wording.has(f"types.{kind}"):
        kind = wording.text(f"types.{kind}")
    categories = [each["value"] for each in field.categories]
    values = [str(each) for each in field.constraints.get("enum", categories)]
    labels = [wording.category(field, each) for each in values]
    return Column(
        field.name,
        wording.column(field),
        kind,
        tuple(marks),
        wording.translated(field.raw, "description") or wording.source_words(field.description),
        table_line(page, known).title.text if known else "",
        target if known else "",
        tuple(
            (value, label if label.text != value else Words(""))
            for value, label in zip(values, labels, strict=True)
        ),
        profile_line(wording, profile, is_code=is_code) if profile else ProfileLine(""),
    )
