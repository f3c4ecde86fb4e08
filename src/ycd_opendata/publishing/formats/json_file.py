"""A table as JSON: an array of records, a record a line.

Numbers are numbers with all their digits, whole ones without a point; what is missing is null;
days and times are text as ISO 8601 has it, and so are NaN and infinity, which JSON lacks.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import polars as pl

from ycd_opendata.publishing.formats.stored_types import NO_NUMBERS, Column, Kind
from ycd_opendata.publishing.formats.stored_values import double_text
from ycd_opendata.publishing.formats.table import Batch, Table, WriteBatch

_SEPARATOR = ",\n"
_CONTROLS = [chr(code) for code in range(0x20)]


@contextmanager
def json_file(path: Path, _: Table) -> Iterator[WriteBatch]:
    """Write a table."""
    with path.open("w+b") as stream:
        stream.write(b"[\n")
        start = stream.tell()

        def write(batch: Batch) -> None:
            _records(batch).write_csv(
                stream, include_header=False, quote_style="never", line_terminator=_SEPARATOR
            )

        yield write
        if stream.tell() > start:
            # The last record has no separator behind it.
            stream.seek(-len(_SEPARATOR), os.SEEK_CUR)
            stream.truncate()
        stream.write(b"\n]\n" if stream.tell() > start else b"]\n")


def _records(batch: Batch) -> pl.DataFrame:
    """Each row as the text of a JSON object, in one column."""
    parts: list[pl.Expr] = []
    for number, column in enumerate(batch.columns):
        key = json.dumps(column.name, ensure_ascii=False)
        parts.append(pl.lit(f"{', ' if number else '{'}{key}: "))
        parts.append(_value(pl.col(column.name), column).fill_null("null"))
    return batch.plain.select(pl.concat_str(*parts, pl.lit("}")))


def _value(cell: pl.Expr, column: Column) -> pl.Expr:
    if column.kind in (Kind.REAL, Kind.DIGITS):
        text = cell if column.kind is Kind.DIGITS else double_text(cell)
        return pl.when(text.is_in(NO_NUMBERS)).then(_quoted(text)).otherwise(text)
    if column.kind in (Kind.WHOLE, Kind.BOOLEAN):
        return cell.cast(pl.String)
    if column.kind is Kind.DAY:
        return _quoted(cell.cast(pl.String))
    marks = ["\\", '"', *_CONTROLS]
    escaped = [json.dumps(each)[1:-1] for each in marks]
    needs_it = cell.str.contains(r'[\x00-\x1f"\\]')
    text = pl.when(needs_it).then(cell.str.replace_many(marks, escaped)).otherwise(cell)
    return _quoted(text)


def _quoted(text: pl.Expr) -> pl.Expr:
    return pl.concat_str(pl.lit('"'), text, pl.lit('"'))
