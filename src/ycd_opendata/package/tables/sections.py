"""A table's files in sections that can be read side by side, each of whole rows.

A line end ends a row unless it stands in quotes, and it stands in quotes if the number of quotes
before it is odd. Ranges of bytes are counted without knowing that of their start: for either case
it is said where their first row ends, and how many do. Then one pass over the counts gives each
section the bytes, the first row and the first line that it has. That holds for text whose quotes
are regular: who reads a section looks whether they are, and if not, nothing is to be believed.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import BinaryIO, NamedTuple

from ycd_opendata.messages import say
from ycd_opendata.package.files import is_address
from ycd_opendata.package.tables.limits import LONGEST_RECORD
from ycd_opendata.package.tables.opening import Text
from ycd_opendata.package.tables.parts import first_lines
from ycd_opendata.package.tables.remote import read_remote
from ycd_opendata.package.tables.row_starts import NONE_LONG, LineStarts, long_rows

_CHUNK = 2**20
_QUOTE, _LINE_END = b'"\n'


class NotSplittableError(Exception):
    """The table has to be read in one go; the text says why."""


class Range(NamedTuple):
    """Some bytes of a file: ``part`` is its place among those of the table."""

    part: int
    path: str
    start: int
    end: int


class RowEnd(NamedTuple):
    """Just behind a row: the byte, and how many lines of the range end before it."""

    at: int
    lines: int


class RangeCounts(NamedTuple):
    """What stands in a range; pairs are for a start outside and inside of quotes."""

    quotes: int
    lines: int
    rows: tuple[int, int]
    first: tuple[RowEnd | None, RowEnd | None]
    is_ended: bool


class Piece(NamedTuple):
    """Whole rows of a file, and how many rows and lines of the table stand in front of them."""

    part: int
    start: int
    end: int
    rows_before: int
    lines_before: int


class Split(NamedTuple):
    """The pieces of a table in order, and how many lines each of its files has."""

    pieces: tuple[Piece, ...]
    line_counts: tuple[int, ...]


@dataclass(frozen=True)
class Section(Text):
    """A piece of a text, as a text of its own."""

    part: int = 0
    start: int = 0
    end: int = 0

    @property
    def size(self) -> int:
        """The bytes of the section."""
        return self.end - self.start

    def open(self) -> BinaryIO:
        """The section's bytes."""
        path = str(self.paths[self.part])
        return io.BytesIO(b"".join(read_range(path, self.start, self.end, self.size)))


def section(text: Text, piece: Piece) -> Section:
    """A piece of a text; only the first one has rows above the content, and a byte order mark."""
    known = {each.name: getattr(text, each.name) for each in fields(Text)}
    whole = Section(**known, part=piece.part, start=piece.start, end=piece.end)
    if not piece.rows_before:
        return whole
    return replace(whole, encoding="utf-8", header=replace(text.header, content=1))


def ranges(text: Text, most: int) -> tuple[Range, ...]:
    """The ranges of a text's files, none of more bytes than ``most``.

    Raises
    ------
    NotSplittableError
        Its rows are not to be found by counting quotes.
    OSError, OddPartError
        A file cannot be read.
    """
    if not text.can_be_frames:
        raise NotSplittableError(say("its dialect is not the usual one"))
    if not text.is_utf8:
        raise NotSplittableError(say("it is not UTF-8 in lines as they stand"))
    if not text.size:
        raise NotSplittableError(say("it is packed"))
    several = len(text.paths) > 1 and text.header.is_expected
    above = [0, *map(len, first_lines(text.paths)[1:])] if several else [0] * len(text.paths)
    return tuple(
        Range(part, str(path), start, min(start + most, size))
        for part, path in enumerate(text.paths)
        for size in [path.stat().st_size]
        for start in range(above[part], size, most)
    )


def read_range(path: str, start: int, end: int, most: int) -> Iterator[bytes]:
    """The bytes of a range of a file, at most so many at once where the file is here."""
    if is_address(path):
        yield read_remote(path, start, end)
        return
    with Path(path).open("rb") as stream:
        stream.seek(start)
        while chunk := stream.read(min(most, end - stream.tell())):
            yield chunk


def count_range(each: Range) -> RangeCounts:
    """What stands in a range."""
    import numpy as np

    quotes = lines = 0
    rows = [0, 0]
    first: list[RowEnd | None] = [None, None]
    offset, last = each.start, b""
    # To have all in memory takes as long as to count it.
    for chunk in read_range(each.path, each.start, each.end, _CHUNK):
        signs = np.frombuffer(chunk, np.uint8)
        ends, marks = np.flatnonzero(signs == _LINE_END), np.flatnonzero(signs == _QUOTE)
        states = (np.searchsorted(marks, ends) + quotes) % 2
        for state in (0, 1):
            at = np.flatnonzero(states == state)
            if len(at) and first[state] is None:
                byte = offset + int(ends[at[0]]) + 1
                first[state] = RowEnd(byte, lines + int(at[0]) + 1)
            rows[state] += len(at)
        quotes += len(marks)
        lines += len(ends)
        offset, last = offset + len(chunk), chunk[-1:]
    return RangeCounts(quotes, lines, (rows[0], rows[1]), (first[0], first[1]), last == b"\n")


def picked_rows(
    content: bytes, indexes: Sequence[int], *, has_long: bool
) -> Iterator[tuple[int, int, bytes]]:
    """Some rows of regular text that starts with a row: index, lines above it, and bytes.

    ``has_long`` tells whether there may be rows of several lines.
    """
    starts, long = LineStarts(content), long_rows(content) if has_long else NONE_LONG
    for index in indexes:
        above, end = long.lines_above(index), long.lines_above(index + 1)
        yield index, above, content[starts.of(above) : starts.of(end)]


def split(text: Text, found: Sequence[Range], counts: Sequence[RangeCounts]) -> Split:
    """The pieces that ranges and what was counted in them make of a text.

    Raises
    ------
    NotSplittableError
        The counts show that its quotes are not regular, or a piece would be too long.
    """
    pieces: list[Piece] = []
    line_counts = []
    rows = lines = 0
    for part, path in enumerate(text.paths):
        own = [pair for pair in zip(found, counts, strict=True) if pair[0].part == part]
        size = path.stat().st_size
        lines_there = 1 if size and (not own or own[0][0].start) else 0
        starts = [Piece(part, own[0][0].start, size, rows, lines)] if own else []
        is_inside = 0
        for found_range, counted in own:
            cut = counted.first[is_inside]
            # The first range starts with a row of its own.
            if cut is not None and cut.at < size and found_range is not own[0][0]:
                starts.append(Piece(part, cut.at, size, rows + 1, lines + cut.lines))
            rows += counted.rows[is_inside]
            lines += counted.lines
            lines_there += counted.lines
            is_inside ^= counted.quotes % 2
        if is_inside:
            raise NotSplittableError(say("its quotes are not paired"))
        if own and not own[-1][1].is_ended:
            rows, lines, lines_there = rows + 1, lines + 1, lines_there + 1
        ends = [*(each.start for each in starts[1:]), size][: len(starts)]
        pieces += [each._replace(end=end) for each, end in zip(starts, ends, strict=True)]
        line_counts.append(lines_there)
    pieces = _without_rows_above(pieces, text.header.content - 1)
    longest = max((each.end - each.start for each in found), default=0) + LONGEST_RECORD
    if any(each.end - each.start > longest for each in pieces[1:]):
        raise NotSplittableError(say("a row of it is very long"))
    return Split(tuple(pieces), tuple(line_counts))


def _without_rows_above(pieces: list[Piece], above: int) -> list[Piece]:
    """The pieces, the first of which goes on until the content starts."""
    first, *others = pieces
    while others and others[0].rows_before < above:
        if others[0].part != first.part:
            raise NotSplittableError(say("its content starts far below its first rows"))
        first = first._replace(end=others.pop(0).end)
    return [first, *others]
