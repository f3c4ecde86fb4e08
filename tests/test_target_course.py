"""A target over time: kept early, in time, late or on the way, each in words and in its chart."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from site_pages import read_page
from sites import with_rows

from ycd_opendata.delta.site.making import Maker
from ycd_opendata.delta.site.target_course import course_notes, target_chart
from ycd_opendata.site.charts.time_chart import TimeChart
from ycd_opendata.site.content import Content
from ycd_opendata.site.packed_rows import Row
from ycd_opendata.site.rendering import Renderer
from ycd_opendata.site.table_lists import table_listing

TARGET = "zj-2022-a-factories"
OUTCOME = "zj-2022-a-factories-counted"

Made = Callable[..., tuple[Maker, Row]]


@pytest.fixture
def made(small_content: Content) -> Made:
    """The target's maker, after its verdict, its due day and what was reported when are set."""

    content = small_content

    def make(verdict: str, due: str, *reported: tuple[str, str], **outlook: str) -> object:
        target = {**content.row("targets", TARGET), "due_on": due, "comparator": "ge"}
        figure = content.row("outcomes", OUTCOME)
        rows = [row for row in content.tables["series"].rows if row["record_id"] == TARGET]
        own = {**rows[0], "last_day": f"{due[:4]}-12-31", "value": target["value"]}
        like = {**own, "kind": "outcome", "comparator": "eq", "value_upper": ""}
        series: list[Row] = [own]
        outcomes: list[Row] = []
        for number, (value, end) in enumerate(reported):
            key = f"{OUTCOME}-{number}"
            shown = {"value": value, "comparator": "eq", "value_upper": "", "period_start": ""}
            outcomes.append({**figure, **shown, "outcome_id": key, "period_end": end[:7]})
            series.append({**like, "record_id": key, "value": value, "last_day": end})
        changed: dict[str, list[Row]] = {
            "targets": [target],
            "scoreboard": [{**content.row("scoreboard", TARGET), "verdict": verdict}],
            "outlooks": [{"target_id": TARGET, **outlook}] if outlook else [],
            "outcomes": outcomes,
            "series": series,
            "assessments": [],
            "indicators": [
                {**row, "measure": "stock"} for row in content.tables["indicators"].rows
            ],
        }
        page = Renderer(with_rows(content, **changed), "en", table_listing)
        return Maker(page), target

    return make  # type: ignore[return-value]


@pytest.mark.parametrize(
    ("verdict", "due", "reported", "expected"),
    [
        ("met", "2022", [("20", "2021-06-30")], "Kept early: 20 factories, reported for Jun 2021"),
        ("met", "2022", [("9", "2021-06-30"), ("20", "2022-03-31")], "Kept in time: 20 factories"),
        ("missed", "2022", [("9", "2022-12-31"), ("20", "2023-06-30")], "Kept late: 20 factories"),
        ("missed", "2022", [("9", "2022-12-31")], ""),
        ("no_outcome", "2022", [], ""),
    ],
)
def test_when_a_target_was_kept_is_said(
    made: Made, verdict: str, due: str, reported: list[tuple[str, str]], expected: str
) -> None:
    said = " ".join(course_notes(*made(verdict, due, *reported)))
    assert said.startswith(expected)
    assert bool(said) == bool(expected)


def test_a_target_on_its_way_says_what_an_even_pace_needs(made: Made) -> None:
    latest = {"latest_outcome_id": f"{OUTCOME}-0", "needed_value": "11.24999"}
    [said] = course_notes(
        *made("not_yet_due", "2030", ("12", "2026-06-30"), outlook="on_track", **latest)
    )
    assert "on track: 12 factories, reported for Jun 2026" in said
    assert "about 11.2 factories" in said
    few = {"latest_outcome_id": "", "needed_value": ""}
    [said] = course_notes(*made("not_yet_due", "2030", outlook="too_few_figures", **few))
    assert said == "On the way; too few figures to say how far."


def test_the_chart_holds_the_target_and_its_figures(made: Made) -> None:
    chart = target_chart(*made("missed", "2022", ("9", "2021-06-30"), ("12", "2022-06-30")))
    assert isinstance(chart, TimeChart)
    [series] = chart.series
    assert [point.middle for point in series.points] == [9, 12]
    [goal] = series.goals
    assert goal.low == 15
    assert goal.group == series.points[0].group != "", "a way leads to what was not reached"
    kept = target_chart(*made("met", "2022", ("9", "2021-06-30"), ("20", "2022-06-30")))
    assert kept is not None
    assert kept.series[0].goals[0].group == "", "no way is left to what was kept"


def test_there_is_no_chart_of_one_day(made: Made) -> None:
    assert target_chart(*made("met", "2022", ("20", "2022-12-31"))) is None
    assert target_chart(*made("no_outcome", "2022")) is None


def test_the_page_has_the_words_of_both_sources_side_by_side(small_site: Path) -> None:
    page = read_page(small_site / "en/targets" / f"{TARGET}.html")
    assert "15家以上" in page.text
    assert "The outcome, as it was reported" in page.text
    kinds = [each.get("class") for each in page.all("div")]
    assert kinds.index("witness own") < kinds.index("witness outcome")
    open_one = read_page(small_site / "en/targets/zj-2022-d-later.html")
    assert "witness outcome" not in [each.get("class") for each in open_one.all("div")]
