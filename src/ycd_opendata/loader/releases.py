"""Older releases by version: from a catalogue, checked against its checksums, kept on this disk.

The catalogue is what the environment variable ``YCD_CATALOGUE`` names: a folder, or the address
of one on the web. pooch downloads and keeps the files in the user's cache folder, so a release
that was loaded once loads without a network.
"""

from __future__ import annotations

import os
import threading
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from ycd_opendata.errors import PackageError, ReleaseError, UnknownNameError
from ycd_opendata.messages import mark, reason_of, say
from ycd_opendata.package.files import is_web_address, resolve_inside
from ycd_opendata.package.model import Package
from ycd_opendata.package.reading import read_package
from ycd_opendata.package.release_list import (
    CHECKSUMS,
    VERSIONS,
    NoChecksumError,
    read_checksums,
    read_release_list,
    sha256,
)
from ycd_opendata.package.web import NotFetchedError, TooLargeError, download
from ycd_opendata.shown import visible

if TYPE_CHECKING:
    import pandas as pd

VARIABLE = "YCD_CATALOGUE"
_LARGEST_LIST = 2**25
_LARGEST_TABLE = 2**32


def versions() -> pd.DataFrame:
    """The releases that the catalogue lists, newest first.

    Returns
    -------
    pandas.DataFrame
        ``version``, ``date``, ``bump`` and ``summary``, one row a release.

    Raises
    ------
    PackageError
        No catalogue is named, or its list cannot be read or is none.
    """
    import pandas as pd

    columns = ["version", "date", "bump", "summary"]
    # The list may be from the web.
    rows = [
        [None if (text := each.get(name)) is None else visible(text) for name in columns]
        for each in _entries(_catalogue()).values()
    ]
    return pd.DataFrame(rows, columns=columns)


def release(version: str) -> Package:
    """The package of one release.

    Raises UnknownNameError where the catalogue lists no such version; ReleaseError where a file is
    not what the checksums say; PackageError where no catalogue is named, or it cannot be reached.
    """
    return _release(_catalogue(), version)


def _catalogue() -> str:
    catalogue = os.environ.get(VARIABLE, "").strip()
    if not catalogue:
        raise PackageError(
            say("no catalogue of older releases is known"),
            say(
                "set {variable} to the folder or web address that holds versions.json",
                variable=VARIABLE,
            ),
        )
    return catalogue.rstrip("/")


@lru_cache(maxsize=8)
def _release(catalogue: str, version: str) -> Package:
    entries = _entries(catalogue)
    if version not in entries:
        raise UnknownNameError("version", version, entries)
    checksum: str = entries[version]["sha256"]
    if is_web_address(catalogue):
        return _downloaded(catalogue, version, checksum)
    folder = Path(catalogue) / f"v{version}"
    for path, expected in _checksums(folder / CHECKSUMS, checksum).items():
        _verify(resolve_inside(folder, path, CHECKSUMS), expected)
    return read_package(folder)


def _entries(catalogue: str) -> dict[str, dict[str, Any]]:
    if not is_web_address(catalogue):
        return read_release_list(Path(catalogue) / VERSIONS)
    kept = _cache(catalogue) / VERSIONS
    # Others may be fetching it too: each has a file of its own until it is the list that is kept.
    fetched = kept.with_name(f"versions.{os.getpid()}.{threading.get_ident()}.new")
    try:
        _fetch(f"{catalogue}/{VERSIONS}", fetched, None)
    except PackageError:
        if not kept.exists():
            raise
        return read_release_list(kept)
    try:
        # What cannot be read does not take the place of what could.
        entries = read_release_list(fetched)
        fetched.replace(kept)
    finally:
        fetched.unlink(missing_ok=True)
    return entries


def _downloaded(catalogue: str, version: str, checksum: str) -> Package:
    folder = _cache(catalogue) / f"v{version}"
    url = f"{catalogue}/v{version}"
    sums = _fetch(f"{url}/{CHECKSUMS}", folder / CHECKSUMS, checksum)
    expected = _checksums(sums, checksum)
    for path in expected:
        # What the loader reads; the other formats stay where they are.
        if path == "datapackage.json" or path.startswith("csv/"):
            place = resolve_inside(folder, path, CHECKSUMS)
            _fetch(f"{url}/{quote(path)}", place, expected[path], _LARGEST_TABLE)
    return read_package(folder)


def _cache(catalogue: str) -> Path:
    import hashlib

    import pooch

    name = hashlib.sha256(catalogue.encode()).hexdigest()[:16]
    return Path(pooch.os_cache("ycd-opendata")) / name


def _fetch(url: str, place: Path, checksum: str | None, most: int = _LARGEST_LIST) -> Path:
    """A file of the web in the cache, downloaded unless it is there and right.

    ``most`` is the number of bytes after which it is given up.
    """
    import logging

    import pooch

    pooch.get_logger().setLevel(logging.ERROR)

    # pooch's own downloader takes whatever comes, and leaves the connection open if it fails.
    def downloader(address: str, output: str, _: object) -> None:
        download(address, Path(output), most)

    try:
        if checksum is None:
            place.unlink(missing_ok=True)
        known = None if checksum is None else f"sha256:{checksum}"
        kept = pooch.retrieve(url, known, place.name, place.parent, downloader=downloader)
        return Path(kept)
    except ValueError as error:
        raise ReleaseError(
            say("{url} is not what its checksum says", url=url),
            say("try again; if it stays so, report it"),
        ) from error
    except TooLargeError as error:
        raise ReleaseError(
            say("{url} is larger than such a file can be", url=url),
            say("check {variable}", variable=VARIABLE),
        ) from error
    except NotFetchedError as error:
        raise PackageError(
            error.message,
            say("check the network and the address; a release loaded before needs neither"),
        ) from error
    except OSError as error:
        where = str(place.parent)
        raise PackageError(
            say(
                "cannot keep a release in {where!r}: {reason}", where=where, reason=reason_of(error)
            ),
            say("make it yours to write, or name another folder in XDG_CACHE_HOME"),
        ) from error


def _checksums(path: Path, checksum: str) -> dict[str, str]:
    """The files of a release and their SHA-256, once the list itself is what it should be."""
    _verify(path, checksum)
    try:
        return read_checksums(path)
    except NoChecksumError as error:
        raise ReleaseError(
            say("{path} has a line that is no checksum", path=path.name), say("fetch it again")
        ) from error


def _verify(path: Path, expected: str) -> None:
    try:
        got = sha256(path)
    except OSError as error:
        raise ReleaseError(
            say("{path!r} is missing from the release", path=str(path)), say("fetch it again")
        ) from error
    if got != expected:
        template = mark("{path!r} was changed: SHA-256 {got}, expected {expected}")
        raise ReleaseError(
            say(template, path=str(path), got=got, expected=expected),
            say("fetch the release again"),
        )
