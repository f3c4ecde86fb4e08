"""The scoreboard: each target, the outcome that it is held against, the verdict, the sources.

Derived from the tables, never typed. Its columns are described in ``schemas/scoreboard.json``.
The verdict depends on the figures and on the day of the release, so one release always gives
one scoreboard.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import TYPE_CHECKING

from ycd_opendata.loader.bounds import bounds_frame
from ycd_opendata.loader.verdicts import verdict
from ycd_opendata.package.files import read_json, resolve_inside
from ycd_opendata.package.model import Package, Resource
from ycd_opendata.package.reading import parse_schema

if TYPE_CHECKING:
    import pandas as pd

NAME = "scoreboard"

_MOST_COMPARABLE_FIRST = {"full": 0, "partial": 1, "none": 2}


def resource_of(package: Package) -> Resource:
    """The scoreboard described like any other table; it has no file of its own."""
    text = f"schemas/{NAME}.json"
    schema = parse_schema(read_json(resolve_inside(package.root, text, text), text))
    title, description = schema.raw["title"], schema.raw["description"]
    return Resource(NAME, title, description, (), "utf-8", schema, {}, {"name": NAME})


def scoreboard(package: Package, load: Callable[[str], pd.DataFrame]) -> pd.DataFrame:
    """Compute the scoreboard.

    Parameters
    ----------
    package : Package
        The package; its ``created`` day decides what is not yet due.
    load : callable
        Gives the typed frame of a table by its name.

    Returns
    -------
    pandas.DataFrame
        One row a target, sorted by ``target_id``, typed by ``schemas/scoreboard.json``.
    """
    sources = load("sources")[["source_id", "title_zh", "title_en", "url", "reliability"]]
    sources = _prefixed(sources, "source_", key="source_id")
    outcomes = load("outcomes").drop(columns=["region_id", "indicator_id", "locator"])
    outcomes = _prefixed(
        outcomes.merge(sources, on="source_id", how="left"), "outcome_", key="outcome_id"
    )
    frame = load("targets").merge(sources, on="source_id", how="left")
    for one, columns in (
        ("region", ["name_zh", "name_en"]),
        ("initiative", ["name_zh", "name_en"]),
        ("indicator", ["name_zh", "name_en", "unit", "scope_en", "direction"]),
    ):
        names = {"name_zh": f"{one}_name_zh", "name_en": f"{one}_name_en"}
        named = load(f"{one}s")[[f"{one}_id", *columns]].rename(columns=names)
        frame = frame.merge(named, on=f"{one}_id", how="left")
    frame = frame.merge(_held_against(load("assessments")), on="target_id", how="left")
    frame = frame.merge(outcomes, on="outcome_id", how="left").sort_values("target_id")

    today = datetime.date.fromisoformat(package.created[:10])
    plain = frame.astype(object).where(frame.notna(), None)
    cells = plain.itertuples(index=False, name=None)
    verdicts = [verdict(dict(zip(plain.columns, row, strict=True)), today) for row in cells]
    frame = frame.assign(verdict=verdicts).astype({"verdict": "string"})
    schema = resource_of(package).schema
    assert schema is not None
    for field in schema.fields:
        if field.is_partial_date:
            bounds = bounds_frame(frame[field.name])
            frame[f"{field.name}_earliest"] = bounds["earliest"]
            frame[f"{field.name}_latest"] = bounds["latest"]
    return frame[list(schema.field_names)].reset_index(drop=True)


def _prefixed(frame: pd.DataFrame, prefix: str, key: str) -> pd.DataFrame:
    """The frame with every column's name prefixed but the key's."""
    return frame.rename(columns={name: prefix + name for name in frame.columns if name != key})


def _held_against(assessments: pd.DataFrame) -> pd.DataFrame:
    """The one assessment of each target that the scoreboard shows: the most comparable."""
    ordered = assessments.assign(rank=assessments["comparability"].map(_MOST_COMPARABLE_FIRST))
    ordered = ordered.sort_values(["rank", "outcome_id"])
    return ordered.drop_duplicates("target_id").drop(columns="rank")
