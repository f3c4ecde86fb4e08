"""What the front page says of the data, counted in another way, and the list of what is wanted."""

from __future__ import annotations

import re
import struct
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree

import pytest
from packages import small_tables, write_small
from site_pages import read_page
from sites import released, with_site

from ycd_opendata.loader.loading import load_table
from ycd_opendata.package.reading import read_package

ATOM = "{http://www.w3.org/2005/Atom}"


def written(folder: Path, base_url: str | None = None, factor: int = 1) -> Path:
    """The site of a package in which the factories of Zhejiang grew over four years."""
    tables = small_tables()
    first = next(each for each in tables["outcomes"] if each["indicator_id"] == "factories")
    for year, value in ((2018, "10"), (2022, str(10 * factor))):
        tables["outcomes"].append(
            {
                **first,
                "outcome_id": f"zj-{year}-x-factories",
                "comparator": "eq",
                "value": value,
                "value_upper": "",
                "period_start": "",
                "period_end": f"{year}-12-31",
                "phrase": f"{value}家",
            }
        )
    package = write_small(folder / "package", tables)
    return with_site(released(package, folder / "catalogue" / "latest"), base_url)


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(tmp_path_factory.mktemp("findings"), "https://example.org/data/", factor=16)


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same without growth, and without a base URL."""
    return written(tmp_path_factory.mktemp("plain"))


def test_the_findings_are_those_of_the_scoreboard(root: Path) -> None:
    board = load_table(read_package(root / "latest"), "scoreboard")
    verdicts = Counter(board["verdict"])
    decided = verdicts["met"] + verdicts["missed"]
    due = len(board) - verdicts["not_yet_due"]
    text = read_page(root / "index.html").text
    assert f"Of {due} targets that are due, {decided} can be decided" in text
    share = round(100 * verdicts["met"] / decided)
    assert f"{verdicts['met']} of those were met, {share}%." in text
    assert verdicts["no_outcome"]
    assert f"Of {verdicts['no_outcome']} targets that are due nobody has found" in text


def test_growth_is_by_the_year_and_told_only_where_there_is_some(root: Path, plain: Path) -> None:
    said = "by 100% a year, from 10 factories (Dec 2018) to 160 factories (Dec 2022)"
    assert said in read_page(root / "index.html").text
    assert "年均增长 100%" in read_page(root / "zh/index.html").text
    assert "% a year, from" not in read_page(plain / "index.html").text


def test_what_is_wanted_are_the_due_targets_without_an_outcome(root: Path) -> None:
    board = load_table(read_package(root / "latest"), "scoreboard")
    expected = set(board.loc[board["verdict"] == "no_outcome", "target_id"])
    page = read_page(root / "en/wanted.html")
    found = {
        each.rpartition("/")[2].removesuffix(".html")
        for each in page.addresses()
        if each.startswith("targets/")
    }
    assert found == expected
    assert "wanted.html" in " ".join(read_page(root / "index.html").addresses())


def test_the_feed_tells_of_each_release(root: Path, plain: Path) -> None:
    feed = ElementTree.parse(root / "en/feed.xml").getroot()
    [entry] = feed.iter(f"{ATOM}entry")
    address = "https://example.org/data/en/versions/1.0.0.html"
    assert entry.findtext(f"{ATOM}id") == address
    assert entry.findtext(f"{ATOM}updated") == "2026-11-24T00:00:00Z"
    [link] = entry.iter(f"{ATOM}link")
    assert link.attrib["href"] == address
    without = ElementTree.parse(plain / "en/feed.xml").getroot()
    assert re.fullmatch(r"urn:uuid:[0-9a-f-]{36}", str(without.findtext(f"{ATOM}id")))
    [link] = [each for entry in without.iter(f"{ATOM}entry") for each in entry.iter(f"{ATOM}link")]
    assert (plain / "en" / link.attrib["href"]).is_file()


def test_a_page_that_is_not_there_leads_on_from_any_address(root: Path) -> None:
    page = read_page(root / "404.html")
    assert {"/data/index.html", "/data/zh/search.html"} <= {*page.addresses()}
    assert not [each for each in page.addresses() if not each.startswith(("/data/", "http", "#"))]
    assert "404.html" not in (root / "sitemap.xml").read_text("utf-8")


def test_a_page_says_what_it_is_to_who_shows_a_link_to_it(root: Path) -> None:
    page = read_page(root / "zh/targets/zj-2022-a-factories.html")
    said = {each["property"]: each["content"] for each in page.all("meta") if "property" in each}
    assert "工厂数" in said["og:title"]
    assert said["og:url"] == "https://example.org/data/zh/targets/zj-2022-a-factories.html"
    assert said["og:image"] == "https://example.org/data/assets/card.zh.png"
    card = (root / "assets/card.zh.png").read_bytes()
    assert struct.unpack(">II", card[16:24]) == (1200, 630)
