"""The line of the file that a finding is about, cut around its cell, for a caret to point at.

A report knows no dialect. So the delimiter is the one by which the header has the finding's field,
and a cell is only pointed at where it holds the finding's value: no caret rather than a wrong one.
"""

from __future__ import annotations

import codecs
import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from rich.cells import cell_len, chop_cells

from ycd_opendata.errors import PackageError
from ycd_opendata.package.files import resolve_inside
from ycd_opendata.package.model import Resource
from ycd_opendata.package.tables.limits import RefusedError
from ycd_opendata.package.tables.parts import in_archive, open_parts
from ycd_opendata.package.tables.text_encoding import wide_encoding
from ycd_opendata.shown import visible
from ycd_opendata.validation.findings import Finding

_CHUNK = 2**20
_WINDOW = 2**14
_WIDTH = 90
_BEFORE = 30
_CELL = 40
_DELIMITERS = ",;\t|"

Read = Callable[[int], bytes]

_BREAK, _TEXT_BREAK = re.compile(rb"\r\n|\r|\n"), re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True)
class Excerpt:
    """One physical line as shown, cut; the caret goes from column start, width columns wide.

    Both are in columns of a terminal, in which a Chinese character takes two; a width of 0 is no
    caret.
    """

    line: int
    text: str
    start: int = 0
    width: int = 0


def read_excerpts(
    root: Path, findings: Iterable[Finding], resources: Iterable[Resource] = ()
) -> dict[Finding, Excerpt]:
    """The lines of the findings that have one and whose file is text.

    ``resources`` say in which encoding and archive; what they do not name is UTF-8.

    Every file is read once, as far as the last line asked for, and only the start of a line kept.
    """
    wanted: dict[str, dict[int, list[Finding]]] = {}
    for each in findings:
        if each.line:
            wanted.setdefault(each.path, {}).setdefault(each.line, []).append(each)
    said = {path: each.raw for each in resources for path in each.paths}
    excerpts = {}
    for path, lines in wanted.items():
        header = ""
        for number, text in _records(root, path, said.get(path, {}), {1, *lines}):
            if number == 1:
                header = text
            for finding in lines.get(number, ()):
                excerpts[finding] = _excerpt(finding, number, text, header)
    return excerpts


def _records(
    root: Path, path: str, said: Mapping[str, Any], lines: set[int]
) -> Iterator[tuple[int, str]]:
    """The text from the start of each line on, as far as the window; nothing if it is no text."""
    try:
        files = in_archive([resolve_inside(root, path, path)], said)
        with open_parts(files, headed=False) as stream:
            encoding = str(said.get("encoding") or wide_encoding(stream.read(4)))
        with open_parts(files, headed=False) as stream:
            read: Read = stream.read
            if encoding:
                read = _recoded(io.TextIOWrapper(stream, encoding, newline=""))
            for number, raw in _windows(read, sorted(lines)):
                # A window may end inside a character, which then is none of the text.
                yield number, codecs.getincrementaldecoder("utf-8-sig")().decode(raw)
    except (OSError, EOFError, LookupError, ValueError, PackageError, RefusedError):
        return


def _recoded(text: io.TextIOWrapper) -> Read:
    return lambda size: text.read(size).encode()


def _windows(read: Read, lines: list[int]) -> Iterator[tuple[int, bytes]]:
    """The first bytes from the start of each line on; ``lines`` ascend."""
    number, chunk = 1, _whole_ends(read)
    at = 0
    for line in lines:
        while number < line:
            breaks = _line_breaks(chunk, at)
            if number + breaks < line:
                number, at, chunk = number + breaks, 0, _whole_ends(read)
                if not chunk:
                    return
                continue
            *_, last = islice(_BREAK.finditer(chunk, at), line - number)
            at, number = last.end(), line
        if len(chunk) - at < _WINDOW:
            chunk, at = chunk[at:] + _whole_ends(read), 0
        if at < len(chunk):
            yield line, bytes(chunk[at : at + _WINDOW])


def _whole_ends(read: Read) -> bytes:
    """The next bytes; a line end of two is not torn apart."""
    chunk = read(_CHUNK)
    return chunk + read(1) if chunk.endswith(b"\r") else chunk


def _line_breaks(chunk: bytes, at: int) -> int:
    """How many line ends there are, be they LF, CRLF or CR, as an editor shows them."""
    return chunk.count(b"\n", at) + chunk.count(b"\r", at) - chunk.count(b"\r\n", at)


def _excerpt(finding: Finding, number: int, text: str, header: str) -> Excerpt:
    start, stop = _cell_span(finding, text, header)
    # The cell may stand some lines below the start of its row.
    before_it = [*_TEXT_BREAK.finditer(text, 0, start)]
    begin = before_it[-1].end() if before_it else 0
    number += len(before_it)
    end = _TEXT_BREAK.search(text, start)
    line = text[begin : end.start() if end else len(text)]
    start, stop = start - begin, min(stop - begin, len(line))
    if stop < start:
        return Excerpt(number, _head(line, _WIDTH))
    before = _tail(line[:start], _BEFORE)
    cell = _head(line[start:stop], _CELL)
    shown = before + cell
    rest = _head(line[stop:], _WIDTH - cell_len(shown))
    return Excerpt(number, shown + rest, cell_len(before), max(cell_len(cell), 1))


def _cell_span(finding: Finding, text: str, header: str) -> tuple[int, int]:
    """Where in the row's text the cell stands; (0, -1) if that is not certain."""
    value = finding.value
    for delimiter in _DELIMITERS:
        labels = [_plain(header[start:stop]) for start, stop in _spans(header, delimiter)]
        if finding.field not in labels:
            continue
        spans = list(_spans(text, delimiter))
        at = labels.index(finding.field)
        if at < len(spans):
            start, stop = spans[at]
            if value is None or _plain(text[start:stop]) == value:
                return start, stop
            # A cell longer than the window.
            if stop == len(text) and value.startswith(_plain(text[start:stop])[:-1]):
                return start, stop
    if value and _TEXT_BREAK.split(text, maxsplit=1)[0].count(value) == 1:
        start = text.index(value)
        return start, start + len(value)
    return 0, -1


def _spans(text: str, delimiter: str) -> Iterator[tuple[int, int]]:
    """Start and stop of each cell of the row with which the text begins, quotes included."""
    start, quoted = 0, False
    for at, each in enumerate(text):
        if each == '"':
            quoted = not quoted
        elif not quoted and each in (delimiter, "\n", "\r"):
            yield start, at
            if each != delimiter:
                return
            start = at + 1
    yield start, len(text)


def _plain(cell: str) -> str:
    if cell.startswith('"'):
        return cell.removeprefix('"').removesuffix('"').replace('""', '"')
    return cell


def _head(text: str, width: int) -> str:
    """The start of a text, so many columns wide, with … where it was cut."""
    shown = visible(text[: width + 1])
    if cell_len(shown) <= width and len(text) <= width + 1:
        return shown
    return chop_cells(shown, width - 1)[0] + "…" if width > 0 else ""


def _tail(text: str, width: int) -> str:
    """The end of a text, so many columns wide, with … where it was cut."""
    shown = visible(text[-width - 1 :])
    if cell_len(shown) <= width and len(text) <= width + 1:
        return shown
    return "…" + chop_cells(shown[::-1], width - 1)[0][::-1]
