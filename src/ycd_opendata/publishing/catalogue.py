"""The catalogue: a folder of releases, each written once and never changed.

::

    v1.0.0/         a release
    latest/         a copy of the highest release
    changes/        OLD..NEW.json: what leads from a release to the next
    versions.json   every release with date, place, checksum, bump, records and what changed,
                    and which one is latest

A release is written beside its place, verified there, and moved in whole. ``versions.json`` is
replaced last, so a reader who starts from it meets only finished releases.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from ycd_opendata.errors import DescriptorError, ReleaseError
from ycd_opendata.package.files import read_json
from ycd_opendata.package.model import Package
from ycd_opendata.package.reading import read_package
from ycd_opendata.publishing.release import CHECKSUMS, files_in, sha256, write_release
from ycd_opendata.publishing.staging import exchange, staging
from ycd_opendata.publishing.verifying import verify_release
from ycd_opendata.publishing.writing import write_atomically
from ycd_opendata.validation.findings import Report
from ycd_opendata.versioning.applying import change_file
from ycd_opendata.versioning.comparing import Comparison, compare, own_tables, read_text
from ycd_opendata.versioning.formats import summary

VERSIONS = "versions.json"
CHANGES = "changes"

_NOTE = ".publishing.json"
_KEPT = ("records", "bump", "summary", "changes")

_VERSION = re.compile(r"(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True)
class Published:
    """What a build did: the release's folder, its validation, and whether it was there before."""

    version: str
    folder: Path
    report: Report
    was_there: bool


def publish(
    package: Package,
    catalogue: Path,
    base_url: str | None = None,
    on_step: Callable[[str], None] = lambda _: None,
) -> Published:
    """Write a valid package's release into a catalogue.

    Parameters
    ----------
    base_url : str, optional
        Where the catalogue will stand on the web; without it all links are relative.
    on_step : callable
        Told what is done next.

    Raises
    ------
    ReleaseError
        The version or date is none, the release would not verify, or this version was
        released with other content. Nothing is left behind.
    """
    version = _release_version(package)
    base = _normal_url(base_url) if base_url is not None else None
    with staging(catalogue) as aside, ExitStack() as undo:
        _take_back(catalogue, aside)
        on_step("writing tables")
        staged = aside / f"v{version}"
        staged.mkdir()
        write_release(package, staged, base)
        on_step("verifying the release")
        report = verify_release(staged)
        if not report.valid:
            raise ReleaseError(
                f"the written release has {report.count('error')} errors, first: "
                f"{report.findings[0].message}"
            )
        on_step("moving it into place")
        folder = catalogue / staged.name
        entries = _read_entries(catalogue)
        was_there = folder.exists()
        if was_there:
            _refuse_difference(folder, staged)
        if version not in entries:
            entries[version] = _entry(package, staged)
            _describe_changes(catalogue, entries, version, staged, aside)
        if not was_there:
            note = json.dumps({"version": version}) + "\n"
            _write_note(catalogue, note, undo)
            shutil.copytree(staged, aside / "release")
            (aside / "release").rename(folder)
            undo.callback(folder.rename, aside / "withdrawn")
        _move_changes(catalogue, aside, undo)
        if max(entries, key=_precedence) == version:
            _replace_folder(catalogue / "latest", staged, aside, undo)
        text = json.dumps(_versions(entries, base), ensure_ascii=False, indent=2) + "\n"
        write_atomically(catalogue / VERSIONS, text.encode())
        undo.pop_all()
        (catalogue / _NOTE).unlink(missing_ok=True)
    return Published(version, folder, report, was_there)


def _release_version(package: Package) -> str:
    if not _VERSION.fullmatch(package.version):
        raise ReleaseError(
            f"version {package.version!r} is not MAJOR.MINOR.PATCH, so it cannot be released",
            "set it in datapackage.json, such as 1.0.0",
        )
    if not _DAY.match(package.created):
        raise ReleaseError(
            "the package says no day of release",
            'set "created" in datapackage.json, such as "2022-01-17T00:00:00Z"',
        )
    return package.version


def _normal_url(base_url: str) -> str:
    parts = urlsplit(base_url)
    if parts.scheme not in ("http", "https") or not parts.netloc or parts.query or parts.fragment:
        raise ReleaseError(
            f"--base-url {base_url!r} is no web address of a folder",
            "such as https://example.org/data/",
        )
    return base_url.rstrip("/") + "/"


def _refuse_difference(released: Path, staged: Path) -> None:
    """Raise if a version that was released before would now have other content."""
    there, new = files_in(released), files_in(staged)
    # What describes the tables differs whenever one of them does, so it says less than they.
    for path in sorted(there | new, key=lambda each: (not each.startswith("csv/"), each)):
        if path not in there or path not in new or sha256(released / path) != sha256(staged / path):
            what = "is new" if path not in there else "is gone" if path not in new else "differs"
            raise ReleaseError(
                f"{released.name} was released with other content: {path!r} {what}",
                "what was released is never changed: raise the version in datapackage.json",
            )


def _replace_folder(place: Path, content: Path, aside: Path, undo: ExitStack) -> None:
    """Put a copy of a folder in a place, in one step where the system can."""
    copy = aside / "latest"
    shutil.copytree(content, copy)
    if not place.exists():
        copy.rename(place)
        undo.callback(place.rename, copy)
    elif exchange(copy, place):
        undo.callback(exchange, copy, place)
    else:
        place.rename(aside / "before")
        undo.callback((aside / "before").rename, place)
        copy.rename(place)
        undo.callback(place.rename, copy)


def _write_note(catalogue: Path, note: str, undo: ExitStack) -> None:
    (catalogue / _NOTE).write_text(note, encoding="utf-8")
    undo.callback((catalogue / _NOTE).unlink, missing_ok=True)


def _take_back(catalogue: Path, aside: Path) -> None:
    """Bring a catalogue back to what its list says, if a build was killed while moving in."""
    if not (catalogue / _NOTE).exists():
        return
    entries = _read_entries(catalogue)
    try:
        version = str(read_json(catalogue / _NOTE, _NOTE)["version"])
    except (DescriptorError, KeyError):
        version = ""  # killed while writing the note: nothing was moved yet
    if _VERSION.fullmatch(version) and version not in entries:
        for path in (catalogue / f"v{version}", *(catalogue / CHANGES).glob(f"*..{version}.json")):
            if path.exists():
                path.rename(aside / f"unfinished-{path.name}")
    latest = catalogue / "latest"
    if entries:
        newest = catalogue / f"v{max(entries, key=_precedence)}"
        _replace_folder(latest, newest, aside, ExitStack())
        shutil.rmtree(aside / "latest", ignore_errors=True)
    elif latest.exists():
        latest.rename(aside / "unfinished-latest")
    changes = catalogue / CHANGES
    if changes.is_dir() and not any(changes.iterdir()):
        changes.rmdir()
    (catalogue / _NOTE).unlink()


def _describe_changes(
    catalogue: Path, entries: dict[str, dict[str, Any]], version: str, staged: Path, aside: Path
) -> None:
    """Compare a new release with the one below it: a change file, and a line in its entry."""
    below = [each for each in entries if _precedence(each) < _precedence(version)]
    if not below:
        entries[version] |= {"bump": None, "summary": "the first release", "changes": None}
        return
    before = max(below, key=_precedence)
    new = read_package(staged)
    comparison: Comparison = compare(read_package(catalogue / f"v{before}"), new)
    name = f"{before}..{version}.json"
    (aside / CHANGES).mkdir()
    text = json.dumps(change_file(comparison, new), ensure_ascii=False, indent=2) + "\n"
    (aside / CHANGES / name).write_text(text, encoding="utf-8", newline="\n")
    entries[version] |= {
        "bump": comparison.bump.name,
        "summary": summary(comparison),
        "changes": f"{CHANGES}/{name}",
    }


def _move_changes(catalogue: Path, aside: Path, undo: ExitStack) -> None:
    for path in (aside / CHANGES).glob("*.json"):
        if not (catalogue / CHANGES).exists():
            (catalogue / CHANGES).mkdir()
            undo.callback((catalogue / CHANGES).rmdir)
        place = catalogue / CHANGES / path.name
        path.rename(place)
        undo.callback(place.rename, path)


def _precedence(version: str) -> tuple[int, ...]:
    return tuple(map(int, version.split(".")))


def _read_entries(catalogue: Path) -> dict[str, dict[str, Any]]:
    """The releases that the catalogue lists, by version."""
    if not (catalogue / VERSIONS).exists():
        return {}
    try:
        releases = read_json(catalogue / VERSIONS, VERSIONS)["releases"]
        return {
            each["version"]: {
                **{key: each[key] for key in ("version", "date", "sha256")},
                **{key: each[key] for key in _KEPT if key in each},
            }
            for each in releases
            if _VERSION.fullmatch(each["version"])
        }
    except (DescriptorError, KeyError, TypeError) as error:
        raise ReleaseError(
            f"the catalogue's {VERSIONS} cannot be read: {error}", "restore it, or build elsewhere"
        ) from error


def _entry(package: Package, staged: Path) -> dict[str, Any]:
    """The entry of the staged release, whose checksum is that of its checksums."""
    return {
        "version": package.version,
        "date": package.created[:10],
        "sha256": sha256(staged / CHECKSUMS),
        "records": {
            name: len(read_text(package, each)) for name, each in own_tables(package).items()
        },
    }


def _versions(entries: dict[str, dict[str, Any]], base: str | None) -> dict[str, Any]:
    """The content of ``versions.json``, newest release first."""
    ordered = sorted(entries, key=_precedence, reverse=True)
    return {
        "latest": ordered[0],
        "releases": [
            {**entries[version], "url": f"{base or ''}v{version}/datapackage.json"}
            for version in ordered
        ],
    }
