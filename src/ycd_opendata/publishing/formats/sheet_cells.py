"""Cells of a workbook: how each kind looks, and text that stays text."""

from __future__ import annotations

from dataclasses import dataclass

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from ycd_opendata.publishing.formats.stored_types import Kind


@dataclass(frozen=True)
class Formats:
    """The looks of cells."""

    text: Format
    day: Format
    title: Format
    header: Format
    heading: Format
    wrapped: Format
    link: Format

    @classmethod
    def of(cls, book: Workbook) -> Formats:
        """The looks, as a workbook knows them."""
        shaded = {"bg_color": "#E8EEF4", "num_format": "@"}
        return cls(
            text=book.add_format({"num_format": "@"}),
            day=book.add_format({"num_format": "yyyy-mm-dd"}),
            title=book.add_format({**shaded, "bold": True}),
            header=book.add_format({**shaded, "bottom": 1}),
            heading=book.add_format({"bold": True, "font_size": 14}),
            wrapped=book.add_format({"text_wrap": True, "valign": "top", "num_format": "@"}),
            link=book.add_format({"font_color": "#0B57A4", "underline": 1, "valign": "top"}),
        )

    def of_kind(self, kind: Kind) -> Format | None:
        """The look of a column's cells, those that a user adds included."""
        if kind is Kind.DAY:
            return self.day
        is_other = kind in (Kind.WHOLE, Kind.REAL, Kind.DIGITS, Kind.BOOLEAN)
        return None if is_other else self.text


def shown_width(text: str) -> int:
    """How many columns of a screen a text takes, about: a Chinese character takes two."""
    return len(text) + sum(each > "\u2e7f" for each in text)


def write_text(sheet: Worksheet, row: int, column: int, text: str, look: Format) -> None:
    """Write a text as it is: no formula, no link, no number, and no markup."""
    if text.startswith("<r>") and text.endswith("</r>"):
        # xlsxwriter takes such a text for markup that it made itself; in two parts it does not.
        sheet.write_rich_string(row, column, text[:1], look, text[1:], look)
    elif text:
        sheet.write_string(row, column, text, look)
