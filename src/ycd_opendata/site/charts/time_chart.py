"""Figures over a true axis of time: a line a series with its name at its end, and marks of goals.

It is drawn here and not by a library, as hundreds of them are, each in two sizes and languages,
and as its points lead to pages.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

from markupsafe import escape

from ycd_opendata.site.charts.lettering import fitted, svg_text, text_width
from ycd_opendata.site.charts.time_axes import TimeAxes, outermost, round_figures

COLORS = 8
"""How many series have a colour of their own; each has its name beside it anyway."""

SIZE = 12
"""The size of all texts but the title of a picture that stands alone."""

_APART = 15
_MOST_MARKS = 60
_YEAR, _MONTH = 40, 66
"""The room that the name of a year or month has on the axis."""
_TITLE, _CREDIT = 34, 20


@dataclass(frozen=True)
class TimePoint:
    """A figure that was reported.

    Attributes
    ----------
    day : date
        The last day of its period.
    low, high : float
        The figure; both ends of it where it is a range.
    bound : str
        "up" where it is at least this, "down" where it is at most this, "about", or "".
    group : str
        Points of one group are joined; those of "" are joined to none.
    is_second : bool
        Whether another figure of the same time is preferred to it.
    href, label : str
        Where it leads to, and what it says in words.
    """

    day: date
    low: float
    high: float
    bound: str
    group: str
    is_second: bool
    href: str
    label: str

    @property
    def middle(self) -> float:
        """Where its mark stands."""
        return (self.low + self.high) / 2


@dataclass(frozen=True)
class TimeGoal:
    """A figure that was promised for a day; ``look`` and ``sign`` say what came of it.

    A way leads to it from the last point of its ``group`` before the day.
    """

    day: date
    low: float
    high: float
    group: str
    look: str
    sign: str
    href: str
    label: str


@dataclass(frozen=True)
class TimeSeries:
    """The figures of one thing over time."""

    name: str
    points: tuple[TimePoint, ...]
    goals: tuple[TimeGoal, ...]


@dataclass(frozen=True)
class TimeChart:
    """A chart: what it is called, what it shows in words, its unit and its series.

    ``amount`` writes a number of the vertical axis, ``month`` a month of the horizontal one where
    it is no axis of years; ``credit`` is what a picture of its own says
    of where it comes from.
    """

    name: str
    title: str
    alternative: str
    unit: str
    lang: str
    series: tuple[TimeSeries, ...]
    amount: Callable[[float], str]
    month: Callable[[date], str] = str
    credit: str = ""


@dataclass(frozen=True)
class Shape:
    """How large a chart is, and how much of its width names may take."""

    kind: str
    width: int
    height: int
    names: int


WIDE = Shape("wide", 720, 360, 200)
NARROW = Shape("narrow", 344, 320, 104)


def chart_svg(chart: TimeChart, shape: Shape, prefix: str | None) -> str:
    """Draw a chart.

    Parameters
    ----------
    prefix : str or None
        What stands before each address; None for a picture that is a file of its own, which
        leads nowhere and brings its style along.
    """
    ticks = _ticks(chart)
    axes = _axes(chart, shape, ticks)
    head = f"{chart.name}-{shape.kind}"
    # What has links inside is no image; what stands alone has its title and its origin in it.
    role, above, below = (' role="img"', _TITLE, _CREDIT) if prefix is None else ("", 0, 0)
    height = shape.height + above + below
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" class="chart {shape.kind}" '
        f'viewBox="0 {-above} {shape.width} {height}" width="{shape.width}" '
        f'height="{height}"{role} '
        f'lang="{chart.lang}" aria-labelledby="{escape(head)}-title">',
        f'<title id="{escape(head)}-title">{svg_text(chart.title)}</title>',
    ]
    if prefix is None:
        parts += [f"<desc>{svg_text(chart.alternative)}</desc>", f"<style>{style()}</style>"]
        parts += _frame(chart, shape)
    parts += _grid(chart, axes, ticks)
    for index, series in enumerate(chart.series):
        color = f"c{index % COLORS}"
        parts += _lines(series, axes, color)
    for index, series in enumerate(chart.series):
        parts += _marks(series, axes, f"c{index % COLORS}", prefix)
    parts += _names(chart, axes, shape)
    return "".join([*parts, "</svg>"])


def _frame(chart: TimeChart, shape: Shape) -> Iterator[str]:
    """The ground of a picture that stands alone, its title and where it comes from."""
    height = shape.height + _TITLE + _CREDIT
    yield f'<rect class="paper" y="{-_TITLE}" width="{shape.width}" height="{height}"/>'
    [title] = fitted(chart.title, shape.width - 8, 15, bold=True)
    yield f'<text class="title" x="0" y="-14">{svg_text(title)}</text>'
    [credit] = fitted(chart.credit, shape.width - 8, SIZE)
    yield f'<text class="unit" x="0" y="{shape.height + 12}">{svg_text(credit)}</text>'


@lru_cache(maxsize=1)
def style() -> str:
    """The style of charts, for pages and for those that are files."""
    path = Path(__file__).parent.parent / "assets" / "chart.css"
    lines = path.read_text(encoding="utf-8").splitlines()
    return "".join(line.strip() for line in lines if not line.startswith("/*"))


def _drawn(chart: TimeChart) -> list[TimePoint | TimeGoal]:
    found: list[TimePoint | TimeGoal] = []
    for series in chart.series:
        found += [*series.points, *series.goals]
    return found


def _ticks(chart: TimeChart) -> list[float]:
    drawn = _drawn(chart)
    return round_figures(min(each.low for each in drawn), max(each.high for each in drawn))


def _axes(chart: TimeChart, shape: Shape, ticks: list[float]) -> TimeAxes:
    start, end = outermost([each.day for each in _drawn(chart)])
    left = max(text_width(chart.amount(each), SIZE) for each in ticks) + 10
    names = max(text_width(each.name, SIZE, bold=True) for each in chart.series) + 14
    right = shape.width - min(names, shape.names)
    return TimeAxes(start, end, ticks[0], ticks[-1], round(left), round(right), shape.height)


def _grid(chart: TimeChart, axes: TimeAxes, ticks: list[float]) -> Iterator[str]:
    yield f'<text class="unit" x="0" y="12">{svg_text(chart.unit)}</text>'
    for each in ticks:
        y = axes.y(each)
        yield f'<path class="{"base" if each == 0 else "grid"}" d="M{axes.left} {y}H{axes.right}"/>'
        place = f'x="{axes.left - 6}" y="{round(y + 4, 1)}"'
        yield f'<text class="tick" {place} text-anchor="end">{svg_text(chart.amount(each))}</text>'
    spans = list(axes.spans())
    room = _MONTH if axes.by_month else _YEAR
    every = math.ceil(room * len(spans) / (axes.right - axes.left))
    bottom = axes.y(axes.bottom)
    for index, span in enumerate(spans):
        yield f'<path class="grid" d="M{axes.x(span.first)} {bottom}v5"/>'
        if index % every == 0:
            said = chart.month(span.first) if axes.by_month else str(span.first.year)
            place = f'x="{axes.x(span.middle)}" y="{axes.height - 8}"'
            yield f'<text class="tick" {place} text-anchor="middle">{svg_text(said)}</text>'


def _lines(series: TimeSeries, axes: TimeAxes, color: str) -> Iterator[str]:
    """The lines between what may be joined, and from the last figure to each goal."""
    groups: dict[str, list[TimePoint]] = {}
    for each in series.points:
        if each.group:
            groups.setdefault(each.group, []).append(each)
    for points in groups.values():
        places = [f"{axes.x(each.day)} {axes.y(each.middle)}" for each in points]
        if len(places) > 1:
            yield f'<path class="line {color}" d="M{"L".join(places)}"/>'
    for goal in series.goals:
        before = [
            each
            for each in series.points
            if each.group and each.group == goal.group and each.day < goal.day
        ]
        if before:
            last = before[-1]
            start = f"{axes.x(last.day)} {axes.y(last.middle)}"
            end = f"{axes.x(goal.day)} {axes.y((goal.low + goal.high) / 2)}"
            yield f'<path class="way {color}" d="M{start}L{end}"/>'


def _marks(series: TimeSeries, axes: TimeAxes, color: str, prefix: str | None) -> Iterator[str]:
    leads = prefix is not None and any(each.href for each in series.points)
    is_dense = not leads and len(series.points) > _MOST_MARKS
    for each in series.points:
        if is_dense and each.group:
            continue  # the line says it
        x, y = axes.x(each.day), axes.y(each.middle)
        drawn = "".join(_point(each, axes, x, y, color))
        yield _linked(drawn, each.href, each.label, prefix)
    for goal in series.goals:
        x = axes.x(goal.day)
        low, high = axes.y(goal.low), axes.y(goal.high)
        y = round((low + high) / 2, 1)
        span = f'<path class="span {color}" d="M{x} {low}V{high}"/>' if low != high else ""
        place = f'x="{x}" y="{round(y + 4, 1)}" text-anchor="middle"'
        drawn = (
            f'{span}<rect class="goal {goal.look} {color}" x="{round(x - 7, 1)}" '
            f'y="{round(y - 7, 1)}" width="14" height="14" rx="3"/>'
            f'<text class="sign" {place}>{goal.sign}</text>'
        )
        yield _linked(drawn, goal.href, goal.label, prefix)


def _point(each: TimePoint, axes: TimeAxes, x: float, y: float, color: str) -> Iterator[str]:
    if each.low != each.high:
        yield f'<path class="span {color}" d="M{x} {axes.y(each.low)}V{axes.y(each.high)}"/>'
    if each.bound in ("up", "down"):
        tip, side = (y - 13, y - 8) if each.bound == "up" else (y + 13, y + 8)
        arrow = f"M{x - 4:.1f} {side:.1f}L{x} {tip:.1f}L{x + 4:.1f} {side:.1f}"
        yield f'<path class="span {color}" d="M{x} {y}V{tip:.1f}{arrow}"/>'
    hollow = " hollow" if each.bound == "about" or each.is_second else ""
    radius = 3 if each.is_second else 4
    yield f'<circle class="point {color}{hollow}" cx="{x}" cy="{y}" r="{radius}"/>'


def _linked(drawn: str, href: str, label: str, prefix: str | None) -> str:
    titled = f"<g><title>{svg_text(label)}</title>{drawn}</g>"
    if prefix is None or not href:
        return titled
    return f'<a href="{escape(prefix + href)}" aria-label="{svg_text(label)}">{titled}</a>'


def _names(chart: TimeChart, axes: TimeAxes, shape: Shape) -> Iterator[str]:
    """The name of each series beside its last figure, none over another.

    A long one takes two lines where there is room for two of each.
    """
    wanted, left = [], axes.right + 12
    most = 2 if 2 * _APART * len(chart.series) < axes.height - 40 else 1
    for index, series in enumerate(chart.series):
        ends = [(axes.x(each.day), axes.y(each.middle)) for each in series.points]
        ends += [(axes.x(each.day), axes.y((each.low + each.high) / 2)) for each in series.goals]
        if not series.name:
            continue
        x, y = max(ends)
        lines = fitted(series.name, shape.width - left, SIZE, most, bold=True)
        wanted += [(y, x, index, number, line) for number, line in enumerate(lines)]
    wanted.sort()
    places = _apart([each[0] for each in wanted], axes)
    for (y, x, index, number, line), place in zip(wanted, places, strict=True):
        start = x + 9
        if start < left - 4 and number == 0:
            yield f'<path class="lead c{index % COLORS}" d="M{start} {y}L{left - 3} {place}"/>'
        at = f'x="{left}" y="{round(place + 4, 1)}"'
        yield f'<text class="name c{index % COLORS}" {at}>{svg_text(line)}</text>'


def _apart(wanted: Sequence[float], axes: TimeAxes) -> list[float]:
    """Places for names near the wanted ones, which are in order, each below the one before."""
    found: list[float] = []
    for y in wanted:
        found.append(max(y, found[-1] + _APART) if found else max(y, 22.0))
    limit = axes.height - 14.0
    for index in reversed(range(len(found))):
        found[index] = min(found[index], limit)
        limit = found[index] - _APART
    return [round(each, 1) for each in found]
