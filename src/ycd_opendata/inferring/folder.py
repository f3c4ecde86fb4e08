"""The tables of a folder, and the package that they make: read, guessed, described.

Nothing is written here.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, count, islice
from pathlib import Path, PurePosixPath
from typing import Any

from ycd_opendata.errors import DataError, PackageError
from ycd_opendata.inferring.describing import TableFound, described, descriptor, package_name
from ycd_opendata.inferring.foreign_keys import with_references
from ycd_opendata.inferring.headers import judged_header
from ycd_opendata.inferring.primary_keys import with_key
from ycd_opendata.inferring.resolving import resolved
from ycd_opendata.inferring.tables import (
    Table,
    table_of,
    with_shared_missing,
    without_empty_records,
)
from ycd_opendata.messages import mark, reason_of, say
from ycd_opendata.package.files import descriptor_in
from ycd_opendata.package.tables.header import odd_label
from ycd_opendata.package.tables.limits import MOST_COLUMNS
from ycd_opendata.package.tables.undescribed import ENDINGS, read_undescribed

MOST_TABLES = 1_000
"""A folder with more tables than this is not one package of somebody's."""

_NOT_LOOKED_INTO = frozenset({"node_modules", "__pycache__", "venv", "dist", "build", "schemas"})


@dataclass(frozen=True)
class Found:
    """The package that a folder's tables make.

    ``left_out`` has a sentence for each file that cannot be described.
    """

    root: Path
    raw: dict[str, Any]
    tables: tuple[TableFound, ...]
    left_out: tuple[str, ...]


def infer(
    root: Path, started: Callable[[str], None] = lambda _: None, *, created: str = ""
) -> Found:
    """Find out what package the tables of a folder make.

    Folders in it are looked into, too. ``started`` is told the path of each file before it is
    read; ``created`` is the day that the package says it is of, which a release needs.

    Raises PackageError where it is no folder or a package already, or holds no table that can be
    described.
    """
    paths = table_files(root)
    before = {path: _state(root / path) for path in paths}
    tables: list[Table] = []
    left_out: list[str] = []
    names: set[str] = set()
    for path in paths:
        started(path)
        try:
            for source in map(judged_header, read_undescribed(root, path)):
                if why := _why_left_out(source.labels):
                    where = f"{path} [{source.sheet}]" if source.sheet else path
                    mend = mark("{where}: {why} (mend the file, or move it away)")
                    left_out.append(say(mend, where=where, why=why))
                else:
                    tables.append(table_of(_free_name(path, source.sheet, names), source))
        except DataError as error:
            left_out.append(str(error))
    changed = next((path for path in paths if _state(root / path) != before[path]), None)
    if changed is not None:
        raise PackageError(
            say("{changed} changed while it was read", changed=changed),
            say("run the command again"),
        )
    if not tables:
        raise PackageError(
            say("nothing can be described: {left_out}", left_out=say("; ").join(left_out))
        )
    readable = [with_shared_missing(without_empty_records(each)) for each in resolved(tables)]
    tables = with_references([with_key(each) for each in readable])
    referred: dict[str, set[str]] = {}
    for table in tables:
        for reference in table.references:
            referred.setdefault(reference.target, set()).update(reference.target_fields)
    found = [described(each, referred) for each in tables]
    title = root.resolve().name or "data"
    raw = descriptor(package_name(title), title, created, found)
    return Found(root, raw, tuple(found), tuple(left_out))


def _why_left_out(labels: Sequence[str]) -> str:
    if not labels:
        return say("the file is empty")
    if len(labels) > MOST_COLUMNS:
        return say("it has more than {most_columns:,} columns", most_columns=MOST_COLUMNS)
    return odd_label(labels)


def table_files(root: Path) -> list[str]:
    """The files of a folder that may be tables, as paths from it, in order.

    Raises PackageError where it is no folder or a package already, or has no such file, or far too
    many.
    """
    if not root.is_dir():
        raise PackageError(
            say("no such folder: {root!r}", root=str(root)),
            say("name the folder that has the tables"),
        )
    there = _descriptor(root)
    if there is not None:
        raise PackageError(
            say("{there!r} is there already, and nothing is overwritten", there=str(there)),
            say("`ycd validate` checks it; move it away to start anew"),
        )
    paths = [*islice(_files(root), MOST_TABLES + 1)]
    if len(paths) > MOST_TABLES:
        template = mark("{root!r} has more than {most_tables:,} tables")
        raise PackageError(
            say(template, root=str(root), most_tables=MOST_TABLES),
            say("name a folder with fewer: a package is what belongs together"),
        )
    if not paths:
        hint = say("tables are files in {endings}", endings=", ".join(ENDINGS))
        passed = sorted(each.name for each in root.iterdir() if each.is_dir() and _is_passed(each))
        if passed:
            hint = say("{hint}; not looked into: {folders}", hint=hint, folders=", ".join(passed))
        raise PackageError(say("there is no table in {root!r}", root=str(root)), hint)
    return sorted(paths)


def _files(root: Path) -> Iterator[str]:
    for folder, folders, files in os.walk(root, onerror=_refuse_folder):
        folders[:] = sorted(each for each in folders if not _is_passed(Path(folder) / each))
        for name in files:
            path = Path(folder) / name
            if name.startswith((".", "~$")) or not name.lower().endswith(ENDINGS):
                continue
            if path.resolve().is_relative_to(root.resolve()):
                yield path.relative_to(root).as_posix()


def _is_passed(folder: Path) -> bool:
    """Whether a folder is not looked into: hidden, made by a program, or a package of its own."""
    name = folder.name
    if name.startswith((".", "_")) or name.lower() in _NOT_LOOKED_INTO:
        return True
    return _descriptor(folder) is not None


def _descriptor(folder: Path) -> Path | None:
    """The descriptor of a folder, if it has one; the folder may be closed to us."""
    try:
        return descriptor_in(folder)
    except OSError as error:
        _refuse_folder(error, str(folder))
        return None


def _refuse_folder(error: OSError, folder: str = "") -> None:
    names = {"filename": folder or error.filename, "reason": reason_of(error)}
    raise PackageError(say("cannot look into {filename!r}: {reason}", **names)) from error


def _state(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_size, found.st_mtime_ns


def _free_name(path: str, sheet: str, taken: set[str]) -> str:
    """A name for a table that none has yet: the sheet's, the file's, or with the folder's."""
    pure = PurePosixPath(path)
    stem = pure.name.partition(".")[0] or pure.name
    named = (sheet or stem, f"{stem}-{sheet}", f"{pure.parent.name}-{stem}-{sheet}")
    numbered = (f"{package_name(stem)}-{number}" for number in count(2))
    name = next(each for each in chain(map(package_name, named), numbered) if each not in taken)
    taken.add(name)
    return name
