"""A small map of tiles: provinces about where they lie, each with its cities, shaded by a figure.

Tiles and not borders, so that no boundary is claimed, and a small city is as easy to read as a
large province. A province's shade is its own figure and no sum of its cities.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from markupsafe import Markup, escape

from ycd_opendata.delta.site.making import Maker
from ycd_opendata.delta.site.region_comparison import RegionFigure
from ycd_opendata.delta.site.region_order import region_place
from ycd_opendata.site.charts.lettering import fitted, svg_text, text_width
from ycd_opendata.site.wording import joined

_PLACES = {"CN-AH": (0, 0), "CN-JS": (1, 0), "CN-ZJ": (0, 1), "CN-SH": (1, 1)}
"""Where each province lies: its column and row, so that a phone has room for both."""

_WIDTH = 172
_GAP = 6
_HEAD = 46
_CITY = 30
_LEAST = 2
_FAINTEST, _DARKEST = 0.08, 0.42
"""How dark tiles get: the words on them can be read on all."""

_NUMBER = re.compile(r"[<>≤≥≈]?-?[0-9][0-9.,]*(?: billion| trillion)?[万亿]*%?")


def tile_map(make: Maker, figures: Sequence[RegionFigure], title: str, prefix: str) -> Markup:
    """The map of an indicator's latest figures; "" where fewer than two provinces have any."""
    top = {each.region: each for each in figures if each.region in _PLACES}
    cities: dict[str, list[RegionFigure]] = {region: [] for region in _PLACES}
    for each in figures:
        group = make.group(each.region)
        if group in cities and each.region != group:
            cities[group].append(each)
    if len({*top, *(region for region, inside in cities.items() if inside)}) < _LEAST:
        return Markup()
    values = [each.value for each in (*top.values(), *(c for g in cities.values() for c in g))]
    low, high = min(0.0, *values), max(values)
    heights = [
        max(_height(cities[region]) for region, (_, row) in _PLACES.items() if row == wanted)
        for wanted in (0, 1)
    ]
    width, height = 2 * _WIDTH + _GAP, sum(heights) + _GAP
    parts = [
        f'<svg class="tiles" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        f'lang="{make.wording.lang}" aria-labelledby="tiles-title">',
        f'<title id="tiles-title">{svg_text(title)}</title>',
    ]
    for region, (column, row) in _PLACES.items():
        x, y = column * (_WIDTH + _GAP), row * (heights[0] + _GAP)
        parts += _province(make, region, top.get(region), x, y, heights[row], low, high, prefix)
        ordered = sorted(cities[region], key=lambda one: region_place(make.content, one.region))
        for index, each in enumerate(ordered):
            parts.append(_city(make, each, x, y + _HEAD + index * _CITY, low, high, prefix))
    return Markup("".join([*parts, "</svg>"]))


def _height(cities: Sequence[RegionFigure]) -> int:
    return _HEAD + (len(cities) * _CITY + _GAP if cities else 0)


def _shade(value: float, low: float, high: float) -> str:
    share = (value - low) / (high - low) if high > low else 1.0
    return f"{_FAINTEST + (_DARKEST - _FAINTEST) * share:.2f}"


def _province(
    make: Maker,
    region: str,
    figure: RegionFigure | None,
    x: int,
    y: int,
    height: int,
    low: float,
    high: float,
    prefix: str,
) -> Iterator[str]:
    """The tile of a province; without a figure it is an outline that says so."""
    name = make.name("regions", region).text
    frame = f'x="{x + 0.5}" y="{y + 0.5}" width="{_WIDTH - 1}" height="{height - 1}" rx="5"'
    yield f'<rect class="edge" {frame}/>'
    if figure is not None:
        shade = _shade(figure.value, low, high)
        yield f'<rect class="shade" {frame} fill-opacity="{shade}"/>'
    said = make.wording.text("compare.unknown") if figure is None else _said(make, figure)
    if figure is not None and text_width(said, 12) > _WIDTH - 16:
        # Rather no date than a part of one; the table has it.
        said = _short(figure, _WIDTH - 16)
    [line] = fitted(said, _WIDTH - 16, 12)
    drawn = (
        f'<text class="name" x="{x + 10}" y="{y + 18}">{svg_text(name)}</text> '
        f'<text x="{x + 10}" y="{y + 35}">{svg_text(line)}</text>'
    )
    yield drawn if figure is None else _linked(make, drawn, f"{name} {line}", figure, prefix)


def _city(
    make: Maker, figure: RegionFigure, x: int, y: int, low: float, high: float, prefix: str
) -> str:
    frame = f'x="{x + 6}" y="{y}" width="{_WIDTH - 12}" height="{_CITY - 4}" rx="3"'
    shade = _shade(figure.value, low, high)
    room = _WIDTH - 26 - text_width(f"{figure.name.text} ", 12)
    [line] = fitted(f"{figure.name.text} {_short(figure, room)}", _WIDTH - 26, 12)
    drawn = (
        f'<rect class="ground" {frame}/><rect class="shade" {frame} fill-opacity="{shade}"/>'
        f'<text x="{x + 13}" y="{y + 17}">{svg_text(line)}</text>'
    )
    return _linked(make, drawn, line, figure, prefix)


def _said(make: Maker, figure: RegionFigure) -> str:
    return _figure(figure) + make.wording.text("site.beside", text=figure.when)


def _figure(figure: RegionFigure) -> str:
    return joined(figure.figure)


def _short(figure: RegionFigure, room: float) -> str:
    """The figure in words, with a sign where there is no room for them, or the number alone."""
    signed = figure.signed
    number = _NUMBER.match(signed)
    shown = (_figure(figure), signed, number[0] if number else signed)
    return next((each for each in shown if text_width(each, 12) <= room), signed)


def _linked(make: Maker, drawn: str, shown: str, figure: RegionFigure, prefix: str) -> str:
    """A link whose name begins with what is shown, so that it can be spoken, and says all."""
    told = _said(make, figure)
    said = f"{figure.name.text} {told}"
    label = said if said.startswith(shown) else f"{shown}, {told}"
    return f'<a href="{escape(prefix + figure.href)}" aria-label="{svg_text(label)}">{drawn}</a>'
