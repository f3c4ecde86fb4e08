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
    places,
    read_piece,
)
from ycd_opendata.validation.structure.distributed.task_records import (
    NOTE,
    SUMMARY,
    Record,
    unpacked,
)
from ycd_opendata.validation.structure.fast.plan import TablePlan

if TYPE_CHECKING:
    import polars as pl

    from ycd_opendata.validation.structure.fast.key_columns import KeyColumns

CELLS, CELLS_OFF = "cells", "cells off"
"""The streams of findings about cells and rows; what the owner has switched off takes no place."""


DANGLES = "dangling"
"""The streams of references to nothing in a small table start so."""


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
    for number, stream in enumerate(notes.items()):
        yield Record(job.number, NOTE, at, number, text=json.dumps(stream))


def _checked(
    job: TableJob, at: int, summary: Summary, notes: dict[str, list[Any]]
) -> Iterator[Record]:
    """The records of keys; the summary and the notes are filled on the way."""
    # Loaded late: only a task that runs needs polars.
    from ycd_opendata.validation.structure.distributed.key_hashes import KeyHashes, fingerprint

    run = open_piece(job, at)
    plan, hashes = run.plan, KeyHashes(job, run.plan)
    near = {
        number: None if data is None else unpacked(data)["known"]
        for number, data in job.near.items()
    }
    for batch, keys in read_piece(job, at, run):
        summary.rows += batch.height
        if plan.key_positions and batch.height:
            rows, lines = places(batch)
            hashes.append(keys, rows - job.rows_before(at) - 1)
            for stream, positions, found in _wrong_by_themselves(plan, keys, near):
                before = summary.streams.get(stream, 0)
                summary.streams[stream] = before + len(found)
                notes[stream] += [
                    FoundKey(
                        rows[index],
                        lines[index],
                        keys.shown(plan.primary_positions, index),
                        keys.shown(positions, index),
                        is_mistyped=keys.has_mistyped(positions, index),
                    )
                    for index in found[: max(job.limit - before, 0)]
                ]
    summary.has_gaps = run.has_gaps
    collector = run.collector
    counts = Counter(each.kind for each in collector.listed) + collector.unlisted
    summary.kinds = [(kind.code, kind.field, number) for kind, number in counts.items()]
    summary.hashing = fingerprint() if plan.key_positions else ""
    for each in collector.listed:
        notes[CELLS_OFF if each.code in plan.off else CELLS].append(asdict(each))
    yield from hashes.records(at)


def _wrong_by_themselves(
    plan: TablePlan, keys: KeyColumns, near: Mapping[int, pl.Series | None]
) -> Iterator[tuple[str, tuple[int, ...], Sequence[int]]]:
    """The streams of keys for which no other piece is needed, their columns, and their rows.

    They are empty, lack a part, or refer to nothing in a table that is known here.
    """
    for number, unique in enumerate(plan.unique):
        for what, found in (
            ("empty", keys.without_value(unique)),
            ("partly", keys.partly_empty(unique)),
        ):
            if found:
                yield f"{what} {number}", unique.positions, found
    for number, known in near.items():
        reference = plan.references[number]
        if dangling := [each.row for each in keys.reference_faults(reference, known)]:
            yield f"{DANGLES} {number}", reference.positions, dangling
