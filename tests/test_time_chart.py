"""Charts over time, read back as SVG: places, lines, names, bounds and hostile texts."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import pairwise
from xml.etree import ElementTree

import pytest

from ycd_opendata.site.charts.lettering import text_width
from ycd_opendata.site.charts.time_chart import (
    NARROW,
    WIDE,
    Shape,
    TimeChart,
    TimeGoal,
    TimePoint,
    TimeSeries,
    chart_svg,
)

SVG = "{http://www.w3.org/2000/svg}"


def point(year: int, value: float, **more: object) -> TimePoint:
    made = TimePoint(date(year, 12, 31), value, value, "", "year", False, f"p/{year}.html", "said")
    return replace(made, **more)  # type: ignore[arg-type]


GOAL = TimeGoal(date(2025, 12, 31), 40, 50, "year", "good", "✓", "g/1.html", "promised")


def chart(*series: TimeSeries) -> TimeChart:
    return TimeChart("x", "A <title>", "In words.", "km", "en", series, lambda each: f"{each:g}")


def drawn(made: TimeChart, shape: Shape = WIDE, prefix: str | None = "../") -> ElementTree.Element:
    return ElementTree.fromstring(chart_svg(made, shape, prefix))


def of_class(root: ElementTree.Element, name: str) -> list[ElementTree.Element]:
    return [each for each in root.iter() if name in each.get("class", "").split()]


def centres(root: ElementTree.Element) -> list[tuple[float, float]]:
    return [
        (float(each.attrib["cx"]), float(each.attrib["cy"])) for each in of_class(root, "point")
    ]


def test_time_and_figures_are_to_scale() -> None:
    points = tuple(point(year, value) for year, value in ((2010, 0), (2012, 10), (2020, 50)))
    found = centres(drawn(chart(TimeSeries("a", points, ()))))
    steps = [after[0] - before[0] for before, after in pairwise(found)]
    assert steps[1] == pytest.approx(4 * steps[0], rel=0.01)
    heights = [found[0][1] - each[1] for each in found]
    assert heights[2] == pytest.approx(5 * heights[1], rel=0.01)


def test_what_is_of_another_group_is_not_joined() -> None:
    points = (point(2010, 1), point(2011, 2), point(2012, 9, group=""), point(2013, 3))
    root = drawn(chart(TimeSeries("a", points, ())))
    [line] = of_class(root, "line")
    assert line.attrib["d"].count("L") == 2
    second = replace(points[2], is_second=True)
    assert not of_class(root, "hollow")
    assert of_class(drawn(chart(TimeSeries("a", (points[0], second), ()))), "hollow")


def test_a_bound_has_an_arrow_and_a_range_its_span() -> None:
    plain = drawn(chart(TimeSeries("a", (point(2010, 5), point(2011, 6)), ())))
    assert of_class(plain, "span") == []
    bound = chart(TimeSeries("a", (point(2010, 5, bound="up"), point(2011, 6, high=8.0)), ()))
    assert len(of_class(drawn(bound), "span")) == 2


def test_a_goal_stands_at_its_day_and_leads_to_its_page() -> None:
    series = TimeSeries("a", (point(2024, 30), point(2026, 60)), (GOAL,))
    root = drawn(chart(series))
    [goal] = of_class(root, "goal")
    assert "good" in goal.attrib["class"]
    middle = float(goal.attrib["x"]) + 7
    before, after = centres(root)
    assert middle == pytest.approx((before[0] + after[0]) / 2, abs=0.5)
    assert len(of_class(root, "way")) == 1
    links = [(each.attrib["href"], each.attrib["aria-label"]) for each in root.iter(f"{SVG}a")]
    assert ("../g/1.html", "promised") in links
    other = replace(GOAL, group="day")
    assert of_class(drawn(chart(replace(series, goals=(other,)))), "way") == []


def test_a_file_of_its_own_leads_nowhere_and_brings_its_style() -> None:
    root = drawn(chart(TimeSeries("a", (point(2010, 5), point(2011, 6)), (GOAL,))), WIDE, None)
    assert not [*root.iter(f"{SVG}a")]
    assert "In words." in [each.text for each in root.iter(f"{SVG}desc")]
    [style] = root.iter(f"{SVG}style")
    assert ".chart" in str(style.text)
    assert "prefers-color-scheme:dark" in str(style.text).replace(" ", "")


@pytest.mark.parametrize(
    ("shape", "count", "lines"), [(WIDE, 12, 12), (NARROW, 12, 12), (NARROW, 9, 18)]
)
def test_names_stand_beside_each_other_inside_the_picture(
    shape: Shape, count: int, lines: int
) -> None:
    series = [
        TimeSeries(f"A long name {n}", (point(2010, 5), point(2011, 6)), ()) for n in range(count)
    ]
    names = of_class(drawn(chart(*series), shape), "name")
    assert len(names) == lines
    places = sorted(float(each.attrib["y"]) for each in names)
    assert all(after - before >= 14 for before, after in pairwise(places))
    assert 12 < places[0] < places[-1] <= shape.height
    for each in names:
        assert float(each.attrib["x"]) + text_width(str(each.text), 12, bold=True) <= shape.width


@pytest.mark.parametrize(
    ("values", "lowest"),
    [((10, 50), "0"), ((90, 100), "90"), ((-5, 5), "-5"), ((7, 7), "0"), ((0, 0), "0")],
)
def test_an_axis_starts_at_zero_unless_all_is_far_from_it(
    values: tuple[float, float], lowest: str
) -> None:
    points = (point(2010, values[0]), point(2011, values[1]))
    ticks = of_class(drawn(chart(TimeSeries("a", points, ()))), "tick")
    assert str(ticks[0].text) == lowest


def test_hostile_texts_stay_texts() -> None:
    hostile = "</text><script>alert(1)</script>\x1b"
    series = TimeSeries(hostile, (point(2010, 5, label=hostile), point(2011, 6)), ())
    root = drawn(replace(chart(series), title=hostile, unit=hostile))
    assert {each.tag.removeprefix(SVG) for each in root.iter()} <= {
        *("svg", "title", "path", "text", "a", "g", "circle")
    }
