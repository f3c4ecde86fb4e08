"""The rows of a table, packed, and where those with a text stand.

As mappings, the rows of a table take five times their text, and its keys in a dictionary as much
again: that is why they are only unpacked, a few at a time, when a page needs them.
"""

from __future__ import annotations

import marshal
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import islice
from typing import overload

Row = Mapping[str, str]

WHOLE_KEY = "\0key"
"""Where the rows of a table have their key, if it is of several fields; no field has that name."""

ROWS_UNPACKED = 4096
"""Rows of a table that stay unpacked, as pages of neighbours and links show the same ones."""

_ROWS_A_BLOCK = 16


def reference_key(row: Row, fields: Sequence[str]) -> str:
    """The key of one or several fields as one text."""
    if len(fields) == 1:
        return str(row[fields[0]])
    return ", ".join(str(row[each]) for each in fields)


class PackedRows(Sequence[Row]):
    """Rows of texts.

    Parameters
    ----------
    names, key : sequence of str
        The fields, and those of the primary key.
    """

    def __init__(
        self, names: Sequence[str], cells: Iterable[Sequence[str]], key: Sequence[str]
    ) -> None:
        rows = iter(cells)
        blocks = iter(lambda: [*islice(rows, _ROWS_A_BLOCK)], [])
        sizes, packed = array("Q"), []
        for block in blocks:
            sizes.append(len(block))
            packed.append(marshal.dumps(block))
        self._count = sum(sizes)

        def unpacked(place: int) -> list[Row]:
            found = [dict(zip(names, row, strict=True)) for row in marshal.loads(packed[place])]
            if len(key) > 1:
                for row in found:
                    row[WHOLE_KEY] = reference_key(row, key)
            return [*found]

        self._block = lru_cache(maxsize=ROWS_UNPACKED // _ROWS_A_BLOCK)(unpacked)

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[Row]:
        for start in range(0, self._count, _ROWS_A_BLOCK):
            yield from self._block(start // _ROWS_A_BLOCK)

    @overload
    def __getitem__(self, place: int) -> Row: ...

    @overload
    def __getitem__(self, place: slice) -> Sequence[Row]: ...

    def __getitem__(self, place: int | slice) -> Row | Sequence[Row]:
        if isinstance(place, slice):
            return [self[each] for each in range(*place.indices(self._count))]
        if not 0 <= place < self._count:
            raise IndexError(place)
        return self._block(place // _ROWS_A_BLOCK)[place % _ROWS_A_BLOCK]


class Places:
    """Where the rows with a text stand: twelve bytes a row, for the text itself is in the row."""

    def __init__(self, rows: Sequence[Row], text_of: Callable[[Row], str]) -> None:
        self._rows, self._text_of = rows, text_of
        hashes = array("q", (hash(text_of(row)) for row in rows))
        self._places = array("I", sorted(range(len(hashes)), key=hashes.__getitem__))
        self._hashes = array("q", (hashes[place] for place in self._places))

    def of(self, text: str) -> Sequence[int]:
        """The places of the rows with a text, in order."""
        sought = hash(text)
        start = bisect_left(self._hashes, sought)
        if start == len(self._hashes) or self._hashes[start] != sought:
            return ()
        found = self._places[start : bisect_right(self._hashes, sought, start)]
        return [place for place in found if self._text_of(self._rows[place]) == text]
