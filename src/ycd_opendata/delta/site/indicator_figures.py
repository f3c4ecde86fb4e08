"""All figures of an indicator, reported and promised, as rows with their sources."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ycd_opendata.delta.site.making import SCOREBOARD, Maker
from ycd_opendata.delta.site.region_order import regions_in_order
from ycd_opendata.site.packed_rows import Row
from ycd_opendata.site.wording import Words

_MOST_VARIANTS = 50


@dataclass(frozen=True)
class FigureRow:
    """A figure as the table beside the chart shows it."""

    kind: str
    region: Words
    when: str
    figure: tuple[Words, ...]
    href: str
    verdict: str
    phrase: Words
    source: Words
    source_href: str
    published: str


def figures_of(make: Maker, indicator_id: str) -> tuple[FigureRow, ...]:
    """The figures of an indicator, provinces before cities, then by time."""
    rows = make.series(indicator_id)
    order = {region: place for place, region in enumerate(regions_in_order(make.content, rows))}
    ordered = sorted(
        rows,
        key=lambda row: (order[row["region_id"]], row["last_day"], row["kind"], row["record_id"]),
    )
    return tuple(figure_row(make, row) for row in ordered)


def last_promises(figures: Sequence[FigureRow]) -> tuple[FigureRow, ...]:
    """The promise of each region that is due last; () where only one region promised anything."""
    found = {each.region: each for each in figures if each.kind == "target"}
    return tuple(found.values()) if len(found) > 1 else ()


def figure_row(make: Maker, row: Row) -> FigureRow:
    """A row of the table of series as the table beside the chart shows it."""
    kind = f"figure of {row['kind']}"
    return make.once(kind, row["record_id"], lambda: _figure_row(make, row))


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
        when=when,
        figure=make.figure(record, row["indicator_id"]).words,
        href=make.link(table, row["record_id"]),
        verdict=make.content.row(SCOREBOARD, row["record_id"])["verdict"] if is_target else "",
        phrase=wording.source_words(record["phrase"]),
        source=make.name("sources", row["source_id"]),
        source_href=make.link("sources", row["source_id"]),
        published=wording.date(source.get("published_on", "")),
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


def variants_of(make: Maker, indicator_id: str) -> Iterator[tuple[Words, str, int]]:
    """The other indicators of a family: their names, pages, and how many figures they have.

    Of a large family the first ones: with all of them on the page of each, pages would take with
    the square of its size.
    """
    row = make.content.row("indicators", indicator_id)
    family = make.content.tables["indicators"].grouped("family").get(row.get("family", ""), ())
    for other in family[:_MOST_VARIANTS]:
        key = other["indicator_id"]
        if key != indicator_id:
            number = len(make.series(key))
            yield make.wording.pair(other, "name"), make.link("indicators", key), number
