"""A table on its way into a release, and what a format is to whoever writes one.

A table is never in memory as a whole. It comes in batches of bounded size, each of which goes to
every format before the next one is read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from ycd_opendata.package.model import Schema
from ycd_opendata.publishing.formats.typed import typed_frame

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True)
class Batch:
    """Some rows of a table, in a column a field; ``text`` has the cells as in the source."""

    text: pl.DataFrame
    schema: Schema
    table: str

    @cached_property
    def typed(self) -> pl.DataFrame:
        """The same in the fields' types, missing cells as null; errors as in ``typed_frame``."""
        return typed_frame(self.text, self.schema, self.table)


@dataclass(frozen=True)
class Table:
    """A table of a release; ``batches`` reads it from its start, as often as it is called.

    ``derived`` says that it is computed from the others and has no file in the package.
    """

    name: str
    title: str
    description: str
    schema: Schema
    derived: bool
    batches: Callable[[], Iterator[Batch]]


@dataclass(frozen=True)
class Extent:
    """How large a table is: its rows, and the characters (UTF-16 units) of its longest cell."""

    rows: int
    longest_cell: int


WriteBatch = Callable[[Batch], object]

TableWriter = Callable[[Table], AbstractContextManager[WriteBatch]]
"""A format: it opens the place of one table, takes its batches in order, and closes it."""
