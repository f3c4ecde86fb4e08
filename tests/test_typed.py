from __future__ import annotations

import datetime
import math
from typing import Any

import polars as pl
import pytest
from formats_of_tables import table_of
from hypothesis import given
from hypothesis import strategies as st

from ycd_opendata.errors import DataError

MOMENT = datetime.datetime(2022, 1, 17, 8, 0, 0, 500_000)


def read(field: dict[str, Any], *cells: str) -> list[Any]:
    [batch] = table_of([{"name": "f", **field}], [(each,) for each in cells]).batches()
    return batch.typed["f"].to_list()


@pytest.mark.parametrize(
    ("field", "cells", "values"),
    [
        ({"type": "integer"}, ["5", " 5", "+5", "007", "1_0", ""], [5, 5, 5, 7, 10, None]),
        ({"type": "integer", "bareNumber": False}, ["€ 5", "5 t"], [5, 5]),
        ({"type": "number"}, ["0.1", "1e5", " 2 ", "INF"], [0.1, 1e5, 2.0, math.inf]),
        (
            {"type": "number", "groupChar": ".", "decimalChar": ","},
            ["1.234,5", "-0,5", " 7"],
            [1234.5, -0.5, 7.0],
        ),
        ({"type": "boolean"}, ["true", "0", "FALSE", ""], [True, False, False, None]),
        (
            {"type": "boolean", "trueValues": ["是"], "falseValues": ["否"]},
            ["是", "否"],
            [True, False],
        ),
        ({"type": "date"}, ["2022-01-17"], [datetime.date(2022, 1, 17)]),
        ({"type": "date", "format": "%d.%m.%y"}, ["17.01.22"], [datetime.date(2022, 1, 17)]),
        ({"type": "date", "format": "any"}, ["17 January 2022"], [datetime.date(2022, 1, 17)]),
        ({"type": "year"}, ["2022"], [2022]),
        ({"type": "string"}, ["NA", "", "007"], ["NA", None, "007"]),
        ({"type": "string", "missingValues": ["NA"]}, ["NA", ""], [None, ""]),
        ({"type": "list"}, ["a,b"], ["a,b"]),
        ({"type": "duration"}, ["P1Y"], ["P1Y"]),
        ({"type": "integer"}, ["9223372036854775808", "-1"], ["9223372036854775808", "-1"]),
        ({"type": "integer", "groupChar": ","}, ["1,000", "７"], [1000, 7]),
        (
            {"type": "number", "decimalChar": ","},
            ["12345678901234567,89", "+007,5", ",5", "1e5", "5,"],
            ["12345678901234567.89", "7.5", "0.5", "1e5", "5"],
        ),
        (
            {"type": "number", "floatNumber": True},
            ["12345678901234567.89"],
            [1.2345678901234568e16],
        ),
        ({"type": "datetime"}, ["2022-01-17T08:00:00.5", ""], [MOMENT, None]),
        (
            {"type": "datetime"},
            ["2022-01-17T08:00:00.5Z", "2022-01-17T16:00:00.50+08:00"],
            [MOMENT.replace(tzinfo=datetime.UTC)] * 2,
        ),
        ({"type": "datetime", "format": "%d/%m/%y %H:%M:%S.%f"}, ["17/01/22 08:00:00.5"], [MOMENT]),
        ({"type": "datetime", "format": "any"}, ["17 January 2022 8:00:00.5"], [MOMENT]),
        ({"type": "time"}, ["08:00:00", "08:00:00.5"], [datetime.time(8), MOMENT.time()]),
        ({"type": "time", "format": "%H.%M"}, ["08.00"], [datetime.time(8)]),
        ({"type": "time"}, ["08:00:00Z"], ["08:00:00Z"]),
        (
            {"type": "datetime"},
            ["2022-01-17T08:00:00", "2022-01-17T08:00:00Z"],
            ["2022-01-17T08:00:00", "2022-01-17T08:00:00Z"],
        ),
    ],
)
def test_cells_are_read_as_frictionless_reads_them(
    field: dict[str, Any], cells: list[str], values: list[Any]
) -> None:
    assert read(field, *cells) == values


@given(st.lists(st.integers(-(2**63), 2**63 - 1), min_size=1))
def test_every_whole_number_of_64_bits_is_kept(numbers: list[int]) -> None:
    assert read({"type": "integer"}, *map(str, numbers)) == numbers


@pytest.mark.parametrize(
    ("field", "cell", "error", "said"),
    [
        ({"type": "number"}, "1,5", DataError, "'1,5' cannot be read as number"),
        ({"type": "datetime", "format": "any"}, "x", DataError, "'x' cannot be read as datetime"),
        ({"type": "integer"}, "5x", DataError, "'5x' cannot be read as integer"),
        ({"type": "date"}, "2022-02-30", DataError, "'2022-02-30' cannot be read as date"),
        ({"type": "boolean", "trueValues": []}, "maybe", DataError, "cannot be read as boolean"),
    ],
)
def test_what_has_no_value_is_refused(
    field: dict[str, Any], cell: str, error: type[Exception], said: str
) -> None:
    with pytest.raises(error, match=said):
        read(field, cell)


def test_no_rows_have_their_types_too() -> None:
    [batch] = table_of([{"name": "f", "type": "date"}], []).batches()
    assert batch.typed.schema == {"f": pl.Date}


def test_a_number_that_is_none_is_not_missing() -> None:
    number, missing = read({"type": "number"}, "NaN", "")
    assert math.isnan(number)
    assert missing is None
