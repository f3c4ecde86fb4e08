"""Tasks and keys on Apache Spark, by what Spark Connect offers: no RDD, and not its CSV reader.

Spark moves and keeps records, few and large ones: what is in them is worked out by this package,
which workers need too, of the same version.
"""

from __future__ import annotations

import gc
import os
import pickle
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial, reduce
from typing import TYPE_CHECKING

from ycd_opendata.package.tables.sections import Range, RangeCounts, count_range
from ycd_opendata.validation.structure import Progress
from ycd_opendata.validation.structure.distributed.execution import (
    Found,
    InProcess,
    Streams,
    found_in,
)
from ycd_opendata.validation.structure.distributed.jobs import TableJob
from ycd_opendata.validation.structure.distributed.spark_session import open_session, saying_why
from ycd_opendata.validation.structure.distributed.spread_engine import SpreadEngine
from ycd_opendata.validation.structure.distributed.task_records import (
    COLUMNS,
    FROM,
    KNOWN,
    NOTE,
    SUMMARY,
    UNIQUE,
    Record,
    from_arrow,
    to_arrow,
)
from ycd_opendata.validation.structure.distributed.tasks import Summary, perform

if TYPE_CHECKING:
    import pyarrow as pa
    from pyspark.sql import DataFrame, SparkSession

    from ycd_opendata.validation.structure.distributed.wrong_keys import Grouped

_SHARE, _FEW = 4, 16
"""Passing records on and comparing keys takes a quarter of what checking does, or less, and so many
parts; they are put together in few: of each part a table's first ones are fetched."""

_COUNTED_HERE = 2**32
"""So many bytes are counted in the time that it takes to start Java."""

_SQL_TYPES = {"int32": "int", "string": "string", "binary": "binary"}
_SCHEMA = ", ".join(f"`{name}` {_SQL_TYPES[type_]}" for name, type_ in COLUMNS.items())


def spark_engine(limit: int, progress: Progress, remote: str | None) -> SpreadEngine:
    """The engine whose tasks are done by Spark; ``remote`` as for ``open_session``."""
    return SpreadEngine(limit, partial(opened_spark, remote), progress=progress)


@contextmanager
def opened_spark(remote: str | None) -> Iterator[SparkExecution]:
    """A session to carry tasks out in, started meanwhile and closed afterwards.

    See ``open_session`` for what the use of it raises.
    """
    with ThreadPoolExecutor(1) as pool:
        execution = SparkExecution(pool.submit(open_session, remote))
        try:
            yield execution
        finally:
            # What is lost already cannot be closed, and was told of.
            with suppress(Exception), warnings.catch_warnings(action="ignore"):
                execution.close()


@dataclass
class SparkExecution:
    """Carries tasks out on Spark; see ``Execution`` for what the methods give."""

    opening: Future[SparkSession]
    _jobs: dict[int, TableJob] = field(default_factory=dict)
    _checked: list[DataFrame] = field(default_factory=list)

    @property
    def session(self) -> SparkSession:
        """The session, waited for; not where warnings are hidden, as its start hides them too."""
        return self.opening.result()

    def count(self, ranges: Sequence[Range]) -> Sequence[RangeCounts]:
        """What stands in each range."""
        size = sum(each.end - each.start for each in ranges)
        if size < _COUNTED_HERE and not self.opening.done():
            return InProcess().count(ranges)
        session = self.session
        with saying_why():
            found = _records_of(session, len(ranges), partial(_counted, tuple(ranges))).toArrow()
        records = from_arrow(found.to_batches())
        counts = {each.piece: pickle.loads(each.data or b"") for each in records}
        return [counts[number] for number in range(len(ranges))]

    def check(self, jobs: Sequence[TableJob]) -> Mapping[int, Sequence[Summary]]:
        """The summaries of each table's tasks in order, by the job's number."""
        own = {each.number: each for each in jobs}
        tasks = tuple((each.number, at) for each in jobs for at in range(each.task_count))
        session = self.session
        with saying_why():
            records = _records_of(session, len(tasks), partial(_performed, own, tasks)).persist()
            summaries = records.where(f"role = {SUMMARY}").select("table", "piece", "text")
            found = {
                (each["table"], each["piece"]): each["text"]
                for each in summaries.toArrow().to_pylist()
            }
        self._jobs |= own
        self._checked.append(records)
        return {
            job.number: [Summary.of(found[job.number, at]) for at in range(job.task_count)]
            for job in jobs
        }

    def found(self, streams: Streams, tables: Set[int], limit: int) -> Found:
        """What tasks listed in some streams, and the keys of tables that are wrong."""
        with saying_why():
            # As one text: Java is asked once for each thing that Python names.
            asked = "', '".join(" ".join(map(str, each)) for each in sorted(streams))
            notes = self._records(
                f"role = {NOTE} and concat_ws(' ', `table`, piece, number) in ('{asked}')"
            )
            # Few tasks: what each takes Java, by itself, is more than its notes do.
            frame = notes.coalesce(self._parts(self._jobs))
            if tables:
                frame = frame.unionAll(self._wrong_keys(tables, limit))
            return found_in(from_arrow(frame.toArrow().to_batches()), limit)

    def _records(self, condition: str) -> DataFrame:
        """Some records of all tasks."""
        records = reduce(lambda one, other: one.unionAll(other), self._checked)
        return records.where(condition)

    def _parts(self, tables: Iterable[int]) -> int:
        return -(-sum(self._jobs[each].task_count for each in tables) // _SHARE)

    def _wrong_keys(self, tables: Set[int], limit: int) -> DataFrame:
        """Records of the keys that an earlier row has too, and of those that refer to nothing."""
        from ycd_opendata.validation.structure.distributed.wrong_keys import first_ones, steps

        own = ", ".join(map(str, sorted(tables)))
        frame = self._records(f"role in ({UNIQUE}, {FROM}, {KNOWN}) and `table` in ({own})")
        parts = self._parts(tables)
        *others, last = steps(self._jobs, limit)
        for step in others:
            frame = _in_groups(frame, parts, *step)
        return _in_groups(frame, min(parts, _FEW), *last, partial(first_ones, limit))

    def close(self) -> None:
        """Let go of what Spark keeps, and of the session."""
        for each in self._checked:
            each.unpersist()
        self.session.stop()


def _records_of(
    session: SparkSession, count: int, work: Callable[[int], Iterator[Record]]
) -> DataFrame:
    """What ``work`` makes of numbers from 0, a task each."""
    numbers = session.range(0, count, 1, count)
    return numbers.mapInArrow(partial(_made, pickle.dumps(work)), _SCHEMA)


def _in_groups(
    frame: DataFrame, parts: int, by: Sequence[str], work: Grouped, of_part: Grouped = iter
) -> DataFrame:
    """What ``work`` makes of the records of each group, which are brought together.

    ``of_part`` makes something of all that is made in one of the ``parts``.
    """
    together = frame.repartition(parts, *by).sortWithinPartitions(*by)
    return together.mapInArrow(partial(_worked, tuple(by), pickle.dumps((work, of_part))), _SCHEMA)


def _counted(ranges: Sequence[Range], number: int) -> Iterator[Record]:
    yield Record(0, SUMMARY, number, data=pickle.dumps(count_range(ranges[number])))


def _performed(
    jobs: Mapping[int, TableJob], tasks: Sequence[tuple[int, int]], number: int
) -> Iterator[Record]:
    table, piece = tasks[number]
    return perform(jobs[table], piece)


def _made(work: bytes, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """What a worker makes of the numbers of tasks."""
    _prepare()
    of_task = pickle.loads(work)
    for batch in batches:
        for number in batch.column(0).to_pylist():
            yield from to_arrow(of_task(number))


def _worked(
    by: Sequence[str], work: bytes, batches: Iterable[pa.RecordBatch]
) -> Iterator[pa.RecordBatch]:
    """What a worker makes of the records of groups."""
    _prepare()
    from ycd_opendata.validation.structure.distributed.wrong_keys import in_groups

    of_group, of_part = pickle.loads(work)
    return to_arrow(of_part(in_groups(by, of_group, from_arrow(batches))))


def _prepare() -> None:
    """Load what tasks need into a worker, one of several: polars is kept to a core."""
    if gc.get_freeze_count():
        return
    os.environ.setdefault("POLARS_MAX_THREADS", "1")
    import ycd_opendata.validation.structure.distributed.wrong_keys  # noqa: F401

    # Spark looks for garbage after each task, which takes as long as it takes to start one.
    gc.freeze()
