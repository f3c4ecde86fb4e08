"""A table's file as the validator sees it: rows with their numbers, lines and keys."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass
from functools import cached_property

from ycd_opendata.errors import DataError
from ycd_opendata.package.model import Package, Resource, Schema
from ycd_opendata.package.tables.reader import column_places, numbered_rows
from ycd_opendata.package.tables.rows import Record
from ycd_opendata.validation.findings import Finding, joined_key


@dataclass(frozen=True)
class TableText:
    """The text of one table that has a schema and one file."""

    package: Package
    resource: Resource
    schema: Schema

    @cached_property
    def rows(self) -> tuple[Record, ...]:
        """Every row, header included.

        Raises DataError where the file cannot be read as delimited text.
        """
        return tuple(numbered_rows(self.package, self.resource))

    def rows_at(self, numbers: Set[int]) -> dict[int, Record]:
        """The rows of these numbers, as far as the file can be read; no other one is kept."""
        found: dict[int, Record] = {}
        if not numbers:
            return found
        try:
            for row in numbered_rows(self.package, self.resource):
                if row.number in numbers:
                    found[row.number] = row
                    if len(found) == len(numbers):
                        break
        except DataError:
            # What is left without a line is still told with its row.
            return found
        return found

    @cached_property
    def by_number(self) -> dict[int, Record]:
        """Every row by its number; errors as in ``rows``."""
        return {row.number: row for row in self.rows}

    def key(self, row: Record) -> str | None:
        """The row's primary key, as far as its cells go."""
        return joined_key([self.cell(row, name) or "" for name in self.schema.primary_key])

    @cached_property
    def _places(self) -> dict[str, int]:
        """The column of each field that the table has."""
        try:
            return column_places(self.package, self.resource)
        except DataError:
            return {name: at for at, name in enumerate(self.schema.field_names)}

    def cell(self, row: Record, field: str) -> str | None:
        """The row's cell of a field, None where the row is too short or the field unknown."""
        at = self._places.get(field)
        return row.cells[at] if at is not None and at < len(row.cells) else None

    def finding(
        self,
        code: str,
        message: str,
        hint: str,
        *,
        row: Record | None = None,
        line: int | None = None,
        field: str | None = None,
    ) -> Finding:
        """A finding on a row, or else on a line of the file, or on the file as a whole."""
        return Finding(
            code=code,
            resource=self.resource.name,
            path=self.resource.paths[0],
            line=row.line if row else line,
            row=row.number if row else None,
            field=field,
            key=self.key(row) if row and row.number > 1 else None,
            value=self.cell(row, field) if row and field else None,
            message=message,
            hint=hint,
        )


def path_of(package: Package, resource: Resource) -> str:
    """The file that findings on a table name: its first one, or the descriptor if it has none."""
    return resource.paths[0] if resource.paths else package.descriptor_path.name


def table_texts(package: Package) -> dict[str, TableText]:
    """The tables of a package that have a schema and exactly one local file."""
    return {
        each.name: TableText(package, each, each.schema)
        for each in package.resources
        if each.schema is not None and len(each.paths) == 1
    }
