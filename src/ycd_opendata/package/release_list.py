"""``versions.json``, the list of a catalogue's releases, and ``SHA256SUMS``, that of one's files.

Both are read with distrust: they may come from the web or from another hand, and say which folders
are opened and which checksums are believed. So every entry is looked at before anything is done
with one.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from ycd_opendata.errors import DescriptorError, PackageError
from ycd_opendata.messages import mark, say
from ycd_opendata.package.files import read_json
from ycd_opendata.semantic_version import parse_version

VERSIONS, CHECKSUMS = "versions.json", "SHA256SUMS"

_MOST_RELEASES = 10_000
_SHA256 = re.compile(r"[0-9a-f]{64}")
_CHECKSUM = re.compile(r"([0-9a-f]{64})  (.+)")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_CHANGE_FILE = re.compile(r"changes/[0-9A-Za-z.+-]{1,250}\.json")
_BUMPS = (None, "none", "patch", "minor", "major")


def read_release_list(path: Path) -> dict[str, dict[str, Any]]:
    """The entries of a ``versions.json`` by version, in its order.

    Each has ``version``, ``date`` and ``sha256`` (of the release's ``SHA256SUMS``), and may have
    ``bump``, ``summary``, ``changes``, ``changed``, ``records`` and keys of later versions.

    Raises PackageError where it is missing, no such list, very large or very deep, or an entry is
    not what it must be.
    """
    try:
        releases = read_json(path, VERSIONS).get("releases")
    except DescriptorError as error:
        raise _refusal(error.message) from error
    if not isinstance(releases, list):
        raise _refusal(say("it lists no releases"))
    if len(releases) > _MOST_RELEASES:
        raise _refusal(say("it lists more than {most:,} releases", most=_MOST_RELEASES))
    entries: dict[str, dict[str, Any]] = {}
    for number, entry in enumerate(releases, 1):
        if not isinstance(entry, dict):
            raise _refusal(say("release {number} is no object", number=number))
        for key, (is_right, what) in _KEYS.items():
            if not is_right(entry.get(key)):
                raise _refusal(
                    say(
                        "{key!r} of release {number} is not {what}",
                        key=key,
                        number=number,
                        what=what,
                    )
                )
        if entry["version"] in entries:
            raise _refusal(say("version {version} is in it twice", version=entry["version"]))
        entries[entry["version"]] = entry
    return entries


class NoChecksumError(Exception):
    """A line, whose number this holds, is no checksum and path."""


def read_checksums(path: Path) -> dict[str, str]:
    """The SHA-256 of each file that a ``SHA256SUMS`` lists, by its path.

    Raises NoChecksumError where a line says something else.
    """
    found = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        match = _CHECKSUM.fullmatch(line)
        if match is None:
            raise NoChecksumError(number)
        found[match[2]] = match[1]
    return found


def checksums_text(folder: Path) -> str:
    """The ``SHA256SUMS`` of a folder: each file but itself, sorted by path."""
    return "".join(
        f"{sha256(folder / path)}  {path}\n" for path in sorted(files_in(folder) - {CHECKSUMS})
    )


def files_in(folder: Path) -> set[str]:
    """The files below a folder, as paths relative to it."""
    return {each.relative_to(folder).as_posix() for each in folder.rglob("*") if not each.is_dir()}


def sha256(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _refusal(reason: str) -> PackageError:
    return PackageError(
        say("the catalogue's versions.json cannot be read: {reason}", reason=reason),
        say("fetch it again"),
    )


def _matches(pattern: re.Pattern[str]) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, str) and bool(pattern.fullmatch(value))


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**53


def _counts(value: Any) -> bool:
    return value is None or (isinstance(value, Mapping) and all(map(_is_count, value.values())))


def _counts_by_table(value: Any) -> bool:
    return value is None or (
        isinstance(value, Mapping)
        and all(each is not None and _counts(each) for each in value.values())
    )


_KEYS: dict[str, tuple[Callable[[Any], bool], str]] = {
    "version": (
        lambda value: isinstance(value, str) and parse_version(value) is not None,
        "MAJOR.MINOR.PATCH",
    ),
    "date": (_matches(_DAY), "a day"),
    "sha256": (_matches(_SHA256), mark("a SHA-256 in hexadecimal")),
    "bump": (lambda value: value in _BUMPS, "a bump"),
    "summary": (lambda value: value is None or isinstance(value, str), "text"),
    "changes": (
        lambda value: value is None or _matches(_CHANGE_FILE)(value),
        mark("the path of a change file"),
    ),
    "changed": (_counts_by_table, mark("counts by table")),
    "records": (_counts, mark("counts by table")),
}
