"""How the cells of a workbook to edit look, and how wide its columns are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ycd_opendata.publishing.formats.sheet_cells import write_text
from ycd_opendata.publishing.formats.workbook import MOST_ROWS
from ycd_opendata.workbooks.table_sheets import HEADER_ROWS

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

_NARROWEST, _WIDEST = 9, 48
_HEIGHT_OF_MEANINGS = 52
_LOOKED_AT = 200


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
    width = max(map(_shown_width, (title, name, *cells[:_LOOKED_AT]))) + 3
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


def _shown_width(text: str) -> int:
    """How many columns of a screen a text takes, about: a Chinese character takes two."""
    return len(text) + sum(each > "\u2e7f" for each in text)
