"""All tables into all formats: each table is read once for most, and once more for the workbook.

The workbook comes last because a sheet has limits: how large a table is has to be known before.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from ycd_opendata.package.model import Package
from ycd_opendata.publishing.formats import sqlite_database, workbook
from ycd_opendata.publishing.formats.csv_file import csv_file
from ycd_opendata.publishing.formats.json_file import json_file
from ycd_opendata.publishing.formats.parquet_file import parquet_file
from ycd_opendata.publishing.formats.table import Extent, Table, TableWriter

if TYPE_CHECKING:
    import polars as pl

FOLDERS = ("csv", "json", "parquet")


def write_tables(
    package: Package, tables: Sequence[Table], folder: Path, stem: str
) -> Mapping[str, Extent]:
    """Write tables in every format: a file a table in ``FOLDERS``, and two files of all tables.

    Parameters
    ----------
    stem : str
        What the database and the workbook are called, without their endings.

    Returns
    -------
    mapping
        How large each table is.
    """
    for name in FOLDERS:
        (folder / name).mkdir()
    database_path = folder / f"{stem}.sqlite"
    with sqlite_database.open_database(database_path, package, tables) as database:
        writers: list[TableWriter] = [
            partial(csv_file, folder / "csv"),
            partial(json_file, folder / "json"),
            partial(parquet_file, folder / "parquet", package),
            database,
        ]
        extents = {each.name: stream(each, writers) for each in tables}
    sqlite_database.check_database(database_path)
    with workbook.open_workbook(folder / f"{stem}.xlsx", package, tables, extents) as sheets:
        for table in tables:
            stream(table, [sheets])
    return extents


def why_left_out(table: Table, extent: Extent) -> dict[str, str]:
    """Which of the files of several tables have no room for one, by their endings, and why."""
    reasons = {
        ".sqlite": sqlite_database.does_not_fit(table),
        ".xlsx": workbook.does_not_fit(table, extent),
    }
    return {ending: reason for ending, reason in reasons.items() if reason}


def stream(table: Table, writers: Sequence[TableWriter]) -> Extent:
    """Give each batch of a table to every writer in turn."""
    rows = longest = 0
    with ExitStack() as stack:
        writes = [stack.enter_context(each(table)) for each in writers]
        for batch in table.batches():
            rows += batch.text.height
            longest = max(longest, _longest_cell(batch.text))
            for write in writes:
                write(batch)
    return Extent(rows, longest)


def _longest_cell(text: pl.DataFrame) -> int:
    """The length of the longest cell, in UTF-16 units where that makes a difference."""
    import polars as pl

    lengths = text.select(pl.all().str.len_chars().max()).row(0)
    longest = max((each or 0 for each in lengths), default=0)
    if longest * 2 <= workbook.LONGEST_CELL:
        return longest
    # A character beyond the first 65,536 takes two units.
    units = pl.all().str.len_chars() + pl.all().str.count_matches("[\U00010000-\U0010ffff]")
    return max(each or 0 for each in text.select(units.max()).row(0))
