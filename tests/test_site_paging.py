"""A list of several pages in a real browser: its script searches and sorts all of them."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from browser import axe_faults, opened
from playwright.sync_api import Browser, Page, expect
from servers import served
from sites import with_site

from ycd_opendata.site import list_pages


@pytest.fixture(scope="module")
def catalogue(
    tmp_path_factory: pytest.TempPathFactory, browser: Browser, small_release: Path
) -> Path:
    """Five targets in pages of two; their data in parts of four."""
    assert browser
    release = shutil.copytree(small_release, tmp_path_factory.mktemp("paging") / "latest")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(list_pages, "ROWS_A_PAGE", 2)
        patch.setattr(list_pages, "PAGES_A_CHUNK", 2)
        return with_site(release)


def keys(page: Page) -> list[str]:
    links: list[str] = page.eval_on_selector_all(
        "#list tbody th a", "all => all.map((each) => each.getAttribute('href'))"
    )
    return [each.removeprefix("targets/zj-2022-").removesuffix(".html") for each in links]


def look_through(page: Page, address: str) -> None:
    rows, status = page.locator("#list tbody tr"), page.get_by_role("status")
    page.goto(f"{address}en/scoreboard-2.html")
    assert keys(page) == ["c-spare", "d-later"]
    assert page.get_by_role("link", name="Next").is_visible()
    page.get_by_role("searchbox").fill("工厂数")
    expect(rows).to_have_count(3)
    assert keys(page) == ["a-factories", "c-spare", "d-later"]
    assert status.inner_text() == "3 of 5 shown"
    assert page.get_by_role("link", name="Next").count() == 0
    assert axe_faults(page) == []
    page.get_by_label("Sort by").select_option("-promised")
    expect(rows.first).to_contain_text("40 factories")
    assert keys(page) == ["d-later", "c-spare", "a-factories"]
    rows.first.get_by_role("link").click()
    page.wait_for_url("**/targets/zj-2022-d-later.html")
    page.go_back()
    expect(rows).to_have_count(3)
    assert keys(page) == ["d-later", "c-spare", "a-factories"]
    page.get_by_role("button", name="Clear").click()
    expect(status).to_have_text("2 of 5 shown")
    assert keys(page) == ["c-spare", "d-later"]
    page.get_by_label("Sort by").select_option("due")
    expect(status).to_have_text("5 of 5 shown")


def test_all_pages_are_searched_and_sorted(browser: Browser, catalogue: Path) -> None:
    with served(catalogue) as address, opened(browser, address) as (page, _):
        look_through(page, f"{address}/")


def test_all_pages_are_searched_in_a_folder_without_a_server(
    browser: Browser, catalogue: Path
) -> None:
    with opened(browser, "file:") as (page, _):
        look_through(page, f"{catalogue.as_uri()}/")


def test_a_part_that_does_not_come_is_said(browser: Browser, catalogue: Path) -> None:
    with (
        pytest.raises(AssertionError, match="Failed to load resource"),
        served(catalogue) as address,
        opened(browser, address) as (page, _),
    ):
        page.route("**/scoreboard.en.1.js*", lambda route: route.fulfill(status=404))
        page.goto(f"{address}/en/scoreboard.html?q=factories")
        expect(page.get_by_role("status")).to_have_text("The rest of the rows could not be loaded.")
        assert keys(page) == ["a-factories", "b-growth"]
