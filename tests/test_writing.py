from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest
from conftest import RunYcd
from formats_of_tables import table_of, texts
from packages import FAULTS, SMALL, describe, make_foreign, write_small

from ycd_opendata.publishing.formats import workbook, writing
from ycd_opendata.publishing.formats.survey import Extent
from ycd_opendata.publishing.formats.writing import FORMATS, why_left_out


def test_the_longest_cell_counts_as_excel_counts() -> None:
    long = "长" * 20_000
    rare = "𠮷" * 16_384
    assert table_of(texts(2), [("a", ""), ("", "abc")]).extent == Extent(2, 3)
    assert table_of(texts(2), [("a", long)], [("b", "c")]).extent == Extent(2, 20_000)
    assert table_of(texts(2), [("a", rare)]).extent == Extent(1, 32_768)
    assert table_of(texts(2), []).extent == Extent(0, 0)


def test_what_is_left_out_is_said(
    ycd: RunYcd, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbook, "MOST_ROWS", 5)
    tables = {name: SMALL[name] for name in ("domains", "regions")}
    package = make_foreign(write_small(tmp_path, tables), "two")
    result = ycd("build", package, "--out", tmp_path / "dist", "--formats", "xlsx")
    assert result.code == 0, result
    said = "two.xlsx has no table 'regions': it has 4 rows, and a sheet has 3 for them"
    assert said in result.out.splitlines()
    book = openpyxl.load_workbook(tmp_path / "dist/latest/two.xlsx", read_only=True)
    assert "domains" in book.sheetnames
    assert "regions" not in book.sheetnames
    book.close()


def test_a_table_may_be_too_wide_for_sqlite_alone() -> None:
    assert why_left_out(table_of(texts(2_001), []), FORMATS) == {
        ".sqlite": "2,001 columns, and SQLite has 2,000"
    }


def test_formats_can_be_chosen(ycd: RunYcd, tmp_path: Path) -> None:
    money = FAULTS / "money"
    result = ycd("build", money, "--out", tmp_path, "--formats", "json, csv")
    assert result.code == 0, result
    release = tmp_path / "v1.0.0"
    made = {each.suffix for each in release.rglob("*.*")}
    assert {".csv", ".json", ".zip"} <= made
    assert not {".xlsx", ".sqlite", ".parquet"} & made
    assert "Excel" not in (release / "README.md").read_text("utf-8")
    result = ycd("verify", release, "--against", money)
    assert result.code == 0, result


def test_an_unknown_format_is_refused_before_anything_is_written(
    ycd: RunYcd, tmp_path: Path
) -> None:
    money = FAULTS / "money"
    result = ycd("build", money, "--out", tmp_path / "dist", "--formats", "jsom")
    assert result.code == 2
    assert "unknown format 'jsom'" in result.err
    assert "did you mean 'json'?" in result.err
    assert not (tmp_path / "dist").exists()


def test_a_workbook_that_is_too_large_is_made_for_those_who_ask(
    ycd: RunYcd, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing, "MOST_CELLS", 5)
    money = FAULTS / "money"
    result = ycd("build", money, "--out", tmp_path / "usual")
    assert "try.xlsx is left out: 6 cells are too many" in result.out
    assert not list((tmp_path / "usual/v1.0.0").glob("*.xlsx"))
    assert ycd("build", money, "--out", tmp_path / "all", "--formats", "xlsx").code == 0
    assert list((tmp_path / "all/v1.0.0").glob("*.xlsx"))


PEAK = """
import resource, sys
from pathlib import Path
from ycd_opendata.package.reading import read_package
from ycd_opendata.publishing.formats import sqlite_database
from ycd_opendata.publishing.formats.table import release_tables
from ycd_opendata.publishing.formats.writing import FORMATS, write_tables
from ycd_opendata.package.tables import blocks

# Small blocks and a small cache of SQLite's, so that a small table shows what a large one does.
blocks.BLOCK_BYTES = 2**18
sqlite_database._SETTINGS += ("PRAGMA cache_size = -1024",)
for folder in map(Path, sys.argv[1:]):
    package = read_package(folder)
    write_tables(package, release_tables(package), folder / "out", "x", FORMATS)
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="other systems count memory otherwise")
def test_memory_does_not_grow_with_the_table(tmp_path: Path) -> None:
    folders = []
    for rows in (1_000, 5_000):
        folder = tmp_path / str(rows)
        (folder / "out").mkdir(parents=True)
        cells = ",".join("数据" * 50 for _ in range(9))
        with (folder / "t.csv").open("w", encoding="utf-8") as stream:
            stream.write("id," + ",".join(f"c{number}" for number in range(9)) + "\n")
            stream.writelines(f"{number},{cells}\n" for number in range(rows))
        fields = [{"name": "id", "type": "integer"}, *texts(9)]
        resource = {"name": "t", "path": "t.csv", "encoding": "utf-8", "schema": {"fields": fields}}
        describe(folder, [resource], version="1.0.0")
        folders.append(str(folder))
    command = [sys.executable, "-c", PEAK, *folders]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    small, large = (int(each) / 1024 for each in done.stdout.split())
    size = (folder / "t.csv").stat().st_size / 2**20
    assert size > 12
    assert large - small < size / 4, (small, large)
