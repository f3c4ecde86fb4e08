"""What a release holds, as its metadata files, its page and its checksums speak of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ycd_opendata.package.model import Package
from ycd_opendata.publishing.formats.table import Table

MEDIA_TYPES = {
    ".csv": "text/csv",
    ".json": "application/json",
    ".parquet": "application/vnd.apache.parquet",
    ".sqlite": "application/vnd.sqlite3",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
"""What the files of tables are, by their endings."""

JSON_TYPE = MEDIA_TYPES[".json"]


@dataclass(frozen=True)
class ReleasedFile:
    """A file of a release: its path in it, its size in bytes and its SHA-256.

    ``table`` is the name of the one table that it holds, "" if it holds several or none;
    ``resource`` that of the resource that it was copied for, "" if it was written.
    """

    path: str
    media_type: str
    bytes: int
    sha256: str
    table: str = ""
    resource: str = ""


@dataclass(frozen=True)
class Contents:
    """A release whose tables are written and whose metadata are not yet.

    Parameters
    ----------
    package : Package
        The package that is released, as it stands in its own folder.
    descriptor : mapping
        The released ``datapackage.json``: schemas inlined, tables with their paths in ``csv/``,
        derived ones included, other resources with theirs in ``files/``.
    tables : tuple of Table
        The tables, each with what its columns are kept as and how large it is.
    files : tuple of ReleasedFile
        The files of the tables and other resources, in order of their paths.
    base_url : str or None
        Where the catalogue will stand on the web, with a slash at the end; None if unknown, and
        then every link is relative.
    left_out : tuple of str
        A sentence for each table that a file of several tables has no room for.
    """

    package: Package
    descriptor: Mapping[str, Any] = field(repr=False)
    tables: tuple[Table, ...]
    files: tuple[ReleasedFile, ...]
    base_url: str | None
    left_out: tuple[str, ...] = ()

    def notes(self) -> tuple[str, ...]:
        """What a reader has to know of single columns, in a sentence each."""
        return tuple(
            f"{table.name}.{column.name} {note}"
            for table in self.tables
            for column in table.columns
            for note in column.notes()
        )
