"""One table from its file to its findings, apart from references to other tables."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from ycd_opendata.messages import mark, reason_of, say
from ycd_opendata.package.files import PARQUET_ENDINGS, is_address, resolve_inside
from ycd_opendata.package.model import Package, Resource
from ycd_opendata.package.tables.batches import Frame, Rows, batches, row_batches
from ycd_opendata.package.tables.limits import MOST_COLUMNS, RefusedError
from ycd_opendata.package.tables.opening import NotReadableError, Text, open_text
from ycd_opendata.package.tables.pairing import AmbiguousHeaderError, Pairing, pair
from ycd_opendata.package.tables.remote import File, find_remote
from ycd_opendata.package.tables.sure_rows import SureRows
from ycd_opendata.validation.findings import Finding
from ycd_opendata.validation.structure.explanations import explain, explain_extension, explain_file
from ycd_opendata.validation.structure.fast.collecting import Collector, Placed, Places
from ycd_opendata.validation.structure.fast.exact import ExactReader
from ycd_opendata.validation.structure.fast.keys import KeyLists, Keys
from ycd_opendata.validation.structure.fast.planning.extra_checks import Fault
from ycd_opendata.validation.structure.fast.planning.plan import (
    EXTENSIONS,
    Reference,
    TablePlan,
    table_plan,
)

if TYPE_CHECKING:
    from ycd_opendata.validation.structure.fast.by_column.columns import ColumnExecutor
    from ycd_opendata.validation.structure.fast.by_column.key_columns import KeyColumns
    from ycd_opendata.validation.structure.fast.by_column.typed_frame import TypedFrame
    from ycd_opendata.validation.structure.fast.parquet_tables.parquet import ParquetTable

_GAPS = mark("a gap is missing, where frictionless may see a number or a time that is none")

WORTH_A_PATTERN = 12 * 2**20
"""From this size on, making a pattern of whole rows takes less than it saves."""


class MissingFileError(Exception):
    """A file of the table is not there; the text is its path as the descriptor has it."""


Batch: TypeAlias = "Frame | TypedFrame | Rows"
"""Some rows of a table, as they are read."""

Wanted = Mapping[str, tuple[tuple[str, ...], ...]]
"""The fields of each table that references look up."""


@dataclass
class TableRun:
    """A table on its way: what has been found and kept of it so far.

    ``known`` are the values of tables that are read, which references may have.
    """

    text: Text | ParquetTable
    plan: TablePlan
    header: tuple[Finding, ...]
    collector: Collector
    reader: ExactReader
    places: Places
    keys: Keys = field(init=False)
    known: Mapping[Reference, Any] = field(default_factory=dict)
    rows: int = 0
    has_gaps: bool = False

    def read(self, advanced: Callable[[int], None], *, is_small: bool) -> None:
        """Read the whole file and check its cells, rows and keys.

        ``advanced`` is told how many bytes each batch has. A small table is read row by row,
        which is over before polars is loaded.

        Raises
        ------
        NotReadableError, RefusedError
            As reading and the exact reading raise.
        """
        for batch in self._read_rows() if is_small else self._read_batches():
            self.places.append(batch)
            self.rows += batch.height
            advanced(batch.size)
        self.collector.add_keys(self.keys.unique_faults(), self.keys)

    @property
    def remarks(self) -> tuple[str, ...]:
        """What is read otherwise than frictionless reads it."""
        return (say(_GAPS), *self.plan.remarks) if self.has_gaps else self.plan.remarks

    @property
    def can_be_small(self) -> bool:
        """Whether the table can be read row by row, without frictionless."""
        return isinstance(self.text, Text) and self.text.size > 0 and self.reader.is_plain

    @property
    def cost_by_row(self) -> int:
        """What it takes to read the table row by row, as the size of one without many rules."""
        parts = sum(each.size for each in self.plan.rules)
        return self.text.size * (1 + parts // 200)

    def _read_rows(self) -> Iterator[Rows]:
        assert isinstance(self.text, Text)
        self.keys = keys = KeyLists(self.plan)
        for rows in row_batches(self.text):
            self._check_rows(rows, keys)
            yield rows

    def _read_batches(self) -> Iterator[Batch]:
        # Loaded late: small tables do without what they import.
        from ycd_opendata.validation.structure.fast.by_column.columns import ColumnExecutor
        from ycd_opendata.validation.structure.fast.by_column.key_columns import (
            KeyColumns,
            PassingReferences,
        )

        self.keys = keys = KeyColumns(self.plan, PassingReferences(self.plan, self.known))
        executor = ColumnExecutor(self.plan, self.reader)
        yield from self.checked(executor, keys, self.source(executor))

    def source(self, executor: ColumnExecutor) -> Iterator[Batch]:
        """The batches of the whole table, looked at."""
        if isinstance(self.text, Text):
            return batches(self.text, self.plan.width, executor.look, self.sure_rows(executor))
        return self.text.frames(self.plan, executor.look)

    def sure_rows(self, executor: ColumnExecutor) -> SureRows | None:
        """Which lines of a text need no look at their cells, where that is worth telling."""
        assert isinstance(self.text, Text)
        is_large = self.text.size > WORTH_A_PATTERN
        return executor.sure_rows(self.text.dialect["delimiter"]) if is_large else None

    def checked(
        self, executor: ColumnExecutor, keys: KeyColumns, source: Iterable[Batch]
    ) -> Iterator[Batch]:
        """Each batch when its cells and rows are checked, and its keys are kept.

        Raises
        ------
        NotReadableError, RefusedError
            As reading and the exact reading raise.
        """
        for batch in source:
            if isinstance(batch, Rows):
                self._check_rows(batch, keys)
            else:
                self.has_gaps |= not isinstance(batch, Frame) and batch.has_gaps
                found, columns = executor.check(batch)
                keys.append(columns)
                for index, faults in found:
                    if listed := self.collector.with_room(faults):
                        self.collector.add_listed(batch.record(index), listed)
            yield batch

    def _check_rows(self, rows: Rows, keys: KeyLists | KeyColumns) -> None:
        kept: dict[int, list[str | None]] = {at: [] for at in self.plan.key_positions}
        mistyped: dict[int, dict[int, str]] = {at: {} for at in kept}
        for index, record in enumerate(rows.records):
            faults, verdicts = self.reader.row(record.cells)
            self.collector.add(record, faults)
            if record.fault is not None:
                code, line, cell = record.fault
                at = cell if cell < self.plan.width else None
                fault = Fault(code, at, record.cells[cell] if cell < len(record.cells) else None)
                self.collector.add(record._replace(line=record.line + line), [fault])
            for at, column in kept.items():
                column.append(verdicts[at].key)
                if verdicts[at].is_mistyped:
                    mistyped[at][index] = record.cells[at]
        keys.append_rows(kept, mistyped)


def open_table(package: Package, resource: Resource, wanted: Wanted, limit: int) -> TableRun:
    """Make ready to read a resource.

    Raises
    ------
    NotReadableError, NotPlannableError
        It is left to frictionless; the text says why.
    RefusedError
        Nothing should read it.
    """
    schema = resource.schema
    if schema is None:
        raise NotReadableError(say("it has no schema"))
    if "data" in resource.raw or not resource.paths:
        raise NotReadableError(say("it has no file"))
    paths = [_located(package, each) for each in resource.paths]
    gone = [shown for path, shown in zip(paths, resource.paths, strict=True) if not path.exists()]
    if gone:
        raise MissingFileError(gone[0])
    try:
        text = _opened(paths, resource)
        return planned(package, resource, text, wanted, limit, text)
    except OSError as error:
        raise NotReadableError(
            say("it cannot be read ({reason})", reason=reason_of(error))
        ) from error


def planned(
    package: Package,
    resource: Resource,
    text: Text | ParquetTable,
    wanted: Wanted,
    limit: int,
    lines: Placed,
) -> TableRun:
    """Make ready to read a resource that is opened, or a piece of one; errors as above.

    ``lines`` say where its lines stand.
    """
    schema, labels = resource.schema, text.header.labels
    assert schema is not None
    if max(len(labels), len(schema.fields)) > MOST_COLUMNS:
        raise RefusedError(
            say("it has more than {most_columns:,} columns", most_columns=MOST_COLUMNS)
        )
    try:
        pairing = pair(labels, schema, ignore_case=resource.ignores_case)
    except AmbiguousHeaderError as error:
        raise NotReadableError(str(error)) from error
    if not pairing.fields:
        raise NotReadableError(say("it has no columns"))
    off = frozenset(package.settings.validate.off)
    plan = table_plan(resource, schema, pairing.fields, wanted.get(resource.name, ()), off)
    cell_readers: Mapping[int, Callable[[str], Any]] = {}
    if not isinstance(text, Text):
        plan, cell_readers = text.typed(plan)
    header = _header_findings(text, resource, pairing)
    reader = ExactReader(plan, cell_readers)
    places = Places()
    return TableRun(text, plan, header, Collector(plan, lines, limit, places), reader, places)


def _located(package: Package, text: str) -> File:
    if not is_address(text):
        return resolve_inside(package.root, text, package.descriptor_path.name)
    # Of Parquet all is asked for at its end.
    found = None if text.lower().endswith(PARQUET_ENDINGS) else find_remote(text)
    if found is None:
        raise NotReadableError(say("it is remote"))
    return found


def _opened(paths: Sequence[File], resource: Resource) -> Text | ParquetTable:
    here = [each for each in paths if isinstance(each, Path)]
    if paths[0].suffix.lower() not in PARQUET_ENDINGS or len(here) < len(paths):
        return open_text(paths, resource)
    # Loaded late: most tables are text.
    from ycd_opendata.validation.structure.fast.parquet_tables.parquet_opening import open_parquet

    return open_parquet(here, resource)


def _header_findings(
    text: Text | ParquetTable, resource: Resource, pairing: Pairing
) -> tuple[Finding, ...]:
    """What is wrong with the labels, and with the files before any row is read."""
    found = text.header
    findings = [*_file_findings(text, resource)] if isinstance(text, Text) else []
    for fault in pairing.faults:
        message, hint = explain(fault.code, fault.note, fault.label or "")
        finding = Finding(
            code=fault.code,
            resource=resource.name,
            path=resource.paths[0],
            line=text.place(found.line)[1],
            row=min(found.rows),
            field=fault.field or None,
            value=fault.label,
            message=message,
            hint=hint,
        )
        findings.append(finding)
    return tuple(findings)


def _file_findings(text: Text, resource: Resource) -> Iterator[Finding]:
    """What frictionless does not say of files: another header, an encoding that is a guess."""
    first = resource.paths[0]
    if _has_open_label(text):
        said = explain_extension("unclosed-quote", None, "")
        yield _file_finding("unclosed-quote", resource, first, said, text.header.line)
    for part in text.odd_parts:
        said = explain_file("part-header", first)
        yield _file_finding("part-header", resource, resource.paths[part], said, 1)
    if text.is_guess:
        yield encoding_finding(resource, text.encoding)


def _has_open_label(text: Text) -> bool:
    """Whether a quote that opens in the header swallows rows below it."""
    if not any("\n" in label or "\r" in label for label in text.header.labels):
        return False
    with io.TextIOWrapper(text.open(), text.encoding, newline=text.newline) as lines:
        try:
            for _ in islice(csv.reader(lines, **text.dialect, strict=True), max(text.header.rows)):
                pass
        except csv.Error:
            return True
    return False


def encoding_finding(resource: Resource, encoding: str) -> Finding:
    """The finding for a table whose encoding is a guess."""
    said = explain_file("encoding-guessed", encoding)
    return _file_finding("encoding-guessed", resource, resource.paths[0], said)


def _file_finding(
    code: str, resource: Resource, path: str, said: tuple[str, str], line: int | None = None
) -> Finding:
    message, hint = said
    return Finding(
        code=code,
        severity=EXTENSIONS[code],
        resource=resource.name,
        path=path,
        line=line,
        message=message,
        hint=hint,
    )
