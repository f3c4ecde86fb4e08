"""Each table of a release, read from each format and compared with the CSV cell by cell.

The release is that of our own data, and of a package with a field of every type.
"""

from __future__ import annotations

import csv
import datetime
import json
import shutil
import sqlite3
import subprocess
import zipfile
from collections.abc import Callable
from contextlib import closing
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import polars as pl
import pytest
from openpyxl.utils.escape import unescape
from packages import ROOT
from sites import released
from tables_of_all_types import write_all_types

from ycd_opendata.loader.loading import table_resources
from ycd_opendata.package.model import Field, Schema
from ycd_opendata.package.reading import read_package

Cells = list[tuple[Any, ...]]
Reader = Callable[[Path, str], Cells]


@pytest.fixture(scope="module", params=["own data", "all types"])
def release(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    if request.param == "own data":
        own: Path = request.getfixturevalue("own_release")
        return own
    source = write_all_types(tmp_path_factory.mktemp("package"))
    return released(source, tmp_path_factory.mktemp("release"))


@cache
def schemas(release: Path) -> dict[str, Schema]:
    resources = table_resources(read_package(release))
    return {name: each.schema for name, each in resources.items() if each.schema}


def value(cell: str, field: Field, schema: Schema) -> Any:
    """What a cell of the CSV says, read in the plainest way there is."""
    if cell in field.raw.get("missingValues", schema.missing_values):
        return None
    if field.type in ("integer", "year"):
        return int("".join(each for each in cell if each in "-0123456789"))
    if field.type == "number":
        text = cell.replace(field.raw.get("groupChar", "\0"), "")
        return float(text.replace(field.raw.get("decimalChar", "."), ".").strip("%€ "))
    if field.type == "boolean":
        return cell in field.raw.get("trueValues", ("true", "True", "TRUE", "1"))
    if field.type == "date":
        shape = field.format if field.format.startswith("%") else "%Y-%m-%d"
        return datetime.datetime.strptime(cell, shape).date().isoformat()
    return in_time(cell, field)


def in_time(cell: Any, field: Field) -> Any:
    """Texts of moments and times of day as such: one instant has several texts."""
    kinds: dict[str, Any] = {"datetime": datetime.datetime, "time": datetime.time}
    kind = kinds.get(field.type)
    return kind.fromisoformat(cell) if kind and isinstance(cell, str) else cell


@cache
def read_csv(release: Path, table: str) -> Cells:
    schema = schemas(release)[table]
    with (release / f"csv/{table}.csv").open(encoding="utf-8", newline="") as stream:
        header, *rows = csv.reader(stream)
    assert tuple(header) == schema.field_names
    return [
        tuple(value(cell, each, schema) for cell, each in zip(row, schema.fields, strict=True))
        for row in rows
    ]


def plain(cells: Any) -> Cells:
    """Days as text, so that all formats can be compared."""
    return [
        tuple(each.isoformat() if type(each) is datetime.date else each for each in row)
        for row in cells
    ]


def read_json(release: Path, table: str) -> Cells:
    records = json.loads((release / f"json/{table}.json").read_text("utf-8"))
    fields = schemas(release)[table].fields
    assert all(list(record) == [each.name for each in fields] for record in records)
    return [tuple(in_time(record[each.name], each) for each in fields) for record in records]


def read_parquet_with_polars(release: Path, table: str) -> Cells:
    return plain(pl.read_parquet(release / f"parquet/{table}.parquet").rows())


def read_parquet_with_duckdb(release: Path, table: str) -> Cells:
    path = str(release / f"parquet/{table}.parquet")
    with closing(duckdb.connect()) as connection:
        return plain(connection.execute("FROM read_parquet(?)", [path]).fetchall())


def read_sqlite(release: Path, table: str) -> Cells:
    [path] = release.glob("*.sqlite")
    fields = schemas(release)[table].fields
    with closing(sqlite3.connect(path)) as connection:
        cursor = connection.execute(f'SELECT * FROM "{table}"')
        assert [each[0] for each in cursor.description] == [each.name for each in fields]
        rows = cursor.fetchall()
    return [
        tuple(
            bool(cell) if each.type == "boolean" and cell is not None else in_time(cell, each)
            for cell, each in zip(row, fields, strict=True)
        )
        for row in rows
    ]


@cache
def _sheets(path: Path, written_at: int) -> dict[str, list[Any]]:
    """The rows of every sheet; a workbook is long about being opened."""
    assert written_at
    with closing(openpyxl.load_workbook(path, read_only=True)) as book:
        return {each.title: [*each.iter_rows()] for each in book}


def read_xlsx(release: Path, table: str) -> Cells:
    [path] = release.glob("*.xlsx")
    fields = schemas(release)[table].fields
    sheet = _sheets(path, path.stat().st_mtime_ns)[table]
    titles, header, *rows = (row[: len(fields)] for row in sheet)
    assert [each.value for each in header] == [each.name for each in fields]
    for cell, field in zip(titles, fields, strict=True):
        assert str(cell.value or "").startswith(field.title)
    for row in rows:
        for cell, field in zip(row, fields, strict=True):
            assert cell.data_type != "f"
            if cell.value is not None and field.type not in ("integer", "number", "year"):
                assert isinstance(cell.value, str | bool | datetime.datetime), cell
    return [
        tuple(_from_sheet(cell.value, each) for cell, each in zip(row, fields, strict=True))
        for row in rows
    ]


def _from_sheet(cell: Any, field: Field) -> Any:
    if isinstance(cell, datetime.datetime):
        return cell.date().isoformat()
    if not isinstance(cell, str):
        return cell
    # Whole numbers of more digits than Excel keeps are text. Excel, other than openpyxl, reads
    # the codes of characters that XML lacks.
    return int(cell) if field.type == "integer" else in_time(unescape(cell), field)


@cache
def _check_zip(release: Path) -> None:
    [path] = release.glob("*.zip")
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        names = set(archive.namelist())
        assert archive.namelist() == sorted(names)
        inside = {each.relative_to(release).as_posix() for each in release.rglob("*.*")}
        assert names == {*inside, "SHA256SUMS"} - {path.name}
        for name in names - {"SHA256SUMS"}:
            assert archive.read(name) == (release / name).read_bytes()


def read_zip(release: Path, table: str) -> Cells:
    _check_zip(release)
    return read_csv(release, table)


READERS: dict[str, Reader] = {
    "json": read_json,
    "parquet, polars": read_parquet_with_polars,
    "parquet, duckdb": read_parquet_with_duckdb,
    "sqlite": read_sqlite,
    "xlsx": read_xlsx,
    "zip": read_zip,
}


@pytest.mark.parametrize("reader", READERS.values(), ids=READERS)
def test_each_table_has_the_cells_of_the_csv(release: Path, reader: Reader) -> None:
    compared = 0
    for table in schemas(release):
        expected = read_csv(release, table)
        found = reader(release, table)
        assert len(found) == len(expected)
        for one, other in zip(found, expected, strict=True):
            # In SQL and JSON, 15 and 15.0 are one number.
            assert one == other, (table, one, other)
        compared += len(expected)
    assert compared > 2


def test_the_source_is_what_the_csv_holds(release: Path) -> None:
    package = read_package(release)
    if package.name == "ycd-opendata":
        for name in ("targets", "sources"):
            source = (ROOT / f"data/{name}.csv").read_bytes()
            assert (release / f"csv/{name}.csv").read_bytes() == source


def change_json(path: Path) -> None:
    text = path.read_text("utf-8")
    path.write_text(text.replace(": 15,", ": 16,", 1), "utf-8")
    assert path.read_text("utf-8") != text


def change_parquet(path: Path) -> None:
    frame = pl.read_parquet(path)
    frame.with_columns(pl.col("value").replace(15.0, 16.0)).write_parquet(path)


def change_sqlite(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        assert connection.execute("UPDATE targets SET value = 16 WHERE value = 15").rowcount


def change_xlsx(path: Path) -> None:
    book = openpyxl.load_workbook(path)
    for row in book["targets"].iter_rows(min_row=3):
        for cell in row:
            if cell.value == 15:
                cell.value = 16
    book.save(path)
    book.close()


@pytest.mark.parametrize(
    ("name", "change", "reader"),
    [
        ("json/targets.json", change_json, read_json),
        ("parquet/targets.parquet", change_parquet, read_parquet_with_polars),
        ("parquet/targets.parquet", change_parquet, read_parquet_with_duckdb),
        ("ycd-opendata.sqlite", change_sqlite, read_sqlite),
        ("ycd-opendata.xlsx", change_xlsx, read_xlsx),
    ],
)
def test_a_changed_cell_is_noticed(
    small_release: Path, tmp_path: Path, name: str, change: Callable[[Path], None], reader: Reader
) -> None:
    folder = shutil.copytree(small_release, tmp_path / "release")
    expected = read_csv(folder, "targets")
    assert reader(folder, "targets") == expected
    change(folder / name)
    assert reader(folder, "targets") != expected


def test_the_zip_checks_itself_when_unpacked(release: Path, tmp_path: Path) -> None:
    [path] = release.glob("*.zip")
    with zipfile.ZipFile(path) as archive:
        archive.extractall(tmp_path)
    command = ["sha256sum", "--check", "--strict", "SHA256SUMS"]
    for folder in (tmp_path, release):
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
    assert path.name in (release / "SHA256SUMS").read_text("utf-8")
    assert path.name not in (tmp_path / "SHA256SUMS").read_text("utf-8")
