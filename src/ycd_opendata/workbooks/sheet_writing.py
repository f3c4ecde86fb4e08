"""Writing the sheets of tables: those to edit, and those that are computed and locked.

Texts, codes and dates are text cells, so that no program makes anything else of them. A number is
a number cell where the digits of its cell come back from one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ycd_opendata.publishing.formats.sheet_cells import write_text
from ycd_opendata.publishing.formats.workbook import MOST_ROWS
from ycd_opendata.repairs.sheet_values import number_text
from ycd_opendata.workbooks.book_looks import Looks, finish, write_header
from ycd_opendata.workbooks.derived_sheets import DerivedSheet
from ycd_opendata.workbooks.sheet_words import said
from ycd_opendata.workbooks.table_sheets import HEADER_ROWS, LISTS, SheetColumn, TableSheet

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

_MOST_LISTED = 32_767
"""A drop-down shows no more."""
_LONGEST_MESSAGE = 255
_NUMBERS = ("integer", "number")
_BOOLEANS = ("true", "false")


def as_number(text: str) -> float | None:
    """The number that a cell holds instead of a text; None where the text would not come back.

    Examples
    --------
    >>> as_number("12.5"), as_number("12.50"), as_number("007")
    (12.5, None, None)
    """
    try:
        number = float(text)
    except ValueError:
        return None
    return number if abs(number) < 10**15 and number_text(number) == text else None


def write_table_sheet(
    sheet: Worksheet, table: TableSheet, looks: Looks, lists: Lists, lang: str
) -> None:
    """Write the sheet of a table that can be edited."""
    rows = table.file.rows
    for at, column in enumerate(table.columns):
        is_number = column.field.type in _NUMBERS
        shown = [column.shown(row.cells[at]) for row in rows]
        texts = (column.title, _meaning(column, table, lang), column.field.name)
        write_header(sheet, at, texts, shown, looks, looks.number if is_number else looks.text)
        for row, text in enumerate(shown, HEADER_ROWS):
            number = as_number(text) if is_number else None
            if number is None:
                write_text(sheet, row, at, text, looks.text)
            else:
                sheet.write_number(row, at, number, looks.number)
        add_choices(sheet, at, column, lists, lang)
    finish(sheet, len(table.columns), len(rows))


def _meaning(column: SheetColumn, table: TableSheet, lang: str) -> str:
    is_key = column.field.name in table.file.schema.primary_key
    mark = "key" if is_key else "required" if column.field.required else ""
    return " ".join(each for each in (said(mark, lang) if mark else "", column.meaning) if each)


def add_choices(sheet: Worksheet, at: int, column: SheetColumn, lists: Lists, lang: str) -> None:
    """Let the cells of a column be chosen from a drop-down, if it has choices."""
    values: Iterable[str] = ()
    if column.choices is not None:
        values = map(column.choices.shown, column.choices.names)
    elif column.field.type == "boolean":
        words = (column.field.raw.get(each) for each in ("trueValues", "falseValues"))
        values = (str((each or [usual])[0]) for each, usual in zip(words, _BOOLEANS, strict=True))
    source = lists.add([*values])
    if not source:
        return
    sheet.data_validation(
        HEADER_ROWS, at, MOST_ROWS - 1, at,
        {
            "validate": "list",
            "source": source,
            # A record that was added a moment ago is not on the list yet.
            "error_type": "warning",
            "error_title": said("not_listed_title", lang),
            "error_message": said("not_listed", lang)[:_LONGEST_MESSAGE],
        },
    )  # fmt: skip


def write_locked_sheet(sheet: Worksheet, table: DerivedSheet, looks: Looks) -> None:
    """Write the sheet of a table that is computed: to look at, and to filter."""
    for at, column in enumerate(table.columns):
        cells = [row[at] for row in table.rows]
        texts = (column.title, column.meaning, column.field.name)
        write_header(sheet, at, texts, cells, looks, looks.locked)
        for row, text in enumerate(cells, HEADER_ROWS):
            write_text(sheet, row, at, text, looks.locked)
    finish(sheet, len(table.columns), len(table.rows))
    sheet.protect("", {"autofilter": True, "format_columns": True})


@dataclass
class Lists:
    """The hidden sheet that drop-downs are fed from, a column a list; equal lists are one."""

    sheet: Worksheet
    looks: Looks

    def __post_init__(self) -> None:
        self._known: dict[tuple[str, ...], str] = {}

    def add(self, values: list[str]) -> str:
        """Where a list stands; "" if there is none, or a drop-down could not show it."""
        from xlsxwriter.utility import xl_col_to_name

        if not 0 < len(values) <= _MOST_LISTED:
            return ""
        key = tuple(values)
        if key not in self._known:
            at = len(self._known)
            for row, each in enumerate(values):
                write_text(self.sheet, row, at, each, self.looks.text)
            letters = xl_col_to_name(at, col_abs=True)
            self._known[key] = f"='{LISTS}'!{letters}$1:{letters}${len(values)}"
        return self._known[key]
