"""Where the tables of a release come from: the package's files, read in batches of a few MiB."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache, partial
from itertools import islice
from typing import TYPE_CHECKING

from ycd_opendata.errors import DataError, ReleaseError
from ycd_opendata.loader.tables import load_table, table_resources
from ycd_opendata.package.model import Package, Resource, Schema
from ycd_opendata.package.rows import read_rows
from ycd_opendata.package.tables.batches import Frame, batches
from ycd_opendata.package.tables.limits import RefusedError
from ycd_opendata.package.tables.opening import NotReadableError, Text, open_text
from ycd_opendata.publishing.formats.table import Batch, Table
from ycd_opendata.validation.structure.fast.columns import Seen

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
    if schema is None or len(resource.paths) > 1 or "data" in resource.raw:
        raise ReleaseError(
            f"table {resource.name!r} cannot be published: no schema, or not exactly one file",
            "give it a schema and one CSV file",
        )
    frames: Callable[[], Iterator[pl.DataFrame]] = partial(_file_frames, package, resource, schema)
    if not resource.paths:
        frames = cache(lambda: [_computed_frame(package, resource.name)])  # type: ignore[assignment]

    def typed_batches() -> Iterator[Batch]:
        for text in frames():
            yield Batch(text, schema, resource.name)

    title, description = resource.title, resource.description
    return Table(resource.name, title, description, schema, not resource.paths, typed_batches)


def _computed_frame(package: Package, name: str) -> pl.DataFrame:
    import polars as pl

    from ycd_opendata.loader.frames import frame_as_text

    text = frame_as_text(load_table(package, name))
    columns = {str(key): column.to_list() for key, column in text.items()}
    return pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String), strict=True)


def _file_frames(package: Package, resource: Resource, schema: Schema) -> Iterator[pl.DataFrame]:
    """The cells of a file as text, read like the engine that found them valid."""
    try:
        text = open_text([package.path(resource)], resource)
    except NotReadableError:
        yield from _frames_by_rows(package, resource, schema)
        return
    try:
        yield from _frames_of_blocks(text, resource.name, schema)
    except (NotReadableError, RefusedError) as reason:
        raise _invalid(resource.name, str(reason)) from reason


def _frames_of_blocks(text: Text, table: str, schema: Schema) -> Iterator[pl.DataFrame]:
    names = schema.field_names
    labels = text.header.labels
    if text.header.is_expected and len(labels) != len(names):
        raise _invalid(table, f"it has {len(labels)} columns, not {len(names)}")
    for batch in batches(text, len(names), _nothing_to_look_for):
        if isinstance(batch, Frame):
            if batch.uneven:
                raise _invalid(table, "its rows differ in width")
            yield batch.columns.rename(dict(zip(batch.columns.columns, names, strict=True)))
        else:
            yield _frame([each.cells for each in batch.records], names, table)


def _nothing_to_look_for(_: pl.DataFrame) -> Seen:
    """The table was validated before."""
    return Seen([], {}, {}, {})


def _frames_by_rows(package: Package, resource: Resource, schema: Schema) -> Iterator[pl.DataFrame]:
    """Files of dialects and encodings that are not read in blocks."""
    dialect = dict(resource.dialect)
    rows = (
        each.cells
        for each in read_rows(package.path(resource), dialect, resource.encoding)
        if each.cells
    )
    if dialect.get("header", True):
        next(rows, None)
    while some := list(islice(rows, _ROWS_AT_ONCE)):
        yield _frame(some, schema.field_names, resource.name)


def _frame(rows: Sequence[Sequence[str]], names: tuple[str, ...], table: str) -> pl.DataFrame:
    import polars as pl

    if any(len(cells) != len(names) for cells in rows):
        raise _invalid(table, "its rows differ in width")
    return pl.DataFrame(
        {name: list(cells) for name, cells in zip(names, zip(*rows, strict=True), strict=True)},
        schema=dict.fromkeys(names, pl.String),
    )


def _invalid(table: str, reason: str) -> DataError:
    return DataError(f"table {table!r} cannot be published: {reason}", "run `ycd validate`")
