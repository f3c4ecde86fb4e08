"""What has been seen of a frame's cells, and frames of columns that have types of their own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from ycd_opendata.package.tables.batches import Record
from ycd_opendata.package.tables.row_starts import NONE_LONG, Place, RowStarts

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True)
class Cells:
    """Some cells of a column: the indexes of their rows, and their texts."""

    indexes: pl.Series
    texts: pl.Series

    def __iter__(self) -> Iterator[tuple[int, str]]:
        return zip(self.indexes.to_list(), self.texts.to_list(), strict=True)


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


@dataclass(frozen=True)
class TypedFrame:
    """Some rows as columns of texts, all of them as wide as the header.

    ``first`` is the number of the first row; there are no lines, so ``line`` says nothing.
    """

    first: int
    columns: pl.DataFrame
    seen: Seen
    size: int
    line: int = 0
    is_even: bool = True
    uneven: tuple[int, ...] = ()

    @property
    def height(self) -> int:
        """How many rows there are."""
        return self.columns.height

    @property
    def starts(self) -> RowStarts:
        """The number of each row; its line says nothing."""
        return RowStarts(Place(self.first, 0), NONE_LONG)

    @property
    def places(self) -> Iterator[Place]:
        """The number of each row, and no line."""
        return (Place(self.first + at, 0) for at in range(self.height))

    def record(self, index: int) -> Record:
        """The row at this index."""
        return Record(self.first + index, 0, list(self.columns.row(index)))
