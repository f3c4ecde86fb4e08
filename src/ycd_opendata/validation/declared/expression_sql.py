"""Expressions as the SQL of SQLite, which keeps days as text and truth values as 0 and 1."""

from __future__ import annotations

from collections.abc import Mapping

from ycd_opendata.validation.declared.expressions import (
    Arithmetic,
    Call,
    Case,
    Comparison,
    Condition,
    Constant,
    Every,
    Expression,
    FieldValue,
    IsNull,
    Minus,
    Not,
    OneOf,
    Some,
    type_of,
)


def sql_of(expression: Expression, columns: Mapping[str, str]) -> str:
    """An expression as SQL, in brackets where it needs any; ``columns`` are quoted names."""
    return _Writer(columns).value(expression)


class _Writer:
    def __init__(self, columns: Mapping[str, str]) -> None:
        self.columns = columns

    def value(self, expression: Expression) -> str:
        match expression:
            case FieldValue(name, _):
                return self.columns[name]
            case Constant():
                return _literal(expression)
            case Arithmetic(sign, left, right):
                return f"({self.double(left)} {sign} {self.double(right)})"
            case Minus(operand):
                return f"(-{self.double(operand)})"
            case Call(function, arguments, type_):
                read = self.double if type_ == "number" else self.value
                return f"{function.lower()}({', '.join(map(read, arguments))})"
            case Case(branches, otherwise, type_):
                read = self.double if type_ == "number" else self.value
                parts = [f"WHEN {self.value(when)} THEN {read(then)}" for when, then in branches]
                last = "" if otherwise is None else f" ELSE {read(otherwise)}"
                return f"CASE {' '.join(parts)}{last} END"
            case _:
                return f"({self.condition(expression)})"

    def condition(self, expression: Condition) -> str:
        match expression:
            case Comparison(comparator, left, right):
                read = self.value if type_of(left) == type_of(right) else self.double
                return f"{read(left)} {comparator} {read(right)}"
            case OneOf(operand, constants):
                return f"{self.value(operand)} IN ({', '.join(map(_literal, constants))})"
            case IsNull(field):
                return f"{self.value(field)} IS NULL"
            case Not(operand):
                return f"NOT {self.value(operand)}"
            case Every(operands):
                return " AND ".join(map(self.value, operands))
            case Some(operands):
                return " OR ".join(map(self.value, operands))

    def double(self, expression: Expression) -> str:
        """A number as a double, whatever it is kept as."""
        if isinstance(expression, Constant):
            return _literal(Constant(float(expression.value), "number"))
        written = self.value(expression)
        return written if type_of(expression) == "number" else f"CAST({written} AS REAL)"


def _literal(constant: Constant) -> str:
    if isinstance(constant.value, bool):
        return str(int(constant.value))
    if isinstance(constant.value, str):
        return "'" + constant.value.replace("'", "''") + "'"
    return f"({constant.value!r})" if constant.value < 0 else repr(constant.value)
