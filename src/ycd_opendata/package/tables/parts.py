"""The files of a table as one stream of bytes, unpacked and joined.

Of each file behind the first one the first line is left out where the table has a header: it has
to be the header once more. A last line without an end is given one, or it would go on in the next
file, as it does with frictionless.
"""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, cast

from ycd_opendata.messages import say
from ycd_opendata.package.tables.limits import broken_off, refuse_growth
from ycd_opendata.package.tables.remote import File
from ycd_opendata.package.tables.zipped import Bytes, ZippedFile

_CHUNK = 2**18
_LONGEST_FIRST_LINE = 2**20


class OddPartError(Exception):
    """A part whose first line is too long to be left out as one."""


def in_archive(paths: Sequence[File], raw: Mapping[str, Any]) -> Sequence[File]:
    """The files of a table; for the only one, if it is a ZIP archive, the file in it.

    ``raw`` is what the descriptor says of the table.
    """
    [path] = paths if len(paths) == 1 else [None]
    if (
        isinstance(path, Path)
        and (raw.get("compression") or path.suffix.lower().removeprefix(".")) == "zip"
    ):
        return (ZippedFile(path, str(raw.get("innerpath") or "")),)
    return paths


def open_parts(paths: Sequence[File], *, headed: bool) -> BinaryIO:
    """The bytes of a table's files, one behind the other.

    Raises OSError where a file cannot be opened; later ones may raise while they are read.
    """
    if len(paths) == 1:
        return _open(paths[0])
    return io.BufferedReader(_Joined(_chunks(paths, headed=headed, ended=True)), _CHUNK)


def first_lines(paths: Sequence[File]) -> list[bytes]:
    """The first line of each file, empty files' an empty one.

    Raises OddPartError where one is very long.
    """
    lines = []
    for path in paths:
        with _open(path) as stream:
            lines.append(_first_line(stream.read(_LONGEST_FIRST_LINE), path))
    return lines


def digest(paths: Sequence[File], *, headed: bool, algorithm: str) -> tuple[int, str]:
    """The size in bytes and the hash of a table's files, several as frictionless joins them.

    A single one is taken as it is packed.
    """
    import hashlib

    if len(paths) == 1:
        with paths[0].open("rb") as stream:
            return paths[0].stat().st_size, hashlib.file_digest(stream, algorithm).hexdigest()
    found, size = hashlib.new(algorithm), 0
    for chunk in _chunks(paths, headed=headed, ended=False):
        found.update(chunk)
        size += len(chunk)
    return size, found.hexdigest()


def line_counts(paths: Sequence[File]) -> list[int]:
    """How many lines each file has, be their ends LF, CRLF, CR or none."""
    counts = []
    for path in paths:
        count, last = 0, b""
        with _open(path) as stream:
            while chunk := stream.read(_CHUNK):
                count += chunk.count(b"\n") + chunk.count(b"\r") - chunk.count(b"\r\n")
                count -= last == b"\r" and chunk.startswith(b"\n")
                last = chunk[-1:]
        counts.append(count + (last not in b"\r\n"))
    return counts


def place_in_parts(line: int, counts: Sequence[int], *, headed: bool) -> tuple[int, int]:
    """The file that a line of the whole is in, counted from 0, and its line there.

    ``counts`` are the lines of each file.
    """
    at = 0
    while at + 1 < len(counts) and line > counts[at]:
        line -= counts[at]
        at += 1
        # The first line of a later file was left out.
        line += headed and counts[at] > 0
    return at, line


class _Joined(Bytes):
    """Several files as one."""

    def __init__(self, chunks: Generator[bytes]) -> None:
        self._chunks = chunks
        self._rest = memoryview(b"")

    def take(self, size: int) -> memoryview:
        if not self._rest:
            self._rest = memoryview(next(self._chunks, b""))
        taken, self._rest = self._rest[:size], self._rest[size:]
        return taken

    def close(self) -> None:
        self._chunks.close()
        super().close()


def _chunks(paths: Sequence[File], *, headed: bool, ended: bool) -> Generator[bytes]:
    """The bytes of several files; ``ended`` gives each last line an end."""
    for number, path in enumerate(paths):
        last, line_end = b"", b"\n"
        with _open(path) as stream:
            if headed and number:
                start = stream.read(_LONGEST_FIRST_LINE)
                start = start[len(_first_line(start, path)) :]
                last = start[-1:]
                if start:
                    yield start
            while chunk := stream.read(_CHUNK):
                last = chunk[-1:]
                if b"\r\n" in chunk:
                    line_end = b"\r\n"
                yield chunk
        if ended and last not in b"\r\n" and number + 1 < len(paths):
            yield line_end


def _first_line(start: bytes, path: File) -> bytes:
    first = next(iter(start.splitlines(keepends=True)), b"")
    if len(first) == _LONGEST_FIRST_LINE:
        raise OddPartError(say("the first line of {path} is very long", path=path.name))
    return first


def is_packed(path: File) -> bool:
    """Whether the bytes of a file are not those of its text."""
    return isinstance(path, ZippedFile) or path.suffix.lower() == ".gz"


def _open(path: File) -> BinaryIO:
    if isinstance(path, ZippedFile):
        return path.unpacked()
    if not is_packed(path):
        return path.open("rb")
    return cast(BinaryIO, _Unpacked(path))


@contextmanager
def _said_as_broken() -> Iterator[None]:
    try:
        yield
    except EOFError as error:
        raise broken_off() from error
    except zlib.error as error:
        raise gzip.BadGzipFile(str(error)) from error


class _Unpacked(gzip.GzipFile):
    """A gzip file that refuses to grow without bound.

    One that is broken raises gzip.BadGzipFile wherever that shows, RefusedError if it is cut off.
    """

    def __init__(self, path: File) -> None:
        self._packed = path.open("rb")
        super().__init__(fileobj=self._packed)
        self._size, self._unpacked = path.stat().st_size, 0

    def read(self, size: int | None = -1) -> bytes:
        with _said_as_broken():
            return self._counted(super().read(size))

    def read1(self, size: int = -1) -> bytes:
        with _said_as_broken():
            return self._counted(super().read1(size))

    def readline(self, size: int | None = -1) -> bytes:
        with _said_as_broken():
            return self._counted(super().readline(size))

    def close(self) -> None:
        super().close()
        self._packed.close()

    def _counted(self, data: bytes) -> bytes:
        self._unpacked += len(data)
        refuse_growth(self._unpacked, self._size)
        return data
