"""A table as CSV: UTF-8 without byte order mark, LF, comma, the cells of the source."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import polars as pl

from ycd_opendata.package.canonical import csv_text
from ycd_opendata.publishing.formats.table import Batch, Table, WriteBatch


@contextmanager
def csv_file(path: Path, table: Table) -> Iterator[WriteBatch]:
    """Write a table, in the form that ``package.canonical`` defines."""
    with path.open("wb") as stream:
        stream.write(csv_text([table.schema.field_names]).encode())

        def write(batch: Batch) -> None:
            _write_rows(batch.text, stream)

        yield write


def _write_rows(text: pl.DataFrame, stream: BinaryIO) -> None:
    if text.width == 1:
        # polars writes a row of one empty cell as a blank line, which readers skip.
        stream.write(csv_text(text.rows()).encode())
        return
    # It puts quotes around an empty text, to tell it from nothing; here both are an empty cell.
    text.select(pl.when(pl.all() != "").then(pl.all())).write_csv(stream, include_header=False)
