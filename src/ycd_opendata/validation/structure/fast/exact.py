"""The exact reading of single cells and rows, as frictionless reads them, one cell at a time.

It is asked only about cells that are not surely fine, and once for each distinct text. Common
types are read without frictionless, all others by its own readers.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from ycd_opendata.package.tables.opening import NotReadableError
from ycd_opendata.validation.structure.fast.plain_reading import CellReader, plain_reader
from ycd_opendata.validation.structure.fast.plan import UNTIDY, Column, TablePlan

if TYPE_CHECKING:
    from frictionless import Schema

_UNTIDY = re.compile(UNTIDY)


class Fault(NamedTuple):
    """Something wrong in one row, in frictionless's terms.

    ``position`` is the column (None for a whole row), ``detail`` the constraint that is broken.
    """

    code: str
    position: int | None = None
    value: str | None = None
    detail: str = ""


class Verdict(NamedTuple):
    """What the exact reading says of a cell: its faults, and its value as text if in a key."""

    faults: tuple[Fault, ...]
    key: str | None


@dataclass(frozen=True)
class ExactReader:
    """Reads cells of one table as frictionless does, given how to get at its schema.

    ``typed`` are columns with a type of their own: what gives their cells for texts.
    """

    plan: TablePlan
    schema: Callable[[], Schema]
    typed: Mapping[int, Callable[[str], Any]] = field(default_factory=dict)

    @cached_property
    def _readers(self) -> list[CellReader]:
        readers = [
            None if each.position in self.typed else plain_reader(each.field, each.missing)
            for each in self.plan.columns
        ]
        return [each or self._reference(at) for at, each in enumerate(readers)]

    def _reference(self, position: int) -> CellReader:
        """frictionless's reader of a column, loaded when a cell is first read."""

        def read(cell: str | None) -> tuple[Any, tuple[str, ...]]:
            typed = self.typed.get(position)
            source = cell if cell is None or typed is None else typed(cell)
            value, notes = self._reference_readers[position](source)
            return value, tuple(notes or ())

        return read

    @cached_property
    def _reference_readers(self) -> list[Callable[[Any], tuple[Any, dict[str, str] | None]]]:
        from frictionless import Field

        fields = {each.name: each for each in self.schema().fields}
        extra = Field.from_descriptor({"name": "extra", "type": "any"})
        known = len(self.plan.schema.fields)
        return [
            (fields[each.field.name] if each.position < known else extra).create_cell_reader()
            for each in self.plan.columns
        ]

    @cached_property
    def _keyed(self) -> frozenset[int]:
        return self.plan.key_positions

    @cached_property
    def _cache(self) -> dict[tuple[int, str | None], Verdict]:
        return {}

    def cell(self, position: int, text: str | None) -> Verdict:
        """The verdict on one cell; ``None`` is a cell that the row does not have."""
        known = self._cache.get((position, text))
        if known is None:
            known = self._read(position, text)
            if len(self._cache) < 100_000:
                self._cache[position, text] = known
        return known

    def _read(self, position: int, text: str | None) -> Verdict:
        try:
            value, broken = self._readers[position](text)
        except Exception as error:
            # It stumbles over some cells, such as a time without zone under a bound with one.
            raise NotReadableError(
                f"its reading of a cell fails ({type(error).__name__})"
            ) from error
        # frictionless shows a cell that is not there as the word None.
        shown = str(self.typed[position](text) if text and position in self.typed else text)
        faults = tuple(
            Fault("type-error", position, shown)
            if name == "type"
            else Fault("constraint-error", position, shown, name)
            for name in broken
        )
        column = self.plan.columns[position]
        if text is not None and text not in column.missing:
            faults += tuple(self._beyond(column, text))
        is_key = value is not None and position in self._keyed
        return Verdict(faults, key_text(value, column.family) if is_key else None)

    def _beyond(self, column: Column, text: str) -> Iterator[Fault]:
        """What frictionless does not look for in a cell."""
        if column.categories is not None and text not in column.categories:
            yield Fault("category-unknown", column.position, text)
        if column.family == "text" and self.plan.tidy and _UNTIDY.search(text):
            yield Fault("untidy-text", column.position, text)

    def row(self, cells: Sequence[str]) -> tuple[list[Fault], list[str | None]]:
        """The faults of a whole row, of whatever width, and its values as text for keys."""
        faults: list[Fault] = []
        keys: list[str | None] = []
        blank = 0
        for column in self.plan.columns:
            at = column.position
            text = cells[at] if at < len(cells) else None
            verdict = self.cell(at, text)
            blank += text is None or text in column.missing
            faults += verdict.faults
            keys.append(verdict.key)
        if blank == self.plan.width:
            return [Fault("blank-row")], keys
        width = self.plan.width
        faults += (Fault("extra-cell", None, each) for each in cells[width:])
        faults += (Fault("missing-cell", at, "") for at in range(len(cells), width))
        return faults, keys


def key_text(value: Any, family: str | None) -> str | None:
    """A value as the one text that stands for it among the values of its family."""
    if family == "text":
        return str(value)
    if family == "number":
        return _number_text(Decimal(value))
    if isinstance(value, datetime):
        if value.tzinfo is None:
            return value.isoformat()
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    if family == "yearmonth":
        return f"{value.year:04}-{value.month:02}"
    return None


def _number_text(number: Decimal) -> str:
    """Equal numbers give equal texts, without rounding and without a million zeros."""
    sign, digits, exponent = number.as_tuple()
    if number.is_nan():
        raise NotReadableError("a key of it is not a number (NaN), and so equal to nothing")
    if not isinstance(exponent, int):
        return str(number)
    text = "".join(map(str, digits)).lstrip("0")
    shorter = text.rstrip("0")
    exponent += len(text) - len(shorter)
    if not shorter:
        return "0"
    if -40 < exponent < 40:
        return f"{Decimal((sign, tuple(map(int, shorter)), exponent)):f}"
    return f"{'-' * sign}{shorter}E{exponent}"
