"""The pages of indicators: every figure with its source, the chart, the files, the embed page."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from packages import small_tables
from site_pages import read_page

from ycd_opendata.delta.site.indicator_figures import FigureRow, last_promises
from ycd_opendata.delta.site.making import maker_of
from ycd_opendata.delta.site.what_to_know import contested
from ycd_opendata.site.content import Content
from ycd_opendata.site.rendering import Renderer
from ycd_opendata.site.table_lists import table_listing
from ycd_opendata.site.wording import Words


@pytest.fixture(scope="module")
def root(small_site: Path) -> Path:
    return small_site


def figures(table: str, indicator: str) -> list[dict[str, str]]:
    return [row for row in small_tables()[table] if row["indicator_id"] == indicator]


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_each_figure_is_in_the_table_with_its_words(root: Path, lang: str) -> None:
    page = read_page(root / lang / "indicators/factories.html")
    for table, key in (("targets", "target_id"), ("outcomes", "outcome_id")):
        for row in figures(table, "factories"):
            assert row["phrase"] in page.text
            assert f"../{table}/{row[key]}.html" in page.addresses()


def test_each_figure_with_a_day_is_in_the_chart_and_leads_to_its_page(root: Path) -> None:
    page = read_page(root / "en/indicators/factories.html")
    marks = [each for each in page.all("a") if "aria-label" in each]
    targets = [row for row in figures("targets", "factories") if row["due_on"]]
    expected = len(targets) + len(figures("outcomes", "factories"))
    assert len(marks) == 2 * expected, "a wide and a narrow chart"
    label = "Zhejiang, 2022, at least 15 factories, promised: Met"
    assert label in [each["aria-label"] for each in marks]
    kinds = [each["class"] for each in page.all("svg")]
    assert [each for each in kinds if each.startswith("chart")] == ["chart wide", "chart narrow"]


def test_it_says_whose_word_the_figures_are_and_how_they_are_cited(root: Path) -> None:
    page = read_page(root / "en/indicators/factories.html")
    number = sum(len(figures(table, "factories")) for table in ("targets", "outcomes"))
    [told] = re.findall(r"Where these figures come from: ([^.]*)\.", page.text)
    assert sum(map(int, re.findall(r"\d+", told))) == number
    assert re.search(r"Factories\. In: .* Version 1\.0\.0\.", page.text)
    assert "Factories. In: " not in read_page(root / "index.html").text


def test_a_figure_that_another_source_contradicts_is_told(small_content: Content) -> None:
    outcome = next(each for each in figures("outcomes", "factories"))
    schema = small_content.tables["evidence"].resource.schema
    assert schema is not None
    row = dict.fromkeys(schema.field_names, "")
    row |= {"outcome_id": outcome["outcome_id"], "stance": "contradicts", "reported": "12"}
    evidence = replace(small_content.tables["evidence"], rows=[row])
    content = replace(small_content, tables={**small_content.tables, "evidence": evidence})
    make = maker_of(Renderer(content, "en", table_listing))
    [told] = contested(make, "factories")
    assert told.figure.href == f"outcomes/{outcome['outcome_id']}.html"
    assert told.reported.text == "12"
    worded = replace(evidence, rows=[{**row, "reported": "over 12", "phrase": "超过12家"}])
    content = replace(content, tables={**content.tables, "evidence": worded})
    for lang, words in {"en": "over 12", "zh": "超过12家"}.items():
        [told] = contested(maker_of(Renderer(content, lang, table_listing)), "factories")
        assert told.reported.text == words, "a Chinese page has the source's words, no English"
    supported = replace(evidence, rows=[{**row, "stance": "supports"}])
    content = replace(content, tables={**content.tables, "evidence": supported})
    assert not [*contested(maker_of(Renderer(content, "en", table_listing)), "factories")]


def test_the_last_promise_of_each_region_is_set_beside_the_others() -> None:
    def row(kind: str, region: str, when: str) -> FigureRow:
        nothing = Words("")
        return FigureRow(kind, Words(region), when, (), "", "", nothing, nothing, "", "")

    one = [row("target", "A", "2022"), row("target", "A", "2025"), row("outcome", "B", "2026")]
    assert last_promises(one) == (), "nothing to set it beside"
    two = [*one, row("target", "B", "2023")]
    assert [(each.region.text, each.when) for each in last_promises(two)] == [
        ("A", "2025"),
        ("B", "2023"),
    ]


def test_the_files_hold_exactly_these_figures(root: Path) -> None:
    text = (root / "series/factories.csv").read_text("utf-8")
    rows = list(csv.DictReader(io.StringIO(text)))
    keys = {row["record_id"] for row in rows}
    assert keys == {row["target_id"] for row in figures("targets", "factories")} | {
        row["outcome_id"] for row in figures("outcomes", "factories")
    }
    found = json.loads((root / "series/factories.json").read_text("utf-8"))
    assert found["version"] == "1.0.0"
    assert {each["record_id"] for each in found["figures"]} == keys
    page = read_page(root / "en/indicators/factories.html")
    assert {"../../series/factories.csv", "../../series/factories.en.svg"} <= {*page.addresses()}


def test_the_embedded_page_is_the_chart_with_its_source_and_no_script(root: Path) -> None:
    page = read_page(root / "zh/embed/factories.html")
    assert len(page.all("svg")) == 2
    assert page.all("script") == []
    assert "../indicators/factories.html" in page.addresses()
    assert not (root / "zh/embed/growth-unknown.html").exists()


def test_a_picture_that_leaves_the_site_says_what_it_is_and_whence(root: Path) -> None:
    text = (root / "series/factories.zh.svg").read_text("utf-8")
    assert ">各地区" in text
    assert "1.0.0, CC-BY-4.0</text>" in text
    on_page = (root / "zh/indicators/factories.html").read_text("utf-8")
    assert "CC-BY-4.0</text>" not in on_page, "the page says it itself"
