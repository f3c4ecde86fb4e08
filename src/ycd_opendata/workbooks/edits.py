"""All edits of a workbook, held against the package, and written into it."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from ycd_opendata.errors import DataError
from ycd_opendata.loader.retired import RETIRED
from ycd_opendata.messages import mark, say
from ycd_opendata.package.files import resolve_inside
from ycd_opendata.package.model import Package
from ycd_opendata.publishing.table_files import Change
from ycd_opendata.repairs.mending import why_unsure
from ycd_opendata.shown import first_few, quoted
from ycd_opendata.versioning.comparing import Comparison, compare
from ycd_opendata.workbooks.accepting import accept
from ycd_opendata.workbooks.base_sheet import read_base
from ycd_opendata.workbooks.book_reading import read_workbook
from ycd_opendata.workbooks.matching import match_sheets
from ycd_opendata.workbooks.row_reading import Question, Said
from ycd_opendata.workbooks.table_sheets import layout
from ycd_opendata.workbooks.taking import Deleted, TakenTable, take_table

MOST_ASKED = 50
"""A workbook with more questions is to be mended, not asked about one by one."""

_TABLE, _ID, _SINCE = "table", "id", "since_version"


@dataclass(frozen=True)
class Taken:
    """What a workbook says of the tables of a package; nothing is written yet.

    ``said`` is what was mended and has to be asked in all sheets, what else there is to say, and
    which sheets could not be taken, and why. The tables have the suggestions that were accepted.
    """

    tables: tuple[TakenTable, ...]
    said: Said

    @property
    def deleted(self) -> Mapping[str, tuple[Deleted, ...]]:
        """The records without a row, by table."""
        return {each.file.resource.name: each.deleted for each in self.tables if each.deleted}


def take_workbook(package: Package, path: Path, answers: Mapping[str, str]) -> Taken:
    """Read the edits of a workbook; ``answers`` are texts by the place of the question.

    Raises PackageError where it cannot be read or is another package's, and DataError where no
    table of the package can be edited so.
    """
    sheets = read_workbook(path)
    base = read_base(sheets, package)
    # Names in every language are understood, whatever the workbook's was.
    plan = layout(package, "en")
    matches = match_sheets(sheets, plan, package)
    said = Said(answers, remarks=[*matches.remarks], troubles=[*matches.troubles])
    tables = tuple(take_table(each, base, said) for each in matches.sheets)
    if matches.suggestions is not None:
        tables = accept(package, matches.suggestions, base, plan, tables, said)
    return Taken(tables, said)


def changes_of(tables: Sequence[TakenTable], gone: frozenset[Deleted]) -> tuple[Change, ...]:
    """The files that change, given which of the deleted records go.

    Raises DataError where a cell cannot be written in the dialect or encoding of its table.
    """
    changes = []
    for each in tables:
        rows = each.without(gone)
        if sorted(rows) == sorted(row.cells for row in each.file.rows):
            continue
        try:
            changes.append(each.file.written(each.file.header, rows))
        except DataError as error:
            said = {"paths": each.file.path, "message": error.message}
            raise DataError(
                say("{paths!r} is left as it is: {message}", **said), error.hint
            ) from error
    return tuple(changes)


@contextmanager
def compared(package: Package, changes: Sequence[Change]) -> Iterator[Comparison]:
    """The package held against what the changes make of it, as ``ycd diff`` does."""
    paths = {each.path for each in changes}
    with tempfile.TemporaryDirectory(prefix="ycd-") as name:
        root = Path(name)
        concerned = tuple(
            each
            for each in package.resources
            if paths & {*each.paths} or (each.name == RETIRED and changes)
        )
        for each in concerned:
            for path in each.paths:
                (root / path).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(resolve_inside(package.root, path, RETIRED), root / path)
        for change in changes:
            (root / change.path).write_bytes(change.after.encode(change.encoding))
        old = replace(package, resources=concerned)
        yield compare(old, replace(old, root=root))


def question_line(question: Question) -> str:
    """A question, with what it may be."""
    field = f" {question.field}" if question.field else ""
    choices = ", ".join(map(quoted, question.choices))
    may_be = say("; it may be {choices}", choices=choices) if choices else ""
    why = why_unsure(question.kind)
    return f"{question.place}{field} {quoted(question.value)}: {why}{may_be}"


def deleted_lines(deleted: Mapping[str, Iterable[Deleted]]) -> Iterator[str]:
    """The records without a row, a line a table."""
    for table, records in deleted.items():
        names = [", ".join(each.key) or ", ".join(each.cells) for each in records]
        yield f"{table}: {len(names):,}: {first_few([*map(quoted, names)])}"


def already_retired(tables: Sequence[TakenTable]) -> frozenset[Deleted]:
    """The deleted records that have a tombstone in the workbook: nothing is to be asked of them."""
    retired = _retired(tables)
    if retired is None:
        return frozenset()
    table, id_ = map(retired.file.columns.index, (_TABLE, _ID))
    known = {(each[table], each[id_]) for each in retired.rows}
    return frozenset(
        record for each in tables for record in each.deleted if (record.table, *record.key) in known
    )


def _retired(tables: Sequence[TakenTable]) -> TakenTable | None:
    """The table of tombstones, if the package keeps any."""
    found = next((each for each in tables if each.file.resource.name == RETIRED), None)
    return found if found is not None and {_TABLE, _ID} <= {*found.file.columns} else None


def with_tombstones(
    package: Package, tables: Sequence[TakenTable], said: Mapping[str, str]
) -> tuple[TakenTable, ...]:
    """The tables with a tombstone for each deleted record that has none.

    ``said`` is what the tombstones say beside table, id and version, by field. Raises DataError
    where the package keeps none, they ask for more, or a record has no id of one field.
    """
    retired = _retired(tables)
    without_one = mark("--deleted remove takes the records out without one")
    if retired is None:
        no_table = say("the package has no table {name!r} to keep tombstones in", name=RETIRED)
        raise DataError(no_table, say(without_one))
    file = retired.file
    if unknown := [name for name in said if name not in file.columns]:
        raise DataError(
            say("tombstones have no field {name!r}", name=unknown[0]),
            say("they have {fields}", fields=", ".join(file.columns)),
        )
    required = [each.name for each in file.fields if each.required]
    if asked := [each for each in required if each not in (_TABLE, _ID, _SINCE, *said)]:
        raise DataError(
            say("a tombstone has to say {fields} too", fields=", ".join(asked)),
            " ".join(f"--tombstone {name}=..." for name in asked),
        )
    there = already_retired(tables)
    rows = []
    for record in (record for each in tables for record in each.deleted if record not in there):
        if len(record.key) != 1:
            no_id = mark("records of table {name!r} have no id of one field, so no tombstone")
            raise DataError(say(no_id, name=record.table), say(without_one))
        facts = {_SINCE: package.version, **said, _TABLE: record.table, _ID: record.key[0]}
        rows.append(
            tuple(facts.get(each.name, file.schema.missing_text_of(each)) for each in file.fields)
        )
    return tuple(
        replace(each, rows=(*each.rows, *rows)) if each is retired else each for each in tables
    )
