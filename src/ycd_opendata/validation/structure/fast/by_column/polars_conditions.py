"""Conditions of cells and declared rules as expressions of polars, on frames of text."""

from __future__ import annotations

import operator
from collections.abc import Iterable, Sequence
from functools import reduce
from typing import Any, NamedTuple

import polars as pl

from ycd_opendata.validation.declared.expression_polars import column_of
from ycd_opendata.validation.declared.expressions import Type
from ycd_opendata.validation.structure.fast.planning.conditions import (
    DAY,
    STRICT,
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
from ycd_opendata.validation.structure.fast.planning.plan import Column, TablePlan

_ODD_NUMBERS = ("bareNumber", "decimalChar", "floatNumber", "groupChar")
"""Keys of a field by which a number may be written otherwise: each is read exactly."""


class _Values(NamedTuple):
    """The values of a column where they are sure, and which filled cells are not."""

    value: pl.Expr
    is_unsure: pl.Expr


def may_break(plan: TablePlan, missing: Sequence[pl.Expr]) -> pl.Expr:
    """Whether a row may break a rule: it does by sure values, or some value is not sure.

    ``missing`` says of each column which cells are. What this leaves alone breaks no rule.
    """
    known: dict[str, _Values] = {}
    for rule in plan.rules:
        for name, type_ in rule.types.items():
            column = plan.columns[plan.places[name]]
            known[name] = _values(column, type_, missing[column.position])
    columns = {name: each.value for name, each in known.items()}
    broken = [~column_of(rule.expression, columns).fill_null(True) for rule in plan.rules]
    return reduce(operator.or_, [*broken, *(each.is_unsure for each in known.values())])


def _values(column: Column, type_: Type, is_missing: pl.Expr) -> _Values:
    cell = pl.col(str(column.position))
    if type_ == "text":
        return _Values(pl.when(~is_missing).then(cell), pl.lit(False))
    if type_ == "day" and column.field.format == "default":
        is_sure = cell.str.contains(f"^(?:{DAY})$")
        return _Values(pl.when(~is_missing).then(cell), ~is_sure & ~is_missing)
    if type_ == "boolean":
        values = column.field.truth_values
        is_true = cell.is_in([text for text, value in values.items() if value])
        is_known = cell.is_in(sorted(values))
        return _found(pl.when(is_known).then(is_true), is_known, column, is_missing)
    if type_ in ("number", "whole") and not {*_ODD_NUMBERS} & {*column.field.raw}:
        value = cell.cast(pl.Float64 if type_ == "number" else pl.Int64, strict=False)
        is_sure = value.is_finite() if type_ == "number" else value.is_not_null()
        return _found(value, is_sure.fill_null(False), column, is_missing)
    # Each value is read exactly, so that none has to be known here; but its type does.
    kinds: dict[Type, pl.DataType] = {"number": pl.Float64(), "whole": pl.Int64()}
    return _Values(pl.lit(None, kinds.get(type_, pl.String())), ~is_missing)


def _found(value: pl.Expr, is_sure: pl.Expr, column: Column, is_missing: pl.Expr) -> _Values:
    """Values that were looked up or cast; what is missing seldom has one anyway."""
    if column.missing != {""}:
        value = pl.when(~is_missing).then(value)
    return _Values(value, ~is_sure & ~is_missing)


def all_of(name: str, conditions: Sequence[Condition]) -> pl.Expr | None:
    """All conditions as one expression that is never null; None if there are none."""
    if not conditions:
        return None
    return reduce(operator.and_, (_expression(name, each) for each in conditions))


def _expression(name: str, condition: Condition) -> pl.Expr:
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
            limits = [(side, int(limit)) for side, limit in bounds]
            return _within(whole, limits).fill_null(False) if limits else whole.is_not_null()
        case Number(decimal_char, bounds, group):
            cell = _ungrouped(cell, group, f"(?:[{decimal_char}][0-9]+)?")
            return _number(cell, decimal_char, bounds)


def _within(value: pl.Expr, bounds: Iterable[tuple[Comparison, Any]]) -> pl.Expr:
    """Whether a value that is not null is within all bounds; there is at least one."""
    held: pl.Expr = reduce(operator.and_, (getattr(value, side)(at) for side, at in bounds))
    return held


def _ungrouped(cell: pl.Expr, group: str, fraction: str = "") -> pl.Expr:
    """Numbers without what stands between groups of three digits."""
    if not group:
        return cell
    is_grouped = cell.str.contains(f"^-?[0-9]{{1,3}}(?:[{group}][0-9]{{3}})+{fraction}$")
    return pl.when(is_grouped).then(cell.str.replace_all(group, "", literal=True)).otherwise(cell)


def _number(cell: pl.Expr, decimal_char: str, bounds: Sequence[Bound]) -> pl.Expr:
    """A finite number. A float on the bound may stand for a decimal beyond it, if it is long."""
    short = cell.str.len_bytes() <= SURE_DIGITS
    plain = None
    if decimal_char != ".":
        plain = cell.str.contains(f"^-?[0-9]+(?:{decimal_char}[0-9]+)?$")
        cell = cell.str.replace(decimal_char, ".", literal=True)
    number = cell.cast(pl.Float64, strict=False)
    fine = number.is_finite()
    if bounds:
        limits = [(side, float(limit)) for side, limit in bounds]
        inside = _within(number, [(STRICT[side], limit) for side, limit in limits])
        if all(len(str(each.limit)) <= SURE_DIGITS for each in bounds):
            inside = inside | (_within(number, limits) & short)
        fine = fine & inside
    fine = fine.fill_null(False)
    return fine if plain is None else plain & fine
