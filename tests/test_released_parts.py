"""A table in several files is released in as many, and read back as the one that was validated."""

from __future__ import annotations

import csv
import gzip
import hashlib
import json
from pathlib import Path
from typing import Any

import frictionless
import polars as pl
import pytest
from examples import examples
from hypothesis import given
from hypothesis import strategies as st

from ycd_opendata.errors import DataError, ReleaseError
from ycd_opendata.package.reading import read_package
from ycd_opendata.package.release_list import files_in
from ycd_opendata.package.tables.reader import read_table
from ycd_opendata.publishing.contents import Contents
from ycd_opendata.publishing.release import write_release
from ycd_opendata.publishing.verifying import first_difference, verify_release
from ycd_opendata.validation.run import validate

FIELDS = [{"name": "id", "type": "integer"}, {"name": "text", "type": "string"}]
FORMATS = ("csv", "json", "parquet", "sqlite")
Row = tuple[str, str]


def write(folder: Path, parts: list[bytes], names: list[str] | None = None, **more: Any) -> Path:
    """A package with a table in these files, and one that refers to it."""
    paths = names or [f"year={2020 + at}/t.csv" for at in range(len(parts))]
    for path, content in zip(paths, parts, strict=True):
        (folder / path).parent.mkdir(exist_ok=True, parents=True)
        (folder / path).write_bytes(content)
    (folder / "other.csv").write_text("t\n1\n", "utf-8")
    key = {"fields": "t", "reference": {"resource": "t", "fields": "id"}}
    fields = [{"name": "t", "type": "integer"}]
    raw = {
        "name": "parts",
        "version": "1.0.0",
        "created": "2026-01-01T00:00:00Z",
        "resources": [
            {
                "name": "t",
                "type": "table",
                "path": paths,
                "schema": {"fields": FIELDS, "primaryKey": ["id"]},
                **more,
            },
            {
                "name": "other",
                "type": "table",
                "path": "other.csv",
                "schema": {"fields": fields, "foreignKeys": [key]},
            },
        ],
    }
    descriptor = folder / "datapackage.json"
    descriptor.write_text(json.dumps(raw), "utf-8")
    return descriptor


def part(rows: list[Row], *, end: str = "\n") -> bytes:
    lines = [",".join(f'"{cell}"' for cell in row) for row in [("id", "text"), *rows]]
    return end.join(lines).encode() + end.encode()


def rows_of(package: Path, table: str = "t") -> list[tuple[str, ...]]:
    opened = read_package(package)
    resource = opened.resource(table)
    assert resource is not None
    return [row for frame in read_table(opened, resource).frames() for row in frame.rows()]


def released(source: Path, folder: Path) -> Contents:
    folder.mkdir()
    return write_release(read_package(source), folder, None, FORMATS)


@examples(4)
@given(
    parts=st.lists(
        st.lists(st.sampled_from(["", "x", "a,b", "line\nend", "\u957f", " y"]), max_size=3),
        min_size=2,
        max_size=4,
    ).filter(lambda parts: bool(parts[0])),
    is_ended=st.booleans(),
)
def test_what_is_read_back_is_what_was_validated(
    parts: list[list[str]], is_ended: bool, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("made")
    numbers = iter(range(1, 99))
    rows = [[(str(next(numbers)), text) for text in texts] for texts in parts]
    contents = [part(each, end="\n") for each in rows]
    if not is_ended:
        contents[0] = contents[0].rstrip(b"\n")
    source = write(folder, contents)
    report = validate(source)
    assert report.valid
    made = released(source, folder / "release")
    names = [f"{number:04}" for number in range(1, len(parts) + 1)]
    for kind in ("csv", "json", "parquet"):
        found = {each for each in files_in(folder / "release") if each.startswith(f"{kind}/t")}
        assert found == {f"{kind}/t/{name}.{kind}" for name in names}
    for name, own in zip(names, rows, strict=True):
        with (folder / f"release/csv/t/{name}.csv").open(encoding="utf-8", newline="") as stream:
            assert [tuple(each) for each in csv.reader(stream)][1:] == own
        frame = pl.read_parquet(folder / f"release/parquet/t/{name}.parquet")
        assert frame.rows() == [(int(number), text or None) for number, text in own]
        records = json.loads((folder / f"release/json/t/{name}.json").read_text("utf-8"))
        assert [each["id"] for each in records] == [int(number) for number, _ in own]
    assert rows_of(folder / "release/datapackage.json") == rows_of(source)
    assert made.tables[0].extent.rows == sum(map(len, rows))
    assert validate(folder / "release").valid


PARTS = [part([("1", "a"), ("2", "b")]), part([("3", "c")]), part([])]


def test_a_release_in_parts_is_described_and_verified(tmp_path: Path) -> None:
    source = write(tmp_path, PARTS)
    released(source, tmp_path / "one")
    released(source, tmp_path / "two")
    assert first_difference(tmp_path / "one", tmp_path / "two") is None
    raw = json.loads((tmp_path / "one/datapackage.json").read_text("utf-8"))
    table = raw["resources"][0]
    assert table["path"] == ["csv/t/0001.csv", "csv/t/0002.csv", "csv/t/0003.csv"]
    joined = b"id,text\n1,a\n2,b\n3,c\n"
    expected = f"sha256:{hashlib.sha256(joined).hexdigest()}"
    assert (table["bytes"], table["hash"]) == (len(joined), expected)
    assert verify_release(tmp_path / "one").valid
    assert frictionless.validate(str(tmp_path / "one/datapackage.json")).valid
    croissant = json.loads((tmp_path / "one/croissant.json").read_text("utf-8"))
    [files] = [each for each in croissant["distribution"] if each["@type"] == "cr:FileSet"]
    assert files["includes"] == "json/t/*.json"
    assert [each["@id"] for each in files["containedIn"]] == [
        f"json/t/{number:04}.json" for number in (1, 2, 3)
    ]
    [records] = [each for each in croissant["recordSet"] if each["name"] == "t"]
    assert records["field"][0]["source"]["fileSet"] == {"@id": files["@id"]}
    web = json.loads((tmp_path / "one/csv-metadata.json").read_text("utf-8"))
    assert [each["url"] for each in web["tables"]] == [*table["path"], "csv/other.csv"]
    # What it refers to is three tables there.
    assert "foreignKeys" not in web["tables"][-1]["tableSchema"]
    assert "`csv/TABLE/*.csv`" in (tmp_path / "one/README.md").read_text("utf-8")


def test_a_part_that_was_changed_is_seen(tmp_path: Path) -> None:
    released(write(tmp_path, PARTS), tmp_path / "one")
    (tmp_path / "one/csv/t/0002.csv").write_text("id,text\n4,c\n", "utf-8")
    with pytest.raises(ReleaseError, match=r"'csv/t/0002\.csv' was changed"):
        verify_release(tmp_path / "one")
    (tmp_path / "one/csv/t/0002.csv").unlink()
    with pytest.raises(ReleaseError, match=r"'csv/t/0002\.csv' is missing"):
        verify_release(tmp_path / "one")


def test_packed_files_and_files_without_a_header(tmp_path: Path) -> None:
    packed = tmp_path / "packed"
    names = ["a.csv.gz", "b.csv.gz", "c.csv.gz"]
    source = write(packed, [gzip.compress(each) for each in PARTS], names)
    released(source, packed / "release")
    assert (packed / "release/csv/t/0002.csv").read_bytes() == b"id,text\n3,c\n"
    bare = tmp_path / "bare"
    source = write(bare, [b"1,a\n2,b\n", b"3,c\n"], dialect={"header": False})
    released(source, bare / "release")
    assert (bare / "release/csv/t/0002.csv").read_bytes() == b"id,text\n3,c\n"
    assert rows_of(bare / "release/datapackage.json") == rows_of(source)


def test_comments_by_their_number_are_counted_through_all_files(tmp_path: Path) -> None:
    source = write(tmp_path, PARTS, dialect={"headerRows": [1], "commentRows": [4]})
    released(source, tmp_path / "release")
    assert rows_of(tmp_path / "release/datapackage.json") == rows_of(source)
    assert (tmp_path / "release/csv/t.csv").read_bytes() == b"id,text\n1,a\n2,b\n"


def test_rows_that_go_on_in_the_next_file_are_refused(tmp_path: Path) -> None:
    """Joined, the files have other rows than one by one."""
    source = write(tmp_path, [b'1,"a\n', b'b"\n2,c\n'], dialect={"header": False})
    with pytest.raises(DataError, match="the quote that opens in line 1 is not closed"):
        released(source, tmp_path / "release")


def test_parquet_files_are_released_as_many(tmp_path: Path) -> None:
    """frictionless alone would read the first one."""
    rows = [[("1", "a"), ("2", "b")], [("3", "c")]]
    names = ["t.parquet", "more.parquet"]
    source = write(tmp_path, [b""] * 2, names)
    for name, own in zip(names, rows, strict=True):
        frame = pl.DataFrame(own, ["id", "text"], orient="row")
        frame.cast({"id": pl.Int32}).write_parquet(tmp_path / name)
    assert validate(source).valid
    assert rows_of(source) == [*rows[0], *rows[1]]
    released(source, tmp_path / "release")
    assert (tmp_path / "release/csv/t/0002.csv").read_bytes() == b"id,text\n3,c\n"
    assert pl.read_parquet(tmp_path / "release/parquet/t/0001.parquet").height == 2
    assert validate(tmp_path / "release").valid
