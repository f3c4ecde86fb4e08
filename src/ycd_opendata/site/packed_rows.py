"""The rows of a table, packed, and where those with a text stand.

As mappings, the rows of a table take five times their text, and its keys in a dictionary as much
again: that is why they are only unpacked, a few at a time, when a page needs them.
"""

from __future__ import annotations

import marshal
import zlib
from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import islice
from typing import Any, overload

Row = Mapping[str, str]

WHOLE_KEY = "\0key"
"""Where the rows of a table have their key, if it is of several fields; no field has that name."""

_ROWS_A_BLOCK, _HASH = 8, 2**32 - 1
_BLOCKS_UNPACKED = 512
"""Of all tables, as pages of neighbours and links show the same rows."""


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
        self._names, self._key = (*names,), (*key,)
        rows, sizes, self._packed = iter(cells), array("Q"), list[bytes]()
        for taken in iter(lambda: [*islice(rows, _ROWS_A_BLOCK)], []):
            # A text that comes again is packed, and unpacked, once.
            same: dict[str, str] = {}
            block = [[same.setdefault(text, text) for text in row] for row in taken]
            sizes.append(len(block))
            self._packed.append(zlib.compress(marshal.dumps(block), 1))
        self._count = sum(sizes)
        self._last: tuple[int, list[Row]] = -1, []

    def _block(self, place: int) -> list[Row]:
        last, block = self._last
        if last != place:
            block = _unpacked(self._packed[place], self._names, self._key)
            self._last = place, block
        return block

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


class RowsAt(Sequence[Row]):
    """The rows at some places of others, unpacked when somebody asks for one."""

    __slots__ = ("_places", "_rows")

    def __init__(self, rows: Sequence[Row], places: Iterable[int]) -> None:
        self._rows, self._places = rows, array("I", places)

    def __len__(self) -> int:
        return len(self._places)

    @overload
    def __getitem__(self, place: int) -> Row: ...

    @overload
    def __getitem__(self, place: slice) -> Sequence[Row]: ...

    def __getitem__(self, place: int | slice) -> Row | Sequence[Row]:
        if isinstance(place, slice):
            return RowsAt(self._rows, self._places[place])
        return self._rows[self._places[place]]

    def __iter__(self) -> Iterator[Row]:
        return map(self._rows.__getitem__, self._places)


def in_order(rows: Sequence[Row], order: Callable[[Row], Any], reverse: bool = False) -> RowsAt:
    """Rows sorted by what ``order`` gives for each."""
    places = sorted(range(len(rows)), key=lambda place: order(rows[place]), reverse=reverse)
    return RowsAt(rows, places)


def grouped(rows: Sequence[Row], texts_of: Callable[[Row], Iterable[str]]) -> dict[str, RowsAt]:
    """The rows that have a text, for each text in the order in which they come."""
    groups: dict[str, array[int]] = {}
    for place, row in enumerate(rows):
        for text in texts_of(row):
            groups.setdefault(text, array("I")).append(place)
    return {text: RowsAt(rows, places) for text, places in groups.items()}


@lru_cache(maxsize=_BLOCKS_UNPACKED)
def _unpacked(packed: bytes, names: tuple[str, ...], key: tuple[str, ...]) -> list[Row]:
    found = [dict(zip(names, row, strict=True)) for row in marshal.loads(zlib.decompress(packed))]
    if len(key) > 1:
        for row in found:
            row[WHOLE_KEY] = reference_key(row, key)
    return [*found]


class Places:
    """Where the rows with a text stand: twelve bytes a row, for the text itself is in the row.

    Rows whose hashes end alike are a chain, the last one first.
    """

    def __init__(self, rows: Sequence[Row], text_of: Callable[[Row], str]) -> None:
        self._rows, self._text_of = rows, text_of
        self._hashes = array("I", (hash(text_of(row)) & _HASH for row in rows))
        self._last, self._before = (array("I", bytes(4 * len(rows))) for _ in range(2))
        for number, found in enumerate(self._hashes, 1):
            end = found % len(rows)
            self._before[number - 1], self._last[end] = self._last[end], number

    def of(self, text: str) -> Sequence[int]:
        """The places of the rows with a text, in order."""
        sought, found = hash(text) & _HASH, list[int]()
        number = self._last[sought % len(self._last)] if self._last else 0
        while number:
            place = number - 1
            if self._hashes[place] == sought and self._text_of(self._rows[place]) == text:
                found.append(place)
            number = self._before[place]
        return found[::-1]
