"""Declared rules on frames of text: the rows that may break one."""

from __future__ import annotations

import operator
from collections.abc import Sequence
from functools import reduce
from typing import TYPE_CHECKING, NamedTuple

from ycd_opendata.validation.declared.expression_polars import column_of
from ycd_opendata.validation.declared.expressions import Type
from ycd_opendata.validation.structure.fast.conditions import DAY
from ycd_opendata.validation.structure.fast.plan import Column, TablePlan

if TYPE_CHECKING:
    import polars as pl

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
    import polars as pl

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
    import polars as pl

    if column.missing != {""}:
        value = pl.when(~is_missing).then(value)
    return _Values(value, ~is_sure & ~is_missing)
