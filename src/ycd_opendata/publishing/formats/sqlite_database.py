"""All tables in one SQLite database: STRICT tables with keys and checks, and views.

The bytes depend on the tables and on SQLite's version alone.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from importlib import resources
from pathlib import Path
from string import Template

from ycd_opendata.errors import ReleaseError
from ycd_opendata.loader.verdicts import ABOUT
from ycd_opendata.package.model import Package
from ycd_opendata.publishing.formats.digits import number_text
from ycd_opendata.publishing.formats.sql import (
    create_table,
    identifier,
    literal,
    sql_names,
)
from ycd_opendata.publishing.formats.storage import Kind
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
    return f"{columns:,} columns, and SQLite has {MOST_COLUMNS:,}" if columns > MOST_COLUMNS else ""


@contextmanager
def open_database(path: Path, package: Package, tables: Sequence[Table]) -> Iterator[TableWriter]:
    """Write a database of those tables that fit; the writer that this gives fills them.

    Raises
    ------
    ReleaseError
        SQLite refuses a value.
    """
    fitting = [each for each in tables if not does_not_fit(each)]
    stored = {each.name for each in fitting if not _has_view(each)}
    names = sql_names(fitting)
    with _strict(), closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for setting in _SETTINGS:
            connection.execute(setting)
        connection.execute("BEGIN")
        for table in fitting:
            if table.name in stored:
                connection.execute(create_table(table, fitting, names))

        @contextmanager
        def write_table(table: Table) -> Iterator[WriteBatch]:
            if table.name not in stored:
                yield lambda _: None
                return
            slots = ", ".join("?" * len(table.schema.fields))
            insert = f"INSERT INTO {identifier(names.tables[table.name])} VALUES ({slots})"
            yield lambda batch: connection.executemany(insert, _rows(batch))

        yield write_table
        for table in fitting:
            if _has_view(table):
                connection.execute(_view(table, package))
        connection.execute("COMMIT")


def check_database(path: Path) -> None:
    """Have SQLite itself check a database: its pages, every type, check and reference.

    Raises
    ------
    ReleaseError
        It finds something.
    """
    with _strict(), closing(sqlite3.connect(path)) as connection:
        [said] = connection.execute("PRAGMA quick_check(1)").fetchone()
        if said != "ok":
            raise ReleaseError(f"SQLite refuses the data: {said}", "run `ycd validate`")
        found = connection.execute("PRAGMA foreign_key_check").fetchone()
        if found is not None:
            raise ReleaseError(
                f"SQLite refuses the data: a record of {found[0]!r} refers to one of "
                f"{found[2]!r} that is not there",
                "run `ycd validate`",
            )


@contextmanager
def _strict() -> Iterator[None]:
    """SQLite's complaints, in words of this project."""
    try:
        yield
    except sqlite3.Error as error:
        raise ReleaseError(f"SQLite refuses the data: {error}", "run `ycd validate`") from error


def _rows(batch: Batch) -> Iterator[tuple[object, ...]]:
    """The rows as SQLite has them: days as ISO 8601 text, and numbers that it lacks."""
    import polars as pl

    no_numbers = [
        each.name for each in batch.columns if each.has_no_numbers and each.kind is Kind.REAL
    ]
    columns = batch.plain.with_columns(
        pl.col(pl.Date).cast(pl.String),
        *(number_text(pl.col(each)) for each in no_numbers),
    ).get_columns()
    return zip(*(each.to_list() for each in columns), strict=True)


def _has_view(table: Table) -> bool:
    """Whether a derived table is computed in SQL; one that is not is stored like any other."""
    return table.derived and resources.files(__package__).joinpath(f"{table.name}.sql").is_file()


def _view(table: Table, package: Package) -> str:
    """The view that computes a derived table, whose columns are those of its schema."""
    text = resources.files(__package__).joinpath(f"{table.name}.sql").read_text("utf-8")
    columns = []
    for name in table.schema.field_names:
        stem, _, end = name.rpartition("_")
        field = table.schema.field(stem)
        if field is not None and field.is_partial_date:
            columns.append(
                f"{_first_day(stem) if end == 'earliest' else _last_day(stem)} AS {name}"
            )
        else:
            columns.append(name)
    return Template(text).substitute(
        about=repr(ABOUT),
        released_on=literal(package.created[:10]),
        last_day=_last_day("due_on"),
        first_of_period=_first_day("coalesce(period_start, period_end)"),
        last_of_period=_last_day("period_end"),
        columns=",\n  ".join(columns),
    )


def _first_day(name: str) -> str:
    return (
        f"CASE length({name}) WHEN 4 THEN {name} || '-01-01' "
        f"WHEN 7 THEN {name} || '-01' ELSE {name} END"
    )


def _last_day(name: str) -> str:
    return (
        f"CASE length({name}) WHEN 4 THEN {name} || '-12-31' "
        f"WHEN 7 THEN date({name} || '-01', '+1 month', '-1 day') ELSE {name} END"
    )
