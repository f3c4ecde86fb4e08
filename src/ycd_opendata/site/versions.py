"""The releases of a catalogue, and what changed from one to the next, record by record."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ycd_opendata.site.changed_words import ChangedWords, Side, key_text
from ycd_opendata.site.feeds import FeedEntry, feed
from ycd_opendata.site.rendering import Linked, Renderer, Text
from ycd_opendata.site.wording import Words

_MOST_ENTRIES = 1000
_ANCHOR_EVERY = 100
_OF_RECORDS = ("record-", "row-")
_SHOWS = {"record-changed": "cells"}


@dataclass(frozen=True)
class ReleaseLine:
    """A release as the list of them shows it."""

    version: str
    date: str
    records: int
    what: str


@dataclass(frozen=True)
class Entry:
    """A change: of which record, ``old_key`` if it had another, or what of the description.

    ``kind`` is in words; ``code`` is the name of what changed, where ``field`` says it otherwise.
    """

    key: str
    old_key: str
    record: Linked
    kind: str
    field: Words
    code: str
    before: Side
    after: Side


@dataclass(frozen=True)
class Group:
    """The changes of one kind in one table, or those of its description.

    ``shows`` is what an entry is: "cells" of records, "records", or parts of the "description".
    """

    title: Words
    what: str
    shows: str
    count: int
    entries: tuple[Entry, ...]
    left_out: int


def version_pages(page: Renderer) -> Iterator[Text]:
    """The list of releases, and a page for each."""
    releases = page.content.releases
    lines = [release_line(page, each) for each in releases]
    words = ChangedWords(page)
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
            groups=tuple(_groups(page, words, found.get("changes", ()))),
            anchor_every=_ANCHOR_EVERY,
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
    """A kind of change in words; one that a later version of this tool knows keeps its name."""
    key = f"changes.{kind}"
    return page.wording.text(key) if page.wording.has(key) else kind.replace("-", " ")


def _groups(
    page: Renderer, words: ChangedWords, changes: Sequence[Mapping[str, Any]]
) -> Iterator[Group]:
    found: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
    for each in changes:
        kind = each["kind"] if each["kind"].startswith(_OF_RECORDS) else ""
        found.setdefault((each["table"], kind), []).append(each)
    for (name, kind), inside in found.items():
        shows = _SHOWS.get(kind, "records") if kind else "description"
        yield Group(
            _title(words, name, inside),
            change_kind(page, kind) if kind else page.wording.text("versions.description"),
            shows,
            len(inside),
            tuple(_entry(page, words, each, shows) for each in inside[:_MOST_ENTRIES]),
            max(0, len(inside) - _MOST_ENTRIES),
        )


def _title(words: ChangedWords, name: str, changes: Sequence[Mapping[str, Any]]) -> Words:
    """What a table is called; one that went by the title that it had."""
    gone = [each["before"] for each in changes if each["kind"] == "table-removed"]
    return Words(str(gone[0])) if gone and gone[0] else words.table(name)


def _entry(page: Renderer, words: ChangedWords, change: Mapping[str, Any], shows: str) -> Entry:
    name, key, field = change["table"], change["key"], str(change.get("field") or "")
    before, after = change.get("before"), change.get("after")
    record, old_key, sides = Linked(Words(""), ""), "", (Side(), Side())
    if shows == "records":
        whole: Mapping[str, Any] = (before if after is None else after) or {}
        record = words.record(name, whole) if key else Linked(words.row(name, whole), "")
        if change["kind"] == "record-renamed":
            old_key, key = key_text(key), {each: whole.get(each) for each in key}
    else:
        record = words.record(name, key) if key else record
        # A part of a description is no cell of its column, nor an empty one where it is not there.
        is_cell = shows == "cells"
        part = "" if is_cell or "." in field else f".{change['kind'].removesuffix('-changed')}"
        old, new = words.sides(name, field + part, before, after)
        sides = (
            old if is_cell or before is not None else Side(),
            new if is_cell or after is not None else Side(),
        )
    told = words.field(name, field) if field else Words("")
    return Entry(
        key_text(key),
        old_key,
        record,
        change_kind(page, change["kind"]),
        told,
        field if field != told.text else "",
        *sides,
    )
