"""Writing files so that nobody ever meets half of one."""

from __future__ import annotations

import contextlib
import os
import stat
import tempfile
from pathlib import Path


def write_atomically(path: Path, content: bytes) -> None:
    """Replace a file's content in one step: written beside it, then moved into place.

    A file that was there keeps its mode, and its owner where the system lets us give it away.
    """
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    beside = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        _keep_owner_and_mode(path, beside)
        beside.replace(path)
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            beside.unlink()
        raise


def _keep_owner_and_mode(path: Path, beside: Path) -> None:
    if not path.exists():
        beside.chmod(0o644)
        return
    before = path.stat()
    if hasattr(os, "chown"):
        with contextlib.suppress(PermissionError):
            os.chown(beside, before.st_uid, before.st_gid)
    # Last, because a change of owner takes some bits away.
    beside.chmod(stat.S_IMODE(before.st_mode))
