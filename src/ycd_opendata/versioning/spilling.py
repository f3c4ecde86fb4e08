"""Rows put aside while tables are compared: in memory while they are few, on disk beyond that."""

from __future__ import annotations

import os
import tempfile
import weakref
from collections.abc import Iterable, Iterator, Sequence
from heapq import merge
from io import BytesIO
from itertools import starmap
from operator import itemgetter
from typing import Any

import polars as pl

from ycd_opendata.errors import DataError
from ycd_opendata.messages import reason_of, say

MOST_IN_MEMORY = 64 * 2**20
"""How many bytes one ``Scratch`` keeps in memory."""

_ROWS_AT_ONCE = 50_000
_PART = "\0part"


class Scratch:
    """A place to put rows aside: a nameless file, so that nothing of it is ever left behind."""

    def __init__(self) -> None:
        self._file = tempfile.SpooledTemporaryFile(MOST_IN_MEMORY)  # noqa: SIM115
        weakref.finalize(self, self._file.close)

    def write(self, frame: pl.DataFrame) -> tuple[int, int]:
        """Put rows aside; where they stand."""
        packed = BytesIO()
        # As newer readers have it, texts hold on to the memory of those they were taken from.
        frame.write_ipc(packed, compat_level=pl.CompatLevel.oldest())
        start = self._file.seek(0, os.SEEK_END)
        try:
            # Given back at once, whatever happens: who holds it keeps the buffer from being closed.
            with packed.getbuffer() as content:
                self._file.write(content)
        except OSError as error:
            raise DataError(
                say(
                    "the tables are too large to be compared in memory, and {folder!r} takes no "
                    "more of them: {reason}",
                    folder=tempfile.gettempdir(),
                    reason=reason_of(error),
                ),
                say("make room there, or name another folder in TMPDIR"),
            ) from error
        return start, packed.tell()

    def read(self, start: int, size: int) -> pl.DataFrame:
        """The rows that stand there."""
        self._file.seek(start)
        return pl.read_ipc(BytesIO(self._file.read(size)))

    def keep(self, frame: pl.DataFrame) -> list[Pile]:
        """Put rows aside as a pile of their own, if there are any."""
        pile = Pile(self, frame.clear())
        for rows in frame.iter_slices(_ROWS_AT_ONCE):
            pile.add(rows)
        return [pile] if len(pile) else []

    def divide(
        self, frames: Iterable[pl.DataFrame], by: Sequence[str], number: int
    ) -> tuple[Pile, ...]:
        """Put rows aside in so many piles; those that are equal in the columns ``by`` are on one.

        Each pile keeps their order. There is at least one frame.
        """

        piles: tuple[Pile, ...] = ()
        for frame in frames:
            piles = piles or tuple(Pile(self, frame.clear()) for _ in range(number))
            part = (frame.select(by).hash_rows(0) % number).alias(_PART)
            for [at], rows in frame.with_columns(part).partition_by(_PART, as_dict=True).items():
                piles[at].add(rows.drop(_PART))
        return piles


class Pile:
    """Rows that were put aside, in order; ``places`` says where a few of them each stand."""

    def __init__(self, scratch: Scratch, empty: pl.DataFrame) -> None:
        self._scratch = scratch
        self._empty = empty
        self._length = 0
        self._places: list[tuple[int, int]] = []

    def __len__(self) -> int:
        return self._length

    @property
    def columns(self) -> list[str]:
        """The names of the columns."""
        return self._empty.columns

    def add(self, rows: pl.DataFrame) -> None:
        """Put rows behind the others."""
        self._places.append(self._scratch.write(rows))
        self._length += len(rows)

    def frame(self) -> pl.DataFrame:
        """All the rows at once."""
        return pl.concat([self._empty, *starmap(self._scratch.read, self._places)])

    def rows(self) -> Iterator[tuple[Any, ...]]:
        """The rows one by one."""
        for each in starmap(self._scratch.read, self._places):
            yield from each.iter_rows()


def merged(piles: Sequence[Pile]) -> Iterator[list[Any]]:
    """The rows of piles in the order of their first column, a number, which is left out.

    Each pile is in that order already.
    """
    rows = merge(*(each.rows() for each in piles), key=itemgetter(0))
    return (cells for _, *cells in rows)


def merged_records(piles: Sequence[Pile]) -> Iterator[dict[str, Any]]:
    """The same as mappings."""
    return (dict(zip(piles[0].columns[1:], cells, strict=True)) for cells in merged(piles))
