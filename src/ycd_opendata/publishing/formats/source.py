"""Where the tables of a release come from: the package's files, read in batches of a few MiB."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from typing import TYPE_CHECKING

from ycd_opendata.errors import ReleaseError
from ycd_opendata.loader.tables import load_table, table_resources
from ycd_opendata.package.model import Package, Resource
from ycd_opendata.package.tables.reader import read_table
from ycd_opendata.publishing.formats.table import Batch, Table

if TYPE_CHECKING:
    import polars as pl

_ROWS_AT_ONCE = 10_000
_FILE_NAME = re.compile(r"\w[\w.-]*")


def release_tables(package: Package) -> tuple[Table, ...]:
    """The tables of a valid package, the derived ones behind the others.

    Raises
    ------
    ReleaseError
        A table is not one that can be published: no schema, or not one local file.
    """
    return tuple(_table(package, each) for each in table_resources(package).values())


def _table(package: Package, resource: Resource) -> Table:
    schema = resource.schema
    if not _FILE_NAME.fullmatch(resource.name):
        raise ReleaseError(
            f"table {resource.name!r} cannot be published: its name is no name of a file",
            "use letters, digits, hyphens and underscores",
        )
    if schema is None:
        raise ReleaseError(f"table {resource.name!r} cannot be published: it has no schema")
    frames: Callable[[], Iterable[pl.DataFrame]]
    if resource.paths or "data" in resource.raw:
        frames = read_table(package, resource).frames
    else:
        frames = cache(lambda: [_computed_frame(package, resource.name)])

    def typed_batches() -> Iterator[Batch]:
        for text in frames():
            yield Batch(text, schema, resource.name)

    title, description = resource.title, resource.description
    return Table(resource.name, title, description, schema, not resource.paths, typed_batches)


def _computed_frame(package: Package, name: str) -> pl.DataFrame:
    import polars as pl

    from ycd_opendata.loader.frames import frame_as_text

    text = frame_as_text(load_table(package, name))
    return pl.DataFrame({str(key): column.to_list() for key, column in text.items()}, strict=True)
