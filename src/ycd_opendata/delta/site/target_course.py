"""How a target went over time: its chart, and whether it was kept early, late or by a bound."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from ycd_opendata.delta.site.figure_words import figure_words
from ycd_opendata.delta.site.figures_over_time import (
    LEAST_FIGURES,
    axis_of,
    chart_with,
    drawn_rows,
    group_of,
    series_of,
)
from ycd_opendata.delta.site.indicator_figures import is_number
from ycd_opendata.delta.site.making import DECIDED, SCOREBOARD, Maker
from ycd_opendata.delta.verdicts import ABOUT, Range, is_met, range_of
from ycd_opendata.partial_dates import day_bounds, last_day
from ycd_opendata.site.charts.time_chart import TimeChart, TimePoint, TimeSeries
from ycd_opendata.site.packed_rows import Row
from ycd_opendata.site.wording import joined

_REACHED_ON_A_DAY = ("stock", "level", "share")
"""Measures of which a figure from before or after the due day says that the goal was reached."""


def target_chart(make: Maker, target: Row) -> TimeChart | None:
    """The target at its due day among the figures of its indicator in its region.

    Figures of another indicator that the target is held against are a line of their own, if
    their unit is the same. None where nothing lies at another time than the rest.
    """
    key, indicator = target["target_id"], target["indicator_id"]
    own = [
        row
        for row in make.series(indicator)
        if row["region_id"] == target["region_id"]
        and (row["kind"] == "outcome" or row["record_id"] == key)
    ]
    own, others = drawn_rows(own), drawn_rows(list(_held_elsewhere(make, target, own)))
    days = {row["last_day"] for row in (*own, *others)}
    has_base = bool(target["baseline_on"]) and is_number(target["baseline_value"])
    if has_base:
        days.add(last_day(target["baseline_on"]).isoformat())
    if not any(row["kind"] == "target" for row in own) or len(days) < LEAST_FIGURES:
        return None
    divisor, unit = axis_of(make, indicator, [*own, *others])
    first = series_of(make, make.name("regions", target["region_id"]).text, own, divisor)
    if has_base:
        base = _baseline(make, target, own[0], divisor)
        first = replace(first, points=tuple(sorted((base, *first.points), key=lambda p: p.day)))
    title = make.wording.text(
        "record.chart_title", indicator=make.name("indicators", indicator).text
    )
    return chart_with(make, title, unit, (first, *_related(make, others, divisor)))


def _held_elsewhere(make: Maker, target: Row, own: Sequence[Row]) -> Iterator[Row]:
    """The outcomes of other indicators or regions that a target is held against, in its unit."""
    tables, known = make.content.tables, {row["record_id"] for row in own}
    for each in tables["assessments"].grouped("target_id").get(target["target_id"], ()):
        outcome = make.content.row("outcomes", each["outcome_id"])
        other = outcome.get("indicator_id", "")
        if each["outcome_id"] in known or make.unit(other) != make.unit(target["indicator_id"]):
            continue
        for row in make.series(other):
            if row["kind"] == "outcome" and row["record_id"] == each["outcome_id"]:
                yield row


def _related(make: Maker, rows: Sequence[Row], divisor: float) -> Iterator[TimeSeries]:
    """A line for each indicator and region of the figures from elsewhere."""
    groups: dict[str, list[Row]] = {}
    for row in rows:
        name = make.name("indicators", row["indicator_id"]).text
        groups.setdefault(name, []).append(row)
    for name, inside in groups.items():
        yield series_of(make, name, inside, divisor)


def _baseline(make: Maker, target: Row, like: Row, divisor: float) -> TimePoint:
    """The figure from which the target starts, as its own source gives it."""
    wording, value = make.wording, target["baseline_value"]
    unit = make.unit(target["indicator_id"])
    figure = joined(figure_words(wording, "eq", value, "", unit))
    said = (wording.date(target["baseline_on"]), figure, wording.text("record.of_baseline"))
    amount = float(value) / divisor
    return TimePoint(
        day=last_day(target["baseline_on"]),
        low=amount,
        high=amount,
        bound="about",
        group=group_of(like),
        is_second=False,
        href="",
        label=wording.text("site.comma").join(said),
    )


def course_notes(make: Maker, target: Row) -> Iterator[str]:
    """Whether a target was kept before its day, at it or after it, in words."""
    verdict = make.content.row(SCOREBOARD, target["target_id"])["verdict"]
    if verdict == "not_yet_due":
        yield from _on_the_way(make, target)
    if verdict not in DECIDED or not target["due_on"]:
        return
    reached = _first_reaching(make, target)
    if reached is None:
        return
    due, day = target["due_on"], date.fromisoformat(reached["last_day"])
    starts, ends = day_bounds(due)
    if verdict == "missed":
        name = "late" if day > ends else ""
    else:
        name = "early" if day < starts else "in_time" if day <= ends else ""
    if name:
        outcome = make.content.row("outcomes", reached["record_id"])
        figure = make.figure(outcome, reached["indicator_id"]).words
        yield make.wording.text(
            f"course.{name}",
            figure=joined(figure),
            when=make.wording.period(outcome["period_start"], outcome["period_end"]),
        )


def _on_the_way(make: Maker, target: Row) -> Iterator[str]:
    """Where a target stands that is not yet due: its latest figure, and what an even pace needs."""
    row = make.content.row("outlooks", target["target_id"])
    if not row:
        return
    answer = row["outlook"]
    shown: dict[str, str] = {}
    if answer != "too_few_figures":
        outcome = make.content.row("outcomes", row["latest_outcome_id"])
        words = make.figure(outcome, target["indicator_id"]).words
        shown["latest"] = joined(words)
        shown["when"] = make.wording.period(outcome["period_start"], outcome["period_end"])
    if row["needed_value"]:
        # An even pace is a figure of thought: no more digits than it means anything with.
        needed, unit = f"{float(row['needed_value']):.3g}", make.unit(target["indicator_id"])
        needed = f"{float(needed):f}".rstrip("0").rstrip(".")
        words = figure_words(make.wording, "eq", needed, "", unit)
        shown["needed"] = joined(words)
    yield make.wording.text(f"course.{answer}", **shown)


def _first_reaching(make: Maker, target: Row) -> Row | None:
    """The earliest figure of the same indicator and region that keeps the promise."""
    indicator = make.content.row("indicators", target["indicator_id"])
    if indicator["measure"] not in _REACHED_ON_A_DAY or not is_number(target["value"]):
        return None
    upper = float(target["value_upper"]) if is_number(target["value_upper"]) else None
    promised = range_of(target["comparator"], float(target["value"]), upper, ABOUT)
    found = [
        row
        for row in drawn_rows(make.series(target["indicator_id"]))
        if row["kind"] == "outcome"
        and row["region_id"] == target["region_id"]
        and _keeps(promised, row, indicator["direction"])
    ]
    return min(found, key=lambda row: (row["last_day"], row["record_id"]), default=None)


def _keeps(promised: Range, row: Row, direction: str) -> bool:
    upper = float(row["value_upper"]) if is_number(row["value_upper"]) else None
    return bool(
        is_met(promised, range_of(row["comparator"], float(row["value"]), upper), direction)
    )
