"""Who carries tasks out and compares keys: a cluster, or this process, one task after another."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any, NamedTuple, Protocol

from ycd_opendata.package.tables.sections import Range, RangeCounts, count_range
from ycd_opendata.validation.structure.distributed.jobs import TableJob
from ycd_opendata.validation.structure.distributed.task_records import (
    FROM,
    KNOWN,
    NOTE,
    SUMMARY,
    UNIQUE,
    Record,
    unpacked_notes,
)
from ycd_opendata.validation.structure.distributed.tasks import Check, FoundKeys, Summary, perform

Streams = Set[tuple[int, int, int]]
"""The streams of tasks: by the table, the piece, and the place in the task's summary."""

Notes = Mapping[str, Sequence[Any]]
"""What tasks listed in each stream of a table, in the order of pieces."""


class Found(NamedTuple):
    """What tasks listed, by table, and what comparing their keys has shown.

    ``wrong`` are keys that a row of an earlier piece has too, and those that refer to nothing.
    """

    notes: Mapping[int, Notes]
    wrong: Mapping[Check, FoundKeys]


class Execution(Protocol):
    """Carries out tasks, keeps their records and compares the keys in them."""

    def count(self, ranges: Sequence[Range]) -> Sequence[RangeCounts]:
        """What stands in each range."""
        ...

    def check(self, jobs: Sequence[TableJob]) -> Mapping[int, Sequence[Summary]]:
        """The summaries of each table's tasks in order, by the job's number."""
        ...

    def found(self, streams: Streams, tables: Set[int], limit: int) -> Found:
        """What tasks listed in some streams, and the keys of tables that are wrong across pieces.

        ``tables`` are numbers of jobs: of other tables nothing is to be believed. ``limit`` is
        how many keys of each check are listed.
        """
        ...


@dataclass
class InProcess:
    """Carries tasks out here."""

    _records: list[Record] = field(default_factory=list)
    _jobs: dict[int, TableJob] = field(default_factory=dict)

    def count(self, ranges: Sequence[Range]) -> Sequence[RangeCounts]:
        """What stands in each range."""
        return [*map(count_range, ranges)]

    def check(self, jobs: Sequence[TableJob]) -> Mapping[int, Sequence[Summary]]:
        """The summaries of each table's tasks in order, by the job's number."""
        found: dict[int, list[Summary]] = {each.number: [] for each in jobs}
        for job in jobs:
            self._jobs[job.number] = job
            for at in range(job.task_count):
                for record in perform(job, at):
                    self._records.append(record)
                    if record.role == SUMMARY:
                        found[job.number].append(Summary.of(record.text or ""))
        return found

    def found(self, streams: Streams, tables: Set[int], limit: int) -> Found:
        """What tasks listed in some streams, and the keys of tables that are wrong."""
        from ycd_opendata.validation.structure.distributed.wrong_keys import in_groups, steps

        records: Iterable[Record] = (
            each
            for each in self._records
            if each.role in (UNIQUE, FROM, KNOWN) and each.table in tables
        )
        for by, work in steps(self._jobs, limit):
            records = in_groups(by, work, sorted(records, key=attrgetter(*by)))
        listed = (
            each
            for each in self._records
            if each.role == NOTE and (each.table, each.piece, each.number) in streams
        )
        return found_in([*listed, *records], limit)


def found_in(records: Iterable[Record], limit: int) -> Found:
    """What records of notes and of wrong keys say."""
    from ycd_opendata.validation.structure.distributed.wrong_keys import found_keys

    notes: dict[int, dict[str, list[Any]]] = {}
    wrong = []
    for each in sorted(records, key=attrgetter("table", "piece", "number")):
        if each.role == NOTE:
            stream, listed = unpacked_notes(each.data)
            notes.setdefault(each.table, {}).setdefault(stream, []).extend(listed)
        else:
            wrong.append(each)
    return Found(notes, found_keys(wrong, limit))
