"""Charts as PNG: the colours of the page's chart, and letters only where a font has them."""

from __future__ import annotations

import struct
import zlib
from datetime import date

import pytest

from ycd_opendata.site.charts import png
from ycd_opendata.site.charts.png import can_write, drawn, png_of
from ycd_opendata.site.charts.time_chart import (
    Shape,
    TimeChart,
    TimeGoal,
    TimePoint,
    TimeSeries,
    chart_svg,
)

Pixel = tuple[int, ...]

SMALL = Shape("small", 150, 110, 30)


def pixels(data: bytes) -> tuple[int, int, set[Pixel]]:
    """Width, height and colours of a PNG of 8 bits a channel, as the format's standard has it."""
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    width, height, depth, kind = struct.unpack(">IIBB", data[16:26])
    assert (depth, kind) == (8, 6)
    packed, place = b"", 8
    while place < len(data):
        (length,) = struct.unpack(">I", data[place : place + 4])
        if data[place + 4 : place + 8] == b"IDAT":
            packed += data[place + 8 : place + 8 + length]
        place += 12 + length
    raw, size = zlib.decompress(packed), 4 * width
    before, found = bytearray(size), set()
    for row in range(height):
        start = row * (size + 1)
        line = bytearray(raw[start + 1 : start + 1 + size])
        _unfilter(raw[start], line, before)
        found |= {tuple(line[at : at + 4]) for at in range(0, size, 4)}
        before = line
    return width, height, found


def _unfilter(kind: int, line: bytearray, before: bytearray) -> None:
    for at in range(len(line)):
        left = line[at - 4] if at >= 4 else 0
        corner = before[at - 4] if at >= 4 else 0
        up = before[at]
        near = sorted((left, up, corner), key=lambda each: abs(left + up - corner - each))
        first = next(
            each
            for each in (left, up, corner)
            if abs(left + up - corner - each) == abs(left + up - corner - near[0])
        )
        added = (0, left, up, (left + up) // 2, first)[kind]
        line[at] = (line[at] + added) & 255


@pytest.fixture(scope="module")
def svg() -> str:
    points = tuple(
        TimePoint(date(year, 12, 31), value, value, "", "year", False, "", "said")
        for year, value in ((2021, 10.0), (2022, 20.0))
    )
    goal = TimeGoal(date(2023, 12, 31), 30.0, 30.0, "year", "good", "✓", "", "said")
    series = (TimeSeries("one", points, (goal,)),)
    chart = TimeChart("chart", "title", "words", "unit", "en", series, str)
    return chart_svg(chart, SMALL, None)


def test_a_chart_is_drawn_in_its_colours(svg: str) -> None:
    width, height, colors = pixels(png_of(svg, 1.0))
    assert (width, height) == (SMALL.width, SMALL.height + 54)
    assert (0xFC, 0xFB, 0xF8, 255) in colors, "the paper"
    assert (0x0A, 0x5A, 0x86, 255) in colors, "the line of the first series"
    assert (0x0F, 0x7A, 0x68, 255) in colors, "the look of a promise that was kept"


def test_without_the_plain_style_the_colours_are_missing(
    svg: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(png, "_plain_style", lambda: "")
    _, _, colors = pixels(png_of(svg, 1.0))
    assert (0x0A, 0x5A, 0x86, 255) not in colors


def test_letters_that_no_font_has_are_known(monkeypatch: pytest.MonkeyPatch) -> None:
    assert can_write("en")
    can_write.cache_clear()
    monkeypatch.setattr(png, "drawn", lambda svg: drawn(svg.replace("数", "")))
    assert not can_write("zh")
    can_write.cache_clear()
