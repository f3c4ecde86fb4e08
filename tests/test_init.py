"""`ycd init`: what it writes, what it leaves alone, and how it refuses."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from conftest import RunYcd

from ycd_opendata.errors import PackageError
from ycd_opendata.inferring import folder as inferring_folder
from ycd_opendata.inferring.scaffold import NewFiles, write_new

BIN = Path(sys.executable).parent


def lint(program: str, *arguments: str | Path) -> int:
    command = [str(BIN / program), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, check=False).returncode


@pytest.fixture
def tables(tmp_path: Path) -> Path:
    folder = tmp_path / "rivers"
    folder.mkdir()
    (folder / "rivers.csv").write_text("river_id,name\nr1,Une\nr2,Deux\nr3,Trois\n", "utf-8")
    (folder / "levels.csv").write_text(
        "river_id,day,level_m\nr1,2024-01-01,1.5\nr1,2024-01-02,NA\nr2,2024-01-01,2.25\n", "utf-8"
    )
    return folder


def files_in(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_it_makes_a_package_that_validates(tables: Path, ycd: RunYcd) -> None:
    result = ycd("init", tables)
    assert (result.code, result.err) == (0, "")
    assert "primary key river_id: unique in 3 rows" in result.out
    assert "foreign key river_id to rivers (river_id): all 2 values stand in" in result.out
    assert "every cell is a number, apart from 'NA' in 1 cell" in result.out
    assert {*files_in(tables)} == {
        ".github/workflows/data.yml",
        ".pre-commit-config.yaml",
        "README.md",
        "datapackage.json",
        "levels.csv",
        "rivers.csv",
        "schemas/levels.json",
        "schemas/rivers.json",
        "ycd.toml",
    }
    levels = json.loads((tables / "schemas/levels.json").read_text("utf-8"))
    assert levels["primaryKey"] == ["river_id", "day"]
    assert levels["missingValues"] == ["", "NA"]
    assert levels["fields"][2]["unit"] == "m"
    checked = ycd("validate", tables)
    assert checked.code == 0
    assert "2 tables, 6 rows" in checked.out


def test_what_it_makes_can_be_released(tables: Path, ycd: RunYcd) -> None:
    ycd("init", tables)
    assert ycd("build", tables, "--out", tables / "dist", "--formats", "csv").code == 0
    assert (tables / "dist/v0.1.0/csv/levels.csv").is_file()


def test_what_is_wrong_afterwards_is_found(tables: Path, ycd: RunYcd) -> None:
    ycd("init", tables)
    with (tables / "levels.csv").open("a", encoding="utf-8") as stream:
        stream.write("r9,2024-01-03,high\n")
    result = ycd("validate", tables)
    assert result.code == 1
    assert "type-error" in result.out
    assert "foreign-key" in result.out


def test_a_dry_run_writes_nothing(tables: Path, ycd: RunYcd) -> None:
    before = files_in(tables)
    result = ycd("init", tables, "--dry-run")
    assert result.code == 0
    assert "would write" in result.out
    assert "primary key" in result.out
    assert files_in(tables) == before


def test_nothing_is_overwritten(tables: Path, ycd: RunYcd) -> None:
    (tables / "README.md").write_text("mine\n", "utf-8")
    result = ycd("init", tables)
    assert result.code == 0
    assert "README.md, which was there" in result.out
    assert (tables / "README.md").read_text("utf-8") == "mine\n"
    before = files_in(tables)
    again = ycd("init", tables)
    assert again.code == 2
    assert "is there already, and nothing is overwritten" in again.err
    assert files_in(tables) == before


def test_a_schema_that_is_there_is_not_overwritten(tables: Path, ycd: RunYcd) -> None:
    (tables / "schemas").mkdir()
    (tables / "schemas/rivers.json").write_text("{}", "utf-8")
    before = files_in(tables)
    result = ycd("init", tables)
    assert result.code == 2
    assert "rivers.json' is there already" in result.err
    assert files_in(tables) == before


def test_the_workflow_stands_at_the_top_of_the_repository(tables: Path, ycd: RunYcd) -> None:
    top = tables.parent
    (top / ".git").mkdir()
    assert ycd("init", tables).code == 0
    workflow = (top / ".github/workflows/data.yml").read_text("utf-8")
    assert "ycd validate rivers --format github" in workflow
    assert 'ycd diff "git:$last:rivers" rivers --check' in workflow
    assert not (tables / ".github").exists()


def test_the_workflow_and_the_hook_are_sound(tables: Path, ycd: RunYcd) -> None:
    assert ycd("init", tables).code == 0
    workflow = tables / ".github/workflows/data.yml"
    schema = ("--builtin-schema", "vendor.github-workflows")
    assert lint("check-jsonschema", *schema, workflow) == 0
    assert lint("zizmor", "--offline", "--no-config", workflow) == 0
    [repository] = yaml.safe_load((tables / ".pre-commit-config.yaml").read_text("utf-8"))["repos"]
    assert repository["hooks"][0]["entry"] == "ycd validate ."
    broken = tables / "broken.yml"
    broken.write_text(workflow.read_text("utf-8").replace("runs-on", "run-on"), "utf-8")
    assert lint("check-jsonschema", *schema, broken) != 0


def test_the_settings_that_are_commented_out_can_stand(tables: Path, ycd: RunYcd) -> None:
    assert ycd("init", tables).code == 0
    path = tables / "ycd.toml"
    lines = path.read_text("utf-8").splitlines()
    path.write_text(
        "\n".join([lines[0], *(each.removeprefix("# ") for each in lines[1:])]), "utf-8"
    )
    assert ycd("validate", tables).code == 0
    path.write_text(path.read_text("utf-8").replace("warnings =", "warning ="), "utf-8")
    assert ycd("validate", tables).code == 1


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("a.csv", b"", "the file is empty"),
        ("a.csv", b"\x00\x01\x02" * 50, "it holds NUL bytes"),
        ("a.csv", b"x,,y\n1,2,3\n", "column 2 has no name"),
        ("a.csv", b"x,x\n1,2\n", "two columns are called 'x'"),
        ("a.csv", b"x,y\n1,2\n1,2,3\n", "line 3 has 3 cells, not 2"),
        ("a.csv", b'x,y\n1,"2\n3,4\n', "quote"),
        ("a.csv", "x,y\n1,ü\n".encode("utf-16"), "it is UTF-16"),
        ("a.xlsx", b"no workbook", "it is no workbook that can be read"),
        ("a.ods", b"no workbook", "it is no workbook that can be read"),
        ("a.parquet", b"PAR1 no", "it is no Parquet file"),
        ("a.jsonl", b"{not json}\n", "it cannot be read"),
        ("a.csv.gz", b"no gzip", "it cannot be decompressed"),
    ],
)
def test_bad_files_are_refused_in_one_sentence(
    name: str, content: bytes, sentence: str, tmp_path: Path, ycd: RunYcd
) -> None:
    (tmp_path / name).write_bytes(content)
    result = ycd("init", tmp_path)
    assert result.code == 2
    assert sentence in result.err
    assert len(result.err.splitlines()) == 1
    assert [*files_in(tmp_path)] == [name]


def test_a_bad_file_does_not_keep_the_others_from_being_described(
    tables: Path, ycd: RunYcd
) -> None:
    (tables / "bad.csv").write_text("x,,y\n1,2,3\n", "utf-8")
    result = ycd("init", tables)
    assert result.code == 0
    assert result.err.startswith("ycd: left out bad.csv: column 2 has no name")
    assert ycd("validate", tables).code == 0


def test_an_empty_folder_and_none_at_all(tmp_path: Path, ycd: RunYcd) -> None:
    empty = ycd("init", tmp_path)
    assert empty.code == 2
    assert "there is no table in" in empty.err
    gone = ycd("init", tmp_path / "gone")
    assert gone.code == 2
    assert "no such folder" in gone.err


def test_too_many_tables_are_refused(tmp_path: Path, ycd: RunYcd) -> None:
    for number in range(inferring_folder.MOST_TABLES + 1):
        (tmp_path / f"t{number}.csv").touch()
    result = ycd("init", tmp_path)
    assert result.code == 2
    assert "has more than 1,000 tables" in result.err


def test_a_file_that_changes_while_it_is_read(tables: Path) -> None:
    def change(path: str) -> None:
        if path == "rivers.csv":
            with (tables / "levels.csv").open("a", encoding="utf-8") as stream:
                stream.write("r2,2024-01-02,3.5\n")

    with pytest.raises(PackageError, match=r"levels\.csv changed while it was read"):
        inferring_folder.infer(tables, change)


def test_what_cannot_be_written_leaves_nothing(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("no folder", "utf-8")
    texts = {tmp_path / "new/a.json": "a", tmp_path / "b.txt": "b", blocked / "c.json": "c"}
    with pytest.raises(PackageError, match="cannot write"):
        write_new(NewFiles(texts, ()))
    assert files_in(tmp_path) == {"file": b"no folder"}
    assert not (tmp_path / "new").exists()


def test_a_file_that_comes_to_be_there_is_kept(tmp_path: Path) -> None:
    (tmp_path / "b.txt").write_text("mine", "utf-8")
    with pytest.raises(PackageError, match=r"b\.txt"):
        write_new(NewFiles({tmp_path / "a.txt": "a", tmp_path / "b.txt": "b"}, ()))
    assert files_in(tmp_path) == {"b.txt": b"mine"}


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write all")
def test_a_folder_that_may_not_be_written(tables: Path, ycd: RunYcd) -> None:
    tables.chmod(0o555)
    try:
        result = ycd("init", tables)
    finally:
        tables.chmod(0o755)
    assert result.code == 2
    assert "cannot write" in result.err


def test_days_that_may_be_read_in_two_ways_are_a_doubt(tmp_path: Path, ycd: RunYcd) -> None:
    (tmp_path / "a.csv").write_text("id,on\n1,03/04/2023\n2,05/02/2023\n3,01/07/2023\n", "utf-8")
    result = ycd("init", tmp_path, "--dry-run")
    assert "a.on: it may be a day as %m/%d/%Y" in result.out


def test_days_in_several_notations_are_text_and_a_doubt(tmp_path: Path, ycd: RunYcd) -> None:
    (tmp_path / "a.csv").write_text("id,on\n1,2023-04-03\n2,05.02.2023\n3,2023-07-01\n", "utf-8")
    result = ycd("init", tmp_path, "--dry-run")
    assert "a.on: days in several notations (%Y-%m-%d, %d.%m.%Y)" in result.out


def test_one_word_among_numbers_is_a_doubt(tmp_path: Path, ycd: RunYcd) -> None:
    (tmp_path / "a.csv").write_text("id,mark\n1,1.3\n2,absent2\n3,2.0\n4,absent2\n5,3.7\n", "utf-8")
    result = ycd("init", tmp_path, "--dry-run")
    assert "a.mark: every cell is a number, apart from 2 cells such as 'absent2'" in result.out
    (tmp_path / "a.csv").write_text("id,mark\n1,1.3\n2,ab\n3,2.0\n4,ab\n5,3.7\n", "utf-8")
    result = ycd("init", tmp_path, "--dry-run")
    assert "a.mark: 'ab' is taken for a missing value" in result.out


def test_names_that_no_program_likes(tmp_path: Path, ycd: RunYcd) -> None:
    (tmp_path / "Ä b (1).csv").write_text("id\n1\n2\n", "utf-8")
    (tmp_path / "a-b-1.csv").write_text("id\n1\n2\n", "utf-8")
    assert ycd("init", tmp_path).code == 0
    raw = json.loads((tmp_path / "datapackage.json").read_text("utf-8"))
    assert [each["name"] for each in raw["resources"]] == ["a-b-1", "a-b-1-2"]
    assert ycd("validate", tmp_path).code == 0
