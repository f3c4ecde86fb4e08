"""The catalogue: a folder of releases, each written once and never changed.

::

    v1.0.0/         a release
    latest/         a copy of the highest release
    versions.json   every release with date, place and checksum, and which one is latest

A release is written beside its place, verified there, and moved in whole. ``versions.json`` is
replaced last, so a reader who starts from it meets only finished releases.
"""

from __future__ import annotations

import json
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from ycd_opendata.errors import DescriptorError, ReleaseError
from ycd_opendata.package.files import read_json
from ycd_opendata.package.model import Package
from ycd_opendata.publishing.release import CHECKSUMS, files_in, sha256, write_release
from ycd_opendata.publishing.verifying import verify_release
from ycd_opendata.publishing.writing import write_atomically
from ycd_opendata.validation.findings import Report

VERSIONS = "versions.json"

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
    with _staging(catalogue) as staging, ExitStack() as undo:
        on_step("writing tables")
        staged = staging / f"v{version}"
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
        entries = _with_entry(_read_entries(catalogue), package, staged)
        was_there = folder.exists()
        if was_there:
            _refuse_difference(folder, staged)
        else:
            shutil.copytree(staged, staging / "release")
            (staging / "release").rename(folder)
            undo.callback(folder.rename, staging / "withdrawn")
        if max(entries, key=_precedence) == version:
            _replace_folder(catalogue / "latest", staged, staging, undo)
        text = json.dumps(_versions(entries, base), ensure_ascii=False, indent=2) + "\n"
        write_atomically(catalogue / VERSIONS, text.encode())
        undo.pop_all()
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


@contextmanager
def _staging(catalogue: Path) -> Iterator[Path]:
    """A folder to write in, on the catalogue's own disk; gone afterwards whatever happens."""
    missing = [each for each in (catalogue, *catalogue.parents) if not each.exists()]
    try:
        catalogue.mkdir(parents=True, exist_ok=True)
        staging = Path(tempfile.mkdtemp(prefix=".building-", dir=catalogue))
        staging.chmod(0o755)
    except OSError as error:
        raise ReleaseError(f"cannot write into {str(catalogue)!r}: {error.strerror}") from error
    try:
        yield staging
    finally:
        shutil.rmtree(staging, ignore_errors=True)
        for folder in missing:
            if folder.is_dir() and not any(folder.iterdir()):
                folder.rmdir()


def _refuse_difference(released: Path, staged: Path) -> None:
    """Raise if a version that was released before would now have other content."""
    there, new = files_in(released), files_in(staged)
    # The checksums differ whenever anything does, so they say the least.
    for path in sorted(there | new, key=lambda each: (each == CHECKSUMS, each)):
        if path not in there or path not in new or sha256(released / path) != sha256(staged / path):
            what = "is new" if path not in there else "is gone" if path not in new else "differs"
            raise ReleaseError(
                f"{released.name} was released with other content: {path!r} {what}",
                "what was released is never changed: raise the version in datapackage.json",
            )


def _replace_folder(place: Path, content: Path, staging: Path, undo: ExitStack) -> None:
    """Put a copy of a folder in a place, moving what was there out of the way first."""
    shutil.copytree(content, staging / "latest")
    if place.exists():
        place.rename(staging / "before")
        undo.callback((staging / "before").rename, place)
    (staging / "latest").rename(place)
    undo.callback(place.rename, staging / "latest")


def _precedence(version: str) -> tuple[int, ...]:
    return tuple(map(int, version.split(".")))


def _read_entries(catalogue: Path) -> dict[str, dict[str, Any]]:
    """The releases that the catalogue lists, by version."""
    if not (catalogue / VERSIONS).exists():
        return {}
    try:
        releases = read_json(catalogue / VERSIONS, VERSIONS)["releases"]
        return {
            each["version"]: {key: each[key] for key in ("version", "date", "sha256")}
            for each in releases
            if _VERSION.fullmatch(each["version"])
        }
    except (DescriptorError, KeyError, TypeError) as error:
        raise ReleaseError(
            f"the catalogue's {VERSIONS} cannot be read: {error}", "restore it, or build elsewhere"
        ) from error


def _with_entry(
    entries: dict[str, dict[str, Any]], package: Package, staged: Path
) -> dict[str, dict[str, Any]]:
    """The entries with one for the staged release, whose checksum is that of its checksums."""
    entry = {
        "version": package.version,
        "date": package.created[:10],
        "sha256": sha256(staged / CHECKSUMS),
    }
    return {**entries, package.version: entry}


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
