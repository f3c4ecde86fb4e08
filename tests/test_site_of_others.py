"""The site of somebody else's package: nothing in it, or in what makes it, is about our data."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from odd_package import write_odd
from packages import ROOT, describe
from site_pages import dead_links, read_page
from sites import built

from ycd_opendata.loader.retired import RETIRED
from ycd_opendata.package.reading import read_package
from ycd_opendata.publishing.catalogue import publish
from ycd_opendata.site.content import Content
from ycd_opendata.site.rendering import Renderer
from ycd_opendata.site.table_lists import _repeats, table_listing

SITE = ROOT / "src" / "ycd_opendata" / "site"
RIVERS = ROOT / "tests" / "rivers"

PLACES = ("Shanghai", "Jiangsu", "Zhejiang", "Anhui", "上海", "江苏", "浙江", "安徽", "长三角")
EVERYDAY = ("sources", "dates", "units", "glossary", "searches", "series", "coverage")
"""Tables of ours whose name is a word that may stand in a text about anything."""
TITLE = ("YCD", "City Digitalisation", "数字化", "digital-transformation")


def our_words() -> list[str]:
    """What only our data speak of: names of tables and of fields, places, the title."""
    schemas = [each for each in (ROOT / "schemas").glob("*.json") if each.stem != RETIRED]
    tables = [each.stem for each in schemas if each.stem not in EVERYDAY]
    fields = {
        field["name"]
        for path in schemas
        for field in json.loads(path.read_text("utf-8"))["fields"]
        if "_" in field["name"]
    }
    return [*tables, *fields, *PLACES, *TITLE]


def mentions(text: str, words: list[str]) -> list[str]:
    """The words that stand in a text, Latin ones not as a part of others."""
    return [
        each
        for each in words
        if (re.search(rf"(?<![\w-]){each}(?![\w-])", text) if each.isascii() else each in text)
    ]


def test_our_own_words_would_be_noticed() -> None:
    assert mentions("the scoreboard of 上海", our_words()) == ["scoreboard", "上海"]
    assert "target_id" in our_words()
    page = (SITE.parent / "delta/site/lists.py").read_text("utf-8")
    assert {"targets", "domain_id"} <= {*mentions(page, our_words())}


@pytest.mark.parametrize("kind", ["*.py", "templates/*.html", "assets/*", "texts.toml"])
def test_what_makes_sites_names_nothing_of_ours(kind: str) -> None:
    found = [*SITE.rglob(kind)]
    assert found
    for path in found:
        assert mentions(path.read_text("utf-8"), our_words()) == [], path


def write_rivers(folder: Path, toml: str = '[site]\nlanguages = ["en"]\n') -> Path:
    """Rivers, their stations, crews that have a key of two fields, and readings without one."""
    shutil.copytree(RIVERS, folder, dirs_exist_ok=True)
    (folder / "ycd.toml").write_text(toml, "utf-8")
    publish(read_package(folder), folder / "dist")
    return folder / "dist"


def test_the_site_of_an_invented_package_says_nothing_of_ours(tmp_path: Path) -> None:
    publish(read_package(write_odd(tmp_path)), tmp_path / "dist")
    made = [
        each
        for each in (tmp_path / "dist").rglob("*")
        if each.suffix in (".html", ".css", ".js", ".svg") and each.parts[-2] != "csv"
    ]
    assert len(made) > 8
    for path in made:
        assert mentions(path.read_text("utf-8"), our_words()) == [], path


def test_lists_have_filters_and_links_along_foreign_keys_both_ways(tmp_path: Path) -> None:
    root = write_rivers(tmp_path)
    pages = {
        each.relative_to(root).as_posix(): read_page(each) for each in root.glob("en/**/*.html")
    }
    front = read_page(root / "index.html")
    assert dead_links([front, *pages.values()], root) == []
    stations = pages["en/tables/stations.html"]
    named = {each["name"] for each in stations.all("select")}
    assert named == {"river_id", "open", "since", "quality", "sort"}
    [river] = {each for each in stations.addresses() if "/records/rivers/record-" in each}
    values = {each["value"] for each in stations.all("option")}
    assert {"a/b", "true", "2001", "ok", "x%20y"} <= values
    assert [each["data-quality"] for each in stations.all("tr") if "data-quality" in each] == [
        "ok",
        "x%20y",
        "ok",
    ]
    assert "River Open Since Quality" in " ".join(stations.text.replace("↕", "").split())
    assert "In doubt" in stations.text
    page = pages[Path("en/tables", river).as_posix().replace("tables/../", "")]
    assert "<b>Aa</b>" in page.text
    assert "Length (km) 12,345.5" in page.text
    assert "Stations 2" in page.text
    assert "https://example.org/aa" in page.addresses()
    other = pages["en/records/rivers/c.html"]
    assert not [each for each in other.addresses() if each.startswith("javascript")]
    assert "javascript:alert(1)" in other.text
    station = pages["en/records/stations/1.html"]
    assert "Crews 2" in station.text
    assert "Zoe" in station.text
    assert not [each for each in station.all("a") if "hreflang" in each]
    assert "Rivers · a/b" in page.text, "the key tells records of one name apart"
    boats = [each.text for path, each in pages.items() if path.startswith("en/records/boats/")]
    assert sum("Boats · 2004 Nixe" in " ".join(text.split()) for text in boats) == 1
    assert "Nixe, 1999" not in pages["en/tables/boats.html"].text, "no name stands there twice"
    assert "oars sails" in pages["en/codebook.html"].text, "what has no label is said once"
    # Lengths, years, levels, days and moments; the numbers of stations are no measure.
    drawn = [each["aria-label"] for each in pages["en/codebook.html"].all("svg")]
    assert not [each for each in drawn if "from 1 to 3 in" in each or "from 1 to 2 in" in each]
    crew_list = " ".join(pages["en/tables/crews.html"].text.replace("↕", "").split())
    assert "Station, Who Craft 1, Zoe oars" in crew_list
    record = json.loads((root / "records/stations/2.json").read_text("utf-8"))
    assert record["record"]["open"] is False
    crews = [each.text for path, each in pages.items() if path.startswith("en/records/crews/")]
    assert len(crews) == 3
    assert any("1, Zoe" in text and "History of this record" in text for text in crews)
    assert "records/readings" not in " ".join(pages)


def test_cells_in_a_notation_of_their_owners_are_shown_as_what_they_mean(tmp_path: Path) -> None:
    page = read_page(write_rivers(tmp_path, "") / "en/tables/floods.html")
    text = " ".join(page.text.split())
    assert "in English or Chinese" not in text, "they are in one language"
    assert "2 Aug 2019 1,234.5 Yes 2 Aug 2019 04:57:37Z 3 Sep 2020 4 Oct 2021" in text
    assert "7.25 Yes 4 Oct 2021 21:00:00Z" in text
    years = [each["value"] for each in page.all("option") if each["value"].isdigit()]
    assert years[:3] == ["2021", "2020", "2019"]


@pytest.mark.parametrize(
    ("texts", "few"),
    [
        (["oak", "ash"] * 5, True),
        (["oak", "ash"] * 4, False),
        (["oak", "ash", *[""] * 20], False),
        ([str(number) for number in range(21)] * 5, False),
    ],
)
def test_texts_of_which_a_few_repeat_are_filtered_by(
    small_content: Content, texts: list[str], few: bool
) -> None:
    page = Renderer(small_content, "en", table_listing)
    table = replace(small_content.tables["domains"], rows=[{"name_en": each} for each in texts])
    columns = {each.field.name: each for each in page.cell_words.columns["domains"]}
    assert _repeats(columns["name_en"], table) == few


def test_numbers_that_say_which_are_no_amounts_and_no_two_filters_part_rows_alike(
    tmp_path: Path,
) -> None:
    (tmp_path / "t.csv").write_text(
        "zip_code,depth,made,seen,gone\n"
        "90210,10500,2001-01-01,2001-05-05,2001-06-06\n"
        "90310,10900,2002-01-01,2002-05-05,2001-06-06\n"
        "90310,10500,2002-01-01,2002-05-05,2003-06-06\n",
        "utf-8",
    )
    types = ["integer", "integer", "date", "date", "date"]
    names = ["zip_code", "depth", "made", "seen", "gone"]
    fields = [{"name": name, "type": each} for name, each in zip(names, types, strict=True)]
    table = {"name": "t", "path": "t.csv", "schema": {"fields": fields}}
    describe(tmp_path, [table], version="1.0.0", created="2022-01-01T00:00:00Z")
    root = built(tmp_path, tmp_path / "dist")
    page = read_page(root / "en/tables/t.html")
    assert "90210 10,500" in " ".join(page.text.split())
    assert [each["name"] for each in page.all("select")] == ["made", "gone", "sort"]
    codebook = read_page(root / "en/codebook.html")
    assert "90210 to 90310" in codebook.text
    assert "10,500 to 10,900" in codebook.text
    assert len(codebook.all("svg")) == 4, "of all but the codes"


@pytest.mark.parametrize(
    ("renamed", "row", "en", "zh"),
    [
        ("name_en", {"name": "Hill", "name_zh": "山"}, "Hill", "山"),
        ("name_zh", {"name": "山", "name_en": "Hill"}, "Hill", "山"),
        ("name_zh", {"name": "Hügel", "name_en": "Hill"}, "Hügel", "Hügel"),
        ("name_en", {"name": "山", "name_zh": "岭"}, "山", "山"),
    ],
)
def test_a_name_beside_one_in_the_other_language_is_its_translation(
    small_content: Content, renamed: str, row: dict[str, str], en: str, zh: str
) -> None:
    table = small_content.tables["domains"]
    schema = table.resource.schema
    assert schema is not None
    fields = (
        replace(each, name="name") if each.name == renamed else each for each in schema.fields
    )
    resource = replace(table.resource, schema=replace(schema, fields=tuple(fields)))
    rows = [{"domain_id": "hill", "parent_id": "", **row}]
    tables = {**small_content.tables, "domains": replace(table, resource=resource, rows=rows)}
    content = replace(small_content, tables=tables)
    for lang, name in (("en", en), ("zh", zh)):
        words = Renderer(content, lang, table_listing).cell_words
        assert words.name(tables["domains"], rows[0]).text == name


def test_a_key_with_zeros_in_front_has_its_history(tmp_path: Path) -> None:
    fields = [{"name": name, "type": "integer"} for name in ("fips", "people")]
    table = {"name": "t", "path": "t.csv", "schema": {"fields": fields, "primaryKey": "fips"}}
    for version, people in (("1.0.0", 7), ("1.0.1", 8)):
        (tmp_path / "t.csv").write_text(f"fips,people\n01001,{people}\n01003,5\n", "utf-8")
        describe(tmp_path, [table], version=version, created="2022-01-01T00:00:00Z")
        root = built(tmp_path, tmp_path / "dist")
    assert "People changed: 7 → 8" in read_page(root / "en/records/t/01001.html").text
    assert "../records/t/01001.html" in read_page(root / "en/versions/1.0.1.html").addresses()


def test_a_foreign_key_of_several_fields_links_both_ways(tmp_path: Path) -> None:
    root = write_rivers(tmp_path, '[[site.lists]]\ntable = "shifts"\nfilters = ["worker"]\n')
    record = read_page(root / "en/records/shifts/dawn.html")
    assert "Crews 2, Zoe" in record.text
    [crew] = {each for each in record.addresses() if "/crews/" in each}
    back = read_page((root / "en/records/shifts" / crew).resolve())
    assert "Shifts 2" in back.text
    linked = {each for each in back.addresses() if "/shifts/" in each}
    assert linked == {"../../records/shifts/dawn.html", "../../records/shifts/noon.html"}
    page = read_page(root / "en/tables/shifts.html")
    listed = page.addresses()
    assert len([each for each in listed if each.endswith(crew.rpartition("/")[2])]) == 4
    assert [each.get("value") for each in page.all("option")][:3] == ["", "Max", "Zoe"]


def test_a_long_table_has_its_first_rows_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ycd_opendata.site.content.MOST_RECORDS", 2)
    monkeypatch.setattr("ycd_opendata.site.content.FIRST_ROWS", 1)
    root = write_rivers(tmp_path)
    page = read_page(root / "en/tables/stations.html")
    assert "only its first 1 of 3 rows" in page.text
    assert "1 of 3 shown" in page.text
    assert not page.all("form")
    assert "../../latest/csv/stations.csv" in page.addresses()
    made = {each.parent.name for each in root.glob("en/records/*/*.html")}
    assert made == {"rivers"}
    assert "Stations" not in read_page(root / "en/records/rivers/c.html").text.partition("Facts")[2]
    searched = read_page(root / "en/search.html").text
    assert "Too long to be searched here: Stations 3" in searched
    assert [each.name for each in root.glob("assets/data/search.*")] == ["search.rivers.en.js"]
    codebook = read_page(root / "en/codebook.html").text
    assert codebook.count("too long for a summary") == 6
    assert "2 different values" not in codebook.partition("Stations stations")[2]


def test_tables_have_record_pages_from_the_shortest_up_while_there_is_room(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ycd_opendata.site.content.MOST_IN_ALL", 5)
    monkeypatch.setattr("ycd_opendata.site.front._MOST_LISTED", 2)
    root = write_rivers(tmp_path)
    made = {each.parent.name for each in root.glob("en/records/*/*.html")}
    assert made == {"rivers", "stations"}
    page = read_page(root / "en/tables/shifts.html")
    assert "only its first" not in page.text
    assert page.all("form")
    front = read_page(root / "index.html")
    assert front.text.count("All 7 tables") == 2
    assert {"en/tables/rivers.html", "en/search.html#kinds"} <= {*front.addresses()}
    assert not any("csv/crews.csv" in each for each in front.addresses())


def test_search_finds_records_of_any_key_and_those_without_a_page(tmp_path: Path) -> None:
    root = write_rivers(tmp_path)
    found = {}
    for path in root.glob("assets/data/search.*.en.js"):
        _, listed, rows = json.loads(path.read_text("utf-8").partition("]=")[2])
        found[listed] = [(name, bool(href)) for href, name, *_ in rows]
    assert found["tables/crews.html"] == [("1, Zoe", True), ("1, Max", True), ("2, Zoe", True)]
    assert found["tables/readings.html"] == [("calm", False), ("calm", False), ("wild", False)]
    searched = read_page(root / "en/search.html")
    assert "Readings 3" in searched.text


def test_a_list_is_as_its_owner_asks(tmp_path: Path) -> None:
    asked = """
[site]
languages = ["zh"]
repository = "https://github.com/example/flowing"
home = "https://example.org/board"
logo = "mark.svg"
texts = { lead = { zh = "河有多高。" }, about = "One.\\n\\nTwo.", footer = "River Board" }
[[site.lists]]
table = "stations"
columns = ["quality", "nothing"]
filters = ["quality", "open"]
"""
    (tmp_path / "mark.svg").write_bytes(b"<svg/>")
    root = write_rivers(tmp_path, asked)
    front = read_page(root / "index.html")
    assert "河有多高。" in front.text
    assert [each for each in ("One.", "Two.", "River Board") if each not in front.text] == []
    assert (root / "assets/logo.svg").read_bytes() == b"<svg/>"
    page = read_page(root / "zh/tables/stations.html")
    assert [each["data-column"] for each in page.all("th") if "data-column" in each] == [
        "station_id",
        "quality",
    ]
    assert [each["name"] for each in page.all("select")] == ["quality", "open", "sort"]
    record = read_page(root / "zh/records/stations/1.html")
    wanted = "https://github.com/example/flowing/issues/new?title=stations%201"
    assert wanted in record.addresses()
    assert "hreflang" not in str(record.all("a"))
    assert [each["src"] for each in record.all("img")] == ["../../../assets/logo.svg"]
    assert record.addresses().count("https://example.org/board") == 2


def test_what_we_add_is_loaded_when_a_site_is_made() -> None:
    program = """
import sys
from ycd_opendata.delta.contribution import EXTENSION
assert EXTENSION.site.listing and EXTENSION.site.pictures
print([each for each in ("jinja2", "vl_convert", "pandas") if each in sys.modules])
"""
    found = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert found.stdout.strip() == "[]"
