"""Dates on a line of time, a band for each province.

A date that is known to the year only is drawn as a line over all of its days, its mark in the
middle; nobody made up a day. Dates of a band that would lie on each other are stacked.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import NamedTuple

from ycd_opendata.delta.pictures.captions import KINDS, SPAN, counted
from ycd_opendata.delta.pictures.regions import Regions
from ycd_opendata.site.charts.drawing import (
    BLUE,
    GREEN,
    QUIET,
    RED,
    VIOLET,
    Box,
    Drawing,
    Line,
    Mark,
    Text,
)
from ycd_opendata.site.charts.lettering import fitted
from ycd_opendata.site.charts.picture import Lang, Size

_LOOKS = {
    "document": ("circle", BLUE),
    "start": ("triangle-up", RED),
    "meeting": ("square", VIOLET),
    "planned": ("diamond", GREEN),
}
_SMALL = 11.5
_ROOM_OF_YEAR = 36


class Entry(NamedTuple):
    """One date: its first and last day, the province it is drawn under, what kind it is."""

    first: date
    last: date
    top: str
    kind: str


@dataclass(frozen=True)
class Layout:
    """Where things stand, in pixels; without ``labels`` a band's label stands above it."""

    width: int
    labels: int
    legend_columns: int
    mark: int
    step: int
    above: int
    margin: int
    legend_row: int = 22

    @property
    def head(self) -> int:
        """How high the legend and the row of years are."""
        return -(-(len(KINDS) + 1) // self.legend_columns) * self.legend_row + 34


WIDE = Layout(width=720, labels=112, legend_columns=2, mark=11, step=15, above=16, margin=10)
NARROW = Layout(width=344, labels=0, legend_columns=1, mark=9, step=12, above=34, margin=2)


@dataclass(frozen=True)
class Scale:
    """Where a day stands: the line of time runs over whole years."""

    first_year: int
    last_year: int
    left: float
    right: float

    def pixel(self, day: date, days_later: int = 0) -> float:
        """The place of the start of a day, or of one that is some days later."""
        start = date(self.first_year, 1, 1).toordinal()
        days = date(self.last_year, 12, 31).toordinal() + 1 - start
        share = (day.toordinal() + days_later - start) / days
        return round(self.left + (self.right - self.left) * share, 1)

    def years(self) -> dict[int, float]:
        """Each year and where it starts."""
        years = range(self.first_year, self.last_year + 1)
        return {year: self.pixel(date(year, 1, 1)) for year in years}


def bands(entries: list[Entry], regions: Regions, layout: Layout, lang: Lang) -> Drawing:
    """Draw entries, which are in order of their first day."""
    scale = Scale(
        entries[0].first.year,
        max(entry.last.year for entry in entries),
        layout.labels + layout.margin,
        layout.width - layout.margin,
    )
    drawing = Drawing(Size(layout.width, 0), layout.mark)
    _legend(drawing, layout, lang)
    _years(drawing, scale, layout)
    y = layout.head + 0.5
    for top in regions.tops:
        own = [entry for entry in entries if entry.top == top]
        bottom = max(_stack(drawing, own, y + layout.above, scale, layout) + 10, y + 50)
        drawing.lines.append(Line(0, y, layout.width, y))
        drawing.lines += [
            Line(x, y + layout.above - 8, x, bottom - 4) for x in scale.years().values()
        ]
        note = counted(len(own), "dates", lang)
        y = max(bottom, _label(drawing, layout, y + 21, regions.names[lang][top], note))
    drawing.size = Size(layout.width, round(y) + 4)
    return drawing


def _stack(drawing: Drawing, entries: list[Entry], y: float, scale: Scale, layout: Layout) -> float:
    """Draw the entries of a band, each in the first row where it lies on no other."""
    taken: list[float] = []
    reach = layout.mark / 2 + 1
    for entry in entries:
        x, x2 = scale.pixel(entry.first), scale.pixel(entry.last, 1)
        middle = (x + x2) / 2
        begin, end = min(x, middle - reach), max(x2, middle + reach)
        row = next((row for row, until in enumerate(taken) if until <= begin), len(taken))
        taken[row : row + 1] = [end]
        _mark(drawing, (x, x2), y + layout.step * row + layout.mark / 2, entry.kind)
    return y + layout.step * len(taken)


def _mark(drawing: Drawing, span: tuple[float, float], y: float, kind: str) -> None:
    shape, color = _LOOKS[kind]
    if span[1] - span[0] > drawing.mark_width:
        drawing.boxes.append(Box(span[0], y - 1.5, span[1], y + 1.5, color))
    drawing.marks.append(Mark(sum(span) / 2, y, shape, color))


def _label(drawing: Drawing, layout: Layout, y: float, name: str, note: str) -> float:
    """Write a band's name and note; gives where they end."""
    beside = layout.labels > 0
    room = layout.labels if beside else layout.width * 0.7
    lines = fitted(name, room, 13, 2 if beside else 1, bold=True)
    drawing.texts += [Text(0, y + 16 * down, line, bold=True) for down, line in enumerate(lines)]
    if beside:
        y += 16 * len(lines)
        drawing.texts.append(Text(0, y, note, _SMALL, QUIET))
    else:
        drawing.texts.append(Text(layout.width, y, note, _SMALL, QUIET, at_end=True))
    return y + 12


def _years(drawing: Drawing, scale: Scale, layout: Layout) -> None:
    """The labels of years: as many as there is room for."""
    places = list(scale.years().items())
    apart = min((after[1] - before[1] for before, after in pairwise(places)), default=_ROOM_OF_YEAR)
    every = -(-_ROOM_OF_YEAR // max(1, round(apart)))
    drawing.texts += [
        Text(x, layout.head - 8, str(year), _SMALL, QUIET) for year, x in places[::every]
    ]


def _legend(drawing: Drawing, layout: Layout, lang: Lang) -> None:
    for index, (kind, words) in enumerate([*KINDS.items(), ("", SPAN)]):
        row, column = divmod(index, layout.legend_columns)
        x = column * layout.width / layout.legend_columns + 8
        y = row * layout.legend_row + 12
        drawing.texts.append(Text(x + 18, y + 4, words[lang], 12))
        if kind:
            _mark(drawing, (x, x), y, kind)
        else:
            drawing.boxes.append(Box(x - 8, y - 1.5, x + 8, y + 1.5, QUIET))
