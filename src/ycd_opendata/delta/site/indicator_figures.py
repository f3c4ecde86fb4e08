"""All figures of an indicator, reported and promised: as rows with sources, and as a chart."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from ycd_opendata.delta.site.figure_words import axis_unit, grouped
from ycd_opendata.delta.site.making import SCOREBOARD, Maker
from ycd_opendata.delta.site.region_order import regions_in_order
from ycd_opendata.site.charts.time_chart import TimeChart, TimeGoal, TimePoint, TimeSeries
from ycd_opendata.site.content import Row
from ycd_opendata.site.rendering import safe_url
from ycd_opendata.site.wording import Words

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
_LEAST_FIGURES = 2
_MOST_SERIES = 12


@dataclass(frozen=True)
class FigureRow:
    """A figure as the table beside the chart shows it."""

    kind: str
    region: Words
    region_key: str
    when: str
    figure: tuple[Words, ...]
    href: str
    verdict: str
    phrase: Words
    source: Words
    source_href: str
    url: str
    published: str
    preferred: bool


def figures_of(make: Maker, indicator_id: str) -> tuple[FigureRow, ...]:
    """The figures of an indicator, provinces before cities, then by time."""
    rows = make.content.tables["series"].grouped("indicator_id").get(indicator_id, ())
    order = {region: place for place, region in enumerate(regions_in_order(make.content, rows))}
    ordered = sorted(
        rows,
        key=lambda row: (order[row["region_id"]], row["last_day"], row["kind"], row["record_id"]),
    )
    return tuple(_figure_row(make, row) for row in ordered)


def _figure_row(make: Maker, row: Row) -> FigureRow:
    wording, is_target = make.wording, row["kind"] == "target"
    table = "targets" if is_target else "outcomes"
    record = make.content.row(table, row["record_id"])
    when = (
        wording.date(record["due_on"])
        if is_target
        else wording.period(record["period_start"], record["period_end"])
    )
    source = make.content.row("sources", row["source_id"])
    return FigureRow(
        kind=row["kind"],
        region=wording.pair(row, "region_name"),
        region_key=row["region_id"],
        when=when,
        figure=make.figure(record, row["indicator_id"]).words,
        href=make.link(table, row["record_id"]),
        verdict=make.content.row(SCOREBOARD, row["record_id"])["verdict"] if is_target else "",
        phrase=wording.source_words(record["phrase"]),
        source=make.name("sources", row["source_id"]),
        source_href=make.link("sources", row["source_id"]),
        url=safe_url(source.get("url", "")),
        published=wording.date(source.get("published_on", "")),
        preferred=is_preferred(row),
    )


def chart_of(make: Maker, indicator_id: str, title: str) -> TimeChart | None:
    """The chart of an indicator; None where there are too few figures with a day."""
    rows = make.content.tables["series"].grouped("indicator_id").get(indicator_id, ())
    drawn = [row for row in rows if row["last_day"] and is_number(row["value"])]
    if len(drawn) < _LEAST_FIGURES:
        return None
    largest = max(abs(float(row["value_upper"] or row["value"])) for row in drawn)
    divisor, unit = axis_unit(make.wording, make.unit(indicator_id), largest)
    by_region = {
        region: [row for row in drawn if row["region_id"] == region]
        for region in regions_in_order(make.content, drawn)
    }
    if len(by_region) > _MOST_SERIES:
        # Those with the longest series can be told apart; the table has all.
        kept = sorted(by_region, key=lambda region: -len(by_region[region]))[:_MOST_SERIES]
        by_region = {region: rows for region, rows in by_region.items() if region in kept}
    series = tuple(_series(make, region, inside, divisor) for region, inside in by_region.items())
    return TimeChart(
        name="chart",
        title=title,
        alternative=_alternative(make, series, title),
        unit=unit.text,
        lang=make.wording.lang,
        series=series,
        amount=lambda value: grouped(f"{value:.10g}"),
    )


def is_number(text: str) -> bool:
    """Whether a cell is a number that can be drawn."""
    try:
        return math.isfinite(float(text))
    except ValueError:
        return False


def is_preferred(row: Row) -> bool:
    """Whether a figure of the table of series is the preferred one of its cell."""
    return row["preferred"].lower() == "true"


def _series(make: Maker, region: str, rows: Sequence[Row], divisor: float) -> TimeSeries:
    ordered = sorted(rows, key=lambda row: (row["last_day"], row["record_id"]))
    [name] = make.named("regions", region).words
    return TimeSeries(
        name.text,
        tuple(_point(make, row, divisor) for row in ordered if row["kind"] == "outcome"),
        tuple(_goal(make, row, divisor) for row in ordered if row["kind"] == "target"),
    )


def _ends(row: Row, divisor: float) -> tuple[float, float]:
    low = float(row["value"]) / divisor
    high = float(row["value_upper"]) / divisor if is_number(row["value_upper"]) else low
    return low, high


def _group(row: Row) -> str:
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
        group="" if is_second else _group(row),
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
        group=_group(row),
        look=look,
        sign=sign,
        href=make.link("targets", row["record_id"]),
        label=_label(make, row, said),
    )


def _label(make: Maker, row: Row, said: str) -> str:
    """A figure in words: region, when, how much, and whether it was reported or promised."""
    shown = _figure_row(make, row)
    figure = "".join(each.text for each in shown.figure)
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


def variants_of(make: Maker, indicator_id: str) -> Iterator[tuple[Words, str, int]]:
    """The other indicators of a family: their names, pages, and how many figures they have."""
    tables = make.content.tables
    row = make.content.row("indicators", indicator_id)
    for other in tables["indicators"].grouped("family").get(row.get("family", ""), ()):
        key = other["indicator_id"]
        if key != indicator_id:
            number = len(tables["series"].grouped("indicator_id").get(key, ()))
            yield make.wording.pair(other, "name"), make.link("indicators", key), number


def series_rows(rows: Sequence[Row]) -> list[Mapping[str, str | None]]:
    """The figures of an indicator as data, nothing being null."""
    return [{name: cell or None for name, cell in row.items()} for row in rows]
