"""The tables as one Excel workbook, for those who open data in a spreadsheet.

Each table has a sheet: row 1 says what a column means, row 2 has its name and the filter buttons,
and both stay in view. Codes are text, days are dates, figures are numbers; text is never run as
a formula or turned into a link. In front stands a sheet that says what this is, behind the tables
one sheet lists the columns, and one the values of those that have a list, from which the
drop-downs are fed. A table that does not fit into a sheet is left out, and the first sheet says so.
"""

from __future__ import annotations

import datetime
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl
import xlsxwriter
import xlsxwriter.exceptions
from xlsxwriter.worksheet import Worksheet

from ycd_opendata.messages import mark, say, spoken
from ycd_opendata.package.model import Package, bilingual
from ycd_opendata.publishing.formats.front_sheets import (
    VALUES,
    Words,
    words,
    write_fields,
    write_readme,
    write_values,
)
from ycd_opendata.publishing.formats.sheet_cells import Formats, shown_width, write_text
from ycd_opendata.publishing.formats.stored_types import NO_NUMBERS, Column, Kind
from ycd_opendata.publishing.formats.stored_values import is_kept_by_a_sheet, literal
from ycd_opendata.publishing.formats.survey import Extent
from ycd_opendata.publishing.formats.table import (
    Batch,
    Table,
    TableWriter,
    WriteBatch,
    unique_names,
)

MOST_ROWS = 1_048_576
MOST_COLUMNS = 16_384
LONGEST_CELL = 32_767
"""What a sheet can hold; a cell's length is in UTF-16 units."""

LONGEST_NAME = 31
RESERVED = "history"
"""How long the name of a sheet may be, and the one that none may have."""

_HEADER_ROWS = 2
_NARROWEST, _WIDEST = 8, 50
_LOOKED_AT = 200
_MOST_WHOLE = 10**15
_EPOCH = datetime.date(1899, 12, 30)
_FIRST_DAY = datetime.date(1900, 3, 1)
"""Excel counts a 29 February 1900; from here on its days are those of the calendar."""


def does_not_fit(table: Table) -> str:
    """Why a table does not fit into a sheet; "" if it does."""
    return beyond_a_sheet(table.extent, len(table.schema.fields), _HEADER_ROWS)


def beyond_a_sheet(extent: Extent, columns: int, header_rows: int) -> str:
    """Why so much does not fit into a sheet, below some rows of header; "" if it does."""
    if extent.rows > (most := MOST_ROWS - header_rows):
        return say("{rows:,} rows, and a sheet has {most:,} for them", rows=extent.rows, most=most)
    if columns > (most := MOST_COLUMNS):
        return say("{columns:,} columns, and a sheet has {most:,}", columns=columns, most=most)
    if extent.longest_cell > (most := LONGEST_CELL):
        template = mark("a cell of {longest:,} characters, and a sheet holds {most:,}")
        return say(template, longest=extent.longest_cell, most=most)
    return ""


def sheet_names(tables: Sequence[Table], said: Words) -> dict[str, str]:
    """The name of each table's sheet: the table's own, as far as Excel lets it."""
    taken = (*said.sheets, RESERVED)
    names = unique_names((each.name for each in tables), taken, LONGEST_NAME)
    return dict(zip((each.name for each in tables), names, strict=True))


@contextmanager
def open_workbook(path: Path, package: Package, tables: Sequence[Table]) -> Iterator[TableWriter]:
    """Write a workbook of the tables that fit; the writer that this gives fills their sheets."""
    # What is put aside while sheets are written lies on the same disk.
    options = {"constant_memory": True, "use_zip64": True, "tmpdir": str(path.parent)}
    book = xlsxwriter.Workbook(path, options)
    try:
        created = _moment(package.created)
        book.set_properties({"title": package.title or package.name, "created": created})
        formats = Formats.of(book)
        said = words(package)
        names = sheet_names(tables, said)
        with spoken("en"):  # as all of a release is
            reasons = {each.name: does_not_fit(each) for each in tables}
        write_readme(book, formats, package, tables, names, reasons)
        sheets = {
            each.name: book.add_worksheet(names[each.name])
            for each in tables
            if not reasons[each.name]
        }
        write_fields(book, formats, tables, said)
        lists = write_values(book, formats, tables, said)

        @contextmanager
        def write_table(table: Table) -> Iterator[WriteBatch]:
            if table.name not in sheets:
                yield lambda _: None
                return
            sheet = _Sheet(sheets[table.name], table, formats, said)
            yield sheet.write
            sheet.finish(lists)

        yield write_table
    finally:
        try:
            book.close()
        except xlsxwriter.exceptions.FileCreateError as error:  # such as a full disk
            raise OSError(str(error)) from error


def _moment(created: str) -> datetime.datetime:
    """The moment that a workbook says it was made at: the package's day, or where ZIP begins."""
    try:
        day = datetime.date.fromisoformat(created[:10])
    except ValueError:
        day = datetime.date(1980, 1, 1)
    return datetime.datetime.combine(day, datetime.time())


WriteCell = Callable[[int, int, Any], object]


class _Double(float):
    """A number that xlsxwriter, which writes sixteen digits, writes with seventeen if need be."""

    def __format__(self, spec: str) -> str:
        text = super().__format__(spec)
        return text if float(text) == self else repr(float(self))


@dataclass
class _Sheet:
    """The sheet of one table while its rows are written."""

    sheet: Worksheet
    table: Table
    formats: Formats
    said: Words
    row: int = 0

    def write(self, batch: Batch) -> None:
        """Write the rows of a batch below those before."""
        if self.row == 0:
            self._start(batch.text.head(_LOOKED_AT))
        writers = [self._cell_writer(each) for each in self.table.columns]
        columns = [each.to_list() for each in batch.plain.get_columns()]
        for row, cells in enumerate(zip(*columns, strict=True), self.row):
            for column, (write, value) in enumerate(zip(writers, cells, strict=True)):
                if value is not None:
                    write(row, column, value)
        self.row += batch.text.height

    def _start(self, first: pl.DataFrame) -> None:
        """Widths and the two rows of the header; a streamed sheet takes them before its rows."""
        titles = [
            bilingual(each.raw, "title") + (f" [{each.unit}]" if each.unit else "")
            for each in self.table.schema.fields
        ]
        for column, (known, title) in enumerate(zip(self.table.columns, titles, strict=True)):
            shown = [title, known.name, *(first[known.name] if first.height else ())]
            width = min(max(map(shown_width, shown), default=0) + 3, _WIDEST)
            self.sheet.set_column(
                column, column, max(width, _NARROWEST), self.formats.of_kind(known.kind)
            )
        # A streamed sheet takes one row after the other.
        for column, title in enumerate(titles):
            write_text(self.sheet, 0, column, title, self.formats.title)
        for column, known in enumerate(self.table.columns):
            write_text(self.sheet, 1, column, known.name, self.formats.header)
        self.sheet.freeze_panes(_HEADER_ROWS, 0)
        # Codes of digits are text on purpose, so Excel need not mark them.
        self.sheet.ignore_errors({"number_stored_as_text": f"A1:XFD{MOST_ROWS}"})
        self.row = _HEADER_ROWS

    def finish(self, lists: Mapping[tuple[str, str], tuple[int, int]]) -> None:
        """The filter and the drop-downs, once the last row is known."""
        if self.row == 0:
            self._start(pl.DataFrame())
        last = len(self.table.schema.fields) - 1
        self.sheet.autofilter(1, 0, max(self.row - 1, 1), last)
        for column, field in enumerate(self.table.schema.fields):
            place = lists.get((self.table.name, field.name))
            if place is not None:
                first, end = place
                source = f"='{self.said(*VALUES)}'!$C${first + 1}:$C${end + 1}"
                self.sheet.data_validation(
                    _HEADER_ROWS, column, MOST_ROWS - 1, column,
                    {"validate": "list", "source": source},
                )  # fmt: skip

    def _cell_writer(self, known: Column) -> WriteCell:
        sheet, formats = self.sheet, self.formats

        def text(row: int, column: int, value: Any) -> None:
            write_text(sheet, row, column, str(value), formats.text)

        def whole(row: int, column: int, value: int) -> None:
            if abs(value) < _MOST_WHOLE:
                sheet.write_number(row, column, value)
            else:  # Excel keeps fifteen digits of a number
                text(row, column, value)

        def real(row: int, column: int, value: float) -> None:
            if math.isfinite(value):
                sheet.write_number(row, column, _Double(value))
            else:
                text(row, column, literal(value))

        def digits(row: int, column: int, value: str) -> None:
            if value not in NO_NUMBERS and is_kept_by_a_sheet(value):
                sheet.write_number(row, column, float(value))
            else:
                text(row, column, value)

        def day(row: int, column: int, value: datetime.date) -> None:
            if value >= _FIRST_DAY:
                sheet.write_number(row, column, (value - _EPOCH).days, formats.day)
            else:
                text(row, column, value)

        writers: dict[Kind, WriteCell] = {
            Kind.WHOLE: whole,
            Kind.REAL: real,
            Kind.DIGITS: digits,
            Kind.BOOLEAN: sheet.write_boolean,
            Kind.DAY: day,
        }
        return writers.get(known.kind, text)
