"""Keys across rows: composite ones, missing parts, and references within and between tables."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from packages import PROFILE

from ycd_opendata.package.reading import read_package
from ycd_opendata.package.tables import blocks
from ycd_opendata.validation.structure.fast import engine
from ycd_opendata.validation.structure.fast.by_column import key_columns
from ycd_opendata.validation.structure.fast.engine import FastEngine
from ycd_opendata.validation.structure.fast.exact import key_text


def field(name: str, type_: str = "string", **constraints: Any) -> dict[str, Any]:
    return {"name": name, "type": type_, "constraints": constraints}


def found(
    tmp_path: Path, **tables: tuple[dict[str, Any], str]
) -> list[tuple[str, str, int | None, int | None, str | None]]:
    """Code, table, row, line and fields of each finding, whether keys are lists or columns."""
    listed = []
    for name, (schema, content) in tables.items():
        (tmp_path / f"{name}.csv").write_bytes(content.encode())
        listed.append({"name": name, "type": "table", "path": f"{name}.csv", "schema": schema})
    raw = {"$schema": PROFILE, "name": "keys", "resources": listed}
    (tmp_path / "datapackage.json").write_text(json.dumps(raw), "utf-8")
    package = read_package(tmp_path)
    result = FastEngine(100).check(package)
    assert result.layer.notes == ()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(engine, "SMALL_BYTES", -1)
        patch.setattr(key_columns, "AT_ONCE", 2)
        patch.setattr(blocks, "BLOCK_BYTES", 5)
        assert FastEngine(100).check(package) == result
    return [(each.code, each.resource, each.row, each.line, each.field) for each in result.findings]


AB = [field("a"), field("b")]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("a,b\n1,1\n1,2\n2,1\n", []),
        ("a,b\n1,1\n1,2\n1,1\n1,1\n", [("primary-key", 4), ("primary-key", 5)]),
        # The parts of a key stay apart.
        ('a,b\n"x,y",z\nx,"y,z"\n', []),
        ("a,b\n1:x,y\n1,x1:y\n", []),
        ("a,b\n1,\n,1\n", [("key-part-missing", 2), ("key-part-missing", 3)]),
        # A missing part counts as a value of its own.
        ("a,b\n1,\n1,\n", [("primary-key", 3), ("key-part-missing", 2), ("key-part-missing", 3)]),
    ],
)
def test_composite_primary_key(
    tmp_path: Path, content: str, expected: list[tuple[str, int]]
) -> None:
    got = found(tmp_path, t=({"fields": AB, "primaryKey": ["a", "b"]}, content))
    assert sorted((code, row) for code, _, row, _, _ in got) == sorted(expected)
    assert all(fields == "a, b" for _, _, _, _, fields in got)


def test_empty_primary_key(tmp_path: Path) -> None:
    schema = {"fields": AB, "primaryKey": "a"}
    assert found(tmp_path, t=(schema, "a,b\n,1\n,2\n")) == [
        ("primary-key", "t", 2, 2, "a"),
        ("primary-key", "t", 3, 3, "a"),
    ]


def test_a_required_part_is_said_to_be_missing_once(tmp_path: Path) -> None:
    schema = {"fields": [field("a", required=True), field("b")], "primaryKey": ["a", "b"]}
    assert found(tmp_path, t=(schema, "a,b\n,1\n")) == [("constraint-error", "t", 2, 2, "a")]


def test_unique_keys(tmp_path: Path) -> None:
    schema = {"fields": AB, "uniqueKeys": [["a", "b"], ["b"]]}
    content = 'a,b\n1,"x\nx"\n1,y\n2,y\n3,\n3,\n1,y\n'
    assert sorted(found(tmp_path, t=(schema, content)), key=str) == [
        ("unique-keys", "t", 4, 5, "b"),
        ("unique-keys", "t", 7, 8, "a, b"),
        ("unique-keys", "t", 7, 8, "b"),
    ]


def test_unique_field_compares_values_and_not_texts(tmp_path: Path) -> None:
    schema = {"fields": [field("a", "number", unique=True)]}
    content = "a\n1\n1.0\n1e0\n2\n\n"
    assert [each[:3] for each in found(tmp_path, t=(schema, content)) if each[4] == "a"] == [
        ("unique-error", "t", 3),
        ("unique-error", "t", 4),
    ]


def refer(fields: list[str], table: str, to: list[str]) -> list[dict[str, Any]]:
    return [{"fields": fields, "reference": {"resource": table, "fields": to}}]


def test_reference_to_the_table_itself(tmp_path: Path) -> None:
    schema = {"fields": AB, "foreignKeys": refer(["b"], "", ["a"])}
    content = 'a,b\n"1\n1",2\n2,\n3,4\n'
    assert found(tmp_path, t=(schema, content)) == [("foreign-key", "t", 4, 5, "b")]


def test_an_empty_text_that_refers_to_nothing(tmp_path: Path) -> None:
    known = {"fields": [field("a")]}
    schema = {"fields": AB, "missingValues": ["-"], "foreignKeys": refer(["b"], "known", ["a"])}
    got = found(tmp_path, known=(known, "a\nx\n"), t=(schema, "a,b\n1,x\n2,\n3,-\n"))
    assert got == [("foreign-key", "t", 3, 3, "b")]


def test_composite_reference(tmp_path: Path) -> None:
    schema = {"fields": AB, "foreignKeys": refer(["a", "b"], "other", ["y", "x"])}
    other = {"fields": [field("x"), field("y")]}
    content = "a,b\n1,2\n2,1\n,\n1,\n"
    got = found(tmp_path, t=(schema, content), other=(other, "x,y\n2,1\n"))
    assert [each[:3] for each in got if each[0] == "foreign-key"] == [
        ("foreign-key", "t", 3),
        ("foreign-key", "t", 5),
    ]


def test_references_whose_tables_come_later_or_in_a_circle(tmp_path: Path) -> None:
    """Cells of another type refer to nothing, and are no values either."""
    key, number = field("a"), field("n", "integer")
    first = {"fields": [key, number], "foreignKeys": refer(["n"], "second", ["n"])}
    second = {"fields": [number], "primaryKey": "n"}
    content = "a,n\nx,1\ny,x\nz,3\n,\nv,4\nw,2\n"
    expected = [
        ("type-error", "first", 3, 3, "n"),
        ("foreign-key", "first", 4, 4, "n"),
        ("blank-row", "first", 5, 5, None),
        ("foreign-key", "first", 6, 6, "n"),
    ]
    assert found(tmp_path, first=(first, content), second=(second, "n\n1\n2\n")) == expected
    circle = {**second, "foreignKeys": refer(["n"], "first", ["n"])}
    got = found(tmp_path, first=(first, content), second=(circle, "n\n1\n2\n5\n"))
    assert got == [*expected, ("foreign-key", "second", 4, 4, "n")]


@pytest.mark.parametrize(
    ("own", "other", "dangles"),
    [
        ("integer", "integer", False),
        ("integer", "number", False),
        ("year", "integer", False),
        ("string", "any", False),
        ("string", "integer", True),
        ("integer", "string", True),
    ],
)
def test_values_of_two_families_are_never_equal(
    tmp_path: Path, own: str, other: str, dangles: bool
) -> None:
    schema = {"fields": [field("a", own)], "foreignKeys": refer(["a"], "other", ["k"])}
    got = found(
        tmp_path, t=(schema, "a\n2020\n"), other=({"fields": [field("k", other)]}, "k\n2020\n")
    )
    assert got == ([("foreign-key", "t", 2, 2, "a")] if dangles else [])


def test_numbers_written_in_two_ways_are_one_value(tmp_path: Path) -> None:
    schema = {"fields": [field("a", "number")], "foreignKeys": refer(["a"], "other", ["k"])}
    got = found(
        tmp_path,
        t=(schema, "a\n1.50\n2e1\n3\n"),
        other=({"fields": [field("k", "number")]}, "k\n1.5\n20\n"),
    )
    assert got == [("foreign-key", "t", 4, 4, "a")]


def test_plain_decimals_are_shortened_as_the_exact_reading_does() -> None:
    texts = ["007", "-0", "000", "1.50", "-0.0", "00.50", "10", "100.0", "1.05", "9" * 30]
    exact = [key_text(Decimal(each), "number") for each in texts]
    assert key_columns.shortest_decimals(pl.Series(texts)).to_list() == exact
    assert exact == ["7", "0", "0", "1.5", "0", "0.5", "10", "100", "1.05", "9" * 30]


def test_numbers_with_needless_zeros_are_one_key(tmp_path: Path) -> None:
    schema = {"fields": [field("k", "integer"), field("v")], "primaryKey": "k"}
    got = found(tmp_path, t=(schema, "k,v\n01,x\n02,x\n1,x\n+2,x\n-0,x\n0,x\n"))
    assert [(row, line) for _, _, row, line, _ in got] == [(4, 4), (5, 5), (7, 7)]


@pytest.mark.parametrize(
    ("described", "cells"),
    [
        ({"type": "boolean", "trueValues": ["yes"], "falseValues": ["no"]}, ["yes", "no", "yes"]),
        ({"type": "date", "format": "%d.%m.%Y"}, ["01.02.2020", "02.02.2020", "1.2.2020"]),
        ({"type": "number", "floatNumber": True}, ["0.1", "0.2", "0.10"]),
        ({"type": "time"}, ["23:30:00-02:00", "01:30:00Z", "22:30:00-03:00"]),
    ],
)
def test_keys_of_any_notation_are_compared_by_value(
    tmp_path: Path, described: dict[str, Any], cells: list[str]
) -> None:
    schema = {"fields": [{"name": "k", **described}, field("v")], "primaryKey": "k"}
    rows = "".join(f"{each},x\n" for each in cells)
    got = found(tmp_path, t=(schema, f"k,v\n{rows}"))
    assert [each[:3] for each in got if each[0] == "primary-key"] == [("primary-key", "t", 4)]
