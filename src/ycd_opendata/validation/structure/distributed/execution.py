"""Who carries tasks out and compares keys: a cluster, or this process, one task after another."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol

from ycd_opendata.package.tables.sections import Range, RangeCounts, count_range, read_range
from ycd_opendata.validation.structure.distributed.tasks import (
    FROM,
    KNOWN,
    NOTE,
    SUMMARY,
    UNIQUE,
    FoundKey,
    Summary,
    TableJob,
    perform,
)

Check = tuple[int, int]
"""A table, and the number of one of its unique keys or references."""


class Note(NamedTuple):
    """Something that a task found: the stream it belongs to, and its JSON."""

    table: int
    stream: str
    text: str


class FoundKeys(NamedTuple):
    """Keys that are wrong: the first ones of each check by their rows, and how many there are."""

    listed: Mapping[Check, Sequence[FoundKey]]
    counts: Mapping[Check, int]


class Execution(Protocol):
    """Carries out tasks, keeps their records and compares the keys in them.

    ``tables`` are numbers of jobs: of other tables nothing is to be believed. ``limit`` is how many
    things of each stream or check are given.
    """

    def count(self, ranges: Sequence[Range]) -> Sequence[RangeCounts]:
        """What stands in each range."""
        ...

    def check(self, jobs: Sequence[TableJob]) -> Mapping[int, Sequence[Summary]]:
        """The summaries of each table's tasks in order, by the job's number."""
        ...

    def notes(self, tables: Set[int], limit: int) -> Iterable[Note]:
        """What the tasks found, in the order of pieces and numbers."""
        ...

    def repeated(self, tables: Set[int], limit: int) -> FoundKeys:
        """The keys that an earlier row has too, each with the last such row before it."""
        ...

    def dangling(self, tables: Set[int], limit: int) -> FoundKeys:
        """The references whose key is none of the known ones."""
        ...


@dataclass
class InProcess:
    """Carries tasks out here; records pass as Arrow all the same."""

    _records: list[dict[str, Any]] = field(default_factory=list)

    def count(self, ranges: Sequence[Range]) -> Sequence[RangeCounts]:
        """What stands in each range."""
        return [
            count_range(read_range(each.path, each.start, each.end), each.start) for each in ranges
        ]

    def check(self, jobs: Sequence[TableJob]) -> Mapping[int, Sequence[Summary]]:
        """The summaries of each table's tasks in order, by the job's number."""
        for job in jobs:
            for at in range(job.task_count):
                for records in perform(job, at):
                    self._records += records.to_pylist()
        return {
            job.number: [Summary.of(each["key"]) for each in self._of(SUMMARY, {job.number})]
            for job in jobs
        }

    def notes(self, tables: Set[int], limit: int) -> Iterable[Note]:
        """What the tasks found, in the order of pieces and numbers."""
        given: Counter[tuple[int, str]] = Counter()
        for each in self._of(NOTE, tables):
            stream = each["table"], each["shown"]
            given[stream] += 1
            if given[stream] <= limit:
                yield Note(*stream, each["key"])

    def repeated(self, tables: Set[int], limit: int) -> FoundKeys:
        """The keys that an earlier row has too, each with the last such row before it."""
        last: dict[tuple[Check, str], int] = {}
        found = []
        for each in self._of(UNIQUE, tables):
            key = (each["table"], each["number"]), each["key"]
            if key in last:
                found.append({**each, "earlier": last[key]})
            last[key] = each["row"]
        return found_keys(found, limit)

    def dangling(self, tables: Set[int], limit: int) -> FoundKeys:
        """The references whose key is none of the known ones."""
        known = {(each["target"], each["key"]) for each in self._of(KNOWN, tables)}
        return found_keys(
            (each for each in self._of(FROM, tables) if (each["target"], each["key"]) not in known),
            limit,
        )

    def _of(self, role: int, tables: Set[int]) -> Iterator[dict[str, Any]]:
        return (each for each in self._records if each["role"] == role and each["table"] in tables)


def found_keys(records: Iterable[Mapping[str, Any]], limit: int) -> FoundKeys:
    """Records of keys in the order of their rows as keys that were found."""
    listed: dict[Check, list[FoundKey]] = {}
    counts: Counter[Check] = Counter()
    for each in records:
        check = each["table"], each["number"]
        counts[check] += 1
        if counts[check] <= limit:
            listed.setdefault(check, []).append(found_key(each))
    return FoundKeys(listed, counts)


def found_key(record: Mapping[str, Any]) -> FoundKey:
    """A record of a key as one that was found."""
    shown = record["key"] if record["shown"] is None else record["shown"]
    primary = shown if record["primary"] is None else record["primary"]
    return FoundKey(
        record["row"], record["line"], primary or None, shown or None, earlier=record.get("earlier")
    )
