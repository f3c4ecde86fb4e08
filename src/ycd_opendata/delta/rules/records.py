"""Rules of any record, of names and of trees: what no single record tells, or no SQL can."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from ycd_opendata.delta.rules.lookups import (
    ancestors,
    answers,
    equal_where_known,
    ids_of,
    in_no_circle,
    looked_up,
    referred,
    side_by_side,
)
from ycd_opendata.extension import RecordRule, Tables, record_rule

if TYPE_CHECKING:
    import pandas as pd

RULES: list[RecordRule] = []

_ID_FIELDS = {
    "sources": "source_id",
    "initiatives": "initiative_id",
    "targets": "target_id",
    "outcomes": "outcome_id",
    "dates": "date_id",
}
_EVIDENCE_OF = ("initiative_id", "target_id", "outcome_id", "date_id")
_NAMED = {
    "indicators": ("name_zh", "name_en"),
    "initiatives": ("name_zh", "name_en"),
    "dates": ("title_zh", "title_en"),
}


@record_rule(
    RULES,
    _ID_FIELDS,
    needs=("regions",),
    message="the id does not start with the prefix of its region {region_id}",
    hint="start it with the region's id_prefix (see regions) and a hyphen",
)
def id_without_region_prefix(frame: pd.DataFrame, tables: Tables) -> pd.Series[Any]:
    """An id starts with its region's prefix."""
    ids = frame.iloc[:, 0]
    prefixes = referred(frame, tables, "regions", "id_prefix")
    holds = [
        not isinstance(prefix, str) or not isinstance(id_, str) or id_.startswith(f"{prefix}-")
        for id_, prefix in side_by_side(ids, prefixes)
    ]
    return answers(holds, frame)


@record_rule(
    RULES,
    {"regions": "parent_id", "domains": "parent_id"},
    message="the parent {parent_id} is the record itself or one below it",
    hint="a tree has no circle: correct the parent, or leave it empty at the top",
)
def parent_in_a_circle(frame: pd.DataFrame, _: Tables) -> pd.Series[Any]:
    """Nothing is its own ancestor."""
    return in_no_circle(frame.iloc[:, 0], frame["parent_id"])


@record_rule(
    RULES,
    {"targets": "region_id"},
    needs=("initiatives", "regions"),
    message="the region {region_id} is not inside that of the initiative {initiative_id}",
    hint="a target is for its initiative's region, or for a part of it",
)
def region_outside_initiative(frame: pd.DataFrame, tables: Tables) -> pd.Series[Any]:
    """The region of a target is its initiative's, or inside it."""
    regions = tables["regions"].dropna(subset=["region_id", "parent_id"])
    parents = dict(side_by_side(regions["region_id"], regions["parent_id"]))
    announcing = referred(frame, tables, "initiatives", "region_id")
    holds = [
        not isinstance(region, str)
        or not isinstance(above, str)
        or above in ancestors(region, parents)
        for region, above in side_by_side(frame["region_id"], announcing)
    ]
    return answers(holds, frame)


@record_rule(
    RULES,
    {"evidence": "evidence_id"},
    message="the evidence is for {initiative_id} {target_id} {outcome_id} {date_id}, not for one",
    hint="fill exactly one of initiative_id, target_id, outcome_id and date_id",
)
def evidence_not_for_one_record(frame: pd.DataFrame, _: Tables) -> pd.Series[Any]:
    """Evidence bears on exactly one record."""
    return frame[list(_EVIDENCE_OF)].notna().sum(axis=1) == 1


@record_rule(
    RULES,
    {"retired_ids": "id"},
    needs=(*_ID_FIELDS, "regions", "domains", "units", "indicators", "evidence"),
    message="the id {id} is still used in the table {table}",
    hint="an id is retired or used, never both: remove one of the two records",
)
def retired_id_in_use(frame: pd.DataFrame, tables: Tables) -> pd.Series[Any]:
    """A retired id is gone from its table."""
    return ~_in_table(frame, "id", tables)


@record_rule(
    RULES,
    {"retired_ids": "replaced_by"},
    needs=(*_ID_FIELDS, "regions", "domains", "units", "indicators", "evidence"),
    message="the replacement {replaced_by} is not in the table {table}",
    hint="name the id that took its place, or leave the cell empty",
)
def replacement_unknown(frame: pd.DataFrame, tables: Tables) -> pd.Series[Any]:
    """What replaces a retired id exists."""
    known = _in_table(frame, "replaced_by", tables)
    return known | frame["replaced_by"].isna()


def _in_table(frame: pd.DataFrame, column: str, tables: Tables) -> pd.Series[Any]:
    """Whether the id in a column is the key of a record of the table that the row names."""
    used = ids_of(tables)
    pairs = side_by_side(frame["table"], frame[column])
    return answers([id_ in used.get(name, ()) for name, id_ in pairs], frame)


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
    {"indicators": "scope_en"},
    message="another indicator has the same name, unit, price basis and scope {scope_en}",
    hint="use the other one, or say in scope_en what differs",
)
def indicator_repeated(frame: pd.DataFrame, _: Tables) -> pd.Series[Any]:
    """Indicators that are told apart differ in something that a reader can see."""
    return ~frame.duplicated(["name_en", "unit_id", "measure", "price_basis", "scope_en"])


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
