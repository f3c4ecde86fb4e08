"""Writing the workbook to edit: deterministic, and with nothing in it that a program computes.

Texts, codes and dates are text cells, so that no program makes anything else of them. A number is
a number cell where the digits of its cell come back from one.
"""

from __future__ import annotations

import datetime
import io
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ycd_opendata.package.model import Package
from ycd_opendata.publishing.atomic_writing import write_atomically
from ycd_opendata.publishing.formats.sheet_cells import write_text
from ycd_opendata.publishing.formats.workbook import MOST_ROWS
from ycd_opendata.repairs.sheet_values import number_text
from ycd_opendata.site.wording import Wording
from ycd_opendata.workbooks.sheet_words import said
from ycd_opendata.workbooks.table_sheets import (
    BASE,
    HEADER_ROWS,
    LISTS,
    README,
    Layout,
    SheetColumn,
    TableSheet,
    digest,
)

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

_NARROWEST, _WIDEST = 9, 48
_LOOKED_AT = 200
_MOST_LISTED = 32_767
"""A drop-down shows no more."""
_LONGEST_MESSAGE = 255
_NUMBERS = ("integer", "number")
_BOOLEANS = ("true", "false")


@dataclass(frozen=True)
class _Looks:
    """How cells look."""

    text: Format
    number: Format
    title: Format
    meaning: Format
    name: Format
    heading: Format
    wrapped: Format
    locked: Format

    @classmethod
    def of(cls, book: Workbook) -> _Looks:
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
        )


def write_workbook(path: Path, package: Package, plan: Layout) -> None:
    """Write the workbook of a layout; the file is there when it is whole.

    Raises
    ------
    OSError
        It cannot be written.
    """
    import xlsxwriter

    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    book.set_properties(
        {"title": package.title or package.name, "created": datetime.datetime(1980, 1, 1)}
    )
    looks = _Looks.of(book)
    _write_readme(book, looks, package, plan)
    lists = _Lists(book.add_worksheet(LISTS), looks)
    for each in plan.sheets:
        _write_sheet(book.add_worksheet(each.name), each, looks, lists, plan.lang)
    _write_base(book.add_worksheet(BASE), package, plan, looks)
    lists.sheet.hide()
    book.get_worksheet_by_name(BASE).hide()
    book.close()
    write_atomically(path, buffer.getvalue())


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


def _write_sheet(
    sheet: Worksheet, table: TableSheet, looks: _Looks, lists: _Lists, lang: str
) -> None:
    rows = table.file.rows
    for at, column in enumerate(table.columns):
        is_number = column.field.type in _NUMBERS
        shown = [column.shown(row.cells[at]) for row in rows]
        texts = [column.title, column.field.name, *shown[:_LOOKED_AT]]
        width = min(max(map(_shown_width, texts)) + 3, _WIDEST)
        sheet.set_column(at, at, max(width, _NARROWEST), looks.number if is_number else looks.text)
        write_text(sheet, 0, at, column.title, looks.title)
        write_text(sheet, 1, at, _meaning(column, table, lang), looks.meaning)
        write_text(sheet, 2, at, column.field.name, looks.name)
        for row, text in enumerate(shown, HEADER_ROWS):
            number = as_number(text) if is_number else None
            if number is None:
                write_text(sheet, row, at, text, looks.text)
            else:
                sheet.write_number(row, at, number, looks.number)
        _add_choices(sheet, at, column, lists, lang)
    sheet.set_row(1, 52)
    sheet.freeze_panes(HEADER_ROWS, 1)
    sheet.autofilter(HEADER_ROWS - 1, 0, HEADER_ROWS - 1 + len(rows), len(table.columns) - 1)
    # Codes of digits are text on purpose, so Excel need not mark them.
    sheet.ignore_errors({"number_stored_as_text": f"A1:XFD{MOST_ROWS}"})


def _meaning(column: SheetColumn, table: TableSheet, lang: str) -> str:
    is_key = column.field.name in table.file.schema.primary_key
    mark = "key" if is_key else "required" if column.field.required else ""
    return " ".join(each for each in (said(mark, lang) if mark else "", column.meaning) if each)


def _add_choices(sheet: Worksheet, at: int, column: SheetColumn, lists: _Lists, lang: str) -> None:
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


@dataclass
class _Lists:
    """The hidden sheet that drop-downs are fed from, a column a list; equal lists are one."""

    sheet: Worksheet
    looks: _Looks

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


def _write_readme(book: Workbook, looks: _Looks, package: Package, plan: Layout) -> None:
    sheet = book.add_worksheet(README[plan.lang])
    sheet.set_column(0, 0, 28)
    sheet.set_column(1, 1, 28)
    sheet.set_column(2, 2, 90)
    title = Wording(plan.lang).translated(package.raw, "title")
    heading = title.text if title else package.title or package.name
    write_text(sheet, 0, 0, f"{heading} {package.version}".strip(), looks.heading)
    row = 2
    for line in said("rules", plan.lang).split("\n"):
        write_text(sheet, row, 2, line, looks.wrapped)
        row += 1
    row += 1
    for at, key in enumerate(("sheet", "title", "meaning")):
        write_text(sheet, row, at, said(key, plan.lang), looks.title)
    for each in plan.sheets:
        row += 1
        sheet.write_url(row, 0, f"internal:'{each.name}'!A1", string=each.name)
        write_text(sheet, row, 1, each.title, looks.wrapped)
        write_text(sheet, row, 2, each.meaning, looks.wrapped)
    for name, reason in plan.left_out.items():
        row += 1
        write_text(sheet, row, 0, name, looks.wrapped)
        write_text(sheet, row, 1, said("left_out", plan.lang), looks.wrapped)
        write_text(sheet, row, 2, reason, looks.wrapped)


def _write_base(sheet: Worksheet, package: Package, plan: Layout, looks: _Looks) -> None:
    """What the records were when the workbook was made, so that later changes are told apart."""
    facts: Mapping[str, str] = {"package": package.name, "version": package.version}
    row = 0
    for name, text in facts.items():
        write_text(sheet, row, 0, name, looks.text)
        write_text(sheet, row, 1, text, looks.text)
        row += 1
    for table in plan.sheets:
        places = table.key_places
        for record in table.file.rows if places else ():
            key = json.dumps([record.cells[at] for at in places], ensure_ascii=False)
            write_text(sheet, row, 0, table.file.resource.name, looks.text)
            write_text(sheet, row, 1, key, looks.text)
            write_text(sheet, row, 2, digest(record.cells), looks.text)
            row += 1


def _shown_width(text: str) -> int:
    """How many columns of a screen a text takes, about: a Chinese character takes two."""
    return len(text) + sum(each > "\u2e7f" for each in text)
