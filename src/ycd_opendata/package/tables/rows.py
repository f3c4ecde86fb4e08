"""A table's rows one by one, as Python's ``csv`` and so frictionless reads them.

A quote that is never closed, or closed only lines later in front of more text, makes one cell of
many rows; ``csv`` takes it as it comes, so each row says what is wrong with its quotes.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from ycd_opendata.errors import DataError
from ycd_opendata.messages import say
from ycd_opendata.package.tables.limits import LONGEST_RECORD, MOST_COLUMNS, RefusedError
from ycd_opendata.package.tables.opening import NotReadableError, Text
from ycd_opendata.package.tables.parts import OddPartError

_LONGEST_CELL = 2**31 - 1


class Record(NamedTuple):
    """One row: its number and the physical line it starts on, both from 1, and its cells.

    ``fault`` says what is wrong with its quotes.
    """

    number: int
    line: int
    cells: list[str]
    fault: QuoteFault | None = None

    def uneven(self, width: int) -> str:
        """What is wrong with a row that is not as wide as the header."""
        cells = len(self.cells)
        return say(
            "line {line} has {cells} cells, not {width}", line=self.line, cells=cells, width=width
        )


@dataclass
class Reached:
    """How many rows and lines of a table were read, in one file after the other."""

    rows: int = 0
    lines: int = 0

    def before(self, part: Text) -> tuple[int, int]:
        """The rows and lines in front of the next file; its header is none of the table's."""
        repeated = part.header.content - 1 if self.lines else 0
        return self.rows - repeated, self.lines - repeated

    def advance(self, rows: int, lines: int) -> None:
        """Take in what was read up to the end of a file, which may be empty."""
        self.rows, self.lines = max(self.rows, rows), max(self.lines, lines)


def records(text: Text, done: int | None = None) -> Iterator[Record]:
    """The rows of a table behind the first ``done`` ones, those above its content by default.

    Raises NotReadableError or RefusedError as ``batches`` does.
    """
    reached = Reached()
    for part in text.parts() or (text,):
        above = part.header.content - 1
        yield from part_records(part, reached, above if done is None or reached.lines else done)


def part_records(part: Text, reached: Reached, done: int) -> Iterator[Record]:
    """The rows of one file of a table behind the first ``done`` ones; errors as in ``records``."""
    csv.field_size_limit(LONGEST_RECORD)
    is_comment, dialect = part.header.comments.has, part.dialect
    rows, lines = reached.before(part)
    raw = io.StringIO(newline="")
    number, line = 0, 1
    with (
        saying_why(part),
        io.TextIOWrapper(part.open(), part.encoding, newline=part.newline) as stream,
    ):
        reader = csv.reader(_copied(stream, raw), **dialect)
        for number, cells in enumerate(reader, start=1):
            if number > done and not is_comment(rows + number, cells):
                fault = quote_fault(raw.getvalue(), dialect)
                yield bounded(Record(rows + number, lines + line, cells, fault))
            line = reader.line_num + 1
            raw.seek(0)
            raw.truncate()
    reached.advance(rows + number, lines + line - 1)


@contextmanager
def saying_why(text: Text) -> Iterator[None]:
    """Raise what keeps a text from being read as RefusedError or NotReadableError."""
    try:
        yield
    except csv.Error as error:
        raise NotReadableError(say("it cannot be split into rows: {error}", error=error)) from error
    except UnicodeError as error:
        raise NotReadableError(
            say("its bytes are not {encoding}", encoding=text.encoding)
        ) from error
    except OddPartError as error:
        raise NotReadableError(str(error)) from error


def parse_rows(text: str, dialect: Mapping[str, Any], *, strict: bool = False) -> list[Record]:
    """The rows of a text that is already in memory, by a dialect as descriptors have it.

    ``strict`` refuses quotes that do not pair, which otherwise make one cell of many rows.

    Raises DataError where it cannot be read as delimited text; the line on which the row starts is
    said.
    """
    csv.field_size_limit(_LONGEST_CELL)
    rows, line = [], 1
    try:
        reader = csv.reader(
            io.StringIO(text, newline=""),
            delimiter=dialect.get("delimiter", ","),
            quotechar=dialect.get("quoteChar", '"'),
            doublequote=dialect.get("doubleQuote", True),
            escapechar=dialect.get("escapeChar"),
            skipinitialspace=dialect.get("skipInitialSpace", False),
            strict=strict,
        )
        for number, cells in enumerate(reader, start=1):
            rows.append(Record(number, line, cells))
            line = reader.line_num + 1
    except TypeError as error:
        raise DataError(say("its dialect is none: {error}", error=error)) from error
    except csv.Error as error:
        raise DataError(
            say("line {line} is not delimited text: {error}", line=line, error=error)
        ) from error
    return rows


def _copied(stream: io.TextIOWrapper, copy: io.StringIO) -> Iterator[str]:
    """The lines, each of which is put aside too, as one text that takes little memory.

    Raises RefusedError where what is put aside, the lines of one record, becomes too long.
    """
    while line := stream.readline(LONGEST_RECORD):
        copy.write(line)
        if copy.tell() >= LONGEST_RECORD:
            raise RefusedError(say("a record has {most:,} characters or more", most=LONGEST_RECORD))
        yield line


def bounded(record: Record) -> Record:
    """Raise RefusedError if a row has more cells than a table may have."""
    if len(record.cells) > MOST_COLUMNS:
        raise RefusedError(say("a row has more than {most:,} cells", most=MOST_COLUMNS))
    return record


QuoteCode = Literal["unclosed-quote", "stray-quote"]


class QuoteFault(NamedTuple):
    """A quote that does not pair: the line of the record it opens on, from 0, and its cell."""

    code: QuoteCode
    line: int
    cell: int


def quote_fault(record: str, dialect: Mapping[str, Any]) -> QuoteFault | None:
    """What is wrong with the quotes of one record, given as it stands in the file.

    ``dialect`` are keywords of ``csv.reader``.
    """
    quote = dialect["quotechar"]
    if not quote or quote not in record:
        return None
    try:
        for _ in csv.reader([record], **dialect, strict=True):
            pass
    except csv.Error:
        return _located(record, dialect)
    return None


def _located(text: str, dialect: Mapping[str, Any]) -> QuoteFault | None:
    """Where the first quote stands that opens a cell and does not end it."""
    quote, delimiter, escape = dialect["quotechar"], dialect["delimiter"], dialect["escapechar"]
    at, line, cell = 0, 0, 0
    is_start = True
    while at < len(text):
        sign = text[at]
        if is_start and sign == quote:
            end = _closing(text, at + 1, quote, escape, doubled=dialect["doublequote"])
            if end is None:
                return QuoteFault("unclosed-quote", line, cell)
            behind = text[end + 1 : end + 2]
            if behind not in ("", delimiter, "\r", "\n"):
                is_long = "\n" in text[at:end].rstrip("\n") or "\r" in text[at:end].rstrip("\r")
                return QuoteFault("unclosed-quote" if is_long else "stray-quote", line, cell)
            line += text.count("\n", at, end)
            at = end
            is_start = False
        elif sign == delimiter:
            cell, is_start = cell + 1, True
        elif sign == escape:
            at, is_start = at + 1, False
        elif not (is_start and sign == " " and dialect["skipinitialspace"]):
            is_start = False
        at += 1
    return None


def _closing(text: str, at: int, quote: str, escape: str | None, *, doubled: bool) -> int | None:
    """The place of the quote that closes a cell."""
    while at < len(text):
        if escape and text[at] == escape:
            at += 2
        elif text[at] != quote:
            at += 1
        elif doubled and text[at + 1 : at + 2] == quote:
            at += 2
        else:
            return at
    return None
