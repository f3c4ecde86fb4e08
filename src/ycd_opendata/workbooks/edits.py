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
from ycd_opendata.messages import say
from ycd_opendata.package.files import resolve_inside
from ycd_opendata.package.model import Package
from ycd_opendata.publishing.table_files import Change
from ycd_opendata.repairs.mending import Repair
from ycd_opendata.repairs.repairs_told import why_unsure
from ycd_opendata.shown import quoted
from ycd_opendata.versioning.comparing import Comparison, compare
from ycd_opendata.workbooks.accepting import Accepted, accept
from ycd_opendata.workbooks.base_sheet import read_base
from ycd_opendata.workbooks.book_reading import read_workbook
from ycd_opendata.workbooks.matching import match_sheets
from ycd_opendata.workbooks.row_reading import Question
from ycd_opendata.workbooks.table_sheets import layout
from ycd_opendata.workbooks.taking import Deleted, TakenTable, take_table

MOST_ASKED = 50
"""A workbook with more questions is to be mended, not asked about one by one."""

_FEW = 3


@dataclass(frozen=True)
class Taken:
    """What a workbook says of the tables of a package; nothing is written yet.

    Attributes
    ----------
    tables : tuple of TakenTable
    remarks, troubles : tuple of str
        What else there is to say; and which sheets could not be taken, and why.
    accepted : Accepted
        What became of the suggestions; the tables have it.
    """

    tables: tuple[TakenTable, ...]
    remarks: tuple[str, ...]
    troubles: tuple[str, ...]
    accepted: Accepted

    @property
    def repairs(self) -> tuple[Repair, ...]:
        """What was mended, in all sheets."""
        return tuple(repair for each in self._read for repair in each.repairs)

    @property
    def questions(self) -> tuple[Question, ...]:
        """What has to be asked, in all sheets."""
        return tuple(question for each in self._read for question in each.questions)

    @property
    def answered(self) -> frozenset[str]:
        """The places of the questions that had an answer."""
        return frozenset(place for each in self._read for place in each.answered)

    @property
    def _read(self) -> tuple[TakenTable | Accepted, ...]:
        return *self.tables, self.accepted

    @property
    def deleted(self) -> Mapping[str, tuple[Deleted, ...]]:
        """The records without a row, by table."""
        return {each.file.resource.name: each.deleted for each in self.tables if each.deleted}


def take_workbook(package: Package, path: Path, answers: Mapping[str, str]) -> Taken:
    """Read the edits of a workbook; ``answers`` are texts by the place of the question.

    Raises
    ------
    PackageError
        It cannot be read, or is another package's.
    DataError
        No table of the package can be edited so.
    """
    sheets = read_workbook(path)
    base = read_base(sheets, package)
    # Names in every language are understood, whatever the workbook's was.
    plan = layout(package, "en")
    matches = match_sheets(sheets, plan, package)
    tables = tuple(take_table(each, base, answers) for each in matches.sheets)
    done = accept(package, matches.suggestions, base, plan, tables, answers)
    remarks, troubles = (*matches.remarks, *done.remarks), (*matches.troubles, *done.troubles)
    return Taken(done.tables, remarks, troubles, done)


def changes_of(tables: Sequence[TakenTable], gone: frozenset[Deleted]) -> tuple[Change, ...]:
    """The files that change, given which of the deleted records go.

    Raises
    ------
    DataError
        A cell cannot be written in the dialect or encoding of its table.
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
        first = ", ".join(map(quoted, names[:_FEW]))
        more = ", …" if len(names) > _FEW else ""
        yield f"{table}: {len(names):,}: {first}{more}"
