"""Atom feeds: the releases of a catalogue, and whatever else of it can be followed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import NAMESPACE_URL, uuid5
from xml.etree import ElementTree

from ycd_opendata.shown import writable
from ycd_opendata.site.rendering import Renderer, Text

_ATOM = "http://www.w3.org/2005/Atom"
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


@dataclass(frozen=True)
class FeedEntry:
    """What a release did; ``name`` tells it from others, ``href`` is a page of the language."""

    name: str
    title: str
    date: str
    href: str
    summary: str


def feed(page: Renderer, place: str, title: str, about: str, entries: Sequence[FeedEntry]) -> Text:
    """A feed; where the address of the site is not known, its links are relative.

    Parameters
    ----------
    place : str
        Its path in the folder of the language.
    about : str
        The page of what it is a feed of, in the same folder.
    entries : sequence of FeedEntry
        The newest first.
    """
    base, name = page.content.base_url or "", page.content.package.name
    path = f"{page.lang}/{place}"
    here = f"{base}{page.lang}/" if base else "../" * place.count("/")
    root = ElementTree.Element(f"{{{_ATOM}}}feed", {_XML_LANG: page.lang})
    newest = entries[0].date if entries else "1970-01-01"
    _add(root, "id", base + path if base else _urn(name, *_of(place), page.lang))
    _add(root, "title", title)
    _add(root, "updated", f"{newest}T00:00:00Z")
    _add(_opened(root, "author"), "name", page.name.text)
    if base:  # else it is not known, and a reader would keep what is no address
        _add(root, "link", rel="self", href=base + path)
    _add(root, "link", rel="alternate", href=here + about)
    for each in entries:
        entry = _opened(root, "entry")
        address = here + each.href
        # Two feeds may tell of one page, and not of the same in it.
        own = f"{address}#{place}" if _of(place) else address
        _add(entry, "id", own if base else _urn(name, *_of(place), page.lang, each.name))
        _add(entry, "title", each.title)
        _add(entry, "updated", f"{each.date}T00:00:00Z")
        _add(entry, "link", rel="alternate", href=address)
        _add(entry, "summary", each.summary)
    ElementTree.register_namespace("", _ATOM)
    text = _NO_XML.sub("", writable(ElementTree.tostring(root, encoding="unicode")))
    return path, f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'


def _of(place: str) -> tuple[str, ...]:
    """What a feed is of; () for that of the whole site."""
    return (place,) if "/" in place else ()


def _add(parent: ElementTree.Element, tag: str, text: str = "", **attributes: str) -> None:
    ElementTree.SubElement(parent, f"{{{_ATOM}}}{tag}", attributes).text = text or None


def _opened(parent: ElementTree.Element, tag: str) -> ElementTree.Element:
    return ElementTree.SubElement(parent, f"{{{_ATOM}}}{tag}")


def _urn(*names: str) -> str:
    """A name for what has no address, the same in every build."""
    return f"urn:uuid:{uuid5(NAMESPACE_URL, ' '.join(names))}"
