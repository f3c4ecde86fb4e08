from __future__ import annotations

import json
import tempfile
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from formats_of_tables import table_of, texts
from hypothesis import given
from hypothesis import strategies as st

from ycd_opendata.publishing.formats.json_file import json_file
from ycd_opendata.publishing.formats.table import Table
from ycd_opendata.publishing.formats.writing import stream


def written(table: Table) -> str:
    with tempfile.TemporaryDirectory() as folder:
        stream(table, [partial(json_file, Path(folder, "t.json"))])
        return (Path(folder) / "t.json").read_text("utf-8")


@given(st.lists(st.tuples(st.text(max_size=5), st.text(max_size=5)), max_size=4))
def test_text_comes_back_and_what_is_empty_is_null(rows: list[tuple[str, str]]) -> None:
    records = json.loads(written(table_of(texts(2), rows, rows)))
    expected = [{"c0": one or None, "c1": other or None} for one, other in rows]
    assert records == expected * 2


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), max_size=20))
def test_numbers_come_back_exactly(numbers: list[float]) -> None:
    rows = [(repr(each),) for each in numbers]
    records = json.loads(written(table_of([{"name": "n", "type": "number"}], rows)))
    assert [float(each["n"]) for each in records] == numbers


@pytest.mark.parametrize(
    ("type", "cell", "text"),
    [
        ("number", "15", "15"),
        ("number", "15.0", "15"),
        ("number", "-0.0", "0"),
        ("number", "1.50", "1.5"),
        ("number", "NaN", '"NaN"'),
        ("number", "-INF", '"-INF"'),
        ("number", "", "null"),
        ("number", "+012345678901234567.890", "12345678901234567.890"),
        ("number", "1e400", "1e400"),
        ("integer", "123456789012345678901234567890", "123456789012345678901234567890"),
        ("datetime", "2022-01-17T08:00:00+08:00", '"2022-01-17T08:00:00+08:00"'),
        ("time", "08:00:00.5", '"08:00:00.5"'),
        ("integer", "007", "7"),
        ("boolean", "TRUE", "true"),
        ("date", "2022-01-17", '"2022-01-17"'),
        ("year", "2022", "2022"),
        ("yearmonth", "2022-01", '"2022-01"'),
        ("string", 'a "b" \\ \n\x01长', '"a \\"b\\" \\\\ \\n\\u0001长"'),
    ],
)
def test_each_type_has_its_form(type: str, cell: str, text: str) -> None:
    field = {"name": 'na"me', "type": type}
    assert written(table_of([field], [(cell,)])) == f'[\n{{"na\\"me": {text}}}\n]\n'


def test_no_rows_make_an_empty_array() -> None:
    assert json.loads(written(table_of(texts(1), []))) == []
    assert json.loads(written(table_of(texts(1)))) == []


def test_records_are_a_line_each() -> None:
    rows: list[Any] = [("1",), ("2",)]
    lines = written(table_of([{"name": "n", "type": "integer"}], rows)).splitlines()
    assert lines == ["[", '{"n": 1},', '{"n": 2}', "]"]
