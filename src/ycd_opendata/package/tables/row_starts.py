"""On which line of a file each row of a block starts: most rows have one line, a few have more."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple


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


def long_rows(lines: Sequence[bytes]) -> LongRows:
    """The rows of several lines: in front of a line end inside of quotes, quotes are not paired."""
    unpaired = [at for at, line in enumerate(lines) if line.count(b'"') % 2]
    rows, too_many = array("Q"), array("Q")
    more = 0
    # Quotes are opened on one such line and closed on the next one.
    for start, end in zip(unpaired[::2], unpaired[1::2], strict=True):
        rows.append(start - more)
        more += end - start
        too_many.append(more)
    return LongRows(rows, too_many)
