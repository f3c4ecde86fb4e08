"""The list of any table: which columns it shows, what it is filtered by, how it is searched."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from ycd_opendata.package.settings import SiteList
from ycd_opendata.site.cell_words import CellWords, Column
from ycd_opendata.site.content import Table
from ycd_opendata.site.listing import Cell, Facet, Listing, ListRow, MadeRows
from ycd_opendata.site.packed_rows import WHOLE_KEY, Row
from ycd_opendata.site.rendering import Renderer
from ycd_opendata.site.wording import Words

_MOST_COLUMNS = 7
"""More fit no screen; where a record has a page, the others are there."""
_MOST_FACETS = 6
_MOST_OPTIONS = 200
_MOST_REPEATED = 20
_LEAST_REPEATED = 5
"""How often the texts of a column without a list of them come on average to be filtered by."""
_DATES = ("date", "datetime", "yearmonth", "year")
_YEAR = re.compile(r"[0-9]{4}(?=-|$)")
_BULKY = ("object", "array", "geojson", "geopoint")
_PLAIN = re.compile(r"[a-z][a-z0-9_]*")
_TAKEN = ("q", "sort", "also", "label", "order")
_PARTING = re.compile(r"[\s%]")
_FOUND_BY = 200


@dataclass(frozen=True)
class _Filter:
    """A filter: its name in addresses, and what it is by: a column's value, or its year."""

    name: str
    column: Column
    by_year: bool


def table_listing(page: Renderer, name: str) -> Listing:
    """The list of a table's records."""
    table, words = page.content.tables[name], page.cell_words
    asked = next((each for each in page.content.settings.lists if each.table == name), None)
    columns = _shown_columns(words, table, asked)
    filters = _filters(words, table, asked) if table.is_whole else []
    shown = {each.field.name for each in (*columns, *_key_columns(words, table))}
    hidden = _hidden_texts(table, shown)

    def made(row: Row) -> ListRow:
        values = tuple(_values(each, row) for each in filters)
        cells = tuple(words.cell(each, row) for each in columns)
        first = _first_cell(page, table, row, cells[0], words)
        key = row.get(table.key, "")
        return ListRow(key, (first, *cells[1:]), values, _found_by(row, hidden))

    return Listing(
        table,
        page.wording.table(table.resource),
        page.wording.about(table.resource),
        tuple((each.field.name, _heading(page, table, each)) for each in columns),
        tuple(_facet(words, each, table.rows) for each in filters),
        MadeRows(table.rows, made),
    )


def _first_cell(page: Renderer, table: Table, row: Row, cell: Cell, words: CellWords) -> Cell:
    """The cell that leads to the record's page, under its name with its key below, or its key."""
    key = row.get(table.key, "")
    href = page.content.record_place(table.name, key)
    if not href:
        return cell
    name = words.name(table, row)
    if words.labels[table.name] is None:
        return Cell((name,), href, kind="code")
    return Cell((name,), href, words.beside_name(table, row, name.text))


def _key_columns(words: CellWords, table: Table) -> list[Column]:
    """The columns of a key of several, where it is what the records are called."""
    is_name = table.key == WHOLE_KEY and words.labels[table.name] is None
    schema = table.resource.schema
    if schema is None or not is_name or table.name not in words.content.record_tables:
        return []
    return [each for each in words.columns[table.name] if each.field.name in schema.primary_key]


def _heading(page: Renderer, table: Table, column: Column) -> str:
    """What stands above a column; that of the records' names is about their whole key."""
    keys = _key_columns(page.cell_words, table)
    above = keys if column in keys else [column]
    return page.wording.text("site.comma").join(each.title.text for each in above)


def _shown_columns(words: CellWords, table: Table, asked: SiteList | None) -> tuple[Column, ...]:
    """The columns, the one that names the record first."""
    columns = words.columns[table.name]
    label = words.labels[table.name]
    has_pages = table.name in words.content.record_tables
    keys = _key_columns(words, table)
    naming = table.key if label is None else label.field.name
    first = keys[:1] or [each for each in columns if each.field.name == naming]
    # The key stands below the name, or is it.
    left_out = {naming, table.key if has_pages else "", *(each.field.name for each in keys)}
    others = [each for each in columns if each.field.name not in left_out]
    if asked is not None and asked.columns:
        by_name = {name: each for each in others for name in (each.field.name, each.stem) if name}
        others = [by_name[name] for name in asked.columns if name in by_name]
        is_wanted = has_pages or {naming, label.stem if label else ""} & {*asked.columns}
        first = first if is_wanted or not others else []
    elif has_pages:
        others = [each for each in others if each.field.type not in _BULKY]
        others = others[: _MOST_COLUMNS - len(first)]
    return (*first, *others)


def _filters(words: CellWords, table: Table, asked: SiteList | None) -> tuple[_Filter, ...]:
    columns = words.columns[table.name]
    is_asked = asked is not None and bool(asked.filters)
    if asked is not None and is_asked:
        by_name = {each.field.name: each for each in columns}
        wanted = [by_name[name] for name in asked.filters if name in by_name]
    else:
        others = [each for each in columns if each.field.name != table.key]
        wanted = [each for each in others if _is_plain_filter(each)]
        wanted += [each for each in others if each not in wanted and _repeats(each, table)]
    found: list[_Filter] = []
    for column in wanted:
        field = column.field
        is_name = _PLAIN.fullmatch(field.name) and field.name not in _TAKEN
        by_year = field.is_partial_date or field.type in _DATES
        name = field.name if is_name else f"field-{columns.index(column)}"
        each = _Filter(name, column, by_year)
        values = (value for row in table.rows for value in _values(each, row))
        is_new = is_asked or not any(_are_alike(each, other, table) for other in found)
        if is_new and 1 < _distinct(values, _MOST_OPTIONS) <= _MOST_OPTIONS:
            found.append(each)
        if len(found) == _MOST_FACETS:
            break
    return tuple(found)


def _are_alike(one: _Filter, other: _Filter, table: Table) -> bool:
    """Whether two filters would part the rows alike, as the years of two days do."""
    return all(_values(one, row) == _values(other, row) for row in table.rows)


def _distinct(values: Iterable[str], most: int) -> int:
    """How many values there are; of more than ``most`` the rest are not counted."""
    seen = set[str]()
    for each in values:
        seen.add(each)
        if len(seen) > most:
            break
    return len(seen)


def _is_plain_filter(column: Column) -> bool:
    """Whether a column's values are few by nature."""
    field = column.field
    return bool(
        column.refers_to
        or field.raw.get("categories")
        or field.constraints.get("enum")
        or field.type in ("boolean", *_DATES)
        or field.is_partial_date
    )


def _repeats(column: Column, table: Table) -> bool:
    """Whether a column's texts are few by what they are, and not by how few are told."""
    field = column.field
    if field.type != "string" or field.raw.get("format"):
        return False
    told = sum(1 for row in table.rows if row[field.name])
    number = _distinct((text for row in table.rows if (text := row[field.name])), _MOST_REPEATED)
    return number <= min(_MOST_REPEATED, told // _LEAST_REPEATED)


def _values(each: _Filter, row: Row) -> tuple[str, ...]:
    text = row[each.column.field.name]
    if each.by_year:
        year = _YEAR.match(text)
        text = year[0] if year else ""
    # The script parts the values of a row at spaces.
    return (_PARTING.sub(lambda found: quote(found[0]), text),) if text else ()


def _facet(words: CellWords, each: _Filter, rows: Sequence[Row]) -> Facet:
    counts, first = Counter[str](), dict[str, Row]()
    for row in rows:
        for value in _values(each, row):
            counts[value] += 1
            first.setdefault(value, row)
    options = [(value, _option(words, each, first[value]), counts[value]) for value in counts]
    # Newest years and named things first where a reader looks for them.
    if each.by_year:
        options.sort(key=lambda option: option[0], reverse=True)
    else:
        options.sort(key=lambda option: option[1].text)
    return Facet(each.name, each.column.title.text, tuple(options))


def _option(words: CellWords, each: _Filter, row: Row) -> Words:
    """What the value of a row is called; other cells of it may say so, as those of its key."""
    if each.by_year:
        return Words(*_values(each, row))
    [said] = words.cell(each.column, row).words
    return said


def _hidden_texts(table: Table, shown: set[str]) -> tuple[str, ...]:
    """The texts that a row is found by though the list does not show them."""
    schema = table.resource.schema
    fields = schema.fields if schema is not None else ()
    return tuple(each.name for each in fields if each.type == "string" and each.name not in shown)


def _found_by(row: Row, names: tuple[str, ...]) -> str:
    return " ".join(dict.fromkeys(row[name][:_FOUND_BY] for name in names if row[name]))
