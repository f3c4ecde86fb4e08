"""What keeps a hostile table from exhausting the machine, whatever engine reads it."""

from __future__ import annotations

import bz2
import gzip
import lzma
import signal
import threading
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import BinaryIO, cast

from ycd_opendata.messages import say

MOST_COLUMNS = 20_000
"""More columns than this are no table's."""

LONGEST_RECORD = 2**25
"""A record of so many characters is no table's, and memory is not filled with it."""

MOST_UNPACKED, MOST_TIMES = 2**26, 100
"""A packed file may grow to so many bytes, or to so many times its size if that is more."""

_TICK = 0.25
_TICKS = 8
_MATCHERS = (
    "/csv.py",
    "/frictionless/schema/field.py",
    "/frictionless/fields/string.py",
    "/planning/patterns.py",
    "/jsonschema/_keywords.py",
    "/re/__init__.py",
)
"""Where patterns from a descriptor or guesses about a file run over foreign text."""

_XZ_MEMORY = 2**27
_CHUNK = 2**20
_STREAMS: dict[bytes, Callable[[Path], BinaryIO]] = {
    b"\x1f\x8b": lambda path: cast(BinaryIO, gzip.GzipFile(path)),
    b"BZh": lambda path: cast(BinaryIO, bz2.BZ2File(path)),
    b"\xfd7zXZ": lambda path: cast(BinaryIO, lzma.LZMAFile(path)),  # noqa: SIM115 - closed by the caller
}
"""How packed files start, and what unpacks them."""


class RefusedError(Exception):
    """Nothing should read the file: it is made to exhaust the machine, or would be misread.

    The text says why, and ``hint`` what to do, where that is not to make it smaller.
    """

    def __init__(self, reason: str, hint: str = "") -> None:
        super().__init__(reason)
        self.hint = hint


class _Interruption(BaseException):
    """Passes through what catches every ordinary exception."""


@contextmanager
def not_stuck() -> Iterator[None]:
    """Refuse the table in the block when one cell keeps a pattern busy for seconds.

    A pattern that backtracks would run for years. Python's matcher can be interrupted by a
    signal, which Windows and threads other than the main one do not have; processor time is
    counted, so that a busy machine changes nothing.

    Raises RefusedError where again and again the same call of the matcher was found running.
    """
    usable = hasattr(signal, "SIGVTALRM") and threading.current_thread() is threading.main_thread()
    if not usable:
        yield
        return
    last: FrameType | None = None
    score = 0

    def look(_: int, frame: FrameType | None) -> None:
        nonlocal last, score
        matching = frame is not None and frame.f_code.co_filename.endswith(_MATCHERS)
        score = score + 1 if matching and frame is last else max(0, score - 1)
        last = frame
        if score >= _TICKS:
            raise _Interruption

    before = signal.signal(signal.SIGVTALRM, look)
    signal.setitimer(signal.ITIMER_VIRTUAL, _TICK, _TICK)
    try:
        yield
    except _Interruption:
        raise RefusedError(say("a pattern takes too long on its text")) from None
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def refuse_bomb(path: Path) -> None:
    """Refuse a packed file that grows beyond measure, without keeping what it unpacks to.

    Raises RefusedError where it grows so, or breaks off, which no engine says well; OSError where
    it cannot be read.
    """
    size = path.stat().st_size
    try:
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as archive:
                # zipfile itself stops reading a member at the size that the directory says.
                refuse_growth(sum(each.file_size for each in archive.infolist()), size)
            return
        with path.open("rb") as stream:
            start = stream.read(_CHUNK)
        for mark, open_packed in _STREAMS.items():
            if start.startswith(mark):
                if mark.endswith(b"XZ"):
                    lzma.LZMADecompressor(memlimit=_XZ_MEMORY).decompress(start, 1)
                with open_packed(path) as stream:
                    unpacked = 0
                    while chunk := stream.read(_CHUNK):
                        unpacked += len(chunk)
                        refuse_growth(unpacked, size)
    except lzma.LZMAError as error:
        if "emory" in str(error):
            raise RefusedError(say("to unpack it takes too much memory")) from error
    except EOFError as error:
        raise broken_off() from error
    except (zlib.error, gzip.BadGzipFile, zipfile.BadZipFile):
        # Broken, not hostile: the engine that reads it says so.
        return


def broken_off() -> RefusedError:
    """What is wrong with a packed file that ends too early."""
    return RefusedError(
        say("the packed file breaks off before its end"), say("fetch or pack it again")
    )


def refuse_growth(unpacked: int, packed: int) -> None:
    """Raise RefusedError if a file of ``packed`` bytes may not unpack to so many."""
    if unpacked > max(MOST_UNPACKED, MOST_TIMES * packed):
        raise RefusedError(say("it unpacks to more than {times} times its size", times=MOST_TIMES))
