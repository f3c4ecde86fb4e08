"""Whether the quotes of a text stand where every reader takes them for the same.

Large tables are looked at with numpy, which takes longer to load than small ones to be read.
"""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

LARGE_BYTES = 64 * 2**20
"""From this size on a table is worth loading numpy for."""

_QUOTE, _LINE_END = b'"\n'


class Quoting(NamedTuple):
    """How many quotes there are, and how many cells hold: each is written as two.

    ``inside`` is None where there may be some, and nobody has counted them.
    """

    total: int
    inside: int | None


def count_of(sign: bytes, content: bytes, *, is_large: bool) -> int:
    """How often a byte stands in a text."""
    if not is_large:
        return content.count(sign)
    import numpy as np

    return int(np.count_nonzero(np.frombuffer(content, np.uint8) == ord(sign)))


def regular_quoting(
    content: bytes, count: int, delimiter: str, *, is_large: bool
) -> Quoting | None:
    """What there is of quotes in whole lines, given their number; None where it is irregular.

    A quote opens a cell behind a delimiter or line end, and closes it before one. In between, it
    is doubled: that is where a quote that closes stands in front of one that opens.
    """
    if not count:
        return Quoting(0, 0)
    if is_large:
        inside = _inside(content, ord(delimiter))
        return None if inside is None else Quoting(count, inside)
    if _quoted(delimiter).fullmatch(content):
        return Quoting(count, 0)
    return Quoting(count, None) if _quoted(delimiter, b'"').fullmatch(content) else None


@cache
def _quoted(delimiter: str, quote: bytes = b"") -> re.Pattern[bytes]:
    """Text of which each cell with quotes has one at its start and one at its end.

    Given a quote, they may stand beside another too: in between it is doubled.
    """
    end = delimiter.encode() + b"\n" + quote
    return re.compile(rb'(?:[^"]*+(?:(?<=[%b])|\A)"[^"]*+"(?=[\r%b]))*+[^"]*+' % (end, end))


def _inside(content: bytes, delimiter: int) -> int | None:
    """How many quotes cells hold, or None where some quote stands elsewhere."""
    import numpy as np

    signs = np.frombuffer(content, np.uint8)
    places = np.flatnonzero(signs == _QUOTE)
    if len(places) % 2 or places[-1] == len(signs) - 1:
        return None
    # Two quotes side by side are one in a cell, if the first one closes and the other one opens.
    opening, closing = places[::2], places[1::2]
    doubled = int(np.count_nonzero(closing[:-1] + 1 == opening[1:]))
    before, behind = signs[opening - 1], signs[closing + 1]
    is_start = (before == delimiter) | (before == _LINE_END) | (opening == 0)
    is_end = (behind == delimiter) | (behind == _LINE_END) | (behind == ord("\r"))
    starts, ends = int(np.count_nonzero(is_start)), int(np.count_nonzero(is_end))
    return doubled if starts + doubled == ends + doubled == len(opening) else None
