"""The cells of an XLSX workbook, whichever program has written it.

openpyxl, which frictionless reads them with, fails at half of what ``test_other_programs.py`` has
of other programs than Excel (colours, properties, names of parts, the strict variant, Chinese
formats), and calamine tells neither formats nor formulas. Parts are found here as the standard has
it, by what refers to them; names of elements count without their namespace, as there are two.
"""

from __future__ import annotations

import datetime
import posixpath
import re
import zipfile
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import IO
from urllib.parse import unquote

from lxml import etree
from lxml.etree import _Element
from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format, is_timedelta_format
from openpyxl.utils import column_index_from_string
from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900, from_excel

from ycd_opendata.messages import say
from ycd_opendata.package.tables.limits import RefusedError
from ycd_opendata.publishing.formats.workbook import MOST_COLUMNS
from ycd_opendata.repairs.sheet_values import Cell, Merged, Scalar, SheetValue

_PLACE = re.compile(r"\$?([A-Za-z]{1,3})\$?([0-9]+)")
# Half a character stays the text that it is.
_ESCAPED = re.compile(r"_x(?![Dd][89A-Fa-f])([0-9A-Fa-f]{4})_")
_PICTURE = re.compile(r"=?(?:_xlfn\.)?DISPIMG\(")
"""How WPS writes a picture that is put into a cell."""

_CHINESE_FORMS = {
    **dict.fromkeys((27, 36, 50, 52, 57), 'yyyy"年"m"月"'),
    **dict.fromkeys((28, 29, 51, 53, 54, 58), 'm"月"d"日"'),
    **dict.fromkeys((32, 34, 55), 'h"时"mm"分"'),
    **dict.fromkeys((33, 35, 56), 'h"时"mm"分"ss"秒"'),
    30: "m-d-yy",
    31: 'yyyy"年"m"月"d"日"',
}
"""The number formats that a file need not spell out, as they are in Chinese."""


class NoXlsxError(Exception):
    """An archive is no XLSX workbook."""


@dataclass
class XlsxSheet:
    """A sheet of a workbook; ``merged`` is known when its rows have been read."""

    name: str
    is_hidden: bool
    _book: _Book
    _part: str
    merged: list[Merged] = field(default_factory=list)

    @property
    def has_notes(self) -> bool:
        """Whether somebody has commented on cells."""
        kinds = {kind for kind, _ in self._book.parts.referred(self._part).values()}
        return bool(kinds & {"comments", "threadedComment"})

    def rows(self) -> Iterator[list[Cell]]:
        """Its rows from the first, those that the file leaves out too."""
        last = 0
        with self._book.parts.open(self._part) as stream:
            for element in elements_of(stream, ("row", "mergeCell")):
                if local(element) == "mergeCell":
                    where = str(element.get("ref", ""))
                    last_row = re.search("[0-9]+$", where)
                    self.merged.append(Merged(where, int(last_row[0]) if last_row else last))
                    continue
                number = int(element.get("r") or last + 1)
                if number <= last:
                    raise RefusedError(say("row {number} stands twice", number=number))
                for _ in range(last + 1, number):
                    yield []
                last = number
                yield self._cells(element, number)

    def _cells(self, row: _Element, number: int) -> list[Cell]:
        cells: list[Cell] = []
        for element in row:
            if local(element) != "c":
                continue
            place = _PLACE.fullmatch(element.get("r") or "")
            at = len(cells) if place is None else column_index_from_string(place[1]) - 1
            if not len(cells) <= at < MOST_COLUMNS:
                raise RefusedError(say("a cell of row {number} is out of place", number=number))
            cells += [""] * (at - len(cells))
            cells.append(self._book.cell(element))
        return cells


def xlsx_sheets(archive: zipfile.ZipFile) -> Iterator[XlsxSheet]:
    """The sheets of cells of a workbook.

    Raises NoXlsxError where it is something else.
    """
    parts = _Parts(archive)
    main = next(
        (part for kind, part in parts.referred("").values() if kind == "officeDocument"), ""
    )
    if main.endswith(".bin") or not parts.has(main):
        raise NoXlsxError
    referred = parts.referred(main)
    by_kind = dict(referred.values())
    sheets: list[tuple[str, bool, str]] = []
    is_1904 = False
    with parts.open(main) as stream:
        for element in elements_of(stream, ("workbookPr", "sheet")):
            match local(element):
                case "workbookPr":
                    is_1904 = element.get("date1904") in ("1", "true", "on")
                case "sheet":
                    names = {each.rpartition("}")[2]: text for each, text in element.items()}
                    kind, part = referred.get(str(names.get("id")), ("", ""))
                    is_hidden = names.get("state", "visible") != "visible"
                    if kind == "worksheet":
                        sheets.append((str(names.get("name", "")), is_hidden, part))
    strings = _strings(parts, by_kind.get("sharedStrings", ""))
    forms = _forms(parts, by_kind.get("styles", ""))
    book = _Book(parts, strings, forms, is_1904)
    for name, is_hidden, part in sheets:
        yield XlsxSheet(name, is_hidden, book, part)


class _Parts:
    """The parts of an archive by their names, whichever way these are written."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self.archive = archive
        self._names = {_folded(each): each for each in archive.namelist()}

    def has(self, part: str) -> bool:
        return _folded(part) in self._names

    def open(self, part: str) -> IO[bytes]:
        return self.archive.open(self._names[_folded(part)])

    def referred(self, part: str) -> Mapping[str, tuple[str, str]]:
        """The kind and the name of each part that a part refers to, by id."""
        folder, name = posixpath.split(part)
        listed = posixpath.join(folder, "_rels", f"{name}.rels")
        found: dict[str, tuple[str, str]] = {}
        if not self.has(listed):
            return found
        with self.open(listed) as stream:
            for each in elements_of(stream, ("Relationship",)):
                target = str(each.get("Target", "")).replace("\\", "/")
                path = posixpath.normpath(posixpath.join("/", folder, target))
                kind = str(each.get("Type", "")).rpartition("/")[2]
                found[str(each.get("Id"))] = (kind, path.lstrip("/"))
        return found


def _folded(name: str) -> str:
    """A name without capitals, backslashes and the signs that stand for other letters."""
    return unquote(name).replace("\\", "/").lstrip("/").casefold()


def _strings(parts: _Parts, part: str) -> list[str]:
    if not parts.has(part):
        return []
    with parts.open(part) as stream:
        return [_text(each) for each in elements_of(stream, ("si",))]


def _text(element: _Element) -> str:
    """The text of a string, of all its runs, without how it is pronounced."""
    texts = []
    for each in element:
        if local(each) == "t":
            texts.append(each.text or "")
        elif local(each) == "r":
            texts.append(_text(each))
    return "".join(texts)


def _forms(parts: _Parts, part: str) -> list[str]:
    """The number format of each style of a cell."""
    known: dict[int, str] = {**BUILTIN_FORMATS, **_CHINESE_FORMS}
    numbers: list[int] = []
    if parts.has(part):
        with parts.open(part) as stream:
            for element in elements_of(stream, ("numFmts", "cellXfs")):
                if local(element) == "cellXfs":
                    numbers = [_whole(each.get("numFmtId")) for each in element]
                    continue
                for each in element:
                    known[_whole(each.get("numFmtId"))] = str(each.get("formatCode", ""))
    return [known.get(each, "General") for each in numbers]


def _whole(text: str | None) -> int:
    return int(text) if text and text.isdecimal() else 0


@dataclass(frozen=True)
class _Book:
    """What the cells of all sheets share."""

    parts: _Parts
    strings: list[str]
    forms: list[str]
    is_1904: bool

    def cell(self, element: _Element) -> Cell:
        """What a cell is."""
        text: str | None = None
        is_formula = False
        kind = element.get("t", "n")
        for each in element:
            match local(each):
                case "v":
                    text = each.text or ""
                case "f":
                    is_formula = True
                case "is":
                    text = _text(each)
        if text is None or (text == "" and kind != "str"):
            return SheetValue(None, is_formula=True) if is_formula else ""
        if kind == "e":
            return SheetValue(None, shown=text, is_formula=is_formula)
        if kind in ("s", "str", "inlineStr"):
            said = self.strings[int(text)] if kind == "s" else text
            plain = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), said)
            if is_formula and _PICTURE.match(plain):
                return SheetValue(None, shown=plain, is_formula=True)
            return SheetValue(plain or None, is_formula=True) if is_formula else plain
        style = _whole(element.get("s"))
        form = self.forms[style] if style < len(self.forms) else "General"
        try:
            value = self._value(kind, text.strip(), form)
        except (OverflowError, ValueError):
            value = None
        return SheetValue(value, form, "" if value is not None else text, is_formula)

    def _value(self, kind: str, text: str, form: str) -> Scalar:
        if kind == "b":
            return text in ("1", "true")
        if kind == "d":
            return datetime.datetime.fromisoformat(text.removesuffix("Z"))
        is_whole = text.lstrip("+-").isdecimal()
        number = int(text) if is_whole else float(text)
        return self._dated(number, form)

    def _dated(self, number: float, form: str) -> Scalar:
        """A number, or the moment that its format makes of it."""
        if not is_date_format(form):
            return number
        epoch = CALENDAR_MAC_1904 if self.is_1904 else CALENDAR_WINDOWS_1900
        moment: Scalar = from_excel(number, epoch, timedelta=is_timedelta_format(form))
        return moment


def elements_of(stream: IO[bytes], names: Collection[str]) -> Iterator[_Element]:
    """The elements of these names, whatever their namespace, each whole; then it is forgotten.

    Raises RefusedError where entities are defined in it, and XMLSyntaxError where it is no XML.
    """
    tags = [f"{{*}}{each}" for each in names]
    for _, element in etree.iterparse(stream, tag=tags, resolve_entities=False, no_network=True):
        refuse_entities(element)
        yield element
        element.clear()
        before, parent = element.getprevious(), element.getparent()
        if before is not None and parent is not None:
            parent.remove(before)


def refuse_entities(element: _Element) -> None:
    """Stop at XML that defines entities: no program writes any."""
    if element.getroottree().docinfo.internalDTD is not None:
        raise RefusedError(say("its XML defines entities"))


def local(element: _Element) -> str:
    """The name of an element without its namespace."""
    return str(element.tag).rpartition("}")[2]
