"""Every figure as one tidy row: what was promised and what was reported, by region and period.

Where several figures are given for one cell (kind of figure, indicator, region, period), one is
preferred. The first of these that tells two figures apart decides, and is named:

1. ``not_superseded``: a target that no later one took the place of;
2. ``reliability``: official before state media before a copy before a summary;
3. ``status``: final figures before others;
4. ``comparator``: an outcome given exactly before one that is "about" or "more than";
5. ``published_on``: the later document;
6. ``id``: the first in the alphabet.
"""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Literal

from ycd_opendata.delta.periods import period_of
from ycd_opendata.errors import UnknownNameError
from ycd_opendata.extension import Load

if TYPE_CHECKING:
    import pandas as pd


Wide = Literal["region", "indicator"]

CELL = ["kind", "indicator_id", "region_id", "period"]
"""What makes a cell: figures that agree in all of it say the same thing."""

_RELIABILITY = {"official": 0, "state_media": 1, "reprint": 2, "secondary": 3}
_RANKS = ("not_superseded", "reliability", "status", "comparator", "published_on", "id")


def series(load: Load, today: datetime.date) -> pd.DataFrame:
    """All targets and outcomes as rows of ``schemas/series.json``, sorted by its key."""
    import pandas as pd

    del today  # what is preferred depends on the figures alone
    both = pd.concat([_targets(load("targets")), _outcomes(load("outcomes"))], ignore_index=True)
    frame = _with_names(both, load)
    frame = frame.join(_periods(frame))
    for name in ("value", "value_upper"):
        frame[f"base_{name}"] = frame[name] * frame["factor"]
    frame = frame.sort_values(["kind", "record_id"]).reset_index(drop=True)
    return frame.join(_preferred(frame))


def _targets(targets: pd.DataFrame) -> pd.DataFrame:
    named = targets.rename(columns={"target_id": "record_id", "due_on": "period_end"})
    return named.assign(
        kind="target", status=None, superseded=targets["superseded_by"].notna().astype(int)
    )


def _outcomes(outcomes: pd.DataFrame) -> pd.DataFrame:
    named = outcomes.rename(columns={"outcome_id": "record_id"})
    return named.assign(kind="outcome", superseded=0)


def _with_names(frame: pd.DataFrame, load: Load) -> pd.DataFrame:
    """The figures with what is said of their indicator, unit, region and source."""
    indicators = load("indicators").drop(columns="direction")
    frame = frame.merge(_named(indicators, "indicator"), on="indicator_id", how="left")
    frame = frame.merge(_named(load("units"), "unit"), on="unit_id", how="left")
    regions = _named(load("regions"), "region")[["region_id", "region_name_zh", "region_name_en"]]
    frame = frame.merge(regions, on="region_id", how="left")
    columns = ["title_zh", "title_en", "url", "reliability", "published_on"]
    sources = load("sources").set_index("source_id")[columns].add_prefix("source_")
    return frame.merge(sources.reset_index(), on="source_id", how="left")


def _named(frame: pd.DataFrame, what: str) -> pd.DataFrame:
    return frame.rename(columns={f"name_{lang}": f"{what}_name_{lang}" for lang in ("zh", "en")})


def _periods(frame: pd.DataFrame) -> pd.DataFrame:
    import pandas as pd

    plain = frame[["period_start", "period_end"]].astype(object)
    pairs = plain.where(plain.notna(), None).itertuples(index=False, name=None)
    periods = [period_of(start, end) for start, end in pairs]
    days = {
        name: pd.to_datetime(
            pd.Series([each and getattr(each, side) for each in periods], dtype=object)
        ).astype("datetime64[us]")
        for name, side in (("first_day", "first"), ("last_day", "last"))
    }
    return pd.DataFrame(
        {
            "year": pd.Series(
                [each.last.year if each else None for each in periods], dtype="Int64"
            ),
            "period": pd.Series([each and each.name for each in periods], dtype="string"),
            "period_kind": pd.Series([each and each.kind for each in periods], dtype="string"),
            **days,
        }
    )


def _preferred(frame: pd.DataFrame) -> pd.DataFrame:
    """Whether each figure is the preferred one of its cell, and by which rule."""
    import pandas as pd

    ranks = _ranks(frame)
    order = ranks.sort_values(list(_RANKS)).index
    cells = frame.loc[order].groupby(CELL, dropna=False, sort=False).indices.values()
    preferred = pd.Series(False, index=frame.index, dtype="boolean")
    reasons = pd.Series(pd.NA, index=frame.index, dtype="string")
    for places in cells:
        best = order[places[0]]
        preferred[best] = True
        reasons[best] = "only_figure"
        if len(places) > 1:
            differs = ranks.loc[best] != ranks.loc[order[places[1]]]
            reasons[best] = str(differs.idxmax())
    return pd.DataFrame({"preferred": preferred, "preferred_because": reasons})


def _ranks(frame: pd.DataFrame) -> pd.DataFrame:
    """What the rules compare, one column a rule; less is better."""
    import pandas as pd

    published = frame["source_published_on"].fillna("")
    later_first = published.rank(method="dense", ascending=False)
    inexact = (frame["comparator"] != "eq") & (frame["kind"] == "outcome")
    columns = (
        frame["superseded"],
        frame["source_reliability"].map(_RELIABILITY),
        (frame["status"] != "final").fillna(True).astype(int),
        inexact.astype(int),
        later_first,
        frame["record_id"].rank(method="dense"),
    )
    return pd.DataFrame(dict(zip(_RANKS, columns, strict=True))).astype(float)


def chosen(frame: pd.DataFrame, measure: str | None) -> pd.DataFrame:
    """The rows of an indicator or a family; all without a measure.

    Raises UnknownNameError where there is no such indicator or family.
    """
    if measure is None:
        return frame
    known = dict.fromkeys([*frame["family"], *frame["indicator_id"]])
    if measure not in known:
        raise UnknownNameError("indicator or family", measure, known)
    found = frame[(frame["family"] == measure) | (frame["indicator_id"] == measure)]
    return found.reset_index(drop=True)


def widened(frame: pd.DataFrame, wide: Wide) -> pd.DataFrame:
    """The preferred outcomes with a column a region, or a column an indicator.

    Figures in one unit stay in it; where units differ, all are given in their base unit.
    """
    if wide not in ("region", "indicator"):
        raise UnknownNameError("way to widen", wide, ("region", "indicator"))
    rows = frame[(frame["kind"] == "outcome") & frame["preferred"]]
    one_unit = rows["unit_id"].nunique() <= 1
    rows = rows.assign(
        value=rows["value"] if one_unit else rows["base_value"],
        unit_id=rows["unit_id"] if one_unit else rows["base_unit_id"],
    )
    kept = "indicator_id" if wide == "region" else "region_id"
    index = [kept, "unit_id", "year", "period_kind", "period"]
    table = rows.pivot(index=index, columns=f"{wide}_id", values="value")
    return table.sort_index().reset_index().rename_axis(columns=None)
