"""What one task does: it checks a piece of a table, or a whole one, and gives records of it.

A record is a row of ``COLUMNS``; what it says depends on its role:

- SUMMARY, one a task: ``key`` is the JSON of a ``Summary``;
- NOTE: ``key`` is the JSON of something found, ``shown`` the stream that it belongs to and
  ``number`` its place among the task's notes;
- UNIQUE: ``key`` may stand in one row only, by the unique key of this ``number``;
- FROM: ``key`` has to be among the known ones of ``target``, by the reference of this ``number``;
- KNOWN: ``key`` is one of the known ones of ``target``.

``primary`` and ``shown`` are the texts of the primary key and of the key for people, "" if they
have none, null where ``primary`` is as ``shown``, and ``shown`` as ``key``.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from ycd_opendata.messages import Language, reason_of, spoken
from ycd_opendata.package.model import Package
from ycd_opendata.package.tables.batches import Rows, frames
from ycd_opendata.package.tables.limits import RefusedError, not_stuck
from ycd_opendata.package.tables.opening import NotReadableError, Text
from ycd_opendata.package.tables.pairing import pair
from ycd_opendata.package.tables.parts import place_in_parts
from ycd_opendata.package.tables.sections import Piece, section
from ycd_opendata.validation.structure.fast.collecting import Collector, Places
from ycd_opendata.validation.structure.fast.exact import ExactReader
from ycd_opendata.validation.structure.fast.plan import TablePlan, table_plan
from ycd_opendata.validation.structure.fast.table_run import Batch, TableRun, Wanted, open_table

if TYPE_CHECKING:
    import polars as pl
    import pyarrow as pa

    from ycd_opendata.validation.structure.fast.columns import ColumnExecutor
    from ycd_opendata.validation.structure.fast.key_columns import KeyColumns

SUMMARY, NOTE, UNIQUE, FROM, KNOWN = range(5)

COLUMNS = {
    "table": "int32",
    "role": "int32",
    "piece": "int32",
    "number": "int32",
    "target": "int32",
    "key": "string",
    "row": "int64",
    "line": "int64",
    "primary": "string",
    "shown": "string",
}
"""The columns of records, and their types as Arrow names them."""

CELLS, CELLS_OFF = "cells", "cells off"
"""The streams of findings about cells and rows; what the owner has switched off takes no place."""

NOWHERE = -1
"""The ``target`` of references whose values are never equal to any."""


@dataclass(frozen=True)
class PartLines:
    """Where lines of the whole stand in files whose lines are known."""

    counts: Sequence[int]
    headed: bool

    def place(self, line: int, /) -> tuple[int, int]:
        """The file that a line is in, and its line there."""
        return place_in_parts(line, self.counts, headed=self.headed)


@dataclass(frozen=True)
class TableJob:
    """A table to be checked in tasks; it is sent to where they are done.

    Attributes
    ----------
    number : int
        What its records are known by.
    package : Package
        A package of this table alone.
    text : Text or None
        The text that is read in ``pieces``; None where one task reads the whole table.
    line_counts : tuple of int
        The lines of each file.
    wanted : mapping
        The fields that references look up.
    limit : int
        How many findings of each stream are listed.
    targets : tuple of int
        Where each reference is looked up.
    known : tuple of int
        What each of the wanted keys is known as.
    language : Language
        That of the messages.
    """

    number: int
    package: Package
    text: Text | None
    pieces: tuple[Piece, ...]
    line_counts: tuple[int, ...]
    wanted: Wanted
    limit: int
    targets: tuple[int, ...]
    known: tuple[int, ...]
    language: Language

    @property
    def task_count(self) -> int:
        """How many tasks it takes."""
        return len(self.pieces) if self.text else 1

    @property
    def lines(self) -> PartLines:
        """Where lines of the whole stand, for a text that is read in pieces."""
        headed = self.text is not None and self.text.header.is_expected
        return PartLines(self.line_counts, headed=headed)


class Problem(NamedTuple):
    """Why a task was given up: ``irregular``, ``unreadable``, ``refused`` or ``missing``."""

    kind: str
    reason: str = ""


@dataclass
class Summary:
    """What a task did: how many rows it read, and how much it found.

    ``kinds`` are code, field and how often, of cells and rows; ``streams`` say how many keys each
    of the other streams has, listed or not.
    """

    rows: int = 0
    kinds: list[tuple[str, str | None, int]] = field(default_factory=list)
    streams: dict[str, int] = field(default_factory=dict)
    problem: Problem | None = None

    @staticmethod
    def of(text: str) -> Summary:
        """The summary that a record has."""
        raw = json.loads(text)
        problem = Problem(*raw["problem"]) if raw["problem"] else None
        kinds = [(code, name, number) for code, name, number in raw["kinds"]]
        return Summary(raw["rows"], kinds, raw["streams"], problem)


class FoundKey(NamedTuple):
    """A key that is wrong, where it stands and how it is shown."""

    row: int
    line: int
    primary: str | None
    shown: str | None
    is_mistyped: bool = False
    earlier: int | None = None


class _IrregularError(Exception):
    """The rows of a piece are not where the counts of quotes say."""


def perform(job: TableJob, at: int) -> Iterator[pa.RecordBatch]:
    """The records of a task: of a piece, or of a table that one task reads."""
    summary, notes = Summary(), list[tuple[str, Any]]()
    try:
        with not_stuck(), spoken(job.language):
            yield from _checked(job, at, summary, notes)
    except _IrregularError:
        summary.problem = Problem("irregular")
    except NotReadableError as error:
        summary.problem = Problem("unreadable", str(error))
    except RefusedError as error:
        summary.problem = Problem("refused", str(error))
    except OSError as error:
        summary.problem = Problem("missing", f"{error.filename}: {reason_of(error)}")
    count = len(notes) + 1
    yield _records(
        job.number,
        at,
        count,
        role=[SUMMARY, *[NOTE] * len(notes)],
        number=range(count),
        key=[json.dumps(asdict(summary)), *(json.dumps(each) for _, each in notes)],
        shown=[None, *(stream for stream, _ in notes)],
    )


def _checked(
    job: TableJob, at: int, summary: Summary, notes: list[tuple[str, Any]]
) -> Iterator[pa.RecordBatch]:
    """The records of keys; the summary and the notes are filled on the way."""
    # Loaded late: only a task that runs needs polars.
    from ycd_opendata.validation.structure.fast.columns import ColumnExecutor
    from ycd_opendata.validation.structure.fast.key_columns import KeyColumns

    run = _run(job, at)
    plan, executor = run.plan, ColumnExecutor(run.plan, run.reader)
    source = _frames(job, at, run, executor) if job.text else run.source(executor)
    for batch in source:
        keys = KeyColumns(plan)
        for checked in run.checked(executor, keys, [batch]):
            summary.rows += checked.height
        if plan.key_positions and batch.height:
            yield from _key_records(job, at, plan, keys, batch)
            _note_empty_keys(job, plan, keys, batch, summary, notes)
    collector = run.collector
    counts = Counter(each.kind for each in collector.listed) + collector.unlisted
    summary.kinds = [(kind.code, kind.field, number) for kind, number in counts.items()]
    notes += [
        (CELLS_OFF if each.code in plan.off else CELLS, asdict(each)) for each in collector.listed
    ]


def _run(job: TableJob, at: int) -> TableRun:
    resource = job.package.resources[0]
    if job.text is None:
        return open_table(job.package, resource, job.wanted, job.limit)
    schema, text = resource.schema, section(job.text, job.pieces[at])
    assert schema is not None, "what has no schema is not cut"
    fields = pair(text.header.labels, schema, ignore_case=resource.ignores_case).fields
    off = frozenset(job.package.settings.validate.off)
    plan = table_plan(resource, schema, fields, job.wanted.get(resource.name, ()), off)
    places = Places()
    collector = Collector(plan, job.lines, job.limit, places)
    return TableRun(text, plan, (), collector, ExactReader(plan), places)


def _frames(job: TableJob, at: int, run: TableRun, executor: ColumnExecutor) -> Iterator[Batch]:
    """The frames of a piece, which has to be regular throughout."""
    piece = job.pieces[at]
    assert isinstance(run.text, Text), "only texts are cut"
    before = (piece.rows_before, piece.lines_before)
    if (yield from frames(run.text, run.plan.width, executor.look, *before)) is not None:
        raise _IrregularError


def _key_records(
    job: TableJob, at: int, plan: TablePlan, keys: KeyColumns, batch: Batch
) -> Iterator[pa.RecordBatch]:
    rows, lines = _places(batch)
    primary = keys.texts(plan.primary_positions) if plan.primary_positions else None
    asked = [
        (UNIQUE, number, NOWHERE, each.positions, keys.to_compare(each))
        for number, each in enumerate(plan.unique)
    ]
    asked += [
        (FROM, number, job.targets[number], each.positions, keys.values(each.positions))
        for number, each in enumerate(plan.references)
    ]
    for role, number, target, positions, values in asked:
        there = values.is_not_null()
        shown_primary = "" if primary is None else primary.filter(there)
        yield _records(
            job.number,
            at,
            int(there.sum()),
            role=role,
            number=number,
            target=target,
            key=values.filter(there),
            row=rows.filter(there),
            line=lines.filter(there),
            primary=None if positions == plan.primary_positions else shown_primary,
            shown=keys.texts(positions).filter(there) if len(positions) > 1 else None,
        )
    for number, names in zip(job.known, plan.wanted, strict=True):
        known = plan.positions(names)
        if known is not None:
            values = keys.known(known)
            yield _records(job.number, at, len(values), role=KNOWN, target=number, key=values)


def _note_empty_keys(
    job: TableJob,
    plan: TablePlan,
    keys: KeyColumns,
    batch: Batch,
    summary: Summary,
    notes: list[tuple[str, Any]],
) -> None:
    """Take down the keys that are wrong by themselves: empty, or lacking a part."""
    rows, lines = _places(batch)
    for number, each in enumerate(plan.unique):
        for what, found in (
            ("empty", keys.without_value(each)),
            ("partly", keys.partly_empty(each)),
        ):
            stream = f"{what} {number}"
            before = summary.streams.get(stream, 0)
            if found:
                summary.streams[stream] = before + len(found)
            for index in found[: max(job.limit - before, 0)]:
                key = FoundKey(
                    rows[index],
                    lines[index],
                    keys.shown(plan.primary_positions, index),
                    keys.shown(each.positions, index),
                    is_mistyped=keys.has_mistyped(each.positions, index),
                )
                notes.append((stream, key))


def _places(batch: Batch) -> tuple[pl.Series, pl.Series]:
    """The number of each row of a batch, and its line."""
    import polars as pl

    if not isinstance(batch, Rows) and batch.is_even:
        numbers = pl.int_range(batch.first, batch.first + batch.height, eager=True)
        return numbers, numbers - batch.first + batch.line
    numbers_and_lines = [*batch.places]
    return (
        pl.Series([each.number for each in numbers_and_lines], dtype=pl.Int64),
        pl.Series([each.line for each in numbers_and_lines], dtype=pl.Int64),
    )


def _records(table: int, piece: int, count: int, **columns: Any) -> pa.RecordBatch:
    """Records with these columns: a list or series of ``count`` values, or one for all."""
    import polars as pl
    import pyarrow as pa

    given = {"table": table, "piece": piece, **columns}
    arrays = []
    for name, type_ in COLUMNS.items():
        values = given.get(name)
        if isinstance(values, pl.Series):
            array = values.to_arrow(compat_level=pl.CompatLevel.oldest()).cast(type_)
        elif values is None or isinstance(values, int | str):
            array = pa.repeat(pa.scalar(values, type_), count)
        else:
            array = pa.array(values, type_)
        arrays.append(array)
    return pa.RecordBatch.from_arrays(arrays, list(COLUMNS))
