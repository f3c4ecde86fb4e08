"""On which line of a file each row of a block starts: most rows have one line, a few have more."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import NamedTuple

_QUOTE, _END = b'"\n'
_CHUNK = 2**16
_WORTH_NUMPY = 2**24
"""So many bytes are counted in the time that it takes to load numpy."""


class Place(NamedTuple):
    """Where a row stands: its number and the physical line it starts on, both from 1."""

    number: int
    line: int


class LongRows(NamedTuple):
    """The rows of more than one line, from 0, and how many lines too many there are up to each."""

    rows: array[int]
    too_many: array[int]

    def lines_above(self, row: int) -> int:
        """How many lines stand above a row."""
        at = bisect_left(self.rows, row)
        return row + (self.too_many[at - 1] if at else 0)


@dataclass(frozen=True)
class RowStarts:
    """The places of the rows of a block, of which the first one stands at ``first``.

    ``kept`` are the rows that are counted, from 0, None for all of them.
    """

    first: Place
    long: LongRows
    kept: Sequence[int] | None = None

    def of(self, index: int) -> Place:
        """The place of the row at this index."""
        row = index if self.kept is None else self.kept[index]
        return Place(self.first.number + row, self.first.line + self.long.lines_above(row))


NONE_LONG = LongRows(array("Q"), array("Q"))


def long_rows(content: bytes) -> LongRows:
    """The rows of several lines: in front of a line end inside of quotes, quotes are not paired."""
    # Loaded late: tables without quoted line ends do without.
    import numpy as np

    signs = np.frombuffer(content, np.uint8)
    quotes_above = np.searchsorted(np.flatnonzero(signs == _QUOTE), np.flatnonzero(signs == _END))
    unpaired = np.flatnonzero(np.diff(quotes_above, prepend=0) % 2)
    # Quotes are opened on one such line and closed on the next one.
    more = unpaired[1::2] - unpaired[::2]
    too_many = np.cumsum(more)
    return LongRows(
        array("Q", (unpaired[::2] - too_many + more).tolist()), array("Q", too_many.tolist())
    )


def _counts_of_ends(content: bytes) -> Iterator[int]:
    starts = range(0, len(content), _CHUNK)
    if len(content) < _WORTH_NUMPY:
        return (content.count(b"\n", at, at + _CHUNK) for at in starts)
    import numpy as np

    signs = np.frombuffer(content, np.uint8)
    return (int(np.count_nonzero(signs[at : at + _CHUNK] == _END)) for at in starts)


class LineStarts:
    """Where the lines of a text start, found for those that are asked for, best in their order."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        self._ends = [*accumulate(_counts_of_ends(content), initial=0)]
        self._last = (0, 0)

    def of(self, number: int) -> int:
        """The byte at which a line starts, both from 0; behind the last one it is the end."""
        chunk = max(bisect_left(self._ends, number) - 1, 0)
        line, at = self._ends[chunk], chunk * _CHUNK
        if line <= self._last[0] <= number:
            # Many lines may be asked for, one after the other.
            line, at = self._last
        for _ in range(number - line):
            at = self._content.find(b"\n", at) + 1 or len(self._content)
        self._last = (number, at)
        return at
