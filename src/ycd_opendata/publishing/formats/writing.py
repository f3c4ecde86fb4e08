"""All tables into all formats that are asked for; each table is read once for all of them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from functools import partial
from pathlib import Path

from ycd_opendata.errors import ReleaseError, UnknownNameError
from ycd_opendata.messages import mark, say
from ycd_opendata.package.model import Package
from ycd_opendata.publishing.formats import sqlite_database, workbook
from ycd_opendata.publishing.formats.csv_file import csv_file
from ycd_opendata.publishing.formats.json_file import json_file
from ycd_opendata.publishing.formats.parquet_file import parquet_file
from ycd_opendata.publishing.formats.table import Batch, Table, TableWriter, WriteBatch

OpenFile = Callable[[Path, Table], AbstractContextManager[WriteBatch]]
"""A format that has a file a table: what opens a file for a table, or for a part of it."""

FOLDERS = ("csv", "json", "parquet")
"""The formats that have a file a table, in a folder of their name."""
FORMATS = (*FOLDERS, "sqlite", "xlsx")

MOST_CELLS = 1_000_000
"""How many cells are written into a workbook that nobody asked for.

It takes six times as long as all other formats together: 16 µs a cell.
"""


def choose_formats(names: Sequence[str]) -> tuple[str, ...]:
    """The formats of these names, with CSV, which the description of a release speaks of.

    Raises UnknownNameError where a name is no format's.
    """
    for name in names:
        if name not in FORMATS:
            raise UnknownNameError("format", name, FORMATS)
    return tuple(each for each in FORMATS if each == "csv" or each in names)


def usual_formats(tables: Sequence[Table]) -> tuple[str, ...]:
    """The formats where none are asked for: all, without a workbook that is too large."""
    return FORMATS if cell_count(tables) <= MOST_CELLS else FORMATS[:-1]


def cell_count(tables: Sequence[Table]) -> int:
    """How many cells there are."""
    return sum(each.extent.rows * len(each.columns) for each in tables)


def write_tables(
    package: Package,
    tables: Sequence[Table],
    folder: Path,
    stem: str,
    formats: Collection[str],
    on_step: Callable[[str], object] = lambda _: None,
) -> None:
    """Write tables in formats: a file a table for those in ``FOLDERS``, a file of all for others.

    A table in several files is in as many files of those in ``FOLDERS``.

    ``stem`` is what the database and the workbook are called, without their endings; ``on_step``
    is told how far each table is.
    """
    single: dict[str, OpenFile] = {
        "csv": csv_file,
        "json": json_file,
        "parquet": partial(parquet_file, package),
    }
    database, book = folder / f"{stem}.sqlite", folder / f"{stem}.xlsx"
    with ExitStack() as stack:
        writers: list[TableWriter] = []
        for name, open_file in single.items():
            if name in formats:
                (folder / name).mkdir()
                writers.append(partial(_in_files, open_file, folder, name))
        if "sqlite" in formats:
            opened = sqlite_database.open_database(database, package, tables)
            writers.append(stack.enter_context(opened))
        if "xlsx" in formats:
            writers.append(stack.enter_context(workbook.open_workbook(book, package, tables)))
        for table in tables:
            stream(table, writers, on_step)
    if "sqlite" in formats:
        sqlite_database.check_database(database)


@contextmanager
def _in_files(open_file: OpenFile, folder: Path, name: str, table: Table) -> Iterator[WriteBatch]:
    """Write the parts of a table one after the other, each into its own file."""
    paths = [folder / each for each in table.files(name)]
    paths[0].parent.mkdir(exist_ok=True)
    with ExitStack() as stack:
        writes: list[WriteBatch] = []

        def open_until(part: int) -> None:
            while len(writes) <= part:
                # One file is open at a time; a part without rows has a file too.
                stack.close()
                writes.append(stack.enter_context(open_file(paths[len(writes)], table)))

        def write(batch: Batch) -> None:
            open_until(batch.part)
            writes[-1](batch)

        yield write
        open_until(len(paths) - 1)


def why_left_out(table: Table, formats: Collection[str]) -> dict[str, str]:
    """Which of the files of several tables have no room for one, by their endings, and why."""
    reasons = {"sqlite": sqlite_database.does_not_fit(table), "xlsx": workbook.does_not_fit(table)}
    return {f".{name}": reason for name, reason in reasons.items() if reason and name in formats}


def stream(
    table: Table, writers: Sequence[TableWriter], on_step: Callable[[str], object] = lambda _: None
) -> None:
    """Give each batch of a table to every writer in turn."""
    template = mark("writing {table}: {rows:,} of {all:,} rows")
    with ExitStack() as stack:
        writes = [stack.enter_context(each(table)) for each in writers]
        rows = 0
        for batch in table.batches():
            on_step(say(template, table=table.name, rows=rows, all=table.extent.rows))
            rows += batch.text.height
            for write in writes:
                write(batch)
    if table.parts and rows != table.extent.rows:
        raise ReleaseError(
            say(
                "table {table!r} has {rows:,} rows in its files one by one, "
                "but {together:,} together",
                table=table.name,
                rows=rows,
                together=table.extent.rows,
            ),
            say("end each file with the end of a row"),
        )
