"""Expressions as columns of polars."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from functools import reduce
from typing import Any

import polars as pl

from ycd_opendata.validation.declared import expressions as sql
from ycd_opendata.validation.declared.expressions import Expression, type_of

Columns = Mapping[str, pl.Expr]


def column_of(expression: Expression, columns: Columns) -> pl.Expr:
    """What an expression comes to in each row.

    ``columns`` are the values of each field that it needs: text, days as text, Int64, finite
    Float64 or Boolean, null where there is none.
    """

    def of(each: Expression) -> pl.Expr:
        return column_of(each, columns)

    match expression:
        case sql.FieldValue(name, _):
            return columns[name]
        case sql.Constant(value, _):
            return pl.lit(value)
        case sql.Arithmetic() | sql.Minus():
            # What is not finite stays so until the end, and is looked for once.
            number = _worked_out(expression, of)
            return pl.when(number.is_finite()).then(number)
        case sql.Call():
            return _call(expression, of)
        case sql.Case():
            return _case(expression, of)
        case _:
            return _condition(expression, of)


def _condition(expression: sql.Condition, of: Callable[[Expression], pl.Expr]) -> pl.Expr:
    match expression:
        case sql.Comparison(comparator, left, right):
            is_mixed = type_of(left) != type_of(right)
            one, other = (_double(each, of) if is_mixed else of(each) for each in (left, right))
            compared: pl.Expr = sql.COMPARE[comparator](one, other)
            return compared
        case sql.OneOf(operand, constants):
            is_mixed = {type_of(each) for each in constants} != {type_of(operand)}
            found = _double(operand, of) if is_mixed else of(operand)
            values = [float(each.value) if is_mixed else each.value for each in constants]
            return found.is_in(values)
        case sql.IsNull(field):
            return of(field).is_null()
        case sql.Not(operand):
            return ~of(operand)
        case sql.Every(operands):
            return reduce(operator.and_, map(of, operands))
        case sql.Some(operands):
            return reduce(operator.or_, map(of, operands))


def _double(expression: Expression, of: Callable[[Expression], pl.Expr]) -> pl.Expr:
    """A number as a double, whatever it is kept as."""
    if isinstance(expression, sql.Constant):
        return pl.lit(float(expression.value))
    found = of(expression)
    return found if type_of(expression) == "number" else found.cast(pl.Float64)


def _worked_out(expression: Expression, of: Callable[[Expression], pl.Expr]) -> pl.Expr:
    """A number, finite or not."""
    match expression:
        case sql.Arithmetic(sign, left, right):
            number: pl.Expr = sql.WORK_OUT[sign](_worked_out(left, of), _worked_out(right, of))
            return number
        case sql.Minus(operand):
            return -_worked_out(operand, of)
        case _:
            return _double(expression, of)


def _call(expression: sql.Call, of: Callable[[Expression], pl.Expr]) -> pl.Expr:
    values = expression.arguments
    match expression.function:
        case "ABS":
            return _double(values[0], of).abs()
        case "LENGTH":
            return of(values[0]).str.len_chars().cast(pl.Int64)
        case "SUBSTR":
            start = of(values[1]) - 1
            length = of(values[2]) if len(values) > 2 else None
            text = of(values[0]).str.slice(start, length)
            # Without a length nothing is known to be cut off.
            return text if length is None else pl.when(length.is_not_null()).then(text)
        case "COALESCE":
            is_number = expression.type == "number"
            return pl.coalesce([_double(each, of) if is_number else of(each) for each in values])


def _case(expression: sql.Case, of: Callable[[Expression], pl.Expr]) -> pl.Expr:
    def result(each: Expression) -> pl.Expr:
        return _double(each, of) if expression.type == "number" else of(each)

    [(when, value), *rest] = expression.branches
    chain: Any = pl.when(of(when)).then(result(value))
    for when, value in rest:
        chain = chain.when(of(when)).then(result(value))
    if expression.otherwise is None:
        found: pl.Expr = chain.otherwise(None)
    else:
        found = chain.otherwise(result(expression.otherwise))
    return found
