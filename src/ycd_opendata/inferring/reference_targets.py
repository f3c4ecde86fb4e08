"""Columns that may refer to others, and those that others may refer to, found by their words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property

import polars as pl

from ycd_opendata.inferring import words
from ycd_opendata.inferring.tables import Table

_FAMILIES = {
    "string": "text",
    "integer": "number",
    "year": "number",
    "date": "date",
    "yearmonth": "yearmonth",
}
"""The types that keys are of, and which of them can be equal."""
_SAMPLE, _FEW = 200, 3


class Target:
    """A unique column that others may refer to, and what their names are held against.

    ``called`` is what people call its table, ``stem`` the words of that, ``key`` those of its own
    name. Where ``is_chinese`` holds, that has no spaces and may stand within another name.
    """

    def __init__(self, table: Table, field: str) -> None:
        guess = table.guesses[field]
        self.table, self.field, self.called = table, field, table.called
        self.family = _FAMILIES[guess.notation.type]
        self.values: pl.Series = guess.cells.texts
        self.is_key = table.key is not None and table.key.fields == (field,)
        self.stem = words.stem(self.called)
        self.key = words.stem(field)
        self.words = frozenset((*self.stem, *self.key))
        self.is_chinese = not field.isascii() and len(field) > 1

    @cached_property
    def bounds(self) -> tuple[str, str]:
        """The first and the last of the values as texts sort."""
        return str(self.values.min()), str(self.values.max())


class Column:
    """A column that may refer to others: the words of its name, and its first cells in order.

    ``values_that_speak`` is how many texts it has, if they repeat: they may be a reference
    whatever it is called.
    """

    def __init__(self, table: Table, name: str) -> None:
        guess = table.guesses[name]
        self.table, self.name = table, name
        self.family = _FAMILIES.get(guess.notation.type, "")
        self.words = words.stem(name)
        self.sample = sorted(guess.cells.texts.head(_SAMPLE).to_list())
        number = 0
        if guess.notation.type == "string" and not table.is_unique(name):
            number = guess.cells.distinct.len()
        self.values_that_speak = number if number >= _FEW else 0


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
