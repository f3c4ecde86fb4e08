"""Regions against regions: the latest figure of each, for one indicator and for many."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ycd_opendata.delta.site.figures_over_time import drawn_rows
from ycd_opendata.delta.site.indicator_figures import is_preferred
from ycd_opendata.delta.site.making import Maker, maker_of
from ycd_opendata.delta.site.region_order import regions_in_order
from ycd_opendata.site.packed_rows import Row
from ycd_opendata.site.rendering import Renderer, Text
from ycd_opendata.site.wording import Words, joined

COMPARE = "compare.html"

_WHOLE_YEARS = ("flow", "growth_rate")
"""Measures of which only figures of whole years can be set side by side."""

_SIGNS = {"ge": "≥", "gt": ">", "le": "≤", "lt": "<", "about": "≈"}

_LEAST_REGIONS = 2
_MOST_INDICATORS = 50
_WIDE = ("province", "delta")


@dataclass(frozen=True)
class RegionFigure:
    """The latest figure of a region: in words, and as a bar in percent of the widest one.

    ``signed`` is the figure with a sign in the place of words such as "at least".
    """

    region: str
    name: Words
    region_href: str
    figure: tuple[Words, ...]
    signed: str
    href: str
    when: str
    value: float
    start: str
    width: str


@dataclass(frozen=True)
class ComparedIndicator:
    """An indicator with the latest figure of each of some regions, in their order."""

    name: Words
    href: str
    cells: tuple[RegionFigure | None, ...]


@dataclass(frozen=True)
class ComparedField:
    """The indicators of a policy field that are compared: how many, and of many the first."""

    key: str
    name: Words
    count: int
    indicators: tuple[ComparedIndicator, ...]


def latest_rows(rows: Sequence[Row]) -> dict[str, Row]:
    """The latest preferred outcome of each region that can stand beside those of others."""
    found: dict[str, Row] = {}
    for row in drawn_rows(rows):
        is_short = row["measure"] in _WHOLE_YEARS and row["period_kind"] != "year"
        if row["kind"] != "outcome" or not is_preferred(row) or is_short:
            continue
        known = found.get(row["region_id"])
        if known is None or row["last_day"] > known["last_day"]:
            found[row["region_id"]] = row
    return found


def compared(make: Maker, indicator_id: str) -> tuple[RegionFigure, ...]:
    """The regions that an indicator is known for, provinces first; () where it is only one."""
    latest = latest_rows(make.series(indicator_id))
    return _figures(make, latest) if len(latest) >= _LEAST_REGIONS else ()


def _figures(make: Maker, latest: Mapping[str, Row]) -> tuple[RegionFigure, ...]:
    values = [float(row["value"]) for row in latest.values()]
    bottom, span = min(0.0, *values), max(0.0, *values) - min(0.0, *values)
    ordered = regions_in_order(make.content, tuple(latest.values()))
    return tuple(_figure(make, latest[region], bottom, span or 1.0) for region in ordered)


def _figure(make: Maker, row: Row, bottom: float, span: float) -> RegionFigure:
    value, region = float(row["value"]), row["region_id"]
    outcome = make.content.row("outcomes", row["record_id"])
    return RegionFigure(
        region=region,
        name=make.name("regions", region),
        region_href=make.link("regions", region),
        figure=make.figure(outcome, row["indicator_id"]).words,
        signed=_signed(make, outcome, row["indicator_id"]),
        href=make.link("outcomes", row["record_id"]),
        when=make.wording.period(outcome["period_start"], outcome["period_end"]),
        value=value,
        start=f"{100 * (min(value, 0.0) - bottom) / span:.2f}",
        width=f"{100 * abs(value) / span:.2f}",
    )


def _signed(make: Maker, outcome: Row, indicator_id: str) -> str:
    sign = _SIGNS.get(outcome["comparator"], "")
    plain = {**outcome, "comparator": "eq"} if sign else outcome
    return sign + joined(make.figure(plain, indicator_id).words)


def compare_page(page: Renderer) -> Text:
    """Every indicator that is known for several provinces, by field, with a column a province."""
    make = maker_of(page)
    regions = page.content.tables["regions"].rows
    wide = [row for row in regions if row.get("level") in _WIDE]
    columns = regions_in_order(page.content, wide)
    return page.page(
        COMPARE,
        COMPARE,
        columns=[(make.name("regions", each), make.link("regions", each)) for each in columns],
        fields=tuple(compared_fields(make, columns)),
    )


def compared_fields(make: Maker, columns: Sequence[str]) -> Iterator[ComparedField]:
    """The fields that have such indicators, and these: those with most first, in any language."""
    found: dict[str, list[tuple[int, str]]] = {}
    for key, rows in make.content.tables["series"].grouped("indicator_id").items():
        number = len(_latest_in(rows, columns))
        if number >= _LEAST_REGIONS:
            found.setdefault(rows[0]["domain_id"], []).append((-number, key))
    for field in sorted(found, key=lambda each: (-len(found[each]), each)):
        first = sorted(found[field])[:_MOST_INDICATORS]
        lines = tuple(_compared_indicator(make, key, columns) for _, key in first)
        yield ComparedField(field, make.name("domains", field), len(found[field]), lines)


def _latest_in(rows: Sequence[Row], regions: Sequence[str]) -> dict[str, Row]:
    return {region: row for region, row in latest_rows(rows).items() if region in regions}


def _compared_indicator(make: Maker, key: str, columns: Sequence[str]) -> ComparedIndicator:
    figures = _figures(make, _latest_in(make.series(key), columns))
    by_region = {each.region: each for each in figures}
    cells = tuple(by_region.get(each) for each in columns)
    return ComparedIndicator(make.name("indicators", key), make.link("indicators", key), cells)
