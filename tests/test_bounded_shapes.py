from __future__ import annotations

import re

import pytest

from ycd_opendata.validation.structure.fast.by_column.bounded_shapes import shape_of, whole_numbers
from ycd_opendata.validation.structure.fast.planning.conditions import (
    DAY,
    Bound,
    Comparison,
    Shape,
    TextWithin,
    Whole,
)

DAYS = ("2024-12-30", "2024-12-31", "2025-01-01", "2025-12-30", "2025-12-31", "2026-01-01")


def within(text: str, bound: Bound) -> bool:
    comparison, limit = bound
    limit = str(limit)
    fits = {"ge": text >= limit, "gt": text > limit, "le": text <= limit, "lt": text < limit}
    return fits[comparison]


@pytest.mark.parametrize("comparison", ["ge", "gt", "le", "lt"])
@pytest.mark.parametrize("limit", DAYS)
def test_no_day_beyond_a_bound_matches(comparison: Comparison, limit: str) -> None:
    bound = Bound(comparison, limit)
    shape = shape_of((Shape(DAY), TextWithin((bound,))))
    assert shape is not None
    matched = [each for each in DAYS if re.fullmatch(shape, each)]
    assert [each for each in matched if not within(each, bound)] == []
    # Whole years beside the one of the bound are surely within.
    sure = "2020-02-29" if comparison in ("le", "lt") else "2028-02-29"
    assert re.fullmatch(shape, sure)
    assert not re.fullmatch(shape, "2023-02-29")


@pytest.mark.parametrize(("low", "high"), [(0, 0), (-7, 12), (95, 1010), (1000, 9999), (3, 2)])
def test_whole_numbers_are_those_between(low: int, high: int) -> None:
    shape = whole_numbers(low, high)
    numbers = range(-1200, 12_000)
    found = [each for each in numbers if shape and re.fullmatch(shape, str(each))]
    assert found == [*range(low, high + 1)]


def test_whole_numbers_keep_their_bounds() -> None:
    shape = shape_of((Whole((Bound("gt", "3"), Bound("lt", "12"))),))
    assert shape is not None
    assert [each for each in range(20) if re.fullmatch(shape, str(each))] == [*range(4, 12)]
