"""What came of a target: the verdict, computed from figures and days.

A target is held to the end of its range that matters: where more of the indicator is better,
to the lowest figure that keeps the promise. To do better than promised is to keep it.
"""

from __future__ import annotations

import datetime
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ycd_opendata.partial_dates import last_day

ABOUT = 0.05
"""How far from its figure, as a share of it, an "about" target still counts as reached."""


@dataclass(frozen=True)
class Range:
    """The figures that a statement allows; an open end is not itself allowed."""

    low: float
    high: float
    low_open: bool = False
    high_open: bool = False

    def mirrored(self) -> Range:
        """The same range with the sign of every figure turned."""
        return Range(-self.high, -self.low, self.high_open, self.low_open)


def range_of(comparator: str, value: float, value_upper: float | None, margin: float = 0) -> Range:
    """The figures that a comparator and its value allow; ``margin`` widens "about"."""
    return {
        "eq": Range(value, value),
        "ge": Range(value, math.inf),
        "gt": Range(value, math.inf, low_open=True),
        "le": Range(-math.inf, value),
        "lt": Range(-math.inf, value, high_open=True),
        "about": Range(value - abs(value) * margin, value + abs(value) * margin),
        "between": Range(value, value if value_upper is None else value_upper),
    }[comparator]


def is_met(target: Range, outcome: Range, direction: str) -> bool | None:
    """Whether an outcome keeps a target; None where the outcome's precision leaves it open.

    Parameters
    ----------
    direction : {"more", "less"}
        What the indicator's target wants. A target that is bounded on one side only ("at
        most") is held to that side whatever the direction.
    """
    held_to_high = math.isinf(target.low) or (direction == "less" and not math.isinf(target.high))
    if held_to_high:
        target, outcome = target.mirrored(), outcome.mirrored()
    floor, strict = target.low, target.low_open
    if outcome.low > floor or (outcome.low == floor and (not strict or outcome.low_open)):
        return True
    if outcome.high > floor or (outcome.high == floor and not strict and not outcome.high_open):
        return None
    return False


def verdict(row: Mapping[str, Any], today: datetime.date) -> str:
    """The verdict on a target joined with its indicator and outcome.

    Parameters
    ----------
    row : mapping
        ``comparator, value, value_upper, due_on, direction``, ``comparability`` and
        ``outcome_id, outcome_comparator, outcome_value, outcome_value_upper``; None where empty.
    today : date
        The day of the release: what is due later is not yet due.

    Returns
    -------
    str
        One of the values that ``schemas/scoreboard.json`` lists.
    """
    if row["comparability"] == "full":
        met = is_met(
            range_of(row["comparator"], row["value"], row["value_upper"], ABOUT),
            range_of(row["outcome_comparator"], row["outcome_value"], row["outcome_value_upper"]),
            row["direction"],
        )
        return {True: "met", False: "missed", None: "not_comparable"}[met]
    if row["due_on"] is not None and last_day(row["due_on"]) >= today:
        return "not_yet_due"
    return "no_outcome" if row["outcome_id"] is None else "not_comparable"
