"""Regions beside each other: latest figures, the map of tiles, profiles of regions and fields."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest
from site_pages import read_page
from sites import with_rows

from ycd_opendata.delta.site import region_comparison
from ycd_opendata.delta.site.field_profile import indicators_of_field, targets_of_field
from ycd_opendata.delta.site.lists import listing
from ycd_opendata.delta.site.making import Maker
from ycd_opendata.delta.site.region_comparison import compared, compared_fields, latest_rows
from ycd_opendata.delta.site.region_profile import newest_figures, records_of_region
from ycd_opendata.delta.site.tile_map import tile_map
from ycd_opendata.site.content import Content
from ycd_opendata.site.packed_rows import Row
from ycd_opendata.site.rendering import Renderer
from ycd_opendata.site.table_lists import table_listing

Compare = Callable[..., Maker]

REGIONS = {
    "CN-SH": ("province", "310000", "YRD"),
    "CN-ZJ": ("province", "330000", "YRD"),
    "CN-AH": ("province", "340000", "YRD"),
    "CN-310115": ("district", "310115", "CN-SH"),
    "YRD": ("delta", "", ""),
}


@pytest.fixture
def compare(small_content: Content) -> Compare:
    """A maker over outcomes of one indicator, each (region, last day, value, kind of period)."""

    def make(*figures: tuple[str, str, str, str], measure: str = "stock") -> Maker:
        like = next(row for row in small_content.tables["series"].rows if row["kind"] == "outcome")
        outcome = small_content.row("outcomes", like["record_id"])
        region = small_content.row("regions", "CN-ZJ")
        series: list[Row] = []
        outcomes: list[Row] = []
        for number, (where, day, value, kind) in enumerate(figures):
            shared = {"region_id": where, "value": value, "comparator": "eq", "value_upper": ""}
            own = {"record_id": f"x-{number}", "preferred": "true", "period_kind": kind}
            series.append({**like, **shared, **own, "last_day": day, "measure": measure})
            when = {"period_start": "", "period_end": day[:4]}
            outcomes.append({**outcome, **shared, **when, "outcome_id": f"x-{number}"})
        regions = [
            {**region, "region_id": key, "level": level, "gb2260": code, "parent_id": parent,
             "name_en": key, "name_zh": key}
            for key, (level, code, parent) in REGIONS.items()
        ]  # fmt: skip
        made = with_rows(small_content, series=series, outcomes=outcomes, regions=regions)
        return Maker(Renderer(made, "en", table_listing))

    return make


def indicator(make: Maker) -> str:
    return make.content.tables["series"].rows[0]["indicator_id"]


def test_the_latest_figure_of_each_region_provinces_first(compare: Compare) -> None:
    make = compare(
        ("CN-310115", "2024-12-31", "5", "year"),
        ("YRD", "2020-12-31", "100", "year"),
        ("CN-ZJ", "2021-12-31", "30", "year"),
        ("CN-ZJ", "2023-12-31", "40", "year"),
        ("CN-SH", "2022-12-31", "20", "year"),
    )
    found = compared(make, indicator(make))
    assert [each.region for each in found] == ["CN-SH", "CN-ZJ", "YRD", "CN-310115"]
    assert [(each.value, each.when) for each in found][1] == (40.0, "2023")
    assert [each.width for each in found] == ["20.00", "40.00", "100.00", "5.00"]


def test_one_region_is_compared_with_nothing(compare: Compare) -> None:
    make = compare(("CN-ZJ", "2021-12-31", "30", "year"), ("CN-ZJ", "2022-12-31", "31", "year"))
    assert compared(make, indicator(make)) == ()


def test_flows_are_compared_by_whole_years_only(compare: Compare) -> None:
    figures = (("CN-ZJ", "2023-06-30", "9", "half"), ("CN-ZJ", "2022-12-31", "31", "year"))
    rows = compare(*figures, measure="flow").content.tables["series"].rows
    assert latest_rows(rows)["CN-ZJ"]["value"] == "31"
    rows = compare(*figures, measure="stock").content.tables["series"].rows
    assert latest_rows(rows)["CN-ZJ"]["value"] == "9"


def test_below_zero_bars_start_where_zero_is(compare: Compare) -> None:
    make = compare(("CN-SH", "2022-12-31", "-5", "year"), ("CN-ZJ", "2022-12-31", "15", "year"))
    bars = [(each.start, each.width) for each in compared(make, indicator(make))]
    assert bars == [("0.00", "25.00"), ("25.00", "75.00")]


def test_the_map_shades_what_is_known_and_says_what_is_not(compare: Compare) -> None:
    make = compare(
        ("CN-SH", "2022-12-31", "10", "year"),
        ("CN-ZJ", "2022-12-31", "20", "year"),
        ("CN-310115", "2022-12-31", "5", "year"),
        ("YRD", "2022-12-31", "99", "year"),
    )
    svg = str(tile_map(make, compared(make, indicator(make)), "<t>", "../"))
    assert svg.count('class="shade"') == 3, "two provinces and a district"
    assert svg.count("no figure") == 2, "Anhui and Jiangsu"
    assert 'fill-opacity="0.42"' in svg
    assert "99" not in svg
    assert "<t>" not in svg
    links = [*ElementTree.fromstring(svg).iter("a")]
    assert len(links) == 3
    for link in links:
        assert link.attrib["aria-label"].startswith("".join(link.itertext())), "as it is spoken"
    one = compared(make, indicator(make))[:1]
    assert tile_map(make, one, "t", "") == "", "a map of one tile compares nothing"


def test_the_page_of_all_goes_field_by_field(
    compare: Compare, monkeypatch: pytest.MonkeyPatch
) -> None:
    make = compare(("CN-SH", "2022-12-31", "10", "year"), ("CN-ZJ", "2022-12-31", "20", "year"))
    [field] = compared_fields(make, ["CN-SH", "CN-ZJ", "CN-AH"])
    [line] = field.indicators
    assert [each and each.value for each in line.cells] == [10.0, 20.0, None]
    assert list(compared_fields(make, ["CN-SH", "CN-AH"])) == [], "one region is no comparison"
    monkeypatch.setattr(region_comparison, "_MOST_INDICATORS", 0)
    [field] = compared_fields(make, ["CN-SH", "CN-ZJ", "CN-AH"])
    assert (field.count, field.indicators) == (1, ()), "of very many the first, and how many"


def test_the_profile_sets_peers_of_one_level_beside_a_region(compare: Compare) -> None:
    make = compare(
        ("CN-SH", "2022-12-31", "10", "year"),
        ("CN-ZJ", "2022-12-31", "20", "year"),
        ("CN-310115", "2022-12-31", "5", "year"),
    )
    [newest] = newest_figures(make, "CN-SH")
    assert "".join(each.text for each in newest.figure).startswith("10")
    assert [each.name.text for each in newest.peers] == ["CN-ZJ"]
    [district] = newest_figures(make, "CN-310115")
    assert district.peers == ()
    assert newest_figures(make, "CN-AH") == ()


def test_a_province_has_the_records_of_its_districts_after_its_own(compare: Compare) -> None:
    make = compare(
        ("CN-310115", "2022-12-31", "5", "year"),
        ("CN-SH", "2022-12-31", "10", "year"),
        ("CN-ZJ", "2022-12-31", "20", "year"),
    )
    found = {
        region: [row["region_id"] for row in records_of_region(make, "outcomes", region)]
        for region in ("CN-SH", "CN-310115", "CN-ZJ", "YRD")
    }
    assert found == {
        "CN-SH": ["CN-SH", "CN-310115"],
        "CN-310115": ["CN-310115"],
        "CN-ZJ": ["CN-ZJ"],
        "YRD": [],
    }


def test_a_wide_field_has_what_is_in_the_fields_below_it(small_content: Content) -> None:
    make = Maker(Renderer(small_content, "en", table_listing))
    rows = small_content.tables["domains"].rows
    narrow = next(row for row in rows if row["parent_id"])
    inside = {row["target_id"] for row in targets_of_field(make, narrow["domain_id"])}
    around = {row["target_id"] for row in targets_of_field(make, narrow["parent_id"])}
    assert inside <= around
    indicators = indicators_of_field(make, narrow["parent_id"])
    assert set(indicators_of_field(make, narrow["domain_id"])) <= {*indicators}
    assert {row["target_id"] for row in small_content.tables["scoreboard"].rows} & around


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_pages_of_regions_and_fields_lead_on(small_site: Path, lang: str) -> None:
    region = read_page(small_site / lang / "regions/CN-ZJ.html")
    assert "../compare.html" in region.addresses()
    assert "newest" in region.ids
    field = read_page(small_site / lang / "domains/economy.html")
    assert "indicators" in field.ids


def test_an_outcome_of_another_indicator_keeps_its_own_unit(small_content: Content) -> None:
    target = next(row for row in small_content.tables["scoreboard"].rows if row["outcome_id"])
    outcome = small_content.row("outcomes", target["outcome_id"])
    indicator = small_content.row("indicators", target["indicator_id"])
    unit = small_content.row("units", indicator["unit_id"])
    made = with_rows(
        small_content,
        scoreboard=[target],
        outcomes=[{**outcome, "indicator_id": "other"}],
        indicators=[indicator, {**indicator, "indicator_id": "other", "unit_id": "hens"}],
        units=[unit, {**unit, "unit_id": "hens", "name_en": "hens", "name_zh": "只母鸡"}],
    )
    [row] = listing(Renderer(made, "en", table_listing), "scoreboard").rows
    said = ["".join(words.text for words in each.words) for each in row.cells]
    assert said[4].endswith(" hens")
    assert "hens" not in said[2]


def test_the_filter_by_field_has_narrower_fields_below_their_own(small_content: Content) -> None:
    names = {"a-part": "economy", "economy": "", "b-part": "economy"}
    like, indicators = small_content.row("domains", "economy"), small_content.tables["indicators"]
    made = with_rows(
        small_content,
        domains=[
            {**like, "domain_id": key, "parent_id": of, "name_en": key} for key, of in names.items()
        ],
        indicators=[
            {**row, "domain_id": ("b-part", "a-part")[place % 2]}
            for place, row in enumerate(indicators.rows)
        ],
    )
    [facet] = [
        each
        for each in listing(Renderer(made, "en", table_listing), "indicators").facets
        if each.name == "field"
    ]
    assert [words.text for _, words, _ in facet.options] == ["economy", "— a-part", "— b-part"]
