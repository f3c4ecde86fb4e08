"""Figures as the points and goals of charts over time, and the chart of an indicator."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from ycd_opendata.delta.site.figure_words import axis_unit, grouped
from ycd_opendata.delta.site.indicator_figures import figure_row, is_number, is_preferred
from ycd_opendata.delta.site.making import SCOREBOARD, Maker
from ycd_opendata.delta.site.region_order import regions_in_order
from ycd_opendata.site.charts.time_chart import TimeChart, TimeGoal, TimePoint, TimeSeries
from ycd_opendata.site.packed_rows import Row
from ycd_opendata.site.wording import Words, joined

_BOUNDS = {"ge": "up", "gt": "up", "le": "down", "lt": "down", "about": "about"}
_LOOKS = {
    "met": ("good", "✓"),
    "missed": ("bad", "✕"),
    "not_comparable": ("other", "≠"),
    "no_outcome": ("unknown", "?"),
    "not_yet_due": ("open", "…"),
}
"""How the mark of a target shows its verdict."""

_AT_A_DAY = ("stock", "level")
LEAST_FIGURES = 2
_MOST_SERIES = 12


def chart_of(make: Maker, indicator_id: str) -> TimeChart | None:
    """The chart of an indicator; None where there are too few figures with a day."""
    drawn = drawn_rows(make.series(indicator_id))
    if len(drawn) < LEAST_FIGURES:
        return None
    by_region = {
        region: [row for row in drawn if row["region_id"] == region]
        for region in regions_in_order(make.content, drawn)
    }
    if len(by_region) > _MOST_SERIES:
        # Those with the longest series can be told apart; the table has all.
        kept = sorted(by_region, key=lambda region: -len(by_region[region]))[:_MOST_SERIES]
        by_region = {region: rows for region, rows in by_region.items() if region in kept}
    divisor, unit = axis_of(make, indicator_id, drawn)
    series = tuple(
        series_of(make, make.name("regions", region).text, inside, divisor)
        for region, inside in by_region.items()
    )
    name = make.name("indicators", indicator_id).text
    return chart_with(make, make.wording.text("chart.title", indicator=name), unit, series)


def drawn_rows(rows: Sequence[Row]) -> list[Row]:
    """The figures that have a place in a chart: a day and a number."""
    return [row for row in rows if row["last_day"] and is_number(row["value"])]


def axis_of(make: Maker, indicator_id: str, rows: Sequence[Row]) -> tuple[float, Words]:
    """What the figures of an axis are divided by, and the unit that they are then in."""
    largest = max(abs(float(row["value_upper"] or row["value"])) for row in rows)
    return axis_unit(make.wording, make.unit(indicator_id), largest)


def chart_with(
    make: Maker, title: str, unit: Words, series: tuple[TimeSeries, ...], name: str = "chart"
) -> TimeChart:
    """A chart of some series; ``name`` is for ids, which are unique on a page."""
    return TimeChart(
        name=name,
        title=title,
        alternative=_alternative(make, series, title),
        unit=unit.text,
        lang=make.wording.lang,
        series=series,
        amount=lambda value: grouped(f"{value:.10g}"),
        month=lambda day: make.wording.date(f"{day:%Y-%m}"),
        credit=make.credit,
    )


def series_of(make: Maker, name: str, rows: Sequence[Row], divisor: float) -> TimeSeries:
    """Figures as one line of a chart, in the order of time."""
    ordered = sorted(rows, key=lambda row: (row["last_day"], row["record_id"]))
    return TimeSeries(
        name,
        tuple(_point(make, row, divisor) for row in ordered if row["kind"] == "outcome"),
        tuple(_goal(make, row, divisor) for row in ordered if row["kind"] == "target"),
    )


def _ends(row: Row, divisor: float) -> tuple[float, float]:
    low = float(row["value"]) / divisor
    high = float(row["value_upper"]) / divisor if is_number(row["value_upper"]) else low
    return low, high


def group_of(row: Row) -> str:
    """What a figure may be joined to: what holds at a day, or what is counted over a year."""
    if row["measure"] in _AT_A_DAY:
        return "day"
    return "year" if row["period_kind"] == "year" else ""


def _point(make: Maker, row: Row, divisor: float) -> TimePoint:
    low, high = _ends(row, divisor)
    is_second = not is_preferred(row)
    return TimePoint(
        day=date.fromisoformat(row["last_day"]),
        low=low,
        high=high,
        bound=_BOUNDS.get(row["comparator"], ""),
        group="" if is_second else group_of(row),
        is_second=is_second,
        href=make.link("outcomes", row["record_id"]),
        label=_label(make, row, make.wording.text("chart.reported")),
    )


def _goal(make: Maker, row: Row, divisor: float) -> TimeGoal:
    verdict = make.content.row(SCOREBOARD, row["record_id"])["verdict"]
    look, sign = _LOOKS[verdict]
    low, high = _ends(row, divisor)
    said = make.wording.text("chart.promised", verdict=make.wording.text(f"verdict.{verdict}"))
    return TimeGoal(
        day=date.fromisoformat(row["last_day"]),
        low=low,
        high=high,
        # Where it was kept there is no way left to go.
        group="" if verdict == "met" else group_of(row),
        look=look,
        sign=sign,
        href=make.link("targets", row["record_id"]),
        label=_label(make, row, said),
    )


def _label(make: Maker, row: Row, said: str) -> str:
    """A figure in words: region, when, how much, and whether it was reported or promised."""
    shown = figure_row(make, row)
    figure = joined(shown.figure)
    comma = make.wording.text("site.comma")
    return comma.join((shown.region.text, shown.when, figure, said))


def _alternative(make: Maker, series: Sequence[TimeSeries], title: str) -> str:
    """A chart in words: each figure of each region, in the order of time."""
    stop = make.wording.text("site.stop")
    said = [title]
    for each in series:
        both: Sequence[TimePoint | TimeGoal] = [*each.points, *each.goals]
        said += [point.label for point in sorted(both, key=lambda one: one.day)]
    return stop.join(said).strip()
