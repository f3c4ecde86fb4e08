"""Tables for tests of single formats, and what a release has of a table in each format."""

from __future__ import annotations

import csv
import json
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow.parquet as pq

from ycd_opendata.package.model import Resource
from ycd_opendata.package.reading import parse_schema
from ycd_opendata.publishing.formats.table import Table, surveyed


def table_of(
    fields: Sequence[dict[str, Any]],
    *batches: Sequence[Sequence[str]],
    name: str = "t",
    **schema: Any,
) -> Table:
    """A table of these fields with these batches of rows of text."""
    parsed = parse_schema({"fields": list(fields), **schema})
    frames = [
        pl.DataFrame(
            {each: [row[at] for row in rows] for at, each in enumerate(parsed.field_names)},
            schema=dict.fromkeys(parsed.field_names, pl.String),
        )
        for rows in batches
    ]

    resource = Resource(name, "", "", (f"{name}.csv",), "utf-8", parsed, {}, {})
    return surveyed(resource, parsed, lambda: frames)


def texts(count: int) -> list[dict[str, Any]]:
    """Fields of type string."""
    return [{"name": f"c{number}", "type": "string"} for number in range(count)]


def in_csv(release: Path, table: str = "t") -> list[list[str]]:
    with (release / f"csv/{table}.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.reader(stream))


def in_json(release: Path) -> list[dict[str, Any]]:
    text = (release / "json/t.json").read_text("utf-8")
    rows: list[dict[str, Any]] = json.loads(text, parse_float=Decimal)
    return rows


def in_parquet(release: Path) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = pq.read_table(release / "parquet/t.parquet").to_pylist()
    return rows


def in_sqlite(release: Path) -> list[tuple[Any, ...]]:
    [path] = release.glob("*.sqlite")
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute("SELECT * FROM t").fetchall()
