"""Pages of a site as tests look at them: elements, texts with their language, and links."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

VOID = {"meta", "link", "img", "input", "source", "br", "rect", "line"}

Attributes = dict[str, str]


@dataclass
class Page:
    """A page: its elements in order, and its texts with the language each is in."""

    path: Path
    elements: list[tuple[str, Attributes]] = field(default_factory=list)
    texts: list[tuple[str, str]] = field(default_factory=list)
    labels: list[tuple[str, str]] = field(default_factory=list)
    scripts: list[str] = field(default_factory=list)

    @property
    def ids(self) -> list[str]:
        return [each["id"] for _, each in self.elements if "id" in each]

    def all(self, tag: str) -> list[Attributes]:
        return [attributes for name, attributes in self.elements if name == tag]

    @property
    def text(self) -> str:
        return " ".join(" ".join(text for text, _ in self.texts).split())

    def addresses(self) -> list[str]:
        """What the page links to or loads."""
        found = [
            each[name] for _, each in self.elements for name in ("href", "src", "srcset", "action")
            if name in each
        ]  # fmt: skip
        chunks = [each["data-chunks"] for _, each in self.elements if "data-chunks" in each]
        return found + [address for text in chunks for address in text.split()]


class _Reader(HTMLParser):
    def __init__(self, page: Page) -> None:
        super().__init__()
        self.page = page
        self.open: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        assert len(attributes) == len(attrs), f"{self.page.path}: an attribute twice in {tag}"
        self.page.elements.append((tag, attributes))
        lang = attributes.get("lang") or (self.open[-1][1] if self.open else "")
        if tag == "pre":
            lang = ""  # a program is in no language
        for name in ("aria-label", "placeholder", "alt", "data-label", "title"):
            if attributes.get(name):
                self.page.labels.append((attributes[name], lang))
        if tag not in VOID:
            self.open.append((tag, lang))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        opened, _ = self.open.pop()
        assert opened == tag, f"{self.page.path}: {opened} is closed by {tag}"

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1][0] == "script":
            self.page.scripts.append(data)
        elif data.strip():
            self.page.texts.append((data.strip(), self.open[-1][1] if self.open else ""))


def read_page(path: Path) -> Page:
    """Read a page; elements that are not closed in order fail."""
    page = Page(path)
    reader = _Reader(page)
    reader.feed(path.read_text("utf-8"))
    reader.close()
    assert not reader.open, f"{path}: {reader.open} is not closed"
    return page


def dead_links(pages: list[Page], root: Path) -> list[str]:
    """Relative addresses that lead to no file, or to no place in its page."""
    ids = {page.path.resolve(): set(page.ids) for page in pages}
    top = root.resolve()

    @functools.cache  # most links of a page are those of its neighbours
    def place_of(folder: Path, path: str) -> Path | None:
        place = (folder / path).resolve()
        return place if place.is_file() and place.is_relative_to(top) else None

    dead = []
    for page in pages:
        for address in page.addresses():
            parts = urlsplit(address)
            if parts.scheme:
                continue
            place = place_of(page.path.parent, unquote(parts.path) or page.path.name)
            wanted = unquote(parts.fragment)
            if place is None or (wanted and wanted not in ids[place]):
                dead.append(f"{page.path.relative_to(root)}: {address}")
    return dead


HAN = re.compile(r"[\u3400-\u9fff]")
ENGLISH = re.compile(r"[A-Za-z]{3,}(?: [a-z]{2,}){3,}")


def of_another_language(page: Page) -> list[str]:
    """Texts whose language is not the one that their element says."""
    return [
        text
        for text, lang in page.texts + page.labels
        if (lang == "en" and HAN.search(text)) or (lang == "zh" and ENGLISH.search(text))
    ]
