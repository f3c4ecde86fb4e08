"""The rows of a package that are right and those that are not, and why, as files.

::

    good/TABLE.csv   the rows without an error, as they stand
    bad/TABLE.csv    the others, as they stand: mend them, and put them back
    findings.csv     every finding; ``bad_row`` is the number of its row in bad/TABLE.csv

Rows are told by the numbers of findings, so this is the same for every engine. The files are
written beside their place and moved there in one step.
"""

from __future__ import annotations

import csv
import shutil
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, fields
from pathlib import Path
from typing import IO

from ycd_opendata.errors import DataError, PackageError, YcdError
from ycd_opendata.messages import reason_of, say
from ycd_opendata.package.model import Package, Resource
from ycd_opendata.package.tables.reader import rows_to_judge
from ycd_opendata.validation.findings import Finding

_ABOUT_NO_ROW = ("-label", "-header")


@dataclass(frozen=True)
class Split:
    """How many rows of a table are good and bad; ``unread`` says why it was not split."""

    table: str
    good: int
    bad: int
    unread: str = ""


def refuse_used(folder: Path) -> None:
    """Raise PackageError where something stands already.

    Raises PackageError where there is a file of this name, or a folder that is not empty.
    """
    if folder.is_file() or (folder.is_dir() and any(folder.iterdir())):
        raise PackageError(
            say("{folder!r} is not empty, and nothing is overwritten", folder=str(folder)),
            say("name a new folder"),
        )


def write_rejects(package: Package, findings: Sequence[Finding], folder: Path) -> tuple[Split, ...]:
    """Write the good rows, the bad rows and the findings of a package into a new folder.

    ``findings`` are all of them, none left out: a row without one is good.

    Raises PackageError where the folder is not empty, or cannot be written.
    """
    refuse_used(folder)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        staged = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
        try:
            splits = _write_into(staged, package, findings)
            staged.chmod(0o755)
            if folder.is_dir():
                folder.rmdir()
            staged.rename(folder)
        finally:
            shutil.rmtree(staged, ignore_errors=True)
    except OSError as error:
        raise PackageError(
            say("cannot write {where!r}: {reason}", where=str(folder), reason=reason_of(error))
        ) from error
    return splits


def _write_into(folder: Path, package: Package, findings: Sequence[Finding]) -> tuple[Split, ...]:
    (folder / "good").mkdir()
    (folder / "bad").mkdir()
    splits = []
    places: dict[tuple[str, int], int] = {}
    for resource in package.resources:
        if resource.is_table:
            wrong = _wrong_rows(findings, resource.name)
            try:
                splits.append(_split(folder, package, resource, wrong, places))
            except YcdError as error:
                splits.append(Split(resource.name, 0, 0, str(error)))
    _write_findings(folder / "findings.csv", findings, places)
    return tuple(splits)


def _wrong_rows(findings: Iterable[Finding], table: str) -> frozenset[int]:
    """The numbers of the rows of a table that have an error."""
    return frozenset(
        each.row
        for each in findings
        if each.resource == table and each.severity == "error" and each.row is not None
        if not each.code.endswith(_ABOUT_NO_ROW)
    )


def _split(
    folder: Path,
    package: Package,
    resource: Resource,
    wrong: frozenset[int],
    places: dict[tuple[str, int], int],
) -> Split:
    labels, rows = rows_to_judge(package, resource)
    names = [folder / kind / f"{_file_name(resource)}.csv" for kind in ("good", "bad")]
    counts = [0, 0]
    try:
        with ExitStack() as stack:
            writers = [
                csv.writer(stack.enter_context(_open(name)), lineterminator="\n") for name in names
            ]
            for writer in writers:
                writer.writerow(labels)
            for record in rows:
                if not record.cells and record.number not in wrong:
                    continue
                is_bad = record.number in wrong
                writers[is_bad].writerow(record.cells)
                counts[is_bad] += 1
                if is_bad:
                    places[resource.name, record.number] = counts[1] + 1
    except DataError:
        for name in names:
            name.unlink(missing_ok=True)
        raise
    return Split(resource.name, counts[0], counts[1])


def _file_name(resource: Resource) -> str:
    """The table's name, in which nothing leads to another folder."""
    return resource.name.replace("/", "-").replace("\\", "-").lstrip(".") or "table"


def _open(path: Path) -> IO[str]:
    return path.open("w", encoding="utf-8", errors="backslashreplace", newline="")


def _write_findings(
    path: Path, findings: Iterable[Finding], places: Mapping[tuple[str, int], int]
) -> None:
    with _open(path) as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow([*(each.name for each in fields(Finding)), "bad_row"])
        for each in findings:
            place = places.get((each.resource, each.row)) if each.row is not None else None
            writer.writerow([*each.to_json().values(), place])
