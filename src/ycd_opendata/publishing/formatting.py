"""``ycd format``: the tables of a package in their canonical form, each understood or left alone.

What is made uniform, and what stays as its owner chose it, is said in ``table_files``. Where the
settings ask for the canonical form, encoding and line ends have one form, too, no white space
stands around cells, and their Unicode is composed.
"""

from __future__ import annotations

import difflib
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ycd_opendata.errors import DataError, UnsafePathError, YcdError
from ycd_opendata.extension_loading import extension_of
from ycd_opendata.messages import mark, say
from ycd_opendata.package.canonical import clean_cell
from ycd_opendata.package.files import resolve_inside
from ycd_opendata.package.model import Field, Package, Resource
from ycd_opendata.package.standard_notation import notation
from ycd_opendata.publishing.moving import write_atomically
from ycd_opendata.publishing.table_files import Change, TableFile, read_table_file, why_not_written
from ycd_opendata.repairs.mending import Repair, category_names
from ycd_opendata.shown import visible
from ycd_opendata.validation.cell_mender import mender_of

_HINT = mark("run `ycd validate` to see what is wrong")


@dataclass(frozen=True)
class Formatted:
    """What formatting a package comes to; nothing is written yet.

    ``changes`` are the files to be written, ``canonical`` is how many tables are, or will be, in
    canonical form. ``skipped`` says of others why their form is another one on purpose; ``refused``
    is what was not understood, and is therefore left as it is. ``repairs`` are the cells whose
    values were written so that nobody could read them, and no longer are.
    """

    changes: tuple[Change, ...] = ()
    canonical: int = 0
    skipped: Mapping[str, str] = field(default_factory=dict)
    refused: tuple[DataError, ...] = ()
    repairs: tuple[Repair, ...] = ()


def reformat(package: Package) -> Formatted:
    """What brings every table of a package into canonical form."""
    changes: list[Change] = []
    skipped: dict[str, str] = {}
    refused: list[DataError] = []
    repairs: list[Repair] = []
    for resource in package.resources:
        why = why_not_written(resource)
        if why:
            skipped[resource.name] = why
            continue
        try:
            changes.append(_reformatted(package, resource, repairs))
        except (DataError, UnsafePathError) as error:
            message = say(
                "{paths!r} is left as it is: {message}",
                paths=resource.paths[0],
                message=error.message,
            )
            refused.append(DataError(message, error.hint or say(_HINT)))
    needed = tuple(each for each in changes if each.is_needed)
    return Formatted(needed, len(changes), skipped, tuple(refused), tuple(repairs))


def _reformatted(package: Package, resource: Resource, repairs: list[Repair]) -> Change:
    """The file of a table in canonical form; what is mended in it is added to ``repairs``."""
    table = read_table_file(package, resource)
    clean = clean_cell if table.is_canonical else str
    body = [[clean(cell) for cell in row.cells] for row in table.rows]
    found: list[Repair] = []
    for at, column in enumerate(table.fields):
        mended = _mended(column, table, {cells[at] for cells in body})
        for row, cells in zip(table.rows, body, strict=True) if mended else ():
            if cells[at] in mended:
                kind, text = mended[cells[at]]
                place = f"{table.path}:{row.line} {column.name}"
                found.append(Repair(kind, place, cells[at], text))
                cells[at] = text
    change = table.written([clean(cell) for cell in table.header], body)
    repairs += found
    return change


def _mended(field: Field, table: TableFile, texts: set[str]) -> dict[str, tuple[str, str]]:
    """What is mended in cells of a field that are not valid, and what they are, where certain.

    Where the owner asks for the canonical form, values that other software refuses are written
    as the standard has them too.
    """
    if not field.is_code or field.type == "any":
        return {}
    written = None if {"pattern", "enum"} & {*field.constraints} else notation(field)
    if written is not None:
        texts = {each for each in texts if not written.is_lawful(each)}
    mender = mender_of(field, table.schema, category_names(field))
    is_fine = mender.is_lawful if table.is_canonical else mender.is_valid
    found = {}
    for text in texts:
        if text and not is_fine(text):
            meant = mender.mend(text)
            if meant.text and meant.kind:
                found[text] = (meant.kind, meant.text)
    return found


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
        return Formatted(skipped={say("what is generated from the tables"): error.message})
    return Formatted(tuple(Change(each.path, each.before, each.after) for each in stale))


def write_changes(package: Package, changes: Sequence[Change]) -> None:
    """Write the changed files, each whole or not at all; of a link, what it leads to.

    Raises DataError where one of them is not to be written by whoever asks; then none is.
    """
    named_in = package.descriptor_path.name
    targets = [resolve_inside(package.root, each.path, named_in).resolve() for each in changes]
    for target, change in zip(targets, changes, strict=True):
        if not os.access(target, os.W_OK):
            raise DataError(
                say("{path!r} may not be written", path=change.path), say("nothing was changed")
            )
    for target, change in zip(targets, changes, strict=True):
        write_atomically(target, change.after.encode(change.encoding))


def unified_diff(change: Change) -> str:
    """A change as a unified diff; what is not printable, such as a carriage return, is visible."""
    before, after = (
        "\n".join(map(visible, text.split("\n"))).splitlines(keepends=True)
        for text in (change.before, change.after)
    )
    was = f"{change.path} ({change.read_as})" if change.read_as else change.path
    now = f"{change.path} ({change.encoding})" if change.read_as else change.path
    lines = [*difflib.unified_diff(before, after, was, now)]
    if change.read_as and not lines:
        lines = [f"--- {was}\n", f"+++ {now}\n"]
    return "".join(
        line if line.endswith("\n") else say("{line}\n\\ no line end\n", line=line)
        for line in lines
    )
