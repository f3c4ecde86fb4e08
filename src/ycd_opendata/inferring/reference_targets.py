"""Columns that may refer to others, and those that others may refer to, found by their words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from ycd_opendata.inferring import words
from ycd_opendata.inferring.tables import Table

if TYPE_CHECKING:
    import polars as pl

_FAMILIES = {
    "string": "text",
    "integer": "number",
    "year": "number",
    "date": "date",
    "yearmonth": "yearmonth",
}
"""The types that keys are of, and which of them can be equal."""
_SAMPLE, _FEW = 200, 3


@dataclass(frozen=True)
class Target:
    """A unique column that others may refer to."""

    table: Table
    field: str

    @cached_property
    def family(self) -> str:
        """What it can be equal to."""
        return _FAMILIES[self.table.guesses[self.field].notation.type]

    @cached_property
    def values(self) -> pl.Series:
        """Its cells as texts."""
        return self.table.guesses[self.field].cells.texts

    @cached_property
    def bounds(self) -> tuple[str, str]:
        """The first and the last of the values as texts sort."""
        return str(self.values.min()), str(self.values.max())

    @cached_property
    def is_key(self) -> bool:
        """Whether it is the key of its table."""
        key = self.table.key
        return key is not None and key.fields == (self.field,)

    @cached_property
    def called(self) -> str:
        """What people call its table."""
        return self.table.called

    @cached_property
    def stem(self) -> tuple[str, ...]:
        """The words of that."""
        return words.stem(self.called)

    @cached_property
    def key(self) -> tuple[str, ...]:
        """The words of its own name."""
        return tuple(map(words.singular, words.words(self.field)))

    @cached_property
    def words(self) -> frozenset[str]:
        """All of these words."""
        return frozenset((*self.stem, *self.key))

    @cached_property
    def is_chinese(self) -> bool:
        """Whether its name has no spaces between words, so that it may stand within another."""
        return not self.field.isascii() and len(self.field) > 1


@dataclass(frozen=True)
class Column:
    """A column that may refer to others; of many tables each is held against each target."""

    table: Table
    name: str

    @cached_property
    def family(self) -> str:
        """What it can be equal to; "" where that is no key."""
        return _FAMILIES.get(self.table.guesses[self.name].notation.type, "")

    @cached_property
    def words(self) -> tuple[str, ...]:
        """The words of its name."""
        return tuple(map(words.singular, words.words(self.name)))

    @cached_property
    def sample(self) -> list[str]:
        """Its first cells, in the order of texts."""
        return sorted(self.table.guesses[self.name].cells.texts.head(_SAMPLE).to_list())

    @cached_property
    def values_that_speak(self) -> int:
        """How many texts it has, if they repeat: they may be a reference whatever it is called."""
        guess = self.table.guesses[self.name]
        if guess.notation.type != "string" or self.table.is_unique(self.name):
            return 0
        number = guess.cells.distinct.len()
        return number if number >= _FEW else 0


class Targets:
    """The targets, found by what a column that refers to them may have in common with them."""

    def __init__(self, targets: Sequence[Target]) -> None:
        self._targets = targets
        self._keys = [at for at, each in enumerate(targets) if each.is_key]
        self._by_word: dict[str, list[int]] = {}
        self._by_table: dict[str, list[int]] = {}
        self._by_part: dict[str, list[int]] = {}
        for at, each in enumerate(targets):
            for word in each.words:
                self._by_word.setdefault(word, []).append(at)
            self._by_table.setdefault(each.table.name, []).append(at)
            self._by_part.setdefault(each.called, []).append(at)
            if each.is_chinese:
                self._by_part.setdefault(each.field, []).append(at)

    def for_column(self, column: Column) -> Iterator[Target]:
        """Those that the column may refer to by its name or its values, in order."""
        found = {*self._by_table.get(column.table.name, ())}
        for word in column.words:
            found.update(self._by_word.get(word, ()))
        for part, places in self._by_part.items():
            if part in column.name:
                found.update(places)
        if column.values_that_speak:
            found.update(self._keys)
        return (self._targets[at] for at in sorted(found))
