"""Expressions row by row, on Python's values; what other evaluators give is held against this."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from ycd_opendata.validation.declared import expressions as sql
from ycd_opendata.validation.declared.expressions import Expression, Type, type_of

Record = Mapping[str, Any]
Evaluate = Callable[[Record], Any]
"""Of the values of a record, by field, what an expression comes to; None is null."""


def value_of(value: Any, type_: Type) -> Any:
    """A value of a field, as frictionless or pandas has it, as expressions know it."""
    if value is None:
        return None
    match type_:
        case "number":
            return _double(value)
        case "whole":
            return int(value)
        case "day":
            day = value.date() if isinstance(value, datetime) else value
            return day.isoformat() if isinstance(day, date) else None
        case _:
            return value


def evaluator(expression: Expression) -> Evaluate:
    """What evaluates an expression of a record, whose values ``value_of`` gave."""
    match expression:
        case sql.FieldValue(name, _):
            return lambda record: record[name]
        case sql.Constant(value, _):
            return lambda _: value
        case sql.Arithmetic(sign, left, right):
            return _worked_out(sql.WORK_OUT[sign], left, right)
        case sql.Minus(operand):
            number = _number(operand)
            return lambda record: None if (found := number(record)) is None else -found
        case sql.Call():
            return _call(expression)
        case sql.Case():
            return _case(expression)
        case _:
            return _condition(expression)


def _condition(expression: sql.Condition) -> Evaluate:
    match expression:
        case sql.Comparison():
            return _comparison(expression)
        case sql.OneOf(operand, constants):
            return _one_of(operand, constants)
        case sql.IsNull(field):
            return lambda record: record[field.name] is None
        case sql.Not(operand):
            truth = evaluator(operand)
            return lambda record: None if (found := truth(record)) is None else not found
        case sql.Every(operands):
            return _decided_by(False, operands)
        case sql.Some(operands):
            return _decided_by(True, operands)


def _double(value: float | Decimal) -> float | None:
    try:
        number = float(value)
    except (OverflowError, ValueError):  # too large, or a NaN that signals
        return None
    return number if math.isfinite(number) else None


def _number(expression: Expression) -> Evaluate:
    """A number as a double, whatever it is kept as."""
    evaluate = evaluator(expression)
    if type_of(expression) == "number":
        return evaluate
    return lambda record: None if (found := evaluate(record)) is None else _double(found)


def _comparison(expression: sql.Comparison) -> Evaluate:
    compare = sql.COMPARE[expression.comparator]
    is_mixed = type_of(expression.left) != type_of(expression.right)
    read = _number if is_mixed else evaluator
    left, right = read(expression.left), read(expression.right)

    def evaluate(record: Record) -> bool | None:
        one, other = left(record), right(record)
        return None if one is None or other is None else compare(one, other)

    return evaluate


def _worked_out(
    work_out: Callable[[float, float], float], left: Expression, right: Expression
) -> Evaluate:
    first, second = _number(left), _number(right)

    def evaluate(record: Record) -> float | None:
        one, other = first(record), second(record)
        if one is None or other is None:
            return None
        result = work_out(one, other)
        return result if math.isfinite(result) else None

    return evaluate


def _call(expression: sql.Call) -> Evaluate:
    read = _number if expression.type == "number" else evaluator
    arguments = [read(each) for each in expression.arguments]
    if expression.function == "COALESCE":
        return lambda record: next(
            (found for each in arguments if (found := each(record)) is not None), None
        )
    functions: Mapping[str, Callable[..., Any]] = {"ABS": abs, "LENGTH": len, "SUBSTR": _substring}
    function = functions[expression.function]

    def evaluate(record: Record) -> Any:
        values = [each(record) for each in arguments]
        return None if None in values else function(*values)

    return evaluate


def _substring(text: str, start: int, length: int | None = None) -> str:
    return text[start - 1 :] if length is None else text[start - 1 : start - 1 + length]


def _one_of(operand: Expression, constants: tuple[sql.Constant, ...]) -> Evaluate:
    is_mixed = {type_of(each) for each in constants} != {type_of(operand)}
    read = _number if is_mixed else evaluator
    evaluate = read(operand)
    values = {read(each)({}) for each in constants}
    return lambda record: None if (found := evaluate(record)) is None else found in values


def _decided_by(truth: bool, operands: tuple[Expression, ...]) -> Evaluate:
    """AND is decided by what is false, OR by what is true; else by whether anything is null."""
    evaluates = [evaluator(each) for each in operands]

    def evaluate(record: Record) -> bool | None:
        found: bool | None = not truth
        for each in evaluates:
            value: bool | None = each(record)
            if value is truth:
                return truth
            if value is None:
                found = None
        return found

    return evaluate


def _case(expression: sql.Case) -> Evaluate:
    read = _number if expression.type == "number" else evaluator
    branches = [(evaluator(when), read(value)) for when, value in expression.branches]
    otherwise = None if expression.otherwise is None else read(expression.otherwise)

    def evaluate(record: Record) -> Any:
        for condition, value in branches:
            if condition(record) is True:
                return value(record)
        return None if otherwise is None else otherwise(record)

    return evaluate
