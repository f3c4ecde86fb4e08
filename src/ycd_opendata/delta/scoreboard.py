"""The scoreboard: each target, the outcome that it is held against, the verdict, the sources.

Derived from the tables, never typed. Its columns are described in ``schemas/scoreboard.json``.
The verdict depends on the figures and on the day of the release, so one release always gives
one scoreboard.
"""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from ycd_opendata.delta.outlook import outlooks
from ycd_opendata.delta.verdicts import JUDGED, judge, share_reached
from ycd_opendata.extension import Load
from ycd_opendata.loader.date_bounds import bounds_frame
from ycd_opendata.loader.frames import plain_rows

if TYPE_CHECKING:
    import pandas as pd


_PARTIAL_DATES = (
    "period_start",
    "due_on",
    "baseline_on",
    "outcome_period_start",
    "outcome_period_end",
)
_OF_INDICATORS = (
    *("name_zh", "name_en", "family", "domain_id", "unit_id", "measure"),
    *("scope_zh", "scope_en", "direction"),
)


def scoreboard(load: Load, today: datetime.date) -> pd.DataFrame:
    """One row a target, sorted by ``target_id``, with the columns of ``schemas/scoreboard.json``.

    ``today``, the day of the release, decides what is not yet due.
    """
    frame = held_against_outcomes(_with_names(load), load, today)
    outlook = outlooks(load, today)[["target_id", "outlook"]]
    frame = frame.merge(outlook, on="target_id", how="left")
    for name in _PARTIAL_DATES:
        frame = frame.join(bounds_frame(frame[name]).add_prefix(f"{name}_"))
    return frame.reset_index(drop=True)


def held_against_outcomes(targets: pd.DataFrame, load: Load, today: datetime.date) -> pd.DataFrame:
    """Targets, each with the outcome that it is held against, the verdict and the latest search.

    The targets have the ``direction`` of their indicators, and whatever else.
    """
    frame = targets.merge(_candidates(load), on="target_id", how="left")
    frame = frame.join(_judged(frame, today))
    # Of several outcomes: one that is fully comparable, one that decides, the most comparable.
    ranks = frame["comparability"].map({"full": 0, "partial": 2, "none": 3})
    decides = frame["decided_by"].notna() & (ranks > 0)
    frame = frame.assign(rank=ranks.mask(decides, 1)).sort_values(
        ["target_id", "rank", "outcome_id"]
    )
    frame = frame.drop_duplicates("target_id")
    return frame.merge(_searches(load("searches")), on="target_id", how="left")


def _with_names(load: Load) -> pd.DataFrame:
    """The targets with what is said of their region, initiative, indicator, unit and source."""
    frame = load("targets").merge(_sources(load), on="source_id", how="left")
    for one, columns in (
        ("region", ["name_zh", "name_en"]),
        ("initiative", ["name_zh", "name_en"]),
        ("indicator", [*_OF_INDICATORS]),
        ("unit", ["name_zh", "name_en"]),
    ):
        names = {"name_zh": f"{one}_name_zh", "name_en": f"{one}_name_en"}
        named = load(f"{one}s")[[f"{one}_id", *columns]].rename(columns=names)
        frame = frame.merge(named, on=f"{one}_id", how="left")
    return frame


def _candidates(load: Load) -> pd.DataFrame:
    """The assessments with their outcomes, every column of an outcome prefixed but its key."""
    outcomes = load("outcomes").drop(columns=["region_id", "locator"])
    outcomes = outcomes.merge(_sources(load), on="source_id", how="left")
    assessments = load("assessments")
    known = assessments[assessments["outcome_id"].isin(outcomes["outcome_id"])]
    named = _prefixed(outcomes, "outcome_", key="outcome_id")
    return known.merge(named, on="outcome_id", how="left")


def _sources(load: Load) -> pd.DataFrame:
    columns = ["source_id", "title_zh", "title_en", "url", "reliability"]
    return _prefixed(load("sources")[columns], "source_", key="source_id")


def _judged(frame: pd.DataFrame, today: datetime.date) -> pd.DataFrame:
    """Verdict, what decided it and the share reached, of each pair on the frame's index."""
    import pandas as pd

    rows = plain_rows(frame[list(JUDGED)])
    judgements = [judge(row, today) for row in rows]
    columns = {
        "verdict": pd.Series([each.verdict for each in judgements], dtype="string"),
        "decided_by": pd.Series([each.decided_by for each in judgements], dtype="string"),
        "share_reached": pd.Series([share_reached(row) for row in rows], dtype="float64"),
    }
    return pd.DataFrame(columns).set_axis(frame.index)


def _prefixed(frame: pd.DataFrame, prefix: str, key: str) -> pd.DataFrame:
    """The frame with every column's name prefixed but the key's."""
    return frame.rename(columns={name: prefix + name for name in frame.columns if name != key})


def _searches(searches: pd.DataFrame) -> pd.DataFrame:
    """The latest search of each target."""
    latest = searches.sort_values(["target_id", "searched_on"]).drop_duplicates(
        "target_id", keep="last"
    )
    names = {f"where_{lang}": f"searched_where_{lang}" for lang in ("zh", "en")}
    return latest.rename(columns={**names, "found": "search_found"})
