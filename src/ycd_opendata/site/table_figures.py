"""Which pictures a table's figures make: those that ``ycd.toml`` names, and those that are plain.

Plain is a table with one field of dates or years, one of numbers, and at most one field that tells
series apart, whose records are no things with names of their own. Of a table that has nothing but
figures beside its dates the first are drawn: they may be in different units. Nothing is added up:
where two figures of one series fall on one day there is no picture unless somebody asks for it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

from ycd_opendata.inferring.words import says_which
from ycd_opendata.package.model import Field
from ycd_opendata.package.settings import SitePicture
from ycd_opendata.site.cell_words import naming_column
from ycd_opendata.site.content import Content, Table
from ycd_opendata.site.packed_rows import Row

_NUMBERS = ("integer", "number")
_LEAST = 3
_MOST_PLAIN = 6
_OF_YEARS = re.compile(r"(?i)(.*_)?year|年|年份")
_YEAR = re.compile(r"[0-9]{4}")
_NO_FIGURE = re.compile(
    r"(?i)(.*[_ ])?(lat|latitude|lon|lng|longitude)|month|week|quarter|day|hour|weekday"
)
"""How numbers are called that say where or when, and not how much."""


@dataclass(frozen=True)
class TableFigure:
    """A figure of a row: its series, where it stands, and how much it is."""

    series: str
    x: str
    y: float
    row: Row


def wanted_pictures(content: Content) -> list[SitePicture]:
    """The pictures of a package, those that were asked for first.

    Where an owner shows records in his own way, only what he asks for is drawn.
    """
    tables = {name: each for name, each in content.tables.items() if each.is_whole}
    asked = [each for each in content.settings.pictures if _can_be_drawn(tables, each)]
    if content.additions is not None and content.additions.tables:
        return asked
    told = {each.table for each in content.settings.pictures}
    plain = (
        _plain(each)
        for name, each in tables.items()
        if name not in told and not _lists_things(content, each)
    )
    return asked + [each for each in plain if each is not None][:_MOST_PLAIN]


class RecordSeries:
    """Which pictures the records that refer to a record make on its page."""

    def __init__(self, content: Content) -> None:
        self._content = content
        self.of = cache(self._of)

    def _of(self, name: str, fields: tuple[str, ...]) -> SitePicture | None:
        """The lines of those rows of a table that have one key in some fields, if they are any.

        What was asked for the table is drawn of these rows alone, and else what is plain in them.
        """
        content, table = self._content, self._content.tables[name]
        asked = [each for each in content.settings.pictures if each.table == name]
        for each in asked:
            if each.kind != "bars" and _can_be_drawn(content.tables, each):
                return replace(each, by="" if each.by in fields else each.by)
        if asked or _lists_things(content, table):
            return None
        return _without_choice(table, fields)


def _can_be_drawn(tables: Mapping[str, Table], asked: SitePicture) -> bool:
    table = tables.get(asked.table)
    schema = None if table is None else table.resource.schema
    named = {asked.x, asked.y, asked.by} - {""}
    return schema is not None and named <= {*schema.field_names}


def _lists_things(content: Content, table: Table) -> bool:
    """Whether the records of a table are things: others refer to them, or each has its own name.

    A line from the height of one bridge to that of the next one built would say nothing.
    """
    schemas = [each.resource.schema for each in content.tables.values()]
    keys = [key for each in schemas if each is not None for key in each.foreign_keys]
    if table.name in [key.resource for key in keys]:
        return True
    schema = table.resource.schema
    names = [] if schema is None else schema.field_names
    stems = {each.removesuffix("_en").removesuffix("_zh"): each for each in names}
    naming = stems.get(naming_column(stems), "")
    return bool(naming) and len({row[naming] for row in table.rows}) == len(table.rows)


def _plain(table: Table) -> SitePicture | None:
    """The picture of a table that needs no choice; None where there is none."""
    asked = _without_choice(table)
    is_plain = asked is not None and is_series(list(figures_of(asked, table.rows)))
    return asked if is_plain else None


def is_series(figures: Sequence[TableFigure]) -> bool:
    """Whether figures are lines: over a few days or years, and each series with one a day."""
    places = {(each.series, each.x) for each in figures}
    return len(places) == len(figures) and len({each.x for each in figures}) >= _LEAST


def _without_choice(table: Table, told: Sequence[str] = ()) -> SitePicture | None:
    """The lines that a table's fields leave no choice for; ``told`` are the same in all rows."""
    schema = table.resource.schema
    if schema is None:
        return None
    keys = {name for each in schema.foreign_keys for name in each.fields}
    dates = [each for each in schema.fields if each.is_dated or _has_years(table, each)]
    numbers = [
        each
        for each in schema.fields
        if each.type in _NUMBERS and each.name not in keys and not _tells_apart(each)
        if each not in dates
        if schema.primary_key != (each.name,)
    ]
    groups = [
        each
        for each in schema.fields
        if (each.name in keys or _tells_apart(each)) and each.name not in told
    ]
    texts = [each for each in schema.fields if each.type == "string" and each not in dates]
    if not groups and not told and len(texts) == 1 and _repeats(table, texts[0].name):
        groups = texts
    if len(dates) != 1 or not numbers or len(groups) > 1:
        return None
    others = {each.name for each in schema.fields if each not in (*dates, *numbers)}
    if len(numbers) > 1 and (told or others - {*schema.primary_key}):
        return None
    if any(_NO_FIGURE.fullmatch(each.name) or says_which(each.name) for each in numbers):
        return None
    by = groups[0].name if groups else ""
    return SitePicture(table.name, "lines", dates[0].name, numbers[0].name, by)


def _has_years(table: Table, field: Field) -> bool:
    """Whether a field of whole numbers is one of years, as spreadsheets have them."""
    is_named = field.type == "integer" and _OF_YEARS.fullmatch(field.name)
    return bool(is_named) and all(
        _YEAR.fullmatch(cell) for row in table.rows if (cell := row[field.name])
    )


def _repeats(table: Table, name: str) -> bool:
    """Whether the texts of a field stand in several rows each, as the names of series do."""
    return len({row[name] for row in table.rows}) * 2 <= len(table.rows)


def _tells_apart(field: Field) -> bool:
    return bool(field.raw.get("categories") or field.constraints.get("enum"))


def figures_of(asked: SitePicture, rows: Iterable[Row]) -> Iterator[TableFigure]:
    """The figures of some rows of a table; a row without one, or without a place, has none."""
    for row in rows:
        value = _number(row.get(asked.y, ""))
        if value is not None and row.get(asked.x, ""):
            yield TableFigure(row.get(asked.by, "") if asked.by else "", row[asked.x], value, row)


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None
