"""Cells that have a type already, as texts that stand for them.

The engine looks at texts. A typed cell is given one that can be turned back into the cell, and
where its text is valid exactly when the cell is, the conditions for texts hold for it too. For
every other pair of cell and field each distinct cell is read exactly, as the cell it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, Literal
from zoneinfo import ZoneInfo

import polars as pl

from ycd_opendata.messages import say
from ycd_opendata.package.tables.opening import NotReadableError
from ycd_opendata.validation.structure.fast.planning.conditions import (
    DAY,
    STRICT,
    Condition,
    Never,
    NotPlannableError,
    Number,
    OneOf,
    Shape,
    Whole,
)
from ycd_opendata.validation.structure.fast.planning.plan import Column, TablePlan

Kind = Literal[
    "text", "whole", "float", "boolean", "date", "datetime", "time", "decimal", "nothing"
]

_WHOLE_FLOATS = 2**53
_VALID_ALIKE: Mapping[Kind, frozenset[str]] = {
    "whole": frozenset({"integer", "number", "year"}),
    "float": frozenset({"integer", "number"}),
    "decimal": frozenset({"number"}),
    "date": frozenset({"date"}),
    "datetime": frozenset({"datetime"}),
    "time": frozenset({"time"}),
}
"""The types of fields in which a cell is valid if its text is."""


@dataclass(frozen=True)
class CellType:
    """What the cells of a column are; ``zone`` is the time zone of moments that have one."""

    kind: Kind
    zone: str | None = None

    def texts(self, cell: pl.Expr) -> pl.Expr:
        """The text of each cell, null where there is none."""
        match self.kind:
            case "float":
                number = cell.cast(pl.Float64)
                whole = number.cast(pl.Int64, strict=False)
                is_whole = (whole == number) & (number.abs() < _WHOLE_FLOATS)
                text = pl.when(is_whole).then(whole.cast(pl.String))
                return text.otherwise(number.cast(pl.String))
            case "boolean":
                return pl.when(cell).then(pl.lit("True")).when(~cell).then(pl.lit("False"))
            case "datetime":
                if self.zone is None:
                    return cell.dt.strftime("%Y-%m-%dT%H:%M:%S%.f")
                return cell.dt.convert_time_zone("UTC").dt.strftime("%Y-%m-%dT%H:%M:%S%.fZ")
            case "time":
                return cell.dt.strftime("%H:%M:%S%.f")
            case _:
                return cell.cast(pl.String)

    def cell(self, text: str) -> Any:
        """The cell that a text stands for; fails where a text stands for none."""
        if self.kind == "datetime" and self.zone is not None:
            return datetime.fromisoformat(text).astimezone(ZoneInfo(self.zone))
        return _READ[self.kind](text)


_READ: Mapping[Kind, Callable[[str], Any]] = {
    "text": str,
    "whole": int,
    "float": float,
    "boolean": {"True": True, "False": False}.__getitem__,
    "date": date.fromisoformat,
    "datetime": datetime.fromisoformat,
    "time": time.fromisoformat,
    "decimal": Decimal,
    "nothing": str,
}


def empty_text(column: Column) -> str:
    """The text that stands for no value: one that counts as missing, or the word for it."""
    return "" if "" in column.missing else str(None)


def surely_fine(cells: CellType, column: Column, cell: pl.Expr) -> pl.Expr | None:
    """Whether a cell is surely fine, told without its text; None where there is no telling."""
    if column.extra.categories is not None or column.missing - {empty_text(column)}:
        return None
    match cells.kind, column.conditions:
        case "whole", (Whole(bounds),):
            return _all_of(cell.is_not_null(), cell, [(side, int(limit)) for side, limit in bounds])
        case "float", (Number(_, bounds),):
            # A float on the bound may stand for a decimal beyond it.
            limits = [(STRICT[side], float(limit)) for side, limit in bounds]
            return _all_of(cell.is_finite(), cell, limits)
        case "date", (Shape(pattern),) if pattern == DAY:
            return cell.is_between(date(1000, 1, 1), date(9999, 12, 31))
        case "boolean", (OneOf(texts),) if texts == {"True", "False"}:
            return cell.is_not_null()
    return None


def _all_of(is_value: pl.Expr, cell: pl.Expr, bounds: Iterable[tuple[str, float]]) -> pl.Expr:
    """A value within bounds."""
    return pl.all_horizontal(is_value, *(getattr(cell, side)(limit) for side, limit in bounds))


def readers(plan: TablePlan, cells: Sequence[CellType]) -> dict[int, Callable[[str], Any]]:
    """What gives the cells of a column for their texts, where they are not the texts."""

    def reader(each: CellType, empty: str) -> Callable[[str], Any]:
        return lambda text: None if text == empty else each.cell(text)

    made = {}
    for column, each in zip(plan.columns, cells, strict=True):
        empty = empty_text(column)
        if empty or each.kind != "text":
            made[column.position] = reader(each, empty)
    return made


def typed_plan(plan: TablePlan, cells: Sequence[CellType]) -> TablePlan:
    """A plan for texts that stand for typed cells.

    Raises
    ------
    NotReadableError, NotPlannableError
        What a column holds, or is keyed by, has to be left to frictionless.
    """
    columns = tuple(map(_typed_column, plan.columns, cells))
    for position in plan.key_positions:
        if columns[position].canonical is None:
            raise NotPlannableError(
                say("typed keys of type any ({name})", name=columns[position].field.name)
            )
    return replace(plan, columns=columns)


def _typed_column(column: Column, cells: CellType) -> Column:
    missing = frozenset({*_missing_texts(column, cells), empty_text(column)})
    if cells.kind == "text":
        return replace(column, missing=missing)
    field = column.field
    conditions: tuple[Condition, ...] = (Never(),)
    canonical = column.canonical
    is_punctuated = bool({"decimalChar", "groupChar"} & {*field.raw})
    if field.type in _VALID_ALIKE.get(cells.kind, ()) and not is_punctuated:
        conditions = column.conditions
    elif field.type == "any":
        # Its values are the cells themselves, and 1 is equal to 1.0 but not to "1".
        canonical = None
        if "enum" not in field.constraints:
            conditions = ()
    else:
        canonical = None if canonical is None else (Never(),)
        if field.type == cells.kind == "boolean" and "enum" not in field.constraints:
            conditions = (OneOf(frozenset({"True", "False"})),)
    return replace(column, missing=missing, conditions=conditions, canonical=canonical)


def _missing_texts(column: Column, cells: CellType) -> set[str]:
    """The texts of the cells that count as missing: frictionless compares what Python shows."""
    if cells.kind in ("text", "nothing"):
        return {*column.missing}
    found = set()
    for shown in column.missing:
        try:
            cell = cells.cell(shown)
        except (ValueError, KeyError, ArithmeticError):
            continue
        if cells.kind not in ("whole", "float", "boolean", "date"):
            raise NotReadableError(
                say("a {kind} counts as missing ({name})", kind=cells.kind, name=column.field.name)
            )
        if str(cell) == shown:
            is_whole = cells.kind == "float" and cell == cell and abs(cell) < _WHOLE_FLOATS
            found.add(str(int(cell)) if is_whole and cell == int(cell) else shown)
    return found
