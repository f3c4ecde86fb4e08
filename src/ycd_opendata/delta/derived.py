"""The tables that are computed when asked for or published, and never typed.

Each has a schema ``schemas/<name>.json`` and no file.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ycd_opendata.delta.grid import coverage_grid
from ycd_opendata.delta.outlook import outlooks
from ycd_opendata.delta.second_readings import agreement
from ycd_opendata.delta.series import series
from ycd_opendata.loader.scoreboard import scoreboard
from ycd_opendata.package.files import read_json, resolve_inside
from ycd_opendata.package.model import Package, Resource
from ycd_opendata.package.reading import parse_schema

if TYPE_CHECKING:
    import pandas as pd

Load = Callable[[str], "pd.DataFrame"]
"""Gives the typed frame of a table of the package by its name."""


@dataclass(frozen=True)
class Derived:
    """A derived table: what it is computed from, and how, as of a day."""

    needs: tuple[str, ...]
    compute: Callable[[Load, datetime.date], pd.DataFrame]


_FIGURES = ("indicators", "units", "regions", "sources", "targets", "outcomes")

DERIVED: Mapping[str, Derived] = {
    "scoreboard": Derived((*_FIGURES, "initiatives", "assessments", "searches"), scoreboard),
    "series": Derived(_FIGURES, series),
    "outlooks": Derived(_FIGURES, outlooks),
    "coverage": Derived((*_FIGURES, "searches"), coverage_grid),
    "agreement": Derived(("second_readings",), agreement),
}
"""The derived tables by name."""


def derived_resources(package: Package) -> dict[str, Resource]:
    """The derived tables that a package of ours has everything for, described like any other."""
    there = {each.name for each in package.resources}
    return {
        name: _resource(package, name)
        for name, each in DERIVED.items()
        if name not in there and there >= {*each.needs}
    }


def compute(package: Package, name: str, load: Load, today: datetime.date) -> pd.DataFrame:
    """A derived table as of a day, its columns those of its schema."""
    frame = DERIVED[name].compute(load, today)
    schema = _resource(package, name).schema
    assert schema is not None
    return frame[list(schema.field_names)].apply(_in_plain_digits)


def _in_plain_digits(column: pd.Series[Any]) -> pd.Series[Any]:
    """Figures to fifteen digits: a product of decimals has no noise behind them as a float has.

    A spreadsheet keeps no more of them either.
    """
    if column.dtype.kind != "f" or column.dtype != "float64":
        return column
    return column.map(lambda each: float(f"{each:.15g}"), na_action="ignore")


def _resource(package: Package, name: str) -> Resource:
    text = f"schemas/{name}.json"
    schema = parse_schema(read_json(resolve_inside(package.root, text, text), text))
    title, description = schema.raw["title"], schema.raw["description"]
    said = {
        key: text for key, text in schema.raw.items() if key.startswith(("title", "description"))
    }
    return Resource(name, title, description, (), "utf-8", schema, {}, {"name": name, **said})
