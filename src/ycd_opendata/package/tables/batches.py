"""A table's rows in batches: frames of text where that is sure to be right, rows elsewhere.

Where a block is not regular, the rest of the file is read as frictionless reads it, by Python's
``csv``, row by row.
"""

from __future__ import annotations

import csv
import io
from array import array
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from ycd_opendata.errors import DataError
from ycd_opendata.messages import say
from ycd_opendata.package.tables.blocks import blocks
from ycd_opendata.package.tables.limits import (
    LONGEST_RECORD,
    MOST_COLUMNS,
    RefusedError,
)
from ycd_opendata.package.tables.opening import NotReadableError, Text
from ycd_opendata.package.tables.parsing import BlockParser, CutError, Look, Parsed, in_order
from ycd_opendata.package.tables.parts import OddPartError
from ycd_opendata.package.tables.quotes import QuoteFault, quote_fault
from ycd_opendata.package.tables.row_starts import (
    NONE_LONG,
    LineStarts,
    Place,
    RowStarts,
    long_rows,
)
from ycd_opendata.package.tables.sure_rows import SureRows

if TYPE_CHECKING:
    import polars as pl

_ROWS_AT_ONCE = 10_000
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


@dataclass(frozen=True)
class Frame:
    """A block of rows as a frame of text columns.

    ``first`` is the number of the block's first row, ``line`` the physical line that row starts
    on, ``dialect`` are keywords of ``csv.reader``.
    """

    first: int
    line: int
    parsed: Parsed
    dialect: Mapping[str, Any]

    @property
    def columns(self) -> pl.DataFrame:
        """The cells, as columns ``"0"``, ``"1"``, …; not to be trusted in rows of another width.

        Where rows are known to be fine, only the columns that are needed all the same.
        """
        return self.parsed.columns

    @property
    def seen(self) -> Any:
        """What a look at the columns gave."""
        return self.parsed.seen

    @property
    def uneven(self) -> Sequence[int]:
        """The rows that are not as wide as the header, by their index."""
        return self.parsed.uneven

    @property
    def even_columns(self) -> pl.DataFrame:
        """The cells of the other rows."""
        if not self.uneven:
            return self.columns
        gone = {*self.uneven}
        return self.columns[[at for at in range(self.height) if at not in gone]]

    @property
    def height(self) -> int:
        """How many rows there are."""
        return self.parsed.height

    @property
    def size(self) -> int:
        """How many bytes of the file they are."""
        return len(self.parsed.lines.content)

    @cached_property
    def _line_starts(self) -> LineStarts:
        return LineStarts(self.parsed.lines.content)

    @cached_property
    def starts(self) -> RowStarts:
        """Where each row stands."""
        has_long = self.parsed.row_count != self.parsed.lines.line_count
        content = self.parsed.lines.content
        long = self.parsed.long or (long_rows(content) if has_long else NONE_LONG)
        kept = None if self.parsed.kept is None else array("Q", self.parsed.kept)
        return RowStarts(Place(self.first, self.line), long, kept)

    @property
    def is_even(self) -> bool:
        """Whether each row is one line and no row is left out, so that places can be counted."""
        return self.parsed.kept is None and self.parsed.row_count == self.parsed.lines.line_count

    @property
    def places(self) -> Iterator[Place]:
        """The number of each row, and the physical line on which it starts."""
        return map(self.starts.of, range(self.height))

    def record(self, index: int) -> Record:
        """The row at this index, as Python's ``csv`` reads it."""
        place = self.starts.of(index)
        row = place.number - self.first
        lines = self.parsed.texts.get(row) or self._text(row)
        reader = csv.reader(io.StringIO(lines, newline=""), **self.dialect)
        return _bounded(Record(*place, next(reader, [])))

    def _text(self, row: int) -> str:
        above = self.starts.long.lines_above
        start, end = (self._line_starts.of(above(each)) for each in (row, row + 1))
        return self.parsed.lines.content[start:end].decode()


@dataclass(frozen=True)
class Rows:
    """A few rows as Python's ``csv`` reads them."""

    records: tuple[Record, ...]

    @property
    def height(self) -> int:
        """How many rows there are."""
        return len(self.records)

    @property
    def places(self) -> Iterator[Place]:
        """The number of each row, and the physical line on which it starts."""
        return (Place(each.number, each.line) for each in self.records)

    @property
    def size(self) -> int:
        """About how many bytes of the file they are."""
        return sum(len(cell) + 1 for record in self.records for cell in record.cells)


def batches(
    text: Text, width: int, look: Look = lambda _: None, sure: SureRows | None = None
) -> Iterator[Frame | Rows]:
    """The rows of a table below its header, in order, ``width`` being the number of columns.

    Frames are parsed, and looked at by ``look``, a few at once and ahead of their turn.

    Raises NotReadableError where the file cannot be read as delimited text in its encoding;
    RefusedError where a row has no end, or too many cells.
    """
    rows_done: int | None = text.header.content - 1
    with _saying_why(text):
        if text.can_be_frames:
            rows_done = yield from frames(text, width, look, sure=sure)
        if rows_done is not None:
            yield from _gathered(records(text, rows_done))


def row_batches(text: Text) -> Iterator[Rows]:
    """The rows of a table below its header, a few at a time; errors as in ``batches``."""
    return _gathered(records(text))


def frames(
    text: Text,
    width: int,
    look: Look,
    rows_before: int = 0,
    lines_before: int = 0,
    sure: SureRows | None = None,
) -> Generator[Frame, None, int | None]:
    """Frames until a block is irregular: then the number of rows read so far, else None.

    ``rows_before`` and ``lines_before`` say how many stand in front of the text.
    """
    row, line = rows_before + text.header.content - 1, lines_before + 1
    parser = BlockParser(width, text.header.comments.start, look, sure)
    for parsed in _parsed(text, parser):
        if parsed is None:
            return row
        line += parsed.lines.header_lines
        if parsed.height:
            yield Frame(row + 1, line, parsed, text.dialect)
        row += parsed.row_count
        line += parsed.lines.line_count
    return None


def _parsed(text: Text, parser: BlockParser) -> Iterator[Parsed | None]:
    """The blocks of a text as columns, in their order."""
    try:
        # Whether quotes pair is seen too where rows are told to be fine, mostly for nothing.
        yield from in_order(parser.parsed, blocks(text, counted=parser.sure is None))
    except CutError as cut:
        yield from in_order(parser.parsed, blocks(text, cut.start))


def records(text: Text, done: int | None = None) -> Iterator[Record]:
    """The rows of a table behind the first ``done`` ones, those above its content by default.

    Raises NotReadableError or RefusedError as ``batches`` does.
    """
    csv.field_size_limit(LONGEST_RECORD)
    above = text.header.content - 1 if done is None else done
    is_comment = text.header.comments.has
    with (
        _saying_why(text),
        io.TextIOWrapper(text.open(), text.encoding, newline=text.newline) as stream,
    ):
        for record in _records(stream, text.dialect, above):
            if not is_comment(record.number, record.cells):
                yield record


@contextmanager
def _saying_why(text: Text) -> Iterator[None]:
    """Raise what keeps a text from being read as RefusedError or NotReadableError."""
    try:
        yield
    except csv.Error as error:
        if "field larger" in str(error):
            raise RefusedError(
                say("a cell has more than {most:,} characters", most=LONGEST_RECORD)
            ) from error
        raise NotReadableError(say("it cannot be split into rows: {error}", error=error)) from error
    except UnicodeDecodeError as error:
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


def frame_of(rows: Sequence[Sequence[str]], names: Sequence[str]) -> pl.DataFrame:
    """Rows of text, all as wide, as a frame of text columns."""
    import polars as pl

    columns = zip(*rows, strict=True) if rows else [()] * len(names)
    return pl.DataFrame(
        {name: list(cells) for name, cells in zip(names, columns, strict=True)},
        schema=dict.fromkeys(names, pl.String),
    )


def _records(stream: io.TextIOWrapper, dialect: Mapping[str, Any], above: int) -> Iterator[Record]:
    raw = io.StringIO(newline="")
    reader = csv.reader(_copied(_bounded_lines(stream), raw), **dialect)
    line = 1
    for number, cells in enumerate(reader, start=1):
        if number > above:
            yield _bounded(Record(number, line, cells, quote_fault(raw.getvalue(), dialect)))
        line = reader.line_num + 1
        raw.seek(0)
        raw.truncate()


def _copied(lines: Iterator[str], copy: io.StringIO) -> Iterator[str]:
    """The lines, each of which is put aside too, as one text that takes little memory."""
    for line in lines:
        copy.write(line)
        yield line


def _gathered(source: Iterator[Record]) -> Iterator[Rows]:
    """A few rows at a time, fewer where they are long."""
    batch: list[Record] = []
    size = 0
    for record in source:
        batch.append(record)
        size += sum(map(len, record.cells))
        if len(batch) == _ROWS_AT_ONCE or size > LONGEST_RECORD:
            yield Rows(tuple(batch))
            batch, size = [], 0
    if batch:
        yield Rows(tuple(batch))


def _bounded(record: Record) -> Record:
    if len(record.cells) > MOST_COLUMNS:
        raise RefusedError(say("a row has more than {most:,} cells", most=MOST_COLUMNS))
    return record


def _bounded_lines(stream: io.TextIOWrapper) -> Iterator[str]:
    while line := stream.readline(LONGEST_RECORD):
        if len(line) == LONGEST_RECORD:
            raise RefusedError(say("a line has {most:,} characters or more", most=LONGEST_RECORD))
        yield line
