"""`ycd validate --rejects`: good rows, bad rows and their findings as files."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from conftest import RunYcd
from packages import describe

FIELDS: list[dict[str, Any]] = [
    {"name": "id", "type": "integer"},
    {"name": "name", "type": "string", "constraints": {"minLength": 2}},
    {"name": "owner", "type": "integer"},
]
ROWS = (
    'id,name,owner\n1,Ada,\n2,"line\nbreak",1\nx,Bo,1\n3,C,1\n\n1,Dee,2\n4,Eli,9\n5,Fay\n6,Gus,2\n'
)
GOOD = [["1", "Ada", ""], ["2", "line\nbreak", "1"], ["6", "Gus", "2"]]
BAD = [["x", "Bo", "1"], ["3", "C", "1"], [], ["1", "Dee", "2"], ["4", "Eli", "9"], ["5", "Fay"]]


def write(folder: Path, path: str, fields: list[dict[str, Any]] = FIELDS, **more: Any) -> Path:
    schema = {
        "fields": fields,
        "primaryKey": ["id"],
        "foreignKeys": [{"fields": ["owner"], "reference": {"resource": "", "fields": ["id"]}}],
    }
    resource = {"name": "people", "path": path, "type": "table", "schema": schema, **more}
    return describe(folder, [resource])


def rows(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.reader(stream))


@pytest.mark.parametrize("engine", ["fast", "frictionless"])
def test_rows_are_told_apart(engine: str, tmp_path: Path, ycd: RunYcd) -> None:
    (tmp_path / "people.csv").write_text(ROWS, "utf-8")
    folder = write(tmp_path, "people.csv")
    rejects = tmp_path / "rejects"
    result = ycd("validate", folder, "--rejects", rejects, "--engine", engine)
    assert result.code == 1
    assert "rejects: people: 3 good, 6 bad" in result.err
    assert rows(rejects / "good/people.csv") == [["id", "name", "owner"], *GOOD]
    assert rows(rejects / "bad/people.csv") == [["id", "name", "owner"], *BAD]
    header, *findings = rows(rejects / "findings.csv")
    found = [dict(zip(header, each, strict=True)) for each in findings]
    by_code = {each["code"]: each for each in found}
    assert (by_code["type-error"]["bad_row"], by_code["type-error"]["value"]) == ("2", "x")
    assert by_code["foreign-key"]["bad_row"] == "6"
    bad = rows(rejects / "bad/people.csv")
    assert bad[int(by_code["constraint-error"]["bad_row"]) - 1] == ["3", "C", "1"]
    # What is good stays good on its own.
    (tmp_path / "people.csv").write_bytes((rejects / "good/people.csv").read_bytes())
    assert ycd("validate", folder).code == 0


def test_a_row_is_bad_even_if_its_finding_is_not_listed(tmp_path: Path, ycd: RunYcd) -> None:
    (tmp_path / "people.csv").write_text(ROWS, "utf-8")
    folder = write(tmp_path, "people.csv")
    rejects = tmp_path / "rejects"
    options = ("--rejects", rejects, "--max-findings", "1", "--format", "json")
    report = json.loads(ycd("validate", folder, *options).out)
    assert len(report["findings"]) == 1
    assert report["counts"]["error"] > 6
    assert len(rows(rejects / "bad/people.csv")) == len(BAD) + 1
    assert len(rows(rejects / "findings.csv")) == report["counts"]["error"] + 1


@pytest.mark.parametrize("engine", ["fast", "frictionless"])
def test_formats_with_types(engine: str, tmp_path: Path, ycd: RunYcd) -> None:
    pl.DataFrame({"id": [1, 2, 3], "name": ["Ada", "B", "Cy"]}).write_parquet(
        tmp_path / "people.parquet"
    )
    folder = write(tmp_path, "people.parquet", FIELDS[:2])
    raw = json.loads((folder / "datapackage.json").read_text("utf-8"))
    del raw["resources"][0]["schema"]["foreignKeys"]
    (folder / "datapackage.json").write_text(json.dumps(raw), "utf-8")
    rejects = tmp_path / "rejects"
    assert ycd("validate", folder, "--rejects", rejects, "--engine", engine).code == 1
    assert rows(rejects / "good/people.csv") == [["id", "name"], ["1", "Ada"], ["3", "Cy"]]
    assert rows(rejects / "bad/people.csv") == [["id", "name"], ["2", "B"]]


def test_a_table_that_is_not_there_is_named(tmp_path: Path, ycd: RunYcd) -> None:
    folder = write(tmp_path, "gone.csv")
    rejects = tmp_path / "rejects"
    result = ycd("validate", folder, "--rejects", rejects)
    assert result.code == 1
    assert "people: not split: " in result.err
    assert "'gone.csv' is missing" in result.err
    assert not [*(rejects / "good").iterdir()]
    assert len(rows(rejects / "findings.csv")) == 2


def test_nothing_is_overwritten(tmp_path: Path, ycd: RunYcd) -> None:
    (tmp_path / "people.csv").write_text(ROWS, "utf-8")
    folder = write(tmp_path, "people.csv")
    used = tmp_path / "used"
    used.mkdir()
    (used / "mine").write_text("mine", "utf-8")
    result = ycd("validate", folder, "--rejects", used)
    assert result.code == 2
    assert "is not empty, and nothing is overwritten" in result.err
    assert [each.name for each in used.iterdir()] == ["mine"]
    blocked = ycd("validate", folder, "--rejects", tmp_path / "people.csv" / "rejects")
    assert blocked.code == 2
    assert "cannot write" in blocked.err


def test_a_name_leads_to_no_other_folder(tmp_path: Path, ycd: RunYcd) -> None:
    (tmp_path / "people.csv").write_text("id,name,owner\n1,Ada,1\n", "utf-8")
    folder = write(tmp_path, "people.csv", name="../../people")
    ycd("validate", folder, "--rejects", tmp_path / "out" / "rejects")
    assert not (tmp_path.parent / "people.csv").exists()
    assert not (tmp_path / "out" / "people.csv").exists()


def test_a_descriptor_that_says_too_little(tmp_path: Path, ycd: RunYcd) -> None:
    (tmp_path / "datapackage.json").write_text('{"name": "p", "resources": [{}]}', "utf-8")
    result = ycd("validate", tmp_path, "--rejects", tmp_path / "rejects")
    assert result.code == 1
    assert "no rows were read" in result.err
    assert not (tmp_path / "rejects").exists()
