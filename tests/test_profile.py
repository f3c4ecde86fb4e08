"""`ycd profile`: the statistics of columns, and how they are written."""

from __future__ import annotations

import json
import statistics as reference
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from conftest import RunYcd
from packages import describe, write_small

from ycd_opendata.package.reading import read_package
from ycd_opendata.package.tables.reader import read_table
from ycd_opendata.profiling.column_profile import Bar, ColumnProfile, ValueCount
from ycd_opendata.profiling.profile_texts import share_of, sparkline
from ycd_opendata.profiling.statistics import CellCount, profile

PRICES = [1.5, 2.25, 2.25, 10.0, 3.0]


def package(folder: Path, text: str, fields: list[dict[str, Any]], **schema: Any) -> Path:
    (folder / "t.csv").write_text(text, "utf-8")
    resource = {"name": "t", "path": "t.csv", "schema": {"fields": fields, **schema}}
    return describe(folder, [resource])


def columns(folder: Path) -> dict[str, ColumnProfile]:
    [table] = profile(read_package(folder)).tables
    assert not table.unread
    return {each.name: each for each in table.columns}


def test_numbers(tmp_path: Path) -> None:
    cells = ["1,50", "2,25", "2,25", "10,00", "NA", "3,0"]
    text = "price\n" + "".join(f'"{each}"\n' for each in cells)
    field = {"name": "price", "type": "number", "decimalChar": ",", "unit": "EUR"}
    found = columns(package(tmp_path, text, [field], missingValues=["", "NA"]))["price"]
    assert (found.rows, found.missing, found.distinct, found.invalid) == (6, 1, 4, 0)
    assert (found.low, found.high, found.unit) == (1.5, 10, "EUR")
    assert found.mean == pytest.approx(reference.mean(PRICES))
    assert found.median == reference.median(PRICES)
    assert found.deviation == pytest.approx(reference.pstdev(PRICES))
    assert found.commonest == (ValueCount("2,25", 2),)
    assert [each.count for each in found.histogram] == [3, 1, 0, 0, 0, 0, 0, 0, 0, 1]
    assert (found.histogram[0].low, found.histogram[-1].high) == (1.5, 10)


@pytest.mark.parametrize("rows", [4, 5])
def test_the_median_of_few_and_of_many_is_the_same(rows: int, tmp_path: Path) -> None:
    values = [7, 1, 3, 9, 5][:rows]
    field = [{"name": "n", "type": "integer"}]
    few = columns(package(tmp_path, "n\n" + "".join(f"{each}\n" for each in values), field))["n"]
    assert few.median == reference.median(values)
    many = [each * 100_000 + at for at in range(30_000) for each in values]
    text = "n\n" + "".join(f"{each}\n" for each in many)
    found = columns(package(tmp_path, text, field))["n"]
    assert found.distinct == len({*many})
    assert found.median == reference.median(many)
    assert found.mean == pytest.approx(reference.mean(many))
    assert sum(each.count for each in found.histogram) == len(many)


def test_what_is_common_among_many_is_counted(tmp_path: Path) -> None:
    many = [f"x{number}" for number in range(40_000)] + ["same"] * 500 + ["few"] * 3
    numbers = [*range(40_000), *[-999] * 500, *[-5] * 3]
    text = "a,b\n" + "".join(f"{a},{b}\n" for a, b in zip(many, numbers, strict=True))
    fields = [{"name": "a", "type": "string"}, {"name": "b", "type": "integer"}]
    found = columns(package(tmp_path, text, fields))
    assert (found["a"].distinct, found["a"].commonest) == (40_002, (ValueCount("same", 500),))
    assert (found["b"].distinct, found["b"].commonest) == (40_002, (ValueCount("-999", 500),))


@pytest.mark.parametrize("rows", [3, 30_000])
def test_numbers_that_are_not_finite_are_told_apart_and_no_more(rows: int, tmp_path: Path) -> None:
    field = [{"name": "n", "type": "number"}]
    text = "n\n" + "".join(f"{each}\n" for each in range(rows)) + "INF\n-INF\nNaN\n"
    found = columns(package(tmp_path, text, field))["n"]
    assert (found.distinct, found.low, found.high, found.invalid) == (rows + 3, 0, rows - 1, 0)
    assert found.median == (rows - 1) / 2
    only = columns(package(tmp_path, "n\nINF\nINF\n", field))["n"]
    assert (only.distinct, only.low, only.histogram) == (1, None, ())


def test_days_and_text(tmp_path: Path) -> None:
    text = "on,word\n03.01.2024,yes\n13.01.2024,no\n,yes\n"
    fields = [
        {"name": "on", "type": "date", "format": "%d.%m.%Y"},
        {"name": "word", "type": "string"},
    ]
    found = columns(package(tmp_path, text, fields))
    assert (found["on"].low, found["on"].high, found["on"].missing) == (
        "2024-01-03",
        "2024-01-13",
        1,
    )
    assert [each.count for each in found["on"].histogram] == [1, *[0] * 8, 1]
    assert (found["word"].shortest, found["word"].longest) == (2, 3)
    assert found["word"].commonest == (ValueCount("yes", 2),)


def test_cells_of_another_type_are_counted_and_left_out(tmp_path: Path) -> None:
    fields = [{"name": "n", "type": "integer"}, {"name": "d", "type": "date"}]
    found = columns(package(tmp_path, "n,d\n1,2024-01-01\nx,2024-13-01\n+3,2024-1-2\n", fields))
    assert (found["n"].invalid, found["n"].low, found["n"].high) == (1, 1, 3)
    assert (found["d"].invalid, found["d"].high) == (1, "2024-01-02")


def test_partial_dates_have_a_range(tmp_path: Path) -> None:
    fields = [{"name": "on", "type": "string", "partialDate": True}]
    found = columns(package(tmp_path, "on\n2022-01\n2021\n2022-01-17\n", fields))["on"]
    assert (found.low, found.high, found.longest) == ("2021", "2022-01-17", 10)


def test_cells_are_counted_in_parts_as_at_once(tmp_path: Path) -> None:
    opened = read_package(write_small(tmp_path))
    compared = set()
    for table in profile(opened).tables:
        resource = opened.resource(table.name)
        assert resource is not None
        assert resource.schema is not None
        [frame] = read_table(opened, resource).frames()
        for field, expected in zip(resource.schema.fields, table.columns, strict=True):
            counted = CellCount(field, resource.schema)
            for part in frame[field.name].head(5), frame[field.name].slice(5):
                counted.add(part.to_list())
            few = counted.profile()
            assert few == replace(expected, shortest=None, longest=None, commonest=())
            compared.add((field.type, bool(few.histogram)))
    assert ("number", True) in compared


def test_a_table_without_rows(tmp_path: Path, ycd: RunYcd) -> None:
    folder = package(tmp_path, "n\n", [{"name": "n", "type": "number"}])
    found = columns(folder)["n"]
    assert (found.rows, found.low, found.histogram) == (0, None, ())
    assert ycd("profile", folder).code == 0


def test_what_may_be_a_year_is_written_as_one(tmp_path: Path, ycd: RunYcd) -> None:
    fields = [{"name": "year", "type": "integer"}, {"name": "people", "type": "integer"}]
    folder = package(tmp_path, "year,people\n2020,12000\n2022,250000\n", fields)
    said = ycd("profile", folder).out
    assert "2020 to 2022" in said
    assert "12,000 to 250,000" in said


def test_the_three_ways_of_writing(tmp_path: Path, ycd: RunYcd) -> None:
    folder = write_small(tmp_path)
    text = ycd("profile", folder)
    assert text.code == 0
    assert "targets: " in text.out
    found = json.loads(ycd("profile", folder, "--format", "json").out)
    regions = next(each for each in found["tables"] if each["name"] == "regions")
    assert regions["columns"][0]["name"] == "region_id"
    assert regions["columns"][0]["distinct"] == regions["rows"]
    output = tmp_path / "PROFILE.md"
    assert ycd("profile", folder, "--format", "markdown", "--output", output).out == ""
    assert "| region&#95;id | string | 0 |" in output.read_text("utf-8")


def test_a_table_that_cannot_be_read_is_named(tmp_path: Path, ycd: RunYcd) -> None:
    folder = write_small(tmp_path)
    (folder / "data/units.csv").unlink()
    result = ycd("profile", folder)
    assert result.code == 1
    assert "units: not read: cannot read table 'units'" in result.out
    assert "regions: " in result.out


def test_hostile_text_is_shown_as_codes(tmp_path: Path, ycd: RunYcd) -> None:
    folder = package(tmp_path, "a\n\x1b[31m|x\n\x1b[31m|x\n", [{"name": "a", "type": "string"}])
    assert "\x1b" not in ycd("profile", folder).out
    assert "&#124;x" in ycd("profile", folder, "--format", "markdown").out


def test_a_sparkline_shows_the_highest_as_a_full_block() -> None:
    assert sparkline([Bar(0, 1, each) for each in (0, 1, 4, 8)]) == " ▂▅█"
    assert sparkline([]) == ""


@pytest.mark.parametrize(("words", "said"), [("ab", "all of length 2"), ("a", "1 to 2 characters")])
def test_texts_of_one_length_have_no_range(
    words: str, said: str, tmp_path: Path, ycd: RunYcd
) -> None:
    cells = "\n".join(["w", words, *(f"{each:02}" for each in range(20))])
    folder = package(tmp_path, f"{cells}\n", [{"name": "w", "type": "string"}])
    assert said in ycd("profile", folder).out


@pytest.mark.parametrize(
    ("some", "said"), [(0, "0%"), (1, "<1%"), (5, "2%"), (299, ">99%"), (300, "100%")]
)
def test_a_share_is_neither_nothing_nor_all_unless_it_is(some: int, said: str) -> None:
    assert share_of(some, 300) == said
