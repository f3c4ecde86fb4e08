"""The functions for any package: what they give, what they raise, and what an editor knows."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import assert_type, get_args

import pandas as pd
import polars as pl
import pytest
from conftest import RunYcd
from packages import describe, small_tables, write_small

import ycd_opendata as ycd
from ycd_opendata.delta.load_functions import TableName
from ycd_opendata.loader.loading import load, table_resources
from ycd_opendata.package.open_package import installed_package


@pytest.fixture
def run(request: pytest.FixtureRequest) -> RunYcd:
    """The command line; its own name is that of the package here."""
    found: RunYcd = request.getfixturevalue("ycd")
    return found


@pytest.fixture
def plain(tmp_path: Path) -> Path:
    """Somebody's package of two tables, one of them with a fault."""
    folder = tmp_path / "plain"
    folder.mkdir()
    (folder / "a.csv").write_text("id,n,on\n1,2.5,2024-01-02\n2,x,2024-01-03\n", "utf-8")
    (folder / "b.csv").write_text("id\n1\n2\n", "utf-8")
    fields = [
        {"name": "id", "type": "integer"},
        {"name": "n", "type": "number"},
        {"name": "on", "type": "date"},
    ]
    resources = [
        {"name": "a", "path": "a.csv", "schema": {"fields": fields, "primaryKey": ["id"]}},
        {"name": "b", "path": "b.csv", "schema": {"fields": fields[:1], "primaryKey": ["id"]}},
    ]
    return describe(folder, resources, name="plain", version="1.0.0")


def test_validate_gives_the_report_of_the_command(
    plain: Path, run: RunYcd, capsys: pytest.CaptureFixture[str]
) -> None:
    report = ycd.validate(plain)
    assert capsys.readouterr() == ("", "")
    assert isinstance(report, ycd.Report)
    assert not report.valid
    assert json.loads(run("validate", plain, "--format", "json").out) == json.loads(
        json.dumps(report.to_json())
    )
    assert ycd.validate(str(plain), engine="frictionless").count("error") == 1


def test_a_report_as_a_frame(plain: Path) -> None:
    frame = ycd.validate(plain).to_frame()
    [row] = frame.to_dict("records")
    assert (row["code"], row["resource"], row["line"], row["field"]) == ("type-error", "a", 3, "n")
    assert str(frame.dtypes["line"]) == "Int64"
    (plain / "a.csv").write_text("id,n,on\n1,2.5,2024-01-02\n", "utf-8")
    empty = ycd.validate(plain).to_frame()
    assert (len(empty), list(empty.columns)) == (0, list(frame.columns))


def test_one_table_and_its_schema(plain: Path) -> None:
    schema = plain / "schema.json"
    schema.write_text(json.dumps({"fields": [{"name": "id", "type": "date"}]}), "utf-8")
    assert ycd.validate(plain / "b.csv", schema=schema).count("error") == 2


def test_diff_gives_the_changes_of_the_command(
    plain: Path, tmp_path: Path, run: RunYcd, capsys: pytest.CaptureFixture[str]
) -> None:
    later = tmp_path / "later"
    shutil.copytree(plain, later)
    (later / "b.csv").write_text("id\n1\n2\n3\n", "utf-8")
    found = ycd.diff(plain, later)
    assert capsys.readouterr() == ("", "")
    assert (found.bump, found.problem != "") == ("minor", True)
    assert [each.kind for each in found.changes] == ["record-added"]
    assert json.loads(run("diff", plain, later, "--format", "json").out) == found.to_json()
    assert found.to_frame()["rule"].to_list() == ["record-added"]
    assert ycd.diff(plain, plain).changes == ()


def test_the_tables_of_any_package_are_typed_frames(plain: Path) -> None:
    with ycd.open_package(plain) as package:
        assert (package.name, package.version, package.table_names) == (
            "plain",
            "1.0.0",
            ("a", "b"),
        )
        assert package.load("b")["id"].to_list() == [1, 2]
        assert str(package.load("b").dtypes["id"]) == "Int64"
        assert package.load("b", engine="polars").height == 2
        assert package.describe("a")["type"].to_list() == ["integer", "number", "date"]
        assert package.path("b") == plain / "b.csv"
        with pytest.raises(ycd.DataError, match="'x' cannot be read as number"):
            package.load("a")
        with pytest.raises(ycd.UnknownNameError, match="did you mean"):
            package.load("bb")
        with pytest.raises(ycd.UnknownNameError, match="engine"):
            package.load("b", engine="arrow")  # type: ignore[call-overload]
        (plain / "b.csv").unlink()
        with pytest.raises(ycd.DataError, match="missing"):
            package.load("b")


def test_what_was_unpacked_goes_with_the_package(plain: Path, tmp_path: Path) -> None:
    archive = tmp_path / "plain.zip"
    with zipfile.ZipFile(archive, "w") as packed:
        for path in plain.iterdir():
            packed.write(path, path.name)
    package = ycd.open_package(archive)
    unpacked = package.path("b")
    assert len(package.load("b")) == 2
    package.close()
    package.close()
    assert not unpacked.exists()
    with pytest.raises(ycd.PackageError, match="is closed"):
        package.load("b")
    forgotten = ycd.open_package(archive)
    unpacked = forgotten.path("b")
    del forgotten
    assert not unpacked.exists()


def test_derived_tables_are_loaded_too(tmp_path: Path) -> None:
    with ycd.open_package(write_small(tmp_path)) as package:
        assert "scoreboard" in package.table_names
        assert len(package.load("scoreboard")) == len(small_tables()["targets"])


def test_profile_is_data(plain: Path) -> None:
    tables = {each.name: each for each in ycd.profile(plain).tables}
    assert tables["a"].columns[1].invalid == 1


@pytest.mark.parametrize("function", [ycd.validate, ycd.open_package, ycd.profile, ycd.diff])
def test_what_cannot_be_read_is_an_error_of_ours(function: object, tmp_path: Path) -> None:
    assert callable(function)
    with pytest.raises(ycd.PackageError, match="no such file or folder"):
        function(tmp_path / "gone")
    (tmp_path / "datapackage.json").write_text("{", "utf-8")
    with pytest.raises(ycd.PackageError, match="is broken JSON"):
        function(tmp_path)
    (tmp_path / "datapackage.json").unlink()
    with pytest.raises(ycd.PackageError, match=r"has no datapackage\.json"):
        function(tmp_path)


def test_an_engine_that_is_none(plain: Path) -> None:
    with pytest.raises(ycd.UnknownNameError, match="known: fast, frictionless"):
        ycd.validate(plain, engine="quick")  # type: ignore[arg-type]


def test_an_editor_knows_the_tables() -> None:
    resources = table_resources(installed_package())
    assert sorted(get_args(TableName)) == sorted(
        name for name, each in resources.items() if each.is_table
    )
    assert ycd.load is load


def test_mypy_knows_what_comes_back() -> None:
    """It checks this file: of a function that gave it nothing, no ``assert_type`` would hold."""
    frame = assert_type(ycd.load("targets"), pd.DataFrame)
    other = assert_type(ycd.load("targets", engine="polars", lang="en"), pl.DataFrame)
    bounds = assert_type(ycd.date_bounds(frame["due_on"]), pd.DataFrame)
    text = assert_type(ycd.__version__ + ycd.cite(), str)
    wrong: int = ycd.load("regions")  # type: ignore[assignment]
    assert [type(each) for each in (frame, other, bounds, text, wrong)] == [
        pd.DataFrame,
        pl.DataFrame,
        pd.DataFrame,
        str,
        pd.DataFrame,
    ]


def test_pyright_knows_what_comes_back(tmp_path: Path) -> None:
    right = tmp_path / "right.py"
    right.write_text(
        "import pandas as pd\n"
        "import polars as pl\n"
        "import ycd_opendata as ycd\n"
        "\n"
        'targets: pd.DataFrame = ycd.load("targets")\n'
        'same: pl.DataFrame = ycd.load("targets", engine="polars")\n'
        'valid: bool = ycd.validate(".").valid\n'
        'bump: str = ycd.diff("a", "b").bump\n'
        'with ycd.open_package(".") as package:\n'
        '    table: pl.DataFrame = package.load("t", engine="polars")\n',
        "utf-8",
    )
    wrong = tmp_path / "wrong.py"
    wrong.write_text(
        "import pandas as pd\n"
        "import ycd_opendata as ycd\n"
        'wrong: pd.DataFrame = ycd.load("targets", engine="polars")\n'
        "ycd.load(3)\n"
        'ycd.validate(".", engine="quick")\n',
        "utf-8",
    )
    assert pyright_errors(right, wrong) == [("wrong.py", 3), ("wrong.py", 4), ("wrong.py", 5)]


def pyright_errors(*paths: Path) -> list[tuple[str, int]]:
    """The files and lines in which pyright finds an error."""
    program = str(Path(sys.executable).parent / "basedpyright")
    command = [program, "--outputjson", "--pythonpath", sys.executable, *map(str, paths)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=paths[0].parent)
    report = json.loads(done.stdout)
    assert report["summary"]["filesAnalyzed"] == len(paths)
    return sorted(
        {
            (Path(each["file"]).name, each["range"]["start"]["line"] + 1)
            for each in report["generalDiagnostics"]
            if each["severity"] == "error"
        }
    )
