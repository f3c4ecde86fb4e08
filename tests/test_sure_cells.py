"""A typed cell that is surely fine without its text is fine by the exact reading."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
import pytest

from ycd_opendata.package.model import Resource
from ycd_opendata.package.reading import parse_schema
from ycd_opendata.validation.structure.fast.exact import ExactReader
from ycd_opendata.validation.structure.fast.parquet_tables.typed_cells import (
    CellType,
    Kind,
    readers,
    surely_fine,
    typed_plan,
)
from ycd_opendata.validation.structure.fast.planning.plan import table_plan

WHOLE = [None, 0, 1, -1, 5, 9, 10, 11, 2**53 + 1, -(2**63)]
FLOATS = [None, 0.0, -0.0, 0.1, 1.0, 9.99, 10.0, 10.5, float("inf"), float("nan"), 1e300]
DAYS = [None, date(999, 12, 31), date(1000, 1, 1), date(2020, 2, 29), date(9999, 12, 31)]


@pytest.mark.parametrize(
    ("kind", "type_", "constraints", "cells", "sure"),
    [
        ("whole", "integer", {}, WHOLE, 9),
        ("whole", "integer", {"minimum": 0, "exclusiveMaximum": 10}, WHOLE, 4),
        ("float", "number", {}, FLOATS, 8),
        ("float", "number", {"minimum": 0, "maximum": 10}, FLOATS, 3),
        ("float", "number", {"exclusiveMinimum": 0.1}, FLOATS, 5),
        ("date", "date", {}, DAYS, 3),
        ("boolean", "boolean", {}, [None, True, False], 2),
        ("boolean", "boolean", {"enum": [True]}, [None, True, False], None),
        ("float", "integer", {}, FLOATS, None),
        ("whole", "string", {}, WHOLE, None),
    ],
)
def test_what_is_sure_is_fine(
    kind: Kind, type_: str, constraints: dict[str, Any], cells: list[Any], sure: int | None
) -> None:
    raw = {"fields": [{"name": "f", "type": type_, "constraints": constraints}]}
    schema = parse_schema(raw)
    table = Resource("t", "", "", ("t.parquet",), "utf-8", schema, {}, {})
    plan, typed = table_plan(table, schema, schema.fields, ()), [CellType(kind)]
    reader = ExactReader(typed_plan(plan, typed), readers(plan, typed))
    is_fine = surely_fine(typed[0], reader.plan.columns[0], pl.col("f"))
    if is_fine is None:
        assert sure is None
        return
    frame = pl.DataFrame({"f": cells}, schema={"f": pl.Int64} if kind == "whole" else None)
    found = frame.select(fine=is_fine.fill_null(value=False), text=typed[0].texts(pl.col("f")))
    fine = found.filter("fine")["text"].to_list()
    assert len(fine) == sure
    for text in fine:
        assert not reader.cell(0, text).faults, text
