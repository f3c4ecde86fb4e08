"""What a list of records is made of."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple, overload

from ycd_opendata.site.packed_rows import Row
from ycd_opendata.site.wording import Words


class Cell(NamedTuple):
    """A cell of a list; a tuple for the reason that ``Words`` is one.

    Attributes
    ----------
    words : tuple of Words
        Its text, in pieces of one language each.
    href : str
        The page that it leads to, relative to the folder of the language.
    below : Words
        A second, quieter line.
    kind : str
        How it is shown: "", "number" for a count, "figure", or two classes such as "verdict met"
        for a text that is marked by them.
    order : str
        What it is sorted by, where that is not its text.
    """

    words: tuple[Words, ...]
    href: str = ""
    below: Words = Words("")
    kind: str = ""
    order: str = ""


@dataclass(frozen=True)
class ListRow:
    """A row: its cells, its values for the filters, and what else it is found by."""

    key: str
    cells: tuple[Cell, ...]
    facets: tuple[tuple[str, ...], ...]
    found_by: str


class MadeRows(Sequence[ListRow]):
    """Rows that are made whenever they are asked for, as a long table has too many to keep."""

    def __init__(self, source: Sequence[Row], make: Callable[[Row], ListRow]) -> None:
        self._source, self._make = source, make

    def __len__(self) -> int:
        return len(self._source)

    @overload
    def __getitem__(self, place: int) -> ListRow: ...

    @overload
    def __getitem__(self, place: slice) -> Sequence[ListRow]: ...

    def __getitem__(self, place: int | slice) -> ListRow | Sequence[ListRow]:
        found = self._source[place]
        return self._make(found) if isinstance(found, Mapping) else [*map(self._make, found)]


@dataclass(frozen=True)
class Facet:
    """A filter: its name in the address, and its options with how many rows each has."""

    name: str
    title: str
    options: tuple[tuple[str, Words, int], ...]


@dataclass(frozen=True)
class Listing:
    """The list of one kind of record, in one language.

    Attributes
    ----------
    name : str
        Its name in addresses, as a class of its table, and as the table whose files it offers.
    title, lead : Words
        What it is called, and what it holds.
    columns : tuple of (str, str)
        The name and the title of each column.
    left_out : int
        Rows that the table has beyond those of the list, of which nothing is searched then.
    """

    name: str
    title: Words
    lead: Words
    columns: tuple[tuple[str, str], ...]
    facets: tuple[Facet, ...]
    rows: Sequence[ListRow] = field(repr=False)
    left_out: int = 0

    @property
    def count(self) -> int:
        """How many rows there are, whether or not the list has them."""
        return len(self.rows) + self.left_out

    def kept(self, without: Sequence[str]) -> Sequence[tuple[int, str, str]]:
        """The place, name and title of the columns but some."""
        return [
            (place, name, title)
            for place, (name, title) in enumerate(self.columns)
            if name not in without
        ]

    @cached_property
    def by_key(self) -> Mapping[str, ListRow]:
        """The rows by the key of their record."""
        return {row.key: row for row in self.rows}
