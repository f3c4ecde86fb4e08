"""A table's rows in batches: frames of text where that is sure to be right, rows elsewhere.

Where a block is not regular, the rest of the file is read as frictionless reads it, by Python's
``csv``, row by row.
"""

from __future__ import annotations

import csv
import io
from array import array
from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from ycd_opendata.package.tables.blocks import blocks
from ycd_opendata.package.tables.limits import LONGEST_RECORD
from ycd_opendata.package.tables.opening import Text
from ycd_opendata.package.tables.parsing import BlockParser, CutError, Look, Parsed, in_order
from ycd_opendata.package.tables.row_starts import (
    NONE_LONG,
    LineStarts,
    Place,
    RowStarts,
    long_rows,
)
from ycd_opendata.package.tables.rows import (
    Reached,
    Record,
    bounded,
    part_records,
    records,
    saying_why,
)
from ycd_opendata.package.tables.sure_rows import SureRows

if TYPE_CHECKING:
    import polars as pl

_ROWS_AT_ONCE = 10_000


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
        return bounded(Record(*place, next(reader, [])))

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
    reached = Reached()
    for part in text.parts() or (text,):
        done: int | None = part.header.content - 1
        with saying_why(part):
            if part.can_be_frames:
                done = yield from frames(part, width, look, reached, sure)
            if done is not None:
                yield from _gathered(part_records(part, reached, done))


def row_batches(text: Text) -> Iterator[Rows]:
    """The rows of a table below its header, a few at a time; errors as in ``batches``."""
    return _gathered(records(text))


def frames(
    part: Text, width: int, look: Look, reached: Reached, sure: SureRows | None = None
) -> Generator[Frame, None, int | None]:
    """Frames of one file until a block is irregular: then the number of its rows so far, else None.

    ``reached`` says what stands in front of it.
    """
    rows, lines = reached.before(part)
    row, line = rows + part.header.content - 1, lines + 1
    parser = BlockParser(width, part.header.comments, look, sure)
    for parsed in _parsed(part, parser):
        if parsed is None:
            return row - rows
        line += parsed.lines.header_lines
        if parsed.height:
            yield Frame(row + 1, line, parsed, part.dialect)
        row += parsed.row_count
        line += parsed.lines.line_count
    reached.advance(row, line - 1)
    return None


def _parsed(text: Text, parser: BlockParser) -> Iterator[Parsed | None]:
    """The blocks of a text as columns, in their order."""
    try:
        # Whether quotes pair is seen too where rows are told to be fine, mostly for nothing.
        yield from in_order(parser.parsed, blocks(text, counted=parser.sure is None))
    except CutError as cut:
        yield from in_order(parser.parsed, blocks(text, cut.start))


def frame_of(rows: Sequence[Sequence[str]], names: Sequence[str]) -> pl.DataFrame:
    """Rows of text, all as wide, as a frame of text columns."""
    import polars as pl

    columns = zip(*rows, strict=True) if rows else [()] * len(names)
    return pl.DataFrame(
        {name: list(cells) for name, cells in zip(names, columns, strict=True)},
        schema=dict.fromkeys(names, pl.String),
    )


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
