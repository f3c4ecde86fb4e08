"""The site of somebody else's package: nothing in it, or in what makes it, is about our data."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from odd_package import write_odd
from packages import ROOT

from ycd_opendata.loader.retired import RETIRED
from ycd_opendata.package.reading import read_package
from ycd_opendata.publishing.catalogue import publish

SITE = ROOT / "src" / "ycd_opendata" / "site"

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


def test_what_we_add_is_loaded_when_a_site_is_made() -> None:
    program = """
import sys
from ycd_opendata.delta.contribution import EXTENSION
assert EXTENSION.site.listing and EXTENSION.site.pictures
print([each for each in ("jinja2", "altair", "vl_convert", "pandas") if each in sys.modules])
"""
    found = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert found.stdout.strip() == "[]"
