"""Writing the workbook to edit: deterministic, and with nothing in it that a program computes."""

from __future__ import annotations

import datetime
import io
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ycd_opendata.package.model import Package
from ycd_opendata.publishing.atomic_writing import write_atomically
from ycd_opendata.publishing.formats.sheet_cells import write_text
from ycd_opendata.site.wording import Wording
from ycd_opendata.suggestion import Suggestion
from ycd_opendata.workbooks.book_looks import Looks
from ycd_opendata.workbooks.derived_sheets import DerivedSheet
from ycd_opendata.workbooks.sheet_words import said
from ycd_opendata.workbooks.sheet_writing import Lists, write_locked_sheet, write_table_sheet
from ycd_opendata.workbooks.suggestion_sheets import (
    SuggestionSheet,
    edit_as_text,
    write_suggestion_sheet,
)
from ycd_opendata.workbooks.table_sheets import (
    BASE,
    LANGUAGE,
    LISTS,
    OFFERED,
    README,
    Layout,
    digest,
)

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet


def write_workbook(
    path: Path,
    package: Package,
    plan: Layout,
    derived: Sequence[DerivedSheet] = (),
    suggestions: SuggestionSheet | None = None,
) -> None:
    """Write the workbook of a layout; the file is there when it is whole.

    Parameters
    ----------
    derived : sequence of DerivedSheet
        Tables that are computed, to look at.
    suggestions : SuggestionSheet or None
        What can be accepted in it.

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
    looks = Looks.of(book)
    further = [] if suggestions is None else [_listed(suggestions)]
    further += (_listed(each, said("computed", plan.lang)) for each in derived)
    _write_readme(book, looks, package, plan, further)
    lists = Lists(book.add_worksheet(LISTS), looks)
    for each in plan.sheets:
        write_table_sheet(book.add_worksheet(each.name), each, looks, lists, plan.lang)
    if suggestions is not None:
        sheet = book.add_worksheet(suggestions.name)
        write_suggestion_sheet(sheet, suggestions, looks, lists, plan.lang)
    for computed in derived:
        write_locked_sheet(book.add_worksheet(computed.name), computed, looks)
    offered = () if suggestions is None else suggestions.suggestions
    _write_base(book.add_worksheet(BASE), package, plan, offered, looks)
    lists.sheet.hide()
    book.get_worksheet_by_name(BASE).hide()
    book.close()
    write_atomically(path, buffer.getvalue())


def _listed(each: DerivedSheet | SuggestionSheet, mark: str = "") -> tuple[str, str, str]:
    return each.name, each.title, f"{mark} {each.meaning}".strip()


def _write_readme(
    book: Workbook,
    looks: Looks,
    package: Package,
    plan: Layout,
    further: Sequence[tuple[str, str, str]],
) -> None:
    sheet = book.add_worksheet(README[plan.lang])
    sheet.set_column(0, 0, 28)
    sheet.set_column(1, 1, 28)
    sheet.set_column(2, 2, 90)
    own = Wording(plan.lang).translated(package.raw, "title")
    heading = own.text if own else package.title or package.name
    write_text(sheet, 0, 0, f"{heading} {package.version}".strip(), looks.heading)
    row = 2
    for line in said("rules", plan.lang).split("\n"):
        write_text(sheet, row, 2, line, looks.wrapped)
        row += 1
    row += 1
    for at, key in enumerate(("sheet", "title", "meaning")):
        write_text(sheet, row, at, said(key, plan.lang), looks.title)
    listed = [(each.name, each.title, each.meaning) for each in plan.sheets]
    for name, title, meaning in (*listed, *further):
        row += 1
        sheet.write_url(row, 0, f"internal:'{name}'!A1", string=name)
        write_text(sheet, row, 1, title, looks.wrapped)
        write_text(sheet, row, 2, meaning, looks.wrapped)
    for name, reason in plan.left_out.items():
        row += 1
        write_text(sheet, row, 0, name, looks.wrapped)
        write_text(sheet, row, 1, said("left_out", plan.lang), looks.wrapped)
        write_text(sheet, row, 2, reason, looks.wrapped)


def _write_base(
    sheet: Worksheet,
    package: Package,
    plan: Layout,
    offered: Sequence[Suggestion],
    looks: Looks,
) -> None:
    """What the records were when the workbook was made, so that later changes are told apart."""
    facts: Mapping[str, str] = {
        "package": package.name,
        "version": package.version,
        LANGUAGE: plan.lang,
    }
    row = 0
    for name, text in facts.items():
        write_text(sheet, row, 0, name, looks.text)
        write_text(sheet, row, 1, text, looks.text)
        row += 1
    for table in plan.sheets:
        places = table.key_places
        for number, record in enumerate(table.file.rows):
            values = [record.cells[at] for at in places]
            key = json.dumps(values, ensure_ascii=False) if places else f"#{number}"
            write_text(sheet, row, 0, table.file.resource.name, looks.text)
            write_text(sheet, row, 1, key, looks.text)
            write_text(sheet, row, 2, digest(record.cells), looks.text)
            row += 1
    for suggestion in offered:
        for at, text in enumerate((OFFERED, suggestion.name, edit_as_text(suggestion))):
            write_text(sheet, row, at, text, looks.text)
        row += 1
