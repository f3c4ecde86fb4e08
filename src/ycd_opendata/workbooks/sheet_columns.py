"""Reading the cells of one column of a sheet: as they were, mended, or to be asked about."""

from __future__ import annotations

from dataclasses import dataclass

from ycd_opendata.package.model import Schema
from ycd_opendata.package.tables.foreign import missing_text
from ycd_opendata.repairs.mending import Mended, Mender, Unsure
from ycd_opendata.repairs.sheet_values import Cell
from ycd_opendata.validation.lawful import lawful_cells
from ycd_opendata.workbooks.choices import BETWEEN
from ycd_opendata.workbooks.sheet_writing import as_number
from ycd_opendata.workbooks.table_sheets import SheetColumn


@dataclass(frozen=True)
class Read:
    """What a cell is: a text, with what was mended (""), or None and why it cannot be known."""

    text: str | None
    kind: str = ""
    choices: tuple[str, ...] = ()


class ColumnReader:
    """Reads the cells of a column."""

    def __init__(self, column: SheetColumn, schema: Schema) -> None:
        self.column = column
        self.missing = missing_text(column.field, schema)
        self.is_valid = lawful_cells(column.field, schema, strict=False)
        strictly = lawful_cells(column.field, schema, strict=True)
        named = {} if column.choices is None else column.choices.values_by_name
        names = {name: values[0] for name, values in named.items() if len(values) == 1}
        self._mender = Mender(column.field, strictly, self.is_valid, names, self.missing)
        self._known: dict[Cell, Read] = {}

    def read(self, cell: Cell, was: str | None) -> Read:
        """What a cell is; ``was`` is its text in the package, if there is one."""
        if was is not None and self._shows(cell, was):
            return Read(was)
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

    def _read(self, cell: Cell) -> Read:
        if cell == "":
            is_fine = self.is_valid(self.missing)
            return Read(self.missing) if is_fine else Read(None, "required")
        if isinstance(cell, str):
            cell = one_line_end(cell)
        values = self._values(cell.strip()) if isinstance(cell, str) else None
        if values is not None and len(values) != 1:
            return Read(None, "names", values)
        if values and values[0] != cell:
            has_name = isinstance(cell, str) and BETWEEN.strip() in cell
            return Read(values[0], "" if has_name else "labels")
        found = self._mender.mend(cell)
        match found:
            case Mended():
                return Read(found.text, found.kind)
            case Unsure():
                return Read(None, found.kind, found.choices)


def one_line_end(text: str) -> str:
    """A text with the one kind of line end that a sheet has."""
    return text.replace("\r\n", "\n").replace("\r", "\n")
