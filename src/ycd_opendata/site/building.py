"""Every file of the site, written into a folder."""

from __future__ import annotations

import json
import math
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

from ycd_opendata.package.settings import SiteSettings
from ycd_opendata.site.content import Content, read_content
from ycd_opendata.site.downloads import downloads_of
from ycd_opendata.site.front import ShownPicture, front_page
from ycd_opendata.site.history import Histories
from ycd_opendata.site.lister import Cell, Listing, ListRow
from ycd_opendata.site.listings import LISTS
from ycd_opendata.site.records import record_json, record_pages
from ycd_opendata.site.rendering import ASSETS, FOLDER, Renderer, Text
from ycd_opendata.site.tables import codebook, table_pages
from ycd_opendata.site.versions import version_pages

if TYPE_CHECKING:
    from ycd_opendata.site.charts import Picture
    from ycd_opendata.site.wording import Lang

_NOTHING_ASKED = SiteSettings()

ROWS_A_PAGE = 600
ROWS_A_CHUNK = 2000


@dataclass(frozen=True)
class ListPage:
    """One page of a list: which of how many, its rows, and links to its neighbours."""

    number: int
    count: int
    rows: Sequence[ListRow]
    links: tuple[tuple[str, str], ...]


def write_site(
    folder: Path,
    release: Path,
    releases: Sequence[Mapping[str, Any]],
    change_files: Mapping[str, Path],
    base_url: str | None,
    settings: SiteSettings = _NOTHING_ASKED,
) -> None:
    """Write the site of a catalogue into an empty folder.

    Parameters
    ----------
    release : Path
        The newest release, whole.
    releases : sequence of mapping
        The releases of ``versions.json``, newest first.
    change_files : mapping
        Version to the change file that leads to it.
    base_url : str or None
        Where the catalogue will stand, with a slash at the end; without it there is no sitemap,
        whose addresses must be absolute.
    settings : SiteSettings
        What the package's owner asks of the site.

    Raises
    ------
    ReleaseError
        A change file cannot be read.
    """
    content = read_content(release, releases, change_files, base_url, settings)
    pictures = drawn_pictures(content)
    (folder / "assets").mkdir()
    for name in ASSETS:
        shutil.copyfile(FOLDER / "assets" / name, folder / "assets" / name)
    paths = []
    made = set()
    for path, text in _files(content, pictures):
        place = folder / path
        if place.parent not in made:
            place.parent.mkdir(parents=True, exist_ok=True)
            made.add(place.parent)
        place.write_bytes(text.encode())
        if path.endswith(".html"):
            paths.append(path)
    if base_url is not None:
        (folder / "sitemap.xml").write_text(_sitemap(base_url, sorted(paths)), encoding="utf-8")


def drawn_pictures(content: Content) -> tuple[Picture, ...]:
    """The pictures of a release of ours, drawn; they take longer than all pages together."""
    if not content.is_own:
        return ()
    from ycd_opendata.site.charts import draw

    return draw(content.package)


def _files(content: Content, pictures: Sequence[Picture]) -> Iterator[Text]:
    histories = Histories(content)
    for picture in pictures:
        yield f"charts/{picture.name}.csv", picture.data_csv
    for lang in content.languages:
        page = Renderer(content, lang)
        yield from _picture_files(pictures, lang)
        shown = [_shown(each, lang) for each in pictures]
        yield front_page(page, shown)
        yield codebook(page)
        yield from version_pages(page)
        if content.is_own:
            for name in LISTS:
                yield from _list_pages(page, page.listing(name))
            yield from record_pages(page, histories)
        else:
            yield from table_pages(page)
    if content.is_own:
        yield from record_json(content, histories)


def _picture_files(pictures: Sequence[Picture], lang: Lang) -> Iterator[Text]:
    for each in pictures:
        yield f"charts/{each.name}.{lang}.svg", each.svgs[lang]
        yield f"charts/{each.name}-narrow.{lang}.svg", each.narrow_svgs[lang]


def _shown(picture: Picture, lang: Lang) -> ShownPicture:
    from ycd_opendata.site.charts import size_of

    return ShownPicture(
        title=picture.titles[lang],
        alternative=picture.alternatives[lang],
        wide=f"charts/{picture.name}.{lang}.svg",
        size=size_of(picture.svgs[lang]),
        narrow=f"charts/{picture.name}-narrow.{lang}.svg",
        data=f"charts/{picture.name}.csv",
    )


def _list_pages(page: Renderer, listing: Listing) -> Iterator[Text]:
    """The pages of a list; of a long one also its rows as data, for the script to search."""
    count = max(1, math.ceil(len(listing.rows) / ROWS_A_PAGE))
    chunks = []
    if count > 1:
        for number, start in enumerate(range(0, len(listing.rows), ROWS_A_CHUNK)):
            data = [_row_data(each) for each in listing.rows[start : start + ROWS_A_CHUNK]]
            text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
            path = f"assets/data/{listing.name}.{page.lang}.{number}.js"
            chunks.append(path)
            yield path, f"(window.ycdRows??=[])[{number}]={text}\n"
    files = downloads_of(page.content, page.wording).by_table[listing.name]
    for number in range(1, count + 1):
        rows = listing.rows[(number - 1) * ROWS_A_PAGE : number * ROWS_A_PAGE]
        yield page.page(
            "listing.html",
            _list_path(listing.name, number),
            listing=listing,
            page=ListPage(number, count, rows, _links(page, listing.name, number, count)),
            chunks=chunks,
            count_text=page.wording.text(
                "site.all_of" if count == 1 else "listing.showing",
                shown=page.wording.number(len(rows)),
                count=page.wording.number(len(listing.rows)),
            ),
            files=files,
        )


def _list_path(name: str, number: int) -> str:
    return f"{name}.html" if number == 1 else f"{name}-{number}.html"


def _links(page: Renderer, name: str, number: int, count: int) -> tuple[tuple[str, str], ...]:
    """Links to the first, previous, next and last page, where they are others."""
    wanted = (("first", 1), ("previous", number - 1), ("next", number + 1), ("last", count))
    return tuple(
        (page.wording.text(f"listing.{word}"), _list_path(name, each))
        for word, each in wanted
        if 1 <= each <= count and each != number
    )


def _row_data(row: ListRow) -> list[Any]:
    return [[list(each) for each in row.facets], row.found_by, [_cell_data(c) for c in row.cells]]


def _cell_data(cell: Cell) -> list[Any]:
    words = [[each.text, each.lang] for each in cell.words]
    return [words, cell.href, [cell.below.text, cell.below.lang], cell.kind, cell.order]


def _sitemap(base_url: str, paths: Sequence[str]) -> str:
    lines = [f"<url><loc>{escape(base_url + path)}</loc></url>" for path in paths]
    return "\n".join(
        [
            '<?xml version="1.0" encoding="UTF-8"?>',
            '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">',
            *lines,
            "</urlset>\n",
        ]
    )
