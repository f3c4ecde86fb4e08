"""Turning what a page shows into HTML: the templates, and what each of them needs to know."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup

from ycd_opendata.shown import writable
from ycd_opendata.site.content import Content
from ycd_opendata.site.facts import safe_url
from ycd_opendata.site.lister import Lister, Listing
from ycd_opendata.site.listings import LISTS
from ycd_opendata.site.wording import Wording, Words

FOLDER = Path(__file__).parent
ASSETS = ("icon.svg", "site.css", "site.js")

Text = tuple[str, str]
"""The path of a file in the catalogue, and its text."""

_OWN_MENU = ("scoreboard", "initiatives", "outcomes", "dates", "sources", "indicators", "regions")


@dataclass(frozen=True)
class Licence:
    """A licence: its short name, its title, and an address that may be linked."""

    name: str
    title: str
    url: str


@dataclass(frozen=True)
class MenuEntry:
    """A page that every page links to, relative to the folder of the language."""

    href: str
    words: Words


class Renderer:
    """Renders the pages of one language."""

    def __init__(self, content: Content, lang: str) -> None:
        self.content = content
        self.lang = lang
        self.wording = Wording(lang)
        self.lister = Lister(content, self.wording)
        self._listings: dict[str, Listing] = {}
        package, languages = content.package, content.languages
        self._fronts: dict[str, str] = {
            each: "index.html" if each == languages[0] else f"{each}/index.html"
            for each in languages
        }
        # The same for every page.
        self._common: dict[str, Any] = {
            "t": self.wording.text,
            "w": self.wording,
            "lang": lang,
            "languages": languages,
            "switch": {each: Wording(each).text("site.switch") for each in languages},
            "package": package,
            "is_own": content.is_own,
            "base_url": content.base_url,
            "name": self.name,
            "summary": self.summary.text,
            "licence": self._licence(),
            "repository": safe_url(content.settings.repository),
            "menu": self._menu(),
            "stamp": _stamp(),
        }

    def listing(self, name: str) -> Listing:
        """A list, made once."""
        if name not in self._listings:
            self._listings[name] = self.lister.listing(name, LISTS[name])
        return self._listings[name]

    @cached_property
    def name(self) -> Words:
        """What the site is called."""
        package, titles = self.content.package, self.content.settings.title
        if self.lang in titles:
            return Words(titles[self.lang])
        if "" in titles:
            return self.wording.source_words(titles[""])
        translated = self.wording.translated(package.raw, "title")
        return translated or self.wording.source_words(package.title or package.name)

    @cached_property
    def summary(self) -> Words:
        """What the data are, in a sentence."""
        if self.content.is_own:
            return Words(self.wording.text("front.lead"))
        return self.wording.source_words(str(self.content.package.raw.get("description", "")))

    def _licence(self) -> Licence | None:
        for each in self.content.package.raw.get("licenses") or ():
            name, title = str(each.get("name", "")), str(each.get("title", ""))
            if name or title:
                return Licence(name or title, title or name, safe_url(str(each.get("path", ""))))
        return None

    def _menu(self) -> tuple[MenuEntry, ...]:
        lists = _OWN_MENU if self.content.is_own else ()
        texts = {f"{each}.html": self.wording.text(f"listing.{each}") for each in lists}
        texts |= {
            f"{each}.html": self.wording.text(f"{each}.title") for each in ("codebook", "versions")
        }
        return tuple(MenuEntry(href, Words(text)) for href, text in texts.items())

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

    def fragment(self, template: str, **shown: Any) -> Markup:
        """A part of a page, whose text the template has made safe."""
        return Markup(_environment().get_template(template).render(self._common, **shown))

    def _render(
        self,
        template: str,
        place: str,
        within: str,
        path_in: Mapping[str, str],
        shown: Mapping[str, Any],
    ) -> Text:
        folder = posixpath.dirname(place)
        root = "../" * (folder.count("/") + 1 if folder else 0)
        here = "" if folder == self.lang else f"{root}{self.lang}/"
        if within.count("/"):
            here = "../" * within.count("/")
        text = (
            _environment()
            .get_template(template)
            .render(
                self._common,
                **shown,
                path=place,
                path_in=path_in,
                within=within,
                root=root,
                to_root=root,
                here=here,
                home=f"{root}{self._fronts[self.lang]}",
            )
        )
        return place, writable(text) + "\n"


@lru_cache(maxsize=1)
def _environment() -> jinja2.Environment:
    """The templates, compiled once a process."""
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(FOLDER / "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
    )


def _stamp() -> str:
    """What changes when the stylesheet or script does, so that browsers fetch the new one."""
    content = b"".join((FOLDER / "assets" / name).read_bytes() for name in ASSETS)
    return sha256(content).hexdigest()[:8]
