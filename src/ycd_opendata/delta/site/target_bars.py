"""A target against its outcomes, as bars on one scale: the small chart of a target's page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation

from ycd_opendata.delta.site.figure_words import figure_words
from ycd_opendata.delta.site.making import Maker
from ycd_opendata.site.packed_rows import Row
from ycd_opendata.site.wording import Words


@dataclass(frozen=True)
class Bar:
    """A figure: where its bar starts and how wide it is, in percent of the scale.

    ``kind`` is "baseline", "outcome" or "target"; ``upper`` is the further width of a range. A
    figure in another unit has no bar: its ``width`` is empty.
    """

    kind: str
    date: str
    figure: tuple[Words, ...]
    href: str
    start: str
    width: str
    upper: str
    comparability: str
    relation: Words
    reason: Words


@dataclass(frozen=True)
class Bars:
    """The bars of a target by date; ``mark`` is where its figure lies, in percent."""

    rows: tuple[Bar, ...]
    mark: str


@dataclass(frozen=True)
class _Figure:
    kind: str
    date: str
    words: tuple[Words, ...]
    low: Decimal
    high: Decimal
    drawn: bool = True
    href: str = ""
    comparability: str = ""
    reason: Words = field(default=Words(""))


def bars_of(make: Maker, target: Row) -> Bars | None:
    """The bars of a target; None where there is nothing that it can be drawn against."""
    figures = sorted(_figures(make, target), key=lambda each: (each.date, each.kind == "target"))
    if len(figures) < 2 or all(each.kind != "target" for each in figures):
        return None
    drawn = [each for each in figures if each.drawn]
    bottom = min(Decimal(0), *(each.low for each in drawn))
    span = max(Decimal(0), *(each.high for each in drawn)) - bottom
    if not span:
        return None

    def percent(value: Decimal) -> str:
        return f"{100 * value / span:.2f}"

    rows = []
    for each in figures:
        start, end = min(each.low, Decimal(0)), max(each.low, Decimal(0))
        places = (start - bottom, end - start, each.high - each.low)
        shown = [percent(place) if each.drawn else "" for place in places]
        category = make.category("assessments", "comparability", each.comparability)
        rows.append(
            Bar(
                each.kind,
                make.wording.date(each.date),
                each.words,
                each.href,
                shown[0],
                shown[1],
                shown[2],
                each.comparability,
                category.words[0],
                each.reason,
            )
        )
    [promised] = [each for each in figures if each.kind == "target"]
    return Bars(tuple(rows), percent(promised.low - bottom))


def _figures(make: Maker, target: Row) -> Iterator[_Figure]:
    """The target, its baseline, and the outcomes that bear on it."""
    indicator = target["indicator_id"]
    unit = make.unit(indicator)
    yield from _figure(make, "target", target["due_on"], target, "value", "value_upper")
    if target["baseline_value"]:
        yield from _figure(make, "baseline", target["baseline_on"], target, "baseline_value", "")
    tables = make.content.tables
    held = {
        each["outcome_id"]: each
        for each in tables["assessments"].grouped("target_id").get(target["target_id"], ())
    }
    same = tables["outcomes"].grouped("indicator_id").get(indicator, ())
    rows = {row["outcome_id"]: row for row in same if row["region_id"] == target["region_id"]} | {
        key: make.content.row("outcomes", key) for key in held
    }
    for key, row in rows.items():
        row_unit = make.unit(row.get("indicator_id", ""))
        assessment = held.get(key, {})
        for each in _figure(make, "outcome", row["period_end"], row, "value", "value_upper"):
            yield replace(
                each,
                drawn=row_unit == unit,
                href=make.link("outcomes", key),
                comparability=assessment.get("comparability", ""),
                reason=make.wording.pair(assessment, "reason"),
            )


def _figure(
    make: Maker, kind: str, date: str, row: Row, value: str, upper: str
) -> Iterator[_Figure]:
    """One figure, if its text is a number."""
    unit = make.unit(row["indicator_id"])
    comparator = "eq" if kind == "baseline" else row["comparator"]
    try:
        low = Decimal(row[value])
        high = Decimal(row[upper]) if upper and row[upper] else low
    except InvalidOperation:
        return
    if low.is_finite() and high.is_finite() and high >= low:
        words = figure_words(
            make.wording, comparator, row[value], row[upper] if upper else "", unit
        )
        yield _Figure(kind, date, words, low, high)
