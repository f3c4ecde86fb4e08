"""Older releases by version: from a catalogue, checked against its checksums, kept on this disk.

The catalogue is what the environment variable ``YCD_CATALOGUE`` names: a folder, or the address
of one on the web. pooch downloads and keeps the files in the user's cache folder, so a release
that was loaded once loads without a network.
"""

from __future__ import annotations

import hashlib
import os
import re
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ycd_opendata.errors import PackageError, ReleaseError, UnknownNameError
from ycd_opendata.package.files import read_json, resolve_inside
from ycd_opendata.package.model import Package
from ycd_opendata.package.reading import read_package

if TYPE_CHECKING:
    import pandas as pd

VARIABLE = "YCD_CATALOGUE"
_LINE = re.compile(r"([0-9a-f]{64})  (.+)")
_VERSION = re.compile(r"[0-9]+\.[0-9]+\.[0-9]+")


def versions() -> pd.DataFrame:
    """The releases that the catalogue lists, newest first.

    Returns
    -------
    pandas.DataFrame
        ``version``, ``date``, ``bump`` and ``summary``, one row a release.

    Raises
    ------
    PackageError
        No catalogue is named, or its list cannot be read.
    """
    import pandas as pd

    columns = ["version", "date", "bump", "summary"]
    return pd.DataFrame(
        [[each.get(name) for name in columns] for each in _entries(_catalogue())], columns=columns
    )


def release(version: str) -> Package:
    """The package of one release.

    Raises
    ------
    UnknownNameError
        The catalogue lists no such version.
    ReleaseError
        A file is not what the checksums say.
    PackageError
        No catalogue is named, or it cannot be reached.
    """
    return _release(_catalogue(), version)


def _catalogue() -> str:
    catalogue = os.environ.get(VARIABLE, "").strip()
    if not catalogue:
        raise PackageError(
            "no catalogue of older releases is known",
            f"set {VARIABLE} to the folder or web address that holds versions.json",
        )
    return catalogue.rstrip("/")


@lru_cache(maxsize=8)
def _release(catalogue: str, version: str) -> Package:
    entries = {str(each.get("version")): each for each in _entries(catalogue)}
    if version not in entries or not _VERSION.fullmatch(version):
        raise UnknownNameError("version", version, entries)
    checksum = str(entries[version].get("sha256"))
    if _is_web(catalogue):
        return _downloaded(catalogue, version, checksum)
    folder = Path(catalogue) / f"v{version}"
    for path, expected in _checksums(folder / "SHA256SUMS", checksum).items():
        _verify(resolve_inside(folder, path, "SHA256SUMS"), expected)
    return read_package(folder)


def _is_web(catalogue: str) -> bool:
    return catalogue.startswith(("https://", "http://"))


def _entries(catalogue: str) -> list[dict[str, Any]]:
    if _is_web(catalogue):
        kept = _cache(catalogue) / "versions.json"
        try:
            path = _fetch(f"{catalogue}/versions.json", kept.with_suffix(".new"), None)
            path.replace(kept)
        except PackageError:
            if not kept.exists():
                raise
        path = kept
    else:
        path = Path(catalogue) / "versions.json"
    releases = read_json(path, "versions.json").get("releases")
    if not isinstance(releases, list) or not all(isinstance(each, dict) for each in releases):
        raise PackageError("the catalogue's versions.json lists no releases", f"check {VARIABLE}")
    return releases


def _downloaded(catalogue: str, version: str, checksum: str) -> Package:
    folder = _cache(catalogue) / f"v{version}"
    url = f"{catalogue}/v{version}"
    sums = _fetch(f"{url}/SHA256SUMS", folder / "SHA256SUMS", checksum)
    expected = _checksums(sums, checksum)
    for path in expected:
        # What the loader reads; the other formats stay where they are.
        if path == "datapackage.json" or path.startswith("csv/"):
            place = resolve_inside(folder, path, "SHA256SUMS")
            _fetch(f"{url}/{path}", place, expected[path])
    return read_package(folder)


def _cache(catalogue: str) -> Path:
    import pooch

    name = hashlib.sha256(catalogue.encode()).hexdigest()[:16]
    return Path(pooch.os_cache("ycd-opendata")) / name


def _fetch(url: str, place: Path, checksum: str | None) -> Path:
    """A file of the web in the cache, downloaded unless it is there and right."""
    import logging

    import pooch

    pooch.get_logger().setLevel(logging.ERROR)
    if checksum is None:
        place.unlink(missing_ok=True)
    try:
        known = None if checksum is None else f"sha256:{checksum}"
        return Path(pooch.retrieve(url, known, fname=place.name, path=place.parent))
    except ValueError as error:
        raise ReleaseError(
            f"{url} is not what its checksum says", "try again; if it stays so, report it"
        ) from error
    except OSError as error:  # requests' exceptions are OSErrors
        raise PackageError(
            f"cannot fetch {url}: {type(error).__name__}",
            "check the network and the address; a release loaded before needs neither",
        ) from error


def _checksums(path: Path, checksum: str) -> dict[str, str]:
    """The files of a release and their SHA-256, once the list itself is what it should be."""
    _verify(path, checksum)
    found = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        match = _LINE.fullmatch(line)
        if match is None:
            raise ReleaseError(f"{path.name} has a line that is no checksum", "fetch it again")
        found[match[2]] = match[1]
    return found


def _verify(path: Path, expected: str) -> None:
    try:
        with path.open("rb") as stream:
            got = hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        raise ReleaseError(
            f"{str(path)!r} is missing from the release", "fetch it again"
        ) from error
    if got != expected:
        raise ReleaseError(
            f"{str(path)!r} was changed: SHA-256 {got}, expected {expected}",
            "fetch the release again",
        )
