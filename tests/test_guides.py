"""Markdown files of an owner as pages: their links, their languages, and that text stays text."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from packages import ROOT
from site_pages import Page, of_another_language, read_page

from ycd_opendata.delta.site.additions import SITE
from ycd_opendata.site.guides import Guide, _html, _place_of

PLACES = frozenset({("index", "en"), ("b", "en"), ("c/d", "en"), ("c/d", "zh"), ("c/e", "en")})


def page_of(text: str, folder: Path, place: str = "index") -> tuple[str, Page]:
    _, body = _html(Guide(place, "en", text), PLACES)
    path = folder / "page.html"
    path.write_text(f'<main lang="en">{body}</main>', "utf-8")
    return body, read_page(path)


@pytest.mark.parametrize(
    ("place", "address", "href"),
    [
        ("index", "b.md", "b.html"),
        ("index", "b.md#a-b", "b.html#a-b"),
        ("index", "c/d.md", "c/d.html"),
        ("index", "c/d.zh.md", "../../zh/docs/c/d.html"),
        ("c/d", "../README.md", "../index.html"),
        ("c/d", "e.md", "e.html"),
        ("c/d", "d.zh.md", "../../../zh/docs/c/d.html"),
        ("c/d", "#here", "#here"),
        ("index", "https://example.org/a?b&c", "https://example.org/a?b&c"),
    ],
)
def test_links_lead_to_pages(place: str, address: str, href: str, tmp_path: Path) -> None:
    _, page = page_of(f"[x]({address})", tmp_path, place)
    [link] = page.all("a")
    assert link["href"] == href
    assert ("rel" in link) == href.startswith("https")


def test_a_long_page_has_links_to_its_headings(tmp_path: Path) -> None:
    headings = [f"## Part `{number}` & more" for number in range(6)]
    _, page = page_of("\n\n".join(["# Title", *headings]), tmp_path, "index")
    assert ["#title", *(each["href"] for each in page.all("a"))] == [
        f"#{each}" for each in page.ids
    ]
    _, short = page_of("\n\n".join(["# Title", *headings[1:]]), tmp_path, "index")
    assert not short.all("nav")


@pytest.mark.parametrize(
    ("place", "address", "source"),
    [
        ("index", "p/a.png", "../../assets/docs/p/a.png"),
        ("c/d", "../p/a.png", "../../../assets/docs/p/a.png"),
        ("c/d", "p/a.png", None),
        ("index", "https://example.org/a.png", None),
        ("index", "../p/a.png", None),
        ("index", "javascript:alert(1)", None),
    ],
)
def test_pictures_that_stand_with_the_files_are_shown(
    place: str, address: str, source: str | None, tmp_path: Path
) -> None:
    pictures = frozenset({"p/a.png"})
    _, body = _html(Guide(place, "en", f'![A "view"]({address})'), PLACES, pictures)
    (tmp_path / "page.html").write_text(f'<main lang="en">{body}</main>', "utf-8")
    page = read_page(tmp_path / "page.html")
    assert [each["src"] for each in page.all("img")] == ([source] if source else [])
    said = page.all("img")[0]["alt"] if source else page.text
    assert 'A "view"' in said


@pytest.mark.parametrize(
    "address",
    ["../src/a.py", "gone.md", "b.txt", "../../b.md", "javascript:alert(1)", "data:text/html,x",
     "JAVASCRIPT:alert(1)", "vbscript:x", "file:///etc/passwd", "//example.org/x", "ftp://x/y.md"],
)  # fmt: skip
def test_what_is_no_page_is_no_link(address: str, tmp_path: Path) -> None:
    _, page = page_of(f"[x]({address}) and <{address}>", tmp_path)
    assert page.all("a") == []
    assert "x" in page.text


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "a <img src=x onerror=alert(1)> b",
        "# <b onclick=x>",
        "`<i>`",
        "```html\n<script>alert(1)</script>\n```",
        "    <script>alert(1)</script>",
        "| <u> |\n|---|\n| <s> |",
        '[x](b.md "<script>")',
        "![<script>](https://example.org/x.png)",
        '# a" onload="x',
    ],
)
def test_what_looks_like_html_stays_text(text: str, tmp_path: Path) -> None:
    _, page = page_of(text, tmp_path)
    tags = {tag for tag, _ in page.elements}
    assert tags <= {"main", "p", "h1", "code", "pre", "table", "caption", "thead", "tr", "th",
                    "tbody", "td", "a"}  # fmt: skip
    for _, attributes in page.elements:
        assert set(attributes) <= {"lang", "id", "class", "scope", "href"}


def test_tables_have_captions_and_scopes_and_no_styles(tmp_path: Path) -> None:
    body, page = page_of("# One\n\n## Two `x`\n\n| a | b |\n|---|--:|\n| 1 | 2 |\n", tmp_path)
    assert '<caption class="unseen">Two x</caption>' in body
    assert [each["scope"] for each in page.all("th")] == ["col", "col"]
    assert not [each for _, each in page.elements if "style" in each]


def test_headings_of_one_name_have_several_ids(tmp_path: Path) -> None:
    _, page = page_of("# A b!\n\n## A b\n\n## `c.d(x: int)`\n", tmp_path)
    assert page.ids == ["a-b", "a-b-1", "cdx-int"]


def test_chinese_in_an_english_file_says_so(tmp_path: Path) -> None:
    text = '# 河流 here\n\nThe `河流` of it\n\n```toml\na = "河流"\n```\n'
    _, page = page_of(text, tmp_path)
    assert of_another_language(page) == []
    assert page.text.count("河流") == 3


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("目标、\n**结果**", "目标、结果"),
        ("目标\n结果", "目标结果"),
        ("看\n“结果”", "看“结果”"),
        ("目标（\n`ycd`", "目标（ycd"),
        ("用\nycd", "用 ycd"),
        ("two\nlines", "two lines"),
    ],
)
def test_lines_of_chinese_are_joined_without_a_space(text: str, shown: str, tmp_path: Path) -> None:
    body, _ = page_of(text, tmp_path)
    assert " ".join(re.sub("<[^>]+>", "", body).split()) == shown


def test_a_readme_is_the_index_and_a_language_is_in_the_name() -> None:
    assert _place_of("README") == ("index", "en")
    assert _place_of("c/README") == ("c/index", "en")
    assert _place_of("c/d.zh") == ("c/d", "zh")
    assert _place_of("c/d.e") == ("c/d.e", "en")


def test_ours_are_the_documentation() -> None:
    assert SITE.guides == ROOT / "docs"
