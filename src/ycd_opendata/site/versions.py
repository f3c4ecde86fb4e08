"""The releases of a catalogue, and what changed from one to the next, record by record."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import NAMESPACE_URL, uuid5
from xml.etree import ElementTree

from ycd_opendata.shown import writable
from ycd_opendata.site.codebook import table_line
from ycd_opendata.site.rendering import Renderer, Text
from ycd_opendata.site.wording import Words

_MOST_ENTRIES = 1000
_ATOM = "http://www.w3.org/2005/Atom"
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_WITH_CELLS = ("record-changed", "metadata-changed")


@dataclass(frozen=True)
class ReleaseLine:
    """A release as the list of them shows it."""

    version: str
    date: str
    records: int
    what: str


@dataclass(frozen=True)
class Entry:
    """A change: the record, its page, and for a cell the column with its values."""

    key: str
    href: str
    field: str
    before: Words
    after: Words


@dataclass(frozen=True)
class Group:
    """The changes of one kind in one table."""

    title: Words
    what: str
    count: int
    cells: bool
    entries: tuple[Entry, ...]
    left_out: int


def version_pages(page: Renderer) -> Iterator[Text]:
    """The list of releases, and a page for each."""
    releases = page.content.releases
    lines = [release_line(page, each) for each in releases]
    yield page.page("versions.html", "versions.html", releases=lines)
    for each in releases:
        version = each["version"]
        found = page.content.changes.get(version, {})
        yield page.page(
            "version.html",
            f"versions/{version}.html",
            version=version,
            date=str(each["date"]),
            old=found.get("old", ""),
            groups=tuple(_groups(page, found.get("changes", ()))),
            json_href=each.get("changes") or "",
        )


def feed(page: Renderer) -> Text:
    """The releases as an Atom feed; where the address is not known, links are relative."""
    content = page.content
    base = content.base_url or ""
    place = f"{page.lang}/feed.xml"
    lines = [release_line(page, each) for each in content.releases]
    root = ElementTree.Element(f"{{{_ATOM}}}feed", {_XML_LANG: page.lang})

    def add(parent: ElementTree.Element, tag: str, text: str = "", **attributes: str) -> None:
        ElementTree.SubElement(parent, f"{{{_ATOM}}}{tag}", attributes).text = text or None

    def opened(parent: ElementTree.Element, tag: str) -> ElementTree.Element:
        return ElementTree.SubElement(parent, f"{{{_ATOM}}}{tag}")

    add(root, "id", base + place if base else _urn(content.package.name, page.lang))
    add(root, "title", page.name.text)
    add(root, "updated", f"{lines[0].date}T00:00:00Z" if lines else "1970-01-01T00:00:00Z")
    add(opened(root, "author"), "name", page.name.text)
    add(root, "link", rel="self", href=base + place if base else "feed.xml")
    for each in lines:
        entry, at = opened(root, "entry"), f"versions/{each.version}.html"
        address = f"{base}{page.lang}/{at}" if base else at
        add(entry, "id", address if base else _urn(content.package.name, each.version))
        add(entry, "title", page.wording.text("versions.changed", version=each.version))
        add(entry, "updated", f"{each.date}T00:00:00Z")
        add(entry, "link", rel="alternate", href=address)
        add(entry, "summary", each.what)
    ElementTree.register_namespace("", _ATOM)
    text = writable(ElementTree.tostring(root, encoding="unicode"))
    return place, f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'


def _urn(*names: str) -> str:
    """A name for what has no address, the same in every build."""
    return f"urn:uuid:{uuid5(NAMESPACE_URL, ' '.join(names))}"


def release_line(page: Renderer, release: Mapping[str, Any]) -> ReleaseLine:
    """A release as lists and feeds tell of it."""
    version, text = release["version"], page.wording.text
    changes = page.content.changes.get(version)
    if changes is None:
        what = text("versions.first")
    else:
        counts: dict[str, int] = {}
        for each in changes["changes"]:
            counts[each["kind"]] = counts.get(each["kind"], 0) + 1
        what = text("site.comma").join(
            f"{page.wording.number(number)} {_kind(page, kind)}" for kind, number in counts.items()
        ) or text("versions.none")
    records = sum((release.get("records") or {}).values())
    return ReleaseLine(version, str(release["date"]), records, what)


def _kind(page: Renderer, kind: str) -> str:
    """A kind of change in words; those of the description keep their name."""
    key = f"changes.{kind}"
    return page.wording.text(key) if page.wording.has(key) else kind.replace("-", " ")


def _groups(page: Renderer, changes: list[Mapping[str, Any]]) -> Iterator[Group]:
    by_kind: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
    for each in changes:
        by_kind.setdefault((each["table"], each["kind"]), []).append(each)
    for (name, kind), inside in by_kind.items():
        table = page.content.tables.get(name)
        if table is not None:
            title = table_line(page, table).title
        else:
            title = Words(name or page.wording.text("versions.description"))
        shown = inside[:_MOST_ENTRIES]
        yield Group(
            title,
            _kind(page, kind),
            len(inside),
            kind in _WITH_CELLS or not kind.startswith("record-"),
            tuple(_entry(page, name, each) for each in shown),
            len(inside) - len(shown),
        )


def _entry(page: Renderer, table: str, change: Mapping[str, Any]) -> Entry:
    keys = [str(value) for value in change["key"].values()]
    href = page.content.record_place(table, keys[0]) if len(keys) == 1 else ""
    return Entry(
        " / ".join(keys),
        href,
        str(change.get("field") or ""),
        _value(page, change.get("before")),
        _value(page, change.get("after")),
    )


def _value(page: Renderer, value: Any) -> Words:
    if value is None:
        return Words("")
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return page.wording.source_words(text)
