"""A table out of the records of its tasks: as if it had been read in one go."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from typing import Any

from ycd_opendata.package.tables.row_starts import Place
from ycd_opendata.validation.findings import Kind
from ycd_opendata.validation.structure.distributed.execution import Notes
from ycd_opendata.validation.structure.distributed.jobs import TableJob
from ycd_opendata.validation.structure.distributed.task_records import DANGLING, REPEATED
from ycd_opendata.validation.structure.distributed.tasks import (
    AGAIN,
    CELLS,
    CELLS_OFF,
    DANGLES,
    EMPTY,
    PARTLY,
    Check,
    FoundKey,
    FoundKeys,
    Summary,
)
from ycd_opendata.validation.structure.fast.collecting import Collector
from ycd_opendata.validation.structure.fast.keys import KeyFault
from ycd_opendata.validation.structure.fast.planning.plan import Reference, TablePlan
from ycd_opendata.validation.structure.fast.table_run import TableRun


@dataclass
class GatheredKeys:
    """The keys of a table that are wrong, found in many places; rows go by their numbers.

    ``near`` are the references that were checked with the rows.
    """

    plan: TablePlan
    number: int
    near: Set[int]
    wrong: Mapping[Check, FoundKeys]
    streams: Mapping[str, Sequence[FoundKey]]
    totals: Mapping[str, int]
    _seen: dict[tuple[int, tuple[int, ...]], FoundKey] = field(default_factory=dict)
    _lines: dict[int, int] = field(default_factory=dict)

    def shown(self, positions: Sequence[int], index: int) -> str | None:
        """The cells of columns in a row of which a key is wrong."""
        found = self._seen.get((index, tuple(positions)))
        return None if found is None else found.shown

    def has_mistyped(self, positions: Sequence[int], index: int) -> bool:
        """Whether the row has a cell of another type in any of these columns."""
        return self._seen[index, tuple(positions)].is_mistyped

    def of_row(self, index: int) -> Place:
        """The place of such a row, or of an earlier one with its key, whose line nobody asks."""
        return Place(index, self._lines.get(index, 0))

    def known(self, positions: Sequence[int]) -> Any:
        """Something that stands for the values, which were compared elsewhere."""
        return positions

    def unique_faults(self) -> Iterator[KeyFault]:
        """The rows whose key is empty, or stands in an earlier row too."""
        for number, each in enumerate(self.plan.unique):
            here, elsewhere = self._stream(f"{AGAIN} {number}"), self._wrong(REPEATED, number)
            found = (
                (each.code, *self._stream(f"{EMPTY} {number}")),
                (each.code, sorted([*here[0], *elsewhere[0]]), here[1] + elsewhere[1]),
                ("key-part-missing", *self._stream(f"{PARTLY} {number}")),
            )
            for code, listed, count in found:
                yield from self._faults(KeyFault(0, code, each.positions), listed, count)

    def reference_faults(self, reference: Reference, known: Any) -> Iterator[KeyFault]:
        """The rows that refer to nothing; ``known`` was compared elsewhere."""
        del known
        fault = KeyFault(
            0,
            "foreign-key",
            reference.positions,
            resource=reference.resource or self.plan.resource.name,
            fields=", ".join(reference.fields),
        )
        number = self.plan.references.index(reference)
        found = self._stream(f"{DANGLES} {number}"), self._wrong(DANGLING, number)
        return self._faults(fault, *found[number not in self.near])

    def _wrong(self, role: int, number: int) -> FoundKeys:
        return self.wrong.get(Check(self.number, role, number), FoundKeys())

    def _stream(self, name: str) -> FoundKeys:
        return FoundKeys(self.streams.get(name, ()), self.totals.get(name, 0))

    def _faults(self, like: KeyFault, listed: Sequence[FoundKey], count: int) -> Iterator[KeyFault]:
        for each in listed:
            self._lines[each.row] = each.line
            self._seen[each.row, like.at] = each
            primary = FoundKey(each.row, each.line, each.primary, each.primary)
            self._seen.setdefault((each.row, self.plan.primary_positions), primary)
            yield like._replace(row=each.row, earlier=each.earlier)
        if count > len(listed):
            yield like._replace(times=count - len(listed))


def gather(
    run: TableRun,
    job: TableJob,
    summaries: Sequence[Summary],
    notes: Notes,
    wrong: Mapping[Check, FoundKeys],
) -> None:
    """Put what the tasks of a table found into the table, in the order of its rows."""
    streams = {stream: listed[: job.limit] for stream, listed in notes.items()}
    findings = [*streams.pop(CELLS, ()), *streams.pop(CELLS_OFF, ())]
    totals: Counter[str] = Counter()
    kinds: Counter[Kind] = Counter()
    name = run.plan.resource.name
    for summary in summaries:
        totals.update(summary.streams)
        for code, column, count in summary.kinds:
            kinds[Kind(run.plan.severity_of(code), code, name, column)] += count
    keys = GatheredKeys(run.plan, job.number, job.near.keys(), wrong, streams, totals)
    collector = Collector(run.plan, job.lines or run.collector.text, job.limit, keys)
    collector.listed += findings
    collector.unlisted.update(kinds - Counter(each.kind for each in findings))
    collector.add_keys(keys.unique_faults(), keys)
    run.collector, run.keys = collector, keys
    run.rows = sum(each.rows for each in summaries)
    run.has_gaps = any(each.has_gaps for each in summaries)
