"""frictionless as the structure engine: the reference whose verdicts count."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from ycd_opendata.errors import DataError
from ycd_opendata.messages import mark, say
from ycd_opendata.package.files import is_address, resolve_inside
from ycd_opendata.package.model import Package, Resource, Schema
from ycd_opendata.package.tables.as_frictionless import (
    frictionless_package,
    local_copy,
    parquet_parts,
    unwarned,
)
from ycd_opendata.package.tables.limits import RefusedError, not_stuck, refuse_bomb
from ycd_opendata.package.tables.parts import in_archive
from ycd_opendata.package.tables.text_encoding import first_broken_byte
from ycd_opendata.package.tables.zipped import ZippedFile
from ycd_opendata.validation.declared.declared_rules import declared_rules
from ycd_opendata.validation.findings import Finding, Layer, LayerResult
from ycd_opendata.validation.structure.explanations import (
    explain,
    explain_constraint,
    explain_foreign_key,
    explain_inline,
    explain_primary_key,
    explain_type,
)
from ycd_opendata.validation.structure.reference_rules import Judge
from ycd_opendata.validation.structure.refusals import (
    gave_up,
    missing_file,
    refusal,
    unknown_to_frictionless,
)
from ycd_opendata.validation.table_text import TableText, path_of, table_texts

if TYPE_CHECKING:
    import frictionless
    from frictionless import Error, ReportTask, Row

_CONSTRAINT = re.compile(r'constraint "(\w+)"')
_NO_LIMIT = 2**31


class FrictionlessEngine:
    """Runs ``frictionless`` on the package and adds physical lines, keys and hints."""

    def check(self, package: Package) -> LayerResult:
        """The layer's result; errors as in the ``StructureEngine`` interface."""
        return self.check_tables(package, (None,))

    def check_tables(
        self,
        package: Package,
        names: Iterable[str | None],
        unread: Iterable[str] = (),
        watched: Mapping[str, Callable[[Row], None]] = MappingProxyType({}),
        *,
        has_groups: bool = False,
    ) -> LayerResult:
        """The layer's result for some of the tables; None stands for the whole package.

        References to the tables ``unread`` are not followed. The rows of those ``watched`` are
        shown to whoever checks there what frictionless does not. ``has_groups`` is as in
        ``frictionless_package``.
        """
        wanted = {*names}
        chosen = [each for each in package.resources if {each.name, None} & wanted]
        refused = _unreadable(package, chosen)
        unread = {*unread, *(each.name for each in package.resources if parquet_parts(each))}
        tables = {name: each for name, each in table_texts(package).items() if name not in refused}
        raw, skipped = _without_keys_to_nowhere(package, tables, {*refused, *unread})
        findings = [*refused.values()]
        tasks: list[ReportTask] = []
        broken: list[Finding] = []
        try:
            source = frictionless_package(package, raw, has_groups=has_groups)
            findings += _package_findings(source, package)
        except Exception as error:
            layer = Layer("structure", False, skipped=(say("frictionless gave up on the package"),))
            return LayerResult(layer, (gave_up(package.descriptor_path.name, error),))
        for resource in chosen if not findings[len(refused) :] else ():
            if resource.name not in refused:
                try:
                    name = resource.name
                    judge = Judge(package, resource, tables.get(name), watched.get(name))
                    tasks += _checked(source.get_resource(resource.name), judge)
                    broken += judge.findings()
                except RefusedError as reason:
                    findings.append(refusal(package, resource, reason))
                except Exception as error:
                    failed = gave_up(path_of(package, resource), error)
                    findings.append(replace(failed, resource=resource.name))
        for task in tasks:
            found = _task_findings(task, package, tables.get(task.name))
            findings += (_with_broken_byte(each, package) for each in found)
        findings += broken
        rows = sum(task.stats.get("rows") or 0 for task in tasks)
        checked = [package.resource(task.name) for task in tasks]
        checks = sum(check_count(each.schema) for each in checked if each and each.schema)
        skipped += tuple(
            f"{each.name}: {what}"
            for each in checked
            if each and each.schema and each.name not in watched
            for what in unknown_to_frictionless(each.schema)
        )
        layer = Layer("structure", True, len(tasks), rows, checks, skipped)
        return LayerResult(layer, tuple(findings), declared=_rules_layer(tasks, checked))


def _rules_layer(tasks: Iterable[ReportTask], resources: Iterable[Resource | None]) -> Layer:
    """How many declared rules were checked, and in how many rows."""
    counts = [
        (task.stats.get("rows") or 0, len(declared_rules(each.schema).rules))
        for task, each in zip(tasks, resources, strict=True)
        if each and each.schema
    ]
    ruled = [(rows, rules) for rows, rules in counts if rules]
    rows, rules = (sum(column) for column in zip(*ruled, strict=True)) if ruled else (0, 0)
    return Layer("rules", bool(ruled), len(ruled), rows, rules)


def _checked(resource: frictionless.Resource, judge: Judge) -> list[ReportTask]:
    with not_stuck(), unwarned():
        try:
            return resource.validate(judge.checklist(), limit_errors=_NO_LIMIT).tasks
        finally:
            # It leaves the file open where it fails.
            resource.close()


def _package_findings(source: frictionless.Package, package: Package) -> Iterator[Finding]:
    """What is wrong with the package itself, which keeps frictionless from its tables."""
    from frictionless import FrictionlessException

    try:
        with unwarned():
            source.to_descriptor(validate=True)
    except FrictionlessException as failed:
        for error in failed.to_errors():
            message, hint = explain(error.type, error.note)
            path = package.descriptor_path.name
            yield Finding(code=error.type, path=path, message=message, hint=hint)


def _unreadable(package: Package, chosen: Iterable[Resource]) -> dict[str, Finding]:
    """The tables whose files are not there or should be read by nothing, each with its finding."""
    found: dict[str, Finding] = {}
    for resource in chosen:
        if parquet_parts(resource):
            only_first = RefusedError(
                say("of several Parquet files frictionless reads the first one alone"),
                say("write it as one file, or as CSV"),
            )
            found[resource.name] = refusal(package, resource, only_first)
            continue
        for text in resource.paths:
            if is_address(text):
                continue
            path = resolve_inside(package.root, text, package.descriptor_path.name)
            if not path.exists():
                found[resource.name] = missing_file(resource, text)
                break
            try:
                refuse_bomb(path)
                for each in in_archive((path,), resource.raw):
                    if isinstance(each, ZippedFile):
                        each.unpacked().close()
            except OSError:
                # frictionless says what is the matter with it.
                continue
            except RefusedError as reason:
                found[resource.name] = refusal(package, resource, reason)
    return found


def _without_keys_to_nowhere(
    package: Package, tables: Mapping[str, TableText], refused: Set[str]
) -> tuple[dict[str, Any], tuple[str, ...]]:
    """The descriptor without foreign keys to tables that cannot be read, and what was left out.

    frictionless gives up on a whole table when it cannot read one that it refers to. The
    unreadable table has a finding of its own; the others are checked for everything else.
    Only what is held to the canonical form is plain text, so that it is known what is unreadable.
    """
    raw = local_copy(package.raw)
    unreadable = {*refused}
    if package.settings.validate.canonical:
        unreadable |= {name for name, table in tables.items() if not _has_rows(table)}
    if not unreadable:
        return raw, ()
    skipped = []
    for resource in raw["resources"]:
        schema = resource.get("schema", {})
        for key in list(schema.get("foreignKeys", ())):
            target = key["reference"].get("resource", "")
            if target in unreadable and target != resource["name"]:
                schema["foreignKeys"].remove(key)
                left_out = mark("{resource}: references to {target}, which cannot be read")
                skipped.append(say(left_out, resource=resource["name"], target=target))
    return raw, tuple(skipped)


def check_count(schema: Schema) -> int:
    """How many checks a Table Schema asks for: types, constraints and keys."""
    constraints = sum(len(field.constraints) for field in schema.fields)
    keys = bool(schema.primary_key) + len(schema.foreign_keys)
    return len(schema.fields) + constraints + keys


def _task_findings(
    task: ReportTask, package: Package, table: TableText | None
) -> Iterator[Finding]:
    """The findings of one table, each with its line and key where its row can be read."""
    resource = package.resource(task.name)
    numbers = {number for error in task.errors if (number := _row_number(error)) is not None}
    rows = table.rows_at(numbers) if table else {}
    path = path_of(package, resource) if resource else package.descriptor_path.name
    for error in task.errors:
        if error.type == "scheme-error" and resource and not (resource.paths or resource.schema):
            continue  # it has a value in the descriptor that may be anything but a table
        number = _row_number(error)
        row = rows.get(number) if number is not None else None
        key = table.key(row) if table and row else None
        value: str | None = getattr(error, "cell", getattr(error, "label", None))
        field: str | None = getattr(error, "field_name", None) or None
        if error.type == "primary-key" and resource and resource.schema:
            field = ", ".join(resource.schema.primary_key)
        elif error.type == "foreign-key":
            field = ", ".join(getattr(error, "field_names", ()))
            value = ", ".join(map(str, getattr(error, "field_cells", ())))
        elif table and row and value is None and field:
            value = table.cell(row, field)
        message, hint = _sentences(error, resource, key, value or "")
        yield Finding(
            code=error.type,
            resource=task.name,
            path=path,
            line=row.line if row else None,
            row=number,
            field=field,
            key=None if error.type.endswith("-label") else key,
            value=value,
            message=message,
            hint=hint,
        )


def _with_broken_byte(finding: Finding, package: Package) -> Finding:
    """An error of encoding with the byte and the line; frictionless counts from some block on."""
    resource = package.resource(finding.resource)
    if finding.code != "encoding-error" or resource is None:
        return finding
    for text in resource.paths:
        try:
            path = resolve_inside(package.root, text, package.descriptor_path.name)
            broken = first_broken_byte(path, str(resource.raw.get("encoding") or "utf-8"))
        except (OSError, LookupError, DataError):
            return finding
        if broken:
            what = say("byte {offset:,} is {value:#04x}", offset=broken.offset, value=broken.value)
            message = f"{explain(finding.code, '')[0]} ({what})"
            return replace(finding, path=text, line=broken.line, message=message)
    return finding


def _row_number(error: Error) -> int | None:
    """The number of the row that an error is about, if it is about one."""
    if error.type == "source-error":
        return None
    if error.type.endswith(("-label", "-header")):
        return int(min(getattr(error, "row_numbers", [1])))
    number: int | None = getattr(error, "row_number", None)
    return number


def _sentences(
    error: Error, resource: Resource | None, key: str | None, value: str
) -> tuple[str, str]:
    """Message and hint for an error of a table."""
    schema = resource.schema if resource else None
    described = schema.field(getattr(error, "field_name", "")) if schema else None
    if error.type == "type-error" and described:
        return explain_type(described, value)
    if error.type == "constraint-error" and described:
        match = _CONSTRAINT.search(error.note)
        return explain_constraint(described, match[1] if match else "", value)
    if error.type == "unique-error" and described:
        return explain_constraint(described, "unique", value)
    if error.type == "primary-key":
        return explain_primary_key(key, error.note)
    if error.type == "foreign-key" and resource:
        return explain_foreign_key(
            value,
            getattr(error, "reference_name", "") or resource.name,
            ", ".join(getattr(error, "reference_field_names", ())),
        )
    if resource and not resource.paths and error.note == "unsupported inline data":
        return explain_inline([])
    if error.type in ("format-error", "scheme-error") and resource and not resource.paths:
        return explain_inline([key for key in ("format", "scheme") if key in resource.raw])
    return explain(error.type, error.note, value)


def _has_rows(table: TableText) -> bool:
    try:
        return bool(table.rows)
    except DataError:
        return False
