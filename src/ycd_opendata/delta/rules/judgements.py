"""Rules about our tables that came with version 2: units, bounds, searches, days, languages."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from ycd_opendata.delta.rules.lookups import (
    answers,
    equal_where_known,
    first_days,
    ids_of,
    last_days,
    looked_up,
    not_after,
    side_by_side,
)
from ycd_opendata.extension import RecordRule, Tables, record_rule

if TYPE_CHECKING:
    import pandas as pd

RULES: list[RecordRule] = []

_MOST_YEARS_LATE = 6
"""How long after its due year a document may still be the source of a target."""

_MOST_YEARS_AHEAD = 30

_NAMED = {
    "indicators": ("name_zh", "name_en"),
    "initiatives": ("name_zh", "name_en"),
    "dates": ("title_zh", "title_en"),
}


@record_rule(
    RULES,
    {"units": "base_unit_id"},
    message="the base unit {base_unit_id} of {unit_id} with the factor {factor} is no base unit",
    hint="a base unit names itself, with the factor 1; every other unit names a base unit",
)
def base_unit_of_another(frame: pd.DataFrame, _: Tables) -> pd.Series[Any]:
    """Units convert in one step: the base of every unit is a base unit."""
    base = looked_up(frame["base_unit_id"], frame, "unit_id", "base_unit_id")
    own = equal_where_known(frame["unit_id"], frame["base_unit_id"])
    fits = (frame["factor"] == 1).where(own, frame["factor"] > 0) | frame["factor"].isna()
    return equal_where_known(base, frame["base_unit_id"]) & fits


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
    due = looked_up(frame["target_id"], tables["targets"], "target_id", "due_on")
    ends = looked_up(frame["outcome_id"], tables["outcomes"], "outcome_id", "period_end")
    indicator = looked_up(frame["outcome_id"], tables["outcomes"], "outcome_id", "indicator_id")
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


@record_rule(
    RULES,
    {"second_readings": "id"},
    needs=("initiatives", "targets", "outcomes", "dates"),
    message="the table {table} has no record {id} with a field {field}",
    hint="name a record that exists, and one of its fields",
)
def second_reading_of_nothing(frame: pd.DataFrame, tables: Tables) -> pd.Series[Any]:
    """A second reading is of a field of a record."""
    ids = ids_of(tables)
    rows = side_by_side(frame["table"], frame["id"], frame["field"])
    return answers(
        [
            name not in tables or (id_ in ids[name] and field in tables[name].columns)
            for name, id_, field in rows
        ],
        frame,
    )


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
    published = looked_up(frame["source_id"], tables["sources"], "source_id", "published_on")
    starts = looked_up(frame["initiative_id"], tables["initiatives"], "initiative_id", "starts_on")
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
    published = looked_up(frame["source_id"], tables["sources"], "source_id", "published_on")
    return not_after(first_days(frame["period_end"]), last_days(published))


@record_rule(
    RULES,
    {"glossary": "term_en"},
    message="the English term {term_en} stands for another Chinese term already",
    hint="one Chinese term has one English term: choose another, or join the two rows",
)
def english_term_repeated(frame: pd.DataFrame, _: Tables) -> pd.Series[Any]:
    """No English term stands for two Chinese ones."""
    return ~frame["term_en"].str.lower().duplicated() | frame["term_en"].isna()


@record_rule(
    RULES,
    {table: english for table, (_, english) in _NAMED.items()},
    needs=("glossary",),
    message="the name does not call a term what the glossary calls it",
    hint="use the English term, or a short form, that the table glossary has for the Chinese one",
)
def term_not_as_in_glossary(frame: pd.DataFrame, tables: Tables) -> pd.Series[Any]:
    """One Chinese term has one English term; the longest term that a name contains counts."""
    glossary = tables["glossary"].sort_values(
        "term_zh", key=lambda terms: -terms.str.len(), kind="stable"
    )
    shorts = glossary["short_forms"].fillna("")
    forms = {
        chinese: [_stem(form) for form in [english, *short.split(";")] if form.strip()]
        for chinese, english, short in side_by_side(
            glossary["term_zh"], glossary["term_en"], shorts
        )
        if isinstance(chinese, str) and isinstance(english, str)
    }
    name_zh, name_en = next(pair for pair in _NAMED.values() if pair[0] in frame)
    pairs = side_by_side(frame[name_zh], frame[name_en])
    return answers([_agrees(chinese, english, forms) for chinese, english in pairs], frame)


def _agrees(chinese: object, english: object, forms: dict[str, list[str]]) -> bool:
    if not isinstance(chinese, str) or not isinstance(english, str):
        return True
    stemmed = _stem(english)
    for term, allowed in forms.items():
        if term in chinese:
            chinese = chinese.replace(term, " ")
            if not any(form in stemmed for form in allowed):
                return False
    return True


def _stem(text: str) -> str:
    """English words without capitals, hyphens and the endings of the plural."""
    words = re.split(r"[\s-]+", text.strip().lower())
    return " ".join(
        re.sub(r"(?<!s)s(?=\W*$)", "", re.sub(r"ies(?=\W*$)", "y", each)) for each in words
    )
