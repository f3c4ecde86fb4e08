"""What the expression of a declared rule comes to, as data: any evaluator may execute it.

A value is null or one of these: a text, a whole number of 64 bits, a number (a double), a truth
value, a day as ISO 8601 text. What is worked out of null is null, and AND, OR and NOT have three
values, as in SQL. Arithmetic is that of doubles, whole numbers too, so that every engine gives
the same; what comes to no finite number is null. Texts compare by code point.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from ycd_opendata.messages import mark, say


class ExpressionError(Exception):
    """An expression is refused: why, what to do, and where in it, counted from 1.

    The first two are templates, which ``values`` fill.
    """

    def __init__(
        self, reason: str, hint: str, position: int | None = None, **values: object
    ) -> None:
        self.reason, self.hint = say(reason, **values), say(hint, **values)
        self.position = position
        super().__init__(self.reason)


Type = Literal["boolean", "day", "number", "text", "whole", "unknown"]
"""``unknown`` is that of a field of a type that can only be asked whether it is missing."""

Comparator = Literal["=", "<>", "<", "<=", ">", ">="]

Operator = Literal["+", "-", "*", "/"]

_SHOWN: Mapping[Type, str] = {
    "boolean": mark("a truth value"),
    "day": mark("a date"),
    "number": mark("a number"),
    "text": mark("a text"),
    "unknown": mark("a value of another type"),
    "whole": mark("a whole number"),
}

COMPARE: Mapping[Comparator, Callable[[Any, Any], Any]] = {
    "=": operator.eq,
    "<>": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
WORK_OUT: Mapping[Operator, Callable[[Any, Any], Any]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
}
"""What they do, to values and to columns alike."""

FunctionName = Literal["ABS", "COALESCE", "LENGTH", "SUBSTR"]


@dataclass(frozen=True)
class FieldValue:
    """The value of a field."""

    name: str
    type: Type


@dataclass(frozen=True)
class Constant:
    """A value that the expression states; a day is its text."""

    value: str | int | float | bool
    type: Type


@dataclass(frozen=True)
class Comparison:
    """Two values of one type, or numbers of whichever, compared."""

    comparator: Comparator
    left: Expression
    right: Expression


@dataclass(frozen=True)
class Arithmetic:
    """Two numbers worked out to one; a divisor is a constant that is not zero."""

    operator: Operator
    left: Expression
    right: Expression


@dataclass(frozen=True)
class Minus:
    """A number with the other sign."""

    operand: Expression


@dataclass(frozen=True)
class Call:
    """A function of values; ``type`` is that of its result."""

    function: FunctionName
    arguments: tuple[Expression, ...]
    type: Type


@dataclass(frozen=True)
class OneOf:
    """Whether a value is one of some constants of its type."""

    operand: Expression
    constants: tuple[Constant, ...]


@dataclass(frozen=True)
class IsNull:
    """Whether a field has no value."""

    field: FieldValue


@dataclass(frozen=True)
class Not:
    """The other truth value."""

    operand: Expression


@dataclass(frozen=True)
class Every:
    """AND: false if any is false, null if then any is null."""

    operands: tuple[Expression, ...]


@dataclass(frozen=True)
class Some:
    """OR: true if any is true, null if then any is null."""

    operands: tuple[Expression, ...]


@dataclass(frozen=True)
class Case:
    """The value behind the first condition that is true, else the last one, or null."""

    branches: tuple[tuple[Expression, Expression], ...]
    otherwise: Expression | None
    type: Type


Condition = Comparison | OneOf | IsNull | Not | Every | Some
"""What is true, false or null by its kind; a field, constant, call or case may be, too."""

Expression = FieldValue | Constant | Arithmetic | Minus | Call | Case | Condition


def type_of(expression: Expression) -> Type:
    """The type of what an expression comes to."""
    match expression:
        case FieldValue() | Constant() | Call() | Case():
            return expression.type
        case Arithmetic() | Minus():
            return "number"
        case _:
            return "boolean"


def shown_type(expression: Expression) -> str:
    """The type of what an expression comes to, in words."""
    return say(_SHOWN[type_of(expression)])


def parts_of(expression: Expression) -> Iterator[Expression]:
    """An expression and all that it is made of, from left to right."""
    yield expression
    for each in _children(expression):
        yield from parts_of(each)


def fields_of(expression: Expression) -> Mapping[str, Type]:
    """The fields that an expression needs and their types, in the order in which it names them."""
    return {each.name: each.type for each in parts_of(expression) if isinstance(each, FieldValue)}


def _children(expression: Expression) -> tuple[Expression, ...]:
    match expression:
        case Comparison() | Arithmetic():
            return expression.left, expression.right
        case Minus() | Not():
            return (expression.operand,)
        case OneOf():
            return expression.operand, *expression.constants
        case IsNull():
            return (expression.field,)
        case Call():
            return expression.arguments
        case Every() | Some():
            return expression.operands
        case Case():
            last = () if expression.otherwise is None else (expression.otherwise,)
            return (*(each for branch in expression.branches for each in branch), *last)
        case _:
            return ()


def common_type(values: Sequence[Expression]) -> Type:
    """The type of values that go together."""
    types = {type_of(each) for each in values}
    return "number" if types == {"number", "whole"} else next(iter(types))


def is_worked_out(value: Expression) -> bool:
    """Whether a number has been rounded to a double on its way."""
    match value:
        case Arithmetic():
            return True
        case Minus(operand):
            return is_worked_out(operand)
        case Call(_, arguments, _):
            return any(map(is_worked_out, arguments))
        case Case(branches, otherwise, _):
            results = [each for _, each in branches] + ([otherwise] if otherwise else [])
            return any(map(is_worked_out, results))
        case _:
            return False
