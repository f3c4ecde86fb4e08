"""Writing the sheets of tables: those to edit, and those that are computed and locked.

Texts, codes and dates are text cells, so that no program makes anything else of them. A number is
a number cell where the digits of its cell come back from one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from ycd_opendata.messages import mark, say
from ycd_opendata.publishing.formats.sheet_cells import shown_width, write_text
from ycd_opendata.publishing.formats.workbook import MOST_ROWS
from ycd_opendata.repairs.sheet_values import number_text
from ycd_opendata.workbooks.table_sheets import (
    HEADER_ROWS,
    LISTS,
    DerivedSheet,
    SheetColumn,
    TableSheet,
)

_NARROWEST, _WIDEST = 9, 48
_HEIGHT_OF_MEANINGS = 52
_LOOKED_AT = 200
_MOST_LISTED = 32_767
"""A drop-down shows no more."""
_LONGEST_MESSAGE = 255
_NOT_LISTED = mark(
    "The value is not on the list. If it is the id of a record that you have just added, go on."
)
_BOOLEANS = ("true", "false")


@dataclass(frozen=True)
class Looks:
    """How cells look."""

    text: Format
    number: Format
    title: Format
    meaning: Format
    name: Format
    heading: Format
    wrapped: Format
    locked: Format
    asked: Format

    @classmethod
    def of(cls, book: Workbook) -> Looks:
        """The looks, as a workbook knows them."""
        shaded = {"bg_color": "#E8EEF4", "num_format": "@", "valign": "top"}
        small = {**shaded, "font_size": 9, "font_color": "#555555"}
        return cls(
            text=book.add_format({"num_format": "@"}),
            number=book.add_format({"num_format": "General"}),
            title=book.add_format({**shaded, "bold": True}),
            meaning=book.add_format({**small, "text_wrap": True}),
            name=book.add_format({**small, "bottom": 1, "font_name": "Courier New"}),
            heading=book.add_format({"bold": True, "font_size": 14}),
            wrapped=book.add_format({"text_wrap": True, "valign": "top", "num_format": "@"}),
            locked=book.add_format({"num_format": "@", "font_color": "#555555", "locked": True}),
            asked=book.add_format(
                {"num_format": "@", "bg_color": "#FFF6D6", "valign": "top", "text_wrap": True}
            ),
        )


def write_header(
    sheet: Worksheet,
    at: int,
    texts: tuple[str, str, str],
    cells: Sequence[str],
    looks: Looks,
    look: Format,
) -> None:
    """The title, the meaning and the name of a column, which is as wide as its first cells need.

    ``look`` is that of its cells, those that a person adds included.
    """
    title, meaning, name = texts
    width = max(map(shown_width, (title, name, *cells[:_LOOKED_AT]))) + 3
    sheet.set_column(at, at, min(max(width, _NARROWEST), _WIDEST), look)
    for row, (text, own) in enumerate(
        ((title, looks.title), (meaning, looks.meaning), (name, looks.name))
    ):
        write_text(sheet, row, at, text, own)


def finish(sheet: Worksheet, columns: int, rows: int) -> None:
    """Keep the header in view, and put the buttons of the filter below it."""
    sheet.set_row(1, _HEIGHT_OF_MEANINGS)
    sheet.freeze_panes(HEADER_ROWS, 1)
    sheet.autofilter(HEADER_ROWS - 1, 0, HEADER_ROWS - 1 + rows, columns - 1)
    # Codes of digits are text on purpose, so Excel need not mark them.
    sheet.ignore_errors({"number_stored_as_text": f"A1:XFD{MOST_ROWS}"})


def as_number(text: str) -> float | None:
    """The number that a cell holds instead of a text; None where the text would not come back.

    Examples
    --------
    >>> as_number("12.5"), as_number("12.50"), as_number("007")
    (12.5, None, None)
    >>> as_number("0.30000000000000004")  # a sheet keeps fifteen digits
    """
    try:
        number = float(text)
    except ValueError:
        return None
    is_kept = abs(number) < 10**15 and float(f"{number:.15g}") == number
    return number if is_kept and number_text(number) == text else None


def write_table_sheet(sheet: Worksheet, table: TableSheet, looks: Looks, lists: Lists) -> None:
    """Write the sheet of a table that can be edited."""
    rows = table.file.rows
    for at, column in enumerate(table.columns):
        is_number = column.field.is_number
        shown = [column.shown(row.cells[at]) for row in rows]
        texts = (column.title, _meaning(column, table), column.field.name)
        write_header(sheet, at, texts, shown, looks, looks.number if is_number else looks.text)
        for row, text in enumerate(shown, HEADER_ROWS):
            number = as_number(text) if is_number else None
            if number is None:
                write_text(sheet, row, at, text, looks.text)
            else:
                sheet.write_number(row, at, number, looks.number)
        add_choices(sheet, at, column, lists)
    finish(sheet, len(table.columns), len(rows))


def _meaning(column: SheetColumn, table: TableSheet) -> str:
    is_key = column.field.name in table.file.schema.primary_key
    prefix = say("[key]") if is_key else say("[required]") if column.field.required else ""
    return f"{prefix} {column.meaning}".strip()


def add_choices(sheet: Worksheet, at: int, column: SheetColumn, lists: Lists) -> None:
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
            "error_title": say("Not on the list"),
            "error_message": say(_NOT_LISTED)[:_LONGEST_MESSAGE],
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
