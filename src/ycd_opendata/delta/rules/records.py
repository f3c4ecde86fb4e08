"""Rules that hold of any record: its id, its periods, its place in a tree, its evidence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ycd_opendata.delta.rules.lookups import (
    ancestors,
    answers,
    ids_of,
    in_no_circle,
    looked_up,
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
    prefixes = looked_up(frame["region_id"], tables["regions"], "region_id", "id_prefix")
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
    announcing = looked_up(
        frame["initiative_id"], tables["initiatives"], "initiative_id", "region_id"
    )
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
