"""Declared rules on the rows that frictionless reads."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from ycd_opendata.package.model import Package, Resource
from ycd_opendata.validation.declared.declared_rules import DeclaredRule, declared_rules
from ycd_opendata.validation.findings import Finding
from ycd_opendata.validation.table_text import TableText, path_of

if TYPE_CHECKING:
    from frictionless import Checklist, Row

_OF_ROWS = ("blank-row", "extra-cell", "missing-cell")
_OF_CELLS = ("constraint-error", "type-error")


class _Broken(NamedTuple):
    number: int
    rule: DeclaredRule
    texts: dict[str, str]


class Judge:
    """Asks the rules of a table of each row while frictionless reads it.

    ``see`` is shown each row too.
    """

    def __init__(
        self,
        package: Package,
        resource: Resource,
        table: TableText | None,
        see: Callable[[Row], None] | None,
    ) -> None:
        self.package = package
        self.resource = resource
        self.table = table
        self.see = see
        self.rules = declared_rules(resource.schema).rules if resource.schema else ()
        self._broken: list[_Broken] = []

    def checklist(self) -> Checklist | None:
        """What has frictionless ask; None where there is nothing to ask."""
        if not self.rules and self.see is None:
            return None
        from frictionless import Check, Checklist

        judge = self

        class Rules(Check):
            type = "declared-rules"

            def validate_row(self, row: Row) -> Iterator[Any]:
                if judge.see is not None:
                    judge.see(row)
                judge.ask(row)
                return iter(())

        return Checklist(checks=[Rules()])

    def ask(self, row: Row) -> None:
        """Ask the rules of a row, but for those that need a cell that is wrong."""
        if any(each.type in _OF_ROWS for each in row.errors):
            return
        wrong = {each.field_name for each in row.errors if each.type in _OF_CELLS}
        names = {*row.field_names}
        for rule in self.rules:
            needed = {*rule.types}
            if not needed <= names or needed & wrong:
                continue
            if rule.is_broken_by({name: row[name] for name in rule.types}):
                texts = dict(zip(row.field_names, map(_text, row.cells), strict=False))
                self._broken.append(_Broken(row.row_number, rule, texts))

    def findings(self) -> Iterator[Finding]:
        """What was found, with lines and keys where the rows can be read."""
        numbers = {each.number for each in self._broken}
        rows = self.table.rows_at(numbers) if self.table and numbers else {}
        for number, rule, texts in self._broken:
            row = rows.get(number)
            yield Finding(
                code=rule.name,
                severity=rule.severity,
                resource=self.resource.name,
                path=path_of(self.package, self.resource),
                line=row.line if row else None,
                row=number,
                field=rule.field,
                key=self.table.key(row) if self.table and row else None,
                value=texts[rule.field],
                message=rule.said_of(texts),
                hint=rule.hint,
            )


def _text(cell: Any) -> str:
    return "" if cell is None else str(cell)
