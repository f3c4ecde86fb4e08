from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import pytest
from packages import small_tables, write_small

from ycd_opendata.delta.outlook import Figure, outlook
from ycd_opendata.loader.loading import load_table
from ycd_opendata.package.reading import read_package


def target(**changes: Any) -> dict[str, Any]:
    """A target of at least 100, due at the end of 2030."""
    return {
        "comparator": "ge",
        "value": 100.0,
        "value_upper": None,
        "due_on": "2030",
        "baseline_value": None,
        "baseline_on": None,
        "measure": "stock",
        "direction": "more",
        **changes,
    }


def figures(*pairs: tuple[int, float]) -> list[Figure]:
    """Figures of the ends of years."""
    return [Figure(value, datetime.date(year, 12, 31), f"o-{year}") for year, value in pairs]


@pytest.mark.parametrize(
    ("changes", "known", "expected"),
    [
        ({}, [], "too_few_figures"),
        ({}, [(2025, 50.0)], "too_few_figures"),
        ({}, [(2025, 100.0)], "reached_early"),
        ({}, [(2020, 0.0), (2025, 50.0)], "on_track"),
        ({}, [(2020, 0.0), (2025, 49.0)], "behind"),
        ({}, [(2020, 0.0), (2022, 5.0), (2025, 51.0)], "on_track"),
        ({"baseline_value": 0.0, "baseline_on": "2020"}, [(2025, 50.0)], "on_track"),
        ({"baseline_value": 0.0, "baseline_on": "2020"}, [(2025, 40.0)], "behind"),
        # A baseline without a date cannot be put on a line.
        ({"baseline_value": 0.0}, [(2025, 50.0)], "too_few_figures"),
        ({"measure": "growth_rate"}, [(2020, 0.0), (2025, 200.0)], "too_few_figures"),
        ({"comparator": "gt"}, [(2025, 100.0)], "too_few_figures"),
        (
            {"comparator": "le", "direction": "less", "value": 10.0},
            [(2020, 20.0), (2025, 15.0)],
            "on_track",
        ),
        (
            {"comparator": "le", "direction": "less", "value": 10.0},
            [(2020, 20.0), (2025, 16.0)],
            "behind",
        ),
        ({"comparator": "le", "direction": "less", "value": 10.0}, [(2025, 9.0)], "reached_early"),
    ],
)
def test_outlook(changes: dict[str, Any], known: list[tuple[int, float]], expected: str) -> None:
    assert outlook(target(**changes), figures(*known)).answer == expected


def test_the_inputs_stand_beside_the_answer() -> None:
    found = outlook(target(), figures((2020, 0.0), (2025, 40.0)))
    assert found.base is not None
    assert found.latest is not None
    assert (found.base.origin, found.latest.origin) == ("o-2020", "o-2025")
    assert found.needed == pytest.approx(50, rel=1e-3)


def test_figures_too_close_together_say_nothing() -> None:
    close = [
        Figure(10.0, datetime.date(2025, 1, 1), "a"),
        Figure(60.0, datetime.date(2025, 5, 1), "b"),
    ]
    assert outlook(target(), close).answer == "too_few_figures"


def test_only_what_is_not_yet_due_has_an_outlook(tmp_path: Path) -> None:
    tables = small_tables()
    tables["targets"][3]["due_on"] = "2030"
    frame = load_table(read_package(write_small(tmp_path, tables)), "outlooks")
    [row] = frame.to_dict("records")
    assert row["target_id"] == "zj-2022-d-later"
    # Counted in April and December 2022: 16 to 18, then 16, of 40 that are promised for 2030.
    assert (row["base_value"], row["latest_value"]) == (16, 16)
    assert row["latest_outcome_id"] == "zj-2022-a-factories-counted"
    assert row["outlook"] == "behind"
    board = load_table(read_package(tmp_path), "scoreboard").set_index("target_id")
    assert board.loc["zj-2022-d-later", "outlook"] == "behind"
