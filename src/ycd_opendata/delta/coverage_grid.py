"""What is covered: each region, year and family of indicators with a figure in it.

A gap is either one that was looked into, or one that nobody has looked into yet.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from ycd_opendata.extension import Load
from ycd_opendata.loader.frames import plain_rows
from ycd_opendata.partial_dates import last_day

if TYPE_CHECKING:
    import pandas as pd


STATES = ("target_and_outcome", "outcome", "not_yet_due", "searched_in_vain", "not_searched")
"""What can be said of a cell of the grid."""

_KEY = ["region_id", "year", "family"]


def coverage_grid(load: Load, today: datetime.date) -> pd.DataFrame:
    """The cells as rows of ``schemas/coverage.json``: counts of targets and outcomes, and state.

    The year of a target is that in which it is due, the year of an outcome that in which its
    period ends. A cell that has an outcome is found whatever the scope of its figure is: whether
    it can be held against the target is what the assessments say.
    """
    import pandas as pd

    families = load("indicators").set_index("indicator_id")["family"]
    searched = set(load("searches")["target_id"])
    targets, outcomes = load("targets"), load("outcomes")
    targets = targets[targets["due_on"].notna()]
    due = targets["due_on"].map(lambda text: last_day(text) < today).astype(bool)
    rows = pd.concat(
        [
            _cells(targets, "due_on", families).assign(
                targets=1,
                outcomes=0,
                due=due.astype(int),
                searched=(due & targets["target_id"].isin(searched)).astype(int),
            ),
            _cells(outcomes, "period_end", families).assign(
                targets=0, outcomes=1, due=0, searched=0
            ),
        ]
    )
    counts = rows.groupby(_KEY, as_index=False).sum().sort_values(_KEY).reset_index(drop=True)
    states = [_state(row) for row in plain_rows(counts)]
    regions = load("regions").set_index("region_id")
    for lang in ("zh", "en"):
        counts[f"region_name_{lang}"] = counts["region_id"].map(regions[f"name_{lang}"])
    typed = counts.astype({"targets": "Int64", "outcomes": "Int64", "year": "Int64"})
    return typed.assign(state=pd.Series(states, index=counts.index, dtype="string"))


def _cells(frame: pd.DataFrame, day: str, families: pd.Series[str]) -> pd.DataFrame:
    named = frame.assign(
        family=frame["indicator_id"].map(families).astype("string"),
        year=frame[day].str[:4].astype("Int64"),
    )
    return named[_KEY]


def _state(counts: Mapping[str, int]) -> str:
    if counts["outcomes"]:
        return "target_and_outcome" if counts["targets"] else "outcome"
    if not counts["due"]:
        return "not_yet_due"
    return "searched_in_vain" if counts["searched"] == counts["due"] else "not_searched"


def grid_markdown(grid: pd.DataFrame) -> str:
    """How many cells of the grid are in each state, by region and by year, in Markdown."""
    lines: list[str] = []
    for label, column in (("region", "region_name_en"), ("year", "year")):
        counts = grid.groupby([column, "state"]).size().unstack(fill_value=0)
        counts = counts.reindex(columns=list(STATES), fill_value=0)
        rows = zip(counts.index, counts.to_numpy().tolist(), strict=True)
        lines += ["", *markdown_table(label, STATES, rows)]
    return "\n".join(lines[1:]) + "\n"


def markdown_table(
    label: str, columns: Sequence[str], rows: Iterable[tuple[object, Sequence[int]]]
) -> list[str]:
    """The lines of a table of counts, each row with what it is about in front."""
    head = [f"| {label} | {' | '.join(columns)} |", "|---|" + "--:|" * len(columns)]
    return [*head, *(f"| {key} | {' | '.join(map(str, counts))} |" for key, counts in rows)]
