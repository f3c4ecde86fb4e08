"""Where a file stops being text in an encoding."""

from __future__ import annotations

import codecs
from pathlib import Path
from typing import NamedTuple

from ycd_opendata.package.tables.parts import open_parts

_CHUNK = 2**20


class BrokenByte(NamedTuple):
    """A byte that is no text: its offset in the file from 0, its line from 1, its value."""

    offset: int
    line: int
    value: int


def first_broken_byte(path: Path, encoding: str) -> BrokenByte | None:
    """The first byte of a file that is no text in this encoding; None if each is.

    Lines end with LF, CRLF or CR. A packed file is unpacked.

    Raises
    ------
    OSError, LookupError
        The file cannot be read, or nobody knows the encoding.
    """
    decoder = codecs.getincrementaldecoder(encoding)()
    offset, line, last = 0, 1, ""
    with open_parts([path], headed=False) as stream:
        is_over = False
        while not is_over:
            chunk = stream.read(_CHUNK)
            is_over = not chunk
            pending = decoder.getstate()[0]
            try:
                text = decoder.decode(chunk, final=is_over)
            except UnicodeDecodeError as error:
                readable = error.object[: error.start].decode(encoding, "ignore")
                place = offset - len(pending) + error.start
                return BrokenByte(place, line + _breaks(last, readable), error.object[error.start])
            line += _breaks(last, text)
            offset += len(chunk)
            last = text[-1:] or last
    return None


def _breaks(last: str, text: str) -> int:
    """How many line ends a text adds behind a character that was the last before it."""
    twins = text.count("\r\n") + (last == "\r" and text.startswith("\n"))
    return text.count("\n") + text.count("\r") - twins
