"""A table with the guesses on its columns, and which texts stand for no value in all of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import PurePosixPath

import polars as pl

from ycd_opendata.inferring import words
from ycd_opendata.inferring.cells import cells_of
from ycd_opendata.inferring.column_types import guess
from ycd_opendata.inferring.guess import ANYTHING, TEXT, Guess
from ycd_opendata.messages import counted, say, say_of
from ycd_opendata.package.tables.undescribed import Undescribed


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


def shared_missing(table: Table) -> list[str]:
    """The texts that stand for no value in the whole table.

    One that another column has as a text of its own is left to the columns that miss it.
    """
    candidates: Counter[str] = Counter()
    for found in table.guesses.values():
        candidates.update(dict(found.missing))
    every = table.guesses.values()
    return [text for text in candidates if all(_may_miss(found, text) for found in every)]


def _may_miss(found: Guess, text: str) -> bool:
    """Whether a text can be missing in a column: it has none, or none that says anything."""
    if text in dict(found.missing) or not (found.cells.texts == text).any():
        return True
    if found.is_literal or found.notation.type != "string" or text not in words.SURELY_MISSING:
        return False
    # NA among codes of two letters is Namibia.
    others = found.cells.texts.filter(found.cells.texts != text).head(200)
    is_code = others.len() > 0 and bool((others.str.len_chars() == len(text)).all())
    return not is_code


def with_shared_missing(table: Table) -> Table:
    """The table whose columns of text lack what is missing elsewhere in it, too."""
    for text in shared_missing(table):
        for name, found in table.guesses.items():
            number = found.cells.count(found.cells.texts == text)
            if number and text not in dict(found.missing):
                size = counted(number, "cell")
                says = say("{text!r} is missing in {size}, as elsewhere", text=text, size=size)
                table = table.with_guess(name, found.lacking([text], says))
    return table


def without_empty_records(table: Table) -> Table:
    """The table read so that no record has nothing but missing values, which is an error.

    Texts that stand for nothing are then texts of their own in some of the columns.
    """
    # A text that is missing in one column may be so in others, too.
    every = list({text for each in table.guesses.values() for text, _ in each.missing})
    if not every:
        return table
    cells = {name: table.texts(name, keep=True).fill_null("") for name in table.guesses}
    frame = pl.DataFrame([each.alias(name) for name, each in cells.items()])
    left = frame.filter(pl.all_horizontal((pl.all() == "") | pl.all().is_in(every)))
    while left.height:
        filled = left.select((pl.all() != "").sum()).row(0, named=True)
        name = max(filled, key=lambda each: (filled[each], -table.source.labels.index(each)))
        if not filled[name]:
            return table
        table = table.with_guess(name, _literal(table, name, filled[name]))
        left = left.filter(pl.col(name) == "")
    return table


def _literal(table: Table, name: str, number: int) -> Guess:
    """A column that keeps what stands for a missing value elsewhere."""
    column = table.source.cells[str(table.source.labels.index(name))]
    is_text = not table.source.is_typed and not isinstance(column, list)
    doubt = say_of(
        number,
        "{number} record has nothing but what stands for a missing value, so it stays text",
        "{number} records have nothing but what stands for a missing value, so it stays text",
    )
    readings = (TEXT if is_text else ANYTHING,)
    return Guess(cells_of(name, column), readings, doubts=(doubt,), is_literal=True)
