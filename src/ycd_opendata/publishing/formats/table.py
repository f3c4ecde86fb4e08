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

from ycd_opendata.loader.polars_columns import plain_frame, typed_frame
from ycd_opendata.loader.storage import Column
from ycd_opendata.package.model import Schema
from ycd_opendata.publishing.formats.survey import Extent

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True)
class Batch:
    """Some rows of a table, in a column a field; ``text`` has the cells as they are released.

    ``part`` is the file of the table that they are in, counted from 0.
    """

    text: pl.DataFrame
    columns: tuple[Column, ...]
    table: str
    part: int = 0

    @cached_property
    def typed(self) -> pl.DataFrame:
        """The same in the columns' types, missing cells as null; errors as in ``typed_frame``."""
        return typed_frame(self.text, self.columns, self.table)

    @cached_property
    def plain(self) -> pl.DataFrame:
        """The same, but moments and times of day as text."""
        return plain_frame(self.text, self.typed, self.columns)


@dataclass(frozen=True)
class Table:
    """A table of a release.

    ``derived`` says that it is computed from the others and has no file in the package; ``frames``
    reads its cells from the start, as often as it is called. A table in several files has
    ``parts`` too, which read the cells of each.
    """

    name: str
    title: str
    description: str
    schema: Schema
    derived: bool
    columns: tuple[Column, ...]
    extent: Extent
    frames: Frames
    parts: tuple[Frames, ...] = ()

    def batches(self) -> Iterator[Batch]:
        """The rows, some at a time."""
        for part, read in enumerate(self.parts or (self.frames,)):
            for each in read():
                yield Batch(each, self.columns, self.name, part)

    def files(self, format: str) -> list[str]:
        """Where the table stands in a release in a format of its own: in one file, or in parts."""
        if not self.parts:
            return [f"{format}/{self.name}.{format}"]
        width = max(len(str(len(self.parts))), 4)
        numbers = range(1, len(self.parts) + 1)
        return [f"{format}/{self.name}/{each:0{width}}.{format}" for each in numbers]


Frames = Callable[[], Iterator["pl.DataFrame"]]
"""What reads cells from the start, as often as it is called."""

WriteBatch = Callable[[Batch], object]

TableWriter = Callable[[Table], AbstractContextManager[WriteBatch]]
"""A format: it opens the place of one table, takes its batches in order, and closes it."""
