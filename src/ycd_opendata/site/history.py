"""The history of each record: in which release it came, and what was changed in it later."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ycd_opendata.site.content import Content, Table


@dataclass(frozen=True)
class Event:
    """What a release did with a record.

    ``kind`` is "first", "added", "changed", "renamed" or "retired"; ``field``, ``before`` and
    ``after`` are those of a changed cell, ``before`` the old key of a renamed record.
    """

    version: str
    date: str
    kind: str
    field: str = ""
    before: str = ""
    after: str = ""


class Histories:
    """The histories of all records of a catalogue's releases."""

    def __init__(self, content: Content) -> None:
        self._dates = {each["version"]: str(each["date"]) for each in content.releases}
        self._events: dict[tuple[str, str], list[Event]] = {}
        self._first = content.releases[-1]["version"] if content.releases else ""
        # Oldest first, so that a renamed record takes its history along.
        for version in reversed([each["version"] for each in content.releases]):
            for change in content.changes.get(version, {}).get("changes", ()):
                table = content.tables.get(change["table"])
                if table is not None and change["kind"].startswith("record-"):
                    self._note(version, change, table)

    def _note(self, version: str, change: Mapping[str, Any], of: Table) -> None:
        key, table, kind = of.key_in(change["key"]), of.name, change["kind"].removeprefix("record-")
        if not key:
            return
        date = self._dates[version]
        if kind == "renamed":
            new = of.key_in(change["after"])
            self._events[table, new] = [
                *self._events.pop((table, key), []),
                Event(version, date, kind, before=key),
            ]
            return
        before, after = change["before"], change["after"]
        cells = (before or "", after or "") if kind == "changed" else ("", "")
        event = Event(version, date, kind, change.get("field", ""), *cells)
        self._events.setdefault((table, key), []).append(event)

    def of(self, table: str, key: str) -> tuple[Event, ...]:
        """The events of one record, the first one first."""
        return tuple(self._of(table, key))

    def _of(self, table: str, key: str) -> Iterator[Event]:
        events = self._events.get((table, key), [])
        if self._first and not any(each.kind == "added" for each in events):
            yield Event(self._first, self._dates[self._first], "first")
        yield from events
