"""``ycd format``: the tables of a package in their canonical form, each understood or left alone.

What has no meaning is made uniform: quotes only where a cell needs them, rows sorted by primary
key, no blank lines, a final line end. What the owner of a package chose stays: delimiter, quote
character, encoding, byte order mark, line ends, and every cell to the character. Only this
project's own tables have one form of those too, with no white space around cells and Unicode
composed.
"""

from __future__ import annotations

import csv
import difflib
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ycd_opendata.errors import DataError, UnsafePathError, YcdError
from ycd_opendata.extension_loading import extension_of
from ycd_opendata.package.canonical import canonical_rows, clean_cell, csv_text
from ycd_opendata.package.files import resolve_inside
from ycd_opendata.package.model import Package, Resource, Schema
from ycd_opendata.package.rows import Row, parse_rows
from ycd_opendata.package.tables.pairing import AmbiguousHeaderError, pair
from ycd_opendata.package.tables.reader import numbered_rows
from ycd_opendata.publishing.atomic_writing import write_atomically
from ycd_opendata.shown import visible

_MARK = "\ufeff"
_HINT = "run `ycd validate` to see what is wrong"
_UNDERSTOOD = {
    *("delimiter", "quoteChar", "skipInitialSpace", "lineTerminator"),
    *("caseSensitiveHeader", "csvddfVersion", "headerCase", "$schema"),
}
"""Keys of a dialect that are understood, or that change no row."""
_USUAL = {"header": True, "headerRows": [1], "doubleQuote": True, "commentRows": []}
"""Keys that are understood where they say what holds anyway."""


@dataclass(frozen=True)
class Change:
    """A file whose canonical text differs from what it holds."""

    path: str
    before: str
    after: str
    encoding: str = "utf-8"


@dataclass(frozen=True)
class Formatted:
    """What formatting a package comes to; nothing is written yet.

    Attributes
    ----------
    changes : tuple of Change
        The files to be written.
    canonical : int
        How many tables are, or will be, in canonical form.
    skipped : mapping
        Table to why it has no canonical form here: its form is another one on purpose.
    refused : tuple of DataError
        What was not understood, and is therefore left as it is.
    """

    changes: tuple[Change, ...] = ()
    canonical: int = 0
    skipped: Mapping[str, str] = field(default_factory=dict)
    refused: tuple[DataError, ...] = ()


def reformat(package: Package) -> Formatted:
    """What brings every table of a package into canonical form."""
    changes: list[Change] = []
    skipped: dict[str, str] = {}
    refused: list[DataError] = []
    for resource in package.resources:
        why = _why_skipped(resource)
        if why:
            skipped[resource.name] = why
            continue
        assert resource.schema is not None
        try:
            changes.append(_reformatted(package, resource, resource.schema))
        except (DataError, UnsafePathError) as error:
            message = f"{resource.paths[0]!r} is left as it is: {error.message}"
            refused.append(DataError(message, error.hint or _HINT))
    needed = tuple(each for each in changes if each.before != each.after)
    return Formatted(needed, len(changes), skipped, tuple(refused))


def _why_skipped(resource: Resource) -> str:
    """Why a table has no canonical form, or ""."""
    dialect = resource.dialect
    if resource.schema is None:
        return "it has no schema"
    if len(resource.paths) != 1:
        return f"it is in {len(resource.paths)} files" if resource.paths else "it is in no file"
    path = resource.paths[0].lower()
    if "://" in path:
        return "it is on the web"
    if resource.raw.get("compression") or resource.raw.get("innerpath"):
        return "it is compressed"
    if not path.endswith(".csv") or str(resource.raw.get("format", "csv")).lower() != "csv":
        return "it is no CSV file"
    odd = [
        key
        for key, value in dialect.items()
        if key not in _UNDERSTOOD and _USUAL.get(key, ...) != value
    ]
    return f"its dialect has {', '.join(sorted(odd))}" if odd else ""


def _reformatted(package: Package, resource: Resource, schema: Schema) -> Change:
    path = resolve_inside(package.root, resource.paths[0], package.descriptor_path.name)
    before, encoding = _read(path, resource)
    dialect = resource.dialect
    rows = parse_rows(before.removeprefix(_MARK), dialect, strict=True)
    if not rows:
        raise DataError("it is empty, without a header")
    is_canonical = package.settings.validate.canonical
    clean = clean_cell if is_canonical else str
    header, *body = [[clean(cell) for cell in row.cells] for row in rows]
    columns = _columns(header, resource, schema)
    _refuse_uneven(rows, len(columns))
    _refuse_other_reading(package, resource, rows)
    body = [list(each) for each in canonical_rows(body, schema, columns)]
    line_end = "\n" if is_canonical or not _ends_with_crlf(before) else "\r\n"
    delimiter, quote = dialect.get("delimiter", ","), dialect.get("quoteChar", '"')
    try:
        after = csv_text([header, *body], delimiter, quote, line_end)
    except csv.Error as error:
        raise DataError(f"its cells cannot be written in its dialect: {error}") from error
    if [list(row.cells) for row in parse_rows(after, dialect, strict=True)] != [header, *body]:
        raise DataError("written in its dialect its cells would be read otherwise")
    mark = _MARK if before.startswith(_MARK) and not is_canonical else ""
    return Change(resource.paths[0], before, mark + after, encoding)


def _read(path: Path, resource: Resource) -> tuple[str, str]:
    """The text of a file, if its bytes are the ones that its text makes."""
    encoding = resource.encoding
    try:
        content = path.read_bytes()
        text = content.decode(encoding)
    except OSError as error:
        raise DataError(f"it cannot be read ({error.strerror})") from error
    except LookupError as error:
        raise DataError(f"nobody knows its encoding {encoding!r}") from error
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        message = f"line {line}, byte {error.start + 1} of the file is not {encoding}"
        raise DataError(message, "save it so, or declare the encoding that it has") from error
    if text.encode(encoding) != content:
        raise DataError(f"its bytes are {encoding} in an unusual way")
    return text, encoding


def _columns(header: Sequence[str], resource: Resource, schema: Schema) -> list[str]:
    """The name of each column: of its field, or what the header calls one without a field.

    Raises
    ------
    DataError
        The header is not the schema's.
    """
    labels = [each.strip() for each in header]
    if not labels:
        raise DataError("its header is not in its first line")
    try:
        pairing = pair(labels, schema, ignore_case=resource.ignores_case)
    except AmbiguousHeaderError as error:
        raise DataError(f"its header is ambiguous: {error}") from error
    if pairing.faults:
        fault = pairing.faults[0]
        shown = fault.label or fault.field
        raise DataError(f"its header is not its schema's: {fault.code} {shown!r}")
    return [each.name for each in pairing.fields]


def _refuse_other_reading(package: Package, resource: Resource, rows: Sequence[Row]) -> None:
    """Raise DataError unless the rows are those that the table is validated and published with."""
    here = [list(row.cells) for row in rows if row.cells]
    there = [list(record.cells) for record in numbered_rows(package, resource) if record.cells]
    if here != there:
        raise DataError("validation reads other rows in it", "declare its dialect")


def _refuse_uneven(rows: Sequence[Row], width: int) -> None:
    for row in rows:
        if row.cells and len(row.cells) != width:
            raise DataError(f"line {row.line} has {len(row.cells)} cells, expected {width}")


def _ends_with_crlf(text: str) -> bool:
    """Whether the first line ends so: the others are made to end like it."""
    end = text.find("\n")
    return end > 0 and text[end - 1] == "\r"


def regenerate(package: Package, tables: Formatted) -> Formatted:
    """What brings the texts that are generated from the tables up to date.

    Where a table was not understood nothing is counted.
    """
    if extension_of(package).documents is None or tables.refused:
        return Formatted()
    # They load pandas, which most packages have no need of.
    from ycd_opendata.loader.loading import tables_of
    from ycd_opendata.validation.generated_texts import stale_texts

    try:
        stale = tuple(stale_texts(package, tables_of(package)))
    except YcdError as error:
        return Formatted(skipped={"what is generated from the tables": error.message})
    return Formatted(tuple(Change(each.path, each.before, each.after) for each in stale))


def write_changes(package: Package, changes: Sequence[Change]) -> None:
    """Write the changed files, each whole or not at all; of a link, what it leads to.

    Raises
    ------
    DataError
        One of them is not to be written by whoever asks; then none is.
    """
    named_in = package.descriptor_path.name
    targets = [resolve_inside(package.root, each.path, named_in).resolve() for each in changes]
    for target, change in zip(targets, changes, strict=True):
        if not os.access(target, os.W_OK):
            raise DataError(f"{change.path!r} may not be written", "nothing was changed")
    for target, change in zip(targets, changes, strict=True):
        write_atomically(target, change.after.encode(change.encoding))


def unified_diff(change: Change) -> str:
    """A change as a unified diff; what is not printable, such as a carriage return, is visible."""
    before, after = (
        "\n".join(map(visible, text.split("\n"))).splitlines(keepends=True)
        for text in (change.before, change.after)
    )
    lines = difflib.unified_diff(before, after, change.path, change.path)
    return "".join(line if line.endswith("\n") else f"{line}\n\\ no line end\n" for line in lines)
