from __future__ import annotations

import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ycd_opendata.delta.verdicts import bounded, is_met, judge, range_of, share_reached

TODAY = datetime.date(2026, 11, 24)


def row(**changes: Any) -> dict[str, Any]:
    """A target of at least 15, due in 2022, held in full against an outcome of 16."""
    return {
        "comparator": "ge",
        "value": 15.0,
        "value_upper": None,
        "due_on": "2022",
        "direction": "more",
        "comparability": "full",
        "bound": "exact",
        "indicator_id": "i",
        "outcome_indicator_id": "i",
        "outcome_id": "o",
        "outcome_comparator": "eq",
        "outcome_value": 16.0,
        "outcome_value_upper": None,
        **changes,
    }


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, "met"),
        ({"outcome_value": 15.0}, "met"),
        ({"outcome_value": 14.9}, "missed"),
        ({"comparator": "gt", "outcome_value": 15.0}, "missed"),
        ({"comparator": "gt", "outcome_value": 15.0, "outcome_comparator": "gt"}, "met"),
        ({"comparator": "eq", "outcome_value": 20.0}, "met"),
        ({"comparator": "eq", "outcome_value": 14.0}, "missed"),
        ({"comparator": "about", "outcome_value": 14.3}, "met"),
        ({"comparator": "about", "outcome_value": 14.2}, "missed"),
        ({"comparator": "between", "value_upper": 20.0, "outcome_value": 15.0}, "met"),
        ({"comparator": "between", "value_upper": 20.0, "outcome_value": 25.0}, "met"),
        ({"comparator": "between", "value_upper": 20.0, "outcome_value": 14.0}, "missed"),
        ({"comparator": "le", "outcome_value": 16.0}, "missed"),
        ({"comparator": "le", "outcome_value": 15.0}, "met"),
        ({"comparator": "lt", "outcome_value": 15.0}, "missed"),
        ({"comparator": "eq", "direction": "less", "outcome_value": 14.0}, "met"),
        ({"comparator": "eq", "direction": "less", "outcome_value": 16.0}, "missed"),
        (
            {
                "comparator": "between",
                "value_upper": 20.0,
                "direction": "less",
                "outcome_value": 21.0,
            },
            "missed",
        ),
        ({"outcome_comparator": "ge", "outcome_value": 14.0}, "not_comparable"),
        ({"outcome_comparator": "ge", "outcome_value": 15.0}, "met"),
        ({"outcome_comparator": "lt", "outcome_value": 15.0}, "missed"),
        ({"outcome_comparator": "le", "outcome_value": 15.0}, "not_comparable"),
        (
            {"outcome_comparator": "between", "outcome_value": 14.0, "outcome_value_upper": 16.0},
            "not_comparable",
        ),
        ({"outcome_comparator": "about", "outcome_value": 15.0}, "met"),
        ({"comparability": "partial", "bound": None}, "not_comparable"),
        ({"comparability": "none", "bound": None}, "not_comparable"),
        ({"comparability": "partial", "bound": None, "due_on": "2030"}, "not_yet_due"),
        ({"comparability": "partial", "bound": "at_least"}, "met"),
        (
            {"comparability": "partial", "bound": "at_least", "outcome_value": 14.0},
            "not_comparable",
        ),
        ({"comparability": "partial", "bound": "at_most"}, "not_comparable"),
        ({"comparability": "partial", "bound": "at_most", "outcome_value": 14.0}, "missed"),
        ({"comparability": "partial", "bound": "at_least", "due_on": "2030"}, "not_yet_due"),
        ({"comparability": "partial", "bound": "at_least", "due_on": None}, "not_yet_due"),
        ({"comparability": None, "bound": None, "outcome_id": None}, "no_outcome"),
        ({"comparability": None, "bound": None, "outcome_id": None, "due_on": None}, "not_yet_due"),
        (
            {"comparability": None, "bound": None, "outcome_id": None, "due_on": "2026"},
            "not_yet_due",
        ),
        (
            {"comparability": None, "bound": None, "outcome_id": None, "due_on": "2026-11-24"},
            "not_yet_due",
        ),
        (
            {"comparability": None, "bound": None, "outcome_id": None, "due_on": "2026-11-23"},
            "no_outcome",
        ),
    ],
)
def test_verdict(changes: dict[str, Any], expected: str) -> None:
    assert judge(row(**changes), TODAY).verdict == expected


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, "exact"),
        ({"comparability": "partial", "bound": "at_least"}, "bound"),
        ({"comparability": "partial", "bound": "at_least", "outcome_value": 14.0}, None),
        ({"comparability": "partial", "bound": None}, None),
    ],
)
def test_what_decided(changes: dict[str, Any], expected: str | None) -> None:
    assert judge(row(**changes), TODAY).decided_by == expected


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"outcome_value": 12.0}, 80.0),
        ({"outcome_value": 12.0, "direction": "less"}, 125.0),
        ({"comparability": "partial", "bound": None, "outcome_value": 12.0}, 80.0),
        ({"comparability": "partial", "bound": None, "outcome_indicator_id": "other"}, None),
        ({"comparability": "partial", "bound": "at_least", "outcome_indicator_id": "o"}, 320 / 3),
        ({"comparability": "none", "bound": None}, None),
        ({"comparability": None, "outcome_value": None}, None),
        ({"outcome_value": -1.0}, None),
    ],
)
def test_share_reached(changes: dict[str, Any], expected: float | None) -> None:
    assert share_reached(row(**changes)) == (None if expected is None else pytest.approx(expected))


@given(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6), st.sampled_from(["more", "less"]))
def test_a_bound_never_decides_against_what_it_bounds(
    promised: float, found: float, direction: str
) -> None:
    target = range_of("eq", promised, None)
    for bound, possible in (("at_least", found + 1), ("at_most", found - 1)):
        by_bound = is_met(target, bounded(range_of("eq", found, None), bound), direction)
        if by_bound is not None:
            assert by_bound == is_met(target, range_of("eq", possible, None), direction)


numbers = st.floats(min_value=-1e9, max_value=1e9)


@given(
    st.sampled_from(["eq", "ge", "gt", "le", "lt", "about", "between"]),
    numbers,
    numbers,
    st.sampled_from(["more", "less"]),
)
def test_an_exact_outcome_always_decides(
    comparator: str, value: float, outcome: float, direction: str
) -> None:
    target = range_of(comparator, value, value, margin=0.05)
    assert is_met(target, range_of("eq", outcome, None), direction) is not None


@given(
    st.sampled_from(["eq", "ge", "gt", "about"]),
    numbers,
    numbers,
    st.floats(min_value=0, max_value=1e9),
)
def test_more_is_never_worse(comparator: str, value: float, outcome: float, extra: float) -> None:
    target = range_of(comparator, value, None)
    if is_met(target, range_of("eq", outcome, None), "more"):
        assert is_met(target, range_of("eq", outcome + extra, None), "more")
