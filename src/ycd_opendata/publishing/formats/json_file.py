"""A table as JSON: an array of records, a record a line.

Numbers are numbers, whole ones without a point; what is missing is null; dates are text.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from ycd_opendata.publishing.formats.table import Batch, Table, WriteBatch

if TYPE_CHECKING:
    import polars as pl

_SEPARATOR = ",\n"
_CONTROLS = [chr(code) for code in range(0x20)]
_MOST_WHOLE = 2.0**53


@contextmanager
def json_file(folder: Path, table: Table) -> Iterator[WriteBatch]:
    """Write ``TABLE.json`` into a folder."""
    with (folder / f"{table.name}.json").open("w+b") as stream:
        stream.write(b"[\n")
        start = stream.tell()

        def write(batch: Batch) -> None:
            _records(batch.typed).write_csv(
                stream, include_header=False, quote_style="never", line_terminator=_SEPARATOR
            )

        yield write
        if stream.tell() > start:
            # The last record has no separator behind it.
            stream.seek(-len(_SEPARATOR), os.SEEK_CUR)
            stream.truncate()
        stream.write(b"\n]\n" if stream.tell() > start else b"]\n")


def _records(typed: pl.DataFrame) -> pl.DataFrame:
    """Each row as the text of a JSON object, in one column."""
    import polars as pl

    parts: list[pl.Expr] = []
    for number, (name, dtype) in enumerate(typed.schema.items()):
        key = json.dumps(name, ensure_ascii=False)
        parts.append(pl.lit(f"{', ' if number else '{'}{key}: "))
        parts.append(_value(pl.col(name), dtype).fill_null("null"))
    return typed.select(pl.concat_str(*parts, pl.lit("}")))


def _value(cell: pl.Expr, dtype: pl.DataType) -> pl.Expr:
    import polars as pl

    if dtype == pl.Float64:
        whole = (cell == cell.floor()) & (cell.abs() < _MOST_WHOLE)
        digits = cell.cast(pl.Int64, strict=False).cast(pl.String)
        return pl.when(whole).then(digits).otherwise(cell.cast(pl.String))
    if dtype != pl.String:
        text = cell.cast(pl.String)
        return pl.concat_str(pl.lit('"'), text, pl.lit('"')) if dtype == pl.Date else text
    marks = ["\\", '"', *_CONTROLS]
    escaped = [json.dumps(each)[1:-1] for each in marks]
    needs_it = cell.str.contains(r'[\x00-\x1f"\\]')
    text = pl.when(needs_it).then(cell.str.replace_many(marks, escaped)).otherwise(cell)
    return pl.concat_str(pl.lit('"'), text, pl.lit('"'))
