"""The tables of a package on their way into a release, and what a format is to them.

A table is never in memory as a whole. It comes in batches of bounded size, each of which goes to
every format before the next one is read.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import cached_property, partial

import pandas as pd
import polars as pl

from ycd_opendata.errors import ReleaseError
from ycd_opendata.extension import Load
from ycd_opendata.loader.frames import frame_as_text
from ycd_opendata.loader.loading import table_resources, tables_of
from ycd_opendata.messages import mark, say
from ycd_opendata.package.model import Package, Resource, Schema
from ycd_opendata.package.standard_notation import canonical_column
from ycd_opendata.package.tables.reader import read_table
from ycd_opendata.publishing.formats.stored_types import Column
from ycd_opendata.publishing.formats.stored_values import plain_frame, typed_frame
from ycd_opendata.publishing.formats.survey import Extent, survey

Read = Callable[[], Iterable["pl.DataFrame"]]

_FILE_NAME = re.compile(r"(?!(?i:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\.|$))\w[\w.-]*")
"""Names that files have everywhere: Windows keeps some for devices."""
_LONGEST_NAME = 240
"""The bytes that a table's name may have: a disk takes 255, and ``.schema.json`` stands behind."""


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


def release_tables(package: Package) -> tuple[Table, ...]:
    """The tables of a valid package, the derived ones behind the others, each read once.

    Raises ReleaseError or DataError where a table is not one that can be published, or cannot be
    read.
    """
    resources = [each for each in table_resources(package).values() if each.is_table]
    _refuse_one_file(each.name for each in resources)
    load = tables_of(package)
    return tuple(_table(package, each, load) for each in resources)


def _refuse_one_file(names: Iterable[str]) -> None:
    """Raise where two tables would be one file on disks that do not tell capitals apart."""
    seen: dict[str, str] = {}
    for name in names:
        other = seen.setdefault(name.casefold(), name)
        if other != name:
            template = mark("tables {other!r} and {name!r} cannot be published together")
            raise ReleaseError(
                say(template, other=other, name=name),
                say("rename one: on many disks a file has one name in capital and small letters"),
            )


def _table(package: Package, resource: Resource, load: Load) -> Table:
    schema = resource.schema
    assert schema is not None
    is_long = len(resource.name.encode()) > _LONGEST_NAME
    if is_long or not _FILE_NAME.fullmatch(resource.name):
        raise ReleaseError(
            say(
                "table {resource!r} cannot be published: its name is no name of a file",
                resource=resource.name,
            ),
            say(
                "use letters, digits, hyphens and underscores, at most {most} bytes of them, and "
                "no name of a device as nul is",
                most=_LONGEST_NAME,
            ),
        )
    for name in schema.field_names:
        if name == "*" or (name.startswith("^") and name.endswith("$")):
            raise ReleaseError(
                say(
                    "the field {name!r} of {table!r} cannot be published: it reads as a pattern",
                    name=name,
                    table=resource.name,
                ),
                say("rename it"),
            )
    if resource.paths or "data" in resource.raw:
        reader = read_table(package, resource)
        return surveyed(resource, schema, reader.frames, parts=reader.parts)
    computed = _text(load(resource.name))
    return surveyed(resource, schema, lambda: [computed], derived=True)


def surveyed(
    resource: Resource,
    schema: Schema,
    read: Read,
    *,
    derived: bool = False,
    parts: Sequence[Read] = (),
) -> Table:
    """The table of a resource, whose cells ``read`` gives as text; errors as in ``survey``.

    ``parts`` give those of each of its files, where there are several.
    """
    frames = partial(_released, schema, read)
    columns, extent = survey(frames(), schema, resource.name)
    return Table(
        resource.name,
        resource.title,
        resource.description,
        schema,
        derived,
        columns,
        extent,
        frames,
        tuple(partial(_released, schema, each) for each in parts),
    )


def _released(schema: Schema, read: Read) -> Iterator[pl.DataFrame]:
    return (_released_cells(each, schema) for each in read())


def _released_cells(text: pl.DataFrame, schema: Schema) -> pl.DataFrame:
    """The cells in the notation of the standard, where theirs was another that is accepted too."""
    return text.with_columns(
        canonical_column(text[each.name], each, schema.missing_values_of(each))
        for each in schema.fields
    )


def _text(computed: pd.DataFrame) -> pl.DataFrame:
    """The cells of a derived table as text."""
    text = frame_as_text(computed)
    columns = {str(key): column.to_list() for key, column in text.items()}
    return pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String), strict=True)


def unique_names(names: Iterable[str], taken: Iterable[str] = (), longest: int = 0) -> list[str]:
    """The names, each with a number behind it if it is, but for capitals, one before it.

    Neither SQLite nor a workbook tells names apart by capitals.

    Parameters
    ----------
    taken : iterable of str
        Names that may not be used.
    longest : int
        How many characters a name may have; longer ones are cut. 0 is no limit.

    Examples
    --------
    >>> unique_names(["id", "ID", "name"])
    ['id', 'ID_2', 'name']
    """
    used = {each.casefold() for each in taken}
    found = []
    for name in names:
        chosen, number = name[: longest or None], 1
        while chosen.casefold() in used:
            number += 1
            ending = f"_{number}"
            chosen = name[: longest - len(ending) if longest else None] + ending
        used.add(chosen.casefold())
        found.append(chosen)
    return found
