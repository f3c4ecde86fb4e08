"""The site in a real browser, used as people use it; and each judge of it on something broken."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from browser import axe_faults, chromium, html_faults, opened, reached_by_keyboard, served, sideways
from playwright.sync_api import Browser

pytestmark = pytest.mark.xdist_group("browser")

BROKEN = """<!doctype html><html><head><title>Broken</title><style>body{color:#ccc}</style></head>
<body><img src="picture.png"><p>Grey on white</p><div style="width:900px">wide</div>
<a href="#there" tabindex="-1">out of reach</a><a href="#here" style="outline:none">unseen</a>
<button>reached</button><p id="a"></p><p id="a"></p></body></html>"""
POLICY = '<meta http-equiv="Content-Security-Policy" content="script-src \'none\'">'


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    page = tmp_path / "broken.html"
    page.write_text(BROKEN, "utf-8")
    return page


def test_axe_finds_what_is_wrong_with_a_broken_page(browser: Browser, broken: Path) -> None:
    with pytest.raises(AssertionError), opened(browser, "file:") as (page, _):
        page.goto(broken.as_uri())
        faults = axe_faults(page)
    found = {each.partition(":")[0] for each in faults}
    assert {"html-has-lang", "image-alt", "color-contrast"} <= found


def test_the_html_checker_finds_what_is_wrong_with_a_broken_page(broken: Path) -> None:
    faults = " ".join(html_faults(broken))
    assert "Duplicate ID" in faults
    assert "alt" in faults


def test_too_wide_a_page_and_what_the_keyboard_misses_are_noticed(
    browser: Browser, broken: Path
) -> None:
    with (
        pytest.raises(AssertionError, match="picture"),
        opened(browser, "file:", width=360) as (page, _),
    ):
        page.goto(broken.as_uri())
        assert any("wide" in each for each in sideways(page))
        reached, expected = reached_by_keyboard(page)
        assert len(expected) == 3
        assert reached == ["<button>reached</button>"]


@pytest.mark.parametrize(
    ("html", "fault"),
    [
        ("<script>alert(1)</script>", "dialog: 1"),
        ("<script>nothing.there</script>", "error: "),
        ("<script>console.error('said')</script>", "console error: said"),
        (f"{POLICY}<script>alert(1)</script>", "Content Security Policy"),
        ("<img src='http://example.org/'>", "request: http://example.org/"),
    ],
)
def test_what_must_not_happen_in_a_page_is_noticed(
    browser: Browser, tmp_path: Path, html: str, fault: str
) -> None:
    (tmp_path / "page.html").write_text(html, "utf-8")
    with (
        served(tmp_path) as address,
        pytest.raises(AssertionError, match=fault),
        opened(browser, address) as (page, _),
    ):
        page.goto(f"{address}page.html")
