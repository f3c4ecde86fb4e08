"""Reading the rows of one sheet, with what was mended in them and what has to be asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ycd_opendata.package.model import Schema
from ycd_opendata.repairs.mending import Meant, Repair
from ycd_opendata.repairs.sheet_values import Cell
from ycd_opendata.shown import shortened
from ycd_opendata.validation.cell_mender import mender_of
from ycd_opendata.workbooks.choices import BETWEEN
from ycd_opendata.workbooks.matching import Matched, cell_place
from ycd_opendata.workbooks.sheet_writing import as_number
from ycd_opendata.workbooks.table_sheets import SheetColumn

Cells = tuple[str, ...]
Key = tuple[str, ...]

_LONGEST_SHOWN = 60


class ColumnReader:
    """Reads the cells of a column."""

    def __init__(self, column: SheetColumn, schema: Schema) -> None:
        self.column = column
        self.missing = schema.missing_text_of(column.field)
        named = {} if column.choices is None else column.choices.values_by_name
        names = {name: values[0] for name, values in named.items() if len(values) == 1}
        self._mender = mender_of(column.field, schema, names, self.missing)
        self.is_valid = self._mender.is_valid
        self._known: dict[Cell, Meant] = {}

    def read(self, cell: Cell, was: str | None) -> Meant:
        """What a cell is; ``was`` is its text in the package, if there is one."""
        if was is not None and self._shows(cell, was):
            return Meant(was)
        known = self._known.get(cell)
        if known is None or type(cell) is not str:  # True and 1 are equal
            known = self._known[cell] = self._read(cell)
        return known

    def text_of(self, shown: str) -> str:
        """The value of what a person has written, with its name or without."""
        values = self._values(shown)
        return values[0] if values is not None and len(values) == 1 else shown

    def _values(self, shown: str) -> tuple[str, ...] | None:
        return None if self.column.choices is None else self.column.choices.values_of(shown)

    def _shows(self, cell: Cell, text: str) -> bool:
        if isinstance(cell, str):
            lines = one_line_end(cell)
            return lines == one_line_end(text) or lines == one_line_end(self.column.shown(text))
        is_number = isinstance(cell.value, int | float) and not isinstance(cell.value, bool)
        return is_number and "%" not in cell.form and as_number(text) == cell.value

    def _read(self, cell: Cell) -> Meant:
        if cell == "":
            is_fine = self.is_valid(self.missing)
            return Meant(self.missing) if is_fine else Meant(None, "required")
        if isinstance(cell, str):
            cell = one_line_end(cell)
        values = self._values(cell.strip()) if isinstance(cell, str) else None
        if values is not None and len(values) != 1:
            return Meant(None, "names", values)
        if values and values[0] != cell:
            has_name = isinstance(cell, str) and BETWEEN.strip() in cell
            return Meant(values[0], "" if has_name else "labels")
        return self._mender.mend(cell)


def one_line_end(text: str) -> str:
    """A text with the one kind of line end that a sheet has."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


@dataclass(frozen=True)
class Question:
    """What cannot be known of a cell, or of a record, where ``field`` is "".

    ``choices`` are what it may be; any other text that the field allows is an answer too.
    """

    kind: str
    place: str
    field: str
    value: str
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class SheetRow:
    """A row that is not blank: its index, and a cell for each column of the table.

    A cell is None where the sheet does not have its column.
    """

    index: int
    cells: Sequence[Cell | None]


@dataclass
class Said:
    """What is said of a sheet: what was mended, what is asked, and which answers were of use.

    ``answers`` are texts by the place of the question; ``troubles`` are what could not be done.
    """

    answers: Mapping[str, str]
    repairs: list[Repair] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    answered: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)

    def note(self, read: Meant, place: str, name: str, cell: Cell | None) -> str | None:
        """The text of a cell, of which it is noted that it was mended; None if it is asked for."""
        if read.text is None:
            self.questions.append(Question(read.kind, place, name, shown(cell), read.choices))
        elif read.kind:
            self.repairs.append(Repair(read.kind, place, shown(cell), read.text))
        return read.text


class RowReader:
    """Reads the rows of one sheet."""

    def __init__(self, matched: Matched, said: Said) -> None:
        self.matched, self.said = matched, said
        table = matched.table
        self.columns = [ColumnReader(each, table.file.schema) for each in table.columns]
        self._places = [matched.header.places.get(each) for each in table.file.columns]

    def rows(self) -> list[SheetRow]:
        """The rows below the header that are not blank; of the others it is noted that they are."""
        found: list[SheetRow] = []
        first = self.matched.header.row + 1
        for index, row in enumerate(self.matched.sheet.rows[first:], first):
            cells = [
                None if at is None else row[at] if at < len(row) else "" for at in self._places
            ]
            if all(each is None or (isinstance(each, str) and not each.strip()) for each in cells):
                self.said.repairs.append(Repair("blank-rows", self.place(index, 0)))
            else:
                found.append(SheetRow(index, cells))
        return found

    def place(self, row: int, at: int) -> str:
        """Where a cell of a row stands, such as ``targets!H12``."""
        return cell_place(self.matched.sheet.name, row, self._places[at] or 0)

    def read(self, row: SheetRow, old: Cells | None) -> Cells | None:
        """The texts of a row; None where there is a question, which is noted.

        ``old`` is the record as the package has it, if it does.
        """
        texts = []
        for at, column in enumerate(self.columns):
            found = self._cell(row, at, None if old is None else old[at])
            if found.text is not None and not found.kind:
                texts.append(found.text)
                continue
            place, name = self.place(row.index, at), column.column.field.name
            text = self.said.note(found, place, name, row.cells[at])
            texts += [] if text is None else [text]
        return tuple(texts) if len(texts) == len(self.columns) else None

    def _cell(self, row: SheetRow, at: int, was: str | None) -> Meant:
        cell, column = row.cells[at], self.columns[at]
        if cell is None:
            return Meant(column.missing if was is None else was)
        found = column.read(cell, was)
        if found.text is not None:
            return found
        place = self.place(row.index, at)
        answer = self.said.answers.get(place)
        if answer is None or not column.is_valid(column.text_of(answer)):
            return found
        self.said.answered.append(place)
        return Meant(column.text_of(answer))

    def key(self, row: SheetRow, known: Mapping[Key, Cells]) -> Key | None:
        """The key of a row; None where a part of it cannot be known."""
        places = self.matched.table.key_places
        cells = ((row.cells[at], self.columns[at]) for at in places)
        as_shown = tuple(
            column.text_of(cell) if isinstance(cell, str) else "" for cell, column in cells
        )
        if as_shown in known:
            return as_shown
        parts = [self._cell(row, at, None).text for at in places]
        texts = tuple(each for each in parts if each is not None)
        return texts if len(texts) == len(parts) else None


def shown(cell: Cell | None) -> str:
    """A cell as a message shows it."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        text = cell
    else:
        text = cell.shown or ("" if cell.value is None else str(cell.value))
        text = text.removesuffix(" 00:00:00")
    return shortened(text, _LONGEST_SHOWN)
