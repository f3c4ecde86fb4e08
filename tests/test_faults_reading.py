"""Packages of which rows were lost, split or never read, each the smallest that shows it."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import ezodf
import openpyxl
import pytest
from packages import FAULTS, describe, zipped

from ycd_opendata.errors import DataError
from ycd_opendata.loader.frames import read_pandas
from ycd_opendata.package.reading import read_package
from ycd_opendata.package.tables.reader import read_table
from ycd_opendata.validation.run import validate
from ycd_opendata.versioning.comparing import compare

# frictionless leaves packed files open.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")


def rows_of(name: str) -> list[tuple[str, ...]]:
    """A table's rows by each way to read them, which have to be the same."""
    package = read_package(FAULTS / name)
    table = read_table(package, package.resources[0])
    rows = [tuple(each) for each in table.rows()]
    assert [row for frame in table.frames() for row in frame.rows()] == rows
    return rows


@pytest.mark.parametrize(
    ("name", "rows"),
    [
        ("tsv-comma", [("Paris, France", "FR"), ("Rome, Italy", "IT")]),
        ("layout", [("1", "x"), ("2", "y"), ("3", "z")]),
        ("fm-equal", [("A1", "B1"), ("A2", "B2")]),
        ("innerpath-ok", [("1", "x"), ("2", "y")]),
        ("multi-nonl1", [("A",), ("B",), ("C",), ("D",)]),
        ("build-dialect-csv-tab", [("1", "x")]),
        ("build-json-garbage", [("a",)]),
        ("build-pathlist", [("1",), ("2",)]),
        ("build-zip-csv", [("1",)]),
        ("csvddf", [("1", "x"), ("2", "y")]),
    ],
)
def test_every_use_reads_the_rows_that_are_valid(name: str, rows: list[tuple[str, ...]]) -> None:
    report = validate(FAULTS / name)
    assert not report.findings
    assert next(each.rows for each in report.layers if each.name == "structure") == len(rows)
    assert rows_of(name) == rows
    package = read_package(FAULTS / name)
    assert len(read_pandas(package, package.resources[0])) == len(rows)
    assert compare(package, package).count == 0


@pytest.mark.parametrize(
    ("name", "found", "refused"),
    [
        ("unclosed2", ("unclosed-quote", "error", "t.csv", 2), "opens in line 2"),
        ("multi", ("part-header", "error", "t2.csv", 1), "t2.csv does not start with the header"),
        ("ext-txt", ("format-error", "error", "t.txt", None), "is not supported"),
        ("missing-parquet", ("scheme-error", "error", "t.parquet", None), "is missing"),
        ("build-guessed-encoding", ("encoding-guessed", "warning", "t.csv", None), "not UTF-8"),
    ],
)
def test_what_cannot_be_read_is_said_and_refused(
    name: str, found: tuple[str, str, str, int | None], refused: str
) -> None:
    [finding] = validate(FAULTS / name).findings
    assert (finding.code, finding.severity, finding.path, finding.line) == found
    with pytest.raises(DataError, match=refused):
        rows_of(name)


@pytest.mark.parametrize("engine", ["fast", "frictionless"])
@pytest.mark.parametrize(
    ("path", "content", "said"),
    [
        (
            "t.csv.gz",
            gzip.compress(b"a\n1\n", mtime=0)[:-9],
            "the packed file breaks off before its end",
        ),
        ("t.zip", zipped({}), "the archive is empty"),
        ("t.zip", zipped({"x.csv": "a\n1\n"}), 'the archive has no file "in/t.csv"'),
    ],
    ids=["cut off", "empty", "without it"],
)
def test_broken_archives_are_named(
    tmp_path: Path, path: str, content: bytes, said: str, engine: str
) -> None:
    (tmp_path / path).write_bytes(content)
    inner = {"innerpath": "in/t.csv"} if "in/" in said else {}
    table = {"name": "t", "path": path, "format": "csv", "schema": {"fields": [{"name": "a"}]}}
    describe(tmp_path, [{**table, **inner}])
    [finding] = validate(tmp_path, engine).findings
    assert (finding.path, finding.resource) == (path, "t")
    assert said in finding.message
    with pytest.raises(DataError, match=re.escape(said)):
        read_pandas(package := read_package(tmp_path), package.resources[0])


def write_workbook(path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in CELLS:
        sheet.append(row)
    book.save(path)


def write_open_document(path: Path) -> None:
    book = ezodf.newdoc(doctype="ods", filename=str(path))
    sheet = ezodf.Sheet("t", size=(3, 3))
    book.sheets += sheet
    for at, row in enumerate(CELLS):
        for column, cell in enumerate(row):
            if cell is not None:
                sheet[at, column].set_value(cell)
    book.save()


def write_json_lines(path: Path) -> None:
    names, *rows = CELLS
    lines = (json.dumps(dict(zip(names, row, strict=True)), ensure_ascii=False) for row in rows)
    path.write_text("\n".join(lines), "utf-8")


CELLS: list[list[Any]] = [["id", "name", "v"], [1, "上海", 1.5], [2, "b", None]]


@pytest.mark.parametrize(
    ("file", "write"),
    [("t.xlsx", write_workbook), ("t.ods", write_open_document), ("t.jsonl", write_json_lines)],
)
def test_workbooks_and_json_lines(tmp_path: Path, file: str, write: Callable[[Path], None]) -> None:
    write(tmp_path / file)
    types = {"id": "integer", "name": "string", "v": "number"}
    schema = {"fields": [{"name": name, "type": type_} for name, type_ in types.items()]}
    describe(tmp_path, [{"name": "t", "path": file, "schema": schema}])
    assert validate(tmp_path).valid
    package = read_package(tmp_path)
    rows = [tuple(each) for each in read_table(package, package.resources[0]).rows()]
    assert rows == [("1", "上海", "1.5"), ("2", "b", "")]
    assert compare(package, package).count == 0


def test_frictionless_alone_does_without_the_extensions() -> None:
    for name in ("unclosed2", "multi", "build-guessed-encoding"):
        assert validate(FAULTS / name, engine="frictionless").valid
    for name in ("ext-txt", "missing-parquet"):
        assert not validate(FAULTS / name, engine="frictionless").valid


def test_a_key_that_changes_nothing_hands_no_table_on() -> None:
    report = validate(FAULTS / "fallback-no-line")
    cells = [each for each in report.findings if each.code == "type-error"]
    assert [(each.row, each.line) for each in cells] == [(3, 3), (4, 4)]
    assert not any(each.notes for each in report.layers)


def test_labels_with_white_space_are_compared_as_they_are_validated() -> None:
    folder = FAULTS / "diff-label-space"
    assert validate(folder / "new").valid
    old, new = (read_package(folder / side) for side in ("old", "new"))
    assert compare(old, old).count == 0
    assert {each.kind for each in compare(old, new).groups} >= {"row-removed", "row-added"}
