"""Every file of the site, written into a folder."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

from ycd_opendata.package.settings import SiteSettings
from ycd_opendata.site.card import card
from ycd_opendata.site.charts.picture import Picture, size_of
from ycd_opendata.site.codebook import codebook
from ycd_opendata.site.content import Content, read_content
from ycd_opendata.site.front import ShownPicture, front_page
from ycd_opendata.site.guides import guide_pages
from ycd_opendata.site.history import Histories
from ycd_opendata.site.list_pages import list_pages
from ycd_opendata.site.record_pages import record_json, record_pages
from ycd_opendata.site.rendering import File, Renderer, Text, assets_of
from ycd_opendata.site.search_pages import search_pages
from ycd_opendata.site.table_lists import table_listing
from ycd_opendata.site.table_pictures import table_pictures
from ycd_opendata.site.table_records import table_record
from ycd_opendata.site.versions import releases_feed, version_pages
from ycd_opendata.site.wording import Words

if TYPE_CHECKING:
    from ycd_opendata.site.wording import Lang

_NOTHING_ASKED = SiteSettings()
_NOT_TO_FIND = re.compile(r"404\.html|[a-z]+/embed/")
"""Pages that no search engine should lead to."""


def write_site(
    folder: Path,
    release: Path,
    releases: Sequence[Mapping[str, Any]],
    change_files: Mapping[str, Path],
    base_url: str | None,
    settings: SiteSettings = _NOTHING_ASKED,
    source_paths: Mapping[str, str] | None = None,
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
    source_paths : mapping, optional
        The file of each table in the folder that the release was made from.

    Raises
    ------
    ReleaseError
        A change file cannot be read.
    """
    content = read_content(release, releases, change_files, base_url, settings, source_paths)
    pictures = drawn_pictures(content)
    (folder / "assets").mkdir()
    for name, data in assets_of(content.owners_folder).items():
        (folder / "assets" / name).write_bytes(data)
    paths = []
    made = set()
    for path, text in _files(content, pictures):
        place = folder / path
        if place.parent not in made:
            place.parent.mkdir(parents=True, exist_ok=True)
            made.add(place.parent)
        place.write_bytes(text if isinstance(text, bytes) else text.encode())
        if path.endswith(".html") and not _NOT_TO_FIND.match(path):
            paths.append(path)
    if base_url is not None:
        (folder / "sitemap.xml").write_text(_sitemap(base_url, sorted(paths)), encoding="utf-8")


def drawn_pictures(content: Content) -> tuple[Picture, ...]:
    """The pictures of a package, drawn; they take longer than all pages together."""
    additions = content.additions
    own = additions.pictures(content.package) if additions and additions.pictures else ()
    return (*own, *table_pictures(content))


def _files(content: Content, pictures: Sequence[Picture]) -> Iterator[File]:
    histories = Histories(content)
    for picture in pictures:
        yield f"charts/{picture.name}.csv", picture.data_csv
    additions = content.additions
    make_listing = (additions and additions.listing) or table_listing
    view_of = (additions and additions.record) or table_record
    for lang in content.languages:
        page = Renderer(content, lang, make_listing)
        yield from _picture_files(pictures, lang)
        shown = [_shown(page, lang, each) for each in pictures]
        yield front_page(page, shown)
        yield codebook(page)
        yield from version_pages(page)
        yield releases_feed(page)
        for name in content.lists:
            beside = [_shown(page, lang, each) for each in pictures if each.table == name]
            yield from list_pages(page, page.listing(name), beside)
        yield from search_pages(page)
        yield from record_pages(page, histories, view_of)
        yield from guide_pages(page)
        if additions is not None and additions.pages is not None:
            yield from additions.pages(page)
        if content.base_url is not None:
            yield card(page)
    yield Renderer(content, content.languages[0], make_listing).not_found()
    yield from record_json(content, histories)
    if additions is not None and additions.files is not None:
        yield from additions.files(content)


def _picture_files(pictures: Sequence[Picture], lang: Lang) -> Iterator[Text]:
    for each in pictures:
        yield f"charts/{each.name}.{lang}.svg", each.svgs[lang]
        yield f"charts/{each.name}-narrow.{lang}.svg", each.narrow_svgs[lang]


def _shown(page: Renderer, lang: Lang, picture: Picture) -> ShownPicture:
    """A picture in the language of a page."""
    table = page.content.tables.get(picture.table)
    return ShownPicture(
        title=picture.titles[lang],
        alternative=picture.alternatives[lang],
        wide=f"charts/{picture.name}.{lang}.svg",
        size=size_of(picture.svgs[lang]),
        narrow=f"charts/{picture.name}-narrow.{lang}.svg",
        data=f"charts/{picture.name}.csv",
        table=Words("") if table is None else page.wording.table(table.resource),
        table_href="" if table is None else page.content.list_place(picture.table),
    )


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
