"""``ycd verify``: a release is complete, unchanged and valid, and made of the data it claims."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

from ycd_opendata.errors import ReleaseError
from ycd_opendata.messages import counted, mark, say
from ycd_opendata.package.files import descriptor_in, find_descriptor
from ycd_opendata.package.model import Package
from ycd_opendata.package.reading import read_package
from ycd_opendata.package.release_list import (
    CHECKSUMS,
    NoChecksumError,
    checksums_text,
    files_in,
    read_checksums,
    sha256,
)
from ycd_opendata.publishing.contents import Contents
from ycd_opendata.publishing.formats.writing import FORMATS
from ycd_opendata.publishing.release import write_release
from ycd_opendata.validation.findings import Report
from ycd_opendata.validation.run import validate
from ycd_opendata.validation.structure import SILENCE, Progress


def verify_release(folder: Path, progress: Progress = SILENCE, named: str | None = None) -> Report:
    """Recompute every checksum of a release, and validate its tables anew.

    ``progress`` is told how much of each table has been read; ``named`` is what the user calls
    the folder.

    Raises ReleaseError where there is no ``SHA256SUMS``, or the files are not those that it lists.
    """
    _refuse_other_folders(folder, named or str(folder))
    problem = next(_differences(folder), None)
    if problem is not None:
        raise ReleaseError(
            problem, say("the folder is not what was released: fetch or build it again")
        )
    return validate(folder, progress=progress)


def verify_origin(folder: Path, package: Package) -> None:
    """Build a release of a package aside, and compare it with one that is there, byte by byte.

    The rows are also counted against those that the validator read in the package: a release that
    is built twice from rows misread twice would be the same to the byte.

    Raises ReleaseError where they differ, and it says in which file, or in rows; or the package is
    not valid.
    """
    validated = validate(package.descriptor_path)
    if not validated.valid:
        raise ReleaseError(
            say("the package is not valid: {message}", message=validated.findings[0].message),
            say("run `ycd validate` on it to see every finding"),
        )
    released = read_package(folder).raw.get("homepage")
    own = package.raw.get("homepage")
    # A homepage is the package's own, or the base URL that the release was built with.
    bases = [None, released] if released == own else [released]
    formats = [
        each for each in FORMATS if (folder / each).is_dir() or any(folder.glob(f"*.{each}"))
    ]
    for base_url in bases:
        with tempfile.TemporaryDirectory(prefix="ycd-") as name:
            built = write_release(package, Path(name), base_url, formats)
            if not any(folder.glob("*.zip")):
                _become_archived(Path(name))
            difference = first_difference(folder, Path(name))
        if difference is None:
            _refuse_other_rows(validated, built)
            return
    raise ReleaseError(
        say(
            "the release is not what is built from the package: {difference}", difference=difference
        ),
        say("name the version of the data that it was built from, and use the same libraries"),
    )


def _become_archived(release: Path) -> None:
    """Make a release's folder what its ZIP holds, which cannot hold itself."""
    for archive in release.glob("*.zip"):
        archive.unlink()
    (release / CHECKSUMS).write_text(checksums_text(release), "utf-8")


def _refuse_other_rows(validated: Report, built: Contents) -> None:
    """Raise unless as many rows were released as were validated."""
    if not all(each.is_table for each in built.package.resources):
        # The validator counts the rows of files without a schema too.
        return
    rows = sum(each.rows for each in validated.layers if each.name == "structure")
    released = sum(each.extent.rows for each in built.tables if not each.derived)
    if released != rows:
        template = mark("{size} of the package validated, but {released} released")
        raise ReleaseError(
            say(template, size=counted(rows, "row"), released=released),
            say("report this: a release has every row that was validated"),
        )


def first_difference(released: Path, built: Path) -> str | None:
    """In which file two releases differ, and how; None if they do not."""
    there, new = files_in(released), files_in(built)
    for path in sorted(there | new, key=_by_what_it_tells):
        if path not in there:
            return say("{path!r} is new", path=path)
        if path not in new:
            return say("{path!r} is gone", path=path)
        if sha256(released / path) != sha256(built / path):
            return say("{path!r} differs", path=path)
    return None


def _by_what_it_tells(path: str) -> tuple[int, str]:
    """Tables first: what describes or holds them differs whenever one of them does."""
    if path.startswith("csv/"):
        return 0, path
    return 2 if path == CHECKSUMS or path.endswith(".zip") else 1, path


def _refuse_other_folders(folder: Path, named: str) -> None:
    """Say what to name instead of a folder that is none of a release."""
    if (folder / CHECKSUMS).exists():
        return
    if not folder.exists():
        find_descriptor(folder)
    inside = sorted(folder.glob(f"*/{CHECKSUMS}"))
    if inside:
        hint = say("its releases are in it: name one, such as {one}", one=inside[-1].parent)
    elif descriptor_in(folder):
        hint = say("it is a package: `ycd build` makes a release of it, `ycd validate` checks it")
    else:
        hint = say("name the folder of a release, or its ZIP")
    template = mark("{folder!r} has no {checksums}, so it is no release")
    raise ReleaseError(say(template, folder=named, checksums=CHECKSUMS), hint)


def _differences(folder: Path) -> Iterator[str]:
    """What keeps a folder from being what its checksums say."""
    try:
        expected = read_checksums(folder / CHECKSUMS)
    except (OSError, UnicodeDecodeError):
        yield say("{checksums} cannot be read", checksums=CHECKSUMS)
        return
    except NoChecksumError as line:
        template = mark("{checksums}, line {number}: expected a SHA-256, two spaces and a path")
        yield say(template, checksums=CHECKSUMS, number=line)
        return
    present = files_in(folder) - {CHECKSUMS}
    for path in sorted(present | set(expected)):
        if path not in present:
            yield say("the file {path!r} is missing", path=path)
        elif path not in expected:
            yield say(
                "the file {path!r} is not listed in {checksums}", path=path, checksums=CHECKSUMS
            )
        elif (got := sha256(folder / path)) != expected[path]:
            yield say(
                "the file {path!r} was changed: SHA-256 {got}, expected {expected}",
                path=path,
                got=got,
                expected=expected[path],
            )
