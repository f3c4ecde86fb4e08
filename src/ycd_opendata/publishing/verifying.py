"""``ycd verify``: a release is complete, unchanged and valid."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from ycd_opendata.errors import ReleaseError
from ycd_opendata.publishing.release import CHECKSUMS, files_in, sha256
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
