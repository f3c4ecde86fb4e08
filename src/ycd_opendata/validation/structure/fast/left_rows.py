"""What is checked beyond frictionless in a table whose rows only frictionless reads."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from ycd_opendata.errors import DataError
from ycd_opendata.package.model import Package, Resource
from ycd_opendata.package.tables.opening import guessed_encoding
from ycd_opendata.package.tables.reader import local_paths
from ycd_opendata.package.tables.row_starts import Place
from ycd_opendata.package.tables.rows import Record
from ycd_opendata.package.tables.text_encoding import UnreadableEncodingError
from ycd_opendata.validation.findings import Finding
from ycd_opendata.validation.structure.fast.collecting import Collector
from ycd_opendata.validation.structure.fast.exact import key_text
from ycd_opendata.validation.structure.fast.keys import KeyLists
from ycd_opendata.validation.structure.fast.planning.conditions import NotPlannableError
from ycd_opendata.validation.structure.fast.planning.extra_checks import CellChecks, Fault
from ycd_opendata.validation.structure.fast.planning.plan import (
    EXTENSIONS,
    Column,
    TablePlan,
    table_plan,
)
from ycd_opendata.validation.structure.fast.table_run import encoding_finding
from ycd_opendata.validation.table_text import TableText, path_of

if TYPE_CHECKING:
    from frictionless import Row


@dataclass
class LeftRows:
    """The rows of one table as frictionless shows them, one after the other."""

    plan: TablePlan
    limit: int
    _numbers: array[int] = field(default_factory=lambda: array("Q"))

    def of_row(self, index: int) -> Place:
        """The place of a row, of which only the number is known."""
        return Place(self._numbers[index], 0)

    def place(self, _: int) -> tuple[int, None]:
        """The first file: in which one a row stands, and on which line, nobody says."""
        return 0, None

    @cached_property
    def collector(self) -> Collector:
        """What was found."""
        return Collector(self.plan, self, self.limit, self)

    @cached_property
    def _keys(self) -> KeyLists:
        return KeyLists(self.plan)

    @cached_property
    def _checks(self) -> list[tuple[Column, CellChecks, bool]]:
        """What looks at the cells of each column, and whether at those that are no texts too."""
        checked = []
        for each in self.plan.columns:
            is_typed = each.extra.categories is not None or each.extra.json_schema is not None
            checked.append((each, self.plan.cell_checks(each), is_typed))
        return checked

    @cached_property
    def _keyed(self) -> frozenset[int]:
        # Keys of one field are frictionless's to compare.
        several = any(len(each.positions) > 1 for each in self.plan.unique)
        listed = any(each.code in EXTENSIONS for each in self.plan.unique)
        return self.plan.key_positions if several or listed else frozenset()

    def see(self, row: Row) -> None:
        """Look at the next row."""
        cells = dict(zip(row.field_names, row.cells, strict=False))
        found: list[Fault] = []
        if not any(each.type == "blank-row" for each in row.errors):
            for column, check, is_typed in self._checks:
                cell = cells.get(column.field.name)
                if isinstance(cell, str):
                    if cell not in column.missing:
                        found += check(cell, row[column.field.name])
                elif is_typed and cell is not None and str(cell) not in column.missing:
                    faults = check(str(cell), row[column.field.name])
                    # A cell that is no text has no notation.
                    found += (each for each in faults if each.code != "odd-notation")
        if self._keyed:
            self._keep_keys(row, cells)
        if found:
            texts = ["" if each is None else str(each) for each in map(cells.get, self.plan.places)]
            self.collector.add(Record(row.row_number, 0, texts), found)

    def _keep_keys(self, row: Row, cells: Mapping[str, Any]) -> None:
        keys: dict[int, list[str | None]] = {}
        mistyped: dict[int, dict[int, str]] = {}
        for at in self._keyed:
            column = self.plan.columns[at]
            cell, name = cells.get(column.field.name), column.field.name
            value = row[name] if name in cells else None
            # What is not equal to itself (NaN) is filled too.
            is_value = value is not None and value == value
            keys[at] = [key_text(value, column.family) if is_value else None]
            is_filled = cell is not None and str(cell) not in column.missing
            mistyped[at] = {0: str(cell)} if is_filled and not is_value else {}
        self._numbers.append(row.row_number)
        self._keys.append_rows(keys, mistyped)

    def findings(self, package: Package) -> list[Finding]:
        """What was found, with the lines that are known."""
        faults = (each for each in self._keys.unique_faults() if each.code in EXTENSIONS)
        self.collector.add_keys(faults, self._keys)
        resource, schema = self.plan.resource, self.plan.schema
        findings = [*_guesses(package, resource)]
        rows = {}
        if len(resource.paths) == 1 and "data" not in resource.raw:
            numbers = {each.row for each in self.collector.listed if each.row is not None}
            rows = TableText(package, resource, schema).rows_at(numbers)
        findings += (
            replace(each, line=rows[each.row].line if each.row in rows else None)
            for each in self.collector.listed
        )
        return findings


def _guesses(package: Package, resource: Resource) -> Iterator[Finding]:
    try:
        paths = [] if "data" in resource.raw else local_paths(package, resource)
        name = guessed_encoding(paths, resource) if paths else ""
    except (DataError, OSError, UnreadableEncodingError):
        return
    if name:
        yield encoding_finding(resource, name)


def left_rows(package: Package, names: Mapping[str, str], limit: int) -> dict[str, LeftRows]:
    """The tables of these names that have a plan."""
    found = {}
    for resource in package.resources:
        if resource.schema is None or resource.name not in names:
            continue
        there = resource.paths or (path_of(package, resource),)
        off = frozenset(package.settings.validate.off)
        try:
            plan = table_plan(
                replace(resource, paths=there), resource.schema, resource.schema.fields, (), off
            )
        except NotPlannableError:
            continue
        found[resource.name] = LeftRows(plan, limit)
    return found
