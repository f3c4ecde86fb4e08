"""The site as files: what its pages say, that they hold together, and that data stay data."""

from __future__ import annotations

import datetime
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from odd_package import write_odd
from packages import ROOT, edit_json, small_tables, write_small
from site_pages import Page, dead_links, of_another_language, read_page
from sites import RELEASES, released

from ycd_opendata.delta.coverage import coverage
from ycd_opendata.delta.site.additions import RECORD_TABLES
from ycd_opendata.errors import ReleaseError
from ycd_opendata.loader.loading import tables_of
from ycd_opendata.package.model import in_language
from ycd_opendata.package.reading import read_package
from ycd_opendata.package.settings import SiteSettings
from ycd_opendata.publishing import catalogue as publishing
from ycd_opendata.publishing.catalogue import publish
from ycd_opendata.site import list_pages
from ycd_opendata.site.building import write_site
from ycd_opendata.site.content import file_name
from ycd_opendata.site.rendering import safe_url

SITE = ROOT / "src" / "ycd_opendata" / "site"
OURS = ROOT / "src" / "ycd_opendata" / "delta" / "site"

Pages = dict[str, Page]

HOSTILE = (
    "<script>alert(1)</script>",
    "</script><img src=x onerror=alert(1)>",
    '" onload="alert(1)',
    "' autofocus onfocus='alert(1)",
    "javascript:alert(1)",
    "=HYPERLINK(1)",
    "{{ 7 * 7 }}{% raw %}",
    "]]></title><svg/onload=alert(1)>",
)


def pages_of(root: Path) -> Pages:
    """The pages but for those to embed, which have no menu."""
    found = [root / "index.html", *root.glob("en/**/*.html"), *root.glob("zh/**/*.html")]
    return {
        each.relative_to(root).as_posix(): read_page(each)
        for each in found
        if each.parent.name != "embed"
    }


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two releases: a cell corrected, an id changed, one retired, and a record added."""
    folder = tmp_path_factory.mktemp("site")
    tables = small_tables()
    (folder / "one").mkdir()
    with pytest.MonkeyPatch.context() as patch:
        # As it is for the second release.
        patch.setattr(publishing, "write_site", lambda *_: None)
        patch.setattr(publishing, "verify_release", lambda _: SimpleNamespace(valid=True))
        publish(read_package(write_small(folder / "one", tables)), folder / "dist")
    tables["domains"][1]["description_en"] = "Makers of things."
    tables["outcomes"][1]["outcome_id"] = "zj-2022-b-growth-by-plan"
    tables["assessments"][1]["outcome_id"] = "zj-2022-b-growth-by-plan"
    tables["retired_ids"].append(
        {
            "table": "outcomes",
            "id": "zj-2022-b-growth-reported",
            "replaced_by": "zj-2022-b-growth-by-plan",
            "since_version": "2.0.0",
            "reason_zh": "名称更好。",
            "reason_en": "Named better.",
        }
    )
    tables["sources"].append(
        {**tables["sources"][1], "source_id": "zj-later-2024", "title_en": "Later"}
    )
    write_small(folder / "two", tables)
    text = (folder / "two" / "datapackage.json").read_text("utf-8")
    text = text.replace('"version": "1.0.0"', '"version": "2.0.0"')
    (folder / "two" / "datapackage.json").write_text(text, "utf-8")
    publish(read_package(folder / "two"), folder / "dist")
    return folder / "dist"


@pytest.fixture(scope="module")
def pages(catalogue: Path) -> Pages:
    return pages_of(catalogue)


@pytest.fixture
def release(tmp_path: Path) -> Callable[[Path], Path]:
    """Write the release of a package, valid or not, as ``latest`` of a catalogue."""

    def write(package: Path) -> Path:
        folder = released(package, tmp_path / "catalogue" / "latest")
        shutil.copytree(folder, folder.parent / "v1.0.0")
        return folder

    return write


def test_every_page_is_whole(pages: Pages) -> None:
    assert len(pages) > 80
    for path, page in pages.items():
        [html] = page.all("html")
        assert html["lang"] == ("zh" if path.startswith("zh/") else "en")
        assert len(page.all("h1")) == len(page.all("main")) == 1
        names = [name for name, _ in page.elements]  # a picture has titles too
        assert names[: names.index("body")].count("title") == 1
        assert len(page.ids) == len(set(page.ids)), path
        [policy] = [each for each in page.all("meta") if "http-equiv" in each]
        assert policy["http-equiv"] == "Content-Security-Policy"
        assert policy["content"].startswith("default-src 'none'; script-src 'self'; style-src")
        assert "unsafe" not in policy["content"]
        assert not [each for _, each in page.elements if "style" in each], path
        first = page.all("a")[0]
        assert (first["class"], first["href"]) == ("skip", "#main")
        for each in page.all("th"):
            assert each.get("scope") in ("col", "row"), path
        assert len(page.all("table")) == len(page.all("caption"))


def test_every_link_leads_somewhere(pages: Pages, catalogue: Path) -> None:
    assert dead_links(list(pages.values()), catalogue) == []


def test_a_dead_link_would_be_noticed(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text('<a href="b.html">b</a><a href="#c">c</a><p id="d"></p>')
    dead = dead_links([read_page(tmp_path / "a.html")], tmp_path)
    assert dead == ["a.html: b.html", "a.html: #c"]


def test_nothing_is_loaded_from_elsewhere(pages: Pages) -> None:
    for page in pages.values():
        loaded = [each.get("src", each.get("srcset", "")) for _, each in page.elements]
        loaded += [each["href"] for each in page.all("link")]
        assert not [each for each in loaded if "//" in each or each.startswith("data:")]
        for each in page.all("a"):
            if "://" in each["href"]:
                assert each["href"].startswith(("http://", "https://"))
                assert "noopener" in each["rel"]
                assert "noreferrer" in each["rel"]


def test_both_languages_have_every_page_and_link_to_each_other(pages: Pages) -> None:
    english = {path for path in pages if not path.startswith("zh/")}
    chinese = {path for path in pages if path.startswith("zh/")}
    twin = {path: f"zh/{path.removeprefix('en/')}" for path in english}
    assert set(twin.values()) == chinese
    for one, other in twin.items():
        for here, there in ((one, other), (other, one)):
            [switch] = [each for each in pages[here].all("a") if "data-keep-query" in each]
            target = (pages[here].path.parent / switch["href"]).resolve()
            assert target == pages[there].path.resolve()
            assert switch["hreflang"] == switch["lang"] == ("zh" if there == other else "en")


def test_every_text_says_its_language(pages: Pages) -> None:
    found = {path: wrong for path, page in pages.items() if (wrong := of_another_language(page))}
    assert found == {}


def test_a_text_of_another_language_would_be_noticed(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text("<p lang='en'>中<i lang='zh'>文</i></p>", "utf-8")
    assert of_another_language(read_page(tmp_path / "a.html")) == ["中"]


def test_every_record_has_a_page_and_a_file(pages: Pages, catalogue: Path) -> None:
    package = read_package(catalogue / "latest")
    for table in RECORD_TABLES:
        rows = json.loads((package.root / "json" / f"{table}.json").read_text("utf-8"))
        for row in rows:
            resource = package.resource(table)
            assert resource is not None
            assert resource.schema is not None
            key = row[resource.schema.primary_key[0]]
            assert key in pages[f"en/{table}/{key}.html"].text
            found = json.loads((catalogue / f"records/{table}/{key}.json").read_text("utf-8"))
            assert found["record"] == row


def test_the_front_page_counts_what_the_data_cover(pages: Pages, catalogue: Path) -> None:
    package = read_package(catalogue / "latest")
    found = coverage(tables_of(package), datetime.date.fromisoformat(package.created[:10]))
    text = pages["index.html"].text
    assert f"What came of {found.records['targets']} targets" in text
    verdicts = {"Met": "met", "Missed": "missed", "Not comparable": "not_comparable"}
    for label, verdict in verdicts.items():
        assert f"{label} {found.verdicts.get(verdict, 0)}" in text
    assert "Version 2.0.0 of 24 Nov 2026" in text
    assert "CC-BY-4.0" in text


def test_the_front_page_describes_the_data_for_machines(pages: Pages) -> None:
    for path, up in (("index.html", ""), ("zh/index.html", "../")):
        [text] = pages[path].scripts
        found = json.loads(text)
        assert found["@type"] == "Dataset"
        assert found["version"] == "2.0.0"
        addresses = [each["contentUrl"] for each in found["distribution"]]
        assert f"{up}latest/csv/targets.csv" in addresses
        [link] = [each for each in pages[path].all("link") if each["rel"] == "describedby"]
        assert link["href"] == f"{up}latest/datapackage.json"


def test_a_target_is_shown_with_its_outcome_and_evidence(pages: Pages) -> None:
    page = pages["en/targets/zj-2022-a-factories.html"]
    assert "at least 15 factories by 2022 Met" in page.text
    assert "Dec 2022 reported 16 factories held against this target" in page.text
    bars = [each for each in page.all("rect") if each["class"] in ("bar", "upper")]
    widths = [(each["class"], each["width"]) for each in bars]
    assert widths == [("bar", "83.33%"), ("bar", "88.89%"), ("upper", "11.11%"), ("bar", "88.89%")]
    assert {each["x1"] for each in page.all("line")} == {"83.33%"}
    assert "Another source says the same" in page.text
    assert "15家以上" in page.text
    chinese = pages["zh/targets/zj-2022-a-factories.html"]
    assert "到2022年：至少15家工厂 达成" in chinese.text
    assert "The outcome is 107% of what was promised." in page.text


def test_a_target_says_whether_its_outcome_was_searched_for(pages: Pages) -> None:
    searched = "An outcome was searched for, Nov 2025; found: nothing. Plans and news."
    assert searched in pages["en/targets/zj-2022-b-growth.html"].text
    chinese = pages["zh/targets/zj-2022-b-growth.html"].text
    assert "2025年11月检索过结果，没有查到。规划和新闻。" in chinese
    assert "searched for" not in pages["en/targets/zj-2022-a-factories.html"].text


def test_a_contradiction_is_shown(pages: Pages) -> None:
    text = pages["en/dates/zj-2022-01-17-report.html"].text
    assert "Another source contradicts 1月18日 It says: 18 Jan 2022" in text
    assert "Another day." in text


def test_a_record_tells_its_history(pages: Pages, catalogue: Path) -> None:
    first = pages["en/domains/economy.html"].text
    assert "1.0.0 24 Nov 2026 in the first release" in first
    assert "in the first release:" not in first
    changed = pages["en/domains/industry.html"].text
    assert "2.0.0 24 Nov 2026 Description changed: A part. → Makers of things." in changed
    assert "2.0.0 24 Nov 2026 added" in pages["en/sources/zj-later-2024.html"].text
    renamed = pages["en/outcomes/zj-2022-b-growth-by-plan.html"].text
    assert "renamed; it was zj-2022-b-growth-reported before" in renamed
    record = json.loads((catalogue / "records/domains/industry.json").read_text("utf-8"))
    assert record["history"][-1]["after"] == "Makers of things."


def test_the_address_of_a_retired_id_leads_to_its_successor(pages: Pages) -> None:
    page = pages["en/outcomes/zj-2022-b-growth-reported.html"]
    assert "This id has not been used since version 2.0.0. Named better." in page.text
    assert "../outcomes/zj-2022-b-growth-by-plan.html" in page.addresses()


def test_releases_are_shown_with_what_changed(pages: Pages) -> None:
    text = pages["en/versions.html"].text
    assert text.index("2.0.0") < text.index("1.0.0")
    assert "the first release" in text
    changed = pages["en/versions/2.0.0.html"].text
    assert "Compared with version 1.0.0." in changed
    told = "Industry industry Description description_en A part. Makers of things."
    assert told in changed
    assert "../../changes/1.0.0..2.0.0.json" in pages["en/versions/2.0.0.html"].addresses()


def test_the_codebook_has_every_column(pages: Pages, catalogue: Path) -> None:
    package = read_package(catalogue / "latest")
    for lang in ("en", "zh"):
        page = pages[f"{lang}/codebook.html"]
        for resource in package.resources:
            assert resource.name in page.ids
            assert resource.schema is not None
            for field in resource.schema.fields:
                for key in ("title", "description"):
                    assert in_language(field.raw, key, lang) in page.text


def test_the_codebook_says_what_the_cells_hold(pages: Pages) -> None:
    page = pages["en/codebook.html"]
    assert "12 to 80; all different" in page.text
    assert "30; one value; 4 missing (80%)" in page.text
    assert "12 至 80；各不相同" in pages["zh/codebook.html"].text
    said = {each["aria-label"] for each in page.all("svg")}
    assert "How often, from 12 to 80 in ten equal steps: 2, 1, 0, 0, 1, 0, 0, 0, 0, 1" in said


@pytest.mark.parametrize(
    "text",
    ["javascript:alert(1)", " javascript:alert(1)", "ftp://example.org/", "//example.org/", "x",
     "data:text/html,x", "https:", "http:///x", "https://[", "JavaScript://example.org/%0aalert(1)"],
)  # fmt: skip
def test_an_address_that_is_none_on_the_web_is_no_link(text: str) -> None:
    assert safe_url(text) == ""


def test_an_address_on_the_web_is_a_link(pages: Pages) -> None:
    assert safe_url("https://example.org/a?b=c#d") == "https://example.org/a?b=c#d"
    assert "https://example.org/plan" in pages["en/sources/zj-spare-2021.html"].addresses()


def write_hostile(folder: Path) -> Path:
    """The small package with each of the hostile texts in many places."""
    tables = small_tables()
    for rows in tables.values():
        for number, row in enumerate(rows):
            for at, name in enumerate(row):
                if name.endswith(("_zh", "_en")) or name in ("phrase", "locator", "url"):
                    row[name] = HOSTILE[(number + at) % len(HOSTILE)]
    # Its key is a text.
    tables["glossary"] = tables["glossary"][:1]
    odd = f"zj-../{HOSTILE[1]}"
    tables["outcomes"][1]["outcome_id"] = tables["assessments"][1]["outcome_id"] = odd
    write_small(folder, tables)
    described = {"title": HOSTILE[0], "description": HOSTILE[7]}
    licence = {"name": "other", "title": HOSTILE[2], "path": HOSTILE[4]}
    edit_json(folder / "datapackage.json", lambda raw: raw.update(described, licenses=[licence]))
    return folder


def test_hostile_text_stays_text(tmp_path: Path, release: Callable[[Path], Path]) -> None:
    folder = release(write_hostile(tmp_path / "package"))
    write_site(folder.parent, folder, RELEASES, {}, None)
    found = pages_of(folder.parent)
    assert dead_links(list(found.values()), folder.parent) == []
    expected = {"src", "type", "defer"}
    for page in found.values():
        for each in page.all("script"):
            assert set(each) <= expected
            assert each.get("type") == "application/ld+json" or "site.js" in each["src"]
        assert not [each for _, each in page.elements if any(n.startswith("on") for n in each)]
        assert not [each for each in page.addresses() if each.lower().startswith("javascript")]
        assert {tag for tag, _ in page.elements}.isdisjoint({"title/onload", "iframe", "object"})
        # Charts, and the pictures of the owner's guides.
        own = re.compile(r"(\.\./)?charts/.+|(\.\./)+assets/docs/[\w./]+\.png")
        assert all(own.fullmatch(each["src"]) for each in page.all("img"))
    for text in HOSTILE:
        said = [path for path, page in found.items() if " ".join(text.split()) in page.text]
        assert {"en", "zh"} <= {each.partition("/")[0] for each in said}, text
    [data] = found["index.html"].scripts
    assert json.loads(data)["description"].startswith(HOSTILE[7])


def test_a_key_that_names_no_file_gets_another_name() -> None:
    assert file_name("zj-2022-a") == "zj-2022-a"
    for key in ("../x", "a/b", "", ".x", "中", "a" * 200, "a\0b"):
        assert re.fullmatch("record-[0-9a-f]{16}", file_name(key))
    assert file_name("../x") != file_name("../y")


def test_the_site_of_another_package(tmp_path: Path, release: Callable[[Path], Path]) -> None:
    folder = release(write_odd(tmp_path))
    write_site(folder.parent, folder, RELEASES, {}, None)
    found = pages_of(folder.parent)
    assert dead_links(list(found.values()), folder.parent) == []
    package = read_package(folder)
    assert {f"en/tables/{each.name}.html" for each in package.resources} <= set(found)
    assert {"index.html", "en/codebook.html", "zh/versions/1.0.0.html"} <= set(found)
    assert "en/scoreboard.html" not in found
    assert "en/records/odd/1.html" in found


@pytest.mark.parametrize("languages", [("zh", "en"), ("zh",), ("en",)])
def test_the_site_is_as_its_owner_asks(
    tmp_path: Path, release: Callable[[Path], Path], languages: tuple[str, ...]
) -> None:
    folder = release(write_odd(tmp_path))
    licence = {"name": "ODC-BY-1.0", "title": "Open Data Commons Attribution"}
    edit_json(folder / "datapackage.json", lambda raw: raw.update(licenses=[licence]))
    asked = SiteSettings(languages, {"zh": "河流", "": "Rivers"}, "https://example.org/a?b&c")
    write_site(folder.parent, folder, RELEASES, {}, None, asked)
    found = pages_of(folder.parent)
    assert dead_links(list(found.values()), folder.parent) == []
    assert {each.partition("/")[0] for each in found} == {"index.html", *languages}
    front = (folder.parent / "index.html").read_text("utf-8")
    assert f'<html lang="{languages[0]}">' in front
    assert ("河流" if languages[0] == "zh" else "Rivers") in front
    assert 'href="https://example.org/a?b&amp;c"' in front
    title = licence["title"]
    said = f'<span lang="en">{title}</span>' if languages[0] == "zh" else f"Licence: {title}"
    assert said in front
    assert ("hreflang" in front.partition("<body>")[2]) == (len(languages) > 1)


def test_a_build_takes_the_settings_of_the_site(tiny: Path, tmp_path: Path) -> None:
    (tiny / "ycd.toml").write_text(
        '[site]\ntitle = "Asked for"\n[release]\nformats = ["json"]\n', "utf-8"
    )
    publish(read_package(tiny), tmp_path / "dist")
    assert "Asked for" in (tmp_path / "dist" / "zh" / "index.html").read_text("utf-8")
    made = {each.name for each in (tmp_path / "dist" / "latest").iterdir()}
    assert {"csv", "json"} <= made
    assert "parquet" not in made
    assert not {Path(each).suffix for each in made} & {".sqlite", ".xlsx"}


def test_a_long_list_is_in_pages_and_its_data_in_parts(
    small_release: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(list_pages, "ROWS_A_PAGE", 2)
    monkeypatch.setattr(list_pages, "PAGES_A_CHUNK", 2)
    folder = shutil.copytree(small_release, tmp_path / "latest")
    shutil.copytree(folder, tmp_path / "v1.0.0")
    root = folder.parent
    monkeypatch.setattr(list_pages.ListPage, "rows_a_jump", 1)
    write_site(root, folder, RELEASES, {}, None)
    found = pages_of(root)
    assert dead_links(list(found.values()), root) == []
    numbered = [found[f"en/{name}.html"] for name in ("scoreboard", "scoreboard-2", "scoreboard-3")]
    assert "en/scoreboard-4.html" not in found
    keys = [
        re.findall(r'"targets/([^"]+)\.html', page.path.read_text("utf-8")) for page in numbered
    ]
    assert [len(each) for each in keys] == [2, 2, 1]
    assert "First Previous Next Last" in numbered[1].text
    currents = [
        (each["href"], each["aria-current"])
        for page in [*numbered, found["en/targets/zj-2022-a-factories.html"], found["index.html"]]
        for each in page.all("a")
        if "aria-current" in each
    ]
    assert currents == [
        ("scoreboard.html", "page"),
        ("scoreboard.html", "true"),
        ("scoreboard.html", "true"),
        ("../scoreboard.html", "true"),
    ], "the menu shows where a page belongs"
    assert "1–1 2–2" in numbered[0].text
    assert "3–3 4–4" in numbered[1].text
    assert "1–1" not in numbered[2].text
    parts = []
    for number in range(2):
        text = (root / f"assets/data/scoreboard.en.{number}.js").read_text("utf-8")
        head, _, data = text.partition("=[[")
        assert head == f"(window.ycdRows??=[])[{number}]"
        parts.append(json.loads("[[" + data))
    assert [len(each) for each in parts] == [4, 1]
    hrefs = [row[2][0][1] for part in parts for row in part]
    assert hrefs == [f"targets/{key}.html" for page in keys for key in page]


def test_addresses_are_absolute_where_the_base_is_known(
    small_release: Path, tmp_path: Path
) -> None:
    folder = shutil.copytree(small_release, tmp_path / "latest")
    write_site(folder.parent, folder, RELEASES, {}, "https://example.org/a&b/")
    sitemap = (folder.parent / "sitemap.xml").read_text("utf-8")
    assert "<loc>https://example.org/a&amp;b/zh/scoreboard.html</loc>" in sitemap
    page = read_page(folder.parent / "zh/regions/CN-SH.html")
    links = {(each["rel"], each.get("hreflang")): each["href"] for each in page.all("link")}
    assert links["canonical", None] == "https://example.org/a&b/zh/regions/CN-SH.html"
    assert links["alternate", "en"] == "https://example.org/a&b/en/regions/CN-SH.html"


def test_without_a_base_there_is_no_sitemap(catalogue: Path) -> None:
    assert not (catalogue / "sitemap.xml").exists()


BUILD = """
import json, sys, time
time.time = lambda: 1e9
from pathlib import Path
from types import SimpleNamespace
from ycd_opendata.package.reading import read_package
from ycd_opendata.publishing.release import write_release
from ycd_opendata.site.building import write_site
package, folder, releases = Path(sys.argv[1]), Path(sys.argv[2]), json.loads(sys.argv[3])
(folder / "latest").mkdir(parents=True)
write_release(read_package(package), folder / "latest", None)
write_site(folder, folder / "latest", releases, {}, None)
"""


def contents(folder: Path) -> dict[Path, bytes]:
    files = [each for each in folder.rglob("*") if each.is_file()]
    return {each.relative_to(folder): each.read_bytes() for each in files}


def test_another_day_place_zone_and_hash_seed_give_the_same_bytes(
    small: Path, small_release: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Built in this process and, otherwise in all these, in another."""
    monkeypatch.undo()  # with pictures
    here, there = tmp_path / "here", tmp_path / "elsewhere" / "there"
    shutil.copytree(small_release, here / "latest")
    write_site(here, here / "latest", RELEASES, {}, None)
    there.mkdir(parents=True)
    package = there / "package"
    for path in small.rglob("*.*"):  # with the times of the copying
        copy = package / path.relative_to(small)
        copy.parent.mkdir(exist_ok=True, parents=True)
        copy.write_bytes(path.read_bytes())
    arguments = [sys.executable, "-c", BUILD, package, there / "out", json.dumps(RELEASES)]
    seed = "1" if os.environ.get("PYTHONHASHSEED") != "1" else "2"
    environment = {"PYTHONHASHSEED": seed, "TZ": "America/Los_Angeles", "PATH": "/usr/bin:/bin"}
    subprocess.run([*map(str, arguments)], cwd=there, env=environment, check=True)
    expected = contents(here)
    assert len([each for each in expected if each.parts[0] == "latest"]) > 3 * 12
    assert len(expected) > 150
    assert any(each.suffix == ".svg" for each in expected)
    found = contents(there / "out")
    assert [path for path, text in expected.items() if found.get(path) != text] == []
    assert found.keys() == expected.keys()


@pytest.mark.parametrize("folder", [SITE, OURS])
def test_every_text_is_used_and_in_both_languages(folder: Path) -> None:
    sources = [
        each
        for place in (SITE, OURS)
        for each in (*place.glob("*.py"), *place.glob("templates/*.html"))
    ]
    used = "".join(each.read_text("utf-8") for each in sources)
    # A name may be put together: f"figure.{comparator}", "verdict." ~ value.
    starts = tuple(re.findall(r'"([a-z]+\.[a-z_]*)(?:{|" ~)', used))
    named = tomllib.loads((folder / "texts.toml").read_text("utf-8"))
    # What the standards name in English needs a translation only.
    translated = ("licences", "types")
    for section, entries in named.items():
        for name, entry in entries.items():
            if section in translated:
                assert set(entry) == {"zh"}, f"{section}.{name}"
                continue
            assert set(entry) == {"en", "zh"}, f"{section}.{name}"
            gaps = [sorted(re.findall(r"{\w+}", entry[lang])) for lang in ("en", "zh")]
            assert gaps[0] == gaps[1], f"{section}.{name}"
            key = f"{section}.{name}"
            assert re.search(rf"[\"']{key}[\"']", used) or key.startswith(starts), (
                f"{key} is not used"
            )


def test_a_broken_change_file_is_refused(tmp_path: Path, catalogue: Path) -> None:
    (tmp_path / "broken.json").write_text('{"old": "1.0.0"}', "utf-8")
    with pytest.raises(ReleaseError, match=r"'broken\.json' cannot be read"):
        write_site(
            tmp_path, catalogue / "latest", RELEASES, {"1.0.0": tmp_path / "broken.json"}, None
        )
