"""Runs a table's plan on frames of text: which cells are not surely fine, and the keys.

One boolean expression a column; the exact reading decides on the few cells that it leaves open.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property, reduce
from typing import TYPE_CHECKING, Any

from ycd_opendata.package.tables.batches import Frame
from ycd_opendata.package.tables.sure_rows import SureRows
from ycd_opendata.validation.hidden_characters import SUSPECT
from ycd_opendata.validation.structure.fast.beyond import Fault
from ycd_opendata.validation.structure.fast.conditions import (
    SURE_DIGITS,
    Bound,
    Comparison,
    Condition,
    Length,
    Never,
    Number,
    OneOf,
    Shape,
    TextWithin,
    Whole,
)
from ycd_opendata.validation.structure.fast.exact import ExactReader
from ycd_opendata.validation.structure.fast.key_columns import KeyColumn
from ycd_opendata.validation.structure.fast.plan import Column, TablePlan
from ycd_opendata.validation.structure.fast.row_pattern import (
    are_tidy,
    conditions_of,
    row_pattern,
)
from ycd_opendata.validation.structure.fast.rule_columns import may_break
from ycd_opendata.validation.structure.fast.typed_frame import Cells, Seen, TypedFrame

if TYPE_CHECKING:
    import polars as pl

_EXPRESSIONS_AT_ONCE = 200

_COMPARE: dict[Comparison, Callable[[Any, Any], Any]] = {
    "ge": operator.ge,
    "gt": operator.gt,
    "le": operator.le,
    "lt": operator.lt,
}
_STRICTLY: dict[Comparison, Callable[[Any, Any], Any]] = {
    "ge": operator.gt,
    "gt": operator.gt,
    "le": operator.lt,
    "lt": operator.lt,
}


@dataclass(frozen=True)
class ColumnExecutor:
    """Checks frames of one table."""

    plan: TablePlan
    reader: ExactReader

    def look(self, columns: pl.DataFrame) -> Seen:
        """What ``check`` needs to know of a frame; frames can be looked at side by side.

        Where columns are left out, all their cells are filled and surely fine.
        """
        left_out = {str(each.position) for each in self.plan.columns} - {*columns.columns}
        every = self._expressions.items()
        if left_out:
            asked = [each for name, each in every if name.split()[-1] not in {*left_out, "blank"}]
            return self._seen(columns, asked)
        return self._seen(columns, [each for _, each in every])

    def sure_rows(self, delimiter: str) -> SureRows | None:
        """The rows that need not be looked at; None where there is no telling."""
        found = row_pattern(self.plan, delimiter, self._seldom_missing, self._is_fine)
        if found is None:
            return None
        needed = {*self.plan.key_positions, *self.reader.judged, *found.open}
        of_all = {"judged", *(f"{kind} {at}" for at in found.open for kind in ("open", "other"))}
        of_all |= {f"key {at}" for at in self.plan.key_positions}
        every = self._expressions.items()
        on_all = [each for name, each in every if name in of_all]
        on_others = [each for name, each in every if name not in of_all]

        def look(columns: pl.DataFrame, others: pl.DataFrame, indexes: Sequence[int]) -> Seen:
            seen, further = self._seen(columns, on_all), self._seen(others, on_others)
            return seen.together(further, indexes)

        return SureRows(found.pattern, found.longest, sorted(needed), look)

    def _is_fine(self, position: int, text: str) -> bool:
        """Whether the text of a cell is fine, and stands for its value alone if that is a key."""
        verdict = self.reader.cell(position, text)
        return not verdict.faults and verdict.key in (None, text)

    def _seen(self, columns: pl.DataFrame, every: Sequence[pl.Expr]) -> Seen:
        import polars as pl

        if not columns.width or not every:
            return Seen([], [], {}, {}, {})
        # polars takes a time that grows with the square of the number of expressions.
        size = _EXPRESSIONS_AT_ONCE
        # Lazily, so that what several expressions need is worked out once.
        lazy = columns.lazy()
        parts = [lazy.select(every[at : at + size]).collect() for at in range(0, len(every), size)]
        found = parts[0] if len(parts) == 1 else pl.concat(parts, how="horizontal")
        keys = {
            int(name.removeprefix("key ")): found[name]
            for name in found.columns
            if name.startswith("key ")
        }
        masks = found.select(pl.col(pl.Boolean))
        # All at once, since a question about one column takes longer than its answer.
        some = [name for name, is_set in masks.sum().row(0, named=True).items() if is_set]
        indexes = {name: masks[name].arg_true() for name in some}
        maybe_blank = indexes.pop("maybe blank", None)
        blank = [] if maybe_blank is None else self._blank(columns, maybe_blank)
        judged = indexes.pop("judged").to_list() if "judged" in indexes else []
        cells: dict[str, dict[int, Cells]] = {"open": {}, "other": {}}
        for name, places in indexes.items():
            kind, at = name.split()
            cells[kind][int(at)] = Cells(places.to_list(), columns[at].gather(places).to_list())
        return Seen(blank, judged, cells["open"], cells["other"], keys)

    def check(
        self, frame: Frame | TypedFrame
    ) -> tuple[list[tuple[int, list[Fault]]], dict[int, KeyColumn]]:
        """The faults of a frame's rows by index, and its key columns by position.

        A key is the text of a value, null where there is none: an empty cell, or one of another
        type.
        """
        seen = frame.seen
        values: dict[int, dict[int, str | None]] = {at: {} for at in self.plan.key_positions}
        mistyped: dict[int, dict[int, str]] = {at: {} for at in values}
        faults = self._odd_rows(frame, {*frame.uneven, *seen.blank}, values, mistyped)
        odd = set(faults)
        for at, cells in seen.open.items():
            for index, text in cells:
                if index in odd:
                    continue
                verdict = self.reader.cell(at, text)
                if verdict.faults:
                    faults.setdefault(index, []).extend(verdict.faults)
                if at in values:
                    values[at][index] = verdict.key
                    if verdict.is_mistyped:
                        mistyped[at][index] = text
        self._judge(frame, odd, faults)
        for at, cells in seen.other.items():
            for index, text in cells:
                if index not in values[at]:
                    values[at][index] = self.reader.cell(at, text).key
        keys = {
            at: KeyColumn(_replaced(seen.keys[at], each), mistyped[at])
            for at, each in values.items()
        }
        return sorted(faults.items()), keys

    def _judge(
        self, frame: Frame | TypedFrame, odd: Collection[int], faults: dict[int, list[Fault]]
    ) -> None:
        """Ask the rules of the rows that may break one; odd ones have been asked."""
        for index in frame.seen.judged:
            if index not in odd:
                broken = self.reader.judge(frame.record(index).cells, faults.get(index, ()))
                if broken:
                    faults.setdefault(index, []).extend(broken)

    def _odd_rows(
        self,
        frame: Frame | TypedFrame,
        indexes: Collection[int],
        values: Mapping[int, dict[int, str | None]],
        mistyped: Mapping[int, dict[int, str]],
    ) -> dict[int, list[Fault]]:
        """Read rows of another width, and blank ones, exactly; set what they have of keys."""
        faults: dict[int, list[Fault]] = {}
        for index in indexes:
            cells = frame.record(index).cells
            faults[index], verdicts = self.reader.row(cells)
            for at, replaced in values.items():
                replaced[index] = verdicts[at].key
                if verdicts[at].is_mistyped:
                    mistyped[at][index] = cells[at]
        return faults

    @cached_property
    def _expressions(self) -> dict[str, pl.Expr]:
        """What is asked of a frame, by name."""
        import polars as pl

        missing = self._missing
        expressions = [missing[self._seldom_missing].alias("maybe blank")]
        if self.plan.rules:
            expressions.append(may_break(self.plan, missing).alias("judged"))
        for column, is_missing in zip(self.plan.columns, missing, strict=True):
            at = column.position
            fine = self._fine(column)
            is_open = [~fine & ~is_missing] if fine is not None else []
            if column.required:
                is_open.append(is_missing)
            if is_open:
                expressions.append(reduce(operator.or_, is_open).alias(f"open {at}"))
            if at in self.plan.key_positions:
                cell = pl.col(str(at))
                # A required cell that is missing is open, and so replaced.
                key = cell if column.required else pl.when(~is_missing).then(cell)
                expressions.append(key.alias(f"key {at}"))
                form = _all(str(at), column.canonical or ())
                if form is not None:
                    expressions.append((~form & ~is_missing).alias(f"other {at}"))
        return {each.meta.output_name(): each for each in expressions}

    @cached_property
    def _missing(self) -> list[pl.Expr]:
        import polars as pl

        missing = [_is_missing(each) for each in self.plan.columns]
        if self.plan.width == 1:
            # A row without cells and one with an empty cell look alike here.
            return [missing[0] | (pl.col("0") == "")]
        return missing

    @property
    def _seldom_missing(self) -> int:
        """A column of which few cells are missing, if there is one."""
        needed = [each.position for each in self.plan.columns if each.required]
        return min(self.plan.primary_positions or needed or [0])

    def _blank(self, columns: pl.DataFrame, places: pl.Series) -> list[int]:
        """Those of some rows that have only missing cells."""
        import polars as pl

        # Whole columns are not compared for the sake of a few rows.
        found = columns[places].select(pl.all_horizontal(self._missing).alias("blank"))
        return places.filter(found["blank"]).to_list()

    def _fine(self, column: Column) -> pl.Expr | None:
        import polars as pl

        conditions = conditions_of(column)
        fine = _all(str(column.position), conditions)
        if self.plan.asks_tidy and column.family == "text" and not are_tidy(conditions):
            tidy = ~pl.col(str(column.position)).str.contains(SUSPECT)
            fine = tidy if fine is None else fine & tidy
        return fine


def _replaced(series: pl.Series, values: Mapping[int, str | None]) -> pl.Series:
    import polars as pl

    texts = pl.Series([*values.values()], dtype=pl.String)
    return series.scatter([*values], texts) if values else series


def _is_missing(column: Column) -> pl.Expr:
    import polars as pl

    cell = pl.col(str(column.position))
    if not column.missing:
        # Never so, for each row: a literal alone would stand for one row only.
        return cell.is_null()
    if len(column.missing) == 1:
        return cell == next(iter(column.missing))
    return cell.is_in(sorted(column.missing))


def _all(name: str, conditions: Sequence[Condition]) -> pl.Expr | None:
    """All conditions as one expression that is never null; None if there are none."""
    if not conditions:
        return None
    return reduce(operator.and_, (_expression(name, each) for each in conditions))


def _expression(name: str, condition: Condition) -> pl.Expr:
    import polars as pl

    cell = pl.col(name)
    match condition:
        case Never():
            return pl.lit(False)
        case OneOf(texts):
            return cell.is_in(sorted(texts)) if texts else pl.lit(False)
        case Shape(pattern):
            return cell.str.contains(f"^(?:{pattern})$")
        case Length(low, high):
            length = cell.str.len_chars()
            enough = length >= low if low is not None else pl.lit(True)
            return enough & (length <= high) if high is not None else enough
        case TextWithin(bounds):
            return _within(cell, bounds)
        case Whole(bounds, group):
            whole = _ungrouped(cell, group).cast(pl.Int64, strict=False)
            return _within(whole, bounds).fill_null(False) if bounds else whole.is_not_null()
        case Number(decimal_char, bounds, group):
            cell = _ungrouped(cell, group, f"(?:[{decimal_char}][0-9]+)?")
            return _number(cell, decimal_char, bounds)


def _within(value: pl.Expr, bounds: Sequence[Bound]) -> pl.Expr:
    """Whether a value that is not null is within all bounds; there is at least one."""
    limits = (int(each.limit) if isinstance(each.limit, Decimal) else each.limit for each in bounds)
    sides = zip(bounds, limits, strict=True)
    held = (_COMPARE[each.comparison](value, limit) for each, limit in sides)
    together: pl.Expr = reduce(operator.and_, held)
    return together


def _ungrouped(cell: pl.Expr, group: str, fraction: str = "") -> pl.Expr:
    """Numbers without what stands between groups of three digits."""
    import polars as pl

    if not group:
        return cell
    is_grouped = cell.str.contains(f"^-?[0-9]{{1,3}}(?:[{group}][0-9]{{3}})+{fraction}$")
    return pl.when(is_grouped).then(cell.str.replace_all(group, "", literal=True)).otherwise(cell)


def _number(cell: pl.Expr, decimal_char: str, bounds: Sequence[Bound]) -> pl.Expr:
    """A finite number. A float on the bound may stand for a decimal beyond it, if it is long."""
    import polars as pl

    short = cell.str.len_bytes() <= SURE_DIGITS
    plain = None
    if decimal_char != ".":
        plain = cell.str.contains(f"^-?[0-9]+(?:{decimal_char}[0-9]+)?$")
        cell = cell.str.replace(decimal_char, ".", literal=True)
    number = cell.cast(pl.Float64, strict=False)
    fine = number.is_finite()
    if bounds:

        def held(relations: Mapping[Comparison, Callable[[Any, Any], Any]]) -> Any:
            sides = (relations[each.comparison](number, float(each.limit)) for each in bounds)
            return reduce(operator.and_, sides)

        inside = held(_STRICTLY)
        if all(len(str(each.limit)) <= SURE_DIGITS for each in bounds):
            inside = inside | (held(_COMPARE) & short)
        fine = fine & inside
    fine = fine.fill_null(False)
    return fine if plain is None else plain & fine
