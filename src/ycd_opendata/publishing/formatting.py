"""``ycd format``: the tables of a package in their canonical form."""

from __future__ import annotations

import difflib
from dataclasses import dataclass

from ycd_opendata.errors import DataError
from ycd_opendata.package.canonical import canonical_text, clean_cell
from ycd_opendata.package.model import Package, Resource, Schema
from ycd_opendata.package.rows import parse_rows
from ycd_opendata.publishing.writing import write_atomically


@dataclass(frozen=True)
class Change:
    """A file whose canonical text differs from what it holds."""

    path: str
    before: str
    after: str


def reformat(package: Package) -> tuple[Change, ...]:
    """The changes that bring every table into canonical form; nothing is written.

    Only tables with a schema in one plain CSV file are touched: others (another dialect or
    encoding, compressed, in several files) are left alone.

    Raises
    ------
    DataError
        A table cannot be brought into form by machine: it is not UTF-8, its header is not its
        schema's, or a row has too many or too few cells.
    """
    changes = []
    for resource in package.resources:
        if resource.schema is None or not _is_plain_csv(resource):
            continue
        change = _reformat_table(package, resource, resource.schema)
        if change.before != change.after:
            changes.append(change)
    return tuple(changes)


def _is_plain_csv(resource: Resource) -> bool:
    return (
        len(resource.paths) == 1
        and resource.paths[0].lower().endswith(".csv")
        and resource.encoding.lower() in ("utf-8", "utf8")
        and resource.has_usual_dialect
        and not resource.raw.get("compression")
    )


def write_changes(package: Package, changes: tuple[Change, ...]) -> None:
    """Write the changed files, each whole or not at all."""
    for change in changes:
        write_atomically(package.root / change.path, change.after.encode())


def unified_diff(change: Change) -> str:
    """A change as a unified diff; carriage returns and byte order marks are made visible."""
    before, after = (
        text.replace("\ufeff", "\\ufeff").replace("\r\n", "\\r\n").replace("\r", "\\r\n")
        for text in (change.before, change.after)
    )
    lines = difflib.unified_diff(
        before.splitlines(keepends=True), after.splitlines(keepends=True), change.path, change.path
    )
    return "".join(line if line.endswith("\n") else f"{line}\n\\ no line end\n" for line in lines)


def _reformat_table(package: Package, resource: Resource, schema: Schema) -> Change:
    path = resource.paths[0]
    hint = "run `ycd validate` to see what is wrong"
    try:
        text = package.path(resource).read_bytes().decode("utf-8")
    except OSError as error:
        raise DataError(f"cannot read {path!r}: {error.strerror}", hint) from error
    except UnicodeDecodeError as error:
        raise DataError(
            f"{path!r} is not UTF-8 (byte {error.start})", "save it as UTF-8"
        ) from error
    rows = parse_rows(text.removeprefix("\ufeff"), resource.dialect)
    if not rows or tuple(map(clean_cell, rows[0].cells)) != schema.field_names:
        raise DataError(f"the header of {path!r} is not its schema's field names", hint)
    for row in rows[1:]:
        if row.cells and len(row.cells) != len(schema.fields):
            raise DataError(
                f"{path!r}, line {row.line}: {len(row.cells)} cells, expected {len(schema.fields)}",
                hint,
            )
    cells = [[clean_cell(cell) for cell in row.cells] for row in rows[1:]]
    return Change(path, text, canonical_text(schema.field_names, cells, schema))
