"""One table from its file to its findings, apart from references to other tables."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ycd_opendata.package.files import resolve_inside
from ycd_opendata.package.model import Field, Package, Resource, Schema
from ycd_opendata.package.tables.batches import Frame, Rows, batches
from ycd_opendata.package.tables.limits import MOST_COLUMNS, RefusedError
from ycd_opendata.package.tables.opening import NotReadableError, Text, open_text
from ycd_opendata.validation.findings import Finding
from ycd_opendata.validation.structure.explanations import explain
from ycd_opendata.validation.structure.fast.collecting import Collector, record_key
from ycd_opendata.validation.structure.fast.columns import ColumnExecutor, text_series
from ycd_opendata.validation.structure.fast.exact import ExactReader, Fault
from ycd_opendata.validation.structure.fast.keys import KeyColumns, unique_faults
from ycd_opendata.validation.structure.fast.plan import TablePlan, table_plan
from ycd_opendata.validation.structure.reference import is_remote, local_copy

if TYPE_CHECKING:
    from frictionless import Schema as Reference

    from ycd_opendata.validation.structure.fast.parquet import ParquetTable, TypedFrame

_PARQUET_SUFFIXES = (".parquet", ".parq")

Wanted = Mapping[str, tuple[tuple[str, ...], ...]]
"""The fields of each table that references look up."""


@dataclass
class TableRun:
    """A table on its way: what has been found and kept of it so far."""

    text: Text | ParquetTable
    plan: TablePlan
    header: tuple[Finding, ...]
    collector: Collector
    keys: KeyColumns
    reader: ExactReader
    rows: int = 0

    def read(self, advanced: Callable[[int], None]) -> None:
        """Read the whole file and check its cells, rows and keys.

        ``advanced`` is told how many bytes each batch has.

        Raises
        ------
        NotReadableError, RefusedError
            As reading and the exact reading raise.
        """
        executor = ColumnExecutor(self.plan, self.reader)
        source: Iterable[Frame | TypedFrame | Rows] = (
            batches(self.text, self.plan.width, executor.look)
            if isinstance(self.text, Text)
            else self.text.frames(self.plan, executor.look)
        )
        for batch in source:
            self.collector.places.append(batch)
            if isinstance(batch, Rows):
                self._check_rows(batch)
            else:
                self._check_frame(batch, executor)
            self.rows += batch.height
            advanced(batch.size)
        self.collector.add_keys(unique_faults(self.keys), self.keys)

    def _check_frame(self, frame: Frame | TypedFrame, executor: ColumnExecutor) -> None:
        found, keys = executor.check(frame)
        self.keys.append(keys)
        for index, faults in found:
            self._add(*frame.record(index), faults)

    def _check_rows(self, rows: Rows) -> None:
        kept: dict[int, list[str | None]] = {at: [] for at in self.plan.key_positions}
        for record in rows.records:
            faults, values = self.reader.row(record.cells)
            self._add(*record, faults)
            for at, column in kept.items():
                column.append(values[at])
        self.keys.append({at: text_series(column) for at, column in kept.items()})

    def _add(self, number: int, line: int, cells: list[str], faults: Iterable[Fault]) -> None:
        for fault in faults:
            self.collector.add(number, line, record_key(self.plan, cells), fault)


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
    if schema is None or "data" in resource.raw or not resource.paths:
        raise NotReadableError("it has no file, or no schema")
    if "fieldsMatch" in schema.raw:
        raise NotReadableError("its schema has fieldsMatch")
    if any(map(is_remote, resource.paths)):
        raise NotReadableError("it is remote")
    named_in = package.descriptor_path.name
    paths = [resolve_inside(package.root, each, named_in) for each in resource.paths]
    try:
        text = _opened(paths, resource)
    except OSError as error:
        raise NotReadableError(f"it cannot be read ({error.strerror or error})") from error
    labels = text.header.labels
    if max(len(labels), len(schema.fields)) > MOST_COLUMNS:
        raise RefusedError(f"it has more than {MOST_COLUMNS:,} columns")
    fields = _expected_fields(labels or schema.field_names, schema)
    if not fields:
        raise NotReadableError("it has no columns")
    tidy = not package.is_own
    plan = table_plan(resource, schema, fields, wanted.get(resource.name, ()), tidy=tidy)
    cell_readers: Mapping[int, Callable[[str], Any]] = {}
    if not isinstance(text, Text):
        plan, cell_readers = text.typed(plan)
    reference = partial(_reference_schema, package, resource)
    known = labels in ((), schema.field_names)
    header = () if known else _header_findings(text, resource, reference())
    reader = ExactReader(plan, reference, cell_readers)
    return TableRun(text, plan, header, Collector(plan, text, limit), KeyColumns(plan), reader)


def _opened(paths: Sequence[Path], resource: Resource) -> Text | ParquetTable:
    if paths[0].suffix.lower() not in _PARQUET_SUFFIXES:
        return open_text(paths, resource)
    # Loaded late: most tables are text.
    from ycd_opendata.validation.structure.fast.parquet import open_parquet

    return open_parquet(paths, resource)


def _reference_schema(package: Package, resource: Resource) -> Reference:
    """A resource's schema as frictionless holds it, of the standard's version that it is in."""
    import frictionless

    descriptor = local_copy(package.raw)
    source = frictionless.Package.from_descriptor(descriptor, basepath=str(package.root))
    schema = source.get_resource(resource.name).schema
    assert schema is not None
    return schema


def _expected_fields(labels: tuple[str, ...], schema: Schema) -> tuple[Field, ...]:
    """The field of each column: by position, as the standard pairs them."""
    # frictionless takes a field without a type for a string.
    fields = [
        each if "type" in each.raw else replace(each, type="string")
        for each in schema.fields[: len(labels)]
    ]
    used = {each.name for each in fields}
    for label in labels[len(fields) :]:
        name, suffix = label, 2
        while name in used:
            name, suffix = f"{label}{suffix}", suffix + 1
        used.add(name)
        fields.append(Field(name, "any", "default", "", "", "", {}, {"name": name, "type": "any"}))
    return tuple(fields)


def _header_findings(
    text: Text | ParquetTable, resource: Resource, schema: Reference
) -> tuple[Finding, ...]:
    """What frictionless itself says of a header that is not the schema's."""
    from frictionless.table.header import Header

    found = text.header
    header = Header(list(found.labels), fields=schema.fields, row_numbers=[*found.rows])
    findings = []
    for error in header.errors:
        message, hint = explain(error.type, error.note)
        finding = Finding(
            code=error.type,
            severity="error",
            resource=resource.name,
            path=resource.paths[0],
            line=text.place(found.line)[1],
            row=min(found.rows),
            field=getattr(error, "field_name", None) or None,
            value=getattr(error, "label", None),
            message=message,
            hint=hint,
        )
        findings.append(finding)
    return tuple(findings)
