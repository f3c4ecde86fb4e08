"""The parsed SQL of a declared rule, read against a list of what is allowed.

Allowed is what polars, SQLite, DuckDB and Spark read alike. All else is refused with its place:
another reading of the same words would be another rule.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any

from ycd_opendata.errors import UnknownNameError
from ycd_opendata.messages import say
from ycd_opendata.shown import quoted
from ycd_opendata.validation.declared.expression_refusals import ALLOWED, INSTEAD, SHOWN
from ycd_opendata.validation.declared.expressions import (
    Arithmetic,
    Call,
    Case,
    Comparator,
    Comparison,
    Constant,
    Every,
    Expression,
    FieldValue,
    FunctionName,
    IsNull,
    Minus,
    Not,
    OneOf,
    Operator,
    Some,
    Type,
    common_type,
    fields_of,
    is_worked_out,
    type_of,
)

if TYPE_CHECKING:
    from sqlglot import exp

_NUMBERS = ("number", "whole")
_FUNCTIONS = ("ABS", "COALESCE", "LENGTH", "SUBSTR")
_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]{1,3})?")
_MOST_DIGITS = 15
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class ExpressionError(Exception):
    """An expression is refused: why, what to do, and where in it, counted from 1."""

    def __init__(self, reason: str, hint: str, position: int | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.hint = hint
        self.position = position


class ExpressionReader:
    """Turns a parsed tree into an expression, and refuses what is not on the list."""

    def __init__(self, text: str, fields: Mapping[str, Type]) -> None:
        from sqlglot import exp

        self.text = text
        self.fields = fields
        comparators: dict[type[exp.Expression], Comparator] = {
            exp.EQ: "=",
            exp.NEQ: "<>",
            exp.LT: "<",
            exp.LTE: "<=",
            exp.GT: ">",
            exp.GTE: ">=",
        }
        operators: dict[type[exp.Expression], Operator] = {
            exp.Add: "+",
            exp.Sub: "-",
            exp.Mul: "*",
            exp.Div: "/",
        }
        self.readers: dict[type[exp.Expression], Callable[[Any], Expression]] = {
            exp.Paren: lambda node: self.value(node.this),
            exp.Column: self._field,
            exp.Literal: self._constant,
            exp.Boolean: lambda node: Constant(bool(node.this), "boolean"),
            exp.Neg: self._minus,
            exp.Not: lambda node: Not(self.condition(node.this)),
            exp.And: lambda node: Every(self._joined(node, exp.And)),
            exp.Or: lambda node: Some(self._joined(node, exp.Or)),
            exp.Is: self._is_null,
            exp.In: self._one_of,
            exp.Between: self._between,
            exp.Case: self._case,
            exp.Abs: self._abs,
            exp.Length: self._length,
            exp.Substring: self._substring,
            exp.Coalesce: self._coalesce,
        }
        for kind, comparator in comparators.items():
            self.readers[kind] = partial(self._comparison, comparator)
        for kind, operator in operators.items():
            self.readers[kind] = partial(self._arithmetic, operator)

    def refusal(self, node: exp.Expression, reason: str, hint: str = "") -> ExpressionError:
        """The error for a part of the expression, at its first word that has a place."""
        places = (each.meta["start"] for each in node.walk() if "start" in each.meta)
        first = min(places, default=None)
        return ExpressionError(reason, hint or say(ALLOWED), None if first is None else first + 1)

    def condition(self, node: Any) -> Expression:
        """What is true, false or null."""
        found = self.value(node)
        if type_of(found) != "boolean":
            raise self.refusal(
                node,
                say("{shown} is no condition", shown=say(SHOWN[type_of(found)])),
                say("compare it"),
            )
        return found

    def value(self, node: Any) -> Expression:
        """Anything."""
        read = self.readers.get(type(node))
        if read is None:
            name = type(node).__name__
            what = str(node.this) if name == "Anonymous" else node.key.replace("_", " ").upper()
            raise self.refusal(
                node,
                say("{what} is not allowed", what=quoted(what)),
                say(INSTEAD[name]) if name in INSTEAD else "",
            )
        return read(node)

    def _joined(self, node: Any, kind: Any) -> tuple[Expression, ...]:
        """The operands of a chain, without a step down for each."""
        found = []
        while isinstance(node, kind):
            found.append(self.condition(node.expression))
            node = node.this
        return (self.condition(node), *reversed(found))

    def _field(self, node: exp.Column) -> Expression:
        if any(value for key, value in node.args.items() if key != "this"):
            reason = say("a name with a point is not allowed")
            raise self.refusal(node, reason, say("name the field alone"))
        if node.name not in self.fields:
            unknown = UnknownNameError("field", node.name, self.fields)
            raise self.refusal(node, unknown.message, unknown.hint)
        return FieldValue(node.name, self.fields[node.name])

    def _constant(self, node: exp.Literal) -> Constant:
        text = str(node.this)
        if node.is_string:
            if "\\" in text:
                reason = say("a backslash is read in different ways")
                raise self.refusal(node, reason, say("leave it out"))
            return Constant(text, "text")
        digits = re.sub(r"[eE].*|\.", "", text).lstrip("0")
        if not _NUMBER.fullmatch(text) or len(digits) > _MOST_DIGITS or "inf" in str(float(text)):
            hint = say("write at most {most_digits} digits", most_digits=_MOST_DIGITS)
            raise self.refusal(
                node, say("{text} is no number that all read alike", text=quoted(text)), hint
            )
        return Constant(int(text), "whole") if text.isdecimal() else Constant(float(text), "number")

    def _number(self, node: Any, operator: str) -> Expression:
        found = self.value(node)
        if type_of(found) not in _NUMBERS:
            raise self.refusal(
                node,
                say("{operator} of {shown}", operator=operator, shown=say(SHOWN[type_of(found)])),
                say("it takes numbers"),
            )
        return found

    def _minus(self, node: exp.Neg) -> Expression:
        operand = self._number(node.this, "-")
        if isinstance(operand, Constant):
            return Constant(-operand.value, operand.type)  # type: ignore[operator]
        return Minus(operand)

    def _arithmetic(self, operator: Operator, node: Any) -> Expression:
        left = self._number(node.this, operator)
        right = self._number(node.expression, operator)
        if not fields_of(left) and not fields_of(right):
            reason = say("two constants are worked out")
            raise self.refusal(node, reason, say("write what they come to"))
        if operator == "/" and not (
            isinstance(right, Constant) and right.type == "number" and right.value
        ):
            hint = say(
                "databases differ for whole numbers and for zero: multiply instead, or divide by a "
                "number with a point, such as 2.0"
            )
            raise self.refusal(node.expression, say("only such a number may divide"), hint)
        return Arithmetic(operator, left, right)

    def _comparison(self, comparator: Comparator, node: Any) -> Expression:
        left, right = self._alike([node.this, node.expression])
        if type_of(left) == "boolean":
            for side, part in ((left, node.this), (right, node.expression)):
                if not isinstance(side, FieldValue | Constant):
                    hint = say("put a field or TRUE there, or use AND and OR")
                    raise self.refusal(part, say("a condition is compared"), hint)
            if comparator not in ("=", "<>"):
                raise self.refusal(node, say("truth values have no order"), say("use = or <>"))
        if comparator in ("=", "<>") and any(map(is_worked_out, (left, right))):
            hint = say("compare with a tolerance: ABS(a + b - c) < 0.005")
            raise self.refusal(node, say("a number that was worked out is seldom equal"), hint)
        return Comparison(comparator, left, right)

    def _alike(self, nodes: Sequence[Any]) -> list[Expression]:
        """Values that can be compared; texts beside a date are dates."""
        found = [self.value(each) for each in nodes]
        types = {type_of(each) for each in found}
        if types == {"day", "text"}:
            found = [self._as_day(each, node) for each, node in zip(found, nodes, strict=True)]
            types = {type_of(each) for each in found}
        if "unknown" in types:
            node = nodes[[type_of(each) for each in found].index("unknown")]
            raise self.refusal(
                node, say("a field of this type cannot be compared"), say("IS NULL can be asked")
            )
        if len(types) > 1 and not types <= {*_NUMBERS}:
            kinds = say(" and ").join(sorted(say(SHOWN[each]) for each in types))
            hint = say("put quotes round a text, and none round a number")
            raise self.refusal(nodes[0], say("{kinds} do not go together", kinds=kinds), hint)
        return found

    def _as_day(self, value: Expression, node: Any) -> Expression:
        if type_of(value) == "day":
            return value
        if isinstance(value, Constant) and _DAY.fullmatch(str(value.value)):
            try:
                date.fromisoformat(str(value.value))
            except ValueError:
                pass
            else:
                return Constant(value.value, "day")
        raise self.refusal(
            node, say("a date is compared with what is no date"), say("such as '2022-01-17'")
        )

    def _is_null(self, node: exp.Is) -> Expression:
        from sqlglot import exp

        if not isinstance(node.expression, exp.Null) or not isinstance(node.this, exp.Column):
            reason = say("IS is for a field and NULL")
            raise self.refusal(node, reason, say("such as value_upper IS NULL"))
        field = self._field(node.this)
        assert isinstance(field, FieldValue)
        return IsNull(field)

    def _one_of(self, node: exp.In) -> Expression:
        if not node.expressions or any(node.args.get(key) for key in ("query", "unnest", "field")):
            reason = say("IN is for a list of constants")
            raise self.refusal(node, reason, say("such as kind IN ('a', 'b')"))
        operand, *constants = self._alike([node.this, *node.expressions])
        if type_of(operand) == "boolean" or is_worked_out(operand):
            raise self.refusal(
                node, say("IN is for texts, dates and numbers of a field"), say("compare it")
            )
        for each, part in zip(constants, node.expressions, strict=True):
            if not isinstance(each, Constant):
                raise self.refusal(part, say("IN is for a list of constants"), say("use OR"))
        return OneOf(operand, tuple(each for each in constants if isinstance(each, Constant)))

    def _between(self, node: exp.Between) -> Expression:
        if node.args.get("symmetric"):
            raise self.refusal(
                node, say('"SYMMETRIC" is not allowed'), say("name the lower limit first")
            )
        operand, low, high = self._alike([node.this, node.args["low"], node.args["high"]])
        if type_of(operand) == "boolean":
            raise self.refusal(node, say("truth values have no order"), say("use = or <>"))
        return Every((Comparison(">=", operand, low), Comparison("<=", operand, high)))

    def _case(self, node: exp.Case) -> Expression:
        if node.this is not None:
            raise self.refusal(
                node.this, say("CASE is for conditions"), say("write CASE WHEN a = 1 THEN ...")
            )
        conditions = [self.condition(each.this) for each in node.args["ifs"]]
        last = node.args.get("default")
        results = [each.args["true"] for each in node.args["ifs"]] + ([last] if last else [])
        values = self._alike(results)
        otherwise = values.pop() if last else None
        every = (*values, *([otherwise] if otherwise else []))
        return Case(tuple(zip(conditions, values, strict=True)), otherwise, common_type(every))

    def _function(self, node: Any) -> FunctionName:
        """The name of a function as it is written: other names of it are not known everywhere."""
        start, end = node.meta.get("start"), node.meta.get("end")
        written = "" if start is None else self.text[start : end + 1].upper()
        if written not in _FUNCTIONS:
            raise self.refusal(
                node, say("{written} is not allowed", written=quoted(written or node.key))
            )
        return written  # type: ignore[return-value]

    def _abs(self, node: exp.Abs) -> Expression:
        return Call(self._function(node), (self._number(node.this, "ABS of"),), "number")

    def _text(self, node: Any, what: str) -> Expression:
        found = self.value(node)
        if type_of(found) != "text" or not fields_of(found):
            raise self.refusal(
                node,
                say("{what} is of {shown}", what=what, shown=say(SHOWN[type_of(found)])),
                say("it takes a text field"),
            )
        return found

    def _length(self, node: exp.Length) -> Expression:
        return Call(self._function(node), (self._text(node.this, "LENGTH"),), "whole")

    def _substring(self, node: exp.Substring) -> Expression:
        function, text = self._function(node), self._text(node.this, "SUBSTR")
        start, length = node.args.get("start"), node.args.get("length")
        if start is None:
            raise self.refusal(node, say("SUBSTR lacks its start"), say("such as SUBSTR(id, 1, 2)"))
        first = self.value(start)
        if not _is_count(first):
            reason = say("SUBSTR starts at a constant of 1 or more")
            raise self.refusal(start, reason, say("1 is the first"))
        parts = [text, first]
        if length is not None:
            count = self.value(length)
            is_length = isinstance(count, Call) and count.function == "LENGTH"
            if not is_length and not _is_count(count):
                hint = say("such as SUBSTR(id, 1, 2) or SUBSTR(id, 1, LENGTH(region))")
                raise self.refusal(length, say("the length is no constant and no LENGTH"), hint)
            parts.append(count)
        return Call(function, tuple(parts), "text")

    def _coalesce(self, node: exp.Coalesce) -> Expression:
        function = self._function(node)
        values = self._alike([node.this, *node.expressions])
        if len(values) < 2 or not fields_of(values[0]):
            reason = say("COALESCE takes a field and what stands for it")
            raise self.refusal(node, reason, say("add it"))
        return Call(function, tuple(values), common_type(values))


def _is_count(value: Expression) -> bool:
    return isinstance(value, Constant) and value.type == "whole" and int(value.value) > 0
