"""The exact reading of single cells and rows, as frictionless reads them, one cell at a time.

It is asked only about cells that are not surely fine, and once for each distinct text. Common
types are read without frictionless, all others by its own readers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from decimal import Decimal
from functools import cached_property
from typing import Any, NamedTuple

from ycd_opendata.messages import say
from ycd_opendata.package.model import Field
from ycd_opendata.package.tables.opening import NotReadableError
from ycd_opendata.validation.structure.fast.planning.extra_checks import CellChecks, Fault
from ycd_opendata.validation.structure.fast.planning.plain_reading import (
    CellReader,
    cell_reader,
    plain_reader,
    with_items,
)
from ycd_opendata.validation.structure.fast.planning.plan import EXTENSIONS, Column, TablePlan


class Verdict(NamedTuple):
    """What the exact reading says of a cell: its faults, and its value as text if in a key.

    ``is_mistyped`` says that the cell is filled and has no value, being of another type;
    ``value`` is kept where a rule needs it.
    """

    faults: tuple[Fault, ...]
    key: str | None
    is_mistyped: bool
    value: Any = None


@dataclass(frozen=True)
class ExactReader:
    """Reads cells of one table as frictionless does, and looks for what it does not look for.

    ``typed`` are columns with a type of their own: what gives their cells for texts.
    """

    plan: TablePlan
    typed: Mapping[int, Callable[[str], Any]] = field(default_factory=dict)

    @property
    def is_plain(self) -> bool:
        """Whether all cells can be read without frictionless."""
        return not self.typed and all(plain_reader(each.field) for each in self.plan.columns)

    @cached_property
    def _readers(self) -> list[CellReader]:
        return [self._reader(each) for each in self.plan.columns]

    def _reader(self, column: Column) -> CellReader:
        described, typed = column.field, self.typed.get(column.position)
        # What is said of typed cells here holds for texts only.
        read = plain_reader(described) if typed is None else None
        # What counts as missing is compared with typed cells as Python shows them.
        of_field = self.plan.schema.missing_values_of(described)
        missing = column.missing if typed is None else frozenset(of_field)
        read = read or _reference(described)
        reader = cell_reader(described, missing, read, column.extra.pattern)
        if described.type == "array" and described.raw.get("arrayItem"):
            reader = with_items(reader, _item_reader(described))
        return (
            reader if typed is None else lambda cell: reader(None if cell is None else typed(cell))
        )

    @cached_property
    def _checks(self) -> list[CellChecks]:
        return [
            self.plan.cell_checks(each, has_notation=each.position not in self.typed)
            for each in self.plan.columns
        ]

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
                say("its reading of a cell fails ({name})", name=type(error).__name__)
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
            faults += tuple(self._checks[position](text, value))
        is_key = value is not None and position in self.plan.key_positions
        key = key_text(value, column.family) if is_key else None
        is_mistyped = text is not None and "type" in broken
        kept = value if position in self.plan.rule_positions else None
        return Verdict(faults, key, is_mistyped, kept)

    def judge(self, cells: Sequence[str], faults: Sequence[Fault]) -> list[Fault]:
        """The rules that a row breaks, given what else is wrong in it.

        A rule is not asked of a row of another width, or about a field whose cell is wrong.
        """
        wrong = {each.position for each in faults if EXTENSIONS.get(each.code) != "warning"}
        if None in wrong or not self.plan.rules:
            return []
        values: dict[str, Any] = {}
        broken = []
        for rule in self.plan.rules:
            places = {name: self.plan.places[name] for name in rule.types}
            if not wrong.isdisjoint(places.values()):
                continue
            for name, at in places.items():
                if name not in values:
                    values[name] = self.cell(at, cells[at]).value
            if rule.is_broken_by(values):
                texts = {each.field.name: cells[each.position] for each in self.plan.columns}
                at = places[rule.field]
                broken.append(Fault(rule.name, at, cells[at], rule.said_of(texts)))
        return broken

    def row(self, cells: Sequence[str]) -> tuple[list[Fault], list[Verdict]]:
        """The faults of a whole row, of whatever width, and the verdict on the cell of a column."""
        faults: list[Fault] = []
        verdicts: list[Verdict] = []
        blank = 0
        for column in self.plan.columns:
            at = column.position
            text = cells[at] if at < len(cells) else None
            verdict = self.cell(at, text)
            blank += text is None or text in column.missing
            faults += verdict.faults
            verdicts.append(verdict)
        if blank == self.plan.width:
            return [Fault("blank-row")], verdicts
        width = self.plan.width
        faults += (Fault("extra-cell", None, each) for each in cells[width:])
        faults += (Fault("missing-cell", at, "") for at in range(len(cells), width))
        if len(cells) == width:
            faults += self.judge(cells, faults)
        return faults, verdicts


_OWN_TYPES: Mapping[str, tuple[type, ...]] = {
    "boolean": (bool,),
    "date": (date,),
    "integer": (int,),
    "number": (int, Decimal),
}
"""The types of Python whose objects are values of these fields as they are."""


def _reference(described: Field) -> Callable[[Any], Any]:
    """frictionless's reader of a field's values, loaded when a cell needs it."""
    own = {"constraints", "missingValues", "example", "categories"}
    raw = {key: value for key, value in described.raw.items() if key not in own}
    own_types = () if raw.get("floatNumber") else _OWN_TYPES.get(described.type, ())
    read: Callable[[Any], Any] | None = None

    def read_value(cell: Any) -> Any:
        nonlocal read
        if type(cell) in own_types:
            return cell
        if type(cell) is float and Decimal in own_types:
            return Decimal(str(cell))
        if read is None:
            from frictionless import Field as Reference

            read = Reference.from_descriptor({**raw, "type": described.type}).create_value_reader()
        value = read(cell)
        return value if _has_fit_offset(value) else None

    return read_value


def _has_fit_offset(value: Any) -> bool:
    """Whether a moment is at less than a day from UTC: frictionless reads others, and fails."""
    if isinstance(value, datetime | time):
        try:
            value.utcoffset()
        except ValueError:
            return False
    return True


def _item_reader(described: Field) -> CellReader:
    """frictionless's reader of the items of an array."""
    from frictionless import Field as Reference

    raw = {"name": described.name, "type": "any", **described.raw["arrayItem"]}
    raw.pop("arrayItem", None)
    read = Reference.from_descriptor(raw).create_cell_reader()

    def read_item(cell: Any) -> tuple[Any, tuple[str, ...]]:
        value, notes = read(cell)
        return value, tuple(notes or ())

    return read_item


def key_text(value: Any, family: str | None) -> str | None:
    """A value as the one text that stands for it among the values of its family."""
    if family == "text":
        return str(value)
    if family == "number":
        return _number_text(Decimal(value))
    if isinstance(value, time) and value.tzinfo is not None:
        # Of another zone, it may be on another day.
        value = datetime.combine(date(2000, 1, 2), value)
    if isinstance(value, datetime) and value.tzinfo is not None:
        try:
            return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
        except OverflowError as error:
            reason = say("a key of it is before or after all years of UTC")
            raise NotReadableError(reason) from error
    if isinstance(value, date | time):
        return value.isoformat()
    if family == "yearmonth":
        return f"{value.year:04}-{value.month:02}"
    if family == "geopoint":
        return ",".join(map(_number_text, value))
    if family == "duration":
        import isodate  # type: ignore[import-untyped]

        # P1D for PT24H; a year is not twelve months to the reference, which hashes them.
        return str(isodate.duration_isoformat(value))
    return None


def _number_text(number: Decimal) -> str:
    """Equal numbers give equal texts, without rounding and without a million zeros."""
    sign, digits, exponent = number.as_tuple()
    if number.is_nan():
        raise NotReadableError(say("a key of it is not a number (NaN), and so equal to nothing"))
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
