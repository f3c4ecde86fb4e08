"""Random expressions of declared rules come to the same in every engine, nulls included.

Each is evaluated row by row in Python, as columns of polars, by SQLite from the SQL that we write
and from the text as the owner wrote it, and by DuckDB from that text.
"""

from __future__ import annotations

import sqlite3
from datetime import date
from typing import Any

import duckdb
import polars as pl
import pytest
from examples import examples
from hypothesis import given
from hypothesis import strategies as st

from ycd_opendata.validation.declared.expression_parsing import parse_expression
from ycd_opendata.validation.declared.expression_polars import column_of
from ycd_opendata.validation.declared.expression_python import evaluator, value_of
from ycd_opendata.validation.declared.expression_sql import sql_of
from ycd_opendata.validation.declared.expressions import Type

FIELDS: tuple[tuple[str, Type], ...] = (
    ("w", "whole"),
    ("v", "whole"),
    ("n", "number"),
    ("m", "number"),
    ("t", "text"),
    ("s", "text"),
    ("d", "day"),
    ("e", "day"),
    ("b", "boolean"),
    ("c", "boolean"),
)
TYPES = dict(FIELDS)
SQLITE_TYPES = {
    "whole": "INTEGER",
    "number": "REAL",
    "text": "TEXT",
    "day": "TEXT",
    "boolean": "INT",
}
DUCKDB_TYPES = {
    "whole": "BIGINT",
    "number": "DOUBLE",
    "text": "VARCHAR",
    "day": "DATE",
    "boolean": "BOOLEAN",
}
POLARS_TYPES: dict[str, Any] = {
    "whole": pl.Int64,
    "number": pl.Float64,
    "text": pl.String,
    "day": pl.String,
    "boolean": pl.Boolean,
}

WORDS = [
    "",
    "a",
    "A",
    "b",
    "ab",
    "é",
    "e\u0301",
    "中",
    "中文",
    "\U0001f600",
    "zz",
    "it's",
    " a",
    "10",
    "9",
]
DAYS = ["1999-12-31", "2020-02-29", "2022-01-01", "2022-01-02"]
VALUES: dict[str, st.SearchStrategy[Any]] = {
    "whole": st.integers(-3, 3) | st.integers(-1000, 1000),
    "number": st.sampled_from([-2.5, -1.0, -0.0, 0.0, 0.1, 0.2, 0.3, 1.0, 2.0, 3.5, 1e15])
    | st.floats(-1e9, 1e9).map(lambda x: round(x, 3)),
    "text": st.sampled_from(WORDS) | st.text("ab中é😀'", max_size=4),
    "day": st.sampled_from(DAYS),
    "boolean": st.booleans(),
}
ROWS = st.lists(
    st.fixed_dictionaries({name: st.none() | VALUES[type_] for name, type_ in FIELDS}),
    min_size=1,
    max_size=6,
)


def quote(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def of_type(type_: str) -> st.SearchStrategy[str]:
    return st.sampled_from([name for name, each in FIELDS if each == type_])


NUMBER_FIELDS = of_type("whole") | of_type("number")
NUMBER_TEXTS = st.sampled_from(["0", "1", "2", "3", "0.5", "0.1", "1.0", "2.5", "1e3", "100"])
TEXTS = st.recursive(
    of_type("text"),
    lambda inner: (
        st.builds("SUBSTR({}, {}, {})".format, inner, st.integers(1, 3), st.integers(1, 3))
        | st.builds("SUBSTR({}, {})".format, inner, st.integers(1, 3))
        | st.builds("SUBSTR({}, 1, LENGTH({}))".format, inner, inner)
        | st.builds(lambda a, b: f"COALESCE({a}, {quote(b)})", inner, st.sampled_from(WORDS))
    ),
    max_leaves=3,
)
NUMBERS = st.recursive(
    NUMBER_FIELDS | st.builds("LENGTH({})".format, TEXTS),
    lambda inner: (
        st.builds("({} {} {})".format, inner, st.sampled_from("+-*"), inner)
        | st.builds("({} {} {})".format, inner, st.sampled_from("+-*"), NUMBER_TEXTS)
        | st.builds("({} / {})".format, inner, st.sampled_from(["2.0", "0.5", "3.0"]))
        | st.builds("(-{})".format, inner)
        | st.builds("ABS({})".format, inner)
        | st.builds("COALESCE({}, {})".format, inner, inner)
        | st.builds("COALESCE({}, 0.0)".format, inner)
    ),
    max_leaves=4,
)
ORDERS = st.sampled_from(["<", "<=", ">", ">="])
EQUALS = st.sampled_from(["=", "<>", "!="])
ALL = ORDERS | EQUALS
DAY_TEXTS = st.sampled_from(DAYS).map(quote)
WORD_TEXTS = st.sampled_from(WORDS).map(quote)


def listed(items: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.lists(items, min_size=1, max_size=3).map(", ".join)


CONDITIONS = st.one_of(
    st.builds("{} {} {}".format, NUMBERS, ORDERS, NUMBERS | NUMBER_TEXTS),
    st.builds("{} {} {}".format, NUMBER_FIELDS, ALL, NUMBER_FIELDS | NUMBER_TEXTS),
    st.builds("{} {} {}".format, TEXTS, ALL, TEXTS | WORD_TEXTS),
    st.builds("{} {} {}".format, of_type("day"), ALL, of_type("day") | DAY_TEXTS),
    st.builds("COALESCE({}, {}) {} {}".format, of_type("day"), DAY_TEXTS, ALL, of_type("day")),
    st.builds("{} {} {}".format, of_type("boolean"), EQUALS, of_type("boolean")),
    st.builds("{} {} {}".format, of_type("boolean"), EQUALS, st.sampled_from(["TRUE", "false"])),
    st.builds("COALESCE({}, {})".format, of_type("boolean"), st.sampled_from(["TRUE", "FALSE"])),
    of_type("boolean"),
    st.builds("{} IS {}NULL".format, st.sampled_from([*TYPES]), st.sampled_from(["", "NOT "])),
    st.builds("{} {}IN ({})".format, TEXTS, st.sampled_from(["", "NOT "]), listed(WORD_TEXTS)),
    st.builds(
        "{} {}IN ({})".format, NUMBER_FIELDS, st.sampled_from(["", "NOT "]), listed(NUMBER_TEXTS)
    ),
    st.builds("{} IN ({})".format, of_type("day"), listed(DAY_TEXTS)),
    st.builds("{} BETWEEN {} AND {}".format, NUMBERS, NUMBER_TEXTS, NUMBERS),
    st.builds("{} NOT BETWEEN {} AND {}".format, TEXTS, WORD_TEXTS, TEXTS),
    st.builds("{} BETWEEN {} AND {}".format, of_type("day"), DAY_TEXTS, of_type("day")),
)
EXPRESSIONS = st.recursive(
    CONDITIONS,
    lambda inner: (
        st.builds("({}) {} ({})".format, inner, st.sampled_from(["AND", "OR", "and"]), inner)
        | st.builds("{} AND {} OR {}".format, CONDITIONS, CONDITIONS, CONDITIONS)
        | st.builds("NOT {}".format, CONDITIONS)
        | st.builds("NOT ({})".format, inner)
        | st.builds("CASE WHEN {} THEN {} ELSE {} END".format, inner, inner, inner)
        | st.builds(
            "CASE WHEN {} THEN {} WHEN {} THEN {} END > {}".format,
            inner,
            NUMBERS,
            inner,
            NUMBERS,
            NUMBERS,
        )
    ),
    max_leaves=5,
)

Row = dict[str, Any]


def in_python(texts: list[str], rows: list[Row]) -> list[list[bool | None]]:
    evaluates = [evaluator(parse_expression(each, FIELDS)) for each in texts]
    found = []
    for row in rows:
        days = {name for name, type_ in FIELDS if type_ == "day" and row[name]}
        raw = {name: date.fromisoformat(row[name]) if name in days else row[name] for name in row}
        values = {name: value_of(raw[name], type_) for name, type_ in FIELDS}
        found.append([each(values) for each in evaluates])
    return found


def in_polars(texts: list[str], rows: list[Row]) -> list[list[bool | None]]:
    frame = pl.DataFrame(rows, schema={name: POLARS_TYPES[type_] for name, type_ in FIELDS})
    fields = {name: pl.col(name) for name in TYPES}
    columns = [column_of(parse_expression(each, FIELDS), fields) for each in texts]
    found = frame.select(each.alias(str(number)) for number, each in enumerate(columns))
    assert set(found.dtypes) == {pl.Boolean}
    return [list(each) for each in found.rows()]


def in_sqlite(conditions: list[str], rows: list[Row]) -> list[list[bool | None]]:
    connection = sqlite3.connect(":memory:")
    columns = ", ".join(f"{name} {SQLITE_TYPES[type_]}" for name, type_ in FIELDS)
    connection.execute(f"CREATE TABLE x ({columns}) STRICT")
    slots = ", ".join("?" * len(FIELDS))
    values = [[row[name] for name, _ in FIELDS] for row in rows]
    connection.executemany(f"INSERT INTO x VALUES ({slots})", values)
    listed = ", ".join(f"({each})" for each in conditions)
    found = connection.execute(f"SELECT {listed} FROM x ORDER BY rowid").fetchall()
    connection.close()
    return [[None if each is None else bool(each) for each in row] for row in found]


DUCKDB = duckdb.connect()


def in_duckdb(conditions: list[str], rows: list[Row]) -> list[list[bool | None]]:
    columns = ", ".join(f"{name} {DUCKDB_TYPES[type_]}" for name, type_ in FIELDS)
    DUCKDB.execute(f"CREATE OR REPLACE TEMP TABLE x (place INT, {columns})")
    slots = ", ".join("?" * (len(FIELDS) + 1))
    values = [[at, *(row[name] for name, _ in FIELDS)] for at, row in enumerate(rows)]
    DUCKDB.executemany(f"INSERT INTO x VALUES ({slots})", values)
    listed = ", ".join(f"({each})" for each in conditions)
    found = DUCKDB.execute(f"SELECT {listed} FROM x ORDER BY place").fetchall()
    return [list(row) for row in found]


@examples(15)
@given(st.lists(EXPRESSIONS, min_size=1, max_size=4), ROWS)
def test_every_engine_comes_to_the_same(texts: list[str], rows: list[Row]) -> None:
    expected = in_python(texts, rows)
    assert {type(each) for row in expected for each in row} <= {bool, type(None)}
    names = {name: f'"{name}"' for name in TYPES}
    written = [sql_of(parse_expression(each, FIELDS), names) for each in texts]
    assert in_polars(texts, rows) == expected
    assert in_sqlite(written, rows) == expected
    assert in_sqlite(texts, rows) == expected
    assert in_duckdb(texts, rows) == expected


@pytest.mark.parametrize("text", ["w < v", "w = v", "w <> v AND w IN (1, 2)", "w BETWEEN v AND v"])
def test_whole_numbers_are_compared_exactly(text: str) -> None:
    """Each is told from its neighbour where doubles cannot."""
    nothing = dict.fromkeys(TYPES)
    rows = [nothing | {"w": 2**53 + 1, "v": 2**53}, nothing | {"w": 2**53, "v": 2**53 + 1}]
    expected = in_python([text], rows)
    assert in_polars([text], rows) == expected
    assert in_sqlite([text], rows) == expected
    assert in_duckdb([text], rows) == expected


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("n * n > 1", None),  # infinite, and so null
        ("n * n - n * n < n OR n * n < 0", None),
        ("m / 0.5 > 1", True),
        ("-(n * n) < 1", None),
        ("ABS(n * n) > 1", None),
        ("COALESCE(n * n, 0.0) < 1", True),
    ],
)
def test_what_is_no_finite_number_is_null(text: str, found: bool | None) -> None:
    rows = [dict.fromkeys(TYPES) | {"n": 1e200, "m": 1.0}]
    assert in_python([text], rows) == [[found]]
    assert in_polars([text], rows) == [[found]]


def test_a_wrong_engine_would_be_noticed() -> None:
    rows = [dict.fromkeys(TYPES) | {"t": "B"}]
    assert in_python(["t < 'a'"], rows) == [[True]]
    assert in_sqlite(["t COLLATE NOCASE < 'a'"], rows) == [[False]]
