"""Where a target that is not yet due stands: on the way from a first figure to the promised one.

The formula, whose inputs stand beside each result in the table ``outlooks``:

- *base*: the target's own baseline where its source gives one with a date; else the earliest
  outcome of the same indicator and region.
- *latest*: the latest outcome of the same indicator and region, up to the day of the release.
- *needed*: the figure that an even pace from the base to the promised figure would have had by
  the day of the latest: ``base + (promised - base) * (latest_on - base_on) / (due_on - base_on)``.
- ``reached_early`` if the latest figure keeps the promise already; ``on_track`` if it is at
  least the needed one (at most, where less is better); ``behind`` otherwise.
- ``too_few_figures`` where there is no base, no later figure at least half a year after it, or
  nothing that can be put on a line: growth rates, and flows that are not of whole years.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ycd_opendata.delta.periods import period_of
from ycd_opendata.delta.verdicts import ABOUT, is_met, range_of
from ycd_opendata.extension import Load
from ycd_opendata.loader.frames import plain_rows
from ycd_opendata.partial_dates import last_day

if TYPE_CHECKING:
    import pandas as pd


_LEAST_DAYS = 180
"""How far apart base and latest have to be: half a year."""

_TYPES = {
    "target_id": "string",
    "base_value": "float64",
    "base_on": "datetime64[us]",
    "base_from": "string",
    "latest_value": "float64",
    "latest_on": "datetime64[us]",
    "latest_outcome_id": "string",
    "needed_value": "float64",
    "outlook": "string",
}

_OF_TARGETS = (
    *("target_id", "indicator_id", "region_id", "comparator", "value", "value_upper", "due_on"),
    *("baseline_value", "baseline_on", "measure", "direction"),
)
_OF_OUTCOMES = (
    *("outcome_id", "indicator_id", "region_id", "comparator", "value", "value_upper"),
    *("period_start", "period_end"),
)

_NOT_ON_A_LINE = "growth_rate"


@dataclass(frozen=True)
class Figure:
    """A figure, the day that it is for, and whose it is: an outcome's id, or ``baseline``."""

    value: float
    on: datetime.date
    origin: str
    comparator: str = "eq"
    value_upper: float | None = None


@dataclass(frozen=True)
class Outlook:
    """The answer with its inputs."""

    answer: str
    base: Figure | None = None
    latest: Figure | None = None
    needed: float | None = None


def outlooks(load: Load, today: datetime.date) -> pd.DataFrame:
    """The outlook of each target that is due on ``today`` or later: ``schemas/outlooks.json``."""
    import pandas as pd

    indicators = load("indicators").set_index("indicator_id")[["measure", "direction"]]
    known = _figures(load("outcomes"), indicators["measure"], today)
    rows = []
    targets = load("targets").join(indicators, on="indicator_id")
    for target in plain_rows(targets[list(_OF_TARGETS)]):
        if target["due_on"] is None or last_day(target["due_on"]) < today:
            continue
        figures = known.get((target["indicator_id"], target["region_id"]), [])
        found = outlook(target, figures)
        inputs = (*_cells(found.base), *_cells(found.latest), found.needed)
        rows.append((target["target_id"], *inputs, found.answer))
    frame = pd.DataFrame(rows, columns=list(_TYPES)).sort_values("target_id", ignore_index=True)
    return frame.astype(_TYPES)


def outlook(target: Mapping[str, Any], figures: list[Figure]) -> Outlook:
    """The outlook of one target, None where a cell is empty.

    ``figures`` are outcomes of its indicator and region, the earliest first.
    """
    latest = figures[-1] if figures else None
    if latest is None:
        return Outlook("too_few_figures")
    promised = range_of(target["comparator"], target["value"], target["value_upper"], ABOUT)
    reached = range_of(latest.comparator, latest.value, latest.value_upper)
    base = _base(target, figures)
    if target["measure"] != _NOT_ON_A_LINE and is_met(promised, reached, target["direction"]):
        return Outlook("reached_early", base, latest)
    due = last_day(target["due_on"])
    is_on_a_line = target["measure"] != _NOT_ON_A_LINE
    is_apart = base is not None and (latest.on - base.on).days >= _LEAST_DAYS and base.on < due
    if base is None or not is_on_a_line or not is_apart:
        return Outlook("too_few_figures", base, latest)
    passed = (latest.on - base.on) / (due - base.on)
    needed = base.value + (target["value"] - base.value) * min(passed, 1)
    enough = latest.value >= needed if target["direction"] == "more" else latest.value <= needed
    return Outlook("on_track" if enough else "behind", base, latest, needed)


def _base(target: Mapping[str, Any], figures: list[Figure]) -> Figure | None:
    if target["baseline_value"] is not None and target["baseline_on"] is not None:
        return Figure(target["baseline_value"], last_day(target["baseline_on"]), "baseline")
    return figures[0] if len(figures) > 1 else None


def _figures(
    outcomes: pd.DataFrame, measures: pd.Series[str], today: datetime.date
) -> dict[tuple[str, str], list[Figure]]:
    """The outcomes that can be put on a line, by indicator and region, the earliest first."""
    found: dict[tuple[str, str], list[Figure]] = {}
    for row in plain_rows(outcomes[list(_OF_OUTCOMES)]):
        period = period_of(row["period_start"], row["period_end"])
        if period is None or period.last > today:
            continue
        if measures[row["indicator_id"]] == "flow" and period.kind != "year":
            continue
        figure = Figure(
            row["value"], period.last, row["outcome_id"], row["comparator"], row["value_upper"]
        )
        found.setdefault((row["indicator_id"], row["region_id"]), []).append(figure)
    for figures in found.values():
        figures.sort(key=lambda each: (each.on, each.origin))
    return found


def _cells(figure: Figure | None) -> tuple[float | None, datetime.date | None, str | None]:
    return (None, None, None) if figure is None else (figure.value, figure.on, figure.origin)
