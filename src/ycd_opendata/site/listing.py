"""What a list of records is made of."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import NamedTuple, overload

from ycd_opendata.site.content import Table
from ycd_opendata.site.packed_rows import Row
from ycd_opendata.site.wording import Words

_MOST_KEPT = 1024


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
        self._source, self.make = source, make

    def __len__(self) -> int:
        return len(self._source)

    @overload
    def __getitem__(self, place: int) -> ListRow: ...

    @overload
    def __getitem__(self, place: slice) -> Sequence[ListRow]: ...

    def __getitem__(self, place: int | slice) -> ListRow | Sequence[ListRow]:
        found = self._source[place]
        return self.make(found) if isinstance(found, Mapping) else [*map(self.make, found)]


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
    table : Table
        The table that its rows are of, and whose files it offers.
    title, lead : Words
        What it is called, and what it holds.
    columns : tuple of (str, str)
        The name and the title of each column.
    """

    table: Table
    title: Words
    lead: Words
    columns: tuple[tuple[str, str], ...]
    facets: tuple[Facet, ...]
    rows: MadeRows = field(repr=False)

    @property
    def name(self) -> str:
        """Its name in addresses, and as a class."""
        return self.table.name

    @property
    def left_out(self) -> int:
        """Rows that the table has beyond those of the list, of which nothing is searched then."""
        return self.table.left_out

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
    def record(self) -> Callable[[str], ListRow]:
        """What gives the row of the record with a key; pages of neighbours show the same ones."""

        def record(key: str) -> ListRow:
            row = self.table.row(key)
            if row is None:
                raise KeyError(key)
            return self.rows.make(row)

        return lru_cache(maxsize=_MOST_KEPT)(record)
