"""Counts of two things crossed, as a grid of small bars: a row each, a column each.

Every bar has the same scale and its figure beside it, so that small figures are as readable as
large ones.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ycd_opendata.delta.pictures.captions import sentence
from ycd_opendata.site.charts.drawing import BLUE, INK, QUIET, Box, Drawing, Line, Text
from ycd_opendata.site.charts.lettering import fitted, text_width
from ycd_opendata.site.charts.picture import Lang, Size


@dataclass(frozen=True)
class Label:
    """What stands at a row or column: its key, its text, a quieter note, its depth."""

    key: str
    text: str
    note: str = ""
    depth: int = 0


@dataclass(frozen=True)
class Grid:
    """What is drawn: ``counts`` of (row key, column key); a pair that is not in it counts 0."""

    rows: tuple[Label, ...]
    columns: tuple[Label, ...]
    counts: Mapping[tuple[str, str], int]


@dataclass(frozen=True)
class Layout:
    """Where things stand, in pixels; without ``beside`` a row's label stands above its bars."""

    width: int
    beside: bool
    row: int
    label_y: int
    bar_y: int
    bar: int
    head_size: float
    bold_heads: bool
    head: int = 48
    gap: int = 14
    indent: int = 14


WIDE = Layout(
    width=720, beside=True, row=44, label_y=19, bar_y=12, bar=20, head_size=11.5, bold_heads=True
)
NARROW = Layout(
    width=344,
    beside=False,
    row=60,
    label_y=20,
    bar_y=30,
    bar=18,
    head_size=10.5,
    bold_heads=False,
    gap=8,
)

_TEXT = 13
_SMALL = 11.5


@dataclass(frozen=True)
class Places:
    """Where the rows and columns of one grid begin, and how long its longest bar may be."""

    names: tuple[tuple[str, ...], ...]
    tops: tuple[float, ...]
    lefts: tuple[float, ...]
    column: float
    longest: float
    size: Size


def told(grid: Grid, lang: Lang) -> list[str]:
    """A grid in words: a sentence a row, with every figure."""
    comma = "，" if lang == "zh" else ", "
    return [
        sentence(
            f"{row.text}{comma}{row.note}",
            [
                f"{column.text} {grid.counts.get((row.key, column.key), 0):,}"
                for column in grid.columns
            ],
            lang,
        )
        for row in grid.rows
    ]


def places(grid: Grid, layout: Layout) -> Places:
    """Find room for a grid, its rows' names on up to two lines."""
    widest = layout.width * (0.28 if layout.beside else 0.7)
    names = tuple(
        tuple(fitted(row.text, widest - row.depth * layout.indent, _TEXT, 2, bold=True))
        for row in grid.rows
    )
    labels = 0.0
    if layout.beside:
        labels = layout.gap + max(
            row.depth * layout.indent
            + max(
                *(text_width(line, _TEXT, bold=True) for line in lines),
                text_width(row.note, _SMALL),
            )
            for row, lines in zip(grid.rows, names, strict=True)
        )
    tops = [layout.head + 0.5]
    for lines in names:
        tops.append(tops[-1] + layout.row + 16 * (len(lines) - 1))
    step = (layout.width - labels) / len(grid.columns)
    figure = text_width(f"{max(grid.counts.values()):,}", _TEXT) + 6
    return Places(
        names,
        tuple(tops[:-1]),
        tuple(round(labels + step * index) + 0.5 for index in range(len(grid.columns))),
        step - layout.gap,
        max(step - layout.gap - figure, 4),
        Size(layout.width, round(tops[-1]) + 4),
    )


def bars(grid: Grid, layout: Layout) -> Drawing:
    """Draw a grid of bars."""
    at = places(grid, layout)
    drawing = Drawing(at.size)
    bold = layout.bold_heads
    for column, left in zip(grid.columns, at.lefts, strict=True):
        size = layout.head_size
        lines = fitted(column.text, at.column + layout.gap - 2, size, 3, bold=bold)
        drawing.texts += [
            Text(left - 0.5, layout.head - 10 - 14 * up, line, size, bold=bold)
            for up, line in enumerate(reversed(lines))
        ]
    for row, top, name in zip(grid.rows, at.tops, at.names, strict=True):
        drawing.lines.append(Line(0, top, layout.width, top))
        _label(drawing, layout, row, top, name)
        for column, left in zip(grid.columns, at.lefts, strict=True):
            y = top + layout.bar_y + (0 if layout.beside else 16 * (len(name) - 1))
            number = grid.counts.get((row.key, column.key), 0)
            share = number / max(grid.counts.values())
            _bar(drawing, (left, y, y + layout.bar), at.longest * share, number)
    return drawing


def _label(drawing: Drawing, layout: Layout, row: Label, top: float, lines: Sequence[str]) -> None:
    x, y = row.depth * layout.indent, top + layout.label_y
    drawing.texts += [
        Text(x, y + 16 * down, line, _TEXT, bold=True) for down, line in enumerate(lines)
    ]
    if layout.beside:
        drawing.texts.append(Text(x, y + 16 * len(lines), row.note, _SMALL, QUIET))
    else:
        drawing.texts.append(Text(layout.width, y, row.note, _SMALL, QUIET, at_end=True))


def _bar(drawing: Drawing, place: tuple[float, float, float], length: float, number: int) -> None:
    """One bar on its base line, with its figure; ``place`` is its left, top and bottom."""
    x, y, bottom = place
    drawing.lines.append(Line(x, y - 3, x, bottom + 3))
    if number:
        drawing.boxes.append(Box(x, y, x + max(length, 1), bottom, BLUE))
    ink = INK if number else QUIET
    drawing.texts.append(Text(x + length + 5, (y + bottom) / 2 + 5, f"{number:,}", _TEXT, ink))
