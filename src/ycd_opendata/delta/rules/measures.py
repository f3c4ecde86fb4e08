"""Rules about figures: indicators, targets, outcomes, and targets held against outcomes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ycd_opendata.delta.rules.lookups import (
    answers,
    equal_where_known,
    first_days,
    in_no_circle,
    last_days,
    looked_up,
    not_after,
    side_by_side,
)
from ycd_opendata.delta.rules.numerals import names_value
from ycd_opendata.extension import RecordRule, Tables, record_rule

if TYPE_CHECKING:
    import pandas as pd

RULES: list[RecordRule] = []

_SETTING = ("government_work_report", "plan", "regulation", "notice")
"""The kinds of documents that set targets; the others report on them."""


@record_rule(
    RULES,
    {"indicators": "scope_en"},
    message="another indicator has the same name, unit, price basis and scope {scope_en}",
    hint="use the other one, or say in scope_en what differs",
)
def indicator_repeated(frame: pd.DataFrame, _: Tables) -> pd.Series[Any]:
    """Indicators that are told apart differ in something that a reader can see."""
    return ~frame.duplicated(["name_en", "unit_id", "measure", "price_basis", "scope_en"])


@record_rule(
    RULES,
    {"targets": "phrase", "outcomes": "phrase"},
    needs=("indicators", "units"),
    message="the phrase {phrase} does not contain the value {value}, upper value {value_upper}",
    hint="quote the words that carry the figure; the value is in the indicator's unit",
)
def value_not_in_phrase(frame: pd.DataFrame, tables: Tables) -> pd.Series[Any]:
    """The phrase names the value, and the upper value where there is one."""
    import pandas as pd

    unit_ids = looked_up(frame["indicator_id"], tables["indicators"], "indicator_id", "unit_id")
    units = looked_up(unit_ids, tables["units"], "unit_id", "name_en")
    columns = side_by_side(frame["phrase"], units, frame["value"], frame["value_upper"])
    holds = [
        all(
            names_value(phrase, value, unit)
            for value in (low, high)
            if isinstance(phrase, str) and isinstance(unit, str) and pd.notna(value)
        )
        for phrase, unit, low, high in columns
    ]
    return answers(holds, frame)


@record_rule(
    RULES,
    {"targets": "value", "outcomes": "value"},
    needs=("indicators",),
    message="{value} is no possible figure of this share or growth rate",
    hint="a share is from 0 to 100, growth not below -100; the unit is %",
)
def percentage_out_of_range(frame: pd.DataFrame, tables: Tables) -> pd.Series[Any]:
    """Shares and growth rates stay in their range, the baseline too."""
    measure = looked_up(frame["indicator_id"], tables["indicators"], "indicator_id", "measure")
    figures = frame[[name for name in ("value", "value_upper", "baseline_value") if name in frame]]
    share = ((figures >= 0) & (figures <= 100) | figures.isna()).all(axis=1)
    growth = ((figures >= -100) | figures.isna()).all(axis=1)
    return share.where(measure == "share", growth.where(measure == "growth_rate", True))


@record_rule(
    RULES,
    {"targets": "due_on"},
    needs=("sources",),
    message="the target is due on {due_on}, before its source {source_id} was published",
    hint="correct the due date, or name the source that announced the target",
)
def due_before_announced(frame: pd.DataFrame, tables: Tables) -> pd.Series[Any]:
    """A target is not due before it was announced; later news of it may look back."""
    sources = tables["sources"]
    announced = looked_up(frame["source_id"], sources, "source_id", "published_on")
    kind = looked_up(frame["source_id"], sources, "source_id", "kind")
    return not_after(first_days(announced), last_days(frame["due_on"])) | ~kind.isin(_SETTING)


@record_rule(
    RULES,
    {"targets": "superseded_by"},
    needs=("sources",),
    message="{superseded_by} is no later target of the same indicator and region",
    hint="only a target of the same indicator and region, announced later, takes another's place",
)
def superseded_by_another_kind(frame: pd.DataFrame, tables: Tables) -> pd.Series[Any]:
    """A target is superseded by a later one of the same indicator and region."""
    announced = looked_up(frame["source_id"], tables["sources"], "source_id", "published_on")
    dated = frame.assign(announced=announced)
    holds = not_after(
        first_days(announced),
        last_days(looked_up(frame["superseded_by"], dated, "target_id", "announced")),
    )
    for column in ("indicator_id", "region_id"):
        other = looked_up(frame["superseded_by"], frame, "target_id", column)
        holds &= equal_where_known(frame[column], other)
    return holds


@record_rule(
    RULES,
    {"targets": "superseded_by"},
    message="following superseded_by from {target_id} comes back to it",
    hint="the last target of a chain has an empty superseded_by",
)
def superseded_in_a_circle(frame: pd.DataFrame, _: Tables) -> pd.Series[Any]:
    """Superseding never goes in a circle."""
    return in_no_circle(frame["target_id"], frame["superseded_by"])


@record_rule(
    RULES,
    {"assessments": "outcome_id"},
    needs=("targets", "outcomes"),
    message="comparability is full, and the outcome is of another indicator or region",
    hint="pair figures of one indicator and region, or set comparability to partial with a reason",
)
def full_with_another_kind(frame: pd.DataFrame, tables: Tables) -> pd.Series[Any]:
    """Full comparability is of one indicator and one region."""
    same = [
        equal_where_known(
            looked_up(frame["target_id"], tables["targets"], "target_id", column),
            looked_up(frame["outcome_id"], tables["outcomes"], "outcome_id", column),
        )
        for column in ("indicator_id", "region_id")
    ]
    return (same[0] & same[1]) | _not_full(frame)


@record_rule(
    RULES,
    {"assessments": "outcome_id"},
    needs=("targets", "outcomes"),
    message="comparability is full, and the outcome is not for the target's due period",
    hint="pair it with the outcome of that period, or set comparability to partial with a reason",
)
def full_with_another_period(frame: pd.DataFrame, tables: Tables) -> pd.Series[Any]:
    """Full comparability is for the period in which the target is due."""
    due = looked_up(frame["target_id"], tables["targets"], "target_id", "due_on")
    ends = looked_up(frame["outcome_id"], tables["outcomes"], "outcome_id", "period_end")
    overlaps = not_after(first_days(due), last_days(ends)) & not_after(
        first_days(ends), last_days(due)
    )
    return overlaps | _not_full(frame)


@record_rule(
    RULES,
    {"assessments": "comparability"},
    message="the target {target_id} is held in full against another outcome already",
    hint="one outcome decides: keep the best full pair and set the others to partial",
)
def full_more_than_once(frame: pd.DataFrame, _: Tables) -> pd.Series[Any]:
    """At most one outcome decides on a target."""
    full = frame[~_not_full(frame)]
    repeated = full.index[full.duplicated("target_id")]
    return ~frame.index.to_series().isin(repeated)


def _not_full(frame: pd.DataFrame) -> pd.Series[Any]:
    return (frame["comparability"] != "full").fillna(True).astype(bool)
