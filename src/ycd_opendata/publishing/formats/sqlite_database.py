"""All tables in one SQLite database: STRICT tables with keys and checks, and views.

The bytes depend on the tables and on SQLite's version alone.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

import polars as pl

from ycd_opendata.errors import ReleaseError
from ycd_opendata.extension_loading import extension_of
from ycd_opendata.messages import say
from ycd_opendata.package.model import Package
from ycd_opendata.publishing.formats.sql import create_table, identifier, sql_names
from ycd_opendata.publishing.formats.stored_types import Kind
from ycd_opendata.publishing.formats.stored_values import double_text
from ycd_opendata.publishing.formats.table import Batch, Table, TableWriter, WriteBatch

MOST_COLUMNS = 2_000
"""How many columns SQLite lets a table have, as it is built everywhere."""

_SETTINGS = (
    # The file is new and nobody reads it yet: what a crash would leave is thrown away.
    "PRAGMA journal_mode = OFF",
    "PRAGMA synchronous = OFF",
    "PRAGMA locking_mode = EXCLUSIVE",
    "PRAGMA page_size = 4096",
    "PRAGMA cache_size = -65536",
    # The order of the tables need not be that of their references; and the rows were validated
    # against the same constraints. ``check_database`` looks at the whole once more.
    "PRAGMA foreign_keys = OFF",
    "PRAGMA ignore_check_constraints = ON",
)


def does_not_fit(table: Table) -> str:
    """Why a table cannot be one of SQLite; "" if it can."""
    columns = len(table.schema.fields)
    return (
        say(
            "{columns:,} columns, and SQLite has {most_columns:,}",
            columns=columns,
            most_columns=MOST_COLUMNS,
        )
        if columns > MOST_COLUMNS
        else ""
    )


@contextmanager
def open_database(path: Path, package: Package, tables: Sequence[Table]) -> Iterator[TableWriter]:
    """Write a database of those tables that fit; the writer that this gives fills them.

    Raises ReleaseError where SQLite refuses a value.
    """
    fitting = [each for each in tables if not does_not_fit(each)]
    views = {each.name: view for each in fitting if (view := _view(each, package))}
    stored = {each.name for each in fitting} - set(views)
    names = sql_names(fitting)
    asked = package.settings.validate
    lenient = {*asked.off, *asked.warnings}
    with _strict(), closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for setting in _SETTINGS:
            connection.execute(setting)
        connection.execute("BEGIN")
        for table in fitting:
            if table.name in stored:
                connection.execute(create_table(table, fitting, names, lenient))

        @contextmanager
        def write_table(table: Table) -> Iterator[WriteBatch]:
            if table.name not in stored:
                yield lambda _: None
                return
            slots = ", ".join("?" * len(table.schema.fields))
            insert = f"INSERT INTO {identifier(names.tables[table.name])} VALUES ({slots})"
            yield lambda batch: connection.executemany(insert, _rows(batch))

        yield write_table
        for view in views.values():
            connection.execute(view)
        connection.execute("COMMIT")


def check_database(path: Path) -> None:
    """Have SQLite itself check a database: its pages, every type, check and reference.

    Raises ReleaseError where it finds something.
    """
    with _strict(), closing(sqlite3.connect(path)) as connection:
        [said] = connection.execute("PRAGMA quick_check(1)").fetchone()
        if said != "ok":
            raise ReleaseError(
                say("SQLite refuses the data: {said}", said=said), say("run `ycd validate`")
            )
        found = connection.execute("PRAGMA foreign_key_check").fetchone()
        if found is not None:
            raise ReleaseError(
                say(
                    "SQLite refuses the data: a record of {found!r} refers to one of "
                    "{found_2!r} that is not there",
                    found=found[0],
                    found_2=found[2],
                ),
                say("run `ycd validate`"),
            )


@contextmanager
def _strict() -> Iterator[None]:
    """SQLite's complaints, in words of this project."""
    try:
        yield
    except sqlite3.Error as error:
        full = (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_WRITE)
        if getattr(error, "sqlite_errorcode", None) in full:
            raise OSError(str(error)) from error
        raise ReleaseError(
            say("SQLite refuses the data: {error}", error=error), say("run `ycd validate`")
        ) from error


def _rows(batch: Batch) -> Iterator[tuple[object, ...]]:
    """The rows as SQLite has them: days as ISO 8601 text, and numbers that it lacks."""
    no_numbers = [
        each.name for each in batch.columns if each.has_no_numbers and each.kind is Kind.REAL
    ]
    columns = batch.plain.with_columns(
        pl.col(pl.Date).cast(pl.String), *(double_text(pl.col(each)) for each in no_numbers)
    ).get_columns()
    return zip(*(each.to_list() for each in columns), strict=True)


def _view(table: Table, package: Package) -> str:
    """The statement that computes a derived table, if there is one."""
    derived = extension_of(package).derived_table(table.name) if table.derived else None
    if derived is None or derived.sql is None:
        return ""
    return derived.sql(table.schema, package.created[:10])
