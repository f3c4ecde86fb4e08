"""Blocks of bytes that hold whole rows, and whether every reader reads them alike."""

from __future__ import annotations

import codecs
import io
import re
from collections.abc import Iterator
from functools import cache
from typing import BinaryIO, NamedTuple

from ycd_opendata.package.tables.limits import LONGEST_RECORD
from ycd_opendata.package.tables.opening import Text

BLOCK_BYTES = 8 * 2**20

RARE = b"\x1f"
"""A character that regular lines are without, so that others can use it for a sign."""


_ALL_SPACES = re.compile(rb"^ +\r?$", re.MULTILINE)


class Block(NamedTuple):
    """Whole rows, as UTF-8; the first block of a file starts with rows ``above`` its content.

    ``skips_spaces`` says that spaces at the start of a cell are not part of it. Where quotes were
    not counted, the last row may not be whole; ``start`` is the byte of the file from which they
    can be read again, 0 for the first block.
    """

    content: bytes
    quote_count: int | None
    delimiter: str
    above: int
    skips_spaces: bool
    start: int = 0

    @property
    def quotes(self) -> int:
        """How many quotes there are."""
        return self.content.count(b'"') if self.quote_count is None else self.quote_count


class Quoting(NamedTuple):
    """How many quotes there are, and whether cells may hold some: each is written as two."""

    total: int
    are_inside: bool


class Lines(NamedTuple):
    """The regular lines of a block below its header; ``header_lines`` are those in front of them.

    ``line_count`` says how many line ends there are.
    """

    content: bytes
    header_lines: int
    line_count: int
    quoting: Quoting

    @property
    def line_end(self) -> bytes:
        """What they end with."""
        return b"\r\n" if b"\r" in self.content else b"\n"


def blocks(text: Text, start: int = 0, *, counted: bool = True) -> Iterator[Block]:
    """The rows of a file below its header, in blocks that are read one by one.

    ``start`` is where a block of it starts. If quotes need not be ``counted``, which takes longer
    than to read them, a block may end inside of some.

    Raises UnicodeDecodeError where the bytes are not of the text's encoding; RefusedError where a
    packed file unpacks to too much.
    """
    above, dialect = text.header.content - 1, text.dialect
    for content, quote_count in _whole_rows(text, start, counted=counted):
        yield Block(
            content,
            quote_count,
            dialect["delimiter"],
            0 if start else above,
            dialect["skipinitialspace"],
            start,
        )
        start = (start or _mark_size(text)) + len(content)


def below_header(block: Block) -> bytes | None:
    """The lines of a block below its header; None where it ends above the content."""
    start = _rows_end(block.content, block.above) if block.above else 0
    return None if start is None else block.content[start:]


def regular_lines(block: Block) -> Lines | None:
    """The lines of a block, or None where it is irregular, or ends above the content."""
    content, header_lines = block.content, 0
    if not are_regular(content):
        return None
    quoting = regular_quoting(content, block.quotes, block.delimiter)
    if quoting is None:
        return None
    if block.above:
        start = _rows_end(content, block.above)
        if start is None:
            return None
        header = content[:start]
        header_lines = header.count(b"\n")
        quoting = quoting._replace(total=quoting.total - header.count(b'"'))
        content = content[start:]
    if block.skips_spaces and _has_initial_spaces(content, block.delimiter):
        # Where a line is all spaces, it has a cell; without them it would have none.
        if quoting.total or _ALL_SPACES.search(content):
            return None
        content = _without_initial_spaces(content, block.delimiter.encode())
    return Lines(content, header_lines, content.count(b"\n"), quoting)


def _mark_size(text: Text) -> int:
    """How many bytes of a mark stand in front of the text."""
    return len(codecs.BOM_UTF8) if text.is_utf8 and text.encoding == "utf-8-sig" else 0


def _whole_rows(text: Text, start: int, *, counted: bool) -> Iterator[tuple[bytes, int | None]]:
    """The file as UTF-8, without a byte order mark, in parts that end where a row ends.

    Each comes with the number of its quotes, if they are counted.

    That is where quotes are paired. Where they are not for long, or a line is very long, a part
    may end anywhere, which its reader has to see.
    """
    with text.open() as stream:
        source = stream if text.is_utf8 else _Recoded(stream, text)
        if start:
            stream.seek(start)
        else:
            source.read(_mark_size(text))
        # A buffer of a whole block is much for a small file.
        size = min(BLOCK_BYTES, text.size + 1) if text.size else BLOCK_BYTES
        can_seek = source is stream and len(text.paths) == 1 and text.size > size
        # To join the rest of a line to a block takes as long as to read the block.
        ahead = _line_ahead(stream, size) if can_seek else 0
        while chunk := source.read(size + ahead):
            parts = [chunk] if can_seek else [chunk, source.readline(LONGEST_RECORD)]
            is_counted = counted or not can_seek
            quote_count = sum(part.count(b'"') for part in parts) if is_counted else None
            rest = 0
            while (
                quote_count is not None
                and quote_count % 2
                and rest < LONGEST_RECORD
                and (line := source.readline(LONGEST_RECORD))
            ):
                parts.append(line)
                rest += len(line)
                quote_count += line.count(b'"')
            tail = len(parts[-1]) if len(parts) > 1 else ahead
            if not (parts[-1] or chunk).endswith(b"\n") and tail < LONGEST_RECORD:
                # Only the file's last line may lack its end.
                parts.append(b"\r\n" if b"\r\n" in chunk else b"\n")
            yield b"".join(parts), quote_count
            ahead = _line_ahead(stream, size) if can_seek else 0


def _line_ahead(stream: BinaryIO, size: int) -> int:
    """How many bytes are left, behind so many, of the line that they end in."""
    start = stream.tell()
    stream.seek(size, io.SEEK_CUR)
    ahead = len(stream.readline(LONGEST_RECORD))
    stream.seek(start)
    return ahead


class _Recoded:
    """A stream of bytes in some encoding, read as UTF-8."""

    def __init__(self, stream: BinaryIO, text: Text) -> None:
        newline = "\n" if text.newline == "" else None
        self._text = io.TextIOWrapper(stream, text.encoding, newline=newline)

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


def _without_initial_spaces(content: bytes, delimiter: bytes) -> bytes:
    """Lines without quotes, of which no cell starts with a space."""
    for sign in (delimiter, b"\n"):
        while sign + b" " in content:
            content = content.replace(sign + b" ", sign)
    return content.lstrip(b" ")


def are_regular(block: bytes) -> bool:
    """Whether lines all have an end, of one kind, and no character stands for another."""
    if not block.endswith(b"\n") or RARE in block or b"\0" in block:
        return False
    if b"\r" not in block:
        return True
    return block.count(b"\r") == block.count(b"\r\n") == block.count(b"\n")


def regular_quoting(content: bytes, count: int, delimiter: str) -> Quoting | None:
    """What there is of quotes in whole lines, given their number; None where it is irregular.

    A quote opens a cell behind a delimiter or line end, and closes it before one. In between, it
    is doubled: that is where a quote that closes stands in front of one that opens.
    """
    if not count or _quoted(delimiter).fullmatch(content):
        return Quoting(count, are_inside=False)
    return Quoting(count, are_inside=True) if _quoted(delimiter, b'"').fullmatch(content) else None


@cache
def _quoted(delimiter: str, quote: bytes = b"") -> re.Pattern[bytes]:
    """Text of which each cell with quotes has one at its start and one at its end.

    Given a quote, they may stand beside another too: in between it is doubled.
    """
    end = delimiter.encode() + b"\n" + quote
    return re.compile(rb'(?:[^"]*+(?:(?<=[%b])|\A)"[^"]*+"(?=[\r%b]))*+[^"]*+' % (end, end))
