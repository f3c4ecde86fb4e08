"""What the site is made from: a release's tables, and the catalogue around it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import Any

from ycd_opendata.errors import ReleaseError
from ycd_opendata.extension import SiteAdditions
from ycd_opendata.extension_loading import extension_of
from ycd_opendata.messages import say
from ycd_opendata.package.model import Package, Resource
from ycd_opendata.package.reading import read_package
from ycd_opendata.package.settings import SiteSettings
from ycd_opendata.package.tables.reader import TableReader, read_table
from ycd_opendata.site.packed_rows import (
    WHOLE_KEY,
    PackedRows,
    Places,
    Row,
    grouped,
    reference_key,
)
from ycd_opendata.site.wording import LANGUAGES, Lang
from ycd_opendata.versioning.cell_values import in_notation, value_frame

MOST_RECORDS = 100_000
"""Rows of a table that has a page for each record, filters and search.

Each takes some 2 thousandths of a second and little more than its text of memory while the site is
written, and 300 bytes of what a reader's browser loads to search: at this size minutes, and 30 MB.
"""

MOST_IN_ALL = 200_000
"""Rows of all such tables of a package, which are taken from the shortest up."""

FIRST_ROWS = 1000
"""Rows that are shown of any other table."""

_FILE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,119}")


@dataclass(frozen=True)
class Table:
    """A table of the release, its cells as text.

    ``key`` is where each row has what names it: its one key field, ``WHOLE_KEY``, or "" for none.
    ``left_out`` is how many rows it has beyond ``rows``, if its records have no pages.
    """

    resource: Resource
    rows: Sequence[Row] = field(repr=False)
    key: str
    left_out: int = 0

    @property
    def name(self) -> str:
        """The table's name."""
        return self.resource.name

    @property
    def is_whole(self) -> bool:
        """Whether all of its rows are here, so that they may be counted, drawn and searched."""
        return not self.left_out

    @cached_property
    def row(self) -> Callable[[str], Row | None]:
        """What gives the record with a key; a page asks for the same few several times."""

        def row(key: str) -> Row | None:
            found = self.places((self.key,), key) if self.key else ()
            return self.rows[found[-1]] if found else None

        return lru_cache(row)

    def places(self, fields: tuple[str, ...], key: str) -> Sequence[int]:
        """The places of the rows that have a key in some fields."""
        if fields not in self._places:
            self._places[fields] = Places(self.rows, lambda row: reference_key(row, fields))
        return self._places[fields].of(key)

    @cached_property
    def _places(self) -> dict[tuple[str, ...], Places]:
        return {}

    def key_in(self, record: Mapping[str, Any]) -> str:
        """The key of a record of any version as the rows have it; "" if a part is not there."""
        schema = self.resource.schema
        fields = schema.primary_key if self.key and schema is not None else ()
        key = reference_key(record, fields) if record.keys() >= {*fields} else ""
        return self._written.get(key, key)

    @cached_property
    def _written(self) -> Mapping[str, str]:
        """Whole numbers that are keys here with zeros in front, which records do not have."""
        field = self.resource.field(self.key)
        if field is None or field.type != "integer":
            return {}
        keys = (row[self.key] for row in self.rows)
        return {key.lstrip("0") or "0": key for key in keys if key.startswith("0")}

    def grouped(
        self, name: str, within: Callable[[str], Iterable[str]] | None = None
    ) -> Mapping[str, Sequence[Row]]:
        """The records by the value of a field, or by each text that ``within`` gives for it.

        Who asks for the groups of a field within something means the same by it: they are kept.
        """
        place = name, within is not None
        if place not in self._groups:
            texts_of = within or (lambda value: (value,))
            self._groups[place] = grouped(self.rows, lambda row: texts_of(row.get(name, "")))
        return self._groups[place]

    @cached_property
    def _groups(self) -> dict[tuple[str, bool], Mapping[str, Sequence[Row]]]:
        return {}


@dataclass(frozen=True)
class Content:
    """What the pages speak of.

    Attributes
    ----------
    package : Package
        The newest release of the catalogue.
    tables : mapping
        Its tables by name.
    files : mapping
        The path of each of its files to its size in bytes.
    releases : sequence of mapping
        The releases that ``versions.json`` lists, newest first.
    changes : mapping
        Version to the content of the change file that leads to it.
    base_url : str or None
        Where the catalogue will stand on the web, with a slash at the end.
    settings : SiteSettings
        What the package's owner asks of the site.
    source_paths : mapping
        The file of each table in the folder that the release was made from, if it is one file.
    """

    package: Package
    tables: Mapping[str, Table] = field(repr=False)
    files: Mapping[str, int] = field(repr=False)
    releases: Sequence[Mapping[str, Any]]
    changes: Mapping[str, Mapping[str, Any]] = field(repr=False)
    base_url: str | None
    settings: SiteSettings = field(default_factory=SiteSettings)
    source_paths: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def additions(self) -> SiteAdditions | None:
        """What the package's extension adds."""
        return extension_of(self.package).site

    @property
    def owners_folder(self) -> Path | None:
        """Where the owner's texts, templates and styles are."""
        return None if self.additions is None else self.additions.folder

    @cached_property
    def record_tables(self) -> Mapping[str, str]:
        """The tables whose records have a page, each with the name of its list."""
        return self._owners_tables or {
            name: name for name, table in self.tables.items() if table.key
        }

    @cached_property
    def lists(self) -> tuple[str, ...]:
        """The lists that there are."""
        return tuple(dict.fromkeys(self._owners_tables.values() or self.tables))

    @property
    def _owners_tables(self) -> Mapping[str, str]:
        return {} if self.additions is None else self.additions.tables

    def list_place(self, name: str, number: int = 1) -> str:
        """The page of a list, relative to the folder of a language."""
        if self._owners_tables:
            return f"{name}.html" if number == 1 else f"{name}-{number}.html"
        # Any name may be that of a table, so lists have a folder, and their further pages too.
        stem = f"tables/{file_name(name)}"
        return f"{stem}.html" if number == 1 else f"{stem}/{number}.html"

    def record_place(self, table: str, key: str) -> str:
        """The page of a record, relative to the folder of a language; "" if there is none."""
        is_shown = table in self.record_tables and self.tables[table].row(key) is not None
        return self.place_of_key(table, key) if is_shown else ""

    def place_of_key(self, table: str, key: str) -> str:
        """Where the page of a key of a table is, whether or not there is such a record now."""
        folder = table if self._owners_tables else f"records/{file_name(table)}"
        return f"{folder}/{file_name(key)}.html"

    @property
    def languages(self) -> tuple[Lang, ...]:
        """The languages of the pages, the default one first: those asked for that have words."""
        asked = (each for wanted in self.settings.languages for each in LANGUAGES if each == wanted)
        return tuple(asked) or LANGUAGES

    def row(self, table: str, key: str) -> Row:
        """A record by its key; empty where there is none."""
        return self.tables[table].row(key) or {}


def read_content(
    release: Path,
    releases: Sequence[Mapping[str, Any]],
    change_files: Mapping[str, Path],
    base_url: str | None,
    settings: SiteSettings,
    source_paths: Mapping[str, str] | None = None,
) -> Content:
    """Read a release and what is known about the others.

    Parameters
    ----------
    change_files : mapping
        Version to its change file.
    """
    package = read_package(release)
    listed = next((each for each in releases if each["version"] == package.version), {})
    return Content(
        package=package,
        tables=_read_tables(package, listed.get("records", {})),
        files={
            path.relative_to(release).as_posix(): path.stat().st_size
            for path in sorted(release.rglob("*"))
            if path.is_file()
        },
        releases=releases,
        changes={version: _read_changes(path) for version, path in change_files.items()},
        base_url=base_url,
        settings=settings,
        source_paths=source_paths or {},
    )


def _read_changes(path: Path) -> Mapping[str, Any]:
    """A change file; it is ours, and may be larger than a descriptor is allowed to be."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        return {"old": str(found["old"]), "changes": [dict(each) for each in found["changes"]]}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ReleaseError(
            say("the catalogue's {path!r} cannot be read: {error}", path=path.name, error=error),
            say("restore it, or build elsewhere"),
        ) from error


def _read_tables(package: Package, known: Mapping[str, int]) -> dict[str, Table]:
    """The released tables, or their first rows; ``known`` has how many rows those counted have."""
    read = {each.name: read_table(package, each) for each in package.resources if each.is_table}
    counts = {
        name: known[name] if name in known else sum(each.height for each in table.frames())
        for name, table in read.items()
    }
    reached, has_pages = 0, {}
    for name, count in sorted(counts.items(), key=lambda each: each[1]):
        reached += count
        has_pages[name] = count <= MOST_RECORDS and reached <= MOST_IN_ALL
    return {
        each.name: _records(each, read[each.name])
        if has_pages[each.name]
        else _first_rows(each, read[each.name], counts[each.name])
        for each in package.resources
        if each.is_table
    }


def _first_rows(resource: Resource, table: TableReader, count: int) -> Table:
    """The first rows of a table, or all of a short one, without a page for any."""
    names, key = table.schema.field_names, table.schema.primary_key
    rows = PackedRows(names, islice(_values(table), FIRST_ROWS), key)
    return Table(resource, rows, "", count - len(rows))


def _records(resource: Resource, table: TableReader) -> Table:
    """A table with all of its rows."""
    names, key = table.schema.field_names, table.schema.primary_key
    rows = PackedRows(names, _values(table), key)
    if len(key) < 2:
        return Table(resource, rows, key[0] if key else "")
    whole = Table(resource, rows, WHOLE_KEY)
    is_unique = all(len(whole.places((WHOLE_KEY,), row[WHOLE_KEY])) == 1 for row in rows)
    return whole if is_unique else replace(whole, key="")


def _values(table: TableReader) -> Iterator[Sequence[str]]:
    """The rows of a table; what is in a notation of its owner's as change files have it."""
    noted = in_notation(table.schema)
    if not noted:
        yield from table.rows()
        return
    for frame in table.frames():
        values = value_frame(frame, table.schema, noted)
        yield from values.with_columns(values.select(noted).fill_null("")).iter_rows()


def file_name(key: str) -> str:
    """The name of a record's page without its ending: its key, if that can name a file."""
    if _FILE_NAME.fullmatch(key):
        return key
    return f"record-{sha256(key.encode()).hexdigest()[:16]}"
