"""A file in a ZIP archive, as frictionless finds it."""

from __future__ import annotations

import io
import os
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from ycd_opendata.messages import say
from ycd_opendata.package.tables.limits import RefusedError, refuse_growth
from ycd_opendata.shown import quoted

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer


@dataclass(frozen=True)
class ZippedFile:
    """A file in an archive, with what a table asks of a ``Path``: size and bytes are packed.

    ``inner`` is the declared path in the archive; without one it is the first file.
    """

    path: Path
    inner: str = ""

    @property
    def name(self) -> str:
        """The name whose end says what the text is."""
        outer = self.path.name
        return Path(self.inner or (outer[:-4] if outer.lower().endswith(".zip") else outer)).name

    @property
    def suffix(self) -> str:
        """What the name ends with."""
        return Path(self.name).suffix

    def exists(self) -> bool:
        """Whether the archive is there."""
        return self.path.exists()

    def stat(self) -> os.stat_result:
        """The archive's size."""
        return self.path.stat()

    def open(self, _: str = "rb") -> io.BufferedReader:
        """The archive's bytes."""
        return self.path.open("rb")

    def unpacked(self) -> BinaryIO:
        """The file's bytes.

        Raises OSError, then or while they are read, where the archive is broken or lacks the file.
        """
        return io.BufferedReader(_Member(self))


class Bytes(io.RawIOBase):
    """A stream of bytes that are made as they are asked for."""

    def take(self, size: int) -> bytes | memoryview:
        """The next bytes, at most so many; none at the end."""
        raise NotImplementedError

    def readable(self) -> bool:
        """They are only read."""
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        """Fill a buffer as far as there are bytes, and say how far."""
        view = memoryview(buffer).cast("B")
        data = self.take(len(view))
        view[: len(data)] = data
        return len(data)


class _Member(Bytes):
    """A file of an archive that refuses to grow without bound."""

    def __init__(self, file: ZippedFile) -> None:
        self._size, self._unpacked = file.stat().st_size, 0
        with _as_file_errors(), ExitStack() as opened:
            archive = opened.enter_context(zipfile.ZipFile(file.path))
            names = archive.namelist()
            if not names:
                raise RefusedError(say("the archive is empty"), say("put the table into it"))
            if file.inner and file.inner not in names:
                raise RefusedError(
                    say("the archive has no file {inner}", inner=quoted(file.inner)),
                    say("name one of its files: {names}", names=", ".join(map(quoted, names[:5]))),
                )
            self._stream = archive.open(file.inner or names[0])
            self._opened = opened.pop_all()

    def take(self, size: int) -> bytes:
        with _as_file_errors():
            data = self._stream.read(size)
        self._unpacked += len(data)
        refuse_growth(self._unpacked, self._size)
        return data

    def close(self) -> None:
        if not self.closed:
            super().close()
            self._opened.close()


@contextmanager
def _as_file_errors() -> Iterator[None]:
    """Turn whatever a broken archive raises into OSError."""
    try:
        yield
    except (
        EOFError,
        LookupError,
        NotImplementedError,
        RuntimeError,
        zipfile.BadZipFile,
        zlib.error,
    ) as error:
        raise OSError(str(error)) from error
