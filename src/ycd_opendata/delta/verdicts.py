"""What came of a target: the verdict, computed from figures and days.

A target is held to the end of its range that matters: where more of the indicator is better,
to the lowest figure that keeps the promise. To do better than promised is to keep it.

A figure for the promised thing and period decides exactly. Any other figure, from before or
after the due day or of another scope, decides only as a bound, where the assessment says that
the promised figure is no less (``at_least``) or no more (``at_most``) than it: a running total
that had reached its goal before the day, or had not yet reached it after, leaves no doubt.
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

    ``direction`` is what the indicator's target wants, ``more`` or ``less``. A target that is
    bounded on one side only ("at most") is held to that side whatever the direction.
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


JUDGED = (
    *("indicator_id", "comparator", "value", "value_upper", "due_on", "direction"),
    *("comparability", "bound", "outcome_id", "outcome_indicator_id"),
    *("outcome_comparator", "outcome_value", "outcome_value_upper"),
)
"""What a verdict and the share that was reached depend on, of a target joined with its outcome."""


@dataclass(frozen=True)
class Judgement:
    """A verdict, and what decided it: ``exact``, ``bound``, or None where nothing did."""

    verdict: str
    decided_by: str | None = None


def judge(row: Mapping[str, Any], today: datetime.date) -> Judgement:
    """The verdict on a target joined with its indicator and outcome.

    ``row`` has the columns ``JUDGED``, None where empty. What is due later than ``today``, the day
    of the release, or has no due date, is not yet due. ``schemas/scoreboard.json`` lists the
    verdicts.
    """
    is_due = row["due_on"] is not None and last_day(row["due_on"]) < today
    if row["comparability"] == "full" or (is_due and row["bound"] is not None):
        outcome = range_of(
            row["outcome_comparator"], row["outcome_value"], row["outcome_value_upper"]
        )
        met = is_met(
            range_of(row["comparator"], row["value"], row["value_upper"], ABOUT),
            bounded(outcome, row["bound"]),
            row["direction"],
        )
        by = "bound" if row["bound"] in ("at_least", "at_most") else "exact"
        if met is not None:
            return Judgement("met" if met else "missed", by)
        return Judgement("not_comparable")
    if not is_due:
        return Judgement("not_yet_due")
    return Judgement("no_outcome" if row["outcome_id"] is None else "not_comparable")


def bounded(outcome: Range, bound: str | None) -> Range:
    """The figures that are possible for what was promised, given an outcome that bounds it."""
    if bound == "at_least":
        return Range(outcome.low, math.inf, low_open=outcome.low_open)
    if bound == "at_most":
        return Range(-math.inf, outcome.high, high_open=outcome.high_open)
    return outcome


def share_reached(row: Mapping[str, Any]) -> float | None:
    """The outcome as a percentage of the figure that was promised.

    Only where the two are of one indicator, or the outcome bounds the promise, and both are
    above zero; where less is better, the promise as a percentage of the outcome.
    """
    if row["outcome_value"] is None or row["comparability"] in (None, "none"):
        return None
    if row["outcome_indicator_id"] != row["indicator_id"] and row["bound"] is None:
        return None
    promised, reached = row["value"], row["outcome_value"]
    if promised <= 0 or reached <= 0:
        return None
    share = reached / promised if row["direction"] == "more" else promised / reached
    return float(100 * share)
