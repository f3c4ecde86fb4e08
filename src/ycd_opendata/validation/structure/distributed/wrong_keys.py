"""Keys that are wrong by their hashes, as rows: read once more where they stand, and put together.

Frames of rows have the columns ``row`` and ``line``, ``primary`` and ``shown`` (the primary key
and the key for people, an empty text for none) and ``earlier``, the last row in front that has
the same key. Held ones have ``key`` and ``last`` besides, the last row of their piece that has it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import groupby
from operator import attrgetter

import numpy as np
import polars as pl

from ycd_opendata.messages import say, spoken
from ycd_opendata.validation.structure.distributed.jobs import (
    TableJob,
    for_keys_alone,
    open_piece,
    read_piece,
)
from ycd_opendata.validation.structure.distributed.key_hashes import (
    bucket_of,
    compared,
    pairs,
    unpacked_pairs,
)
from ycd_opendata.validation.structure.distributed.task_records import (
    DANGLING,
    FROM,
    HELD,
    NOWHERE,
    REPEATED,
    ROWS,
    Record,
    packed,
    unpacked,
)
from ycd_opendata.validation.structure.distributed.tasks import Check, FoundKey, FoundKeys

Grouped = Callable[[Iterable[Record]], Iterator[Record]]
"""What is done with the records of a group."""


def steps(jobs: Mapping[int, TableJob], limit: int) -> tuple[tuple[Sequence[str], Grouped], ...]:
    """What is done with the records of keys, one after the other, and by what they are grouped."""
    return (
        (("bucket",), compared),
        (("table", "piece"), partial(looked_up, jobs)),
        (("table", "role", "number", "bucket"), partial(merged, limit)),
    )


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
    """The rows of a piece that are asked for, by their places or by the hashes of their keys."""
    wanted: dict[tuple[int, int], list[Record]] = defaultdict(list)
    for each in records:
        wanted[each.role, each.number].append(each)
    table, at = each.table, each.piece
    job = jobs[table]
    with spoken(job.language):
        found = _rows(job, at, wanted)
    for (role, number), rows in found.items():
        if role == ROWS:
            yield from _held(job, at, number, rows)
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
    rows = pl.concat([unpacked(each.data) for each in held]).sort("row")
    rows = rows.with_columns(pl.col("last").shift(1).over("key").alias("earlier"))
    rows = rows.drop_nulls("earlier").drop("key", "last")
    if rows.height:
        yield _listed(held[0]._replace(role=REPEATED), rows, limit)


def first_ones(limit: int, records: Iterable[Record]) -> Iterator[Record]:
    """One record of each check: its first wrong keys by their rows, and how many there are."""
    first: dict[Check, pl.DataFrame] = {}
    counts: Counter[Check] = Counter()
    for each in records:
        check = Check(each.table, each.role, each.number)
        counts[check] += int(each.text or 0)
        rows = unpacked(each.data)
        if check in first:
            rows = pl.concat([first[check], rows]).sort("row").head(limit)
        first[check] = rows
    for (table, role, number), rows in first.items():
        text = str(counts[Check(table, role, number)])
        yield Record(table, role, NOWHERE, number, text=text, data=packed(rows))


def found_keys(records: Iterable[Record], limit: int) -> dict[Check, FoundKeys]:
    """The first wrong keys of each check by their rows, and how many there are in all."""
    return {
        Check(each.table, each.role, each.number): FoundKeys(
            [_found_key(*row) for row in unpacked(each.data).iter_rows()], int(each.text or 0)
        )
        for each in first_ones(limit, records)
    }


def _found_key(
    row: int, line: int, primary: str | None, shown: str, earlier: int | None
) -> FoundKey:
    return FoundKey(row, line, primary or None, shown or None, earlier=earlier)


def _rows(
    job: TableJob, at: int, wanted: Mapping[tuple[int, int], list[Record]]
) -> dict[tuple[int, int], pl.DataFrame]:
    """The rows of a piece whose keys are asked for, by role and number."""
    from ycd_opendata.validation.structure.fast.by_column.key_columns import KeyColumns

    run = for_keys_alone(open_piece(job, at))
    plan, keys = run.plan, KeyColumns(run.plan)
    asked = {check: _asked(check[0], records) for check, records in wanted.items()}
    rows = None
    if all(role == ROWS for role, _ in asked):
        rows = pl.concat([each["row"] for each in asked.values()]).unique().sort()
    is_whole = read_piece(job, at, run, keys, None if rows is None else rows.to_list())
    found = {}
    for (role, number), each in asked.items():
        if role == ROWS:
            positions = plan.unique[number].positions
            values = keys.to_compare(plan.unique[number])
            indexes = each["row"] if is_whole or rows is None else rows.search_sorted(each["row"])
        else:
            positions = plan.references[number].positions
            values = keys.values(positions)
            indexes = _indexes(values, each)
        places = [run.places.of_row(index) for index in indexes]
        primary = pl.repeat(None, keys.height, dtype=pl.String, eager=True)
        if plan.primary_positions:
            primary = keys.texts(plan.primary_positions)
        found[role, number] = pl.DataFrame(
            {
                "row": pl.Series([each.number for each in places], dtype=pl.Int64),
                "line": pl.Series([each.line for each in places], dtype=pl.Int64),
                "shown": keys.texts(positions).gather(indexes),
                "key": values.gather(indexes),
                "primary": primary.gather(indexes),
                "earlier": pl.repeat(None, len(places), dtype=pl.Int64, eager=True),
            }
        )
    return found


def _asked(role: int, records: Sequence[Record]) -> pl.DataFrame:
    """The rows that are asked for, or the hashes of their keys."""
    if role == FROM:
        return pl.concat([unpacked_pairs(each.data) for each in records])
    rows = [np.frombuffer(each.data or b"", np.uint32) for each in records]
    return pl.DataFrame({"row": np.concatenate(rows)}).unique().sort("row")


def _indexes(values: pl.Series, asked: pl.DataFrame) -> pl.Series:
    """Where the keys stand that have one of these pairs of hashes."""
    likely = (values.hash(0).is_in(asked["one"].implode()) & values.is_not_null()).arg_true()
    hashes = pairs(values.gather(likely)).with_columns(likely.alias("index"))
    return hashes.join(asked, on=["one", "other"], how="semi")["index"].sort()


def _held(job: TableJob, at: int, number: int, rows: pl.DataFrame) -> Iterator[Record]:
    """Of each key its first row, for comparison with others; rows are in order."""
    last = rows.with_columns(pl.col("row").last().over("key").alias("last"))
    first = last.unique("key", keep="first", maintain_order=True)
    buckets = bucket_of(first["key"].hash(0), job.buckets)
    parts = first.with_columns(buckets.alias("bucket")).partition_by("bucket", as_dict=True)
    for (bucket,), part in parts.items():
        data = packed(part.drop("bucket"))
        yield Record(job.number, HELD, at, number, bucket=int(bucket), data=data)


def _listed(record: Record, rows: pl.DataFrame, limit: int) -> Record:
    """A record of the first rows."""
    first = rows.sort("row").head(limit).select("row", "line", "primary", "shown", "earlier")
    return record._replace(text=str(rows.height), data=packed(first))
