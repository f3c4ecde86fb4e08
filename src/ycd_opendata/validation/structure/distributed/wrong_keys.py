"""Keys that are wrong by their hashes, as rows: read once more where they stand, and put together.

Frames of rows have the columns ``row`` and ``line``, ``primary`` and ``shown`` (the primary key
and the key for people, an empty text for none) and ``earlier``, the last row in front that has
the same key. Held ones have ``key`` and ``last`` besides, the last row of their piece that has it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from operator import attrgetter

import numpy as np
import polars as pl

from ycd_opendata.messages import say, spoken
from ycd_opendata.validation.structure.distributed.jobs import (
    TableJob,
    for_keys_alone,
    open_piece,
    places,
    read_piece,
)
from ycd_opendata.validation.structure.distributed.key_hashes import (
    bucket_of,
    pairs,
    unpacked_pairs,
)
from ycd_opendata.validation.structure.distributed.task_records import (
    DANGLING,
    FROM,
    HELD,
    REPEATED,
    UNIQUE,
    Record,
    packed,
    unpacked,
)
from ycd_opendata.validation.structure.distributed.tasks import Check, FoundKey, FoundKeys

Grouped = Callable[[Iterable[Record]], Iterator[Record]]
"""What is done with the records of a group."""

BY_BUCKET, BY_PIECE, BY_KEY = ("bucket",), ("table", "piece"), ("table", "role", "number", "bucket")
"""What the groups are that ``compared``, ``looked_up`` and ``merged`` take."""


def in_groups(by: Sequence[str], work: Grouped, records: Iterable[Record]) -> Iterator[Record]:
    """What ``work`` makes of the records of each group; those of a group stand together.

    Raises
    ------
    RuntimeError
        They do not: what looks like Spark may leave out sorting, and findings would be missed.
    """
    done = set()
    for key, group in groupby(records, attrgetter(*by)):
        if key in done:
            raise RuntimeError(say("the cluster did not sort what it was asked to sort"))
        done.add(key)
        yield from work(group)


def looked_up(jobs: Mapping[int, TableJob], records: Iterable[Record]) -> Iterator[Record]:
    """The rows of a piece whose keys have these hashes, which are those of one piece."""
    wanted: dict[tuple[int, int], list[Record]] = defaultdict(list)
    for each in records:
        wanted[each.role, each.number].append(each)
    table, at = each.table, each.piece
    job = jobs[table]
    with spoken(job.language):
        found = _rows(job, at, wanted)
    for (role, number), rows in found.items():
        if role == UNIQUE:
            yield from _by_themselves(job, at, number, rows)
        else:
            yield _listed(Record(table, DANGLING, at, number, bucket=at), rows, job.limit)


def merged(limit: int, records: Iterable[Record]) -> Iterator[Record]:
    """The repeated keys among the held ones of a bucket; other records as they are."""
    held = []
    for each in records:
        if each.role == HELD:
            held.append(each)
        else:
            yield each
    if not held:
        return
    rows = pl.concat([unpacked(each) for each in held]).sort("row")
    rows = rows.with_columns(pl.col("last").shift(1).over("key").alias("earlier"))
    rows = rows.drop_nulls("earlier").drop("key", "last")
    if rows.height:
        yield _listed(held[0]._replace(role=REPEATED), rows, limit)


def found_keys(records: Iterable[Record], limit: int) -> dict[Check, FoundKeys]:
    """The first wrong keys of each check by their rows, and how many there are in all."""
    first: dict[Check, pl.DataFrame] = {}
    counts: Counter[Check] = Counter()
    for each in records:
        check = Check(each.table, each.role, each.number)
        counts[check] += int(each.text or 0)
        rows = unpacked(each)
        if check in first:
            rows = pl.concat([first[check], rows]).sort("row").head(limit)
        first[check] = rows
    return {
        check: FoundKeys([_found_key(*each) for each in rows.iter_rows()], counts[check])
        for check, rows in first.items()
    }


def _found_key(
    row: int, line: int, primary: str | None, shown: str, earlier: int | None
) -> FoundKey:
    return FoundKey(row, line, primary or None, shown or None, earlier=earlier)


def _rows(
    job: TableJob, at: int, wanted: Mapping[tuple[int, int], list[Record]]
) -> dict[tuple[int, int], pl.DataFrame]:
    """The rows of a piece whose keys are asked for, by role and number."""
    run = for_keys_alone(open_piece(job, at))
    plan = run.plan
    hashes = {check: _asked(check[0], records) for check, records in wanted.items()}
    found: dict[tuple[int, int], list[pl.DataFrame]] = defaultdict(list)
    for batch, keys in read_piece(job, at, run):
        for (role, number), asked in hashes.items():
            if role == UNIQUE:
                positions = plan.unique[number].positions
                values = keys.to_compare(plan.unique[number])
            else:
                positions = plan.references[number].positions
                values = keys.values(positions)
            indexes = _indexes(values, asked)
            if len(indexes):
                numbers, lines = places(batch)
                rows = {
                    "row": numbers,
                    "line": lines,
                    "shown": keys.texts(positions),
                    "key": values,
                }
                if plan.primary_positions:
                    rows["primary"] = keys.texts(plan.primary_positions)
                frame = pl.DataFrame({name: each.gather(indexes) for name, each in rows.items()})
                found[role, number].append(frame)
    without = {"primary": pl.lit(None, pl.String), "earlier": pl.lit(None, pl.Int64)}
    return {
        check: pl.concat(frames).with_columns(
            **{name: each for name, each in without.items() if name not in frames[0].columns}
        )
        for check, frames in found.items()
    }


def _asked(role: int, records: Sequence[Record]) -> pl.DataFrame:
    if role == FROM:
        return pl.concat([unpacked_pairs(each.data) for each in records])
    hashes = [np.frombuffer(each.data or b"", np.uint64) for each in records]
    return pl.DataFrame({"one": np.concatenate(hashes)})


def _indexes(values: pl.Series, asked: pl.DataFrame) -> pl.Series:
    """Where the keys stand that have one of these hashes."""
    likely = (values.hash(0).is_in(asked["one"].implode()) & values.is_not_null()).arg_true()
    if "other" not in asked.columns or likely.is_empty():
        return likely
    hashes = pairs(values.gather(likely)).with_columns(likely.alias("index"))
    return hashes.join(asked, on=["one", "other"], how="semi")["index"].sort()


def _by_themselves(job: TableJob, at: int, number: int, rows: pl.DataFrame) -> Iterator[Record]:
    """Repeated keys within a piece, and of each key the first row for comparison with others."""
    rows = rows.with_columns(
        pl.col("row").shift(1).over("key").alias("earlier"),
        pl.col("row").last().over("key").alias("last"),
    )
    again = rows.drop_nulls("earlier").drop("key", "last")
    if again.height:
        yield _listed(Record(job.number, REPEATED, at, number, bucket=at), again, job.limit)
    first = rows.filter(pl.col("earlier").is_null())
    buckets = bucket_of(first["key"].hash(0), job.buckets)
    parts = first.with_columns(buckets.alias("bucket")).partition_by("bucket", as_dict=True)
    for (bucket,), part in parts.items():
        data = packed(part.drop("bucket"))
        yield Record(job.number, HELD, at, number, bucket=int(bucket), data=data)


def _listed(record: Record, rows: pl.DataFrame, limit: int) -> Record:
    """A record of the first rows."""
    first = rows.sort("row").head(limit).select("row", "line", "primary", "shown", "earlier")
    return record._replace(text=str(rows.height), data=packed(first))
