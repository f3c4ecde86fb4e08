"""Writing into a catalogue: beside its place, one build at a time, safe to kill at any moment.

Everything is written and verified beside its place; what is left are renames, each of which the
system does wholly or not at all. Several places cannot change in one step, so the order of the
steps decides what a reader sees:

1. ``.publishing/`` appears in the catalogue, with the new list and all that follows it;
2. the release and its change file move in: no reader knows of them, as no list names them;
3. ``versions.json`` is replaced: from here on the catalogue is the new one;
4. each view, such as ``latest/``, is exchanged for the new one;
5. ``.publishing/`` goes.

``versions.json`` is the single point of truth. Before step 3 everything listed is as it was, and
after it as it is now; a view is whole at any moment, the one before or the one after. The build
after a killed one first does what is left to do: it withdraws what nobody was told of, or, if the
new list stands, exchanges the views. The catalogue's own folder is not exchanged, which would be
one step: it may be mounted somewhere, or somebody may stand in it.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import json
import os
import re
import shutil
import stat
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from ycd_opendata.errors import DescriptorError, ReleaseError
from ycd_opendata.messages import mark, reason_of, say
from ycd_opendata.package.files import read_json
from ycd_opendata.package.release_list import VERSIONS

CHANGES = "changes"
NEW = "new"
"""In the folder that moves in: ``vX.Y.Z/`` and ``changes/OLD..NEW.json``, where they are new."""
VIEWS = "views"
"""In the folder that moves in: what is replaced, each file or folder in it as a whole."""

_JOURNAL = ".publishing"
_READY = "ready"
_NAMES = "new.json"
_NAME = re.compile(rf"v[0-9][0-9A-Za-z.+-]*|{CHANGES}/[0-9][0-9A-Za-z.+-]*\.json")
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
            reason = reason_of(error)
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


def move_in(catalogue: Path, incoming: Path) -> None:
    """Move a build's work into the catalogue, or leave the catalogue as it was.

    ``incoming`` is a folder on its disk: the new ``versions.json``, ``new/`` and ``views/``.
    """
    _make_ready(incoming)
    shutil.copy2(incoming / VERSIONS, incoming / _READY / VERSIONS)
    new = [*(incoming / NEW).glob("v*"), *(incoming / NEW / CHANGES).glob("*.json")]
    names = [each.relative_to(incoming / NEW).as_posix() for each in new]
    (incoming / _NAMES).write_text(json.dumps({NEW: names}), encoding="utf-8")
    journal = catalogue / _JOURNAL
    with ExitStack() as undo:
        incoming.rename(journal)
        undo.callback(journal.rename, incoming)
        for name in names:
            _move_new(journal / NEW / name, catalogue / name, undo)
        _replace(journal / _READY / VERSIONS, catalogue / VERSIONS, undo)
        _move_views(journal, catalogue, undo)
        undo.pop_all()
    journal.rename(incoming)


def finish_what_was_killed(catalogue: Path, aside: Path) -> None:
    """Bring a catalogue in which a build was killed to one side or the other.

    Raises ReleaseError where what that build left cannot be read.
    """
    journal = catalogue / _JOURNAL
    if not journal.exists():
        return
    if _is_listed(journal, catalogue):
        shutil.rmtree(journal / _READY, ignore_errors=True)
        _make_ready(journal)
        _move_views(journal, catalogue, ExitStack())
    else:
        _withdraw(journal, catalogue, aside)
    journal.rename(aside / "finished")


def _make_ready(folder: Path) -> None:
    """Have each view twice: one to move in, and one to finish with if this build is killed."""
    shutil.copytree(folder / VIEWS, folder / _READY, copy_function=_another)


def _another(path: str, place: str) -> None:
    """Name a file once more, as none is written into; copy it where a disk knows no links."""
    try:
        os.link(path, place)
    except OSError:
        shutil.copy2(path, place)


def _move_new(new: Path, place: Path, undo: ExitStack) -> None:
    if not place.parent.exists():
        place.parent.mkdir()
        undo.callback(place.parent.rmdir)
    new.rename(place)
    undo.callback(place.rename, new)


def _move_views(journal: Path, catalogue: Path, undo: ExitStack) -> None:
    for name in sorted(each.name for each in (journal / VIEWS).iterdir()):
        _replace(journal / _READY / name, catalogue / name, undo)


def _replace(new: Path, place: Path, undo: ExitStack) -> None:
    """Put a file or folder in a place, in one step where the system can."""
    if not place.exists():
        new.rename(place)
        undo.callback(place.rename, new)
    elif exchange(new, place):
        undo.callback(exchange, new, place)
    elif new.is_file() and place.is_file():
        before = new.with_name(f"{new.name}.before")
        shutil.copy2(place, before)
        new.replace(place)
        undo.callback(before.replace, place)
    else:
        before = new.with_name(f"{new.name}.before")
        place.rename(before)
        undo.callback(before.rename, place)
        new.rename(place)
        undo.callback(place.rename, new)


def exchange(one: Path, other: Path) -> bool:
    """Swap two folders in one step, so that neither place is ever empty.

    False where the system cannot (it is Linux that can); then nothing was done.
    """
    rename = getattr(ctypes.CDLL(None), "renameat2", None) if sys.platform == "linux" else None
    if rename is None:
        return False
    paths = os.fsencode(one), os.fsencode(other)
    return bool(rename(_AT_FDCWD, paths[0], _AT_FDCWD, paths[1], _RENAME_EXCHANGE) == 0)


def _is_listed(journal: Path, catalogue: Path) -> bool:
    """Whether the killed build came as far as its list."""
    try:
        return (journal / VERSIONS).read_bytes() == (catalogue / VERSIONS).read_bytes()
    except FileNotFoundError:
        return False


def _withdraw(journal: Path, catalogue: Path, aside: Path) -> None:
    """Take out what the killed build had moved in and no list names."""
    try:
        names = [str(each) for each in read_json(journal / _NAMES, _NAMES)[NEW]]
        if not all(map(_NAME.fullmatch, names)):
            raise ValueError(say("{names!r} names what no build moves", names=_NAMES))
    except (DescriptorError, KeyError, TypeError, ValueError) as error:
        raise ReleaseError(
            say("a build was killed, and what it left cannot be read: {error}", error=error),
            say("remove the folder {journal!r} from the catalogue", journal=_JOURNAL),
        ) from error
    (aside / "withdrawn").mkdir()
    for name in names:
        # What was not moved yet is still in the journal, and its place is not that build's.
        if (catalogue / name).exists() and not (journal / NEW / name).exists():
            (catalogue / name).rename(aside / "withdrawn" / Path(name).name)
    folder = catalogue / CHANGES
    if folder.is_dir() and not any(folder.iterdir()):
        folder.rmdir()


def write_atomically(path: Path, content: bytes) -> None:
    """Replace a file's content in one step: written beside it, then moved into place.

    A file that was there keeps its mode, and its owner where the system lets us give it away.
    """
    try:
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    except OSError as error:
        # Nobody knows the name of the file beside it.
        raise type(error)(error.errno, error.strerror, str(path)) from error
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
