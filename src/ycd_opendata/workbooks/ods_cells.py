"""The cells of an OpenDocument spreadsheet.

ezodf, which frictionless reads them with, drops rows that are repeated often, and what a cell shows
of a day is not to be had from it.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import IO, Any

from lxml import etree
from lxml.etree import _Element

from ycd_opendata.messages import say
from ycd_opendata.publishing.formats.workbook import MOST_COLUMNS
from ycd_opendata.repairs.sheet_values import Cell, Merged, Scalar, SheetValue
from ycd_opendata.workbooks.xlsx_cells import refuse_entities

_NAMES = "urn:oasis:names:tc:opendocument:xmlns:"
_TABLE, _OFFICE = f"{{{_NAMES}table:1.0}}", f"{{{_NAMES}office:1.0}}"
_TEXT, _STYLE = f"{{{_NAMES}text:1.0}}", f"{{{_NAMES}style:1.0}}"
_KIND = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}value-type"
_CELLS = (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell")
_MOST_SPACES = 100_000
_DURATION = re.compile(r"PT(\d+)H(\d+)M(\d+)(?:\.\d+)?S")


@dataclass(frozen=True)
class OdsSheet:
    """A sheet of an OpenDocument spreadsheet."""

    name: str
    is_hidden: bool
    _table: _Element

    @property
    def has_notes(self) -> bool:
        """Whether somebody has commented on cells."""
        return next(self._table.iter(f"{_OFFICE}annotation"), None) is not None

    def rows(self) -> Iterator[list[Cell]]:
        """Its rows, those that are repeated as often as they are; not the empty ones at its end."""
        empty = 0
        for row in self._table.iter(f"{_TABLE}table-row"):
            cells = [*islice(_row_cells(row), MOST_COLUMNS)]
            times = int(row.get(f"{_TABLE}number-rows-repeated", "1"))
            if all(each == "" for each in cells):
                empty += times
                continue
            for _ in range(empty):
                yield []
            empty = 0
            for _ in range(times):
                yield [*cells]

    @property
    def merged(self) -> tuple[Merged, ...]:
        """Where cells were made one."""
        columns, rows = (f"{_TABLE}number-{each}-spanned" for each in ("columns", "rows"))
        found = []
        last = 0
        for row in self._table.iter(f"{_TABLE}table-row"):
            last += int(row.get(f"{_TABLE}number-rows-repeated", "1"))
            for each in row.iterchildren(_CELLS[0]):
                high = int(each.get(rows, "1"))
                if high > 1 or int(each.get(columns, "1")) > 1:
                    text = " ".join(_shown(each).split())[:40]
                    found.append(Merged(say("the cell {text!r}", text=text), last + high - 1))
        return tuple(found)


def ods_sheets(stream: IO[bytes]) -> Iterator[OdsSheet]:
    """The sheets of a ``content.xml``."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    root = etree.parse(stream, parser).getroot()
    refuse_entities(root)
    hidden = {
        style.get(f"{_STYLE}name")
        for style in root.iter(f"{_STYLE}style")
        for each in style.iter(f"{_STYLE}table-properties")
        if each.get(f"{_TABLE}display") == "false"
    }
    for table in root.iter(f"{_TABLE}table"):
        is_hidden = table.get(f"{_TABLE}style-name") in hidden
        yield OdsSheet(table.get(f"{_TABLE}name", ""), is_hidden, table)


def _row_cells(row: _Element) -> Iterator[Cell]:
    """The cells of a row, those that are repeated as often as they are, but not empty ones last."""
    empty = 0
    for element in row.iterchildren(*_CELLS):
        cell = _cell(element)
        times = int(element.get(f"{_TABLE}number-columns-repeated", "1"))
        if cell == "":
            empty += times
            continue
        for _ in range(empty):
            yield ""
        empty = 0
        for _ in range(times):
            yield cell


def _cell(element: _Element) -> Cell:
    kind = element.get(f"{_OFFICE}value-type")
    is_formula = element.get(f"{_TABLE}formula") is not None
    shown = _shown(element)
    if element.get(_KIND) == "error":
        return SheetValue(None, shown=shown, is_formula=is_formula)
    if kind is None or kind == "string":
        text = element.get(f"{_OFFICE}string-value", shown)
        return SheetValue(text or None, is_formula=True) if is_formula else text
    return SheetValue(_value(element, kind), shown=shown, is_formula=is_formula)


def _value(element: _Element, kind: str) -> Scalar | None:
    """The value of a typed cell; a day without a time is a date."""

    def said(name: str) -> str:
        return str(element.get(f"{_OFFICE}{name}", ""))

    if kind == "boolean":
        return said("boolean-value") == "true"
    if kind == "date":
        text = said("date-value")
        moment = datetime.datetime.fromisoformat(text)
        return moment if "T" in text else moment.date()
    if kind == "time":
        found = _DURATION.fullmatch(said("time-value"))
        if found is None:
            return None
        hours, minutes, seconds = map(int, found.groups())
        return datetime.timedelta(hours=hours, minutes=minutes, seconds=seconds)
    number = float(said("value"))
    return int(number) if number.is_integer() and abs(number) < 2**53 else number


def _shown(element: _Element) -> str:
    """What a cell shows: its paragraphs, and not those of a note at it."""
    return "\n".join(_paragraph(each) for each in element.iterchildren(f"{_TEXT}p"))


def _paragraph(element: Any) -> str:
    parts, spaces = [element.text or ""], 0
    for each in element:
        if each.tag == f"{_TEXT}s":
            count = int(each.get(f"{_TEXT}c", "1"))
            spaces += count
            if spaces > _MOST_SPACES:
                raise ValueError(say("more than {most:,} spaces in a cell", most=_MOST_SPACES))
            parts.append(" " * count)
        elif each.tag == f"{_TEXT}tab":
            parts.append("\t")
        elif each.tag == f"{_TEXT}line-break":
            parts.append("\n")
        elif isinstance(each.tag, str):
            parts.append(_paragraph(each))
        parts.append(each.tail or "")
    return "".join(parts)
