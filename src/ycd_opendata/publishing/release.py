"""One release: a folder with every table as CSV and JSON, its description and its checksums.

::

    datapackage.json   the description, schemas inlined, with hash and bytes of each CSV file
    csv/TABLE.csv      UTF-8 without byte order mark, LF, comma; the cells of the source table
    json/TABLE.json    an array of records; numbers are numbers, what is missing is null
    README.md          what the tables are, and figures on coverage and quality
    SHA256SUMS         a line a file, for ``sha256sum -c``

What is written depends on the package (and base URL) alone, not on day, place or machine.
"""

from __future__ import annotations

import copy
import hashlib
import json
import math
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ycd_opendata.errors import ReleaseError
from ycd_opendata.loader.frames import frame_as_text
from ycd_opendata.loader.tables import load_table, table_resources
from ycd_opendata.package.canonical import csv_text
from ycd_opendata.package.model import Package, Resource
from ycd_opendata.package.rows import read_rows
from ycd_opendata.publishing.contents import Contents, ReleasedFile
from ycd_opendata.publishing.metadata import metadata_texts

if TYPE_CHECKING:
    import pandas as pd

CHECKSUMS = "SHA256SUMS"

_MEDIA_TYPES = {".csv": "text/csv", ".json": "application/json"}
_FILE_NAME = re.compile(r"\w[\w.-]*")
_SOURCE_ONLY = ("schema", "dialect", "compression", "innerpath", "scheme", "extrapaths")


def write_release(package: Package, folder: Path, base_url: str | None) -> None:
    """Write a release of a valid package into an empty folder.

    Parameters
    ----------
    base_url : str or None
        Where the catalogue will stand; becomes the release's ``homepage``.

    Raises
    ------
    ReleaseError
        A table is not one that can be published: no schema, or not one local file.
    """
    (folder / "csv").mkdir()
    (folder / "json").mkdir()
    described = []
    rows_of = {}
    for name, resource in table_resources(package).items():
        _refuse_unpublishable(resource)
        frame = load_table(package, name)
        if resource.paths:
            path, dialect = package.path(resource), resource.dialect
            content = csv_text(
                row.cells for row in read_rows(path, dialect, resource.encoding) if row.cells
            ).encode()
        else:
            rows = frame_as_text(frame).itertuples(index=False, name=None)
            content = csv_text([list(frame.columns), *rows]).encode()
        (folder / "csv" / f"{name}.csv").write_bytes(content)
        records = "".join(_json_lines(name, frame))
        (folder / "json" / f"{name}.json").write_text(records, encoding="utf-8", newline="\n")
        described.append(_released_resource(resource, content))
        rows_of[name] = len(frame)
    files = tuple(_released_file(folder, path) for path in sorted(files_in(folder)))
    raw: dict[str, Any] = {
        key: value for key, value in copy.deepcopy(dict(package.raw)).items() if key != "resources"
    }
    if base_url is not None:
        raw["homepage"] = base_url
    raw["resources"] = described
    text = json.dumps(raw, ensure_ascii=False, indent=2) + "\n"
    (folder / "datapackage.json").write_text(text, encoding="utf-8", newline="\n")
    contents = Contents(package, raw, rows_of, files, base_url)
    for name, text in metadata_texts(contents):
        place = folder / name
        place.parent.mkdir(exist_ok=True)
        place.write_text(text, encoding="utf-8", newline="\n")
    (folder / CHECKSUMS).write_text(checksums_text(folder), encoding="utf-8", newline="\n")


def _refuse_unpublishable(resource: Resource) -> None:
    if not _FILE_NAME.fullmatch(resource.name):
        raise ReleaseError(
            f"table {resource.name!r} cannot be published: its name is no name of a file",
            "use letters, digits, hyphens and underscores",
        )
    if resource.schema is None or len(resource.paths) > 1 or "data" in resource.raw:
        raise ReleaseError(
            f"table {resource.name!r} cannot be published: no schema, or not exactly one file",
            "give it a schema and one CSV file",
        )


def _released_file(folder: Path, path: str) -> ReleasedFile:
    place = folder / path
    media_type = _MEDIA_TYPES[place.suffix]
    return ReleasedFile(path, media_type, place.stat().st_size, sha256(place), place.stem)


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


def _released_resource(resource: Resource, content: bytes) -> dict[str, Any]:
    """A resource's descriptor with its file's place, size and hash in the release."""
    raw = copy.deepcopy(dict(resource.raw))
    assert resource.schema is not None
    schema = dict(resource.schema.raw)
    if not resource.paths:
        # A derived table is described by its schema alone.
        title, description = schema.pop("title"), schema.pop("description")
        raw |= {"type": "table", "profile": "tabular-data-resource"}
        raw |= {"title": title, "description": description}
    raw = {key: value for key, value in raw.items() if key not in _SOURCE_ONLY}
    raw |= {"format": "csv", "mediatype": "text/csv", "encoding": "utf-8"}
    # Said though it is the default: the JavaScript client guesses a delimiter that is not said.
    raw["dialect"] = {"delimiter": ","}
    raw["path"] = f"csv/{resource.name}.csv"
    raw["bytes"] = len(content)
    raw["hash"] = f"sha256:{hashlib.sha256(content).hexdigest()}"
    raw["schema"] = schema
    return raw


def _json_lines(name: str, frame: pd.DataFrame) -> Iterator[str]:
    """A table as a JSON array, a record a line."""
    yield "["
    separator = "\n"
    for record in _records(frame):
        try:
            text = json.dumps(record, ensure_ascii=False, allow_nan=False)
        except ValueError as error:
            raise ReleaseError(
                f"table {name!r} has an infinite number, which JSON lacks"
            ) from error
        yield separator + text
        separator = ",\n"
    yield "\n]\n"


def _records(frame: pd.DataFrame) -> Iterator[dict[str, Any]]:
    text = frame_as_text(frame)
    is_text = {name: frame[name].dtype.kind in "OM" for name in frame.columns}
    columns = [
        [
            None if missing else shown if is_text[str(name)] else _json_number(value)
            for value, shown, missing in zip(
                frame[name], text[name], frame[name].isna(), strict=True
            )
        ]
        for name in frame.columns
    ]
    for cells in zip(*columns, strict=True):
        yield dict(zip(map(str, frame.columns), cells, strict=True))


def _json_number(value: Any) -> Any:
    """A whole number without a point; booleans and the rest as they are."""
    if isinstance(value, float) and math.isfinite(value) and value.is_integer():
        return int(value)
    return value.item() if hasattr(value, "item") else value
