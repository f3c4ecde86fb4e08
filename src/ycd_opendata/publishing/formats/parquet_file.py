"""A table as Parquet: typed columns that carry their title, description and unit."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from ycd_opendata.loader.columns import polars_type
from ycd_opendata.package.model import Field, Package
from ycd_opendata.publishing.formats.table import Batch, Table, WriteBatch

if TYPE_CHECKING:
    import pyarrow as pa


@contextmanager
def parquet_file(folder: Path, package: Package, table: Table) -> Iterator[WriteBatch]:
    """Write ``TABLE.parquet`` into a folder, a row group a batch."""
    import polars as pl
    import pyarrow.parquet as pq

    schema = arrow_schema(package, table)
    path = folder / f"{table.name}.parquet"
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:

        def write(batch: Batch) -> None:
            rows = batch.typed.to_arrow(compat_level=pl.CompatLevel.oldest())
            writer.write_table(rows.cast(schema))

        yield write


def arrow_schema(package: Package, table: Table) -> pa.Schema:
    """The Arrow schema of a table; its metadata say of which version of which package it is."""
    import pyarrow as pa

    return pa.schema(
        [_arrow_field(each) for each in table.schema.fields],
        metadata=_filled(
            package=package.name,
            version=package.version,
            table=table.name,
            title=table.title,
            description=table.description,
        ),
    )


def _arrow_field(field: Field) -> pa.Field:
    import polars as pl
    import pyarrow as pa

    types = {
        pl.Int64: pa.int64(),
        pl.Float64: pa.float64(),
        pl.Boolean: pa.bool_(),
        pl.Date: pa.date32(),
        pl.String: pa.string(),
    }
    metadata = _filled(title=field.title, description=field.description, unit=field.unit)
    return pa.field(field.name, types[polars_type(field)], metadata=metadata)


def _filled(**texts: str) -> dict[str, str]:
    return {name: text for name, text in texts.items() if text}
