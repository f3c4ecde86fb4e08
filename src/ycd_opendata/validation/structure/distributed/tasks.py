"""What a task does first: it checks a piece of a table, or a whole one, and gives records of it."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from ycd_opendata.messages import reason_of, spoken
from ycd_opendata.package.tables.limits import RefusedError, not_stuck
from ycd_opendata.package.tables.opening import NotReadableError
from ycd_opendata.validation.structure.distributed.jobs import (
    IrregularError,
    TableJob,
    open_piece,
    read_piece,
)
from ycd_opendata.validation.structure.distributed.task_records import (
    NOTE,
    SUMMARY,
    Record,
    packed_notes,
    unpacked,
)
from ycd_opendata.validation.structure.fast.keys import KeyFault
from ycd_opendata.validation.structure.fast.table_run import TableRun

if TYPE_CHECKING:
    from ycd_opendata.validation.structure.distributed.key_hashes import UniqueHashes
    from ycd_opendata.validation.structure.fast.by_column.key_columns import KeyColumns

CELLS, CELLS_OFF = "cells", "cells off"
"""The streams of findings about cells and rows; what the owner has switched off takes no place."""


EMPTY, AGAIN, PARTLY, DANGLES = "empty", "again", "partly", "dangling"
"""What the streams of keys start with that are wrong by themselves or within a piece: before the
number of the unique key, or of the reference, which is to nothing in a small table."""


class Problem(NamedTuple):
    """Why a task was given up: ``irregular``, ``unreadable``, ``refused`` or ``missing``."""

    kind: str
    reason: str = ""


@dataclass
class Summary:
    """What a task did: how many rows it read, and how much it found.

    ``kinds`` are code, field and how often, of cells and rows; ``streams`` say how many keys each
    of the other streams has, listed or not; ``listed`` how many of each are listed.
    ``hashing`` tells whether keys are hashed alike everywhere, ``has_gaps`` whether there are
    gaps in columns that have types.
    """

    rows: int = 0
    kinds: list[tuple[str, str | None, int]] = field(default_factory=list)
    streams: dict[str, int] = field(default_factory=dict)
    listed: dict[str, int] = field(default_factory=dict)
    hashing: str = ""
    has_gaps: bool = False
    problem: Problem | None = None

    @staticmethod
    def of(text: str) -> Summary:
        """The summary that a record has."""
        raw = json.loads(text)
        problem = Problem(*raw["problem"]) if raw["problem"] else None
        kinds = [(code, name, number) for code, name, number in raw["kinds"]]
        return Summary(**{**raw, "kinds": kinds, "problem": problem})


class FoundKey(NamedTuple):
    """A key that is wrong, where it stands and how it is shown."""

    row: int
    line: int
    primary: str | None
    shown: str | None
    is_mistyped: bool = False
    earlier: int | None = None


class Check(NamedTuple):
    """A unique key or a reference of a table, by its number; ``role`` is of what is wrong."""

    table: int
    role: int
    number: int


class FoundKeys(NamedTuple):
    """Keys that are wrong by one check: the first ones by their rows, and how many there are."""

    listed: Sequence[FoundKey] = ()
    total: int = 0


def perform(job: TableJob, at: int) -> Iterator[Record]:
    """The records of a task: of a piece, or of a table that one task reads."""
    summary, notes = Summary(), defaultdict[str, list[Any]](list)
    try:
        with not_stuck(), spoken(job.language):
            yield from _checked(job, at, summary, notes)
    except IrregularError:
        summary.problem = Problem("irregular")
    except NotReadableError as error:
        summary.problem = Problem("unreadable", str(error))
    except RefusedError as error:
        summary.problem = Problem("refused", str(error))
    except OSError as error:
        summary.problem = Problem("missing", f"{error.filename}: {reason_of(error)}")
    summary.listed = {stream: len(each) for stream, each in notes.items()}
    yield Record(job.number, SUMMARY, at, text=json.dumps(asdict(summary)))
    for number, (stream, listed) in enumerate(notes.items()):
        yield Record(job.number, NOTE, at, number, data=packed_notes(stream, listed))


def _checked(
    job: TableJob, at: int, summary: Summary, notes: dict[str, list[Any]]
) -> Iterator[Record]:
    """The records of keys; the summary and the notes are filled on the way."""
    # Loaded late: only a task that runs needs polars.
    from ycd_opendata.validation.structure.distributed.key_hashes import (
        fingerprint,
        key_records,
        unique_hashes,
    )
    from ycd_opendata.validation.structure.fast.by_column.key_columns import (
        KeyColumns,
        PassingReferences,
    )

    run = open_piece(job, at)
    plan = run.plan
    near = {
        plan.references[number]: None if data is None else unpacked(data)["known"]
        for number, data in job.near.items()
    }
    keys = KeyColumns(plan, PassingReferences(plan, near))
    read_piece(job, at, run, keys)
    summary.rows, summary.has_gaps = run.rows, run.has_gaps
    collector = run.collector
    counts = Counter(each.kind for each in collector.listed) + collector.unlisted
    summary.kinds = [(kind.code, kind.field, number) for kind, number in counts.items()]
    for each in collector.listed:
        notes[CELLS_OFF if each.code in plan.off else CELLS].append(each)
    if not plan.key_positions or not run.rows:
        return
    unique = {
        number: unique_hashes(keys.to_compare(each)) for number, each in enumerate(plan.unique)
    }
    summary.hashing = fingerprint()
    for stream, found in _wrong_here(job, keys, unique):
        summary.streams[stream] = len(found)
        notes[stream] += [_found_key(run, keys, each) for each in found[: job.limit]]
    yield from key_records(job, at, keys, unique)


def _wrong_here(
    job: TableJob, keys: KeyColumns, hashes: Mapping[int, UniqueHashes]
) -> Iterator[tuple[str, list[KeyFault]]]:
    """The streams of keys that are wrong whatever stands in other pieces, as far as there are any.

    They are empty, lack a part, have been here before, or refer to nothing in a table known here.
    """
    for number, unique in enumerate(keys.plan.unique):
        positions = unique.positions
        for name, found in (
            (EMPTY, [KeyFault(each, "", positions) for each in keys.without_value(unique)]),
            (AGAIN, [KeyFault(row, "", positions, earlier) for row, earlier in hashes[number][2]]),
            (PARTLY, [KeyFault(each, "", positions) for each in keys.partly_empty(unique)]),
        ):
            if found:
                yield f"{name} {number}", found
    for number in job.near:
        if found := [*keys.reference_faults(keys.plan.references[number], None)]:
            yield f"{DANGLES} {number}", found


def _found_key(run: TableRun, keys: KeyColumns, fault: KeyFault) -> FoundKey:
    row, line = run.places.of_row(fault.row)
    primary = keys.shown(run.plan.primary_positions, fault.row)
    if fault.value is not None:
        return FoundKey(row, line, primary, fault.value or None)
    shown, is_mistyped = keys.shown(fault.at, fault.row), keys.has_mistyped(fault.at, fault.row)
    earlier = None if fault.earlier is None else run.places.of_row(fault.earlier).number
    return FoundKey(row, line, primary, shown, is_mistyped, earlier)
