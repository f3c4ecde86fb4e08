"""A row that matches the pattern of its table is fine by the exact reading, cell by cell."""

from __future__ import annotations

import csv
import io
import re
from typing import Any

import polars as pl
import pytest
from examples import examples
from hypothesis import given
from hypothesis import strategies as st

from ycd_opendata.package.model import Resource
from ycd_opendata.package.reading import parse_schema
from ycd_opendata.validation.hidden_characters import hidden_character, is_padded
from ycd_opendata.validation.structure.fast.by_column.bounded_shapes import whole_numbers
from ycd_opendata.validation.structure.fast.by_column.columns import ColumnExecutor
from ycd_opendata.validation.structure.fast.by_column.row_pattern import LETTERS
from ycd_opendata.validation.structure.fast.exact import ExactReader
from ycd_opendata.validation.structure.fast.planning.conditions import NotPlannableError
from ycd_opendata.validation.structure.fast.planning.plan import table_plan

FIELDS: list[dict[str, Any]] = [
    {"type": "string"},
    {"type": "string", "constraints": {"required": True}},
    {"type": "string", "constraints": {"minLength": 2, "maxLength": 6, "required": True}},
    {"type": "string", "constraints": {"maxLength": 300}},
    {"type": "string", "constraints": {"enum": ["a", "b,c", 'say "b"', "-", "NA", " x"]}},
    {"type": "string", "constraints": {"pattern": "[A-Z]{2}-[0-9]+"}},
    {"type": "string", "constraints": {"pattern": "[^b]*|b,b"}},
    {"type": "string", "format": "uri"},
    {"type": "any"},
    {"type": "integer"},
    {"type": "integer", "constraints": {"minimum": -5, "maximum": 120, "required": True}},
    {"type": "integer", "constraints": {"exclusiveMinimum": 0, "exclusiveMaximum": 12}},
    {"type": "integer", "constraints": {"enum": [1, "2", "03"]}},
    {"type": "number", "constraints": {"minimum": 0, "maximum": 1}},
    {"type": "number", "constraints": {"exclusiveMinimum": -1.5, "exclusiveMaximum": 10.5}},
    {"type": "number", "decimalChar": ","},
    {"type": "boolean"},
    {"type": "boolean", "trueValues": ["yes, it is"], "falseValues": ["no"]},
    {"type": "date"},
    {"type": "date", "constraints": {"minimum": "2000-01-01", "maximum": "2020-06-30"}},
    {"type": "datetime", "constraints": {"maximum": "2020-12-31T00:00:00Z"}},
    {"type": "time", "constraints": {"minimum": "10:00:00"}},
    {"type": "year", "constraints": {"minimum": 1990, "maximum": 2100}},
    {"type": "yearmonth", "constraints": {"minimum": "2000-01"}},
    {"type": "geopoint"},
    {"type": "list"},
]
SPECIAL = (
    *("", "-", "NA", "N", "NAN", "N A", "-9", "--", "a", "b,c", 'say "b"', '"', '""', ",", "b,b"),
    *("AB-1", "ab-1", "http://a.org/x", "a b", " a", "a ", "a\u3000", "数字", "\u200b", "a\u200bb"),
    *("0", "-0", "00", "5", "-5", "-6", "120", "121", "1.5", "0.5", "1.0", "-0.5", "-1.5", "10.5"),
    *("1e3", "10,25", "true", "yes, it is", "2000-01-01", "1999-12-31", "2020-06-30", "2020-07-01"),
    *("2000-02-29", "1900-02-29", "2020-12-31T00:00:00Z", "2020-12-31T10:00:00Z", "10:00:00"),
    *(
        "2019-05-01T10:00:00Z",
        "1989",
        "2100",
        "2000-01",
        "1999-12",
        "90.0,45",
        "x" * 301,
        "\t",
        "\r",
    ),
    *("999999999999999999", "9999999999999999999", "0999", "2000-1", "b", "\ufffc", "a\x1fb"),
    *(
        "10000",
        "01",
        "03",
        "1e1",
        "-0.0",
        "12",
        "11.5",
        "xxxxxx",
        "xxxxxxx",
        "x",
        "N A ",
        "NA.",
        "-x",
    ),
    *("2000-01-01T00:00:00+08:00", "2020-12-31T00:00:01Z", "1.50", "07", "0.50", "NAN x", "a,b"),
)
CELLS = st.one_of(
    st.sampled_from(SPECIAL),
    st.integers(-20, 200).map(str),
    st.decimals(-3, 12, places=1).map(str),
    st.dates().map(str),
    st.text(st.sampled_from('aN-A1 ,"数\u200b\u3000'), max_size=7),
)


def executor_of(fields: list[dict[str, Any]], missing: list[str], key: list[str]) -> ColumnExecutor:
    named = [{"name": f"f{at}", **each} for at, each in enumerate(fields)]
    raw = {"fields": named, "missingValues": missing, "primaryKey": key}
    schema = parse_schema(raw)
    table = Resource("t", "", "", ("t.csv",), "utf-8", schema, {}, {})
    plan = table_plan(table, schema, schema.fields, ())
    return ColumnExecutor(plan, ExactReader(plan))


@pytest.mark.parametrize("kind", ["integer", "number"])
def test_groups_of_three_digits_are_surely_fine(kind: str) -> None:
    cells = ["1,234", "-12,345,678", "123", "1,23", ",123", "1,234,", "12,345,6", "1,234.5,6"]
    field = {"type": kind, "groupChar": ",", "constraints": {"maximum": 9000}}
    executor = executor_of([{"type": "string"}, field], [""], ["f0"])
    seen = executor.look(pl.DataFrame({"0": cells, "1": [*cells[:-1], "9,001"]}))
    assert {index for index, _ in seen.open[1]} == {3, 4, 5, 6, 7}
    unfit = executor.look(pl.DataFrame({"0": cells, "1": cells})).open[1]
    assert 7 in {index for index, _ in unfit}


def line_of(cells: list[str], delimiter: str, *, quoted: bool) -> str:
    stream = io.StringIO()
    dialect = csv.unix_dialect if quoted else csv.excel
    csv.writer(stream, dialect, delimiter=delimiter, lineterminator="").writerow(cells)
    return stream.getvalue()


def check(executor: ColumnExecutor, rows: list[list[str]], delimiter: str) -> None:
    """Rows that match have no fault in a column that is not looked at all the same."""
    plan, sure = executor.plan, executor.sure_rows(delimiter)
    if sure is None:
        return
    lines = [line_of(row, delimiter, quoted=each) for each in (False, True) for row in rows]
    is_sure = pl.Series(lines).str.contains(sure.pattern)
    known = {each.position for each in plan.columns} - {*sure.columns} | {*plan.key_positions}
    for row, line, matches in zip([*rows, *rows], lines, is_sure, strict=True):
        if not matches or (sure.longest and len(line.encode()) > sure.longest):
            continue
        assert len(row) == plan.width, line
        faults, verdicts = executor.reader.row(row)
        assert not [each for each in faults if each.position in {*known, None}], (line, faults)
        for at in plan.key_positions:
            assert verdicts[at].key in (None, row[at]), line


@pytest.mark.parametrize("field", FIELDS, ids=lambda field: str([*field.values()]))
def test_odd_cells_that_match_are_fine(field: dict[str, Any]) -> None:
    rows = [[cell, other] for cell in SPECIAL for other in ("", "k")]
    for missing, key in ((["", "NA"], []), (["-", "NA", "N A"], ["f0"]), ([""], ["f0"])):
        try:
            executor = executor_of([field, {"type": "string"}], missing, key)
        except NotPlannableError:
            continue
        check(executor, rows, ",")


@examples(13)
@given(st.data())
def test_random_rows_that_match_are_fine(data: st.DataObject) -> None:
    fields = data.draw(st.lists(st.sampled_from(FIELDS), min_size=2, max_size=3))
    missing = data.draw(st.sampled_from([[], ["", "-9"], ["N A", "-"]]))
    rows = data.draw(st.lists(st.lists(CELLS, min_size=1, max_size=4), min_size=20, max_size=60))
    check(executor_of(fields, missing, []), rows, data.draw(st.sampled_from(",;\t|")))


@pytest.mark.parametrize(
    ("field", "line"),
    [
        ({"type": "string"}, 'k,"say ""a"", b"'),
        ({"type": "string", "constraints": {"maxLength": 6}}, "k,数字经济"),
        ({"type": "string", "constraints": {"enum": ["b,c"]}}, 'k,"b,c"'),
        ({"type": "string", "format": "uri"}, "k,https://example.org/a_b~c"),
        ({"type": "integer", "constraints": {"minimum": 0, "maximum": 120}}, "k,119"),
        ({"type": "number", "constraints": {"minimum": 0, "maximum": 1}}, "k,0.375"),
        ({"type": "number", "constraints": {"minimum": -2}}, '"k","-1.5"'),
        ({"type": "date", "constraints": {"minimum": "2000-01-01"}}, "k,2024-02-29"),
        ({"type": "date", "constraints": {"maximum": "2024-12-31"}}, "k,2024-12-31"),
        ({"type": "boolean"}, "k,true"),
        ({"type": "year"}, "k,"),
    ],
)
def test_common_cells_match(field: dict[str, Any], line: str) -> None:
    sure = executor_of([{"type": "string"}, field], [""], ["f0"]).sure_rows(",")
    assert sure
    assert pl.Series([line]).str.contains(sure.pattern).all()
    assert (
        not pl.Series([line + ",", line[2:], f"x{line[1:]}\u200b"]).str.contains(sure.pattern).any()
    )


@examples(50)
@given(st.integers(-2000, 2000), st.integers(-2000, 2000), st.integers(-2100, 2100))
def test_whole_numbers_are_those_between_two(low: int, high: int, number: int) -> None:
    pattern = whole_numbers(low, high)
    assert (pattern is None) == (low > high)
    assert bool(pattern and re.fullmatch(pattern, str(number))) == (low <= number <= high)
    assert not (pattern and re.fullmatch(pattern, f"0{number}"))


def test_letters_are_seen() -> None:
    every = pl.Series([chr(code) for code in range(0x110000) if not 0xD800 <= code < 0xE000])
    for letter in every.filter(every.str.contains(f"^[{LETTERS}]$")):
        assert hidden_character(f"a{letter}b") is None, hex(ord(letter))
        assert not is_padded(letter)
