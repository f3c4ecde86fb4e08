"""What can be followed: a feed for each region and each indicator, from the change files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ycd_opendata.delta.site.making import maker_of
from ycd_opendata.site.changed_words import ChangedWords, key_text
from ycd_opendata.site.content import file_name
from ycd_opendata.site.feeds import FeedEntry, feed
from ycd_opendata.site.rendering import Renderer, Text
from ycd_opendata.site.versions import change_kind

_FOLLOWED = {"regions": "region_id", "indicators": "indicator_id"}
_TABLES = ("targets", "outcomes", "initiatives", "dates", "sources", "regions", "indicators")
_MOST_NAMED = 12

Changed = dict[tuple[str, str], dict[str, list[Mapping[str, Any]]]]
"""The changes of each record that is followed, by table and key, then by version."""


def feed_place(table: str, key: str) -> str:
    """Where the feed of a region or an indicator is, in the folder of a language."""
    return f"feeds/{table}/{file_name(key)}.xml"


def feeds(page: Renderer) -> Iterator[Text]:
    """The feeds of one language."""
    make, words, changed = maker_of(page), ChangedWords(page), _changed(page)
    for table, field in _FOLLOWED.items():
        for row in page.content.tables[table].rows:
            key = row[field]
            name = make.name(table, key).text
            entries = tuple(_entries(page, words, changed.get((table, key), {})))
            entries = entries or tuple(_first(page))
            title = f"{name} – {page.name.text}"
            yield feed(page, feed_place(table, key), title, make.link(table, key), entries)


def _changed(page: Renderer) -> Changed:
    found: Changed = {}
    for version, content in page.content.changes.items():
        for change in content["changes"]:
            for table, key in _followed_by(page, change):
                found.setdefault((table, key), {}).setdefault(version, []).append(change)
    return found


def _followed_by(page: Renderer, change: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The regions and indicators that a change bears on; those around a city too."""
    name = change["table"]
    if name not in _TABLES or not change["kind"].startswith("record-"):
        return
    table = page.content.tables[name]
    row = page.content.row(name, table.key_in(_record(change)))
    if not row:  # it is there no more
        row = {field: str(value or "") for field, value in _record(change).items()}
    make = maker_of(page)
    for region in make.region_values(row.get("region_id", "")):
        yield "regions", region
    if row.get("indicator_id"):
        yield "indicators", row["indicator_id"]


def _record(change: Mapping[str, Any]) -> Mapping[str, Any]:
    """The record that a change is of: the new one, the one that went, or its key."""
    whole = (each for each in (change["after"], change["before"]) if isinstance(each, Mapping))
    found: Mapping[str, Any] = next(whole, change["key"])
    return found


def _entries(
    page: Renderer, words: ChangedWords, by_version: Mapping[str, Sequence[Mapping[str, Any]]]
) -> Iterator[FeedEntry]:
    """An entry a release that changed something, the newest first."""
    for release in page.content.releases:
        version = release["version"]
        if version not in by_version:
            continue
        changes = by_version[version]
        yield FeedEntry(
            name=version,
            title=page.wording.text("versions.changed", version=version),
            date=str(release["date"]),
            href=f"versions/{version}.html",
            summary=page.wording.text("region.between").join(_said(page, words, changes)),
        )


def _first(page: Renderer) -> Iterator[FeedEntry]:
    """What is told of what has not changed since the first release."""
    for release in page.content.releases[-1:]:
        version, text = release["version"], page.wording.text
        href = f"versions/{version}.html"
        title = text("site.version", version=version, date=page.wording.date(str(release["date"])))
        yield FeedEntry(version, title, str(release["date"]), href, text("record.was_first"))


def _said(
    page: Renderer, words: ChangedWords, changes: Sequence[Mapping[str, Any]]
) -> Iterator[str]:
    """Each record once, with what was done to it; of many the first."""
    told: dict[tuple[str, str, str], Mapping[str, Any]] = {}
    for change in changes:
        told.setdefault((change["kind"], change["table"], key_text(change["key"])), change)
    for (kind, name, key), change in list(told.items())[:_MOST_NAMED]:
        label, what = page.wording.text(f"record.{name}"), change_kind(page, kind)
        parted = page.wording.text("site.parted")
        called = words.record(name, _record(change)).words.text or key
        yield f"{label}{parted}{called}{parted}{what}"
    if len(told) > _MOST_NAMED:
        yield page.wording.text("following.more", count=len(told) - _MOST_NAMED)
