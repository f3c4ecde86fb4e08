"""Tasks and keys on Apache Spark, by what Spark Connect offers: no RDD, and not its CSV reader.

Records of all tables are one frame, kept by Spark until it is done: comparing keys takes a fixed
number of jobs, however many tables there are. Workers need this package too, of the same version.
"""

from __future__ import annotations

import json
import os
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial, reduce
from operator import and_, or_
from typing import TYPE_CHECKING, Any

from ycd_opendata.package.tables.sections import (
    Range,
    RangeCounts,
    RowEnd,
    count_range,
    read_range,
)
from ycd_opendata.validation.progress import Progress
from ycd_opendata.validation.structure.distributed.execution import (
    FoundKeys,
    Note,
    found_key,
)
from ycd_opendata.validation.structure.distributed.spark_session import open_session, saying_why
from ycd_opendata.validation.structure.distributed.spread_engine import SpreadEngine
from ycd_opendata.validation.structure.distributed.tasks import (
    COLUMNS,
    FROM,
    KNOWN,
    NOTE,
    SUMMARY,
    UNIQUE,
    Summary,
    TableJob,
    perform,
)

if TYPE_CHECKING:
    import pyarrow as pa
    from pyspark.sql import DataFrame, SparkSession

_SQL_TYPES = {"int32": "int", "int64": "bigint", "string": "string"}
_SCHEMA = ", ".join(f"`{name}` {_SQL_TYPES[type_]}" for name, type_ in COLUMNS.items())
_FEW = 1_000
"""So many keys are looked for by themselves, more of them in a join."""


def spark_engine(limit: int, progress: Progress, remote: str | None) -> SpreadEngine:
    """The engine whose tasks are done by Spark; ``remote`` as for ``open_session``."""
    return SpreadEngine(limit, partial(opened_spark, remote), progress=progress)


@contextmanager
def opened_spark(remote: str | None) -> Iterator[SparkExecution]:
    """A session to carry tasks out in, closed afterwards; see ``open_session``."""
    execution = SparkExecution(open_session(remote))
    try:
        yield execution
    finally:
        # What is lost already cannot be closed, and was told of.
        with suppress(Exception), warnings.catch_warnings(action="ignore"):
            execution.close()


@dataclass
class SparkExecution:
    """Carries tasks out on Spark; see ``Execution`` for what the methods give."""

    session: SparkSession
    _records: list[DataFrame] = field(default_factory=list)

    def count(self, ranges: Sequence[Range]) -> Sequence[RangeCounts]:
        """What stands in each range."""
        with saying_why():
            frame = self._tasks(len(ranges)).mapInArrow(
                partial(_counted, tuple(ranges)), "number bigint, counts string"
            )
            found = {each["number"]: each["counts"] for each in frame.toArrow().to_pylist()}
        return [_counts(json.loads(found[number])) for number in range(len(ranges))]

    def check(self, jobs: Sequence[TableJob]) -> Mapping[int, Sequence[Summary]]:
        """The summaries of each table's tasks in order, by the job's number."""
        tasks = tuple((at, piece) for at, job in enumerate(jobs) for piece in range(job.task_count))
        with saying_why():
            work = partial(_performed, tuple(jobs), tasks)
            records = self._tasks(len(tasks)).mapInArrow(work, _SCHEMA).persist()
            self._records.append(records)
            summaries = records.where(f"role = {SUMMARY}").select("table", "piece", "key")
            found = {
                (each["table"], each["piece"]): each["key"]
                for each in summaries.toArrow().to_pylist()
            }
        return {
            job.number: [Summary.of(found[job.number, at]) for at in range(job.task_count)]
            for job in jobs
        }

    def notes(self, tables: Set[int], limit: int) -> Iterable[Note]:
        """What the tasks found, in the order of pieces and numbers."""
        from pyspark.sql import Window
        from pyspark.sql import functions as sql

        with saying_why():
            stream = Window.partitionBy("table", "shown").orderBy("piece", "number")
            first = (
                self._of(NOTE, tables)
                .withColumn("place", sql.row_number().over(stream))
                .where(sql.col("place") <= limit)
                .orderBy("table", "piece", "number")
                .select("table", "shown", "key")
            )
            found = first.toArrow().to_pylist()
        return [Note(each["table"], each["shown"], each["key"]) for each in found]

    def repeated(self, tables: Set[int], limit: int) -> FoundKeys:
        """The keys that an earlier row has too, each with the last such row before it."""
        from pyspark.sql import Window
        from pyspark.sql import functions as sql

        with saying_why():
            # Hashes are all that is moved where, as mostly, no key is repeated.
            unique = self._of(UNIQUE, tables).withColumn("hash", sql.xxhash64("key"))
            by = ["table", "number", "hash"]
            twice = unique.groupBy(*by).count().where("count > 1").select(*by)
            suspect = _matching(unique, twice, by)
            if suspect is None:
                return FoundKeys({}, {})
            before = Window.partitionBy("table", "number", "key").orderBy("row")
            found = suspect.withColumn("earlier", sql.lag("row").over(before))
            return _first(found.where("earlier is not null"), limit)

    def dangling(self, tables: Set[int], limit: int) -> FoundKeys:
        """The references whose key is none of the known ones."""
        from pyspark.sql import functions as sql

        with saying_why():
            references = self._of(FROM, tables)
            known = self._of(KNOWN, tables).select("target", "key")
            by = ["target", "key"]
            gone = references.select(*by).distinct().join(known, by, "left_anti")
            found = _matching(references, gone, by)
            if found is None:
                return FoundKeys({}, {})
            return _first(found.withColumn("earlier", sql.lit(None).cast("bigint")), limit)

    def close(self) -> None:
        """Let go of what Spark keeps, and of the session."""
        for each in self._records:
            each.unpersist()
        self.session.stop()

    def _tasks(self, count: int) -> DataFrame:
        """Numbers from 0, a task each."""
        return self.session.range(0, count, 1, count)

    def _of(self, role: int, tables: Set[int]) -> DataFrame:
        """The records of a role, of tables that are to be believed."""
        frame = self._records[0]
        for each in self._records[1:]:
            frame = frame.unionAll(each)
        among = ", ".join(map(str, sorted(tables))) or "-1"
        return frame.where(f"role = {role} and table in ({among})")


def _matching(records: DataFrame, wanted: DataFrame, by: list[str]) -> DataFrame | None:
    """The records that are among the wanted ones, None if nothing is wanted."""
    from pyspark.sql import functions as sql

    first = wanted.limit(_FEW + 1).toArrow()
    if not first.num_rows:
        return None
    if first.num_rows > _FEW:
        return records.join(wanted, by, "left_semi")
    # Few are looked for where the records are, and nothing is moved.
    *groups, last = by
    values: dict[tuple[Any, ...], list[Any]] = {}
    for each in first.to_pylist():
        values.setdefault(tuple(each[name] for name in groups), []).append(each[last])
    found = [
        reduce(and_, (sql.col(name) == value for name, value in zip(groups, group, strict=True)))
        & sql.col(last).isin(among)
        for group, among in values.items()
    ]
    return records.where(reduce(or_, found))


def _first(found: DataFrame, limit: int) -> FoundKeys:
    """The first keys of each check by their rows, and how many there are."""
    from pyspark.sql import Window
    from pyspark.sql import functions as sql

    check = Window.partitionBy("table", "number")
    records = (
        found.withColumn("total", sql.count(sql.lit(1)).over(check))
        .withColumn("place", sql.row_number().over(check.orderBy("row")))
        .where(sql.col("place") <= max(limit, 1))
        .orderBy("table", "number", "row")
        .toArrow()
        .to_pylist()
    )
    listed: dict[tuple[int, int], list[Any]] = {}
    counts: dict[tuple[int, int], int] = {}
    for each in records:
        of = each["table"], each["number"]
        counts[of] = each["total"]
        listed.setdefault(of, []).append(found_key(each))
    return FoundKeys({of: keys[:limit] for of, keys in listed.items()}, counts)


def _counted(
    ranges: Sequence[Range], batches: Iterable[pa.RecordBatch]
) -> Iterator[pa.RecordBatch]:
    """What a worker gives for the numbers of ranges."""
    import pyarrow as pa

    for batch in batches:
        for number in batch.column(0).to_pylist():
            _, path, start, end = ranges[number]
            counts = json.dumps(count_range(read_range(path, start, end), start))
            columns = [pa.array([number], "int64"), pa.array([counts], "string")]
            yield pa.RecordBatch.from_arrays(columns, ["number", "counts"])


def _counts(raw: Sequence[Any]) -> RangeCounts:
    quotes, lines, rows, first, is_ended = raw
    one, other = (None if each is None else RowEnd(*each) for each in first)
    return RangeCounts(quotes, lines, (rows[0], rows[1]), (one, other), is_ended)


def _performed(
    jobs: Sequence[TableJob],
    tasks: Sequence[tuple[int, int]],
    batches: Iterable[pa.RecordBatch],
) -> Iterator[pa.RecordBatch]:
    """What a worker gives for the numbers of tasks."""
    # A worker is one of several on its machine, and polars not loaded yet.
    os.environ.setdefault("POLARS_MAX_THREADS", "1")
    for batch in batches:
        for number in batch.column(0).to_pylist():
            at, piece = tasks[number]
            yield from perform(jobs[at], piece)
