"""Writing the workbook to edit: deterministic, and with nothing in it that a program computes."""

from __future__ import annotations

import datetime
import io
from collections.abc import Sequence
from pathlib import Path

import xlsxwriter
from xlsxwriter import Workbook

from ycd_opendata.messages import mark, say, spoken
from ycd_opendata.package.model import Package
from ycd_opendata.publishing.formats.sheet_cells import write_text
from ycd_opendata.publishing.moving import write_atomically
from ycd_opendata.site.wording import Wording
from ycd_opendata.workbooks.base_sheet import write_base
from ycd_opendata.workbooks.sheet_writing import Lists, Looks, write_locked_sheet, write_table_sheet
from ycd_opendata.workbooks.suggestion_sheets import SuggestionSheet, write_suggestion_sheet
from ycd_opendata.workbooks.table_sheets import BASE, LISTS, README, DerivedSheet, Layout

_RULES = (
    mark(
        "Each table has a sheet. Row 1 has the titles, row 2 what the columns mean, row 3 the "
        "names of the fields: leave row 3 as it is, the way back goes by it."
    ),
    mark(
        "Change cells, add rows at the end, delete rows; the order of rows and of columns does "
        "not matter."
    ),
    mark(
        "Write dates as 2022, 2022-05 or 2022-05-01, as precise as the source is. The cells are "
        "text, so no program changes them."
    ),
    mark("Where a cell has a drop-down, choose from it, or write what stands before the dot."),
    mark("When you are done, save the file and run: ycd take FILE"),
)


def write_workbook(
    path: Path,
    package: Package,
    plan: Layout,
    derived: Sequence[DerivedSheet] = (),
    suggestions: SuggestionSheet | None = None,
) -> None:
    """Write the workbook of a layout; the file is there when it is whole.

    ``derived`` are tables that are computed, to look at; ``suggestions`` can be accepted in it.
    """
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    book.set_properties(
        {"title": package.title or package.name, "created": datetime.datetime(1980, 1, 1)}
    )
    looks = Looks.of(book)
    with spoken(plan.lang):
        listed = [(each.name, each.title, each.meaning) for each in plan.sheets]
        if suggestions is not None:
            listed.append((suggestions.name, suggestions.title, suggestions.meaning))
        computed = say("[computed, locked]")
        listed += ((each.name, each.title, f"{computed} {each.meaning}") for each in derived)
        _write_readme(book, looks, package, plan, listed)
        lists = Lists(book.add_worksheet(LISTS), looks)
        for each in plan.sheets:
            write_table_sheet(book.add_worksheet(each.name), each, looks, lists)
        if suggestions is not None:
            sheet = book.add_worksheet(suggestions.name)
            write_suggestion_sheet(sheet, suggestions, looks, lists)
    for table in derived:
        write_locked_sheet(book.add_worksheet(table.name), table, looks)
    base = book.add_worksheet(BASE)
    write_base(base, package, plan, suggestions.suggestions if suggestions else (), looks)
    lists.sheet.hide()
    base.hide()
    book.close()
    write_atomically(path, buffer.getvalue())


def _write_readme(
    book: Workbook,
    looks: Looks,
    package: Package,
    plan: Layout,
    listed: Sequence[tuple[str, str, str]],
) -> None:
    sheet = book.add_worksheet(README[plan.lang])
    for at, width in enumerate((28, 28, 90)):
        sheet.set_column(at, at, width)
    own = Wording(plan.lang).translated(package.raw, "title")
    heading = own.text if own else package.title or package.name
    write_text(sheet, 0, 0, f"{heading} {package.version}".strip(), looks.heading)
    for row, line in enumerate(_RULES, 2):
        write_text(sheet, row, 2, say(line), looks.wrapped)
    start = len(_RULES) + 3
    for at, text in enumerate((say("sheet"), say("title"), say("what it holds"))):
        write_text(sheet, start, at, text, looks.title)
    for row, (name, title, meaning) in enumerate(listed, start + 1):
        sheet.write_url(row, 0, f"internal:'{name}'!A1", string=name)
        write_text(sheet, row, 1, title, looks.wrapped)
        write_text(sheet, row, 2, meaning, looks.wrapped)
    for row, (name, reason) in enumerate(plan.left_out.items(), start + 1 + len(listed)):
        for at, text in enumerate((name, say("not in this workbook"), reason)):
            write_text(sheet, row, at, text, looks.wrapped)
