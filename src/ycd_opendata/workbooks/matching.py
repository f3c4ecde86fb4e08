"""Which sheet of a workbook holds which table, and which of its columns which field.

Tables go by the names of sheets, or by the names of fields where a sheet was renamed; columns go
by the row of fields' names, never by titles.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from xlsxwriter.utility import xl_col_to_name, xl_rowcol_to_cell

from ycd_opendata.loader.derived_tables import derived_resources
from ycd_opendata.messages import mark, say
from ycd_opendata.package.model import Field, Package, translations
from ycd_opendata.repairs.sheet_values import Cell
from ycd_opendata.workbooks.book_reading import ReadSheet
from ycd_opendata.workbooks.suggestion_sheets import FIRST, LAST, SUGGESTIONS
from ycd_opendata.workbooks.table_sheets import BASE, LISTS, README, Layout, TableSheet

_LOOKED_AT = 20
"""The rows among which the names of fields are looked for."""

_MOST = 0.75
"""The share of a table's fields that tells a sheet that was renamed."""


@dataclass(frozen=True)
class Header:
    """The row of fields' names: its index, and the column of each field."""

    row: int
    places: Mapping[str, int]


@dataclass(frozen=True)
class Matched:
    """A sheet that holds a table."""

    table: TableSheet
    sheet: ReadSheet
    header: Header


@dataclass(frozen=True)
class Matches:
    """The sheets that hold tables, and the one of suggestions.

    ``remarks`` say what else there is, ``troubles`` what fails.
    """

    sheets: tuple[Matched, ...]
    remarks: tuple[str, ...] = ()
    troubles: tuple[str, ...] = ()
    suggestions: ReadSheet | None = None


def match_sheets(sheets: Sequence[ReadSheet], plan: Layout, package: Package) -> Matches:
    """Find the tables of a package in the sheets of a workbook."""
    remarks: list[str] = []
    troubles: list[str] = []
    found: list[Matched] = []
    chosen = _chosen(sheets, plan)
    for table in plan.sheets:
        name = table.file.resource.name
        sheet = chosen.get(name)
        if sheet is None:
            remarks.append(say("table {name!r} has no sheet, so it stays as it is", name=name))
            continue
        try:
            found.append(Matched(table, sheet, _header_of_table(sheet, table)))
        except TroubleError as trouble:
            not_taken = mark("sheet {sheet!r} was not taken: {trouble}")
            troubles.append(say(not_taken, sheet=sheet.name, trouble=trouble))
            continue
        for is_so, template in (
            (sheet.is_hidden, mark("sheet {sheet!r} is hidden; it was read like any other")),
            (sheet.has_notes, mark("sheet {sheet!r} has comments: they were left out")),
        ):
            if is_so:
                remarks.append(say(template, sheet=sheet.name))
        remarks += _columns_apart(found[-1])
    used = {id(each) for each in chosen.values()}
    suggestions = next(
        (each for each in sheets if id(each) not in used and _has_suggestions(each)), None
    )
    used.add(id(suggestions))
    known = {*README.values(), LISTS, BASE, *derived_resources(package)}
    remarks += (
        say("sheet {sheet!r} is no table of {package}: it was left alone", sheet=each.name,
            package=package.name)
        for each in sheets
        if id(each) not in used and each.name not in known and each.rows
    )  # fmt: skip
    return Matches(tuple(found), tuple(remarks), tuple(troubles), suggestions)


def _has_suggestions(sheet: ReadSheet) -> bool:
    rows = ({*_texts(row)} for row in sheet.rows[:_LOOKED_AT])
    is_named = sheet.name in SUGGESTIONS.values() and bool(sheet.rows)
    return is_named or any(row >= {*FIRST, *LAST} for row in rows)


class TroubleError(Exception):
    """Why a sheet cannot be taken, as a part of a sentence."""


def _chosen(sheets: Sequence[ReadSheet], plan: Layout) -> dict[str, ReadSheet]:
    """The sheet of each table."""
    by_name = {each.name.casefold(): each for each in sheets}
    chosen = {}
    for table in plan.sheets:
        name = table.file.resource.name
        sheet = by_name.get(table.name.casefold()) or by_name.get(name.casefold())
        if sheet is not None:
            chosen[name] = sheet
    taken = {id(each) for each in chosen.values()}
    for sheet in sheets:
        if id(sheet) in taken or sheet.name in (LISTS, BASE):
            continue
        fitting = [
            table
            for table in plan.sheets
            if table.file.resource.name not in chosen and _is_like(sheet, table)
        ]
        if len(fitting) == 1:
            chosen[fitting[0].file.resource.name] = sheet
    return chosen


def _is_like(sheet: ReadSheet, table: TableSheet) -> bool:
    """Whether a sheet has the key of a table and most of its other fields."""
    names, key = {*table.file.columns}, {*table.file.schema.primary_key}
    rows = ({*_texts(row)} for row in sheet.rows[:_LOOKED_AT])
    return any(key <= row and len(names & row) >= _MOST * len(names) for row in rows)


def _texts(row: Sequence[Cell]) -> Iterator[str]:
    return (each.strip() if isinstance(each, str) else "" for each in row)


def header_of(sheet: ReadSheet, names: Collection[str], key: Iterable[str]) -> Header:
    """Where the columns of a sheet are.

    Raises TroubleError where it has no row of their names, not all of the key, two of one name, or
    cells that were made one.
    """
    names = {*names}
    counts = [len(names & {*_texts(row)}) for row in sheet.rows[:_LOOKED_AT]]
    most = max(counts, default=0)
    if 2 * most < len(names):
        raise TroubleError(
            say("it has no row with the names of the fields; a new workbook has one")
        )
    at = len(counts) - 1 - counts[::-1].index(most)
    labels = [*_texts(sheet.rows[at])]
    twice = [name for name, count in Counter(labels).items() if count > 1 and name in names]
    if twice:
        raise TroubleError(say("two of its columns are called {name!r}", name=twice[0]))
    # Above the names a program may put a title.
    merged = [each.where for each in sheet.merged if each.last_row > at]
    if merged:
        ranges = ", ".join(merged[:3])
        raise TroubleError(say("cells are merged in it ({ranges}): unmerge them", ranges=ranges))
    missing = [name for name in key if name not in labels]
    if missing:
        raise TroubleError(say("the column {name!r} of its key is missing", name=missing[0]))
    return Header(at, {name: labels.index(name) for name in sorted(names) if name in labels})


def _header_of_table(sheet: ReadSheet, table: TableSheet) -> Header:
    columns = table.file.columns
    header = header_of(sheet, columns, table.file.schema.primary_key)
    if any(_is_record(row, table, header) for row in sheet.rows[: header.row]):
        raise TroubleError(
            say("records stand above the row with the names of the fields: move them below it")
        )
    keys = Counter(tuple(row.cells[at] for at in table.key_places) for row in table.file.rows)
    if table.key_places and len(keys) < len(table.file.rows):
        key = ", ".join(keys.most_common(1)[0][0])
        raise TroubleError(say("two records of the table have the key {key!r}", key=key))
    if not table.key_places and (left := {*columns} - {*header.places}):
        raise TroubleError(say("the column {name!r} is missing, and the table has no key to find "
                           "its rows by", name=min(left)))  # fmt: skip
    return header


def _is_record(row: Sequence[Cell], table: TableSheet, header: Header) -> bool:
    """Whether a row above the names is none of titles or meanings, most of its cells being full."""
    places = ((field, header.places.get(field.name, len(row))) for field in table.file.fields)
    full = [(field, row[at]) for field, at in places if at < len(row) and row[at] != ""]
    of_header = [field for field, cell in full if _is_of_header(cell, field)]
    return 2 * len(full) > len(table.file.fields) and 2 * len(of_header) < len(full)


def _is_of_header(cell: Cell, field: Field) -> bool:
    """Whether a cell holds the title or the meaning of a field, in some language."""
    known = [field.name]
    for key in ("title", "description"):
        known += translations(field.raw, key, "").values()
    return isinstance(cell, str) and any(_letters(each) in _letters(cell) for each in known)


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))


def _columns_apart(matched: Matched) -> Iterator[str]:
    """What is said of columns that the table does not have, or the sheet has not any more."""
    sheet, places = matched.sheet.name, matched.header.places
    for name in matched.table.file.columns:
        if name not in places:
            yield say("sheet {sheet!r} has no column {name!r}: its cells stay as they are",
                      sheet=sheet, name=name)  # fmt: skip
    known = {*places.values()}
    body = matched.sheet.rows[matched.header.row :]
    width = max(map(len, body), default=0)
    for at in sorted({*range(width)} - known):
        cells = [row[at] for row in body if at < len(row) and row[at] != ""]
        if cells:
            label = cells[0] if isinstance(cells[0], str) else ""
            yield say("sheet {sheet!r}: column {letters} ({label!r}) is no field of the table: "
                      "it was left out", sheet=sheet, letters=xl_col_to_name(at),
                      label=label[:40])  # fmt: skip


def cell_place(sheet: str, row: int, at: int) -> str:
    """Where a cell stands, such as ``targets!H12``; row and column count from 0."""
    return f"{sheet}!{xl_rowcol_to_cell(row, at)}"
