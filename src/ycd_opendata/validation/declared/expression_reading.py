"""The parsed SQL of a declared rule, read against a list of what is allowed.

Allowed is what polars, SQLite, DuckDB and Spark read alike. All else is refused with its place:
another reading of the same words would be another rule.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any

from sqlglot import exp

from ycd_opendata.errors import UnknownNameError
from ycd_opendata.messages import mark, say
from ycd_opendata.shown import quoted
from ycd_opendata.validation.declared import expressions as sql
from ycd_opendata.validation.declared.expressions import (
    Expression,
    ExpressionError,
    Type,
    common_type,
    fields_of,
    is_worked_out,
    shown_type,
    type_of,
)

_COMPARATORS: Mapping[str, sql.Comparator] = {
    "EQ": "=",
    "NEQ": "<>",
    "LT": "<",
    "LTE": "<=",
    "GT": ">",
    "GTE": ">=",
}
_OPERATORS: Mapping[str, sql.Operator] = {"Add": "+", "Sub": "-", "Mul": "*", "Div": "/"}
"""What sqlglot calls them."""

_NUMBERS = ("number", "whole")
_FUNCTIONS = ("ABS", "COALESCE", "LENGTH", "SUBSTR")
_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]{1,3})?")
_MOST_DIGITS = 15
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")

_ALLOWED = mark(
    "allowed are comparisons, AND, OR, NOT, + - *, / by a number with a point, IS NULL, IN, "
    "BETWEEN, CASE WHEN, COALESCE, LENGTH, SUBSTR and ABS"
)
_INSTEAD: Mapping[str, str] = {
    "Like": mark(
        "some databases ignore case in it: compare SUBSTR(...), or use the constraint pattern"
    ),
    "ILike": mark("databases differ in it: compare SUBSTR(...), or use the constraint pattern"),
    "RegexpLike": mark("use the constraint pattern of the field"),
    "Upper": mark("databases differ beyond ASCII: list the spellings with IN"),
    "Lower": mark("databases differ beyond ASCII: list the spellings with IN"),
    "Round": mark(
        "databases round halves differently: compare with a tolerance, ABS(a - b) < 0.005"
    ),
    "Mod": mark("databases differ for negative numbers"),
    "IntDiv": mark("divide by a number with a point"),
    "Null": mark("nothing is equal to NULL: write IS NULL"),
    "Subquery": mark("a rule looks at one record; between tables there are foreign keys"),
    "Select": mark("a rule looks at one record; between tables there are foreign keys"),
    "Cast": mark("declare the type of the field; a date is compared with '2022-01-17'"),
    "CurrentDate": mark("a rule gives the same on every day"),
}


class ExpressionReader:
    """Turns a parsed tree into an expression, and refuses what is not on the list."""

    def __init__(self, text: str, fields: Mapping[str, Type]) -> None:
        self.text = text
        self.fields = fields
        self.readers: dict[str, Callable[[Any], Expression]] = {
            "Paren": lambda node: self.value(node.this),
            "Column": self._field,
            "Literal": self._constant,
            "Boolean": lambda node: sql.Constant(bool(node.this), "boolean"),
            "Neg": self._minus,
            "Not": lambda node: sql.Not(self.condition(node.this)),
            "And": lambda node: sql.Every(self._joined(node)),
            "Or": lambda node: sql.Some(self._joined(node)),
            "Is": self._is_null,
            "In": self._one_of,
            "Between": self._between,
            "Case": self._case,
            "Abs": self._abs,
            "Length": self._length,
            "Substring": self._substring,
            "Coalesce": self._coalesce,
            **{kind: partial(self._comparison, sign) for kind, sign in _COMPARATORS.items()},
            **{kind: partial(self._arithmetic, sign) for kind, sign in _OPERATORS.items()},
        }

    def refusal(
        self, node: exp.Expression, reason: str, hint: str = _ALLOWED, **values: object
    ) -> ExpressionError:
        """The error for a part of the expression, at its first word that has a place."""
        places = (each.meta["start"] + 1 for each in node.walk() if "start" in each.meta)
        return ExpressionError(reason, hint, min(places, default=None), **values)

    def condition(self, node: Any) -> Expression:
        """What is true, false or null."""
        found = self.value(node)
        if type_of(found) != "boolean":
            raise self.refusal(
                node, "{shown} is no condition", "compare it", shown=shown_type(found)
            )
        return found

    def value(self, node: Any) -> Expression:
        """Anything."""
        name = type(node).__name__
        read = self.readers.get(name)
        if read is None:
            what = str(node.this) if name == "Anonymous" else node.key.replace("_", " ").upper()
            hint = _INSTEAD.get(name, _ALLOWED)
            raise self.refusal(node, "{what} is not allowed", hint, what=quoted(what))
        return read(node)

    def _joined(self, node: Any) -> tuple[Expression, ...]:
        """The operands of a chain, without a step down for each."""
        found, kind = [], type(node)
        while type(node) is kind:
            found.append(self.condition(node.expression))
            node = node.this
        return (self.condition(node), *reversed(found))

    def _field(self, node: exp.Column) -> Expression:
        if any(value for key, value in node.args.items() if key != "this"):
            raise self.refusal(node, "a name with a point is not allowed", "name the field alone")
        if node.name not in self.fields:
            unknown = UnknownNameError("field", node.name, self.fields)
            raise self.refusal(node, unknown.message, unknown.hint)
        return sql.FieldValue(node.name, self.fields[node.name])

    def _constant(self, node: exp.Literal) -> sql.Constant:
        text = str(node.this)
        if node.is_string:
            if "\\" in text:
                raise self.refusal(node, "a backslash is read in different ways", "leave it out")
            return sql.Constant(text, "text")
        digits = re.sub(r"[eE].*|\.", "", text).lstrip("0")
        if not _NUMBER.fullmatch(text) or len(digits) > _MOST_DIGITS or "inf" in str(float(text)):
            raise self.refusal(
                node,
                "{text} is no number that all read alike",
                "write at most {most} digits",
                text=quoted(text),
                most=_MOST_DIGITS,
            )
        if text.isdecimal():
            return sql.Constant(int(text), "whole")
        return sql.Constant(float(text), "number")

    def _number(self, node: Any, operator: str) -> Expression:
        found = self.value(node)
        if type_of(found) not in _NUMBERS:
            raise self.refusal(
                node,
                "{operator} of {shown}",
                "it takes numbers",
                operator=operator,
                shown=shown_type(found),
            )
        return found

    def _minus(self, node: exp.Neg) -> Expression:
        operand = self._number(node.this, "-")
        if isinstance(operand, sql.Constant):
            return sql.Constant(-operand.value, operand.type)  # type: ignore[operator]
        return sql.Minus(operand)

    def _arithmetic(self, operator: sql.Operator, node: Any) -> Expression:
        left = self._number(node.this, operator)
        right = self._number(node.expression, operator)
        if not fields_of(left) and not fields_of(right):
            raise self.refusal(node, "two constants are worked out", "write what they come to")
        if operator == "/" and not (
            isinstance(right, sql.Constant) and right.type == "number" and right.value
        ):
            raise self.refusal(
                node.expression,
                "only such a number may divide",
                "databases differ for whole numbers and for zero: multiply instead, or divide by a "
                "number with a point, such as 2.0",
            )
        return sql.Arithmetic(operator, left, right)

    def _comparison(self, comparator: sql.Comparator, node: Any) -> Expression:
        left, right = self._alike([node.this, node.expression])
        if type_of(left) == "boolean":
            for side, part in ((left, node.this), (right, node.expression)):
                if not isinstance(side, sql.FieldValue | sql.Constant):
                    raise self.refusal(
                        part,
                        "a condition is compared",
                        "put a field or TRUE there, or use AND and OR",
                    )
            if comparator not in ("=", "<>"):
                raise self.refusal(node, "truth values have no order", "use = or <>")
        if comparator in ("=", "<>") and any(map(is_worked_out, (left, right))):
            hint = say("compare with a tolerance: ABS(a + b - c) < 0.005")
            raise self.refusal(node, "a number that was worked out is seldom equal", hint)
        return sql.Comparison(comparator, left, right)

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
                node, "a field of this type cannot be compared", "IS NULL can be asked"
            )
        if len(types) > 1 and not types <= {*_NUMBERS}:
            kinds = say(" and ").join(sorted({*map(shown_type, found)}))
            raise self.refusal(
                nodes[0],
                say("{kinds} do not go together", kinds=kinds),
                "put quotes round a text, and none round a number",
            )
        return found

    def _as_day(self, value: Expression, node: Any) -> Expression:
        if type_of(value) == "day":
            return value
        if isinstance(value, sql.Constant) and _DAY.fullmatch(str(value.value)):
            try:
                date.fromisoformat(str(value.value))
            except ValueError:
                pass
            else:
                return sql.Constant(value.value, "day")
        raise self.refusal(node, "a date is compared with what is no date", "such as '2022-01-17'")

    def _is_null(self, node: exp.Is) -> Expression:
        if not isinstance(node.expression, exp.Null) or not isinstance(node.this, exp.Column):
            raise self.refusal(node, "IS is for a field and NULL", "such as value_upper IS NULL")
        field = self._field(node.this)
        assert isinstance(field, sql.FieldValue)
        return sql.IsNull(field)

    def _one_of(self, node: exp.In) -> Expression:
        if not node.expressions or any(node.args.get(key) for key in ("query", "unnest", "field")):
            raise self.refusal(node, "IN is for a list of constants", "such as kind IN ('a', 'b')")
        operand, *constants = self._alike([node.this, *node.expressions])
        if type_of(operand) == "boolean" or is_worked_out(operand):
            raise self.refusal(node, "IN is for texts, dates and numbers of a field", "compare it")
        for each, part in zip(constants, node.expressions, strict=True):
            if not isinstance(each, sql.Constant):
                raise self.refusal(part, "IN is for a list of constants", "use OR")
        return sql.OneOf(
            operand, tuple(each for each in constants if isinstance(each, sql.Constant))
        )

    def _between(self, node: exp.Between) -> Expression:
        if node.args.get("symmetric"):
            raise self.refusal(node, '"SYMMETRIC" is not allowed', "name the lower limit first")
        operand, low, high = self._alike([node.this, node.args["low"], node.args["high"]])
        if type_of(operand) == "boolean":
            raise self.refusal(node, "truth values have no order", "use = or <>")
        return sql.Every((sql.Comparison(">=", operand, low), sql.Comparison("<=", operand, high)))

    def _case(self, node: exp.Case) -> Expression:
        if node.this is not None:
            raise self.refusal(
                node.this, "CASE is for conditions", "write CASE WHEN a = 1 THEN ..."
            )
        conditions = [self.condition(each.this) for each in node.args["ifs"]]
        last = node.args.get("default")
        results = [each.args["true"] for each in node.args["ifs"]] + ([last] if last else [])
        values = self._alike(results)
        otherwise = values.pop() if last else None
        every = (*values, *([otherwise] if otherwise else []))
        return sql.Case(tuple(zip(conditions, values, strict=True)), otherwise, common_type(every))

    def _function(self, node: Any) -> sql.FunctionName:
        """The name of a function as it is written: other names of it are not known everywhere."""
        start, end = node.meta.get("start"), node.meta.get("end")
        written = "" if start is None else self.text[start : end + 1].upper()
        if written not in _FUNCTIONS:
            raise self.refusal(
                node, "{written} is not allowed", written=quoted(written or node.key)
            )
        return written  # type: ignore[return-value]

    def _abs(self, node: exp.Abs) -> Expression:
        return sql.Call(self._function(node), (self._number(node.this, "ABS of"),), "number")

    def _text(self, node: Any, what: str) -> Expression:
        found = self.value(node)
        if type_of(found) != "text" or not fields_of(found):
            raise self.refusal(
                node,
                "{what} is of {shown}",
                "it takes a text field",
                what=what,
                shown=shown_type(found),
            )
        return found

    def _length(self, node: exp.Length) -> Expression:
        return sql.Call(self._function(node), (self._text(node.this, "LENGTH"),), "whole")

    def _substring(self, node: exp.Substring) -> Expression:
        function, text = self._function(node), self._text(node.this, "SUBSTR")
        start, length = node.args.get("start"), node.args.get("length")
        if start is None:
            raise self.refusal(node, "SUBSTR lacks its start", "such as SUBSTR(id, 1, 2)")
        first = self.value(start)
        if not _is_count(first):
            raise self.refusal(start, "SUBSTR starts at a constant of 1 or more", "1 is the first")
        parts = [text, first]
        if length is not None:
            count = self.value(length)
            is_length = isinstance(count, sql.Call) and count.function == "LENGTH"
            if not is_length and not _is_count(count):
                hint = say("such as SUBSTR(id, 1, 2) or SUBSTR(id, 1, LENGTH(region))")
                raise self.refusal(length, "the length is no constant and no LENGTH", hint)
            parts.append(count)
        return sql.Call(function, tuple(parts), "text")

    def _coalesce(self, node: exp.Coalesce) -> Expression:
        function = self._function(node)
        values = self._alike([node.this, *node.expressions])
        if len(values) < 2 or not fields_of(values[0]):
            raise self.refusal(node, "COALESCE takes a field and what stands for it", "add it")
        return sql.Call(function, tuple(values), common_type(values))


def _is_count(value: Expression) -> bool:
    return isinstance(value, sql.Constant) and value.type == "whole" and int(value.value) > 0
