"""Feeds of regions and indicators, from the change files; and where a record is edited."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from site_pages import read_page

from ycd_opendata.delta.site.following import feed_place, feeds
from ycd_opendata.delta.site.lists import listing
from ycd_opendata.package.settings import SiteSettings
from ycd_opendata.site.content import Content
from ycd_opendata.site.feeds import feed
from ycd_opendata.site.record_pages import _edit_url, _report_url
from ycd_opendata.site.rendering import Renderer

ATOM = "{http://www.w3.org/2005/Atom}"
TARGET = "zj-2022-a-factories"


def change(kind: str, table: str, key: str, name: str) -> dict[str, Any]:
    return {"kind": kind, "table": table, "key": {name: key}, "before": "", "after": ""}


@pytest.fixture
def content(small_content: Content) -> Content:
    changed = [
        change("record-changed", "targets", TARGET, "target_id"),
        change("record-changed", "targets", TARGET, "target_id"),
        change("record-changed", "domains", "economy", "domain_id"),
        change("metadata-changed", "targets", "x", "y"),
        change("record-retired", "initiatives", "zj-gone", "initiative_id")
        | {"before": {"initiative_id": "zj-gone", "name_en": "A plan of old", "region_id": "CN-ZJ"}}
        | {"after": None},
    ]
    releases = [
        {"version": "1.1.0", "date": "2026-12-01"},
        {"version": "1.0.0", "date": "2026-11-24"},
    ]
    changes = {"1.1.0": {"old": "1.0.0", "changes": changed}}
    return replace(small_content, releases=releases, changes=changes)


def read(content: Content, place: str, lang: str = "en") -> ElementTree.Element:
    page = Renderer(content, lang, listing)
    return ElementTree.fromstring(dict(feeds(page))[f"{lang}/{place}"].split("\n", 1)[1])


@pytest.mark.parametrize("base", [None, "https://example.org/data/"])
def test_a_feed_has_ids_of_its_own_and_names_itself_by_a_whole_address_only(
    content: Content, base: str | None
) -> None:
    content, place = replace(content, base_url=base), feed_place("regions", "CN-ZJ")
    roots = [read(content, place, lang) for lang in ("en", "zh")]
    ids = [each.text or "" for root in roots for each in root.iter(f"{ATOM}id")]
    assert len({*ids}) == len(ids) == 4
    assert all(each.startswith(("urn:uuid:", "https://")) for each in ids)
    links = {each.get("rel"): each.get("href") for each in roots[0].findall(f"{ATOM}link")}
    assert links.pop("self", None) == (f"{base}en/{place}" if base else None)
    page = f"{base}en/regions/CN-ZJ.html" if base else "../../regions/CN-ZJ.html"
    assert links == {"alternate": page}


def entries(root: ElementTree.Element) -> list[tuple[str | None, str | None]]:
    return [
        (each.findtext(f"{ATOM}updated"), each.findtext(f"{ATOM}summary"))
        for each in root.iter(f"{ATOM}entry")
    ]


def test_a_change_is_told_to_who_follows_its_region_or_indicator(content: Content) -> None:
    target, gone = "Target: Factories: changed", "Initiative: A plan of old: retired"
    for table, key, text in (
        ("regions", "CN-ZJ", f"{target}; {gone}"),
        ("indicators", "factories", target),
    ):
        root = read(content, feed_place(table, key))
        said = ("2026-12-01T00:00:00Z", text)
        assert entries(root) == [said], "once, however many cells changed, and what went, too"
        [link] = next(iter(root.iter(f"{ATOM}entry"))).iter(f"{ATOM}link")
        assert link.attrib["href"] == "../../versions/1.1.0.html"


def test_a_feed_is_well_formed_whatever_a_text_holds(small_content: Content) -> None:
    page = Renderer(small_content, "en", listing)
    _, text = feed(page, "feed.xml", "a\x1b[31m\ufffe", "index.html", ())
    root = ElementTree.fromstring(text.split("\n", 1)[1])
    assert root.findtext(f"{ATOM}title") == "a[31m"


def test_the_page_of_what_can_be_followed_names_its_feed(small_site: Path) -> None:
    page = read_page(small_site / "en/regions/CN-ZJ.html")
    assert page.addresses().count("../feeds/regions/CN-ZJ.xml") == 2, "in its head and at its end"
    assert (small_site / "en/feeds/regions/CN-ZJ.xml").is_file()
    other = read_page(small_site / "en/targets/zj-2022-a-factories.html")
    assert not [each for each in other.addresses() if "feeds/" in each]


def test_who_follows_another_is_told_of_the_first_release_only(content: Content) -> None:
    for table, key in (("regions", "CN-SH"), ("indicators", "online-share")):
        assert entries(read(content, feed_place(table, key))) == [
            ("2026-11-24T00:00:00Z", "in the first release")
        ]


def test_feeds_and_entries_have_names_of_their_own(content: Content) -> None:
    for base in (None, "https://example.org/"):
        page = Renderer(replace(content, base_url=base), "en", listing)
        roots = [ElementTree.fromstring(text.split("\n", 1)[1]) for _, text in feeds(page)]
        names = [each.text for root in roots for each in root.iter(f"{ATOM}id")]
        assert len(names) == len(set(names))


@pytest.mark.parametrize(
    ("repository", "edit", "report"),
    [
        (
            "https://github.com/a/b/",
            "https://github.com/a/b/blob/HEAD/data/targets.csv",
            "https://github.com/a/b/issues/new?title=targets%20x",
        ),
        ("https://example.org/data", "", "https://example.org/data"),
        ("", "", ""),
    ],
)
def test_a_record_leads_to_its_file_and_to_where_errors_are_reported(
    small_content: Content, repository: str, edit: str, report: str
) -> None:
    content = replace(
        small_content,
        settings=SiteSettings(repository=repository),
        source_paths={"targets": "data/targets.csv"},
    )
    assert _edit_url(content, "targets") == edit
    assert _report_url(content, "targets", "x") == report
    assert _edit_url(content, "outcomes") == "", "of several files, or of none"
