from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

from ycd_opendata.site import sitemap

BASE = "https://example.org/a&b/"


def addresses(text: str) -> tuple[str, list[str]]:
    """The name of the outermost element, and what it lists."""
    top = ElementTree.fromstring(text)
    space = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
    return top.tag.removeprefix(space), [str(each.text) for each in top.iter(f"{space}loc")]


@pytest.mark.parametrize("size", [0, 1, 3])
def test_what_one_file_may_hold_is_in_one(size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sitemap, "MOST_ADDRESSES", 3)
    paths = [f"{number}.html" for number in range(size)]
    [(name, text)] = sitemap.sitemap_files(BASE, paths)
    assert name == "sitemap.xml"
    assert addresses(text) == ("urlset", [BASE + each for each in paths])


def test_more_is_in_several_files_that_the_first_one_lists(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sitemap, "MOST_ADDRESSES", 3)
    paths = [f"{number}.html" for number in range(7)]
    files = dict(sitemap.sitemap_files(BASE, paths))
    kind, listed = addresses(files.pop("sitemap.xml"))
    assert kind == "sitemapindex"
    assert listed == [BASE + each for each in files]
    parts = [addresses(text) for text in files.values()]
    assert [kind for kind, _ in parts] == ["urlset"] * 3
    assert [each for _, part in parts for each in part] == [BASE + each for each in paths]
    assert all(re.fullmatch(r"sitemap-[1-3]\.xml", each) for each in files)
