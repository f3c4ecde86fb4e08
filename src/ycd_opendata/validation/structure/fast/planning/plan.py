"""What is checked in a table, as data: no part of it says how, or with which library.

``table_plan`` derives it from a Table Schema. An executor takes a plan and finds the cells that
are not surely fine, the rows of another width, the blank rows, the keys that stand twice and the
references to nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, NamedTuple

from ycd_opendata.messages import say
from ycd_opendata.package.model import Field, Resource, Schema
from ycd_opendata.validation.declared.declared_rules import DeclaredRule, declared_rules
from ycd_opendata.validation.findings import Severity
from ycd_opendata.validation.structure.fast.planning.conditions import (
    CLOCK,
    DAY,
    MOMENT,
    YEARMONTH,
    Condition,
    Never,
    NotPlannableError,
    Shape,
    surely_valid,
)
from ycd_opendata.validation.structure.fast.planning.extra_checks import (
    CellChecks,
    ExtraChecks,
    cell_checks,
    extra_checks,
)

EXTENSIONS: Mapping[str, Severity] = {
    "category-unknown": "error",
    "check-impossible": "error",
    "encoding-guessed": "warning",
    "json-schema": "error",
    "key-part-missing": "error",
    "odd-notation": "warning",
    "part-header": "error",
    "pattern-not-whole": "error",
    "stray-quote": "warning",
    "unclosed-quote": "error",
    "unique-keys": "error",
    "untidy-text": "warning",
}
"""What is checked beyond frictionless, by the code of its findings.

Besides, ``groupChar`` of whole numbers and patterns that frictionless cannot read are read.
"""

Family = Literal["text", "number", "date", "datetime", "time", "yearmonth", "duration", "geopoint"]
"""Values of one family can be equal to each other, values of two families never."""

_FAMILIES: dict[str, Family] = {
    "string": "text",
    "any": "text",
    # To Python, true is 1.
    "boolean": "number",
    "integer": "number",
    "number": "number",
    "year": "number",
    "date": "date",
    "datetime": "datetime",
    "time": "time",
    "yearmonth": "yearmonth",
    "duration": "duration",
    "geopoint": "geopoint",
}
_ODD_NOTATION = {"decimalChar", "floatNumber", "groupChar"}
CANONICAL = {
    "integer": "0|-?[1-9][0-9]{0,29}",
    "number": r"0|-?[1-9][0-9]{0,29}|-?(?:0|[1-9][0-9]{0,19})\.[0-9]{0,19}[1-9]",
    "year": "[1-9][0-9]{3}",
    "date": DAY,
    "datetime": f"{MOMENT}Z?",
    "time": CLOCK,
    "yearmonth": YEARMONTH,
}
"""By type, the shape of cells that are for sure the text that stands for their value."""


@dataclass(frozen=True)
class Column:
    """One column: its field, and when a cell of it is surely fine.

    ``canonical`` holds conditions under which a cell's text stands for its value alone, so that
    texts can be compared instead of values; None where values have no text to be compared by.
    ``extra`` is what is checked of it that frictionless does not check.
    """

    position: int
    field: Field
    missing: frozenset[str]
    required: bool
    conditions: tuple[Condition, ...]
    canonical: tuple[Condition, ...] | None
    family: Family | None
    extra: ExtraChecks


class Unique(NamedTuple):
    """Columns whose values together stand in one row only.

    ``code`` is that of a finding. ``needed`` says that they may not all be missing; keys with
    a missing part are compared like others only if ``with_missing_parts``.
    """

    code: Literal["primary-key", "unique-error", "unique-keys"]
    positions: tuple[int, ...]
    needed: bool
    with_missing_parts: bool


class Reference(NamedTuple):
    """Columns whose values together have to stand in a row of a table."""

    positions: tuple[int, ...]
    resource: str
    fields: tuple[str, ...]


@dataclass(frozen=True)
class TablePlan:
    """All that is checked in one table; ``schema`` gives names and sentences.

    ``rules`` are the declared ones whose fields the table has.

    ``off`` are the codes that the owner has switched off: a check that takes time and makes no
    other findings is left out.
    """

    resource: Resource
    schema: Schema
    off: frozenset[str]
    columns: tuple[Column, ...]
    unique: tuple[Unique, ...]
    references: tuple[Reference, ...]
    wanted: tuple[tuple[str, ...], ...]
    rules: tuple[DeclaredRule, ...] = ()

    def severity_of(self, code: str) -> Severity:
        """The severity of the findings of a code."""
        rule = self.rule(code)
        return EXTENSIONS.get(code, "error") if rule is None else rule.severity

    def rule(self, name: str) -> DeclaredRule | None:
        """The declared rule of this name, if there is one."""
        return next((each for each in self.rules if each.name == name), None)

    @cached_property
    def places(self) -> Mapping[str, int]:
        """Where each field stands."""
        return {each.field.name: each.position for each in self.columns}

    def asks_tidy(self, column: Column) -> bool:
        """Whether cells are to have no white space around them and no hidden characters."""
        return "untidy-text" not in self.off and column.family == "text"

    def cell_checks(self, column: Column, *, has_notation: bool = True) -> CellChecks:
        """What gives the faults of a column's cells that frictionless does not look for."""
        return cell_checks(
            column.position,
            column.extra,
            column.missing,
            tidy=self.asks_tidy(column),
            canonical="odd-notation" not in self.off and has_notation,
        )

    @property
    def unchecked(self) -> tuple[str, ...]:
        """By name the checks that fields ask for and that nobody makes."""
        of_fields = [each for column in self.columns for each in column.extra.unchecked]
        if self.resource.dialect.get("nullSequence"):
            of_fields.append(say("the nullSequence of its dialect: missingValues are read"))
        return (*of_fields, *_rules_without_columns(self.schema, self.places))

    @property
    def broken(self) -> tuple[str, ...]:
        """What fields ask for and nobody could check."""
        return tuple(each for column in self.columns for each in column.extra.broken)

    @property
    def remarks(self) -> tuple[str, ...]:
        """What is read otherwise than frictionless reads it."""
        return tuple(each for column in self.columns for each in column.extra.remarks)

    @property
    def width(self) -> int:
        """How many cells a row has."""
        return len(self.columns)

    @cached_property
    def primary_positions(self) -> tuple[int, ...]:
        """The columns of the primary key, as far as the table has them."""
        return self.positions(self.schema.primary_key) or ()

    def positions(self, fields: tuple[str, ...]) -> tuple[int, ...] | None:
        """Where these fields stand, or None if the table lacks one of them."""
        if not set(fields) <= set(self.places):
            return None
        return tuple(self.places[name] for name in fields)

    @cached_property
    def rule_positions(self) -> frozenset[int]:
        """The columns that rules need."""
        return frozenset(self.places[name] for rule in self.rules for name in rule.types)

    @cached_property
    def key_positions(self) -> frozenset[int]:
        """The columns whose values are compared across rows."""
        groups = [each.positions for each in self.unique]
        groups += [each.positions for each in self.references]
        groups += [self.positions(each) or () for each in self.wanted]
        return frozenset(position for group in groups for position in group)


def table_plan(
    resource: Resource,
    schema: Schema,
    fields: tuple[Field, ...],
    wanted: tuple[tuple[str, ...], ...],
    off: frozenset[str] = frozenset(),
) -> TablePlan:
    """The plan of a table.

    Parameters
    ----------
    fields : tuple of Field
        The field of each column, as the header gives them.
    wanted : tuple of tuple of str
        The fields that references of other tables (or of this one) look up.
    off : frozenset of str
        The codes that the owner has switched off.

    Raises
    ------
    NotPlannableError
        A field has a type, or a key is of a type, that only frictionless can check.
    """
    columns = tuple(_column(position, each, schema) for position, each in enumerate(fields))
    places = {each.field.name: each.position for each in columns}
    unique = [
        Unique("unique-error", (each.position,), needed=False, with_missing_parts=False)
        for each in columns
        if each.field.constraints.get("unique")
    ]
    if schema.primary_key and set(schema.primary_key) <= set(places):
        positions = tuple(places[name] for name in schema.primary_key)
        unique.append(Unique("primary-key", positions, needed=True, with_missing_parts=True))
    for names in schema.unique_keys:
        if set(names) <= set(places):
            positions = tuple(places[name] for name in names)
            unique.append(Unique("unique-keys", positions, needed=False, with_missing_parts=False))
    references = tuple(
        Reference(tuple(places[name] for name in each.fields), each.resource, each.reference_fields)
        for each in schema.foreign_keys
        if set(each.fields) <= set(places)
    )
    rules = declared_rules(schema).rules
    judged = tuple(each for each in rules if {*each.types} <= {*places})
    plan = TablePlan(resource, schema, off, columns, tuple(unique), references, wanted, judged)
    for position in plan.key_positions:
        if columns[position].canonical is None:
            field = columns[position].field
            raise NotPlannableError(
                say("keys of type {type} ({field})", type=field.type, field=field.name)
            )
    return plan


def _column(position: int, field: Field, schema: Schema) -> Column:
    checks = extra_checks(field)
    conditions = surely_valid(field, checks.pattern)
    family = _FAMILIES.get(field.type)
    canonical: tuple[Condition, ...] | None = None
    if family == "text":
        canonical = () if field.format == "default" else conditions
    elif family:
        is_plain = field.format == "default" and not _ODD_NOTATION & {*field.raw}
        shape = CANONICAL.get(field.type) if is_plain else None
        canonical = (Never() if shape is None else Shape(shape),)
    missing = frozenset(schema.missing_values_of(field))
    required = field.constraints.get("required") is True
    return Column(position, field, missing, required, conditions, canonical, family, checks)


def _rules_without_columns(schema: Schema, places: Mapping[str, int]) -> Iterator[str]:
    for rule in declared_rules(schema).rules:
        absent = sorted({*rule.types} - {*places})
        if absent:
            yield say(
                "the rule {rule}, since the table has no column {absent}",
                rule=rule.name,
                absent=", ".join(absent),
            )
