"""Tables for tests of single formats."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import polars as pl

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
