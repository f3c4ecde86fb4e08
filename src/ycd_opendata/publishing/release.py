"""One release: a folder with every table in every format, its description and its checksums.

::

    datapackage.json      the description, schemas inlined, with hash and bytes of each CSV file
    csv/TABLE.csv         UTF-8 without byte order mark, LF, comma; cells as in the source
    json/TABLE.json       an array of records; numbers are numbers, what is missing is null
    parquet/TABLE.parquet typed columns with title, description and unit
    NAME.sqlite           all tables with keys and checks; what is derived is a view
    NAME.xlsx             all tables, a sheet each
    files/                the files of resources that are no tables, as they are
    schemas/, *.json, ... the same description by other standards, one module of metadata/ each
    README.md             what the tables are, and figures on coverage and quality
    SHA256SUMS            a line a file, for ``sha256sum -c``
    NAME-VERSION.zip      all of the above, with a ``SHA256SUMS`` that lacks the ZIP itself

A table in several files is released in as many, as csv/TABLE/0001.csv and so on.

What is written depends on the package (and base URL) alone, not on day, place or machine.
"""

from __future__ import annotations

import copy
import re
import shutil
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ycd_opendata.messages import say, spoken
from ycd_opendata.package.model import Package
from ycd_opendata.package.reading import PROFILE_KEYS, is_file_name
from ycd_opendata.package.release_list import CHECKSUMS, checksums_text, files_in, sha256
from ycd_opendata.package.tables.parts import digest
from ycd_opendata.publishing.attachments import (
    Attachment,
    attachments,
    copy_attachment,
    released_attachment,
)
from ycd_opendata.publishing.contents import MEDIA_TYPES, Contents, ReleasedFile
from ycd_opendata.publishing.formats.table import Table, release_tables
from ycd_opendata.publishing.formats.writing import (
    FOLDERS,
    cell_count,
    choose_formats,
    usual_formats,
    why_left_out,
    write_tables,
)
from ycd_opendata.publishing.metadata import metadata_texts
from ycd_opendata.shown import json_text

_ZIP_DATE = (1980, 1, 1, 0, 0, 0)
_UNIX = 3
_LONGEST_STEM = 200  # bytes; a disk takes names of 255, with version and ending
_PACKED = (".parquet", ".xlsx")
# How the source was read, and what was counted in it, is not so in a release.
_SOURCE_ONLY = (
    "compression",
    "control",
    "data",
    "dialect",
    "extrapaths",
    "headerRows",
    "innerpath",
    "layout",
    "schema",
    "scheme",
    "stats",
)


@dataclass(frozen=True)
class Plan:
    """What a release will hold, looked at before anything is written.

    ``files`` are those of each resource that is no table.
    """

    package: Package
    tables: tuple[Table, ...]
    files: Mapping[str, tuple[Attachment, ...]]
    formats: tuple[str, ...]

    def left_out(self) -> Iterator[str]:
        """A sentence for each table that a file lacks, and for each file that is not written."""
        stem = _file_stem(self.package)
        if "xlsx" not in self.formats and self.formats == usual_formats(self.tables):
            yield say(
                "{file} is left out: {number:,} cells are too many for a spreadsheet to open with "
                "ease; ask for it with `--formats`",
                file=f"{stem}.xlsx",
                number=cell_count(self.tables),
            )
        for table in self.tables:
            for ending, reason in why_left_out(table, self.formats).items():
                yield say(
                    "{file} has no table {table!r}: it has {reason}",
                    file=f"{stem}{ending}",
                    table=table.name,
                    reason=reason,
                )


def plan_release(package: Package, formats: Sequence[str] | None = None) -> Plan:
    """Look at all that a release will hold, and refuse what cannot be released.

    ``formats`` are some of ``FORMATS``; CSV is always among them. The default is what ``ycd.toml``
    says, else all, but for a workbook of more than ``MOST_CELLS`` cells.

    Raises ReleaseError where a table or file is not one that can be published; DataError where a
    table cannot be read; UnknownNameError where a format is unknown.
    """
    wanted = (package.settings.release.formats or None) if formats is None else formats
    chosen = None if wanted is None else choose_formats(wanted)
    files = {
        each.name: attachments(package, each) for each in package.resources if not each.is_table
    }
    tables = release_tables(package)
    return Plan(package, tables, files, chosen or usual_formats(tables))


def write_release(
    package: Package,
    folder: Path,
    base_url: str | None,
    formats: Sequence[str] | None = None,
    on_step: Callable[[str], object] = lambda _: None,
) -> Contents:
    """Write a release of a valid package into an empty folder, and say what was written.

    ``base_url``, where the catalogue will stand, becomes the release's ``homepage``. Formats and
    errors are as in ``plan_release``, of which nothing is written before. ``on_step`` is told what
    is done next.
    """
    on_step(say("reading tables"))
    plan = plan_release(package, formats)
    stem = _file_stem(package)
    write_tables(package, plan.tables, folder, stem, plan.formats, on_step)
    copied = {each.path: each for files in plan.files.values() for each in files}
    for each in copied.values():
        copy_attachment(each, folder)
    files = tuple(
        _released_file(folder, path, copied.get(path)) for path in sorted(files_in(folder))
    )
    raw = _descriptor(plan, {each.path: each for each in files}, base_url, folder)
    _write(folder / "datapackage.json", json_text(raw))
    contents = Contents(package, raw, plan.tables, files, base_url, tuple(plan.left_out()))
    # What is released is the same wherever it is built.
    with spoken("en"):
        texts = tuple(metadata_texts(contents))
    for name, text in texts:
        _write(folder / name, text)
    _write(folder / CHECKSUMS, checksums_text(folder))
    on_step(say("writing the ZIP"))
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
    name = re.sub(r"[^\w.-]+", "-", package.name).encode()[:_LONGEST_STEM].decode(errors="ignore")
    return name.strip("-.") or "package"


def _released_file(folder: Path, path: str, copied: Attachment | None) -> ReleasedFile:
    place = folder / path
    is_one_table = copied is None and Path(path).parts[0] in FOLDERS
    return ReleasedFile(
        path,
        copied.media_type if copied else MEDIA_TYPES[place.suffix],
        place.stat().st_size,
        sha256(place),
        Path(Path(path).parts[1]).name.removesuffix(place.suffix) if is_one_table else "",
        copied.resource.name if copied else "",
    )


def drop_profile_files(raw: dict[str, Any]) -> None:
    """Take profiles that are files of the source's folder out of a released descriptor.

    They describe the source, were checked there, and are not in a release.
    """
    for each in (raw, *raw["resources"]):
        for key in PROFILE_KEYS:
            if is_file_name(each.get(key)):
                del each[key]


def write_archive(path: Path, folder: Path, files: Iterable[str]) -> None:
    """Write a ZIP of files of a folder, whose bytes depend on these and their paths alone."""
    with zipfile.ZipFile(path, "w") as archive:
        for name in sorted(files):
            source = folder / name
            member = zipfile.ZipInfo(name, _ZIP_DATE)
            member.create_system = _UNIX
            member.external_attr = 0o100644 << 16
            member.file_size = source.stat().st_size
            packed = source.suffix in _PACKED
            member.compress_type = zipfile.ZIP_STORED if packed else zipfile.ZIP_DEFLATED
            with source.open("rb") as content, archive.open(member, "w") as target:
                shutil.copyfileobj(content, target, 2**20)


def _descriptor(
    plan: Plan, by_path: Mapping[str, ReleasedFile], base_url: str | None, folder: Path
) -> dict[str, Any]:
    """The released ``datapackage.json``: resources in the order of the package's, derived last."""
    package = plan.package
    raw = copy.deepcopy(dict(package.raw))
    del raw["resources"]
    if base_url is not None:
        raw["homepage"] = base_url
    described = {each.name: _released_table(package, each, by_path, folder) for each in plan.tables}
    for each in package.resources:
        if not each.is_table:
            described[each.name] = released_attachment(each, plan.files[each.name])
    names = dict.fromkeys([*(each.name for each in package.resources), *described])
    raw["resources"] = [described[name] for name in names]
    drop_profile_files(raw)
    return raw


def _released_table(
    package: Package, table: Table, by_path: Mapping[str, ReleasedFile], folder: Path
) -> dict[str, Any]:
    """A table's descriptor with its files' places, and their size and hash in the release."""
    files = [by_path[each] for each in table.files("csv")]
    source = package.resource(table.name)
    raw: dict[str, Any] = copy.deepcopy(dict(source.raw)) if source else {"name": table.name}
    schema = dict(table.schema.raw)
    # The columns are those of the fields, whatever those of the source were.
    schema.pop("fieldsMatch", None)
    if source is None:
        # A derived table is described by its schema alone.
        raw |= {"type": "table", "profile": "tabular-data-resource"}
        texts = [each for each in schema if each.startswith(("title", "description"))]
        raw |= {each: schema.pop(each) for each in texts}
    raw = {key: value for key, value in raw.items() if key not in _SOURCE_ONLY}
    raw |= {"format": "csv", "mediatype": files[0].media_type, "encoding": "utf-8"}
    # Said though it is the default: what is not said the JavaScript client and Python guess.
    raw["dialect"] = {"delimiter": ",", "skipInitialSpace": False}
    if len(files) == 1:
        [file] = files
        raw |= {"path": file.path, "bytes": file.bytes, "hash": f"sha256:{file.sha256}"}
    else:
        # Readers join the files, and their size and hash are those of what they read then.
        paths = [folder / each.path for each in files]
        size, found = digest(paths, headed=True, algorithm="sha256")
        raw |= {"path": [each.path for each in files], "bytes": size, "hash": f"sha256:{found}"}
    raw["schema"] = schema
    return raw
