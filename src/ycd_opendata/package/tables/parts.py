"""The files of a table as one stream of bytes, unpacked and joined as frictionless joins them.

Of each file behind the first one the first line is left out where the table has a header: it is
taken for the header once more, whatever it holds. Nothing else is looked at: a last line without
an end goes on in the next file.
"""

from __future__ import annotations

import gzip
import io
from collections.abc import Generator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, cast

from ycd_opendata.package.tables.limits import refuse_growth

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

_CHUNK = 2**18
_LONGEST_FIRST_LINE = 4096


class OddPartError(Exception):
    """A part whose first line frictionless would leave out in part only."""


def open_parts(paths: Sequence[Path], *, headed: bool) -> BinaryIO:
    """The bytes of a table's files, one behind the other.

    Raises
    ------
    OSError
        A file cannot be opened; later ones may raise while they are read.
    """
    if len(paths) == 1:
        return _open(paths[0])
    return io.BufferedReader(_Joined(paths, headed=headed), _CHUNK)


def digest(paths: Sequence[Path], *, headed: bool, algorithm: str) -> tuple[int, str]:
    """The size in bytes and the hash of a table's files; a single one is taken as it is packed."""
    import hashlib

    found, size = hashlib.new(algorithm), 0
    is_single = len(paths) == 1
    with paths[0].open("rb") if is_single else open_parts(paths, headed=headed) as stream:
        while chunk := stream.read(_CHUNK):
            found.update(chunk)
            size += len(chunk)
    return size, found.hexdigest()


def line_counts(paths: Sequence[Path]) -> list[int]:
    """How many line ends each file has, be they LF, CRLF or CR."""
    counts = []
    for path in paths:
        count, last = 0, b""
        with _open(path) as stream:
            while chunk := stream.read(_CHUNK):
                count += chunk.count(b"\n") + chunk.count(b"\r") - chunk.count(b"\r\n")
                count -= last == b"\r" and chunk.startswith(b"\n")
                last = chunk[-1:]
        counts.append(count)
    return counts


class _Joined(io.RawIOBase):
    """Several files as one."""

    def __init__(self, paths: Sequence[Path], *, headed: bool) -> None:
        self._chunks = self._read(paths, headed=headed)
        self._rest = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        if not self._rest:
            self._rest = memoryview(next(self._chunks, b""))
        view = memoryview(buffer).cast("B")
        size = min(len(view), len(self._rest))
        view[:size], self._rest = self._rest[:size], self._rest[size:]
        return size

    def close(self) -> None:
        self._chunks.close()
        super().close()

    @staticmethod
    def _read(paths: Sequence[Path], *, headed: bool) -> Generator[bytes]:
        for number, path in enumerate(paths):
            with _open(path) as stream:
                if headed and number:
                    start = _behind_first_line(stream.read(_LONGEST_FIRST_LINE), path)
                    if start:
                        yield start
                while chunk := stream.read(_CHUNK):
                    yield chunk


def _behind_first_line(start: bytes, path: Path) -> bytes:
    first = next(iter(start.splitlines(keepends=True)), b"")
    if len(first) == _LONGEST_FIRST_LINE:
        raise OddPartError(f"the first line of {path.name} is very long")
    return start[len(first) :]


def _open(path: Path) -> BinaryIO:
    if path.suffix.lower() != ".gz":
        return path.open("rb")
    return cast(BinaryIO, _Unpacked(path))


class _Unpacked(gzip.GzipFile):
    """A gzip file that refuses to grow without bound."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self._size, self._unpacked = path.stat().st_size, 0

    def read(self, size: int | None = -1) -> bytes:
        return self._counted(super().read(size))

    def read1(self, size: int = -1) -> bytes:
        return self._counted(super().read1(size))

    def readline(self, size: int | None = -1) -> bytes:
        return self._counted(super().readline(size))

    def _counted(self, data: bytes) -> bytes:
        self._unpacked += len(data)
        refuse_growth(self._unpacked, self._size)
        return data
