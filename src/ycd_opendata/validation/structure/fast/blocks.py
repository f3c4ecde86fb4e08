"""Blocks of bytes that hold whole rows, and whether every reader reads them alike."""

from __future__ import annotations

import codecs
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from ycd_opendata.validation.structure.fast.opening import DELIMITERS, Text
from ycd_opendata.validation.structure.limits import LONGEST_RECORD

BLOCK_BYTES = 4 * 2**20

MARK = b"\x1f"

_REGULAR_QUOTES = {
    each: re.compile(
        rb'(?:[^"]*+(?:(?<=[%b\n"])|\A)"[^"]*+"(?=[%b\r\n"]))*+[^"]*+'
        % (each.encode(), each.encode())
    )
    for each in DELIMITERS
}


@dataclass(frozen=True)
class Block:
    """Whole rows, as UTF-8; the first block of a file starts with rows ``above`` its content.

    ``skips_spaces`` says that spaces at the start of a cell are not part of it.
    """

    content: bytes
    delimiter: str
    above: int
    skips_spaces: bool


@dataclass(frozen=True)
class Lines:
    """The regular lines of a block below its header; ``header_lines`` are those in front of them.

    ``marked`` is the same with a cell of its own, ``MARK``, behind the cells of each line;
    ``line_count`` says how many lines there are.
    """

    content: bytes
    marked: bytes
    header_lines: int
    line_count: int

    @property
    def line_end(self) -> bytes:
        """What they end with."""
        return b"\r\n" if b"\r\n" in self.content else b"\n"


def blocks(text: Text) -> Iterator[Block]:
    """The rows of a file below its header, in blocks that are read one by one.

    Raises
    ------
    UnicodeDecodeError
        The bytes are not of the text's encoding.
    RefusedError
        A packed file unpacks to too much.
    """
    above, dialect = text.header.content - 1, text.dialect
    for number, content in enumerate(_whole_rows(text)):
        skips_spaces = dialect["skipinitialspace"]
        yield Block(content, dialect["delimiter"], 0 if number else above, skips_spaces)


def marked_lines(block: Block) -> Lines | None:
    """The lines of a block, or None where it is irregular, or ends above the content."""
    content, header_lines = block.content, 0
    if not (content.endswith(b"\n") and is_regular(content, block.delimiter)):
        return None
    if block.above:
        start = _rows_end(content, block.above)
        if start is None:
            return None
        header_lines = content.count(b"\n", 0, start)
        content = content[start:]
    if block.skips_spaces and _has_initial_spaces(content, block.delimiter):
        return None
    ending = b"\r\n" if b"\r\n" in content else b"\n"
    marked_end = block.delimiter.encode() + MARK + b"\n"
    marked = content.replace(ending, marked_end)
    line_count = (len(marked) - len(content)) // (len(marked_end) - len(ending))
    return Lines(content, marked, header_lines, line_count)


def _whole_rows(text: Text) -> Iterator[bytes]:
    """The file as UTF-8, without a byte order mark, in parts that end where a row ends.

    That is where quotes are paired. Where they are not for long, or a line is very long, a part
    may end anywhere, which its reader has to see.
    """
    with text.open() as stream:
        source = stream if text.is_utf8 else _Recoded(stream, text.encoding)
        if text.encoding == "utf-8-sig":
            source.read(len(codecs.BOM_UTF8))
        while chunk := source.read(BLOCK_BYTES):
            parts = [chunk, source.readline(LONGEST_RECORD)]
            is_open = sum(part.count(b'"') for part in parts) % 2
            rest = 0
            while is_open and rest < LONGEST_RECORD and (line := source.readline(LONGEST_RECORD)):
                parts.append(line)
                rest += len(line)
                is_open ^= line.count(b'"') % 2
            if not (parts[-1] or parts[-2]).endswith(b"\n") and len(parts[-1]) < LONGEST_RECORD:
                # Only the file's last line may lack its end.
                parts.append(b"\r\n" if b"\r\n" in chunk else b"\n")
            yield b"".join(parts)


class _Recoded:
    """A stream of bytes in some encoding, read as UTF-8."""

    def __init__(self, stream: BinaryIO, encoding: str) -> None:
        self._text = io.TextIOWrapper(stream, encoding, newline="\n")

    def read(self, size: int) -> bytes:
        return self._text.read(size).encode()

    def readline(self, size: int) -> bytes:
        return self._text.readline(size).encode()


def _rows_end(block: bytes, rows: int) -> int | None:
    """Just behind the line end of the last of so many rows; None if the block has fewer."""
    at = 0
    for _ in range(rows):
        if at == len(block):
            return None
        quotes, is_open = 0, True
        while is_open and at < len(block):
            line, at = at, block.find(b"\n", at) + 1
            quotes += block.count(b'"', line, at)
            is_open = bool(quotes % 2)
    return at


def _has_initial_spaces(block: bytes, delimiter: str) -> bool:
    """Whether some cell may start with a space; one inside of quotes counts too."""
    return block.startswith(b" ") or b"\n " in block or delimiter.encode() + b" " in block


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
    return _REGULAR_QUOTES[delimiter].fullmatch(block) is not None
