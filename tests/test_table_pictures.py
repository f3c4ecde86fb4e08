"""Pictures of any table: those that ``ycd.toml`` names, and those that are plain; none else."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from packages import describe
from sites import released

from ycd_opendata.package.settings import SitePicture, SiteSettings
from ycd_opendata.site import building
from ycd_opendata.site.charts.picture import Picture
from ycd_opendata.site.charts.time_axes import TimeAxes, outermost
from ycd_opendata.site.content import Content, read_content
from ycd_opendata.site.rendering import Renderer
from ycd_opendata.site.table_lists import table_listing
from ycd_opendata.site.table_pictures import table_pictures
from ycd_opendata.site.table_records import table_record

HOSTILE = "<script>alert(1)</script>"

LEVELS = "river,month,level\n" + "".join(
    f"{river},202{year}-01,{1.5 + year}\n" for river in ("Aire", "Wharfe") for year in range(4)
)
BRIDGES = f"name,length\n{HOSTILE},120.5\nOld,33\nNo length,\n"


def fields(*described: tuple[str, str, dict[str, Any]]) -> dict[str, Any]:
    return {"fields": [{"name": name, "type": kind, **more} for name, kind, more in described]}


RIVER = ("river", "string", {"constraints": {"enum": ["Aire", "Wharfe"]}})
LEVEL = ("level", "number", {"unit": "m"})
SCHEMAS = {
    "levels": fields(RIVER, ("month", "yearmonth", {}), LEVEL),
    "bridges": fields(("name", "string", {}), ("length", "number", {})) | {"primaryKey": "name"},
}


def content(
    folder: Path, *pictures: SitePicture, levels: str = LEVELS, schema: Any = None
) -> Content:
    """The content of a small package of rivers."""
    source = folder / "package"
    source.mkdir()
    schemas = {**SCHEMAS, "levels": schema or SCHEMAS["levels"]}
    resources = [{"name": name, "path": f"{name}.csv", "schema": schemas[name]} for name in SCHEMAS]
    raw = {"name": "rivers", "version": "1.0.0", "created": "2026-01-01T00:00:00Z"}
    describe(source, resources, **raw)
    (source / "levels.csv").write_text(levels, "utf-8")
    (source / "bridges.csv").write_text(BRIDGES, "utf-8")
    release = released(source, folder / "catalogue" / "latest", formats=["csv"])
    return read_content(release, [], {}, None, SiteSettings(pictures=pictures))


def texts(picture: Picture) -> list[str]:
    return [each.text or "" for each in ElementTree.fromstring(picture.svgs["en"]).iter()]


def test_a_date_a_number_and_what_tells_series_apart_are_plain(tmp_path: Path) -> None:
    [picture] = table_pictures(content(tmp_path))
    assert (picture.name, picture.table) == ("levels-1", "levels")
    assert picture.svgs["en"].count('class="line ') == 2
    assert {"Aire", "Wharfe", "m", "2020"} <= {*texts(picture)}
    assert "Aire, Jan 2021, 2.5" in picture.alternatives["en"]
    assert "2021年1月" in picture.alternatives["zh"]
    assert picture.data_csv.splitlines()[:2] == ["river,month,level", "Aire,2020-01,1.5"]


@pytest.mark.parametrize(("year", "series"), [("year", 2), ("height", 0)])
def test_years_as_whole_numbers_and_the_one_text_that_repeats_are_plain(
    tmp_path: Path, year: str, series: int
) -> None:
    levels = LEVELS.replace("-01", "").replace("month", year)
    schema = fields(("river", "string", {}), (year, "integer", {}), LEVEL)
    found = table_pictures(content(tmp_path, levels=levels, schema=schema))
    assert sum(each.svgs["en"].count('class="line ') for each in found) == series


@pytest.mark.parametrize(
    ("kind", "second", "drawn"),
    [("number", "high", True), ("string", "high", False), ("number", "lat", False)],
)
def test_of_several_figures_a_day_and_nothing_else_the_first_are_drawn(
    tmp_path: Path, kind: str, second: str, drawn: bool
) -> None:
    rows = "".join(f"202{year}-01,{year},8,9\n" for year in range(4))
    typed = {"month": "yearmonth", "low": "integer", second: "number", "other": kind}
    schema = fields(*((name, type_, {}) for name, type_ in typed.items()))
    levels = f"month,low,{second},other\n{rows}"
    found = table_pictures(content(tmp_path, levels=levels, schema=schema))
    assert [each.data_csv.split()[0] for each in found] == (["month,low"] if drawn else [])


@pytest.mark.parametrize(
    ("levels", "schema"),
    [
        (LEVELS + "Aire,2020-01,9\n", fields(RIVER, ("month", "yearmonth", {}), LEVEL)),
        (LEVELS, fields(RIVER, ("month", "string", {}), LEVEL)),
        (LEVELS, fields(RIVER, ("month", "yearmonth", {}), ("level", "string", {}))),
        ("river,month,level\nAire,2020-01,1\n", SCHEMAS["levels"]),
        (
            "name,built,level\nOld,2001-01,1\nNew,2002-01,2\nLast,2003-01,3\n",
            fields(("name", "string", {}), ("built", "yearmonth", {}), LEVEL),
        ),
    ],
    ids=["two figures at once", "no date", "no number", "too few", "things with names"],
)
def test_what_is_not_plain_is_not_drawn_unasked(
    tmp_path: Path, levels: str, schema: dict[str, Any]
) -> None:
    assert table_pictures(content(tmp_path, levels=levels, schema=schema)) == ()


def test_bars_are_drawn_of_what_was_asked_for(tmp_path: Path) -> None:
    asked = SitePicture("bridges", "bars", "name", "length", title={"": "Bridges & more"})
    bars, levels = table_pictures(content(tmp_path, asked))
    assert levels.table == "levels", "what is plain is drawn beside it"
    assert bars.titles == {"en": "Bridges & more", "zh": "Bridges & more"}
    assert bars.svgs["en"].count('class="bar c0"') == 2, "a row without a figure has none"
    assert "<script" not in bars.svgs["en"]
    assert HOSTILE in " ".join(texts(bars))


def test_points_are_not_joined_and_an_old_name_draws_nothing(tmp_path: Path) -> None:
    asked = SitePicture("levels", "points", "month", "level", "river")
    made = content(tmp_path, asked, replace(asked, y="gone"), replace(asked, table="gone"))
    [picture] = table_pictures(made)
    assert 'class="line' not in picture.svgs["en"]
    assert picture.svgs["en"].count("<circle") == 8


def test_a_picture_stands_on_the_front_page_and_beside_its_table(tmp_path: Path) -> None:
    release = content(tmp_path).package.root
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(building, "drawn_pictures", table_pictures)
        building.write_site(release.parent, release, [], {}, None)
    for page in ("index.html", "zh/tables/levels.html"):
        assert "charts/levels-1." in (release.parent / page).read_text("utf-8")
    other = (release.parent / "en/tables/bridges.html").read_text("utf-8")
    assert "charts/" not in other
    assert (release.parent / "charts/levels-1-narrow.zh.svg").is_file()


AT = "".join(f"Old,202{year}-01,{1.5 + year},{year % 2}\n" for year in range(4))
KIND = ("kind", "string", {"constraints": {"enum": ["0", "1"]}})


@pytest.mark.parametrize(
    ("rows", "kind", "asked", "lines", "points"),
    [
        (AT, [], (), 1, 4),
        (AT, [KIND], (), 2, 4),
        (AT + "Old,2020-01,9,1\n", [], (), None, None),
        ("".join(AT.splitlines(keepends=True)[:2]), [], (), None, None),
        (AT, [("more", "number", {})], (), None, None),
        (AT, [], (SitePicture("levels", "points", "month", "level", "river"),), 0, 4),
        (AT, [], (SitePicture("levels", "bars", "month", "level"),), None, None),
    ],
    ids=["line", "two lines", "two at once", "too few", "two numbers", "asked for", "bars"],
)
def test_the_page_of_a_record_shows_what_refers_to_it_over_time(
    tmp_path: Path,
    rows: str,
    kind: list[Any],
    asked: tuple[SitePicture, ...],
    lines: int | None,
    points: int | None,
) -> None:
    width = 4 if kind else 3
    levels = [
        ",".join(each.split(",")[:width]) for each in f"river,month,level,x\n{rows}".split("\n")
    ]
    names = [each[0] for each in kind]
    levels[0] = ",".join(["river", "month", "level", *names])
    schema = fields(("river", "string", {}), ("month", "yearmonth", {}), LEVEL, *kind) | {
        "foreignKeys": [{"fields": "river", "reference": {"resource": "bridges", "fields": "name"}}]
    }
    made = content(tmp_path, *asked, levels="\n".join(levels), schema=schema)
    page, table = Renderer(made, "en", table_listing), made.tables["bridges"]
    views = [table_record(page, table, row) for row in table.rows]
    assert [len(each.sections) for each in views] == [0, 1, 0]
    chart = views[1].sections[0].chart
    if lines is None:
        assert chart is None
        return
    assert chart is not None
    assert chart.title == "Old: Level"
    assert chart.svg.count('class="line ') == 2 * lines
    assert chart.svg.count("<circle") == 2 * (points or 0)
    assert "Jan 2021, 2.5" in chart.svg


@pytest.mark.parametrize(
    ("first", "last", "by_month", "number"),
    [
        (date(2024, 11, 5), date(2025, 1, 9), True, 3),
        (date(2024, 2, 1), date(2024, 12, 1), False, 1),
        (date(2020, 6, 1), date(2023, 6, 1), False, 4),
    ],
)
def test_few_days_have_an_axis_of_months(
    first: date, last: date, by_month: bool, number: int
) -> None:
    start, end = outermost([last, first])
    axes = TimeAxes(start, end, 0, 1, 0, 100, 100)
    spans = list(axes.spans())
    assert (axes.by_month, len(spans)) == (by_month, number)
    assert start <= first <= last <= end
    assert spans[0].first == start
