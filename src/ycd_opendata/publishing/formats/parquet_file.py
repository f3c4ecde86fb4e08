"""A table as Parquet: typed columns that carry their title, description and unit."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from ycd_opendata.package.model import Package
from ycd_opendata.publishing.formats.stored_types import Column, Kind
from ycd_opendata.publishing.formats.table import Batch, Table, WriteBatch


@contextmanager
def parquet_file(package: Package, path: Path, table: Table) -> Iterator[WriteBatch]:
    """Write a table, a row group a batch."""
    schema = arrow_schema(package, table)
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:

        def write(batch: Batch) -> None:
            rows = batch.typed.to_arrow(compat_level=pl.CompatLevel.oldest())
            writer.write_table(rows.cast(schema))

        yield write


def arrow_schema(package: Package, table: Table) -> pa.Schema:
    """The Arrow schema of a table; its metadata say of which version of which package it is."""
    return pa.schema(
        [_arrow_field(each) for each in table.columns],
        metadata=_filled(
            package=package.name,
            version=package.version,
            table=table.name,
            title=table.title,
            description=table.description,
        ),
    )


def _arrow_field(column: Column) -> pa.Field:
    types = {
        Kind.WHOLE: pa.int64(),
        Kind.REAL: pa.float64(),
        Kind.BOOLEAN: pa.bool_(),
        Kind.DAY: pa.date32(),
        Kind.MOMENT: pa.timestamp("us"),
        Kind.INSTANT: pa.timestamp("us", "UTC"),
        Kind.CLOCK: pa.time64("us"),
    }
    kind = types.get(column.kind, pa.string())
    if column.is_decimal:
        kind = pa.decimal128(column.digits, column.decimals)
    field = column.field
    metadata = _filled(title=field.title, description=field.description, unit=field.unit)
    return pa.field(field.name, kind, metadata=metadata)


def _filled(**texts: str) -> dict[str, str]:
    return {name: text for name, text in texts.items() if text}
