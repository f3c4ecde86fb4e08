"""Figures as horizontal bars with their names before them, as a picture that stands alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from markupsafe import escape

from ycd_opendata.site.charts.lettering import fitted, svg_text, text_width
from ycd_opendata.site.charts.time_chart import Shape, style

_SIZE = 12
_ROW = 24
_HEAD = 52
_FOOT = 30


@dataclass(frozen=True)
class NamedBar:
    """A bar: what it is of, its figure, and the figure in words; ``series`` gives its colour."""

    name: str
    value: float
    said: str
    series: int = 0


@dataclass(frozen=True)
class BarChart:
    """Bars on one scale from zero; the texts are as those of a ``TimeChart``."""

    name: str
    title: str
    alternative: str
    unit: str
    lang: str
    bars: tuple[NamedBar, ...]
    credit: str


def bar_svg(chart: BarChart, shape: Shape) -> str:
    """Draw the bars."""
    height = _HEAD + _ROW * len(chart.bars) + _FOOT
    head = f"{chart.name}-{shape.kind}"
    size = f'viewBox="0 0 {shape.width} {height}" width="{shape.width}" height="{height}"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" class="chart {shape.kind}" {size} role="img" '
        f'lang="{chart.lang}" aria-labelledby="{escape(head)}-title">',
        f'<title id="{escape(head)}-title">{svg_text(chart.title)}</title>',
        f"<desc>{svg_text(chart.alternative)}</desc><style>{style()}</style>",
        f'<rect class="paper" width="{shape.width}" height="{height}"/>',
        *_texts(chart, shape, height),
        *_bars(chart, shape),
    ]
    return "".join([*parts, "</svg>"])


def _texts(chart: BarChart, shape: Shape, height: int) -> Iterator[str]:
    [title] = fitted(chart.title, shape.width - 8, 15, bold=True)
    [credit] = fitted(chart.credit, shape.width - 8, _SIZE)
    yield f'<text class="title" y="18">{svg_text(title)}</text>'
    yield f'<text class="unit" y="40">{svg_text(chart.unit)}</text>'
    yield f'<text class="unit" y="{height - 8}">{svg_text(credit)}</text>'


def _bars(chart: BarChart, shape: Shape) -> Iterator[str]:
    values = [each.value for each in chart.bars]
    low, high = min(0.0, *values), max(0.0, *values)
    names = max(text_width(each.name, _SIZE) for each in chart.bars) + 10
    left = round(min(names, shape.width * 0.4))
    figures = max(text_width(each.said, _SIZE) for each in chart.bars) + 10
    room = shape.width - left - figures
    scale = room / ((high - low) or 1.0)
    zero = left - low * scale
    for index, each in enumerate(chart.bars):
        y = _HEAD + index * _ROW
        start = zero + min(each.value, 0.0) * scale
        [name] = fitted(each.name, left - 8, _SIZE)
        yield f'<text class="tick" x="0" y="{y + 13}">{svg_text(name)}</text>'
        yield (
            f'<rect class="bar c{each.series % 8}" x="{start:.1f}" y="{y + 2}" '
            f'width="{abs(each.value) * scale:.1f}" height="15"/>'
        )
        end = start + abs(each.value) * scale + 5
        yield f'<text class="tick" x="{end:.1f}" y="{y + 13}">{svg_text(each.said)}</text>'
