"""Where the tables of a release come from: the package's tables, read in batches of a few MiB."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING

from ycd_opendata.errors import ReleaseError
from ycd_opendata.extension import Load
from ycd_opendata.loader.loading import table_resources, tables_of
from ycd_opendata.messages import say
from ycd_opendata.package.model import Package, Resource, Schema
from ycd_opendata.package.standard_notation import canonical_column
from ycd_opendata.package.tables.reader import read_table
from ycd_opendata.publishing.formats.survey import survey
from ycd_opendata.publishing.formats.table import Table

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl

Read = Callable[[], Iterable["pl.DataFrame"]]

_FILE_NAME = re.compile(r"\w[\w.-]*")


def release_tables(package: Package) -> tuple[Table, ...]:
    """The tables of a valid package, the derived ones behind the others, each read once.

    Raises ReleaseError or DataError where a table is not one that can be published, or cannot be
    read.
    """
    resources = table_resources(package).values()
    load = tables_of(package)
    return tuple(_table(package, each, load) for each in resources if each.is_table)


def _table(package: Package, resource: Resource, load: Load) -> Table:
    schema = resource.schema
    assert schema is not None
    if not _FILE_NAME.fullmatch(resource.name):
        raise ReleaseError(
            say(
                "table {resource!r} cannot be published: its name is no name of a file",
                resource=resource.name,
            ),
            say("use letters, digits, hyphens and underscores"),
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
    import polars as pl

    from ycd_opendata.loader.frames import frame_as_text

    text = frame_as_text(computed)
    columns = {str(key): column.to_list() for key, column in text.items()}
    return pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String), strict=True)
