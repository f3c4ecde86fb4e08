"""`ycd init`: what it writes, what it leaves alone, and how it refuses."""

from __future__ import annotations

import codecs
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


def test_a_run_that_was_killed_is_taken_up(tables: Path, ycd: RunYcd) -> None:
    assert ycd("init", tables).code == 0
    whole = files_in(tables)
    for name in ("schemas/levels.json", "datapackage.json"):  # the descriptor is written last
        (tables / name).unlink()
    again = ycd("init", tables)
    assert again.code == 0
    assert "rivers.json, which was there" in again.out
    assert files_in(tables) == whole


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
    (tables / "logo.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"/>', "utf-8")
    path = tables / "ycd.toml"
    lines = path.read_text("utf-8").splitlines()
    path.write_text(
        "\n".join([lines[0], *(each.removeprefix("# ") for each in lines[1:])]), "utf-8"
    )
    assert ycd("validate", tables).code == 0
    path.write_text(path.read_text("utf-8").replace("warnings =", "warning ="), "utf-8")
    assert ycd("validate", tables).code == 1


@pytest.mark.parametrize(
    ("encoding", "delimiter"),
    [("utf-16", ","), ("utf-16-le", "\t"), ("utf-16-be", ";"), ("utf-32", ","), ("utf-16", ";")],
)
def test_text_of_several_bytes_a_character(
    encoding: str, delimiter: str, tmp_path: Path, ycd: RunYcd
) -> None:
    rows = ("id,price,name", *(f"{number},{number}.5,name {number}" for number in range(1, 30)))
    text = "".join(f"{row}\r\n".replace(",", delimiter) for row in rows)
    (tmp_path / "a.csv").write_bytes(text.encode(encoding))
    result = ycd("init", tmp_path)
    assert (result.code, result.err) == (0, "")
    assert f"a: its encoding is {encoding}" in result.out
    raw = json.loads((tmp_path / "datapackage.json").read_text("utf-8"))
    assert raw["resources"][0]["encoding"] == encoding
    schema = json.loads((tmp_path / "schemas/a.json").read_text("utf-8"))
    assert [each["type"] for each in schema["fields"]] == ["integer", "number", "string"]
    if delimiter == ",":
        checked = ycd("validate", tmp_path)
        assert checked.code == 0
        assert "1 table, 29 rows" in checked.out


@pytest.mark.parametrize(
    "text",
    [
        "Alice,30,2020-01-01\nBob,25,2021-02-03\nCy,41,2019-01-05\n",
        "1,ash,low\n2,elm,high\n3,oak,low\n",
        "S01,north,7\nS02,south,3\nS03,north,9\n",
        "1,1,2\n2,1,3\n3,0,4\n",
        "a1,,3.5\na2,x,4.5\na3,y,1\n",
        "0.1;0.5\n0.2;0.4\n0.9;0.8\n",
        "5\n9\n12\n",
    ],
)
def test_a_file_without_a_header(text: str, tmp_path: Path, ycd: RunYcd) -> None:
    (tmp_path / "a.csv").write_text(text, "utf-8")
    result = ycd("init", tmp_path)
    assert "a: there is no header: the first row (" in result.out
    raw = json.loads((tmp_path / "datapackage.json").read_text("utf-8"))
    assert raw["resources"][0]["dialect"]["header"] is False
    schema = json.loads((tmp_path / "schemas/a.json").read_text("utf-8"))
    assert [each["name"] for each in schema["fields"]][:2] == ["field1", "field2"][
        : len(schema["fields"])
    ]
    checked = ycd("validate", tmp_path)
    assert checked.code == 0
    assert f"1 table, {len(text.splitlines())} rows" in checked.out


@pytest.mark.parametrize(
    ("text", "is_doubt"),
    [
        ("region,2019,2020,2021\nA,1,2,3\nB,4,5,6\n", False),
        ("2019,2020\n1.5,2.5\n3,4\n", False),
        ("label,0,1,2,3\n5,0,12,3,4\n1,0,12,3,4\n", False),
        ("item,0,1,10,100\na,0.1,0.2,0.4,3\nb,1,2,5,9.5\n", True),
        ("alpha,beta\ngamma,delta\n", False),
        ("id,2020-01-01\n1,north\n2,south\n", False),
    ],
)
def test_headings_that_are_numbers(text: str, is_doubt: bool, tmp_path: Path, ycd: RunYcd) -> None:
    (tmp_path / "a.csv").write_text(text, "utf-8")
    result = ycd("init", tmp_path)
    schema = json.loads((tmp_path / "schemas/a.json").read_text("utf-8"))
    assert [each["name"] for each in schema["fields"]] == text.splitlines()[0].split(",")
    assert ("may be no header" in result.out) == is_doubt


def test_a_folder_that_may_not_be_looked_into(
    tables: Path, ycd: RunYcd, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(folder: Path) -> None:
        if folder.name == "closed":
            raise PermissionError(13, "Permission denied", str(folder / "datapackage.json"))

    (tables / "closed").mkdir()
    monkeypatch.setattr(inferring_folder, "descriptor_in", refuse)
    result = ycd("init", tables)
    assert result.code == 2
    assert result.err == f"ycd: cannot look into '{tables / 'closed'}': Permission denied\n"
    assert not (tables / "datapackage.json").exists()


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("a.csv", b"", "the file is empty"),
        ("a.csv", b"\x00\x01\x02" * 50, "it holds NUL bytes"),
        ("a.csv", b"x,,y\n1,2,3\n", "column 2 has no name"),
        ("a.csv", b"x,x\n1,2\n", "two columns are called 'x'"),
        ("a.csv", b"x,y\n1,2\n1,2,3\n", "line 3 has 3 cells, not 2"),
        ("a.csv", b'x,y\n1,"2\n3,4\n', "quote"),
        ("a.csv", codecs.BOM_UTF16_LE + b"x", "it cannot be read"),
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
    (tmp_path / "dist").mkdir()
    (tmp_path / "dist/a.csv").write_text("id\n1\n", "utf-8")
    assert ycd("init", tmp_path).err.endswith("; not looked into: dist\n")
    assert ycd("init", tmp_path / "dist").code == 0
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


@pytest.mark.parametrize(
    ("rows", "doubt"),
    [
        (("on", "03/04/2023", "05/02/2023", "01/07/2023"), "it may be a day as %m/%d/%Y"),
        (
            ("on", "2023-04-03", "05.02.2023", "2023-07-01"),
            "days in several notations (%Y-%m-%d, %d.%m.%Y)",
        ),
        (
            ("mark", "1.3", "absent2", "2.0", "absent2", "3.7"),
            "every cell is a number, apart from 2 cells such as 'absent2'",
        ),
        (("mark", "1.3", "ab", "2.0", "ab", "3.7"), "'ab' is taken for a missing value"),
    ],
)
def test_what_is_not_sure_of_a_column_is_a_doubt(
    rows: tuple[str, ...], doubt: str, tmp_path: Path, ycd: RunYcd
) -> None:
    lines = (f"{number or 'id'},{cell}\n" for number, cell in enumerate(rows))
    (tmp_path / "a.csv").write_text("".join(lines), "utf-8")
    assert f"a.{rows[0]}: {doubt}" in ycd("init", tmp_path, "--dry-run").out


def test_names_that_no_program_likes(tmp_path: Path, ycd: RunYcd) -> None:
    (tmp_path / "Ä b (1).csv").write_text("id\n1\n2\n", "utf-8")
    (tmp_path / "a-b-1.csv").write_text("id\n1\n2\n", "utf-8")
    assert ycd("init", tmp_path).code == 0
    raw = json.loads((tmp_path / "datapackage.json").read_text("utf-8"))
    assert [each["name"] for each in raw["resources"]] == ["a-b-1", "a-b-1-2"]
    assert ycd("validate", tmp_path).code == 0
