"""An extension of an invented data set, in another language: it uses every field there is.

It stands beside the tests and not in the folder of its package, where nothing would load it.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ycd_opendata.extension import (
    AsOf,
    CellRule,
    DerivedTable,
    Documents,
    Extension,
    GeneratedText,
    Load,
    Place,
    RecordRule,
    SiteAdditions,
    Subject,
    Tables,
    Variable,
)
from ycd_opendata.package.model import Package, Resource, Schema
from ycd_opendata.suggestion import Edit, Suggestion

if TYPE_CHECKING:
    import pandas as pd

    from ycd_opendata.site.rendering import Renderer


def repaired_once_lit(frame: pd.DataFrame, tables: Tables) -> pd.Series[Any]:
    """Nobody repairs a lighthouse that has not been lit."""
    lit = tables["lighthouses"].set_index("lighthouse_id")["lit_in"]
    return ~(frame["year"] < frame["lighthouse_id"].map(lit)).fillna(False)


def costs(load: Load, _: datetime.date) -> pd.DataFrame:
    """The sum of the repairs of each lighthouse."""
    sums = load("repairs").groupby("lighthouse_id")["custo"].sum()
    return sums.reset_index()


def costs_view(schema: Schema, released_on: str) -> str:
    """The same in SQL."""
    columns = ", ".join(schema.field_names)
    return (
        f"CREATE VIEW costs AS SELECT {columns} FROM (SELECT lighthouse_id, sum(custo) AS custo "
        f"FROM repairs WHERE year <= {released_on[:4]} GROUP BY lighthouse_id)"
    )


def known(day: datetime.date, package: Package, resource: Resource, load: Load) -> pd.DataFrame:
    """The repairs of the years up to a day."""
    frame = load(resource.name)
    if package.resource("repairs") != resource:
        return frame
    return frame.loc[frame["year"] <= day.year].reset_index(drop=True)


def all_known(day: datetime.date, package: Package, load: Load) -> Load:
    """Every table so."""

    def table(name: str) -> pd.DataFrame:
        resource = package.resource(name)
        assert resource is not None
        return known(day, package, resource, load)

    return table


def texts(_: Package, load: Load) -> tuple[GeneratedText, ...]:
    """The counts of the README."""
    counted = f"{len(load('lighthouses'))} faróis, {len(load('repairs'))} reparações.\n"
    return (GeneratedText("contagem", "Contagem", counted),)


def subject(_: Package, load: Load) -> Subject:
    """Where, when and what."""
    years = load("repairs")["year"]
    return Subject(
        languages=("pt",),
        places=(Place("costa", {"pt": "Costa inventada"}),),
        period=(str(years.min()), str(years.max())),
        variables=(Variable({"pt": "Altura dos faróis"}, "m"),),
    )


def tallest(page: Renderer) -> Mapping[str, str]:
    """What the front page says above everything else."""
    rows = page.content.tables["lighthouses"].rows
    return {"tallest": max(rows, key=lambda row: float(row["altura"]))["nome"]}


def to_look_at(_: Package, load: Load) -> Iterator[Suggestion]:
    """The lighthouses that were repaired once, as far as anybody knows."""
    counts = load("repairs")["lighthouse_id"].value_counts()
    for key in counts[counts == 1].index:
        yield Suggestion(
            "repair",
            key,
            f"repair:{key}",
            f"só uma reparação de {key}",
            edit=Edit("repairs", {}, {"repair_id": "r4", "lighthouse_id": key}),
            asks=("year", "custo"),
        )


EXTENSION = Extension(
    package="lighthouses",
    cell_rules=(
        CellRule(
            "shouted",
            lambda field: field.name == "nome",
            lambda text: not text.isupper(),
            "o nome {value} está em maiúsculas",
            "escreva-o em minúsculas",
        ),
    ),
    record_rules=(
        RecordRule(
            "repaired-before-lit",
            "repairs",
            "year",
            ("lighthouses",),
            "{lighthouse_id} foi reparado em {year}, antes de aceso",
            "corrija o ano",
            repaired_once_lit,
        ),
    ),
    derived_tables=(DerivedTable("costs", "schemas/costs.json", ("repairs",), costs, costs_view),),
    as_of=AsOf(known, all_known),
    documents=Documents(("README.md",), texts),
    subject=subject,
    suggestions=to_look_at,
    site=SiteAdditions(
        folder=Path(__file__).parent / "lighthouse_site",
        front=tallest,
        guides=Path(__file__).parent / "lighthouse_site" / "guides",
    ),
)
