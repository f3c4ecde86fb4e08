"""Every file of the site, written into a folder."""

from __future__ import annotations

import gc
import posixpath
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ycd_opendata.extension_loading import extension_of, installed_extension
from ycd_opendata.package.settings import SiteSettings
from ycd_opendata.site.card import card
from ycd_opendata.site.charts.picture import Picture, size_of
from ycd_opendata.site.codebook import Profiles, codebook, profiles_of
from ycd_opendata.site.content import Content, read_content
from ycd_opendata.site.front import ShownPicture, front_page
from ycd_opendata.site.guides import guide_files, guide_pages
from ycd_opendata.site.history import Histories
from ycd_opendata.site.list_pages import list_pages
from ycd_opendata.site.record_pages import record_json, record_pages
from ycd_opendata.site.rendering import File, Renderer, Text, assets_of, logo_name
from ycd_opendata.site.search_pages import search_pages
from ycd_opendata.site.second_process import beside, handed, processors
from ycd_opendata.site.sitemap import sitemap_files
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

_LEAST_FOR_TWO = 1000
"""Records of a package from which on a second process saves more time than its start takes."""


@dataclass(frozen=True)
class _Work:
    """What a site is written from and where, so that a second process can read the same."""

    folder: Path
    release: Path
    releases: Sequence[Mapping[str, Any]]
    change_files: Mapping[str, Path]
    base_url: str | None
    settings: SiteSettings
    source_paths: Mapping[str, str] | None

    def content(self) -> Content:
        """What the pages speak of."""
        return read_content(
            self.release,
            self.releases,
            self.change_files,
            self.base_url,
            self.settings,
            self.source_paths,
        )


@dataclass(frozen=True)
class _Made:
    """What is made once for all languages, with libraries that a second process need not load."""

    pictures: Sequence[Picture]
    profiles: Profiles


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
    work = _Work(folder, release, releases, change_files, base_url, settings, source_paths)
    content = work.content()
    (folder / "assets").mkdir()
    for name, data in assets_of(content.owners_folder).items():
        (folder / "assets" / name).write_bytes(data)
    if settings.logo:
        (folder / "assets" / logo_name(settings)).write_bytes(settings.logo_data)
    own, others = _shared_out(content)
    with ExitStack() as stack:
        second = (
            stack.enter_context(beside(write_languages, work, handed, others)) if others else None
        )
        made = _Made(drawn_pictures(content), profiles_of(content))
        if second is not None:
            second.hand(made)
        paths = _write(work, _files_of_all(content, made.pictures))
        paths += write_languages(work, lambda: made, own, content)
        paths += second.result() if second is not None else []
    if base_url is not None:
        for name, text in sitemap_files(base_url, sorted(paths)):
            (folder / name).write_text(text, encoding="utf-8")


def _shared_out(content: Content) -> tuple[Sequence[Lang], Sequence[Lang]]:
    """The languages whose pages this process writes, and those that a second one does.

    The second process has to find the extension by itself, so it must be one that is installed.
    """
    languages = content.languages
    records = sum(len(content.tables[name].rows) for name in content.record_tables)
    installed = installed_extension(content.package.name)
    if (
        records < _LEAST_FOR_TWO
        or processors() < 2
        or extension_of(content.package) is not installed
    ):
        return languages, ()
    return languages[:1], languages[1:]


def write_languages(
    work: _Work,
    made: Callable[[], _Made],
    languages: Sequence[Lang],
    content: Content | None = None,
) -> list[str]:
    """Write the pages in some languages; the paths of those that a sitemap lists.

    ``made`` is called when all is written that does without.
    """
    content = content or work.content()
    histories = Histories(content)
    paths = []
    gc.freeze()  # what lives until the end need not be looked through again and again
    try:
        for lang in languages:
            paths += _write(work, _files_of(content, histories, made, lang))
    finally:
        gc.unfreeze()
    return paths


def _write(work: _Work, files: Iterable[File]) -> list[str]:
    """Write files; the paths of the pages that a sitemap lists, where there is one."""
    found, made = [], set()
    for path, text in files:
        parent = posixpath.dirname(path)
        if parent not in made:
            (work.folder / parent).mkdir(parents=True, exist_ok=True)
            made.add(parent)
        pieces = (text,) if isinstance(text, str | bytes) else text
        with open(f"{work.folder}/{path}", "wb") as stream:  # noqa: PTH123 - Path is slow
            for each in pieces:
                # A lone surrogate, which JSON may carry, is shown as JSON does.
                data = each if isinstance(each, bytes) else each.encode("utf-8", "backslashreplace")
                stream.write(data)
        if work.base_url and path.endswith(".html") and not _NOT_TO_FIND.match(path):
            found.append(path)
    return found


def drawn_pictures(content: Content) -> tuple[Picture, ...]:
    """The pictures of a package, drawn; they take longer than all pages together."""
    additions = content.additions
    own = additions.pictures(content.package) if additions and additions.pictures else ()
    return (*own, *table_pictures(content))


def _files_of_all(content: Content, pictures: Sequence[Picture]) -> Iterator[File]:
    """What is the same in each language."""
    for picture in pictures:
        yield f"charts/{picture.name}.csv", picture.data_csv
    yield _renderer(content, content.languages[0]).not_found()
    yield from record_json(content, Histories(content))
    yield from guide_files(content)
    additions = content.additions
    if additions is not None and additions.files is not None:
        yield from additions.files(content)


def _renderer(content: Content, lang: Lang) -> Renderer:
    additions = content.additions
    return Renderer(content, lang, (additions and additions.listing) or table_listing)


def _files_of(
    content: Content, histories: Histories, made: Callable[[], _Made], lang: Lang
) -> Iterator[File]:
    """What there is of one language; what shows pictures or profiles comes last."""
    page, additions = _renderer(content, lang), content.additions
    yield from version_pages(page)
    yield releases_feed(page)
    yield from search_pages(page)
    view_of = (additions and additions.record) or table_record
    yield from record_pages(page, histories, view_of)
    yield from guide_pages(page)
    if additions is not None and additions.pages is not None:
        yield from additions.pages(page)
    if content.base_url is not None:
        yield card(page)
    pictures = made().pictures
    yield from _picture_files(pictures, lang)
    shown = [_shown(page, lang, each) for each in pictures]
    yield front_page(page, shown)
    yield codebook(page, made().profiles)
    for name in content.lists:
        beside_it = [_shown(page, lang, each) for each in pictures if each.table == name]
        yield from list_pages(page, page.listing(name), beside_it)


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
        is_titled=picture.is_titled,
        table=Words("") if table is None else page.wording.table(table.resource),
        table_href="" if table is None else page.content.list_place(picture.table),
    )
