"""Expressions as the SQL of SQLite, which keeps days as text and truth values as 0 and 1."""

from __future__ import annotations

from collections.abc import Mapping

from ycd_opendata.validation.declared import expressions as sql
from ycd_opendata.validation.declared.expressions import Expression, type_of


def sql_of(expression: Expression, columns: Mapping[str, str]) -> str:
    """An expression as SQL, in brackets where it needs any; ``columns`` are quoted names."""
    return _Writer(columns).value(expression)


class _Writer:
    def __init__(self, columns: Mapping[str, str]) -> None:
        self.columns = columns

    def value(self, expression: Expression) -> str:
        match expression:
            case sql.FieldValue(name, _):
                return self.columns[name]
            case sql.Constant():
                return _constant(expression)
            case sql.Arithmetic(sign, left, right):
                return f"({self.double(left)} {sign} {self.double(right)})"
            case sql.Minus(operand):
                return f"(-{self.double(operand)})"
            case sql.Call(function, arguments, type_):
                read = self.double if type_ == "number" else self.value
                return f"{function.lower()}({', '.join(map(read, arguments))})"
            case sql.Case(branches, otherwise, type_):
                read = self.double if type_ == "number" else self.value
                parts = [f"WHEN {self.value(when)} THEN {read(then)}" for when, then in branches]
                last = "" if otherwise is None else f" ELSE {read(otherwise)}"
                return f"CASE {' '.join(parts)}{last} END"
            case _:
                return f"({self.condition(expression)})"

    def condition(self, expression: sql.Condition) -> str:
        match expression:
            case sql.Comparison(comparator, left, right):
                read = self.value if type_of(left) == type_of(right) else self.double
                return f"{read(left)} {comparator} {read(right)}"
            case sql.OneOf(operand, constants):
                return f"{self.value(operand)} IN ({', '.join(map(_constant, constants))})"
            case sql.IsNull(field):
                return f"{self.value(field)} IS NULL"
            case sql.Not(operand):
                return f"NOT {self.value(operand)}"
            case sql.Every(operands):
                return " AND ".join(map(self.value, operands))
            case sql.Some(operands):
                return " OR ".join(map(self.value, operands))

    def double(self, expression: Expression) -> str:
        """A number as a double, whatever it is kept as."""
        if isinstance(expression, sql.Constant):
            return _constant(sql.Constant(float(expression.value), "number"))
        written = self.value(expression)
        return written if type_of(expression) == "number" else f"CAST({written} AS REAL)"


def literal(value: object) -> str:
    """A value as SQL: a number, or quoted; a truth value is 0 or 1."""
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, int | float):
        return repr(value)
    return "'" + str(value).replace("'", "''") + "'"


def _constant(constant: sql.Constant) -> str:
    """A constant among others, a negative number in brackets."""
    is_number = type_of(constant) in ("number", "whole")
    written = literal(constant.value)
    return f"({written})" if is_number and written.startswith("-") else written
