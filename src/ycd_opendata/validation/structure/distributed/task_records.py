"""What tasks give each other: few records, each of which may hold many keys.

What a record says depends on its role:

- SUMMARY, one a task: ``text`` is the JSON of a ``Summary``;
- NOTE: ``data`` is a stream of notes, its name and what is listed of it; ``number`` is its place
  among the streams of the summary;
- UNIQUE: ``data`` are hashes of keys that may stand in one row only, by the unique key ``number``,
  and the first and the last row of each, among those that are read of the piece, from 0;
- ROWS: such rows, of which each has a key that may stand in another piece too;
- FROM: hashes of keys that have to be among those of ``target``, by the reference ``number``;
- KNOWN: hashes of the keys of ``target``;
- HELD: rows, of which each has a key that rows of other pieces may have too;
- REPEATED, DANGLING: the first rows with such a wrong key; ``text`` says how many there are.

Keys whose hashes are of one ``bucket`` can be compared without looking at others.
"""

from __future__ import annotations

import io
import pickle
import zlib
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    import polars as pl
    import pyarrow as pa

SUMMARY, NOTE, UNIQUE, ROWS, FROM, KNOWN, HELD, REPEATED, DANGLING = range(9)

NOWHERE = -1
"""The ``target`` of references whose values are never equal to any."""

COLUMNS = {
    "table": "int32",
    "role": "int32",
    "piece": "int32",
    "number": "int32",
    "target": "int32",
    "bucket": "int32",
    "text": "string",
    "data": "binary",
}
"""The columns of records, and their types as Arrow names them."""

AT_ONCE = 16
"""So many records are passed on together: each may have a megabyte."""


class Record(NamedTuple):
    """A record of the task for a ``piece`` of a ``table``; see the module."""

    table: int
    role: int
    piece: int
    number: int = 0
    target: int = NOWHERE
    bucket: int = 0
    text: str | None = None
    data: bytes | None = None


def to_arrow(records: Iterable[Record]) -> Iterator[pa.RecordBatch]:
    """Records as Arrow has them, a few at a time."""
    # Loaded late: it loads what tasks need. Arrow's own way would load pandas, for nothing.
    import polars as pl
    import pyarrow as pa

    schema = pa.schema((name, pa.type_for_alias(each)) for name, each in COLUMNS.items())
    types = {name: getattr(pl, each.title()) for name, each in COLUMNS.items()}
    rest = iter(records)
    while some := [*islice(rest, AT_ONCE)]:
        yield from pl.DataFrame(some, types, orient="row").to_arrow().cast(schema).to_batches()


def from_arrow(batches: Iterable[pa.RecordBatch]) -> Iterator[Record]:
    """The records in batches of Arrow."""
    for batch in batches:
        columns = (each.to_pylist() for each in batch.columns)
        yield from map(Record._make, zip(*columns, strict=True))


def packed_notes(stream: str, listed: Sequence[Any]) -> bytes:
    """What a task listed in a stream as the ``data`` of a record.

    Findings are much alike: a tenth is left to be passed on, by Java, again and again.
    """
    return zlib.compress(pickle.dumps((stream, listed)), 1)


def unpacked_notes(data: bytes | None) -> tuple[str, Sequence[Any]]:
    """The name of a stream and what is listed of it."""
    stream, listed = pickle.loads(zlib.decompress(data or b""))
    return stream, listed


def packed(frame: pl.DataFrame) -> bytes:
    """A frame as the ``data`` of a record."""
    stream = io.BytesIO()
    frame.write_ipc(stream)
    return stream.getvalue()


def unpacked(data: bytes | None) -> pl.DataFrame:
    """The frame in the ``data`` of a record."""
    import polars as pl

    return pl.read_ipc(io.BytesIO(data or b""))
