"""Tables that are compared in many parts, on disk, have the changes that they have in one piece."""

from __future__ import annotations

import errno
import io
import os
import tempfile
from pathlib import Path
from typing import Any

import pytest
from examples import examples
from hypothesis import given
from hypothesis import strategies as st
from packages import describe

from ycd_opendata.errors import DataError
from ycd_opendata.package.canonical import csv_text
from ycd_opendata.package.reading import read_package
from ycd_opendata.versioning import spilling, versions_of_tables
from ycd_opendata.versioning.comparing import compare
from ycd_opendata.versioning.weighing import Change

NAMES = ("id", "a", "b", "c")
KEYS: tuple[list[str], ...] = (["id"], ["id"], [], ["id", "a"], ["a"])
CELL = st.sampled_from(["", "NA", "1", "1.0", "1,5", "1.5", "x", "true", "数"])
READINGS: tuple[dict[str, Any], ...] = (
    {"type": "string"},
    {"type": "string"},
    {"type": "string", "missingValues": ["", "x"]},
    {"type": "number"},
    {"type": "number", "decimalChar": ","},
    {"type": "boolean"},
)
DIALECTS: tuple[dict[str, Any], ...] = ({}, {}, {"delimiter": ";"}, {"skipInitialSpace": True})


@st.composite
def tables(draw: st.DrawFn) -> dict[str, Any]:
    """A table, valid or not: its description, and its rows."""
    names = draw(st.permutations(NAMES)) if draw(st.integers(0, 9)) == 9 else [*NAMES]
    names = [each for each in names if each == "id" or draw(st.integers(0, 9))]
    key = [each for each in draw(st.sampled_from(KEYS)) if each in names]
    fields = [{"name": each, **draw(st.sampled_from(READINGS))} for each in names]
    fields = [each if each["name"] != "id" else {"name": "id", "type": "string"} for each in fields]
    ids = st.integers(0, 40).map(lambda number: f"r{number}")
    unique = draw(st.integers(0, 7)) > 0
    rows = draw(
        st.lists(
            st.tuples(*(ids if each == "id" else CELL for each in names)),
            min_size=draw(st.integers(0, 12)),
            max_size=25,
            unique_by=(lambda row: row[names.index("id")]) if key and unique else None,
        )
    )
    schema = {"fields": fields, "missingValues": draw(st.sampled_from([[""], ["", "NA"]]))}
    schema |= {"primaryKey": key} if key else {}
    return {"schema": schema, "rows": rows, "dialect": draw(st.sampled_from(DIALECTS))}


def changed(draw: st.DrawFn, cells: tuple[str, ...]) -> list[str]:
    """Some of these cells, and others for the rest."""
    return [draw(CELL) if draw(st.booleans()) else each for each in cells]


@st.composite
def pairs(draw: st.DrawFn) -> tuple[dict[str, Any], dict[str, Any]]:
    """Two versions of a package: most of a table stays as it is, often with its description."""
    old, new = draw(tables()), draw(tables())
    names = [[each["name"] for each in side["schema"]["fields"]] for side in (old, new)]
    if names[0] == names[1]:
        kept = [row for row in old["rows"] if draw(st.integers(0, 4))]
        kept = [
            row if draw(st.integers(0, 3)) else (row[0], *changed(draw, row[1:])) for row in kept
        ]
        known = {row[0] for row in kept}
        new["rows"] = kept + [row for row in new["rows"] if row[0] not in known]
        if draw(st.booleans()):
            new |= {"schema": old["schema"], "dialect": old["dialect"]}
    gone = sorted({row[0] for row in old["rows"] if draw(st.booleans())})
    into = st.sampled_from(["", *(row[0] for row in new["rows"])])
    stones = [("t", each, draw(into)) for each in gone]
    text = [{"name": each, "type": "string"} for each in ("table", "id", "replaced_by")]
    retired = {"schema": {"fields": text}, "rows": stones, "dialect": {}}
    before = {"t": old} | ({"retired_ids": retired} if draw(st.booleans()) else {})
    return before, {"t": new, "retired_ids": retired} | ({"u": old} if draw(st.booleans()) else {})


def write(folder: Path, package: dict[str, Any], version: str) -> Path:
    folder.mkdir()
    resources = []
    for name, table in package.items():
        header = [each["name"] for each in table["schema"]["fields"]]
        text = csv_text([header, *table["rows"]], table["dialect"].get("delimiter", ","))
        (folder / f"{name}.csv").write_text(text, "utf-8", newline="")
        described = {each: table[each] for each in ("schema", "dialect")}
        resources.append({"name": name, "path": f"{name}.csv", **described})
    return describe(folder, resources, name="generated", version=version)


def told(old: Path, new: Path) -> list[Change] | str:
    """Every change, in order; or that two rows have one key, whichever of them."""
    try:
        comparison = compare(read_package(old), read_package(new))
    except DataError as error:
        assert "more than once" in error.message
        return "more than once"
    changes = list(comparison.changes())
    assert comparison.count == len(changes)
    return changes


@examples(4)
@given(pairs(), st.integers(40, 400))
def test_parts_make_no_difference(
    pair: tuple[dict[str, Any], dict[str, Any]], part_bytes: int
) -> None:
    with tempfile.TemporaryDirectory() as name, pytest.MonkeyPatch.context() as patched:
        old, new = (
            write(Path(name, version), package, version)
            for package, version in zip(pair, ("1.0.0", "1.1.0"), strict=True)
        )
        whole = told(old, new)
        patched.setattr(versions_of_tables, "PART_BYTES", part_bytes)
        patched.setattr(versions_of_tables, "_AT_ONCE", 0)
        patched.setattr(spilling, "MOST_IN_MEMORY", 1)
        patched.setattr(spilling, "_ROWS_AT_ONCE", 2)
        assert told(old, new) == whole


class FullDisk(io.BytesIO):
    """A file that takes nothing."""

    def write(self, _: object) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_a_full_disk_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    schema = {"fields": [{"name": "id", "type": "string"}], "primaryKey": ["id"]}
    table = {"schema": schema, "rows": [("r1",), ("r2",)], "dialect": {}}
    old, new = (write(tmp_path / each, {"t": table}, each) for each in ("1.0.0", "1.1.0"))
    monkeypatch.setattr(versions_of_tables, "PART_BYTES", 1)
    assert told(old, new) == []
    monkeypatch.setattr("tempfile.SpooledTemporaryFile", lambda _: FullDisk())
    with pytest.raises(DataError, match="No space left on device") as raised:
        compare(read_package(old), read_package(new))
    assert "TMPDIR" in raised.value.hint
