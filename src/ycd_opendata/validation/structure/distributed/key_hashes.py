"""Keys as hashes: those of a piece, and which of them are wrong among those of all pieces.

A key that may stand once is a number of 64 bits, and the row that has it: where two are equal, the
texts are compared: those of one piece at once, those of several later. A reference is two of them,
since a key that is not among the known ones would be missed if it had the hash of one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np
import polars as pl

from ycd_opendata.validation.structure.distributed.jobs import TableJob
from ycd_opendata.validation.structure.distributed.task_records import (
    FROM,
    KNOWN,
    ROWS,
    UNIQUE,
    Record,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ycd_opendata.validation.structure.fast.by_column.key_columns import KeyColumns

    Hashes = NDArray[np.uint64]
    Rows = NDArray[np.uint32]

_SIDES: tuple[Literal["left", "right"], ...] = ("left", "right")

_PROBE = ("", "a", "CN-SH-0001", "一个比较长的键" * 9)


def fingerprint() -> str:
    """What differs where keys are hashed otherwise, by another version of polars."""
    return str(pairs(pl.Series(_PROBE)).rows())


def pairs(keys: pl.Series) -> pl.DataFrame:
    """Two independent hashes of each key."""
    return pl.DataFrame({"one": keys.hash(0), "other": keys.hash(1)})


def unpacked_pairs(data: bytes | None) -> pl.DataFrame:
    """The pairs of hashes in a record."""
    one, other = np.split(np.frombuffer(data or b"", np.uint64), 2)
    return pl.DataFrame({"one": one, "other": other})


def bucket_of(hashes: pl.Series, buckets: int) -> pl.Series:
    """The bucket that each hash belongs to."""
    return pl.Series(np.searchsorted(_bounds(buckets), hashes.to_numpy(), side="right"))


class UniqueHashes(NamedTuple):
    """The hashes of a piece's keys in order, and the first and the last row of each key.

    ``repeated`` are the rows of which an earlier one here has the key, and the last such one.
    """

    hashes: Hashes
    rows: Rows
    repeated: Sequence[tuple[int, int]]


def unique_hashes(values: pl.Series) -> UniqueHashes:
    """The hashes of keys that may stand in one row only; null is none."""
    is_there = values.is_not_null()
    hashes, rows = values.filter(is_there).hash(0).to_numpy(), is_there.arg_true().to_numpy()
    order = np.argsort(hashes)
    hashes, rows = hashes[order], rows[order]
    is_again = ~_is_new(hashes)
    is_again[:-1] |= is_again[1:]
    if not is_again.any():
        return UniqueHashes(hashes, rows, ())
    row = pl.col("row")
    again = pl.DataFrame({"row": np.sort(rows[is_again])}).with_columns(
        values.gather(np.sort(rows[is_again])).alias("key")
    )
    again = again.with_columns(
        row.shift(1).over("key").alias("earlier"), row.shift(-1).over("key").alias("later")
    )
    inner = again.drop_nulls(["earlier", "later"])["row"]
    kept = ~np.isin(rows, inner.to_numpy()) if len(inner) else slice(None)
    repeated = again.drop_nulls("earlier").select("row", "earlier").rows()
    return UniqueHashes(hashes[kept], rows[kept], repeated)


def key_records(
    job: TableJob, at: int, keys: KeyColumns, unique: Mapping[int, UniqueHashes]
) -> Iterator[Record]:
    """The records of a piece's keys, for comparison with others."""
    table, plan = job.number, keys.plan
    for number, (hashes, rows, _) in unique.items():
        for bucket, place in _cut(hashes, job.buckets):
            data = hashes[place].tobytes() + rows[place].tobytes()
            yield Record(table, UNIQUE, at, number, bucket=bucket, data=data)
    for number, reference in enumerate(plan.references):
        if number not in job.near:
            target = job.targets[number]
            for bucket, data in _cut_pairs(keys.values(reference.positions), job.buckets):
                yield Record(table, FROM, at, number, target, bucket, data=data)
    for target, names in zip(job.known, plan.wanted, strict=True):
        known = plan.positions(names)
        if known is not None:
            for bucket, data in _cut_pairs(keys.values(known), job.buckets):
                yield Record(table, KNOWN, at, target=target, bucket=bucket, data=data)


def _cut_pairs(values: pl.Series, buckets: int) -> Iterator[tuple[int, bytes]]:
    frame = pairs(values.drop_nulls()).unique().sort("one")
    one, other = frame["one"].to_numpy(), frame["other"].to_numpy()
    for bucket, place in _cut(one, buckets):
        yield bucket, one[place].tobytes() + other[place].tobytes()


def _cut(hashes: Hashes, buckets: int) -> Iterator[tuple[int, slice]]:
    """The buckets that have any of the hashes, which are sorted, and where they stand."""
    ends = [*np.searchsorted(hashes, _bounds(buckets)).tolist(), len(hashes)]
    for bucket, (start, end) in enumerate(zip([0, *ends], ends, strict=False)):
        if start < end:
            yield bucket, slice(start, end)


def compared(records: Iterable[Record]) -> Iterator[Record]:
    """Of the keys of one bucket those that are wrong, or may be, by the piece they stand in."""
    unique: dict[tuple[int, int], list[Record]] = defaultdict(list)
    references: list[Record] = []
    known: dict[int, list[pl.DataFrame]] = defaultdict(list)
    for each in records:
        if each.role == UNIQUE:
            unique[each.table, each.number].append(each)
        elif each.role == FROM:
            references.append(each)
        else:
            known[each.target].append(unpacked_pairs(each.data))
    for own in unique.values():
        yield from _repeated(own)
    there = {target: pl.concat(frames).unique() for target, frames in known.items()}
    for each in references:
        keys = unpacked_pairs(each.data)
        if each.target in there:
            keys = keys.join(there[each.target], on=["one", "other"], how="anti")
        if keys.height:
            data = keys["one"].to_numpy().tobytes() + keys["other"].to_numpy().tobytes()
            yield each._replace(data=data)


def _repeated(records: list[Record]) -> Iterator[Record]:
    parts = [_hashes_and_rows(each.data) for each in records]
    # Of a piece, a hash is told twice where its key has a first and a last row.
    together = np.sort(np.concatenate([hashes[_is_new(hashes)] for hashes, _ in parts]))
    twice = np.unique(together[~_is_new(together)])
    if not len(twice):
        return
    for record, (hashes, rows) in zip(records, parts, strict=True):
        # The few are looked for among the many, which are sorted.
        starts, ends = (np.searchsorted(hashes, twice, side) for side in _SIDES)
        own = [rows[start:end] for start, end in zip(starts, ends, strict=True) if start < end]
        if own:
            yield record._replace(role=ROWS, data=np.concatenate(own).tobytes())


def _hashes_and_rows(data: bytes | None) -> tuple[Hashes, Rows]:
    count = len(data or b"") // 12
    return np.frombuffer(data or b"", np.uint64, count), np.frombuffer(
        data or b"", np.uint32, count, 8 * count
    )


def _is_new(hashes: Hashes) -> NDArray[np.bool_]:
    """Which of sorted hashes are not like the one in front."""
    new = np.ones(len(hashes), bool)
    new[1:] = hashes[1:] != hashes[:-1]
    return new


@cache
def _bounds(buckets: int) -> Hashes:
    """Where all buckets but the first one start."""
    return np.array([(at << 64) // buckets for at in range(1, buckets)], np.uint64)
