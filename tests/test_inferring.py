"""What `ycd init` finds in folders of tables that nobody has described, against right answers.

``undescribed/first`` are the folders that the inference was made with, ``later`` and ``last`` those
that were written afterwards. Each has an ``answer.json``: the type of each column, the primary key
and the foreign keys of each table; values are invented.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from ycd_opendata.inferring.describing import TableFound, doubts_of
from ycd_opendata.inferring.folder import Found, infer
from ycd_opendata.inferring.scaffold import new_files, write_new
from ycd_opendata.validation.run import validate

FOLDER = Path(__file__).parent / "undescribed"
FOLDERS = sorted(path.parent for path in FOLDER.glob("*/*/answer.json"))


@dataclass(frozen=True)
class Mark:
    """One thing that the answer says: whether it was found, and what was said instead."""

    what: str
    is_right: bool
    is_doubted: bool


@cache
def found_in(folder: Path) -> Found:
    """What is found in a folder that no test changes."""
    return infer(folder)


def table_name(each: TableFound) -> str:
    sheet = each.table.source.sheet
    return f"{each.table.source.path}#{sheet}" if sheet else each.table.source.path


def marks(found: Found, answer: dict[str, Any]) -> tuple[list[Mark], list[Mark]]:
    """What was right and wrong of types, and of keys."""
    tables = {table_name(each): each for each in found.tables}
    types: list[Mark] = []
    keys: list[Mark] = []
    called = {each.table.name: each.table.called for each in found.tables}
    for name, right in answer.items():
        table = tables[name]
        doubts = doubts_of(table)
        has = {each.raw["name"]: each.raw["type"] for each in table.fields}
        for field, type_ in right["types"].items():
            named = (f".{field}:", f" {field},", f" {field}:")
            is_doubted = any(name in each for each in doubts for name in named)
            what = f"{name} {field}: {has.get(field)}, not {type_}"
            types.append(Mark(what, has.get(field) == type_, is_doubted))
        keys += key_marks(table, right, called, doubts)
    return types, keys


def key_marks(
    table: TableFound, right: dict[str, Any], called: dict[str, str], doubts: list[str]
) -> Iterator[Mark]:
    name = table_name(table)
    key = list(table.table.key.fields) if table.table.key else []
    is_doubted = any("key" in each for each in doubts)
    yield Mark(f"{name} key: {key}, not {right['key']}", key == right["key"], is_doubted)
    found = {
        (each.fields[0], called[each.target], each.target_fields[0]): each.doubt
        for each in table.table.references
    }
    wanted = {tuple(each) for each in right["foreign"]}
    for each in wanted:
        yield Mark(f"{name} has no foreign key {each}", each in found, is_doubted=False)
    for each, doubt in found.items():
        if each not in wanted:
            yield Mark(f"{name} has a foreign key {each}", False, bool(doubt))


def all_marks(part: str) -> tuple[list[Mark], list[Mark]]:
    types, keys = [], []
    for folder in FOLDERS:
        if folder.parent.name == part:
            answer = json.loads((folder / "answer.json").read_text("utf-8"))
            more_types, more_keys = marks(found_in(folder), answer)
            types += more_types
            keys += more_keys
    return types, keys


def share(some: list[Mark]) -> float:
    return sum(each.is_right for each in some) / len(some)


def wrong(some: list[Mark]) -> list[str]:
    return [each.what for each in some if not each.is_right]


@pytest.mark.parametrize("part", ["first", "later", "last"])
def test_types_and_keys_are_found(part: str) -> None:
    types, keys = all_marks(part)
    assert len(types) > 60
    assert len(keys) > 20
    assert share(types) >= 0.98, wrong(types)
    assert share(keys) >= 0.9, wrong(keys)
    sure = [each for each in (*types, *keys) if not each.is_doubted]
    assert not wrong(sure)


def test_a_wrong_answer_is_seen() -> None:
    folder = FOLDER / "first" / "shop"
    answer = json.loads((folder / "answer.json").read_text("utf-8"))
    answer["products.csv"]["types"]["sku"] = "integer"
    answer["orders.csv"]["foreign"] = []
    types, keys = marks(found_in(folder), answer)
    assert wrong(types) == ["products.csv sku: string, not integer"]
    assert wrong(keys) == [
        "orders.csv has a foreign key ('customer_id', 'customers', 'customer_id')"
    ]


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda path: path.name)
def test_missing_values_are_those_of_the_answer(folder: Path) -> None:
    answer = json.loads((folder / "answer.json").read_text("utf-8"))
    for table in found_in(folder).tables:
        right = answer[table_name(table)]
        holders = (table.schema, *table.schema["fields"])
        found = {text for each in holders for text in each.get("missingValues", ())}
        assert found - {""} == {*right.get("missing", ())}, table_name(table)


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda path: path.name)
def test_what_is_written_validates_at_once(folder: Path, tmp_path: Path) -> None:
    copy = shutil.copytree(folder, tmp_path / folder.name)
    found = replace(found_in(folder), root=copy)
    write_new(new_files(found, "1.0.0"))
    for engine in ("fast", "frictionless"):
        report = validate(copy, engine)
        assert [each.message for each in report.findings if each.severity == "error"] == []
        structure = next(each for each in report.layers if each.name == "structure")
        assert structure.tables == len(found.tables)
        assert structure.rows == sum(each.table.rows for each in found.tables)


def test_evidence_says_what_was_seen() -> None:
    found = found_in(FOLDER / "first" / "stations")
    readings = next(each for each in found.tables if each.table.name == "readings")
    said = {each.raw["name"]: "; ".join(each.evidence) for each in readings.fields}
    assert said["temp_c"].startswith("every cell is a number, apart from 'NA' in ")
    assert "so it stands for a missing value" in said["rain_mm"]
    assert readings.table.key is not None
    assert readings.table.key.evidence == "unique together in 120 rows"
    [reference] = readings.table.references
    assert reference.evidence == "all 8 values stand in stations.station_code"


@pytest.mark.parametrize(
    ("header", "key"),
    [
        ("year,month,place,sold", ("year", "month", "place")),
        ("batch,month,place,sold", ("month", "place")),
    ],
)
def test_a_month_is_part_of_a_key_with_its_year(
    tmp_path: Path, header: str, key: tuple[str, ...]
) -> None:
    rows = [f"2021,{month},{place},7\n" for month in range(1, 13) for place in ("N", "S", "W")]
    (tmp_path / "sales.csv").write_text(f"{header}\n{''.join(rows)}")
    [sales] = found_in(tmp_path).tables
    assert sales.table.key is not None
    assert sales.table.key.fields == key


@pytest.mark.parametrize(
    ("files", "targets"),
    [
        ({"kinds.csv": "code,label\nx,A\n", "facts.csv": "id,sort\n1,x\n2,x\n"}, []),
        ({"a.csv": "year,region\n1,N\n", "b.csv": "year,region\n1,N\n2,N\n"}, []),
        ({"people.csv": "person_id\n1\n2\n", "pets.csv": "pet,person_id\nx,2\n"}, ["people"]),
    ],
)
def test_one_value_is_no_evidence_unless_the_name_says_so(
    tmp_path: Path, files: dict[str, str], targets: list[str]
) -> None:
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    found = [each.target for one in found_in(tmp_path).tables for each in one.table.references]
    assert found == targets
