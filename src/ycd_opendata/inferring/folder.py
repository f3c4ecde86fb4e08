"""The tables of a folder, and the package that they make: read, guessed, described.

Where a column can be read in several ways (``01/02/2023`` may be a day of January or February),
what other columns and its own course say decides. Nothing is written here.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, count, islice
from pathlib import Path, PurePosixPath
from typing import Any

import polars as pl

from ycd_opendata.errors import DataError, PackageError
from ycd_opendata.inferring.describing import TableFound, described, descriptor, package_name
from ycd_opendata.inferring.foreign_keys import with_references
from ycd_opendata.inferring.guess import Guess, said_of
from ycd_opendata.inferring.headers import judged_header
from ycd_opendata.inferring.notations import Notation
from ycd_opendata.inferring.primary_keys import with_key
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


def resolved(tables: Sequence[Table]) -> list[Table]:
    """The tables with one reading a column, and a doubt where nothing decides."""
    every = [each for table in tables for each in table.guesses.values()]
    orders = {_order(each.notation) for each in every if len(each.readings) == 1} - {""}
    done = []
    for table in tables:
        own = {_order(each.notation) for each in table.guesses.values() if len(each.readings) == 1}
        near = own - {""} or orders
        point = _point(table)
        for name, found in table.guesses.items():
            if len(found.readings) > 1:
                is_number = found.notation.type == "number"
                better = (
                    _number(found, point) if is_number else _day(table, name, found, near, point)
                )
                table = table.with_guess(name, better)
        done.append(table)
    return done


def _order(notation: Notation) -> str:
    """Whether day or month comes first in a notation of days, "" where it starts with the year."""
    day = notation.day.replace("-", "").replace("/", "").replace(".", "")
    return {"%d%m": "day", "%m%d": "month"}.get(day[:4], "")


def _point(table: Table) -> str:
    """The decimal character of a table, as its other columns and its delimiter say it, or ""."""
    numbers = [
        each
        for each in table.guesses.values()
        if each.notation.type == "number" and each.cells.kind == "text" and len(each.readings) == 1
    ]
    points = {each.notation.properties.get("decimalChar", ".") for each in numbers}
    if len(points) == 1:
        return str(points.pop())
    is_semicolon = table.source.properties.get("dialect", {}).get("delimiter") == ";"
    return "," if is_semicolon and not points else ""


def _number(found: Guess, point: str) -> Guess:
    """Numbers whose comma or point may stand before decimals or between groups."""
    chosen = next(
        (each for each in found.readings if each.properties.get("decimalChar", ".") == point), None
    )
    if chosen is None:
        # Without a word on it: a comma before three digits groups, a point does not.
        grouped = (each for each in found.readings if each.properties.get("groupChar") == ",")
        return _doubted(found, next(grouped, found.notation))
    reason = mark("{evidence}; the table's decimal character is {point!r}")
    evidence = found.evidence[-1] if chosen is found.notation else said_of(chosen)
    says = (*found.evidence[:-1], say(reason, evidence=evidence, point=point))
    decided = replace(found, readings=(chosen,), evidence=says)
    return decided.with_doubt(_other(found, chosen)) if chosen.properties else decided


def _other(found: Guess, chosen: Notation) -> str:
    others = [each for each in found.readings if each is not chosen]
    return say("it may be {says}", says=say(" or ").join(each.says for each in others))


def _doubted(found: Guess, chosen: Notation, reason: str = "") -> Guess:
    """The guess with one of its readings, for a reason that leaves a doubt, or for none."""
    decided = replace(found, readings=(chosen,))
    if reason:
        says = say("every cell is {says}; {reason}", says=chosen.says, reason=reason)
        decided = found.read_as(chosen, says)
    return decided.with_doubt(_other(found, chosen))


def _day(table: Table, name: str, found: Guess, orders: set[str], point: str) -> Guess:
    """Days whose first two numbers may be day and month or month and day."""
    by_order = {_order(each): each for each in reversed(found.readings)}
    if len(orders) == 1 and (order := next(iter(orders))) in by_order:
        reason = say("other columns have the {order} first, too", order=order)
        return _doubted(found, by_order[order], reason)
    for reason, chosen in _by_course(table.texts(name), found.readings):
        return _doubted(found, chosen, reason)
    first = "day" if point == "," else _order(found.notation)
    return _doubted(found, by_order.get(first, found.notation))


def _by_course(texts: pl.Series, readings: Sequence[Notation]) -> Iterator[tuple[str, Notation]]:
    """Which reading makes the course of a column's days the plainer one, and why."""
    texts = texts.drop_nulls()
    parsed = [(each, _days(texts, each)) for each in readings]
    sorted_ = [
        each
        for each, days in parsed
        if days.n_unique() > 2 and (days.is_sorted() or days.is_sorted(descending=True))
    ]
    if len(sorted_) == 1:
        yield say("so the days stand in order"), sorted_[0]
    first = [each for each, days in parsed if (days.dt.day() == 1).all()]
    if len(first) == 1 and texts.n_unique() > 2:
        yield say("so each is the first of a month"), first[0]


def _days(texts: pl.Series, notation: Notation) -> pl.Series:
    day = texts.str.extract(f"^{notation.shape}", 1)
    return day.str.to_date(notation.day, strict=False)
