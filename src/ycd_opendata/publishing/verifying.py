"""``ycd verify``: a release is complete, unchanged and valid, and made of the data it claims."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from pathlib import Path

from ycd_opendata.errors import ReleaseError
from ycd_opendata.package.model import Package
from ycd_opendata.package.reading import read_package
from ycd_opendata.publishing.contents import Contents
from ycd_opendata.publishing.formats.writing import FORMATS
from ycd_opendata.publishing.release import CHECKSUMS, files_in, sha256, write_release
from ycd_opendata.shown import counted
from ycd_opendata.validation.findings import Report
from ycd_opendata.validation.run import validate

_LINE = re.compile(r"([0-9a-f]{64})  (.+)")


def verify_release(folder: Path) -> Report:
    """Recompute every checksum of a release, and validate its tables anew.

    Returns
    -------
    Report
        The validation of the released tables.

    Raises
    ------
    ReleaseError
        There is no ``SHA256SUMS``, or the files are not the ones that it lists.
    """
    problem = next(_differences(folder), None)
    if problem is not None:
        raise ReleaseError(problem, "the folder is not what was released: fetch or build it again")
    return validate(folder)


def verify_origin(folder: Path, package: Package) -> None:
    """Build a release of a package aside, and compare it with one that is there, byte by byte.

    The rows are also counted against those that the validator read in the package: a release that
    is built twice from rows misread twice would be the same to the byte.

    Raises
    ------
    ReleaseError
        They differ, and it says in which file, or in rows; or the package is not valid.
    """
    validated = validate(package.descriptor_path)
    if not validated.valid:
        raise ReleaseError(
            f"the package is not valid: {validated.findings[0].message}",
            "run `ycd validate` on it to see every finding",
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
            difference = first_difference(folder, Path(name))
        if difference is None:
            _refuse_other_rows(validated, built)
            return
    raise ReleaseError(
        f"the release is not what is built from the package: {difference}",
        "name the version of the data that it was built from, and use the same libraries",
    )


def _refuse_other_rows(validated: Report, built: Contents) -> None:
    """Raise unless as many rows were released as were validated."""
    if not all(each.is_table for each in built.package.resources):
        # The validator counts the rows of files without a schema too.
        return
    rows = sum(each.rows for each in validated.layers if each.name == "structure")
    released = sum(each.extent.rows for each in built.tables if not each.derived)
    if released != rows:
        raise ReleaseError(
            f"{counted(rows, 'row')} of the package validated, but {released} released",
            "report this: a release has every row that was validated",
        )


def first_difference(released: Path, built: Path) -> str | None:
    """In which file two releases differ, and how; None if they do not."""
    there, new = files_in(released), files_in(built)
    for path in sorted(there | new, key=_by_what_it_tells):
        if path not in there:
            return f"{path!r} is new"
        if path not in new:
            return f"{path!r} is gone"
        if sha256(released / path) != sha256(built / path):
            return f"{path!r} differs"
    return None


def _by_what_it_tells(path: str) -> tuple[int, str]:
    """Tables first: what describes or holds them differs whenever one of them does."""
    if path.startswith("csv/"):
        return 0, path
    return 2 if path == CHECKSUMS or path.endswith(".zip") else 1, path


def _differences(folder: Path) -> Iterator[str]:
    """What keeps a folder from being what its checksums say."""
    try:
        text = (folder / CHECKSUMS).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        yield f"{str(folder)!r} has no readable {CHECKSUMS}, so it is no release"
        return
    expected = {}
    for number, line in enumerate(text.splitlines(), 1):
        match = _LINE.fullmatch(line)
        if match is None:
            yield f"{CHECKSUMS}, line {number}: expected a SHA-256, two spaces and a path"
            return
        expected[match[2]] = match[1]
    present = files_in(folder) - {CHECKSUMS}
    for path in sorted(present | set(expected)):
        if path not in present:
            yield f"the file {path!r} is missing"
        elif path not in expected:
            yield f"the file {path!r} is not listed in {CHECKSUMS}"
        elif (got := sha256(folder / path)) != expected[path]:
            yield f"the file {path!r} was changed: SHA-256 {got}, expected {expected[path]}"
