"""The site in a real browser, used as people use it; and each judge of it on something broken."""

from __future__ import annotations

import csv
import functools
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote_plus

import pytest
from browser import (
    Scheme,
    axe_faults,
    contrast_faults,
    html_faults,
    opened,
    out_of_reach,
    reached_by_keyboard,
    sideways,
)
from playwright.sync_api import Browser, Locator, Page, Response, expect
from servers import served
from site_pages import read_page
from sites import FORMULA, HOSTILE, built, write_foreign, write_hostile

import ycd_opendata as ycd
from ycd_opendata.delta.site.additions import RECORD_TABLES
from ycd_opendata.site.list_pages import ROWS_A_PAGE

BROKEN = """<!doctype html><html><head><title>Broken</title><style>body{color:#ccc}</style></head>
<body><img src="picture.png"><p>Grey on white</p><div style="width:900px">wide</div>
<a href="#there" tabindex="-1">out of reach</a><a href="#here" style="outline:none">unseen</a>
<button>reached</button><p id="a"></p><p id="a"></p></body></html>"""
POLICY = '<meta http-equiv="Content-Security-Policy" content="script-src \'none\'">'
LANGS = ("en", "zh")
MOST_BYTES = 150_000
SCOREBOARD = {lang: f"{lang}/scoreboard.html" for lang in LANGS}


@dataclass(frozen=True)
class Site:
    """A catalogue on disk, and its address: below a path, as on a host that has other things."""

    folder: Path
    host: str
    path: str

    @property
    def address(self) -> str:
        """Where the catalogue is, with a slash at the end."""
        return self.host + self.path

    def pages(self, lang: str) -> list[str]:
        """Every page in a language, the front page first."""
        found = sorted((self.folder / lang).rglob("*.html"))
        others = [each.relative_to(self.folder).as_posix() for each in found]
        front = front_of(lang)
        return [front, *(each for each in others if each != front)]

    def kinds(self, lang: str) -> list[str]:
        """A page of each kind: of a list's, and of those in one folder of records, the longest."""
        found: dict[str, str] = {}
        for each in sorted(self.pages(lang), key=self._length):
            found[list_of(each) if each.count("/") < 2 else str(Path(each).parent)] = each
        return sorted(found.values())

    def templates(self, lang: str) -> list[str]:
        """Of the kinds one for each template and for each table's records; one list for all."""
        lists = {f"{lang}/{name}.html" for name in RECORD_TABLES.values()}
        return [
            each for each in self.kinds(lang) if list_of(each) not in lists - {SCOREBOARD[lang]}
        ]

    def _length(self, page: str) -> int:
        return (self.folder / page).stat().st_size


def list_of(page: str) -> str:
    """The first page of the list that a page goes on with."""
    return re.sub(r"-[0-9]+\.html$", ".html", page)


def front_of(lang: str) -> str:
    return "index.html" if lang == "en" else f"{lang}/index.html"


@pytest.fixture(scope="module")
def host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str]]:
    folder = tmp_path_factory.mktemp("host")
    (folder / "some").mkdir()
    with served(folder) as address:
        yield folder, f"{address}/"


def below(host: tuple[Path, str], name: str, package: Path) -> Site:
    folder, address = host
    place = folder / "some" / name
    return Site(built(package, place), address, f"some/{name}/")


@pytest.fixture(scope="module")
def real(host: tuple[Path, str], own_catalogue: Path) -> Site:
    """The site of the repository's package."""
    folder, address = host
    (folder / "some" / "real").symlink_to(own_catalogue)
    return Site(own_catalogue, address, "some/real/")


@pytest.fixture(scope="module")
def hostile(host: tuple[Path, str], tmp_path_factory: pytest.TempPathFactory) -> Site:
    """A small site of ours with a page of each kind and hostile texts all over."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("ycd_opendata.site.building.drawn_pictures", lambda _: ())
        return below(host, "hostile", write_hostile(tmp_path_factory.mktemp("hostile")))


@pytest.fixture(scope="module")
def foreign(host: tuple[Path, str], tmp_path_factory: pytest.TempPathFactory) -> Site:
    """A small site of a package that is not ours."""
    return below(host, "foreign", write_foreign(tmp_path_factory.mktemp("foreign")))


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    page = tmp_path / "broken.html"
    page.write_text(BROKEN, "utf-8")
    return page


def test_axe_finds_what_is_wrong_with_a_broken_page(browser: Browser, broken: Path) -> None:
    with pytest.raises(AssertionError), opened(browser, "file:") as (page, _):
        page.goto(broken.as_uri())
        faults = axe_faults(page)
        known: set[str] = set()
        contrasts = contrast_faults(page, known)
    assert {"html-has-lang", "image-alt"} <= {each.partition(":")[0] for each in faults}
    assert {each.partition(" p")[0] for each in contrasts} == {
        "light: color-contrast:",
        "dark: color-contrast:",
    }


def test_what_looks_otherwise_is_judged_though_much_is_known(browser: Browser) -> None:
    known: set[str] = set()
    with opened(browser, "about:") as (page, _):
        page.set_content("<p>black</p><p>on white</p>")
        assert contrast_faults(page, known) == []
        assert len(known) == 1
        page.set_content("<p>black</p><p style='color:#ccc'>grey</p>")
        assert contrast_faults(page, known) == [
            "dark: color-contrast: p",
            "light: color-contrast: p",
        ]


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
        assert {*out_of_reach(page)} == {*expected} - {*reached}


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
        page.goto(f"{address}/page.html")


@dataclass(frozen=True)
class Visit:
    """What was seen of a page, opened once for all who judge it."""

    text: str
    hrefs: tuple[str, ...]
    unsafe: int
    out_of_reach: tuple[str, ...]
    axe: tuple[str, ...]


def seen(page: Page, address: str, known_looks: set[str]) -> Visit:
    page.goto(address)
    # In one question: what selectors of Playwright's own need is loaded anew for each page.
    text, hrefs, unsafe = page.evaluate(
        """() => [
          document.body.innerText,
          [...document.querySelectorAll("a")].map((each) => each.getAttribute("href")),
          document.querySelectorAll("main script, main [onload], main [onerror]").length,
        ]"""
    )
    unreached = out_of_reach(page)
    # Both take out what they do not look at.
    axe = [*axe_faults(page), *contrast_faults(page, known_looks)]
    return Visit(text, (*hrefs,), unsafe, (*unreached,), (*axe,))


FOREIGN = ("en/tables/domains.html", "en/records/domains/economy.html")
"""Pages of the kinds that only a package without an extension has."""


@pytest.fixture(scope="module")
def visits(browser: Browser, real: Site, hostile: Site, foreign: Site) -> dict[str, Visit]:
    """The real front page, a page of each template of ours and of others', by addresses."""
    addresses = [real.address + front_of("en")]
    addresses += [hostile.address + each for each in hostile.templates("en") if "/" in each]
    addresses += [foreign.address + path for path in (front_of("en"), *FOREIGN)]
    known: set[str] = set()
    with opened(browser, real.host) as (page, watched):
        found = {address: seen(page, address, known) for address in addresses}
    assert len(known) > 100
    assert not [each for each in watched.requests if each.endswith("/x")]
    return found


def test_axe_finds_nothing_in_light_and_in_dark(visits: dict[str, Visit]) -> None:
    assert len(visits) > 18
    assert {address: each.axe for address, each in visits.items() if each.axe} == {}


def test_axe_finds_nothing_in_chinese(browser: Browser, real: Site, hostile: Site) -> None:
    """Colours are those of the English pages."""
    addresses = [real.address + front_of("zh")]
    addresses += [hostile.address + path for path in hostile.templates("zh")]
    found = {}
    with opened(browser, real.host) as (page, _):
        for address in addresses:
            page.goto(address)
            found[address] = axe_faults(page)
    assert len(found) > 15
    assert {address: faults for address, faults in found.items() if faults} == {}


def test_every_kind_of_page_is_valid_html_and_a_broken_one_is_not(
    real: Site, hostile: Site, foreign: Site, broken: Path
) -> None:
    places = [real.folder / front_of(lang) for lang in LANGS]
    places += [hostile.folder / page for lang in LANGS for page in hostile.kinds(lang)]
    places += [foreign.folder / page for page in foreign.kinds("zh")]
    assert len(places) > 40
    faults = html_faults(broken, *places)
    found = [each for each in faults if each.startswith("broken.html: ")]
    assert "Duplicate ID" in " ".join(found)
    assert faults == found


@pytest.mark.parametrize("lang", LANGS)
def test_every_kind_of_page_fits_a_phone(browser: Browser, real: Site, lang: str) -> None:
    found = {}
    with opened(browser, real.address, width=360) as (page, _):
        # What is written in Chinese can be parted anywhere, so that a list stands for all.
        for path in real.kinds(lang) if lang == "en" else real.templates(lang):
            page.goto(real.address + path)
            found[path] = sideways(page)
            assert page.locator("html").get_attribute("lang") == lang
    assert len(found) > 14
    assert {path: wide for path, wide in found.items() if wide} == {}


def test_the_keyboard_alone_reaches_everything(
    browser: Browser, real: Site, hostile: Site, visits: dict[str, Visit]
) -> None:
    assert {address: each.out_of_reach for address, each in visits.items()} == dict.fromkeys(
        visits, ()
    )
    with opened(browser, real.host) as (page, _):
        for address in (real.address, f"{hostile.address}{SCOREBOARD['en']}"):
            page.goto(address)
            reached, expected = reached_by_keyboard(page)
            assert len(expected) > 10
            assert set(expected) - set(reached) == set(), address
        page.reload()
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "main"


def shown(page: Page) -> list[str]:
    """The ids of the targets that the list shows, in its order."""
    links: list[str] = page.evaluate(
        "[...document.querySelectorAll('#list tbody tr a')].map((each) => each.href)"
    )
    return [each.rpartition("/")[2].removesuffix(".html") for each in links if "/targets/" in each]


def expect_rows(page: Page, number: int) -> None:
    """Wait for so many rows: of a long list the other pages' come when they are asked for."""
    expect(page.locator("#list tbody tr")).to_have_count(min(number, ROWS_A_PAGE))


@functools.cache
def targets() -> list[dict[str, str]]:
    """The scoreboard as its file has it, texts only."""
    frame = ycd.scoreboard().astype("string").fillna("")
    return [
        {str(name): str(cell) for name, cell in row.items()} for row in frame.to_dict("records")
    ]


def target_of(target_id: str) -> dict[str, str]:
    [found] = [each for each in targets() if each["target_id"] == target_id]
    return found


def targets_of(region: str, verdict: str = "") -> list[str]:
    """The targets of a province and of what lies in it, by the tables, in order of their ids."""
    regions = ycd.load("regions").fillna("")
    parents = dict(zip(regions["region_id"], regions["parent_id"], strict=True))

    def lies_in(place: str) -> bool:
        return bool(place) and (place == region or lies_in(parents[place]))

    return sorted(
        each["target_id"]
        for each in targets()
        if lies_in(each["region_id"]) and verdict in ("", each["verdict"])
    )


def test_filters_have_an_address_and_the_back_button_undoes_them(
    browser: Browser, real: Site
) -> None:
    everything = {each["target_id"] for each in targets()}

    def expect_shown(expected: list[str]) -> None:
        expect(page.locator("#list tbody tr")).to_have_count(len(expected))
        assert sorted(shown(page)) == expected

    def expect_everything() -> None:
        expect_rows(page, len(everything))
        assert {*shown(page)} < everything
        assert page.get_by_role("link", name="Next").first.is_visible()

    met = targets_of("CN-ZJ", "met")
    with opened(browser, real.address) as (page, _):
        page.goto(f"{real.address}en/scoreboard.html")
        expect_everything()
        page.get_by_label("Region").select_option("CN-ZJ")
        expect_shown(targets_of("CN-ZJ"))
        page.get_by_label("Verdict").select_option("met")
        expect_shown(met)
        assert page.url.endswith("scoreboard.html?region=CN-ZJ&verdict=met")
        assert f"{len(met)} of {len(everything)}" in page.get_by_role("status").inner_text()
        page.reload()
        expect_shown(met)
        page.get_by_role("link", name="中文").click()
        page.wait_for_url("**/zh/scoreboard.html?region=CN-ZJ&verdict=met")
        assert page.locator("html").get_attribute("lang") == "zh"
        expect_shown(met)
        page.go_back()
        page.go_back()
        expect_shown(targets_of("CN-ZJ"))
        assert page.get_by_label("Region").input_value() == "CN-ZJ"
        page.go_back()
        expect_everything()
        page.go_forward()
        page.get_by_role("button", name="Clear").click()
        page.wait_for_url("**/scoreboard.html")
        expect_everything()


def test_the_rows_of_a_filter_can_be_downloaded_and_run_nowhere(
    browser: Browser, foreign: Site
) -> None:
    with opened(browser, foreign.address) as (page, _):
        page.goto(f"{foreign.address}en/tables/domains.html?sort=domain_id")
        number = page.locator("#list tbody tr").count()
        with page.expect_download() as waiting:
            page.get_by_role("button", name="Download these rows").click()
        text = Path(waiting.value.path()).read_text("utf-8-sig")
        head, *rows = csv.reader(io.StringIO(text))
        assert 0 < number == len(rows)
        assert len(head) == len(rows[0])
        cells = [cell for row in rows for cell in row]
        assert f"'{FORMULA}" in cells, "a spreadsheet shows it as it stands"
        assert FORMULA not in cells


@pytest.mark.parametrize(
    ("lang", "searches"), [("en", ("5g BASE", "核心产业")), ("zh", ("5G基站", "factories"))]
)
def test_search_finds_names_in_both_languages(
    browser: Browser, real: Site, lang: str, searches: tuple[str, str]
) -> None:
    names = ("region_name", "initiative_name", "indicator_name")
    columns = [f"{name}_{each}" for name in names for each in LANGS] + ["phrase", "target_id"]
    with opened(browser, real.address) as (page, _):
        page.goto(f"{real.address}{lang}/scoreboard.html")
        for search in searches:
            words = search.lower().split()
            expected = {
                target["target_id"]
                for target in targets()
                if all(each in " ".join(target[name] for name in columns).lower() for each in words)
            }
            assert 1 < len(expected) < len(targets()) / 2
            page.get_by_role("searchbox").fill("")
            page.get_by_role("searchbox").press_sequentially(search[:-3], delay=5)
            page.get_by_role("searchbox").fill(search)
            expect(page).to_have_url(re.compile(re.escape(f"?q={quote_plus(search)}") + "$"))
            expect(page.locator("#list tbody tr").nth(ROWS_A_PAGE - 1)).to_have_count(0)
            assert expected <= {*shown(page)}
            # Words of the unit and of the outcome are found too, and nothing else.
            for target in {*shown(page)} - expected:
                row = page.locator("#list tbody tr", has=page.locator(f"a[href*='{target}']")).first
                said = row.inner_text().lower()
                assert all(each in said for each in words)
        page.get_by_role("searchbox").fill("no such words anywhere")
        expect(page.locator("#list tbody tr")).to_have_count(0)
        assert page.get_by_role("status").inner_text()


def test_the_front_page_leads_to_a_search_and_on_to_a_record(browser: Browser, real: Site) -> None:
    with opened(browser, real.address) as (page, _):
        page.goto(real.address)
        page.get_by_role("searchbox").fill("smart factories")
        page.keyboard.press("Enter")
        page.wait_for_url("**/en/search.html?q=smart*factories")
        link = page.locator("#results a[href*='targets/']").first
        first = str(link.get_attribute("href")).rpartition("/")[2].removesuffix(".html")
        link.click()
        page.wait_for_url(f"**/targets/{first}.html")
        target = target_of(first)
        said = page.locator("main").inner_text()
        assert target["phrase"] in said
        assert target["indicator_name_en"] in page.locator("h1").inner_text()
        page.get_by_role("link", name="中文").click()
        page.wait_for_url(f"**/zh/targets/{first}.html")
        assert target["indicator_name_zh"] in page.locator("h1").inner_text()
        assert page.locator("h1 wbr").count() > 1, "lines may end after words only"


def test_columns_sort_up_and_down_and_what_is_empty_stands_last(
    browser: Browser, real: Site
) -> None:
    with opened(browser, real.address) as (page, _):
        page.goto(f"{real.address}en/scoreboard.html")
        button = page.get_by_role("columnheader").get_by_role("button", name="Due")
        for sign, order in (("", "ascending"), ("-", "descending")):
            button.click()
            head = page.get_by_role("columnheader", name="Due")
            expect(head).to_have_attribute("aria-sort", order)  # the rest has come by then
            expect(page).to_have_url(re.compile(rf"[?&]sort={sign}due"))
            dates = [target_of(each)["due_on"] for each in shown(page)]
            dated = [each for each in dates if each]
            assert dates[: len(dated)] == dated
            years = [each[:4] for each in dated]
            assert years == sorted(years, reverse=order == "descending")
            everything = sorted(each["due_on"][:4] for each in targets() if each["due_on"])
            assert years[0] == everything[-1 if sign else 0], "of all pages"


@pytest.mark.parametrize("lang", LANGS)
def test_without_javascript_everything_is_there(browser: Browser, real: Site, lang: str) -> None:
    with opened(browser, real.address, java_script_enabled=False) as (page, _):
        page.goto(f"{real.address}{lang}/scoreboard.html")
        links = page.locator("#list tbody tr a[href*='targets/']")
        assert links.count() == ROWS_A_PAGE < len(targets())
        assert page.locator("a[href*='scoreboard-2.html']").count() > 0
        assert page.get_by_role("searchbox").count() == 0
        assert page.get_by_role("button").count() == 0
        links.first.click()
        assert page.url.startswith(f"{real.address}{lang}/targets/")
        target = target_of(page.url.rpartition("/")[2].removesuffix(".html"))
        assert target[f"indicator_name_{lang}"] in page.locator("h1").inner_text()
        page.goto(real.address + front_of(lang))
        assert page.get_by_role("img").count() >= 2
        assert page.get_by_role("searchbox").count() == 0


def test_downloads_are_the_files_of_the_release(browser: Browser, real: Site) -> None:
    with opened(browser, real.address) as (page, _):
        page.goto(real.address)
        hrefs = page.eval_on_selector_all("a[download]", "all => all.map((each) => each.href)")
        files = {each.removeprefix(real.address) for each in hrefs}
        assert {f"latest/csv/{name}.csv" for name in ("targets", "scoreboard")} <= files
        for name in files:
            assert (real.folder / name).is_file(), name
        with page.expect_download() as download:
            page.locator("a[download][href$='csv/scoreboard.csv']").first.click()
        expected = (real.folder / "latest/csv/scoreboard.csv").read_bytes()
        assert download.value.path().read_bytes() == expected


def test_a_citation_can_be_copied(browser: Browser, real: Site) -> None:
    permissions = ["clipboard-read", "clipboard-write"]
    with opened(browser, real.address, permissions=permissions) as (page, _):
        page.goto(real.address)
        page.get_by_role("button", name=re.compile("Copy.*BibTeX")).click()
        page.get_by_text("Copied").wait_for()
        assert page.evaluate("navigator.clipboard.readText()").strip() == ycd.cite("bibtex").strip()


def come_into_view(picture: Locator) -> None:
    """Scroll to a picture, which is fetched only then, and wait for it."""
    picture.scroll_into_view_if_needed()
    expect(picture).to_have_js_property("complete", True)
    expect(picture).not_to_have_js_property("naturalWidth", 0)


@pytest.mark.parametrize("lang", LANGS)
def test_the_front_page_is_light(browser: Browser, real: Site, lang: str) -> None:
    sizes = {}

    def weigh(response: Response) -> None:
        sizes[response.url] = len(response.body())

    with opened(browser, real.address) as (page, _):
        page.on("response", weigh)
        page.goto(real.address + front_of(lang))
        for each in page.locator("img").all():
            come_into_view(each)
        page.remove_listener("response", weigh)
    assert len([each for each in sizes if each.endswith(".svg")]) >= 1
    assert sum(sizes.values()) < MOST_BYTES, sizes


def test_pictures_follow_the_colours_of_the_page_and_fit_it(browser: Browser, real: Site) -> None:
    with opened(browser, real.address) as (page, _):
        picture = page.locator("figure img").first
        for width in (360, 1200):
            page.set_viewport_size({"width": width, "height": 800})
            page.goto(real.address)
            come_into_view(picture)
            # The same ground under both, so that only what is drawn can differ.
            picture.evaluate("each => (each.style.background = '#808080')")
            seen = []
            schemes: Sequence[Scheme] = ("light", "dark")
            for scheme in schemes:
                page.emulate_media(color_scheme=scheme)
                seen.append(picture.screenshot())
            assert seen[0] != seen[1]
            box = picture.bounding_box()
            assert box is not None
            assert box["width"] <= width
            # Drawn at its own size, its letters are as large as they were meant.
            assert box["width"] >= 0.9 * picture.evaluate("each => each.naturalWidth")


def test_from_a_folder_everything_works_too(browser: Browser, real: Site) -> None:
    with opened(browser, real.folder.as_uri()) as (page, watched):
        page.goto((real.folder / "index.html").as_uri())
        page.get_by_role("searchbox").fill("5G")
        page.keyboard.press("Enter")
        page.wait_for_url("**/en/search.html?q=5G")
        page.locator("#results a[href*='scoreboard.html?']").click()
        page.wait_for_url("**/en/scoreboard.html?q=5G")
        assert 1 < len(shown(page)) < 100
        page.get_by_label("Region").select_option("CN-SH")
        assert set(shown(page)) <= set(targets_of("CN-SH"))
        page.get_by_role("link", name="中文").click()
        page.wait_for_url("**/zh/scoreboard.html?q=5G&region=CN-SH")
        page.locator("#list tbody a").first.click()
        assert page.locator("h1").inner_text()
        assert all(each.startswith(real.folder.as_uri()) for each in watched.requests)


def test_hostile_texts_are_shown_as_texts(
    browser: Browser, hostile: Site, visits: dict[str, Visit]
) -> None:
    """Any script that ran would have opened a dialog, asked for a file or broken the policy."""
    for address, each in visits.items():
        assert each.unsafe == 0, address
        assert not [href for href in each.hrefs if is_script(href)]
    with opened(browser, hostile.host) as (page, watched):
        page.goto(f"{hostile.address}en/scoreboard.html?q=%3Cscript%3Ealert(1)%3C/script%3E&sort=x")
        assert page.get_by_role("searchbox").input_value() == HOSTILE[0]
        assert not [each for each in watched.requests if each.endswith("/x")]
    for text in (*HOSTILE, FORMULA):
        assert [each for each in visits.values() if text in each.text], text


def is_script(href: str) -> bool:
    return href.strip().lower().startswith("javascript:")


def test_no_page_of_others_holds_a_hostile_text_as_anything_else(foreign: Site) -> None:
    """As a parser reads it, which is quick enough for every page; ours are in test_site.py."""
    paths = foreign.pages("en")
    assert len(paths) > 50
    for path in paths:
        page = read_page(foreign.folder / path)
        for each in page.all("script"):
            assert each.get("type") == "application/ld+json" or "site.js" in each["src"], path
        assert not [name for _, each in page.elements for name in each if name.startswith("on")]
        assert not [each for each in page.addresses() if is_script(each)], path


LINK = re.compile(r'(?:href|src|srcset)="([^"#?]*)[^"]*"')


def test_every_link_within_a_site_leads_to_a_file(real: Site, hostile: Site, foreign: Site) -> None:
    """Links are relative, so they hold below any path and in a folder."""
    broken = set()
    seen = 0
    is_file = functools.cache(lambda folder, href: (folder / href).resolve().is_file())
    for site in (hostile, foreign, real):
        for lang in LANGS:
            for path in site.kinds(lang) if site is real else site.pages(lang):
                place = site.folder / path
                for href in set(LINK.findall(place.read_text("utf-8"))):
                    if href and not re.match(r"https?://|mailto:", href):
                        seen += 1
                        if not is_file(place.parent, href):
                            broken.add((path, href))
    assert seen > 1000
    assert broken == set()
