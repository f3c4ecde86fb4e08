"""Packages that were valid and were released with other cells, or not at all."""

from __future__ import annotations

import hashlib
import json
import zipfile
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import openpyxl
import polars as pl
import pyarrow.parquet as pq
import pytest
from conftest import RunYcd
from formats_of_tables import in_csv, in_json, in_parquet, in_sqlite
from packages import FAULTS

from ycd_opendata.package.model import Package, Resource
from ycd_opendata.package.tables.reader import TableReader, read_table
from ycd_opendata.publishing.formats import table


def built(ycd: RunYcd, fault: str, folder: Path) -> Path:
    result = ycd("build", FAULTS / fault, "--out", folder / "dist")
    assert result.code == 0, result
    return folder / "dist/v1.0.0"


@pytest.mark.parametrize(
    ("fault", "rows"),
    [
        ("tsv-comma", [["place", "code"], ["Paris, France", "FR"], ["Rome, Italy", "IT"]]),
        ("layout", [["a", "b"], ["1", "x"], ["2", "y"], ["3", "z"]]),
        ("innerpath-ok", [["a", "b"], ["1", "x"], ["2", "y"]]),
        ("build-zip-csv", [["a"], ["1"]]),
        ("build-json-garbage", [["x"], ["a"]]),
        ("uscore", [["i", "n", "d"], ["1000", "10.5", "2022-01-05"], ["12", "12.5", "2022-01-05"]]),
    ],
)
def test_the_released_cells_are_those_that_were_validated(
    ycd: RunYcd, tmp_path: Path, fault: str, rows: list[list[str]]
) -> None:
    release = built(ycd, fault, tmp_path)
    assert in_csv(release) == rows
    header, *records = rows
    # Each other format has the same texts, but for numbers and days.
    for found in (in_json(release), in_parquet(release)):
        assert [list(each) for each in found] == [header] * len(records)
        assert [[str(cell) for cell in each.values()] for each in found] == records
    assert [[str(cell) for cell in each] for each in in_sqlite(release)] == records
    [described] = json.loads((release / "datapackage.json").read_text("utf-8"))["resources"]
    said = (described["path"], described["format"], described["encoding"], described["dialect"])
    assert said == ("csv/t.csv", "csv", "utf-8", {"delimiter": ",", "skipInitialSpace": False})
    assert not {"layout", "innerpath", "compression", "control", "data"} & {*described}


def test_a_table_in_two_files_is_released_in_two(ycd: RunYcd, tmp_path: Path) -> None:
    release = built(ycd, "build-pathlist", tmp_path)
    [described] = json.loads((release / "datapackage.json").read_text("utf-8"))["resources"]
    assert described["path"] == ["csv/t/0001.csv", "csv/t/0002.csv"]
    assert [in_csv(release, f"t/000{part}") for part in (1, 2)] == [[["a"], ["1"]], [["a"], ["2"]]]
    assert [[str(cell) for cell in each] for each in in_sqlite(release)] == [["1"], ["2"]]


AMOUNTS = ["12345678901234567.89", "0.1234567890123456789", "100.10"]


def test_no_decimal_is_rounded(ycd: RunYcd, tmp_path: Path) -> None:
    result = ycd("build", FAULTS / "money", "--out", tmp_path)
    assert "t.amount has numbers of more digits than a double holds" in result.out
    release = tmp_path / "v1.0.0"
    exact = [Decimal(each) for each in AMOUNTS]
    assert [row[1] for row in in_csv(release)[1:]] == AMOUNTS
    assert [row["amount"] for row in in_json(release)] == exact
    assert [row["amount"] for row in in_parquet(release)] == exact
    assert str(pq.read_schema(release / "parquet/t.parquet").field("amount").type) == (
        "decimal128(36, 19)"
    )
    assert [row[1] for row in in_sqlite(release)] == AMOUNTS
    [path] = release.glob("*.xlsx")
    book = openpyxl.load_workbook(path)
    assert [row[1].value for row in book["t"].iter_rows(min_row=3)] == [*AMOUNTS[:2], 100.1]
    book.close()
    assert "none is rounded" in (release / "README.md").read_text("utf-8")


def test_the_missing_values_of_a_field_are_missing_everywhere(ycd: RunYcd, tmp_path: Path) -> None:
    release = built(ycd, "field-missing", tmp_path)
    assert [row["b"] for row in in_json(release)] == [None, 5, None]
    assert [row["b"] for row in in_parquet(release)] == [None, 5, None]
    assert [row[1] for row in in_sqlite(release)] == [None, 5, None]
    # The CSV keeps which one it was, and CSV on the Web says so by the column.
    assert [row[1] for row in in_csv(release)] == ["b", "-99", "5", ""]
    table = json.loads((release / "csv-metadata.json").read_text("utf-8"))["tables"][0]
    first, second = table["tableSchema"]["columns"]
    nulls = [{*each.get("null", table["null"])} for each in (first, second)]
    assert nulls == [{""}, {"", "-99"}]


def test_rows_that_publishing_reads_otherwise_are_noticed(
    ycd: RunYcd, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    release = built(ycd, "build-json-garbage", tmp_path)
    assert ycd("verify", release, "--against", FAULTS / "build-json-garbage").code == 0

    def read_otherwise(package: Package, resource: Resource) -> TableReader:
        lines = pl.DataFrame({"x": ["{", "}"]})
        return replace(read_table(package, resource), frames=lambda: iter([lines]))

    monkeypatch.setattr(table, "read_table", read_otherwise)
    release = built(ycd, "build-json-garbage", tmp_path / "other")
    result = ycd("verify", release, "--against", FAULTS / "build-json-garbage")
    assert result.code == 1
    assert "1 row of the package validated, but 2 released" in result.err


def test_a_resource_that_is_no_table_is_copied(ycd: RunYcd, tmp_path: Path) -> None:
    release = built(ycd, "build-nontabular", tmp_path)
    text = (FAULTS / "build-nontabular/readme.txt").read_bytes()
    assert (release / "files/readme.txt").read_bytes() == text
    described = json.loads((release / "datapackage.json").read_text("utf-8"))["resources"][1]
    digest = hashlib.sha256(text).hexdigest()
    assert described == {
        "name": "doc",
        "path": "files/readme.txt",
        "bytes": len(text),
        "hash": f"sha256:{digest}",
    }
    assert f"{digest}  files/readme.txt" in (release / "SHA256SUMS").read_text("utf-8")
    [archive] = release.glob("*.zip")
    with zipfile.ZipFile(archive) as unpacked:
        assert unpacked.read("files/readme.txt") == text
    for name in ("README.md", "dataset.jsonld", "dcat.ttl", "croissant.json"):
        assert "files/readme.txt" in (release / name).read_text("utf-8"), name
    assert ycd("verify", release).code == 0
    (release / "files/readme.txt").write_bytes(text + b"!")
    assert "'files/readme.txt' was changed" in ycd("verify", release).err
