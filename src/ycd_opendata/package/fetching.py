"""Bringing a package here from a git revision, an archive or the web, with distrust."""

from __future__ import annotations

import lzma
import posixpath
import struct
import zipfile
import zlib
from pathlib import Path
from urllib.parse import quote, urljoin

from ycd_opendata.errors import DescriptorError, PackageError
from ycd_opendata.messages import say
from ycd_opendata.package.documents import YAML_ENDINGS
from ycd_opendata.package.files import (
    DESCRIPTOR_NAMES,
    descriptor_in,
    is_web_address,
    read_document,
    resolve_inside,
)
from ycd_opendata.package.reading import named_files
from ycd_opendata.package.revisions import GitError, commit_of, git
from ycd_opendata.package.web import NotFetchedError, download

LARGEST_ARCHIVE = 4 * 2**30
"""What an archive may unpack to, in bytes: a small file can claim to hold a whole disk."""
MOST_MEMBERS = 100_000
"""How many files an archive may have."""

_FEW = 10
_BROKEN = (
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, struct.error),
    *(OSError, RuntimeError, NotImplementedError, ValueError),
)
"""What the zipfile module raises, encrypted, unknown and damaged members included."""


def archive_revision(text: str, archive: Path) -> str:
    """Write a git revision into a ZIP, and say where in it the package's descriptor is.

    ``text`` is ``REVISION`` or ``REVISION:PATH``. Without a path it is the current folder's; a
    path, as git has it, is from the repository's top, or from the current folder if it has ``./``.

    Raises PackageError where there is no git, repository or revision, or nothing of this path in
    it.
    """
    revision, colon, path = text.partition(":")
    commit = commit_of(revision, Path())
    top, here = git("rev-parse", "--show-toplevel"), git("rev-parse", "--show-prefix")
    is_from_here = not colon or path.startswith("./")
    wanted = posixpath.normpath(posixpath.join(here if is_from_here else "", path) or ".")
    found = _descriptors(top, commit, wanted)
    if not found:
        raise PackageError(
            say(
                "git revision {revision!r} has no datapackage.json at {wanted!r}",
                revision=revision,
                wanted=wanted,
            ),
            _others(top, commit, revision),
        )
    try:
        folder = posixpath.dirname(found[0]) or "."
        git("-C", top, "archive", "--format=zip", f"--output={archive}", commit, "--", folder)
    except GitError as error:
        raise PackageError(
            say("git cannot archive {revision!r}: {error}", revision=revision, error=error)
        ) from error
    return found[0]


def _others(top: str, commit: str, revision: str) -> str:
    """Which packages a revision has instead of the one that was looked for."""
    folders = {posixpath.dirname(each) or "." for each in _descriptors(top, commit, None)}
    if not folders:
        return say("name a revision that has a data package")
    named = ", ".join(f"git:{revision}:{each}" for each in sorted(folders)[:_FEW])
    return say("there is {named}", named=named)


def _descriptors(top: str, commit: str, wanted: str | None) -> list[str]:
    """The descriptors of a revision: in one folder (or the one of this path), or all of them."""
    listed = git("-C", top, "ls-tree", "-r", "-z", "--name-only", "--full-tree", commit)
    files = [each for each in listed.split("\0") if each]
    if wanted is None:
        return [each for each in files if posixpath.basename(each) in DESCRIPTOR_NAMES]
    named = [wanted, *(posixpath.normpath(f"{wanted}/{name}") for name in DESCRIPTOR_NAMES)]
    there = {*files}
    return [each for each in named if each in there]


def unpack(archive: Path, folder: Path, source: str, wanted: str | None = None) -> Path:
    """Unpack an archive into a folder, and say where in it the descriptor is.

    ``wanted`` is its path, if that is known; else it is at the top, or in the one folder there
    that has one.

    Raises PackageError where the archive is broken, too large, leaves its folder or has no package;
    or several.
    """
    try:
        with zipfile.ZipFile(archive) as opened:
            members = [each for each in opened.infolist() if not each.is_dir()]
            if len(members) > MOST_MEMBERS:
                raise PackageError(
                    say("{source!r} has more than {most:,} files", source=source, most=MOST_MEMBERS)
                )
            # A member gives no more bytes than its size says, whatever is packed in it.
            if sum(each.file_size for each in members) > LARGEST_ARCHIVE:
                raise PackageError(
                    say(
                        "{source!r} would unpack to more than {most:,} bytes",
                        source=source,
                        most=LARGEST_ARCHIVE,
                    )
                )
            for member in members:
                resolve_inside(folder, member.filename, source)
                opened.extract(member, folder)
    except _BROKEN as error:
        raise PackageError(
            say("cannot unpack {source!r}: {error}", source=source, error=error),
            say("fetch it again"),
        ) from error
    if wanted is not None:
        return folder / wanted
    at_top = descriptor_in(folder)
    below = [] if at_top else [descriptor_in(each) for each in folder.iterdir() if each.is_dir()]
    found = [each for each in (at_top, *below) if each]
    if not found:
        raise PackageError(
            say("{source!r} has no datapackage.json", source=source), say("name a data package")
        )
    if len(found) > 1:
        names = ", ".join(sorted(each.parent.name for each in found)[:_FEW])
        raise PackageError(
            say("{source!r} has several packages: {names}", source=source, names=names),
            say("unpack it, and name one of its folders"),
        )
    return found[0]


def download_package(url: str, folder: Path) -> Path:
    """Download a package that stands on the web, file by file, into a folder.

    A file that the server does not have is left out: whoever reads the package says that it is
    missing. What the descriptor names by a whole address stays where it is.

    Raises PackageError where the address gives no descriptor, a file cannot be fetched, or it is
    too much.
    """
    descriptor = folder / posixpath.basename(url.partition("?")[0])
    base, left = url, LARGEST_ARCHIVE
    if descriptor.suffix.lower() in (".json", *YAML_ENDINGS):
        left -= download(url, descriptor, left)
    else:
        base = f"{url.rstrip('/')}/"
        descriptor, size = _downloaded_descriptor(base, folder)
        left -= size
    document = read_document(descriptor, descriptor.name)
    for text in named_files(document.value):
        if is_web_address(text):
            continue
        try:
            place = resolve_inside(folder, text, descriptor.name)
        except DescriptorError:
            continue  # told of when the descriptor is read
        if place.exists():
            continue
        try:
            left -= download(urljoin(base, quote(text)), place, left)
        except NotFetchedError as error:
            if not error.is_missing:
                raise
    return descriptor


def _downloaded_descriptor(base: str, folder: Path) -> tuple[Path, int]:
    """The descriptor of a folder on the web, under whichever of its names it is there."""
    for name in DESCRIPTOR_NAMES:
        try:
            return folder / name, download(base + name, folder / name, LARGEST_ARCHIVE)
        except NotFetchedError as error:
            if not error.is_missing:
                raise
    raise PackageError(
        say("{base} has no datapackage.json", base=base), say("name the address of the descriptor")
    )
