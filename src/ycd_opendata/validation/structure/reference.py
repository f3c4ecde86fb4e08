"""frictionless as the structure engine: the reference whose verdicts count."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from ycd_opendata.errors import DataError
from ycd_opendata.package.model import Package, Schema
from ycd_opendata.validation.findings import Finding, Layer, LayerResult
from ycd_opendata.validation.structure.explanations import (
    explain,
    explain_constraint,
    explain_foreign_key,
    explain_primary_key,
    explain_type,
)
from ycd_opendata.validation.table_text import TableText, table_texts

if TYPE_CHECKING:
    from frictionless import Error

_CONSTRAINT = re.compile(r'constraint "(\w+)"')
_NO_LIMIT = 2**31


@dataclass(frozen=True)
class FrictionlessEngine:
    """Runs ``frictionless`` on the package and adds physical lines, keys and hints."""

    name: ClassVar[str] = "frictionless"

    def check(self, package: Package) -> LayerResult:
        """The layer's result; errors as in the ``StructureEngine`` interface."""
        return self.check_tables(package, (None,))

    def check_tables(self, package: Package, names: Iterable[str | None]) -> LayerResult:
        """The layer's result for some of the tables; None stands for the whole package."""
        import frictionless

        tables = table_texts(package)
        raw, skipped = _without_keys_to_nowhere(package, tables)
        try:
            source = frictionless.Package.from_descriptor(raw, basepath=str(package.root))
            reports = [source.validate(name=name, limit_errors=_NO_LIMIT) for name in names]
        except Exception as error:
            layer = Layer("structure", False, skipped=("frictionless gave up on the package",))
            return LayerResult(layer, (gave_up(package.descriptor_path.name, error),))
        # What is wrong with the package itself is said again with every table.
        findings = [_package_finding(error, package) for error in reports[0].errors]
        tasks = [task for report in reports for task in report.tasks]
        for task in tasks:
            findings += [
                _finding(error, tables.get(task.name), task.name, task.place)
                for error in task.errors
            ]
        rows = sum(task.stats.get("rows") or 0 for task in tasks)
        checks = sum(check_count(each.schema) for each in tables.values())
        layer = Layer("structure", True, len(tasks), rows, checks, skipped)
        return LayerResult(layer, tuple(findings))


def _without_keys_to_nowhere(
    package: Package, tables: Mapping[str, TableText]
) -> tuple[dict[str, Any], tuple[str, ...]]:
    """The descriptor without foreign keys to tables that cannot be read, and what was left out.

    frictionless gives up on a whole table when it cannot read one that it refers to. The
    unreadable table has a finding of its own; the others are checked for everything else.
    Only our own package is known to be plain text, so only there is it known what is unreadable.
    """
    raw = local_copy(package.raw)
    if not package.is_own:
        return raw, ()
    unreadable = {name for name, table in tables.items() if not _has_rows(table)}
    skipped = []
    for resource in raw["resources"]:
        schema = resource.get("schema", {})
        for key in list(schema.get("foreignKeys", ())):
            target = key["reference"].get("resource", "")
            if target in unreadable and target != resource["name"]:
                schema["foreignKeys"].remove(key)
                skipped.append(f"{resource['name']}: references to {target}, which cannot be read")
    return raw, tuple(skipped)


def local_copy(raw: Mapping[str, Any]) -> dict[str, Any]:
    """A descriptor for frictionless to change, without profiles that it would fetch."""
    copied = copy.deepcopy(dict(raw))
    resources = copied.get("resources")
    for each in (copied, *(resources if isinstance(resources, list) else ())):
        if isinstance(each, dict) and is_remote(each.get("profile")):
            del each["profile"]
    return copied


def is_remote(profile: object) -> bool:
    """Whether a profile is an address, for which frictionless would go to the network."""
    return isinstance(profile, str) and "://" in profile


def gave_up(path: str, error: Exception) -> Finding:
    """frictionless fails on some schemas (a broken pattern, a bound of another type)."""
    message = f"frictionless cannot take this package: {type(error).__name__}: {error}"
    hint = "look for a broken pattern, or a constraint whose value is of another type"
    return Finding(code="package-error", severity="error", path=path, message=message, hint=hint)


def check_count(schema: Schema) -> int:
    """How many checks a Table Schema asks for: types, constraints and keys."""
    constraints = sum(len(field.constraints) for field in schema.fields)
    keys = bool(schema.primary_key) + len(schema.foreign_keys)
    return len(schema.fields) + constraints + keys


def _package_finding(error: Error, package: Package) -> Finding:
    message, hint = explain(error.type, error.note)
    path = package.descriptor_path.name
    return Finding(code=error.type, severity="error", path=path, message=message, hint=hint)


def _finding(error: Error, table: TableText | None, name: str, place: str) -> Finding:
    number: int | None = getattr(error, "row_number", None)
    field: str | None = getattr(error, "field_name", None) or None
    value: str | None = getattr(error, "cell", None)
    if error.type.endswith("-label"):
        number = 1
        value = getattr(error, "label", None)
    if table is None or not _has_rows(table):
        message, hint = explain(error.type, error.note)
        return Finding(
            code=error.type,
            severity="error",
            resource=name,
            path=place,
            row=number,
            field=field,
            value=value,
            message=message,
            hint=hint,
        )
    row = table.by_number.get(number) if number else None
    key = table.key(row) if row else None
    described = table.schema.field(field) if field else None
    if error.type == "type-error" and described:
        message, hint = explain_type(described, str(value))
    elif error.type == "constraint-error" and described:
        match = _CONSTRAINT.search(error.note)
        message, hint = explain_constraint(described, match[1] if match else "", str(value))
    elif error.type == "unique-error" and described:
        message, hint = explain_constraint(described, "unique", str(value))
    elif error.type == "primary-key":
        field = ", ".join(table.schema.primary_key)
        message, hint = explain_primary_key(key, error.note)
    elif error.type == "foreign-key":
        field = ", ".join(getattr(error, "field_names", ()))
        value = ", ".join(map(str, getattr(error, "field_cells", ())))
        target = getattr(error, "reference_name", "") or name
        message, hint = explain_foreign_key(
            value, target, ", ".join(getattr(error, "reference_field_names", ()))
        )
    else:
        message, hint = explain(error.type, error.note)
    if error.type == "source-error":
        number = None
    return table.finding(error.type, message, hint, number=number, field=field, value=value)


def _has_rows(table: TableText) -> bool:
    try:
        return bool(table.rows)
    except DataError:
        return False
