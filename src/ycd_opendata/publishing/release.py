"""One release: a folder with every table in every format, its description and its checksums.

::

    datapackage.json      the description, schemas inlined, with hash and bytes of each CSV file
    csv/TABLE.csv         UTF-8 without byte order mark, LF, comma; the cells of the source table
    json/TABLE.json       an array of records; numbers are numbers, what is missing is null
    parquet/TABLE.parquet typed columns with title, description and unit
    NAME.sqlite           all tables with keys and checks; what is derived is a view
    NAME.xlsx             all tables, a sheet each
    schemas/, *.json, ... the same description by other standards, one module of metadata/ each
    README.md             what the tables are, and figures on coverage and quality
    SHA256SUMS            a line a file, for ``sha256sum -c``
    NAME-VERSION.zip      all of the above, with a ``SHA256SUMS`` that lacks the ZIP itself

What is written depends on the package (and base URL) alone, not on day, place or machine.
"""

from __future__ import annotations

import copy
import hashlib
import json
import re
from pathlib import Path
from typing import Any

from ycd_opendata.package.model import Package
from ycd_opendata.package.reading import PROFILE_KEYS, is_file_name
from ycd_opendata.publishing.contents import Contents, ReleasedFile
from ycd_opendata.publishing.formats.archive import write_archive
from ycd_opendata.publishing.formats.source import release_tables
from ycd_opendata.publishing.formats.table import Table
from ycd_opendata.publishing.formats.writing import FOLDERS, why_left_out, write_tables
from ycd_opendata.publishing.metadata import metadata_texts

CHECKSUMS = "SHA256SUMS"

_MEDIA_TYPES = {
    ".csv": "text/csv",
    ".json": "application/json",
    ".parquet": "application/vnd.apache.parquet",
    ".sqlite": "application/vnd.sqlite3",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_SOURCE_ONLY = ("schema", "dialect", "compression", "innerpath", "scheme", "extrapaths")


def write_release(package: Package, folder: Path, base_url: str | None) -> Contents:
    """Write a release of a valid package into an empty folder.

    Parameters
    ----------
    base_url : str or None
        Where the catalogue will stand; becomes the release's ``homepage``.

    Returns
    -------
    Contents
        What was written.

    Raises
    ------
    ReleaseError
        A table is not one that can be published: no schema, or not one local file.
    """
    tables = release_tables(package)
    stem = _file_stem(package)
    extents = write_tables(package, tables, folder, stem)
    files = tuple(_released_file(folder, path) for path in sorted(files_in(folder)))
    raw: dict[str, Any] = {
        key: value for key, value in copy.deepcopy(dict(package.raw)).items() if key != "resources"
    }
    if base_url is not None:
        raw["homepage"] = base_url
    by_path = {each.path: each for each in files}
    raw["resources"] = [
        _released_resource(package, each, by_path[f"csv/{each.name}.csv"]) for each in tables
    ]
    drop_profile_files(raw)
    _write(folder / "datapackage.json", json.dumps(raw, ensure_ascii=False, indent=2) + "\n")
    rows = {name: extent.rows for name, extent in extents.items()}
    left_out = tuple(
        f"{stem}{ending} has no table {table.name!r}: it has {reason}"
        for table in tables
        for ending, reason in why_left_out(table, extents[table.name]).items()
    )
    contents = Contents(package, raw, rows, files, base_url, left_out)
    for name, text in metadata_texts(contents):
        _write(folder / name, text)
    _write(folder / CHECKSUMS, checksums_text(folder))
    # The ZIP holds the checksums of all but itself; those beside it have one line more.
    archive = folder / f"{stem}-{package.version}.zip"
    write_archive(archive, folder, files_in(folder))
    _write(folder / CHECKSUMS, checksums_text(folder))
    return contents


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")


def _file_stem(package: Package) -> str:
    """The package's name as far as it can be that of a file."""
    return re.sub(r"[^\w.-]+", "-", package.name).strip("-.") or "package"


def _released_file(folder: Path, path: str) -> ReleasedFile:
    place = folder / path
    is_one_table = Path(path).parts[0] in FOLDERS
    return ReleasedFile(
        path,
        _MEDIA_TYPES[place.suffix],
        place.stat().st_size,
        sha256(place),
        Path(path).stem if is_one_table else "",
    )


def drop_profile_files(raw: dict[str, Any]) -> None:
    """Take profiles that are files of the source's folder out of a released descriptor.

    They describe the source, were checked there, and are not in a release.
    """
    for each in (raw, *raw["resources"]):
        for key in PROFILE_KEYS:
            if is_file_name(each.get(key)):
                del each[key]


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


def _released_resource(package: Package, table: Table, file: ReleasedFile) -> dict[str, Any]:
    """A resource's descriptor with its file's place, size and hash in the release."""
    source = package.resource(table.name)
    raw: dict[str, Any] = copy.deepcopy(dict(source.raw)) if source else {"name": table.name}
    schema = dict(table.schema.raw)
    if source is None:
        # A derived table is described by its schema alone.
        raw |= {"type": "table", "profile": "tabular-data-resource"}
        raw |= {"title": schema.pop("title"), "description": schema.pop("description")}
    raw = {key: value for key, value in raw.items() if key not in _SOURCE_ONLY}
    raw |= {"format": "csv", "mediatype": file.media_type, "encoding": "utf-8"}
    # Said though it is the default: the JavaScript client guesses a delimiter that is not said.
    raw["dialect"] = {"delimiter": ","}
    raw |= {"path": file.path, "bytes": file.bytes, "hash": f"sha256:{file.sha256}"}
    raw["schema"] = schema
    return raw
