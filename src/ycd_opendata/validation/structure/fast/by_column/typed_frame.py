"""What has been seen of a frame's cells, and frames of columns that have types of their own."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar, NamedTuple

import polars as pl

from ycd_opendata.package.tables.row_starts import NONE_LONG, Place, RowStarts
from ycd_opendata.package.tables.rows import Record


@dataclass(frozen=True)
class Cells:
    """Some cells of a column: the indexes of their rows, and their texts."""

    indexes: Sequence[int]
    texts: Sequence[str]

    def __iter__(self) -> Iterator[tuple[int, str]]:
        return zip(self.indexes, self.texts, strict=True)


class Seen(NamedTuple):
    """What is to be read exactly in a frame, rows by their index, columns by their position.

    ``blank`` rows have only missing cells; ``open`` cells are not surely fine, and ``other`` ones
    have a text that does not stand for their value alone. ``judged`` rows may break a rule.
    ``keys`` are the texts of the columns that make keys.
    """

    blank: list[int]
    judged: list[int]
    open: Mapping[int, Cells]
    other: Mapping[int, Cells]
    keys: Mapping[int, pl.Series]

    def together(self, other: Seen, indexes: Sequence[int]) -> Seen:
        """With what has been seen in some of the rows, given their indexes."""

        def placed(cells: Cells) -> Cells:
            return Cells([indexes[at] for at in cells.indexes], cells.texts)

        return Seen(
            [*self.blank, *(indexes[at] for at in other.blank)],
            [*self.judged, *(indexes[at] for at in other.judged)],
            {**self.open, **{at: placed(each) for at, each in other.open.items()}},
            {**self.other, **{at: placed(each) for at, each in other.other.items()}},
            {**self.keys, **other.keys},
        )


@dataclass(frozen=True)
class TypedFrame:
    """Some rows as columns of texts, all of them as wide as the header.

    ``texts`` gives all columns of some rows. ``first`` is the number of the first row. There are no
    lines: rows are told apart, and the file that they are in, by their numbers instead.
    ``has_gaps`` says that somewhere a value is missing.
    """

    first: int
    seen: Seen
    size: int
    has_gaps: bool
    height: int
    texts: Callable[[Sequence[int]], pl.DataFrame]
    uneven: ClassVar[tuple[int, ...]] = ()

    @property
    def starts(self) -> RowStarts:
        """The number of each row, twice."""
        return RowStarts(Place(self.first, self.first), NONE_LONG)

    def record(self, index: int) -> Record:
        """The row at this index."""
        number = self.first + index
        return Record(number, number, list(self._rows[index]))

    @cached_property
    def _rows(self) -> Mapping[int, Sequence[str]]:
        """The rows in which something may be wrong."""
        seen = self.seen
        cells = (index for each in seen.open.values() for index in each.indexes)
        indexes = sorted({*seen.blank, *seen.judged, *cells})
        return dict(zip(indexes, self.texts(indexes).rows(), strict=True))
