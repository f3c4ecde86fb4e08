"""The search over everything: what is found, in a real browser and without a server."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from browser import axe_faults, contrast_faults, opened
from packages import small_tables, write_small
from playwright.sync_api import Browser, Page, expect
from site_pages import read_page
from sites import released, with_site


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("search")
    tables = small_tables()
    [initiative, *_] = tables["initiatives"]
    initiative["summary_en"], initiative["phrase"] = "Costs 1.5 billion yuan.", "20萬戶"
    package = write_small(folder / "package", tables)
    return with_site(released(package, folder / "catalogue" / "latest"))


ANSWER = re.compile(r"\d+ .*found|Nothing matches")


def found(page: Page, words: str) -> list[str]:
    """The pages that a search leads to."""
    # Another text than any answer, so that the answer to the words before is not taken for theirs.
    page.evaluate("document.querySelector('[role=status]').textContent = 'asked'")
    page.get_by_role("searchbox").fill(words)
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_have_text(ANSWER if words else "")
    links: list[str] = page.eval_on_selector_all(
        "#results li a", "all => all.map((each) => each.getAttribute('href'))"
    )
    return links


def test_everything_is_found_in_either_script_and_notation(
    browser: Browser, catalogue: Path
) -> None:
    initiative = small_tables()["initiatives"][0]["initiative_id"]
    with opened(browser, "file:") as (page, _):
        page.goto(f"{catalogue.as_uri()}/en/search.html")
        assert found(page, "") == []
        for words in ("工厂数", "工廠數", "FACTORIES"):
            hrefs = found(page, words)
            assert "indicators/factories.html" in hrefs
            assert "targets/zj-2022-a-factories.html" in hrefs
        assert found(page, "factories")[0] == "indicators/factories.html", "what is called so"
        for words in ("20万", "200,000", "200000", "15亿", "1.5 billion yuan", initiative):
            assert f"initiatives/{initiative}.html" in found(page, words), words
        for words in ("2万", "20000", "no such words"):
            assert f"initiatives/{initiative}.html" not in found(page, words), words
        shown = page.get_by_role("status").inner_text()
        assert found(page, "FACTORIES")
        assert contrast_faults(page, set()) == []
    assert "Nothing matches" in shown


def test_the_front_page_leads_to_what_is_found_and_the_languages_to_each_other(
    browser: Browser, catalogue: Path
) -> None:
    with opened(browser, "file:") as (page, _):
        page.goto(f"{catalogue.as_uri()}/index.html")
        page.get_by_role("searchbox").fill("工厂")
        page.keyboard.press("Enter")
        page.wait_for_url("**/en/search.html?q=*")
        expect(page.locator("#results h2").first).to_be_visible()
        assert axe_faults(page) == []
        page.get_by_role("link", name="中文").click()
        page.wait_for_url("**/zh/search.html?q=*")
        expect(page.locator("#results h2").first).to_be_visible()
        page.locator("#results li a").first.click()
        expect(page.locator("article.record")).to_be_visible()


def test_without_a_script_the_page_leads_to_every_list(catalogue: Path) -> None:
    page = read_page(catalogue / "en/search.html")
    assert {"scoreboard.html", "sources.html", "domains.html"} <= {*page.addresses()}
    [form] = [each for each in page.all("form") if each.get("id") == "everything"]
    assert "hidden" in form
