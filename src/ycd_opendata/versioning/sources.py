"""Opening a package wherever a version of it stands: a folder, a ZIP or a git revision."""

from __future__ import annotations

import lzma
import struct
import subprocess
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ycd_opendata.errors import PackageError
from ycd_opendata.package.files import DESCRIPTOR_NAME, resolve_inside
from ycd_opendata.package.model import Package
from ycd_opendata.package.reading import read_package

GIT = "git:"
LARGEST_ARCHIVE = 4 * 2**30
"""What an archive may unpack to, in bytes: a small file can claim to hold a whole disk."""
MOST_MEMBERS = 100_000
"""How many files an archive may have."""

_BROKEN = (
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, struct.error),
    *(OSError, RuntimeError, NotImplementedError, ValueError),
)
"""What the zipfile module raises, encrypted, unknown and damaged members included."""


@contextmanager
def open_package(source: str) -> Iterator[Package]:
    """Open a package; what has to be unpacked for it is gone afterwards.

    Parameters
    ----------
    source : str
        A folder, a ``datapackage.json``, a ``.zip``, or ``git:REVISION`` of the repository that
        the current folder is in.

    Raises
    ------
    PackageError
        It cannot be read, or the archive is broken, too large or leaves its folder.
    """
    is_git = source.startswith(GIT)
    if not is_git and not (source.lower().endswith(".zip") and Path(source).is_file()):
        yield read_package(Path(source))
        return
    with tempfile.TemporaryDirectory(prefix="ycd-") as name:
        folder = Path(name)
        archive = folder / "archive.zip"
        if is_git:
            _archive_revision(source.removeprefix(GIT), archive)
        inside = folder / "content"
        inside.mkdir()
        _unpack(archive if is_git else Path(source), inside, source)
        yield read_package(_top(inside, source))


def _archive_revision(revision: str, archive: Path) -> None:
    if not revision or revision.startswith("-"):
        raise PackageError(f"{revision!r} is no git revision", "such as git:v1.0.0")
    try:
        top = _git("rev-parse", "--show-toplevel")
        commit = _git("rev-parse", "--verify", "--end-of-options", f"{revision}^{{commit}}")
        _git("-C", top, "archive", "--format=zip", f"--output={archive}", commit)
    except FileNotFoundError as error:
        raise PackageError("git is not installed", "name a folder or a ZIP instead") from error
    except subprocess.CalledProcessError as error:
        reason = error.stderr.strip().splitlines()
        raise PackageError(
            f"git has no revision {revision!r} here: {reason[-1] if reason else 'it failed'}",
            "run it inside the repository, with the revision fetched (git fetch --tags)",
        ) from error


def _git(*arguments: str) -> str:
    done = subprocess.run(["git", *arguments], check=True, capture_output=True, text=True)
    return done.stdout.strip()


def _unpack(archive: Path, folder: Path, source: str) -> None:
    try:
        with zipfile.ZipFile(archive) as opened:
            members = [each for each in opened.infolist() if not each.is_dir()]
            if len(members) > MOST_MEMBERS:
                raise PackageError(f"{source!r} has more than {MOST_MEMBERS:,} files")
            # A member gives no more bytes than its size says, whatever is packed in it.
            if sum(each.file_size for each in members) > LARGEST_ARCHIVE:
                raise PackageError(
                    f"{source!r} would unpack to more than {LARGEST_ARCHIVE:,} bytes"
                )
            for member in members:
                resolve_inside(folder, member.filename, source)
                opened.extract(member, folder)
    except _BROKEN as error:
        raise PackageError(f"cannot unpack {source!r}: {error}", "fetch it again") from error


def _top(folder: Path, source: str) -> Path:
    """The folder of an archive's descriptor: its top, or the one folder at its top."""
    found = [folder / DESCRIPTOR_NAME, *folder.glob(f"*/{DESCRIPTOR_NAME}")]
    for each in found:
        if each.is_file():
            return each
    raise PackageError(f"{source!r} has no {DESCRIPTOR_NAME}", "name a data package")
