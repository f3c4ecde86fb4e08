"""What SQLite is told about tables: columns, keys and checks, all derived from Table Schemas.

What a Table Schema asks for and SQL cannot say is left out: regular expressions that ``GLOB``
does not have, and references to fields that are not unique.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ycd_opendata.package.model import Field, Schema
from ycd_opendata.publishing.formats.globs import globs
from ycd_opendata.publishing.formats.stored_types import Column, Kind
from ycd_opendata.publishing.formats.table import Table, unique_names
from ycd_opendata.validation.declared.declared_rules import DeclaredRule, declared_rules
from ycd_opendata.validation.declared.expression_sql import literal, sql_of

_TYPES = {Kind.WHOLE: "INTEGER", Kind.REAL: "REAL", Kind.BOOLEAN: "INTEGER"}
_BOUNDS = {"minimum": ">=", "maximum": "<=", "exclusiveMinimum": ">", "exclusiveMaximum": "<"}
_ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_LENGTHS = {"minLength": ">=", "maxLength": "<="}


@dataclass(frozen=True)
class Names:
    """What tables and columns are called in SQL, by their own names."""

    tables: Mapping[str, str]
    columns: Mapping[str, Mapping[str, str]]


def sql_names(tables: Sequence[Table]) -> Names:
    """The names: as they are, apart from those that SQLite keeps or takes for the same."""
    wished = [
        f"_{each.name}" if each.name.lower().startswith("sqlite_") else each.name for each in tables
    ]
    return Names(
        dict(zip((each.name for each in tables), unique_names(wished), strict=True)),
        {
            each.name: dict(
                zip(each.schema.field_names, unique_names(each.schema.field_names), strict=True)
            )
            for each in tables
        },
    )


def identifier(name: str) -> str:
    """A name, quoted."""
    return '"' + name.replace('"', '""') + '"'


def create_table(
    table: Table, tables: Sequence[Table], names: Names, lenient: Collection[str] = ()
) -> str:
    """The statement that creates a table; each column's meaning stands behind it as a comment.

    ``lenient`` are names of rules that the package's owner lets records break.
    """
    columns = names.columns[table.name]
    schema = table.schema
    clauses = [(_column(each, schema, columns), _remark(each.field)) for each in table.columns]
    # NaN is equal to nothing, and here a text like others.
    loose = {each.name for each in table.columns if each.has_no_numbers}
    if schema.primary_key and loose.isdisjoint(schema.primary_key):
        clauses.append((f"PRIMARY KEY ({_list(schema.primary_key, columns)})", ""))
    unique = dict.fromkeys(each for each in _unique_keys(schema) if each != schema.primary_key)
    clauses += [
        (f"UNIQUE ({_list(each, columns)})", "") for each in unique if loose.isdisjoint(each)
    ]
    clauses += [(each, "") for each in _references(table, tables, names)]
    clauses += [
        (f"CONSTRAINT {identifier(rule.name)} CHECK ({condition})", "")
        for rule in declared_rules(schema).rules
        if rule.severity == "error" and rule.name not in lenient
        if (condition := _rule_condition(rule, table, columns))
    ]
    last = len(clauses) - 1
    lines = [
        f"  {clause}{',' if number < last else ''}{f' -- {remark}' if remark else ''}"
        for number, (clause, remark) in enumerate(clauses)
    ]
    remark = _one_line(table.title, table.description)
    head = f"CREATE TABLE {identifier(names.tables[table.name])} ("
    return "\n".join([f"{head} -- {remark}" if remark else head, *lines, ") STRICT"])


def _rule_condition(rule: DeclaredRule, table: Table, columns: Mapping[str, str]) -> str:
    """A declared rule in SQL; "" where the table keeps a number that it needs as text."""
    kept = {each.name: each for each in table.columns}
    for name, type_ in rule.types.items():
        if type_ in ("number", "whole") and sql_type(kept[name]) == "TEXT":
            return ""
    return sql_of(rule.expression, {name: identifier(columns[name]) for name in rule.types})


def _list(fields: Sequence[str], columns: Mapping[str, str]) -> str:
    return ", ".join(identifier(columns[each]) for each in fields)


def _one_line(*texts: str) -> str:
    return " ".join(" ".join(texts).split())


def _remark(field: Field) -> str:
    unit = f"[{field.unit}]" if field.unit else ""
    return _one_line(field.title, unit, field.description)


def sql_type(column: Column) -> str:
    """The type of a column; what SQLite has no exact number for is text."""
    return "TEXT" if column.has_no_numbers else _TYPES.get(column.kind, "TEXT")


def _column(column: Column, schema: Schema, columns: Mapping[str, str]) -> str:
    field = column.field
    name = identifier(columns[field.name])
    parts = [name, sql_type(column)]
    if schema.is_filled(field):
        parts.append("NOT NULL")
    parts += (f"CHECK ({condition})" for condition in _conditions(column, name))
    return " ".join(parts)


def _conditions(column: Column, name: str) -> Iterator[str]:
    """What a value has to meet, as far as SQL can say it; a missing one meets everything."""
    field = column.field
    is_number = sql_type(column) != "TEXT" and field.type in ("integer", "number", "year")
    if field.type == "boolean":
        yield _one_of(name, (0, 1))
    if field.type == "string" or is_number:
        allowed = field.constraints.get("enum") or ()
        values = [_value(each, field) for each in allowed]
        if values and None not in values:
            yield _one_of(name, values)
    if field.type == "date" or is_number:
        for key, comparison in _BOUNDS.items():
            limit = _value(field.constraints.get(key), field)
            if limit is not None:
                yield f"{name} {comparison} {literal(limit)}"
    if field.type == "string":
        yield from _text_conditions(field.constraints, name)


def _text_conditions(constraints: Mapping[str, Any], name: str) -> Iterator[str]:
    for key, comparison in _LENGTHS.items():
        if isinstance(constraints.get(key), int):
            yield f"length({name}) {comparison} {constraints[key]}"
    choices = globs(str(constraints["pattern"])) if "pattern" in constraints else ()
    if choices:
        yield " OR ".join(f"{name} GLOB {literal(each)}" for each in choices)


def _one_of(name: str, values: Sequence[object]) -> str:
    return f"{name} IN ({', '.join(map(literal, values))})"


def _value(value: Any, field: Field) -> int | float | str | None:
    """A value of a constraint in its field's type; None where it is none."""
    if field.type == "string":
        return value if isinstance(value, str) else None
    if field.type == "date":
        return value if isinstance(value, str) and _ISO_DATE.fullmatch(value) else None
    try:
        number = float(value) if field.type == "number" else int(value)
        return number if math.isfinite(number) else None
    except (TypeError, ValueError, OverflowError):
        return None


def _unique_keys(schema: Schema) -> Iterator[tuple[str, ...]]:
    for field in schema.fields:
        if field.constraints.get("unique"):
            yield (field.name,)
    yield from (each for each in schema.unique_keys if {*each} <= {*schema.field_names})


def _references(table: Table, tables: Sequence[Table], names: Names) -> Iterator[str]:
    by_name = {each.name: each for each in tables if not each.derived}
    for key in table.schema.foreign_keys:
        target = by_name.get(key.resource or table.name)
        if target is None or not _is_unique(target.schema, key.reference_fields):
            continue
        if not _are_compared(
            _columns_of(table, key.fields), _columns_of(target, key.reference_fields)
        ):
            continue
        yield (
            f"FOREIGN KEY ({_list(key.fields, names.columns[table.name])}) REFERENCES "
            f"{identifier(names.tables[target.name])} "
            f"({_list(key.reference_fields, names.columns[target.name])})"
        )


def _is_unique(schema: Schema, fields: tuple[str, ...]) -> bool:
    known = {frozenset(key) for key in (schema.primary_key, *_unique_keys(schema))}
    return frozenset(fields) in known


def _columns_of(table: Table, fields: Sequence[str]) -> list[Column]:
    by_name = {each.name: each for each in table.columns}
    return [by_name[each] for each in fields]


def _are_compared(columns: Sequence[Column], targets: Sequence[Column]) -> bool:
    """Whether SQLite finds a value equal to the one it refers to, as the standard does."""
    return all(
        one.is_compared and other.is_compared and sql_type(one) == sql_type(other)
        for one, other in zip(columns, targets, strict=True)
    )
