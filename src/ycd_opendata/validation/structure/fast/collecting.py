"""From faults to findings: the first ones in full, the others counted by kind."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from ycd_opendata.package.tables.batches import Frame, Rows
from ycd_opendata.package.tables.row_starts import Place, RowStarts
from ycd_opendata.package.tables.rows import Record
from ycd_opendata.validation.findings import Finding, Kind, joined_key
from ycd_opendata.validation.structure.explanations import (
    MISTYPED,
    explain,
    explain_constraint,
    explain_extension,
    explain_foreign_key,
    explain_primary_key,
    explain_type,
)
from ycd_opendata.validation.structure.fast.keys import KeyFault, Keys
from ycd_opendata.validation.structure.fast.planning.extra_checks import Fault
from ycd_opendata.validation.structure.fast.planning.plan import TablePlan

if TYPE_CHECKING:
    from ycd_opendata.validation.structure.fast.by_column.typed_frame import TypedFrame


@dataclass
class Places:
    """Where each row stands in the file, kept as little as it takes."""

    _firsts: list[int] = field(default_factory=list)
    _places: list[RowStarts | tuple[array[int], array[int]]] = field(default_factory=list)
    _height: int = 0

    def append(self, batch: Frame | TypedFrame | Rows) -> None:
        """Learn where the next rows stand."""
        self._firsts.append(self._height)
        self._height += batch.height
        if isinstance(batch, Rows):
            numbers, lines = zip(*batch.places, strict=True)
            self._places.append((array("Q", numbers), array("Q", lines)))
        else:
            self._places.append(batch.starts)

    def of_row(self, index: int) -> Place:
        """The place of the row at this index among all that were read."""
        at = bisect_right(self._firsts, index) - 1
        places, offset = self._places[at], index - self._firsts[at]
        if isinstance(places, RowStarts):
            return places.of(offset)
        return Place(places[0][offset], places[1][offset])


class RowPlaces(Protocol):
    """Where the rows of a table stand, by an index that tells them apart."""

    def of_row(self, index: int) -> Place:
        """The place of a row."""
        ...


class Placed(Protocol):
    """The files of a table, as one; without lines where it is no text."""

    def place(self, line: int, /) -> tuple[int, int | None]:
        """The file that a line of the whole is in, counted from 0, and its line there."""
        ...


@dataclass
class Collector:
    """The findings of one table: at most ``limit`` are listed, in the order of the file.

    Those that the owner has switched off are kept too, for the rules, but take no place of others.
    """

    plan: TablePlan
    text: Placed
    limit: int
    places: RowPlaces
    listed: list[Finding] = field(default_factory=list)
    unlisted: Counter[Kind] = field(default_factory=Counter)
    _taken: Counter[bool] = field(default_factory=Counter)

    def _has_room(self, code: str) -> bool:
        is_off = code in self.plan.off
        self._taken[is_off] += 1
        return self._taken[is_off] <= self.limit

    def add(self, record: Record, faults: Iterable[Fault]) -> None:
        """Take in the faults of one row."""
        self.add_listed(record, self.with_room(faults))

    def with_room(self, faults: Iterable[Fault]) -> list[Fault]:
        """Those of some faults that are to be listed; the others are counted.

        So a row need not be looked up where it is only counted.
        """
        listed = []
        for fault in faults:
            if self._has_room(fault.code):
                listed.append(fault)
            else:
                severity, name = self.plan.severity_of(fault.code), self._name(fault)
                self.unlisted[Kind(severity, fault.code, self.plan.resource.name, name)] += 1
        return listed

    def add_listed(self, record: Record, faults: Iterable[Fault]) -> None:
        """List faults of one row for which there is room."""
        for fault in faults:
            name, (message, hint) = self._name(fault), self._sentences(fault)
            key = record_key(self.plan, record.cells)
            number, line = record.number, record.line
            self._list(fault.code, number, line, name, key, fault.value, message, hint)

    def _name(self, fault: Fault) -> str | None:
        at = fault.position
        return None if at is None else self.plan.columns[at].field.name or None

    def add_keys(self, faults: Iterable[KeyFault], keys: Keys) -> None:
        """Take in faults of keys; those listed so far stand in front."""
        listed: Counter[bool] = Counter()
        for each in faults:
            fields = [self.plan.columns[at].field for at in each.at]
            name = ", ".join(field.name for field in fields)
            is_off = each.code in self.plan.off
            if listed[is_off] >= self.limit:
                severity = self.plan.severity_of(each.code)
                self.unlisted[Kind(severity, each.code, self.plan.resource.name, name)] += (
                    each.times
                )
                continue
            listed[is_off] += 1
            key = keys.shown(self.plan.primary_positions, each.row)
            value = keys.shown(each.at, each.row) if each.value is None else each.value or None
            if each.code == "primary-key":
                note = self._note(each, is_mistyped=keys.has_mistyped(each.at, each.row))
                message, hint = explain_primary_key(value, note)
            elif each.code == "foreign-key":
                message, hint = explain_foreign_key(value or "", each.resource, each.fields)
            elif each.code == "unique-error":
                message, hint = explain_constraint(fields[0], "unique", value or "")
            else:
                message, hint = explain_extension(each.code, None, value or "")
            number, line = self.places.of_row(each.row)
            self._list(each.code, number, line, name, key, value, message, hint)

    def _note(self, fault: KeyFault, *, is_mistyped: bool) -> str:
        if fault.earlier is None:
            return MISTYPED if is_mistyped else "empty"
        # As frictionless says it.
        return f"the same as in the row at position {self.places.of_row(fault.earlier).number}"

    def _list(
        self,
        code: str,
        row: int,
        line: int,
        name: str | None,
        key: str | None,
        value: str | None,
        message: str,
        hint: str,
    ) -> None:
        part, line_there = self.text.place(line)
        self.listed.append(
            Finding(
                code=code,
                severity=self.plan.severity_of(code),
                resource=self.plan.resource.name,
                path=self.plan.resource.paths[part],
                line=line_there,
                row=row,
                field=name,
                key=key,
                value=value,
                message=message,
                hint=hint,
            )
        )

    def _sentences(self, fault: Fault) -> tuple[str, str]:
        if fault.position is None or fault.code == "missing-cell":
            return explain(fault.code, "")
        rule = self.plan.rule(fault.code)
        if rule is not None:
            return fault.detail, rule.hint
        described = self.plan.columns[fault.position].field
        value = fault.value or ""
        if fault.code == "type-error":
            return explain_type(described, value)
        if fault.code == "constraint-error":
            return explain_constraint(described, fault.detail, value)
        return explain_extension(fault.code, described, value, fault.detail)


def record_key(plan: TablePlan, cells: list[str]) -> str | None:
    """The primary key of a row of text, as far as its cells go."""
    return joined_key([cells[at] if at < len(cells) else "" for at in plan.primary_positions])
