"""A table with the guesses on its columns, and what is asked of several columns together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from ycd_opendata.inferring.cells import cells_of
from ycd_opendata.inferring.guess import Guess
from ycd_opendata.inferring.guessing import guess
from ycd_opendata.package.tables.undescribed import Undescribed

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True)
class Key:
    """Columns that tell records apart, the evidence, and what is not sure about it."""

    fields: tuple[str, ...]
    evidence: str
    doubt: str = ""


@dataclass(frozen=True)
class Reference:
    """Columns whose values stand in columns of a table, with the evidence."""

    table: str
    fields: tuple[str, ...]
    target: str
    target_fields: tuple[str, ...]
    evidence: str
    doubt: str = ""


@dataclass(frozen=True)
class Table:
    """A table of the package to be: its name, its columns by name, its keys.

    ``notes`` are what is not sure about the whole of it.
    """

    name: str
    source: Undescribed
    guesses: Mapping[str, Guess]
    notes: tuple[str, ...] = ()
    key: Key | None = None
    references: tuple[Reference, ...] = ()

    @cached_property
    def called(self) -> str:
        """What people call it: its sheet, or its file without folder and endings."""
        return self.source.sheet or PurePosixPath(self.source.path).name.partition(".")[0]

    @property
    def rows(self) -> int:
        """How many records it has."""
        return self.source.rows

    def texts(self, field: str, *, keep: bool = False) -> pl.Series:
        """The cells of a column as texts, row by row, missing ones as null unless they are kept."""
        import polars as pl

        column = self.source.cells[str(self.source.labels.index(field))]
        if isinstance(column, list):
            column = pl.Series([None if each is None else str(each) for each in column])
        texts = column.cast(pl.String)
        if keep:
            return texts
        gone = ["", *(text for text, _ in self.guesses[field].missing)]
        return texts.set(texts.is_in(gone), None)

    def frame(self, fields: Sequence[str]) -> pl.DataFrame:
        """Some columns as texts, missing cells as null."""
        import polars as pl

        return pl.DataFrame([self.texts(each).alias(each) for each in fields])

    def is_full(self, field: str) -> bool:
        """Whether a column has no missing cell."""
        return not self.guesses[field].cells.empty and self.rows > 0

    def is_unique(self, field: str) -> bool:
        """Whether no two cells of a column that has no missing one are equal."""
        return self.guesses[field].cells.is_unique

    def with_guess(self, name: str, better: Guess) -> Table:
        """The table with another guess on one column."""
        return replace(self, guesses={**self.guesses, name: better})


def table_of(name: str, source: Undescribed) -> Table:
    """The guesses on each column of a table."""
    guesses = {
        label: guess(cells_of(label, source.cells[str(at)]))
        for at, label in enumerate(source.labels)
    }
    return Table(name, source, guesses, source.notes)
