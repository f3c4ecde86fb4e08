"""The releases of a catalogue, and what changed from one to the next, record by record."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ycd_opendata.site.codebook import table_line
from ycd_opendata.site.feeds import FeedEntry, feed
from ycd_opendata.site.rendering import Renderer, Text
from ycd_opendata.site.wording import Words

_MOST_ENTRIES = 1000
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
    name: Words
    href: str
    field: str
    title: Words
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


def releases_feed(page: Renderer) -> Text:
    """The releases, to be followed."""
    entries = [
        FeedEntry(
            name=each.version,
            title=page.wording.text("versions.changed", version=each.version),
            date=each.date,
            href=f"versions/{each.version}.html",
            summary=each.what,
        )
        for each in (release_line(page, release) for release in page.content.releases)
    ]
    return feed(page, "feed.xml", page.name.text, "versions.html", entries)


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
            text(
                "versions.of_kind", kind=change_kind(page, kind), count=page.wording.number(number)
            )
            for kind, number in counts.items()
        ) or text("versions.none")
    records = sum((release.get("records") or {}).values())
    return ReleaseLine(version, str(release["date"]), records, what)


def change_kind(page: Renderer, kind: str) -> str:
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
            change_kind(page, kind),
            len(inside),
            kind in _WITH_CELLS or not kind.startswith("record-"),
            tuple(_entry(page, name, each) for each in shown),
            len(inside) - len(shown),
        )


def _entry(page: Renderer, name: str, change: Mapping[str, Any]) -> Entry:
    """A change; the record under its name and the column under its title, while they are there."""
    table, key = page.content.tables.get(name), change["key"]
    here = table.key_in(key) if table is not None else ""
    href = page.content.record_place(name, here) if here else ""
    field = str(change.get("field") or "")
    described = table.resource.field(field) if table is not None else None
    return Entry(
        " / ".join(map(str, key.values())),
        page.record_name(name, here) if href else Words(""),
        href,
        field,
        page.wording.column(described) if described is not None else Words(""),
        _value(page, change.get("before")),
        _value(page, change.get("after")),
    )


def _value(page: Renderer, value: Any) -> Words:
    if value is None:
        return Words("")
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return page.wording.source_words(text)
