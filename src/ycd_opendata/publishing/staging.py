"""Writing into a catalogue: one build at a time, beside its place."""

from __future__ import annotations

import ctypes
import errno
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from ycd_opendata.errors import ReleaseError
from ycd_opendata.messages import mark, reason_of, say

_PREFIX = ".building-"
_AT_FDCWD = -100
_RENAME_EXCHANGE = 2


@contextmanager
def staging(catalogue: Path) -> Iterator[Path]:
    """A folder to write in, on the catalogue's own disk, for the one build that is at work.

    It is gone afterwards whatever happens; what a killed build left is removed first.

    Raises ReleaseError where the catalogue cannot be written, or another build is writing into it.
    """
    missing = [each for each in (catalogue, *catalogue.parents) if not each.exists()]
    with ExitStack() as stack:
        try:
            catalogue.mkdir(parents=True, exist_ok=True)
            stack.enter_context(_locked(catalogue))
            for stale in catalogue.glob(f"{_PREFIX}*"):
                shutil.rmtree(stale, ignore_errors=True)
            folder = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=catalogue))
            folder.chmod(0o755)
        except OSError as error:
            template = mark("cannot write into {catalogue!r}: {reason}")
            raise ReleaseError(
                say(template, catalogue=str(catalogue), reason=reason_of(error))
            ) from error
        try:
            yield folder
        except OSError as error:
            if error.filename:
                raise
            # Such as that the disk is full: not everybody says where.
            reason = error.strerror or str(error)
            raise OSError(error.errno or errno.EIO, reason, str(catalogue)) from error
        finally:
            shutil.rmtree(folder, ignore_errors=True)
            for each in missing:
                if each.is_dir() and not any(each.iterdir()):
                    each.rmdir()


@contextmanager
def _locked(catalogue: Path) -> Iterator[None]:
    """Hold the catalogue alone; the system frees it when the process ends, killed or not."""
    if sys.platform == "win32":  # pragma: no cover - a folder cannot be locked there
        yield
        return
    import fcntl

    handle = os.open(catalogue, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        os.close(handle)
        raise ReleaseError(
            say("another build is writing into {catalogue!r}", catalogue=str(catalogue)),
            say("wait until it is done"),
        ) from error
    try:
        yield
    finally:
        os.close(handle)


def exchange(one: Path, other: Path) -> bool:
    """Swap two folders in one step, so that neither place is ever empty.

    False where the system cannot (it is Linux that can); then nothing was done.
    """
    rename = getattr(ctypes.CDLL(None), "renameat2", None) if sys.platform == "linux" else None
    if rename is None:
        return False
    paths = os.fsencode(one), os.fsencode(other)
    return bool(rename(_AT_FDCWD, paths[0], _AT_FDCWD, paths[1], _RENAME_EXCHANGE) == 0)
