"""The profile of a policy field: its targets and their verdicts, its outcomes, its best series."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from ycd_opendata.delta.site.figures_over_time import chart_of
from ycd_opendata.delta.site.indicator_pages import inline
from ycd_opendata.delta.site.making import SCOREBOARD, Maker
from ycd_opendata.site.packed_rows import Row
from ycd_opendata.site.wording import Words

_MOST_INDICATORS = 30


@dataclass(frozen=True)
class FieldIndicator:
    """An indicator of a field, and how many figures it has."""

    name: Words
    href: str
    number: int


def targets_of_field(make: Maker, field: str) -> Sequence[Row]:
    """The rows of the scoreboard of a field and those below it, as its filter finds them."""
    rows = make.content.tables[SCOREBOARD].rows
    return [row for row in rows if field in make.field_values(row["domain_id"])]


def indicators_of_field(make: Maker, field: str) -> Sequence[str]:
    """The indicators of a field and those below it, the ones known for most regions first."""
    numbers, regions = _numbers(make), _regions(make)

    def rank(key: str) -> tuple[int, int, str]:
        return -regions.get(key, 0), -numbers.get(key, 0), key

    return sorted(_keys(make, field), key=rank)


def _keys(make: Maker, field: str) -> Sequence[str]:
    return [
        row["indicator_id"]
        for row in make.content.tables["indicators"].rows
        if field in make.field_values(row["domain_id"])
    ]


def outcomes_of_field(make: Maker, field: str) -> Sequence[Row]:
    """The outcomes of the indicators of a field, the newest first."""
    by_indicator = make.content.tables["outcomes"].grouped("indicator_id")
    rows = [row for key in _keys(make, field) for row in by_indicator.get(key, ())]
    return sorted(rows, key=lambda row: row["period_end"], reverse=True)


def field_shown(make: Maker, field: str) -> Mapping[str, Any]:
    """What the template of a field's page is given: indicators, and the chart of the best known."""
    keys, numbers = indicators_of_field(make, field), _numbers(make)
    return {
        "field_indicators": tuple(
            FieldIndicator(
                make.name("indicators", key), make.link("indicators", key), numbers.get(key, 0)
            )
            for key in keys[:_MOST_INDICATORS]
        ),
        "field_indicators_count": len(keys),
        "best_known": _best_known(make, keys, "../"),
    }


@dataclass(frozen=True)
class BestKnown:
    """The chart of an indicator, and the page with all about it."""

    title: str
    href: str
    chart: Markup


def _best_known(make: Maker, keys: Iterable[str], prefix: str) -> BestKnown | None:
    """The first indicator of some that a chart can be made of.

    ``prefix`` leads from the page to the folder of the language.
    """
    for key in keys:
        chart = chart_of(make, key)
        if chart is not None:
            return BestKnown(chart.title, make.link("indicators", key), inline(chart, prefix))
    return None


def best_known_of_all(make: Maker, prefix: str) -> BestKnown | None:
    """The indicator that most figures are known of."""
    numbers = _numbers(make)
    return _best_known(make, sorted(numbers, key=lambda key: (-numbers[key], key)), prefix)


def _regions(make: Maker) -> Mapping[str, int]:
    grouped = make.content.tables["series"].grouped("indicator_id")
    return {key: len({row["region_id"] for row in rows}) for key, rows in grouped.items()}


def _numbers(make: Maker) -> Mapping[str, int]:
    grouped = make.content.tables["series"].grouped("indicator_id")
    return {key: len(rows) for key, rows in grouped.items()}
