"""The suggestions that were accepted in a workbook, carried out as ``ycd suggest`` would.

What was accepted is done if it is suggested still, word for word, and if nothing else in the
workbook says otherwise; what is not done is said.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from ycd_opendata.errors import DataError, YcdError
from ycd_opendata.messages import language, mark, say, say_of, spoken
from ycd_opendata.package.model import Package, Schema
from ycd_opendata.publishing.table_files import place_of
from ycd_opendata.repairs.mending import Meant
from ycd_opendata.repairs.sheet_values import Cell
from ycd_opendata.suggestion import Edit, Suggestion
from ycd_opendata.workbooks.base_sheet import Base, edit_of_text
from ycd_opendata.workbooks.book_reading import ReadSheet
from ycd_opendata.workbooks.matching import TroubleError, cell_place, header_of
from ycd_opendata.workbooks.row_reading import (
    Cells,
    ColumnReader,
    Question,
    Said,
    one_line_end,
    shown,
)
from ycd_opendata.workbooks.suggestion_sheets import (
    ACCEPT,
    BOOLEANS,
    FIRST,
    LAST,
    NAME,
    TEXT,
    accept_column,
    asked_columns,
    asked_of,
    suggested,
)
from ycd_opendata.workbooks.table_sheets import Layout, TableSheet
from ycd_opendata.workbooks.taking import TakenTable

_NO_SCHEMA = Schema((), (), (), ("",), {})
_YES = "yes"
_CHANGED = mark("{field} of its record was changed in the workbook as well, to {text!r}")


class _Row(NamedTuple):
    """A row of the sheet: its number, from 1, and its cells by what row 3 calls them."""

    number: int
    cells: Mapping[str, Cell]

    def text(self, name: str) -> str:
        cell = self.cells.get(name, "")
        return cell if isinstance(cell, str) else shown(cell)


def accept(
    package: Package,
    sheet: ReadSheet,
    base: Base,
    plan: Layout,
    tables: tuple[TakenTable, ...],
    said: Said,
) -> tuple[TakenTable, ...]:
    """Carry out what was accepted, on top of the edits of the tables' sheets."""
    try:
        accepting = _Accepting(sheet, plan, tables, said)
        rows = accepting.accepted()
        if rows:
            # It may take a while to know what is suggested.
            with spoken(base.lang or language()):
                found = suggested(package)
            accepting.carry_out(rows, {each.name: each for each in found}, base)
        return tuple(accepting.tables.values())
    except (TroubleError, YcdError) as trouble:
        not_taken = mark("sheet {sheet!r} was not taken: {trouble}")
        said.troubles.append(say(not_taken, sheet=sheet.name, trouble=trouble))
        return tables


class _Accepting:
    """Reads one sheet of suggestions and does what was accepted, in ``tables``."""

    def __init__(
        self, sheet: ReadSheet, plan: Layout, tables: tuple[TakenTable, ...], said: Said
    ) -> None:
        self.sheet, self.said = sheet, said
        self.columns = asked_columns(plan)
        self.sheets = {each.file.resource.name: each for each in plan.sheets}
        self.tables = {each.file.resource.name: each for each in tables}
        self.header = header_of(sheet, (*FIRST, *LAST), (ACCEPT, TEXT, NAME))
        labels = sheet.rows[self.header.row]
        own = self.header.places
        further = {text: at for at, text in enumerate(labels) if text in self.columns}
        self.places: dict[str, int] = {**own, **further}  # type: ignore[dict-item]

    def place(self, row: _Row, name: str) -> str:
        return cell_place(self.sheet.name, row.number - 1, self.places[name])

    def accepted(self) -> list[_Row]:
        """The rows in which a curator has written yes; of others that are filled it is said."""
        reader = ColumnReader(accept_column(), _NO_SCHEMA)
        found = []
        first = self.header.row + 1
        for number, cells in enumerate(self.sheet.rows[first:], first + 1):
            named = {name: cells[at] for name, at in self.places.items() if at < len(cells)}
            row = _Row(number, named)
            said = self._answered(row, ACCEPT, reader)
            if said.text is None:
                self._ask("accept", row, ACCEPT, BOOLEANS[language()])
            elif said.text == _YES:
                found.append(row)
            elif not said.text and any(map(row.text, {*self.columns} & {*row.cells})):
                ignored = mark("{place}: the row is filled in and not accepted, so nothing is done")
                self.said.remarks.append(say(ignored, place=self.place(row, ACCEPT)))
        return found

    def _answered(
        self, row: _Row, name: str, reader: ColumnReader, *, is_asked: bool = False
    ) -> Meant:
        """What a cell is, with the answer to the question about it; it is asked for, if empty."""
        found = reader.read(row.cells.get(name, ""), None)
        place = self.place(row, name)
        answer = self.said.answers.get(place)
        if answer is None or (found.text is not None and not is_asked):
            return found
        given = reader.read(answer, None)
        if given.text is not None:
            self.said.answered.append(place)
        return given

    def _ask(self, kind: str, row: _Row, name: str, choices: tuple[str, ...] = ()) -> None:
        before = shown(row.cells.get(name))
        self.said.questions.append(Question(kind, self.place(row, name), name, before, choices))

    def carry_out(self, rows: Sequence[_Row], found: Mapping[str, Suggestion], base: Base) -> None:
        """Do what the rows accept."""
        count = 0
        for row in rows:
            suggestion = found.get(row.text(NAME))
            text = one_line_end(row.text(TEXT))
            if suggestion is None or one_line_end(suggestion.text) != text:
                if not self._is_done(row, base):
                    self._fail(row, say("this is not suggested any more"))
                continue
            cells = self._asked(row, suggestion)
            if cells is None:
                continue
            try:
                self._do(suggestion.edit, cells)
                count += 1
            except (TroubleError, DataError) as trouble:
                self._fail(row, str(trouble))
        if count:
            self.said.remarks.append(
                say_of(
                    count, "{number} suggestion was accepted", "{number} suggestions were accepted"
                )
            )

    def _fail(self, row: _Row, why: str) -> None:
        place = self.place(row, NAME)
        self.said.troubles.append(
            say("{place} {name!r} was not done: {why}", place=place, name=row.text(NAME), why=why)
        )

    def _is_done(self, row: _Row, base: Base) -> bool:
        """Whether what a workbook suggested has been done since."""
        edit = edit_of_text(base.edits.get(row.text(NAME), ""))
        table = None if edit is None else self.sheets.get(edit.table)
        if edit is None or table is None:
            return False
        typed = {
            name.removeprefix(f"{edit.table}."): self._reader(name).read(row.cells[name], None).text
            for name in self.columns
            if name.startswith(f"{edit.table}.") and row.cells.get(name, "") != ""
        }
        wanted = {**edit.where, **edit.cells, **typed}
        columns = table.file.columns
        return bool(wanted) and any(
            all(cells[columns.index(name)] == text for name, text in wanted.items())
            for cells in (each.cells for each in table.file.rows)
        )

    def _reader(self, name: str) -> ColumnReader:
        return ColumnReader(self.columns[name], _NO_SCHEMA)

    def _asked(self, row: _Row, suggestion: Suggestion) -> Mapping[str, str] | None:
        """What the curator says of the fields that only he can fill; None with a question."""
        names = asked_of(suggestion)
        absent = [name for name in names if name not in self.places]
        if absent:
            self._fail(row, say("the column {name!r} is missing", name=absent[0]))
            return None
        is_empty = all(row.cells.get(name, "") == "" for name in names)
        if (
            names
            and is_empty
            and not {self.place(row, each) for each in names} & {*self.said.answers}
        ):
            self._ask("asked", row, names[0])
            return None
        given = {}
        for asked, name in zip(suggestion.asks, names, strict=True):
            read = self._answered(row, name, self._reader(name), is_asked=is_empty)
            text = self.said.note(read, self.place(row, name), name, row.cells.get(name))
            if text is not None:
                given[asked] = text
        return given if len(given) == len(names) else None

    def _do(self, edit: Edit | None, cells: Mapping[str, str]) -> None:
        assert edit is not None
        sheet = self.sheets.get(edit.table)
        if sheet is None:
            raise TroubleError(say("table {name!r} cannot be edited so", name=edit.table))
        file = sheet.file
        rows = tuple(each.cells for each in file.rows)
        before = self.tables.get(edit.table) or TakenTable(file, rows)
        wanted = {**edit.cells, **cells}
        is_new = not edit.where
        after = _added(before, sheet, wanted) if is_new else _changed(before, sheet, edit, wanted)
        self.tables[edit.table] = replace(before, rows=tuple(after))


def _added(table: TakenTable, sheet: TableSheet, wanted: Mapping[str, str]) -> Iterator[Cells]:
    """The rows with a new one."""
    file = table.file
    row = tuple(wanted.get(each.name, file.schema.missing_text_of(each)) for each in file.fields)
    yield from table.rows
    if row in table.rows:
        return  # it has been typed into the table's sheet too
    key = [row[at] for at in sheet.key_places]
    if key and any([each[at] for at in sheet.key_places] == key for each in table.rows):
        raise TroubleError(
            say("there is a record with the key {key!r} already", key=", ".join(key))
        )
    yield row


def _changed(
    table: TakenTable, sheet: TableSheet, edit: Edit, wanted: Mapping[str, str]
) -> Iterator[Cells]:
    """The rows with one changed, as far as the workbook has not changed the same cells."""
    file = table.file
    old = file.rows[place_of(file, edit)].cells
    key = [old[at] for at in sheet.key_places]
    is_keyed = any(key)
    if any(each.cells == old for each in table.deleted):
        raise TroubleError(say("the row of its record was deleted in the workbook"))
    found = [
        at
        for at, row in enumerate(table.rows)
        if row == old or (is_keyed and [row[place] for place in sheet.key_places] == key)
    ]
    if not found:
        raise TroubleError(say("its record was changed in the workbook as well"))
    now = [*table.rows[found[0]]]
    for at, name in enumerate(file.columns):
        if name in wanted:
            if now[at] not in (old[at], wanted[name]):
                raise TroubleError(say(_CHANGED, field=name, text=now[at]))
            now[at] = wanted[name]
    for at, row in enumerate(table.rows):
        yield tuple(now) if at == found[0] else row
