"""The pictures: their figures counted in another way, hostile texts, the same bytes anywhere."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packages import ROOT, schema_json, small_tables, write_small

from ycd_opendata.delta.pictures import draw
from ycd_opendata.delta.pictures.fields import initiatives_by_field
from ycd_opendata.delta.pictures.regions import Regions
from ycd_opendata.delta.pictures.timeline import KIND_OF, MOST, dates_by_region
from ycd_opendata.loader.loading import load_table
from ycd_opendata.package.open_package import installed_package
from ycd_opendata.package.reading import read_package
from ycd_opendata.site.charts.drawing import DARK_OF, LINE
from ycd_opendata.site.charts.lettering import fitted, text_width
from ycd_opendata.site.charts.picture import LANGS, Picture, size_of

Pictures = dict[str, Picture]
SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = (
    "<script>alert(1)</script>",
    "</text></svg><svg onload=alert(1)>",
    '"onload="alert(1)',
    "javascript:alert(1)",
    "&lt;b&gt;]]>",
    "\x1b[31m" + "长" * 300,
    "W" * 400,
)


@pytest.fixture(scope="module")
def pictures() -> Pictures:
    return {each.name: each for each in draw(installed_package())}


def svgs(picture: Picture) -> list[str]:
    return [*picture.svgs.values(), *picture.narrow_svgs.values()]


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def records(table: str) -> list[dict[str, str]]:
    return rows_of((ROOT / f"data/{table}.csv").read_text("utf-8"))


def province(region: str) -> str:
    """Told by the codes alone: the first two digits of a city's code are its province's."""
    of_digits = {"31": "CN-SH", "32": "CN-JS", "33": "CN-ZJ", "34": "CN-AH"}
    return of_digits.get(region[3:5], region)


def drawn_texts(svg: str) -> list[str]:
    return [element.text or "" for element in ElementTree.fromstring(svg).iter(f"{SVG}text")]


def paths(svg: str) -> list[tuple[str, str]]:
    """Fill and outline of each path; a fill may stand at the group around it."""
    found = []

    def walk(element: ElementTree.Element, fill: str) -> None:
        fill = element.get("fill", fill)
        if element.tag == f"{SVG}path":
            found.append((fill, element.attrib["d"]))
        for child in element:
            walk(child, fill)

    walk(ElementTree.fromstring(svg), "")
    return found


def test_initiatives_by_field_are_the_tables(pictures: Pictures) -> None:
    expected = Counter(
        (row["domain_id"], province(row["region_id"])) for row in records("initiatives")
    )
    rows = rows_of(pictures["initiatives-by-field"].data_csv)
    found = {(row["domain_id"], row["region_id"]): int(row["initiatives"]) for row in rows}
    assert {pair: number for pair, number in found.items() if number} == dict(expected)


def test_each_bar_is_as_long_as_its_figure_says(pictures: Pictures) -> None:
    picture = pictures["initiatives-by-field"]
    figures = sorted(int(row["initiatives"]) for row in rows_of(picture.data_csv))
    for svg in svgs(picture):
        assert sorted(int(text) for text in drawn_texts(svg) if text.isdecimal()) == figures
        widths = sorted(float(re.findall(r"h([\d.]+)", outline)[0]) for _, outline in paths(svg))
        several = [figure for figure in figures if figure > 0]
        assert len(widths) == len(several)
        for width, figure in zip(widths, several, strict=True):
            assert width == pytest.approx(max(1, widths[-1] * figure / several[-1]), abs=0.02)


def test_the_timeline_has_a_mark_a_date_and_a_line_a_year(pictures: Pictures) -> None:
    dates = records("dates")
    in_a_year = [row for row in dates if len(row["starts_on"]) == 4]
    legend = len(set(KIND_OF.values())) + 1
    picture = pictures["dates-by-region"]
    for svg in svgs(picture):
        assert len(paths(svg)) == len(dates) + len(in_a_year) + legend
    assert [row["date_id"] for row in rows_of(picture.data_csv)] == [
        row["date_id"] for row in sorted(dates, key=lambda row: (row["starts_on"], row["date_id"]))
    ]


def test_the_text_alternatives_say_every_figure(pictures: Pictures) -> None:
    picture = pictures["initiatives-by-field"]
    figures = Counter(row["initiatives"] for row in rows_of(picture.data_csv))
    for lang in LANGS:
        said = Counter(re.findall(r" (\d+)(?=[,.、。])", picture.alternatives[lang]))
        assert said == figures
    years = Counter(row["starts_on"][:4] for row in records("dates"))
    text = pictures["dates-by-region"].alternatives["en"]
    for year, number in years.items():
        assert sum(map(int, re.findall(rf"(\d+) in {year}", text))) == number
    for number in Counter(KIND_OF[row["event"]] for row in records("dates")).values():
        assert f" {number}." in text


def test_svgs_name_and_describe_themselves_and_reach_for_nothing(pictures: Pictures) -> None:
    for picture in pictures.values():
        for lang, svg in (*picture.svgs.items(), *picture.narrow_svgs.items()):
            root = ElementTree.fromstring(svg)
            assert_harmless(root)
            assert root.attrib["role"] == "img"
            assert root.attrib["lang"] == lang
            ids = {element.get("id"): element.text for element in root.iter() if element.get("id")}
            assert [ids[each] for each in root.attrib["aria-labelledby"].split()] == [
                picture.titles[lang],
                picture.alternatives[lang],
            ]
            assert svg.count("http") == 1
            assert "url(" not in svg
    widths = {name: {size_of(svg).width for svg in svgs(each)} for name, each in pictures.items()}
    assert set(map(frozenset, widths.values())) == {frozenset({720, 344})}


def assert_harmless(root: ElementTree.Element) -> None:
    drawn = {element.tag.removeprefix(SVG) for element in root.iter()}
    assert drawn <= {"svg", "title", "desc", "style", "g", "path", "line", "text"}
    for element in root.iter():
        assert not [key for key in element.attrib if key.startswith("on") or "href" in key]


def test_every_colour_is_known_for_light_and_dark_and_stands_out(pictures: Pictures) -> None:
    for picture in pictures.values():
        for svg in svgs(picture):
            drawn = svg[svg.index("</style>") :]
            assert set(re.findall(r"#[0-9a-f]{6}", drawn)) <= set(DARK_OF)
    for light, dark in DARK_OF.items():
        least = 0 if light == LINE else 4.5
        assert contrast(light, "#fcfbf8") >= least
        assert contrast(dark, "#12171d") >= least


def contrast(one: str, other: str) -> float:
    """The contrast ratio of WCAG 2."""

    def luminance(color: str) -> float:
        parts = [int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        linear = [x / 12.92 if x <= 0.04045 else ((x + 0.055) / 1.055) ** 2.4 for x in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_hostile_texts_are_drawn_as_texts(tmp_path: Path) -> None:
    tables = small_tables()
    for table in ("regions", "domains", "dates"):
        for row in tables[table]:
            for name in [name for name in row if name.startswith(("name_", "title_"))]:
                row[name] = HOSTILE[len(row["name_en" if "name_en" in row else "title_en"]) % 7]
    for index, text in enumerate(HOSTILE):
        tables["domains"].append(
            {"domain_id": f"hostile-{index}", "name_zh": text, "name_en": text}
        )
    found = {each.name: each for each in draw(read_package(write_small(tmp_path, tables)))}
    assert len(found) == 2
    for picture in found.values():
        for svg in svgs(picture):
            assert_harmless(ElementTree.fromstring(svg))
            assert "\x1b" not in svg
    texts = drawn_texts(found["initiatives-by-field"].svgs["en"])
    assert "<script>alert(1)</script>" in " ".join(texts)
    for row in rows_of(found["initiatives-by-field"].data_csv):
        if row["domain_id"].startswith("hostile"):
            assert row["domain_name_en"] == HOSTILE[int(row["domain_id"][-1])]


def test_fields_above_each_other_in_a_circle_are_all_drawn(tmp_path: Path) -> None:
    tables = small_tables()
    tables["domains"][0]["parent_id"] = "industry"
    package = read_package(write_small(tmp_path, tables))
    initiatives, domains, regions = (
        load_table(package, each) for each in ("initiatives", "domains", "regions")
    )
    picture = initiatives_by_field(initiatives, domains, Regions.of(regions))
    assert picture is not None
    rows = rows_of(picture.data_csv)
    assert {row["domain_id"] for row in rows} == {"economy", "industry"}


def test_an_empty_table_has_no_picture(tmp_path: Path) -> None:
    tables = small_tables()
    tables |= {"dates": [], "initiatives": [], "targets": [], "assessments": [], "evidence": []}
    assert draw(read_package(write_small(tmp_path, tables))) == ()


def test_of_many_dates_the_newest_are_drawn_and_the_text_says_so(tmp_path: Path) -> None:
    tables = small_tables()
    [first, *_] = tables["dates"]
    tables["dates"] = [
        {**first, "date_id": f"zj-{year}", "starts_on": str(year), "ends_on": ""}
        for year in range(1000, 1000 + MOST + 1)
    ]
    package = read_package(write_small(tmp_path, tables))
    dates, regions = load_table(package, "dates"), load_table(package, "regions")
    picture = dates_by_region(dates, Regions.of(regions))
    assert picture is not None
    assert f"Only the newest {MOST} of {MOST + 1} dates are drawn." in picture.alternatives["en"]
    years = [text for text in drawn_texts(picture.svgs["en"]) if text.isdecimal()]
    assert years[0] == "1001"
    assert 5 < len(years) < 20
    assert len(rows_of(picture.data_csv)) == MOST + 1


def test_words_cover_every_value_of_the_schemas() -> None:
    def values(table: str, name: str) -> list[str]:
        [field] = [each for each in schema_json(table)["fields"] if each["name"] == name]
        return list(field["constraints"]["enum"])

    assert set(KIND_OF) == set(values("dates", "event"))


@pytest.mark.parametrize(
    ("text", "shown"), [("at 27,000 places", "at…"), ("at 27 places", "at 27…")]
)
def test_no_number_is_cut_into_another_one(text: str, shown: str) -> None:
    assert fitted(text, 50, 12) == [shown]


@given(st.text(max_size=80), st.integers(20, 300), st.integers(1, 3), st.booleans())
def test_fitted_lines_are_no_wider_than_their_place(
    text: str, width: int, most: int, bold: bool
) -> None:
    lines = fitted(text, width, 12, most, bold=bold)
    assert 1 <= len(lines) <= most
    for line in lines:
        assert text_width(line, 12, bold=bold) <= width or line == "…"
        assert line.isprintable()
