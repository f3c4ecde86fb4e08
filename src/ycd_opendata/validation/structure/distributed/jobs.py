"""A table to be checked in tasks, and how one of its pieces is read."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ycd_opendata.messages import Language
from ycd_opendata.package.model import Package
from ycd_opendata.package.tables.batches import Rows, frames
from ycd_opendata.package.tables.opening import Text
from ycd_opendata.package.tables.parts import place_in_parts
from ycd_opendata.package.tables.rows import Reached, Record
from ycd_opendata.package.tables.sections import Piece, Section, picked_rows, section
from ycd_opendata.validation.structure.fast.collecting import Placed
from ycd_opendata.validation.structure.fast.planning.plan import Column
from ycd_opendata.validation.structure.fast.table_run import (
    Batch,
    TableRun,
    Wanted,
    open_table,
    planned,
)

if TYPE_CHECKING:
    from ycd_opendata.validation.structure.fast.by_column.columns import ColumnExecutor
    from ycd_opendata.validation.structure.fast.by_column.key_columns import KeyColumns
    from ycd_opendata.validation.structure.fast.parquet_tables.parquet import ParquetTable


_BYTES_FOR_A_ROW = 2**12
"""In the time that it takes to read a row by itself so many bytes are read together."""


class IrregularError(Exception):
    """The rows of a piece are not where the counts of quotes say."""


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
    source : Text, ParquetTable or None
        What is read in ``pieces``; None where one task reads the whole table.
    line_counts : tuple of int
        The lines of each file.
    wanted : mapping
        The fields that references look up.
    limit : int
        How many findings of each stream are listed.
    targets : tuple of int
        Where each reference is looked up.
    near : mapping
        What is known of the tables that references are to, by the number of the reference: for
        small ones, whose keys need not be compared later. Packed; None if no value is equal.
    known : tuple of int
        What each of the wanted keys is known as.
    buckets : int
        How many buckets keys are put into, for all tables the same.
    language : Language
        That of the messages.
    """

    number: int
    package: Package
    source: Text | ParquetTable | None
    pieces: tuple[Piece, ...]
    line_counts: tuple[int, ...]
    wanted: Wanted
    limit: int
    targets: tuple[int, ...]
    near: Mapping[int, bytes | None]
    known: tuple[int, ...]
    buckets: int
    language: Language

    @property
    def task_count(self) -> int:
        """How many tasks it takes."""
        return len(self.pieces) if self.source else 1

    @property
    def lines(self) -> Placed | None:
        """Where lines of the whole stand, for what is read in pieces."""
        if isinstance(self.source, Text):
            return PartLines(self.line_counts, headed=self.source.header.is_expected)
        return self.source


def open_piece(job: TableJob, at: int) -> TableRun:
    """Make ready to read a piece of a table, or the whole where it is not cut."""
    resource, lines = job.package.resources[0], job.lines
    if job.source is None or lines is None:
        return open_table(job.package, resource, job.wanted, job.limit)
    source = section(job.source, job.pieces[at]) if isinstance(job.source, Text) else job.source
    return planned(job.package, resource, source, job.wanted, job.limit, lines)


def read_piece(
    job: TableJob, at: int, run: TableRun, keys: KeyColumns, rows: Sequence[int] | None = None
) -> bool:
    """Check the cells and rows of a piece, and keep its keys; whether all of it was read.

    Where ``rows`` are given, counted among those of the piece from 0 and in order, others may be
    left out.

    Raises
    ------
    IrregularError
        The piece cannot be read by itself.
    NotReadableError, RefusedError
        As reading raises.
    """
    # Loaded late: only a task that runs needs polars.
    from ycd_opendata.validation.structure.fast.by_column.columns import ColumnExecutor

    executor = ColumnExecutor(run.plan, run.reader)
    picked = [] if rows is None else _picked(job, at, run, rows)
    for batch in run.checked(executor, keys, picked or _frames(job, at, run, executor)):
        run.places.append(batch)
        run.rows += batch.height
    return not picked


def _picked(job: TableJob, at: int, run: TableRun, rows: Sequence[int]) -> list[Batch]:
    """Some rows of a piece alone; nothing where they are many, or not to be found so."""
    if not isinstance(run.text, Section) or run.text.header.comments.start:
        return []
    if len(rows) * _BYTES_FOR_A_ROW > run.text.size:
        return []
    piece, following = job.pieces[at], job.pieces[at + 1 : at + 2]
    has_long = [
        each.rows_before - piece.rows_before != each.lines_before - piece.lines_before
        for each in following
        if each.part == piece.part
    ] != [False]
    above = run.text.header.content - 1
    places = [above + each for each in rows]
    found = picked_rows(run.text.open().read(), places, has_long=has_long)
    records = []
    for index, lines_above, content in found:
        cells = next(csv.reader(io.StringIO(content.decode(), newline=""), **run.text.dialect), [])
        place = piece.rows_before + index + 1, piece.lines_before + lines_above + 1
        records.append(Record(*place, cells))
    return [Rows(tuple(records))]


def for_keys_alone(run: TableRun) -> TableRun:
    """The same run, which checks and lists as little as finding the keys takes."""
    plan = run.plan
    kept = {*plan.key_positions, *plan.primary_positions}
    columns = tuple(each if each.position in kept else _bare(each) for each in plan.columns)
    plan = replace(plan, columns=columns, rules=())
    return replace(run, plan=plan, collector=replace(run.collector, limit=0))


def _bare(column: Column) -> Column:
    extra = column.extra._replace(categories=None)
    return replace(column, required=False, conditions=(), family=None, extra=extra)


def _frames(job: TableJob, at: int, run: TableRun, executor: ColumnExecutor) -> Iterator[Batch]:
    """The batches of a piece; a text has to be regular throughout."""
    if job.source is None:
        yield from run.source(executor)
        return
    piece = job.pieces[at]
    if not isinstance(run.text, Text):
        yield from run.text.frames(run.plan, executor.look, [piece])
        return
    before = Reached(piece.rows_before, piece.lines_before)
    sure = run.sure_rows(executor)
    if (yield from frames(run.text, run.plan.width, executor.look, before, sure)) is not None:
        raise IrregularError
