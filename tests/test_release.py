from __future__ import annotations

import hashlib
import json
import os
import shutil
import zipfile
from pathlib import Path

import frictionless
import pandas as pd
import pytest
from conftest import RunYcd
from packages import SMALL, describe, edit_json
from sites import released

from ycd_opendata.delta.contribution import EXTENSION
from ycd_opendata.errors import DataError, ReleaseError
from ycd_opendata.package.reading import read_package
from ycd_opendata.package.tables.reader import read_table
from ycd_opendata.publishing.release import write_archive, write_release
from ycd_opendata.publishing.verifying import verify_release

DERIVED = [each.name for each in EXTENSION.derived_tables]

TABLES = [*SMALL, *DERIVED]


@pytest.fixture
def release(small_release: Path, tmp_path: Path) -> Path:
    """A copy of the release of the small package, to break."""
    return shutil.copytree(small_release, tmp_path / "release")


def test_it_has_every_table_in_every_format(release: Path) -> None:
    files = {path.relative_to(release).as_posix() for path in release.rglob("*") if path.is_file()}
    formats = ("csv", "json", "parquet")
    tables = {f"{kind}/{table}.{kind}" for table in TABLES for kind in formats}
    tables |= {"ycd-opendata.sqlite", "ycd-opendata.xlsx", "ycd-opendata-1.0.0.zip"}
    described = {"csv-metadata.json", "dataset.jsonld", "croissant.json", "dcat.ttl"}
    schemas = {f"schemas/{table}.schema.json" for table in TABLES}
    rest = {"CITATION.cff", "README.md", "datapackage.json", "SHA256SUMS"}
    assert files == tables | described | schemas | rest


def test_tables_are_the_bytes_of_the_source(release: Path, small: Path) -> None:
    for table in SMALL:
        assert (release / f"csv/{table}.csv").read_bytes() == (
            small / f"data/{table}.csv"
        ).read_bytes()


def test_descriptor_has_place_size_and_hash_of_each_file(release: Path) -> None:
    raw = json.loads((release / "datapackage.json").read_text("utf-8"))
    assert [each["name"] for each in raw["resources"]] == TABLES
    assert "homepage" not in raw
    for resource in raw["resources"]:
        content = (release / resource["path"]).read_bytes()
        assert resource["bytes"] == len(content)
        assert resource["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}"
        assert isinstance(resource["schema"], dict)
        assert resource["title"]
        assert resource["description"]
        assert (resource["type"], resource["profile"]) == ("table", "tabular-data-resource")


def test_pandas_reads_the_csv_with_its_chinese(release: Path) -> None:
    frame = pd.read_csv(release / "csv/scoreboard.csv")
    assert "浙江省" in set(frame["region_name_zh"])


def test_base_url_is_the_homepage(tiny: Path, tmp_path: Path) -> None:
    out = released(tiny, tmp_path / "out", "https://example.org/data/")
    raw = json.loads((out / "datapackage.json").read_text("utf-8"))
    assert raw["homepage"] == "https://example.org/data/"


def test_two_writes_are_the_same_to_the_byte(small: Path, release: Path, tmp_path: Path) -> None:
    again = released(small, tmp_path / "again")
    assert (again / "SHA256SUMS").read_bytes() == (release / "SHA256SUMS").read_bytes()


def test_a_release_can_be_verified(ycd: RunYcd, release: Path) -> None:
    assert verify_release(release).valid
    result = ycd("verify", release)
    assert result.code == 0
    assert result.out.splitlines()[-1] == "every checksum is right"


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (
            lambda folder: (folder / "csv/targets.csv").write_bytes(b"x\n"),
            "'csv/targets.csv' was changed",
        ),
        (lambda folder: (folder / "json/dates.json").unlink(), "'json/dates.json' is missing"),
        (lambda folder: (folder / "more.txt").write_bytes(b""), "'more.txt' is not listed"),
        (lambda folder: (folder / "SHA256SUMS").unlink(), "has no SHA256SUMS"),
        (lambda folder: (folder / "SHA256SUMS").write_bytes(b"nonsense\n"), "SHA256SUMS, line 1"),
        (lambda folder: (folder / "SHA256SUMS").write_bytes(b"\xff\n"), "SUMS cannot be read"),
    ],
)
def test_verify_finds_damage(ycd: RunYcd, release: Path, damage: object, said: str) -> None:
    assert callable(damage)
    damage(release)
    result = ycd("verify", release)
    assert result.code == 1
    assert said in result.err
    assert "Traceback" not in result.err


def test_verify_validates_the_tables_again(ycd: RunYcd, release: Path) -> None:
    path = release / "csv/targets.csv"
    path.write_bytes(path.read_bytes().replace(b",aim,", b",goal,"))
    lines = [
        f"{hashlib.sha256((release / line[66:]).read_bytes()).hexdigest()}  {line[66:]}"
        for line in (release / "SHA256SUMS").read_text("utf-8").splitlines()
    ]
    (release / "SHA256SUMS").write_text("\n".join(lines) + "\n", "utf-8")
    result = ycd("verify", release)
    assert result.code == 1
    assert "constraint-error" in result.out


def test_a_table_that_others_are_computed_from_needs_its_schema(
    small: Path, tmp_path: Path
) -> None:
    edit_json(small / "datapackage.json", lambda raw: raw["resources"][0].pop("schema"))
    out = tmp_path / "out"
    out.mkdir()
    with pytest.raises(DataError, match="'regions' has no schema"):
        write_release(read_package(small), out, None)
    assert not list(out.iterdir())


@pytest.mark.parametrize("name", ["../evil", "a/b", ".", "..", "/etc/x"])
def test_a_name_that_is_no_file_name_is_refused(small: Path, tmp_path: Path, name: str) -> None:
    edit_json(small / "datapackage.json", lambda raw: raw["resources"][0].update(name=name))
    out = tmp_path / "deep" / "out"
    out.mkdir(parents=True)
    with pytest.raises(ReleaseError, match="its name is no name of a file"):
        write_release(read_package(small), out, None)
    assert not list((tmp_path / "deep").rglob("*.csv"))


def test_nobody_has_to_guess_whether_a_cell_starts_with_a_space(tmp_path: Path) -> None:
    dialect = {"delimiter": ",", "skipInitialSpace": False}
    schema = {"fields": [{"name": "a"}, {"name": "b"}]}
    table = {"name": "t", "path": "t.csv", "dialect": dialect, "schema": schema}
    describe(tmp_path, [table], version="1.0.0")
    (tmp_path / "t.csv").write_text('a,b\n"x,y", z\n', "utf-8")
    release = released(tmp_path, tmp_path / "out")
    package = read_package(release)
    assert list(read_table(package, package.resources[0]).rows()) == [["x,y", " z"]]
    with frictionless.Package(str(release / "datapackage.json")).resources[0] as read:
        assert [[*row.values()] for row in read.row_stream] == [["x,y", " z"]]


@pytest.mark.parametrize("name", ["*", "^.*$"])
def test_a_field_that_reads_as_a_pattern_is_refused(tmp_path: Path, name: str) -> None:
    schema = {"fields": [{"name": name}, {"name": "a"}]}
    describe(tmp_path, [{"name": "t", "path": "t.csv", "schema": schema}])
    (tmp_path / "t.csv").write_text(f"{name},a\n1,2\n", "utf-8")
    with pytest.raises(ReleaseError, match="reads as a pattern"):
        write_release(read_package(tmp_path), tmp_path / "out", None)


def test_any_dialect_and_encoding_is_released_as_plain_csv(ycd: RunYcd, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes("b;c\n1,5;长\n".encode("utf-16"))
    field = {"name": "b", "type": "number", "decimalChar": ","}
    resource = {
        "name": "a",
        "path": "a.txt",
        "format": "csv",
        "encoding": "utf-16",
        "dialect": {"delimiter": ";"},
        "schema": {"fields": [field, {"name": "c", "type": "string"}]},
    }
    raw = {
        "name": "x",
        "version": "2.0.0",
        "created": "2022-01-01T00:00:00Z",
        "resources": [
            resource,
            {"name": "n", "path": "n.txt", "mediatype": "text/plain; charset=utf-8"},
        ],
    }
    (tmp_path / "n.txt").write_text("x", "utf-8")
    (tmp_path / "datapackage.json").write_text(json.dumps(raw), "utf-8")
    result = ycd("build", tmp_path, "--out", tmp_path / "out")
    assert result.code == 0, result
    latest = tmp_path / "out" / "latest"
    assert "/media-types/text/plain>" in (latest / "dcat.ttl").read_text("utf-8")
    assert (latest / "csv/a.csv").read_text("utf-8") == 'b,c\n"1,5",长\n'
    assert json.loads((latest / "json/a.json").read_text("utf-8")) == [{"b": 1.5, "c": "长"}]
    assert frictionless.validate(latest / "datapackage.json").valid


def test_neither_dates_nor_rights_nor_order_change_the_bytes_of_a_zip(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    (folder / "sub").mkdir(parents=True)
    names = ["b.txt", "sub/a.txt", "c.parquet"]
    for name in names:
        (folder / name).write_text(name * 100, "utf-8")
    write_archive(tmp_path / "one.zip", folder, names)
    for name in names:
        os.utime(folder / name, (0, 1e9))
        (folder / name).chmod(0o600)
    write_archive(tmp_path / "two.zip", folder, reversed(names))
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()
    with zipfile.ZipFile(tmp_path / "one.zip") as archive:
        assert archive.namelist() == sorted(names)
        assert archive.testzip() is None
        assert archive.read("sub/a.txt").decode() == "sub/a.txt" * 100
        assert {each.date_time for each in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
