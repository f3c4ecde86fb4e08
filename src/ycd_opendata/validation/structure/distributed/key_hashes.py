"""Keys as hashes: those of a piece, and which of them are wrong among those of all pieces.

A key that may stand once is a number of 64 bits, and the row that has it: where two are equal, the
texts are compared later. A reference is two of them, since a key that is not among the known ones
would be missed if it had the hash of one; of either, each key is told once a piece.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cache
from typing import TYPE_CHECKING

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
from ycd_opendata.validation.structure.fast.plan import TablePlan

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ycd_opendata.validation.structure.fast.key_columns import KeyColumns

    Hashes = NDArray[np.uint64]
    Rows = NDArray[np.uint32]

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


class KeyHashes:
    """The hashes of a piece's keys, batch by batch."""

    def __init__(self, job: TableJob, plan: TablePlan) -> None:
        self._job, self._plan = job, plan
        self._unique: dict[int, list[tuple[Hashes, Rows]]] = defaultdict(list)
        self._from: dict[int, list[pl.DataFrame]] = defaultdict(list)
        self._known: dict[int, list[pl.DataFrame]] = defaultdict(list)

    def append(self, keys: KeyColumns, rows: pl.Series) -> None:
        """Take in the keys of a batch, whose rows are counted in the piece from 0."""
        for number, unique in enumerate(self._plan.unique):
            values = keys.to_compare(unique)
            is_there = values.is_not_null()
            hashes = values.filter(is_there).hash(0).to_numpy()
            own = rows.filter(is_there).cast(pl.UInt32).to_numpy()
            self._unique[number].append((hashes, own))
        for number, reference in enumerate(self._plan.references):
            if number not in self._job.near:
                values = keys.values(reference.positions)
                self._from[number].append(pairs(values.drop_nulls().unique()))
        for target, names in zip(self._job.known, self._plan.wanted, strict=True):
            known = self._plan.positions(names)
            if known is not None:
                self._known[target].append(pairs(keys.known(known).unique()))

    def records(self, at: int) -> Iterator[Record]:
        """The records of them all."""
        table = self._job.number
        for number, parts in self._unique.items():
            hashes, rows = map(np.concatenate, zip(*parts, strict=True))
            order = np.argsort(hashes)
            hashes, rows = hashes[order], rows[order]
            is_first = _is_new(hashes)
            is_again = ~is_first
            is_again[:-1] |= is_again[1:]
            if is_again.any():
                yield Record(table, ROWS, at, number, data=rows[is_again].tobytes())
            hashes, rows = hashes[is_first], rows[is_first]
            for bucket, place in self._cut(hashes):
                data = hashes[place].tobytes() + rows[place].tobytes()
                yield Record(table, UNIQUE, at, number, bucket=bucket, data=data)
        for number, frames in self._from.items():
            target = self._job.targets[number]
            for bucket, data in self._cut_pairs(frames):
                yield Record(table, FROM, at, number, target, bucket, data=data)
        for target, frames in self._known.items():
            for bucket, data in self._cut_pairs(frames):
                yield Record(table, KNOWN, at, target=target, bucket=bucket, data=data)

    def _cut_pairs(self, frames: list[pl.DataFrame]) -> Iterator[tuple[int, bytes]]:
        frame = pl.concat(frames).unique().sort("one")
        one, other = frame["one"].to_numpy(), frame["other"].to_numpy()
        for bucket, place in self._cut(one):
            yield bucket, one[place].tobytes() + other[place].tobytes()

    def _cut(self, hashes: Hashes) -> Iterator[tuple[int, slice]]:
        """The buckets that have any of the hashes, which are sorted, and where they stand."""
        ends = [*np.searchsorted(hashes, _bounds(self._job.buckets)).tolist(), len(hashes)]
        for bucket, (start, end) in enumerate(zip([0, *ends], ends, strict=False)):
            if start < end:
                yield bucket, slice(start, end)


def compared(records: Iterable[Record]) -> Iterator[Record]:
    """Of the keys of one bucket those that are wrong, or may be, by the piece they stand in."""
    unique: dict[tuple[int, int], list[Record]] = defaultdict(list)
    references: list[Record] = []
    known: dict[int, list[pl.DataFrame]] = defaultdict(list)
    for each in records:
        if each.role == ROWS:
            yield each
        elif each.role == UNIQUE:
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
    together = np.sort(np.concatenate([hashes for hashes, _ in parts]))
    twice = together[~_is_new(together)]
    if not len(twice):
        return
    for record, (hashes, rows) in zip(records, parts, strict=True):
        # The few are looked for among the many, which are sorted.
        places = np.searchsorted(hashes, twice)
        there = places < len(hashes)
        own = places[there][hashes[places[there]] == twice[there]]
        if len(own):
            yield record._replace(role=ROWS, data=rows[own].tobytes())


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
