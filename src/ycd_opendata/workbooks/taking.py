"""The way back: from the sheets of a workbook to the rows of tables.

A cell that shows what it showed is the cell that it was, to the byte. Any other is mended, and told
of; where nobody can know what it was meant to be there is a question, and without an answer its
record stays as it was.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import NamedTuple

from ycd_opendata.publishing.table_files import TableFile
from ycd_opendata.repairs.sheet_values import Cell, SheetValue, number_text
from ycd_opendata.workbooks.base_sheet import Base, digest, key_text
from ycd_opendata.workbooks.matching import Matched
from ycd_opendata.workbooks.row_reading import (
    Cells,
    Key,
    Question,
    RowReader,
    Said,
    SheetRow,
    one_line_end,
    shown,
)

WORKBOOK, PACKAGE = "workbook", "package"
"""The answers to the question which of two changes of a record holds."""


class Deleted(NamedTuple):
    """A record that has no row in its sheet any more; ``key`` is empty where it has none."""

    table: str
    key: Key
    cells: Cells


@dataclass(frozen=True)
class TakenTable:
    """The rows of a table with the edits of its sheet.

    ``deleted`` are among the rows still. ``later`` counts the records that came or changed in the
    package since the workbook was made, and that stay as they are there.
    """

    file: TableFile
    rows: tuple[Cells, ...]
    deleted: tuple[Deleted, ...] = ()
    later: int = 0

    def without(self, gone: frozenset[Deleted]) -> tuple[Cells, ...]:
        """The rows without some of those that were deleted, which stand last where equal."""
        left = Counter(each.cells for each in self.deleted if each in gone)
        kept: list[Cells] = []
        for row in reversed(self.rows):
            if left[row]:
                left[row] -= 1
            else:
                kept.append(row)
        return tuple(kept[::-1])


def take_table(matched: Matched, base: Base, said: Said) -> TakenTable:
    """The table of a sheet; what is mended and asked in it is added to what is said."""
    reader = RowReader(matched, said)
    if matched.table.key_places:
        return _Keyed(reader, base).taken()
    return _Keyless(reader, base).taken()


class _Keyed:
    """Takes a table whose records are told apart by a key."""

    def __init__(self, reader: RowReader, base: Base) -> None:
        table = reader.matched.table
        self.reader, self.file, self.is_based = reader, table.file, base.is_known
        self.known: dict[Key, Cells] = {
            tuple(row.cells[at] for at in table.key_places): row.cells for row in table.file.rows
        }
        self.was = base.digests.get(table.file.resource.name, {})
        self.later = 0

    def taken(self) -> TakenTable:
        """What becomes of every record."""
        rows = self.reader.rows()
        keys = [self.reader.key(each, self.known) for each in rows]
        counts = Counter(keys)
        edited: dict[Key, Cells] = {}
        is_clear = True
        for row, key in zip(rows, keys, strict=True):
            if key is None or counts[key] > 1 or not (any(key) or key in self.known):
                is_clear = False
                self._ask_about_key(row, key)
                continue
            record = self._record(row, key)
            if record is not None:
                edited[key] = record
        absent = [key for key in self.known if key not in counts]
        here = [key for key in absent if not self.is_based or key_text(key) in self.was]
        self.later += len(absent) - len(here)
        # Which rows are missing is not known while it is not known which ones are there.
        name = self.file.resource.name
        gone = [key for key in here if self._is_gone(key)] if is_clear else []
        deleted = tuple(Deleted(name, key, self.known[key]) for key in gone)
        kept = [edited.pop(key, cells) for key, cells in self.known.items()]
        return TakenTable(self.file, (*kept, *edited.values()), deleted, self.later)

    def _ask_about_key(self, row: SheetRow, key: Key | None) -> None:
        if key is None:
            self.reader.read(row, None)
            return
        kind = "key-twice" if any(key) else "key-missing"
        question = Question(kind, self._place(row), "", ", ".join(key))
        self.reader.said.questions.append(question)

    def _record(self, row: SheetRow, key: Key) -> Cells | None:
        """The record of a row; None where it stays as the package has it, or is not there."""
        old, was = self.known.get(key), self.was.get(key_text(key))
        record = self.reader.read(row, old)
        if record is None or record == old:
            return None
        now = None if old is None else digest(old)
        if was is None or was == now:
            if old is not None and was is None and self.is_based:
                return record if self._holds(self._place(row), key) else None
            return record
        # It changed, or went, in the package after the workbook was made.
        if digest(record) == was:
            self.later += 1
            return None
        return record if self._holds(self._place(row), key) else None

    def _is_gone(self, key: Key) -> bool:
        """Whether a record that has no row any more may go: it is what the workbook had."""
        if not self.is_based or self.was[key_text(key)] == digest(self.known[key]):
            return True
        place = f"{self.reader.matched.sheet.name}!{', '.join(key)}"
        return self._holds(place, key, "deleted-since")

    def _place(self, row: SheetRow) -> str:
        return self.reader.place(row.index, self.reader.matched.table.key_places[0])

    def _holds(self, place: str, key: Key, kind: str = "changed-since") -> bool:
        """Whether the workbook holds where the package changed the same record."""
        answer = self.reader.said.answers.get(place)
        if answer in (WORKBOOK, PACKAGE):
            self.reader.said.answered.append(place)
        else:
            choices = (WORKBOOK, PACKAGE)
            self.reader.said.questions.append(Question(kind, place, "", ", ".join(key), choices))
        return answer == WORKBOOK


class _Keyless:
    """Takes a table without a key: a row that is as it was is that row, any other a new one.

    What the workbook had from the beginning and the package has no more is gone, and what came
    into the package since stays.
    """

    def __init__(self, reader: RowReader, base: Base) -> None:
        table = reader.matched.table
        self.reader, self.file, self.is_based = reader, table.file, base.is_known
        self.was_there = Counter(base.digests.get(table.file.resource.name, {}).values())
        self.left: defaultdict[tuple[str, ...], list[Cells]] = defaultdict(list)
        for each in reversed(table.file.rows):
            texts = zip(table.columns, each.cells, strict=True)
            found = tuple(_as_text(column.shown(text)) for column, text in texts)
            self.left[found].append(each.cells)

    def taken(self) -> TakenTable:
        """What becomes of every row."""
        rows: list[Cells] = []
        new: list[SheetRow] = []
        later, asked = 0, len(self.reader.said.questions)
        for row in self.reader.rows():
            same = self.left.get(tuple(map(_as_text, row.cells)))
            is_there = bool(same)
            record = same.pop() if same else self.reader.read(row, None)
            if record is None:
                continue
            was_there = self._was_there(record)
            if was_there and not is_there:
                later += 1  # it went from the package since
                continue
            rows.append(record)
            if not is_there:
                new.append(row)
        left = [cells for each in self.left.values() for cells in each]
        here = [each for each in left if not self.is_based or self._was_there(each)]
        came = [*(Counter(left) - Counter(here)).elements()]
        if new and self.was_there.total() > 0:
            self._ask_about(new[0])
        if len(self.reader.said.questions) > asked:
            rows, here, came = [each.cells for each in self.file.rows], [], []
        gone = here[: max(len(here) - len(new), 0)]
        deleted = tuple(Deleted(self.file.resource.name, (), each) for each in gone)
        return TakenTable(self.file, (*rows, *came, *gone), deleted, later + len(came))

    def _was_there(self, record: Cells) -> bool:
        """Whether the workbook had such a record from the beginning, which is then counted."""
        found = self.was_there[digest(record)] > 0
        self.was_there[digest(record)] -= found
        return found

    def _ask_about(self, row: SheetRow) -> None:
        """Ask whether a changed row holds, as the package changed one too, perhaps the same."""
        place = self.reader.place(row.index, 0)
        if self.reader.said.answers.get(place) == WORKBOOK:
            self.reader.said.answered.append(place)
        else:
            value = shown(row.cells[0])
            self.reader.said.questions.append(
                Question("changed-since", place, "", value, (WORKBOOK,))
            )


def _as_text(cell: Cell | None) -> str:
    """What a cell shows of a text that it was made of."""
    if isinstance(cell, SheetValue):
        value = cell.value
        return number_text(value) if isinstance(value, int | float) else ""
    return one_line_end(cell or "")
