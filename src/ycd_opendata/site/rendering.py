"""Turning what a page shows into HTML: the templates, and what each of them needs to know."""

from __future__ import annotations

import json
import posixpath
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from markupsafe import Markup

from ycd_opendata.package.settings import ByLanguage, SiteSettings
from ycd_opendata.site.cell_words import CellWords
from ycd_opendata.site.content import Content
from ycd_opendata.site.listing import Listing
from ycd_opendata.site.table_figures import RecordSeries
from ycd_opendata.site.templating import FOLDER, environment_of
from ycd_opendata.site.wording import Wording, Words

ASSETS = ("icon.svg", "site.css", "site.js")

Text = tuple[str, str]
"""The path of a file in the catalogue, and its text."""

File = tuple[str, str | bytes | Iterator[str]]
"""The same of any file; a picture is bytes, and a long text comes in pieces."""

COMPACT_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
"""JSON for the script, as short as it can be."""

_MOST_IN_MENU = 7
_LINKABLE = ("http", "https")


@dataclass(frozen=True)
class Licence:
    """A licence: its short name, its title, and an address that may be linked."""

    name: str
    title: Words
    url: str


@dataclass(frozen=True)
class Linked:
    """A name that may lead to a page, relative to the folder of the language."""

    words: Words
    href: str


class Renderer:
    """Renders the pages of one language.

    Parameters
    ----------
    make_listing : callable
        From this and the name of a list to the list.
    """

    def __init__(
        self, content: Content, lang: str, make_listing: Callable[[Renderer, str], Listing]
    ) -> None:
        self.content = content
        self.lang = lang
        self._make_listing = make_listing
        folder = content.owners_folder
        self._environment = environment_of(folder, lang)
        self.wording = Wording(lang, folder)
        self._listings: dict[str, Listing] = {}
        self._parts: dict[tuple[str, ...], Markup] = {}
        menu = self._menu()
        package, languages = content.package, content.languages
        self._fronts: dict[str, str] = {
            each: "index.html" if each == languages[0] else f"{each}/index.html"
            for each in languages
        }
        # The same for every page.
        self._common: dict[str, Any] = {
            "lang": lang,
            "languages": languages,
            "switch": {each: Wording(each, folder).text("site.switch") for each in languages},
            "package": package,
            "base_url": content.base_url,
            "name": self.name,
            "summary": self.summary.text,
            "licence": self._licence(),
            "repository": safe_url(content.settings.repository),
            "owners_home": safe_url(content.settings.home),
            "logo": logo_name(content.settings),
            "footer": self.owners_text("footer"),
            "menu": menu,
            "menu_hrefs": {each.href for each in menu},
            "part": self._part,
            "has_guides": content.additions is not None and content.additions.guides is not None,
            "stamp": _stamp(folder),
        }

    def listing(self, name: str) -> Listing:
        """A list, made once."""
        if name not in self._listings:
            self._listings[name] = self._make_listing(self, name)
        return self._listings[name]

    @cached_property
    def cell_words(self) -> CellWords:
        """What says the cells of the tables."""
        return CellWords(self.content, self.wording)

    @cached_property
    def record_series(self) -> RecordSeries:
        """Which pictures the records that refer to a record make."""
        return RecordSeries(self.content)

    def record_name(self, table: str, key: str) -> Words:
        """What a record is called: as its row in the list of its table is."""
        content = self.content
        if content.additions is None or not content.additions.tables:
            return self.cell_words.name(content.tables[table], content.row(table, key))
        return self.listing(content.record_tables[table]).record(key).cells[0].words[0]

    @cached_property
    def name(self) -> Words:
        """What the site is called."""
        package, titles = self.content.package, self.content.settings.title
        if self.lang in titles or "" in titles:
            return self._asked(titles)
        translated = self.wording.translated(package.raw, "title")
        return translated or self.wording.source_words(package.title or package.name)

    @cached_property
    def summary(self) -> Words:
        """What the data are, in a sentence."""
        asked, raw = self.owners_text("lead"), self.content.package.raw
        if asked.text:
            return asked
        if self.wording.has("front.lead"):
            return Words(self.wording.text("front.lead"))
        translated = self.wording.translated(raw, "description")
        return translated or self.wording.source_words(str(raw.get("description", "")))

    def owners_text(self, name: str) -> Words:
        """A text that ``ycd.toml`` has for the pages; one in another language if need be."""
        return self._asked(self.content.settings.texts.get(name, {}))

    def _asked(self, texts: ByLanguage) -> Words:
        if self.lang in texts:
            return Words(texts[self.lang])
        return self.wording.source_words(texts.get("") or next(iter(texts.values()), ""))

    @property
    def credit(self) -> str:
        """Where a picture comes from that has left the site."""
        licence, version = self._licence(), self.content.package.version
        names = (f"{self.name.text} {version}".strip(), licence.name if licence else "")
        return ", ".join(each for each in (*names, self.content.base_url or "") if each)

    def _licence(self) -> Licence | None:
        for each in self.content.package.raw.get("licenses") or ():
            name, title = str(each.get("name", "")), str(each.get("title", ""))
            if name or title:
                said = self.wording.source_words(title or name)
                if self.wording.has(f"licences.{name}"):
                    said = Words(self.wording.text(f"licences.{name}"))
                return Licence(name or title, said, safe_url(str(each.get("path", ""))))
        return None

    def _menu(self) -> tuple[Linked, ...]:
        content, additions = self.content, self.content.additions
        menu = additions.menu if additions is not None else ()
        texts = {
            content.list_place(each): Words(self.wording.text(f"listing.{each}")) for each in menu
        } or {
            content.list_place(each): self.wording.table(content.tables[each].resource)
            for each in content.lists[:_MOST_IN_MENU]
        }
        texts |= {
            f"{each}.html": Words(self.wording.text(f"{each}.title"))
            for each in ("codebook", "versions", "search")
        }
        return tuple(Linked(words, href) for href, words in texts.items())

    def _part(self, template: str, **shown: str) -> Markup:
        """A part of a page, made once for all pages on which it looks the same."""
        key = (template, *shown.values())
        if key not in self._parts:
            text = self._environment.get_template(template).render(self._common, **shown)
            self._parts[key] = Markup(text.strip())
        return self._parts[key]

    def page(self, template: str, path: str, **shown: Any) -> Text:
        """A page of the folder of the language: its path in the catalogue and its text."""
        within = path
        place = f"{self.lang}/{path}"
        path_in: Mapping[str, str] = {each: f"{each}/{path}" for each in self._fronts}
        return self._render(template, place, within, path_in, shown)

    @property
    def root_of_front(self) -> str:
        """The way from the front page to the catalogue's root."""
        return "../" * self._fronts[self.lang].count("/")

    def front(self, **shown: Any) -> Text:
        """The front page, which in the first language is that of the catalogue."""
        return self._render("front.html", self._fronts[self.lang], "", self._fronts, shown)

    def not_found(self) -> Text:
        """The page for addresses that lead nowhere, in all languages.

        It is shown at any address, so its links start at the root of the web site, if that is
        known.
        """
        base = urlsplit(self.content.base_url or "").path
        texts = [(each, Wording(each, self.content.owners_folder)) for each in self._fronts]
        return self._render(
            "missing.html", "404.html", "", self._fronts, {"texts": texts}, base or None
        )

    def _render(
        self,
        template: str,
        place: str,
        within: str,
        path_in: Mapping[str, str],
        shown: Mapping[str, Any],
        root: str | None = None,
    ) -> Text:
        folder = posixpath.dirname(place)
        if root is None:
            root = "../" * (folder.count("/") + 1 if folder else 0)
        here = "" if folder == self.lang else f"{root}{self.lang}/"
        if within.count("/"):
            here = "../" * within.count("/")
        text = self._environment.get_template(template).render(
            self._common,
            **shown,
            path=place,
            path_in=path_in,
            within=within,
            root=root,
            here=here,
            home=f"{root}{self._fronts[self.lang]}",
        )
        return place, text + "\n"


def logo_name(settings: SiteSettings) -> str:
    """What the owner's logo is called among the assets; "" if there is none."""
    return f"logo{Path(settings.logo).suffix}" if settings.logo else ""


def assets_of(folder: Path | None) -> dict[str, bytes]:
    """The files that all pages share, by name; an owner's style sheet follows the site's."""
    found = {name: (FOLDER / "assets" / name).read_bytes() for name in ASSETS}
    found["site.css"] += (FOLDER / "assets" / "chart.css").read_bytes()
    if folder is not None and (folder / "site.css").is_file():
        found["site.css"] += (folder / "site.css").read_bytes()
    return found


@lru_cache
def _stamp(folder: Path | None) -> str:
    """What changes when the stylesheet or script does, so that browsers fetch the new one."""
    return sha256(b"".join(assets_of(folder).values())).hexdigest()[:8]


def safe_url(text: str) -> str:
    """The address if it is one on the web that a link may lead to, else "": it is only shown."""
    try:
        parts = urlsplit(text)
    except ValueError:
        return ""
    return text if parts.scheme in _LINKABLE and parts.netloc else ""
