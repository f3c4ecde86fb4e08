from __future__ import annotations

import datetime
import shutil
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from formats_of_tables import table_of, texts
from packages import ROOT, SMALL

from ycd_opendata.delta.verdicts import judge
from ycd_opendata.errors import ReleaseError
from ycd_opendata.package.model import Package
from ycd_opendata.package.reading import read_package
from ycd_opendata.publishing.formats.sqlite_database import (
    MOST_COLUMNS,
    _strict,
    check_database,
    does_not_fit,
    open_database,
)
from ycd_opendata.publishing.formats.table import Table, release_tables
from ycd_opendata.publishing.formats.writing import stream


def write(path: Path, tables: Sequence[Table], package: Package | None = None) -> Path:
    with open_database(path, package or read_package(ROOT), tables) as writer:
        for table in tables:
            stream(table, [writer])
    return path


@pytest.fixture
def own(own_release: Path) -> Path:
    """The database of our own data; not to be changed."""
    return own_release / "ycd-opendata.sqlite"


def ask(path: Path, query: str, *values: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(query, values).fetchall()


def test_sqlite_finds_it_whole(own: Path) -> None:
    check_database(own)
    assert ask(own, "PRAGMA integrity_check") == [("ok",)]
    assert ask(own, "PRAGMA foreign_key_check") == []
    assert len(ask(own, "SELECT * FROM sqlite_schema WHERE sql LIKE '%STRICT'")) == len(SMALL) + 3


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        ("UPDATE targets SET comparator = 'near'", "CHECK constraint failed in targets"),
        ("UPDATE targets SET due_on = '2022-13'", "CHECK constraint failed in targets"),
        ("UPDATE targets SET region_id = 'CN-XX'", "a record of 'targets' refers to one of"),
        ("DELETE FROM sources", "refers to one of 'sources'"),
    ],
)
def test_a_damaged_database_is_found(own: Path, tmp_path: Path, damage: str, said: str) -> None:
    path = Path(shutil.copy(own, tmp_path / "damaged.sqlite"))
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("PRAGMA ignore_check_constraints = ON")
        connection.execute(damage)
    with pytest.raises(ReleaseError, match=said):
        check_database(path)


def test_a_damaged_file_is_found(own: Path, tmp_path: Path) -> None:
    path = tmp_path / "damaged.sqlite"
    content = bytearray(own.read_bytes())
    content[4096 * 3 : 4096 * 4] = bytes(4096)
    path.write_bytes(content)
    with pytest.raises(ReleaseError, match="SQLite refuses the data"):
        check_database(path)


def test_a_full_disk_is_no_fault_of_the_data() -> None:
    with closing(sqlite3.connect(":memory:")) as full:
        full.execute("PRAGMA max_page_count = 1")
        with pytest.raises(OSError, match="disk is full"), _strict():
            full.execute("CREATE TABLE t (a)")


def test_a_user_is_held_to_keys_and_checks(own: Path, tmp_path: Path) -> None:
    path = Path(shutil.copy(own, tmp_path / "mine.sqlite"))
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA foreign_keys = ON")
        for change in (
            "INSERT INTO domains SELECT * FROM domains LIMIT 1",
            "UPDATE targets SET value = NULL",
            "UPDATE targets SET value = 'many'",
            "UPDATE targets SET strength = 'firm'",
            "UPDATE targets SET source_id = 'nowhere'",
        ):
            with pytest.raises(sqlite3.IntegrityError):
                connection.execute(change)


@pytest.mark.parametrize("name", ["scoreboard", "series"])
def test_a_derived_table_is_a_view_with_the_cells_of_the_table(
    own: Path, own_release: Path, name: str
) -> None:
    frame = pl.read_parquet(own_release / f"parquet/{name}.parquet")
    expected = frame.with_columns(pl.col(pl.Date).cast(pl.String)).rows()
    assert ask(own, "SELECT type FROM sqlite_schema WHERE name = ?", name) == [("view",)]
    found = ask(own, f"SELECT * FROM {name}")
    assert len(found) > 200
    assert found == expected


def test_the_view_computes(own: Path, tmp_path: Path) -> None:
    path = Path(shutil.copy(own, tmp_path / "changed.sqlite"))
    count = "SELECT count(*) FROM scoreboard WHERE verdict = 'no_outcome'"
    [(before,)] = ask(path, count)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("DELETE FROM assessments")
    [(after,)] = ask(path, count)
    assert after > before


VERDICTS = [
    # comparator, value, upper, direction; outcome's comparator, value, upper; bound
    (comparator, value, upper, direction, other, found, most, bound)
    for comparator, value, upper in (
        ("eq", "10", ""), ("ge", "10", ""), ("gt", "10", ""), ("le", "10", ""), ("lt", "10", ""),
        ("about", "10", ""), ("between", "8", "10"),
    )
    for direction in ("more", "less")
    for other, most in (
        ("eq", ""), ("ge", ""), ("gt", ""), ("le", ""), ("lt", ""), ("between", "10"),
    )
    for found in ("7", "9.5", "10", "10.5", "11")
    for bound in ("exact", "at_least", "at_most")
]  # fmt: skip


def test_the_view_gives_the_verdicts_of_the_loader_for_every_comparator(
    small: Path, tmp_path: Path
) -> None:
    package = read_package(small)
    tables = {each.name: each for each in release_tables(package)}
    made = _rows_of(tables, VERDICTS)
    changed = [
        _with_rows(each, made[name]) if name in made else each for name, each in tables.items()
    ]
    path = write(tmp_path / "verdicts.sqlite", changed, package)
    today = datetime.date.fromisoformat(package.created[:10])
    found = dict(ask(path, "SELECT target_id, verdict FROM scoreboard"))
    assert len(found) == len(VERDICTS)
    seen = set()
    for number, case in enumerate(VERDICTS):
        comparator, value, upper, direction, other, figure, most, bound = case
        row = {
            "comparator": comparator, "value": float(value), "due_on": "2020",
            "value_upper": float(upper) if upper else None, "direction": direction,
            "comparability": _comparability(bound), "bound": bound,
            "outcome_id": "o", "outcome_comparator": other,
            "outcome_value": float(figure), "outcome_value_upper": float(most) if most else None,
        }  # fmt: skip
        expected = judge(row, today).verdict
        assert found[f"t{number:04}"] == expected, case
        seen.add(expected)
    assert seen == {"met", "missed", "not_comparable"}


def _rows_of(
    tables: dict[str, Table], cases: Sequence[tuple[str, ...]]
) -> dict[str, list[dict[str, str]]]:
    """Targets, indicators, outcomes and assessments, one of each a case."""
    [first] = tables["targets"].batches()
    target = {name: cell or "" for name, cell in first.text.row(0, named=True).items()}
    [first] = tables["indicators"].batches()
    indicator = {name: cell or "" for name, cell in first.text.row(0, named=True).items()}
    [first] = tables["outcomes"].batches()
    outcome = {name: cell or "" for name, cell in first.text.row(0, named=True).items()}
    made: dict[str, list[dict[str, str]]] = {
        name: [] for name in ("targets", "indicators", "outcomes", "assessments")
    }
    for number, case in enumerate(cases):
        comparator, value, upper, direction, other, figure, most, bound = case
        at, of, by = f"t{number:04}", f"i{number:04}", f"o{number:04}"
        made["indicators"].append({**indicator, "indicator_id": of, "direction": direction})
        made["targets"].append(
            {**target, "target_id": at, "indicator_id": of, "comparator": comparator,
             "value": value, "value_upper": upper, "due_on": "2020", "superseded_by": ""}
        )  # fmt: skip
        made["outcomes"].append(
            {**outcome, "outcome_id": by, "indicator_id": of, "comparator": other,
             "value": figure, "value_upper": most}
        )  # fmt: skip
        made["assessments"].append(
            {"target_id": at, "outcome_id": by, "comparability": _comparability(bound),
             "bound": bound, "reason_zh": "", "reason_en": ""}
        )  # fmt: skip
    return made


def _comparability(bound: str) -> str:
    return "full" if bound == "exact" else "partial"


def _with_rows(table: Table, rows: list[dict[str, str]]) -> Table:
    cells = [[row[name] for name in table.schema.field_names] for row in rows]
    other = table_of([dict(each.raw) for each in table.schema.fields], cells, name=table.name)
    return replace(table, columns=other.columns, frames=other.frames)


def test_names_that_differ_in_capitals_stay_apart(tmp_path: Path) -> None:
    fields = [{"name": name, "type": "string"} for name in ("id", "ID", 'a"b')]
    tables = [table_of(fields, [("1", "2", "3")], name=name) for name in ("t", "T", "sqlite_x")]
    path = write(tmp_path / "x.sqlite", tables)
    assert ask(path, 'SELECT id, "ID_2", "a""b" FROM "T_2"') == [("1", "2", "3")]
    assert ask(path, "SELECT count(*) FROM _sqlite_x") == [(1,)]


def test_a_reference_to_what_is_not_unique_is_left_out(tmp_path: Path) -> None:
    key = {"fields": "a", "reference": {"resource": "one", "fields": "b"}}
    one = table_of([{"name": "b", "type": "string"}], [("x",), ("x",)], name="one")
    unique = table_of(
        [{"name": "b", "type": "string", "constraints": {"unique": True}}], [("x",)], name="one"
    )
    two = table_of([{"name": "a", "type": "string"}], [("x",)], name="two", foreignKeys=[key])
    sql = "SELECT sql FROM sqlite_schema WHERE name = 'two'"
    assert "FOREIGN KEY" not in str(ask(write(tmp_path / "1.sqlite", [one, two]), sql))
    assert "FOREIGN KEY" in str(ask(write(tmp_path / "2.sqlite", [unique, two]), sql))


def test_bounds_lengths_and_values_are_checks(tmp_path: Path) -> None:
    fields: list[dict[str, Any]] = [
        {"name": "n", "type": "integer", "constraints": {"minimum": 0, "exclusiveMaximum": "5"}},
        {"name": "d", "type": "date", "constraints": {"minimum": "2020-01-01"}},
        {"name": "s", "type": "string", "constraints": {"minLength": 2, "enum": ["ab", "it's"]}},
        {"name": "t", "type": "time", "constraints": {"minimum": "08:00:00"}},
        {"name": "h", "type": "integer", "constraints": {"maximum": 10**400}},
    ]
    rows = [("4", "2020-01-01", "it's", "09:00:00", "1"), ("", "", "", "", "")]
    path = write(tmp_path / "x.sqlite", [table_of(fields, rows)])
    check_database(path)
    with closing(sqlite3.connect(path)) as connection:
        for change in ("n = -1", "n = 5", "d = '2019-12-31'", "s = 'a'", "s = 'cd'"):
            with pytest.raises(sqlite3.IntegrityError):
                connection.execute(f"UPDATE t SET {change}")


def test_a_very_wide_table_is_left_out(tmp_path: Path) -> None:
    wide = table_of(texts(MOST_COLUMNS + 1), [], name="wide")
    assert does_not_fit(wide) == "2,001 columns, and SQLite has 2,000"
    path = write(tmp_path / "x.sqlite", [wide, table_of(texts(MOST_COLUMNS), [])])
    assert ask(path, "SELECT name FROM sqlite_schema") == [("t",)]


def test_text_of_a_description_stays_a_comment(tmp_path: Path) -> None:
    field = {"name": "a", "type": "string", "description": "one\n); DROP TABLE t; --\n'\""}
    path = write(tmp_path / "x.sqlite", [table_of([field], [("x",)])])
    assert ask(path, "SELECT * FROM t") == [("x",)]
