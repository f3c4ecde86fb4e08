"""Chinese pages: no English but what has no Chinese, and dates and regions as readers have them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from packages import schema_json, small_tables
from site_pages import Page, read_page

LATIN = re.compile(r"[A-Za-z]{2,}")
CODE = re.compile(
    r"<(code|pre)[ >].*?</\1>|https?://[^\s<]+|(?<=class=\"outside\">)[^<]+", re.DOTALL
)
FILE = re.compile(r"[\w./-]+\.(?:csv|jsonld|json|md|cff|ttl|zip|xlsx|sqlite|html)|SHA256SUMS")
SLUG = re.compile(r"\b[a-z]+(?:-[a-z0-9]+){2,}")
"""An id in a title, where no element can say that it is a code."""
KNOWN = set(
    # Formats and standards.
    re.findall(r"\S+", "CSV JSON SVG PNG XLSX Parquet Excel SQLite ZIP Atom BibTeX DS OL SQL")
    + re.findall(r"\S+", "kB MB ISO GB CC BY jsonld JavaScript")
    # Codes that the codebook explains, and what the other language calls itself in the switch.
    + re.findall(r"\S+", "line text paragraph dateline YRD CN SH null true false ycd English")
    # The authors are called by the name of the package.
    + ["opendata"]
)
"""Names that have no Chinese: formats, standards, codes."""

IN_NO_LANGUAGE = ("phrase", "publisher", "document_number", "reported", "symbol", "unit")


def words_of_data() -> set[str]:
    """The Latin words of the Chinese columns, and of those that are in no language."""
    found: set[str] = set()
    for table, rows in small_tables().items():
        for row in rows:
            for name, text in row.items():
                if name.endswith("_zh") or name in IN_NO_LANGUAGE:
                    found.update(LATIN.findall(text))
        # A schema's own Chinese may name columns and values, which are codes.
        for each in schema_json(table)["fields"]:
            found.update(LATIN.findall(each["name"]))
            found.update(LATIN.findall(" ".join(each.get("constraints", {}).get("enum", ()))))
    return found


def english_in(page: Page, allowed: set[str]) -> Iterator[str]:
    """The texts of a page with Latin words that are not allowed."""
    for text, _ in page.texts + page.labels:
        if not allowed.issuperset(LATIN.findall(SLUG.sub("", FILE.sub("", text)))):
            yield text


def without_code(path: Path, tmp_path: Path) -> Page:
    """A page as a reader reads it: codes and addresses left out."""
    bare = tmp_path / "page.html"
    text = CODE.sub("", path.read_text("utf-8"))
    bare.write_text(text.replace("<title>", "<title lang='zh'>"), "utf-8")
    return read_page(bare)


def test_no_english_is_left_on_a_chinese_page(small_site: Path, tmp_path: Path) -> None:
    allowed = words_of_data() | KNOWN
    # Guides are documents, with names of programs in them, and some are in English alone.
    docs = small_site / "zh" / "docs"
    found = sorted((small_site / "zh").rglob("*.html"))
    pages = [each for each in found if not each.is_relative_to(docs)]
    assert len(pages) > 40
    left = {
        path.relative_to(small_site).as_posix(): said
        for path in pages
        if (said := list(english_in(without_code(path, tmp_path), allowed)))
    }
    assert left == {}


def test_english_on_a_chinese_page_is_seen(small_site: Path, tmp_path: Path) -> None:
    allowed = words_of_data() | KNOWN
    page = without_code(small_site / "en/regions.html", tmp_path)
    assert "Regions" in list(english_in(page, allowed))


@pytest.mark.parametrize("place", ["index.html", "scoreboard.html", "dates.html", "versions.html"])
def test_dates_are_written_out(small_site: Path, tmp_path: Path, place: str) -> None:
    page = without_code(small_site / "zh" / place, tmp_path)
    assert re.search(r"20\d\d年", page.text)
    assert not re.search(r"\b20\d\d-\d\d\b", re.sub(r"[a-z][\w-]+|\(20[\d-]+\)", "", page.text))


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_regions_begin_with_the_provinces_in_their_official_order(
    small_site: Path, lang: str
) -> None:
    page = read_page(small_site / lang / "regions.html")
    links = [each for each in page.addresses() if each.startswith("regions/")]
    tables = small_tables()["regions"]
    provinces = sorted(
        (row for row in tables if row["level"] == "province"), key=lambda row: row["gb2260"]
    )
    assert links[: len(provinces)] == [f"regions/{row['region_id']}.html" for row in provinces]
    assert len(links) == len(tables)


def test_the_root_offers_both_languages_in_their_own_words(small_site: Path) -> None:
    page = read_page(small_site / "index.html")
    assert ("本站有中文版", "zh") in page.texts
    assert page.addresses().count("zh/index.html") > 1, "in the text, and as the switch"
    assert "Read this site in English" not in read_page(small_site / "zh/index.html").text


def test_a_citation_is_as_the_chinese_standard_has_it(small_site: Path) -> None:
    assert "：1.0.0 版[DS/OL]. (" in read_page(small_site / "zh/index.html").text
    assert "[DS/OL]" not in read_page(small_site / "index.html").text
