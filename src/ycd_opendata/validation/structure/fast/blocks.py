"""Blocks of bytes that hold whole rows, and whether every reader reads them alike."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass

from ycd_opendata.validation.structure.fast.opening import DELIMITERS, Text
from ycd_opendata.validation.structure.limits import LONGEST_RECORD, RefusedError

BLOCK_BYTES = 8 * 2**20
MARK = b"\x1f"

_REGULAR_QUOTES = {
    each: re.compile(
        rb'(?:[^"]*+(?<=[%b\n"])"[^"]*+"(?=[%b\r\n"]))*+[^"]*+' % (each.encode(), each.encode())
    )
    for each in DELIMITERS
}


@dataclass(frozen=True)
class Block:
    """Whole rows below the header, as UTF-8; ``header_lines`` are those in front of them.

    ``marked`` is the same with a cell of its own, ``MARK``, behind the cells of each line, and
    None if the block is irregular.
    """

    content: bytes
    marked: bytes | None
    header_lines: int

    @property
    def line_end(self) -> bytes:
        """What its lines end with."""
        return b"\r\n" if b"\r\n" in self.content else b"\n"


def blocks(text: Text) -> Iterator[Block]:
    """The rows of a file below its header, each block made ready while the one before is used.

    Raises
    ------
    UnicodeDecodeError, RefusedError
        As in ``whole_blocks``.
    """
    source = _prepared(text)
    first = next(source, None)
    if first is None:
        return
    yield first
    # Loaded late: most tables are one block.
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(1) as reader:
        upcoming = reader.submit(next, source, None)
        while (block := upcoming.result()) is not None:
            upcoming = reader.submit(next, source, None)
            yield block


def _prepared(text: Text) -> Iterator[Block]:
    delimiter = text.dialect["delimiter"]
    is_first = True
    for whole in whole_blocks(text):
        content, header_lines = whole, 0
        marked = None
        if is_regular(whole, delimiter):
            if is_first:
                header = _first_row_end(whole)
                content, header_lines = whole[header:], whole.count(b"\n", 0, header)
            ending = b"\r\n" if b"\r\n" in content else b"\n"
            if content and not content.endswith(b"\n"):
                content += ending
            marked = content.replace(ending, delimiter.encode() + MARK + b"\n")
        is_first = False
        yield Block(content, marked, header_lines)


def whole_blocks(text: Text) -> Iterator[bytes]:
    """The file as UTF-8 in blocks that end where a row ends, without a byte order mark.

    Quotes are taken to be regular; a block that is not (``is_regular``) may end anywhere.

    Raises
    ------
    UnicodeDecodeError
        The bytes are not of the text's encoding.
    RefusedError
        A row has no end.
    """
    rest, size = b"", BLOCK_BYTES
    for chunk in _utf8(text):
        data = rest + chunk if rest else chunk
        if len(data) < size:
            rest = data
            continue
        end = _last_row_end(data)
        if end:
            yield data[:end]
            rest, size = data[end:], BLOCK_BYTES
        elif len(data) > LONGEST_RECORD:
            raise RefusedError(f"a row has more than {LONGEST_RECORD:,} bytes")
        else:
            # Twice as much each time, so that a long cell is not searched again and again.
            rest, size = data, 2 * len(data)
    if rest:
        yield rest


def _utf8(text: Text) -> Iterator[bytes]:
    decoder = codecs.getincrementaldecoder(text.encoding)()
    with text.open() as stream:
        first = True
        while chunk := stream.read(BLOCK_BYTES):
            if not text.is_utf8:
                yield decoder.decode(chunk).encode()
            else:
                yield chunk.removeprefix(codecs.BOM_UTF8) if first else chunk
            first = False
        decoder.decode(b"", final=not text.is_utf8)


def _last_row_end(data: bytes) -> int:
    """Just behind the last line end that is not inside quotes; 0 if there is none."""
    if b'"' not in data:
        return data.rfind(b"\n") + 1
    quotes = data.count(b'"')
    end = len(data)
    while (line_end := data.rfind(b"\n", 0, end)) >= 0:
        quotes -= data.count(b'"', line_end, end)
        if quotes % 2 == 0:
            return line_end + 1
        end = line_end
    return 0


def _first_row_end(block: bytes) -> int:
    """Just behind the line end of the first row, or the block's end."""
    end = block.find(b"\n")
    while end >= 0 and block.count(b'"', 0, end) % 2:
        end = block.find(b"\n", end + 1)
    return len(block) if end < 0 else end + 1


def is_regular(block: bytes, delimiter: str) -> bool:
    """Whether quotes and line ends stand where every reader takes them for the same.

    A quote opens a cell behind a delimiter or line end, and closes it before one; in between it
    is doubled. All line ends are of one kind.
    """
    if MARK in block or b"\0" in block:
        return False
    if b"\r" in block and not (block.count(b"\r") == block.count(b"\r\n") == block.count(b"\n")):
        return False
    if b'"' not in block:
        return True
    # A line end in front spares a case at the block's start.
    return _REGULAR_QUOTES[delimiter].fullmatch(b"\n" + block) is not None
