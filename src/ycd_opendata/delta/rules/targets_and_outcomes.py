"""Rules about figures: targets, outcomes, and targets held against outcomes."""

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
    referred,
    side_by_side,
)
from ycd_opendata.delta.rules.numerals import names_value
from ycd_opendata.extension import RecordRule, Tables, record_rule

if TYPE_CHECKING:
    import pandas as pd

RULES: list[RecordRule] = []

_SETTING = ("government_work_report", "plan", "regulation", "notice")
"""The kinds of documents that set targets; the others report on them."""

_MOST_YEARS_LATE, _MOST_YEARS_AHEAD = 6, 30
"""How long after its due year, and before it, a document may still be the source of a target."""


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

    unit_ids = referred(frame, tables, "indicators", "unit_id")
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
    measure = referred(frame, tables, "indicators", "measure")
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
    announced = referred(frame, tables, "sources", "published_on")
    kind = referred(frame, tables, "sources", "kind")
    return not_after(first_days(announced), last_days(frame["due_on"])) | ~kind.isin(_SETTING)


@record_rule(
    RULES,
    {"targets": "due_on"},
    needs=("sources", "initiatives"),
    message="the due date {due_on} cannot be: it is out of reach of the source {source_id}",
    hint="a target is due at most 6 years before its source was published or 30 after, and not "
    "before its initiative starts",
)
def due_out_of_reach(frame: pd.DataFrame, tables: Tables) -> pd.Series[Any]:
    """A due date is near its source's day and not before its initiative, whatever the source."""
    published = referred(frame, tables, "sources", "published_on")
    starts = referred(frame, tables, "initiatives", "starts_on")
    years: pd.Series[Any] = last_days(frame["due_on"]).dt.year - first_days(published).dt.year
    near: pd.Series[Any] = years.between(-_MOST_YEARS_LATE, _MOST_YEARS_AHEAD) | years.isna()
    return near & not_after(first_days(starts), last_days(frame["due_on"]))


@record_rule(
    RULES,
    {"outcomes": "period_end"},
    needs=("sources",),
    message="the period ends on {period_end}, after the source {source_id} was published",
    hint="nobody reports a figure before its day: correct the period, or name the later source",
)
def period_after_source(frame: pd.DataFrame, tables: Tables) -> pd.Series[Any]:
    """A figure is reported after its period has begun to end."""
    published = referred(frame, tables, "sources", "published_on")
    return not_after(first_days(frame["period_end"]), last_days(published))


@record_rule(
    RULES,
    {"targets": "superseded_by"},
    needs=("sources",),
    message="{superseded_by} is no later target of the same indicator and region",
    hint="only a target of the same indicator and region, announced later, takes another's place",
)
def superseded_by_another_kind(frame: pd.DataFrame, tables: Tables) -> pd.Series[Any]:
    """A target is superseded by a later one of the same indicator and region."""
    announced = referred(frame, tables, "sources", "published_on")
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
            referred(frame, tables, "targets", column), referred(frame, tables, "outcomes", column)
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
    due = referred(frame, tables, "targets", "due_on")
    ends = referred(frame, tables, "outcomes", "period_end")
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


@record_rule(
    RULES,
    {"assessments": "bound"},
    needs=("targets", "outcomes", "indicators"),
    message="an outcome of another day bounds the promise as {bound}, which its day rules out",
    hint="of a running total or a flow an earlier figure is at_least, a later one at_most; "
    "shares, growth rates and levels may fall again, so that another day bounds nothing",
)
def bound_by_another_day(frame: pd.DataFrame, tables: Tables) -> pd.Series[Any]:
    """One rule for figures from before and after the due day: what only grows bounds itself."""
    due = referred(frame, tables, "targets", "due_on")
    ends = referred(frame, tables, "outcomes", "period_end")
    indicator = referred(frame, tables, "outcomes", "indicator_id")
    measure = looked_up(indicator, tables["indicators"], "indicator_id", "measure")
    before = (last_days(ends) < first_days(due)).fillna(False)
    after = (first_days(ends) > last_days(due)).fillna(False)
    grows = measure.isin(["stock", "flow"])
    wrong = (before & (frame["bound"] == "at_most")) | (after & (frame["bound"] == "at_least"))
    other_day = (before | after) & frame["bound"].notna()
    return ~(wrong.fillna(False) | (other_day & ~grows)).astype(bool)


@record_rule(
    RULES,
    {"searches": "found"},
    needs=("assessments",),
    message="the search found {found}, and a fully comparable outcome is known",
    hint="remove the search, or correct the assessment",
)
def search_for_what_is_known(frame: pd.DataFrame, tables: Tables) -> pd.Series[Any]:
    """What is fully answered was not searched for in vain."""
    assessments = tables["assessments"]
    full = assessments.loc[assessments["comparability"] == "full", "target_id"]
    return ~frame["target_id"].isin(full)


def _not_full(frame: pd.DataFrame) -> pd.Series[Any]:
    return (frame["comparability"] != "full").fillna(True).astype(bool)
