"""What our data are about, as metadata standards ask: languages, places, years, variables."""

from __future__ import annotations

from collections.abc import Iterator

from ycd_opendata.delta.coverage import COUNTED
from ycd_opendata.extension import Load, Place, Subject, Variable
from ycd_opendata.package.model import Package

_WIDE_LEVELS = ("delta", "province")


def subject(package: Package, load: Load) -> Subject:
    """The languages, places, years and variables of our tables."""
    return Subject(
        languages=("zh", "en"),
        places=tuple(_places(load)),
        period=_period(package, load),
        variables=tuple(_indicators(load)),
    )


def _period(package: Package, load: Load) -> tuple[str, str] | None:
    """The years of everything that was planned, promised, reported or held."""
    years: set[str] = set()
    for name in COUNTED:
        resource = package.resource(name)
        if resource is None or resource.schema is None:
            continue
        frame = load(name)
        for column in resource.schema.fields:
            if column.is_partial_date:
                years |= set(frame[column.name].dropna().str[:4])
    return (min(years), max(years)) if years else None


def _places(load: Load) -> Iterator[Place]:
    regions = load("regions")
    wide = regions[regions["level"].isin(_WIDE_LEVELS)]
    for row in wide.itertuples():
        yield Place(str(row.region_id), {"en": str(row.name_en), "zh": str(row.name_zh)})


def _indicators(load: Load) -> Iterator[Variable]:
    units = load("units")
    names_of = dict(zip(units["unit_id"], units["name_en"], strict=True))
    for row in load("indicators").itertuples():
        names = {"en": str(row.name_en), "zh": str(row.name_zh)}
        yield Variable(names, str(names_of[row.unit_id]))
