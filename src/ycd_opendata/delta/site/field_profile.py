"""The profile of a policy field: its targets and their verdicts, its outcomes, its best series."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from ycd_opendata.delta.site.figures_over_time import chart_of
from ycd_opendata.delta.site.indicator_pages import inline
from ycd_opendata.delta.site.making import SCOREBOARD, Maker
from ycd_opendata.site.packed_rows import Row, in_order
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
    board = make.content.tables[SCOREBOARD]
    return board.grouped("domain_id", make.field_values).get(field, ())


def indicators_of_field(make: Maker, field: str) -> Sequence[str]:
    """The indicators of a field and those below it, the ones known for most regions first."""

    def rank(key: str) -> tuple[int, int, str]:
        return -make.region_counts.get(key, 0), -len(make.series(key)), key

    grouped = make.content.tables["indicators"].grouped("domain_id", make.field_values)
    return sorted((row["indicator_id"] for row in grouped.get(field, ())), key=rank)


def outcomes_of_field(make: Maker, field: str) -> Sequence[Row]:
    """The outcomes of the indicators of a field, the newest first."""
    grouped = make.content.tables["outcomes"].grouped("indicator_id", make.fields_of_indicator)
    return in_order(grouped.get(field, ()), lambda row: row["period_end"], reverse=True)


def field_shown(make: Maker, field: str) -> Mapping[str, Any]:
    """What the template of a field's page is given: indicators, and the chart of the best known."""
    keys = indicators_of_field(make, field)
    return {
        "field_indicators": tuple(
            FieldIndicator(
                make.name("indicators", key), make.link("indicators", key), len(make.series(key))
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
    grouped = make.content.tables["series"].grouped("indicator_id")
    return _best_known(make, sorted(grouped, key=lambda key: (-len(grouped[key]), key)), prefix)
