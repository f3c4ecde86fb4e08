"""From the SQL of a declared rule to an expression, or the reason why not, with its place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from ycd_opendata.errors import MissingExtraError
from ycd_opendata.messages import say
from ycd_opendata.package.model import Schema
from ycd_opendata.shown import quoted
from ycd_opendata.validation.declared.expressions import (
    Expression,
    ExpressionError,
    Type,
    fields_of,
)

MOST_CHARACTERS = 2_000
DEEPEST = 30

_TYPES: Mapping[str, Type] = {
    "boolean": "boolean",
    "date": "day",
    "integer": "whole",
    "number": "number",
    "string": "text",
    "year": "whole",
}


def field_types(schema: Schema) -> tuple[tuple[str, Type], ...]:
    """The fields of a table as expressions know them."""
    return tuple((each.name, _TYPES.get(each.type, "unknown")) for each in schema.fields)


@lru_cache(maxsize=1024)
def parse_expression(text: str, fields: tuple[tuple[str, Type], ...]) -> Expression:
    """The condition that a text states of a record of a table.

    ``fields`` are the names of the table's fields, and their types.

    Raises ExpressionError where it is no SQL, or more than is allowed; it names an unknown field,
    or types do not fit; MissingExtraError where the parser is not installed.
    """
    _refuse_size(text)
    # Loaded late: it takes a third of a second, and few packages have rules.
    try:
        from sqlglot import exp
        from sqlglot.dialects.dialect import Dialect
        from sqlglot.errors import ParseError, TokenError

        from ycd_opendata.validation.declared.expression_reading import ExpressionReader
    except ImportError as error:
        raise MissingExtraError("reading the rules of a schema", "publish") from error

    try:
        parsed = Dialect.get_or_raise(None).parse_into(exp.Condition, text)
        if len(parsed) != 1 or parsed[0] is None:
            raise ExpressionError("it is no single condition", "such as value_upper > value")
        found = ExpressionReader(text, dict(fields)).condition(parsed[0])
    except ParseError as error:
        raise _no_sql(text, error.errors) from error
    except TokenError as error:
        raise ExpressionError(
            "it is no SQL: a quote or character stands alone", "close the quote, or remove it"
        ) from error
    except RecursionError as error:
        raise ExpressionError(
            "it is nested more than {deepest} deep", "simplify it", deepest=DEEPEST
        ) from error
    if not fields_of(found):
        raise ExpressionError("it names no field", "such as value_upper > value")
    return found


def _refuse_size(text: str) -> None:
    """Raise ExpressionError before anything is parsed that would take long."""
    if len(text) > MOST_CHARACTERS:
        reason = say("it has more than {most:,} characters", most=MOST_CHARACTERS)
        raise ExpressionError(reason, "split it into several rules")
    depth = 0
    for position, character in enumerate(text, 1):
        depth += (character in "([{") - (character in ")]}")
        if depth > DEEPEST:
            reason = say("it is nested more than {deepest} deep", deepest=DEEPEST)
            raise ExpressionError(reason, "simplify it", position)


def _no_sql(text: str, errors: Sequence[Mapping[str, Any]]) -> ExpressionError:
    first = errors[0] if errors else {}
    lines = text.split("\n")[: int(first.get("line") or 1) - 1]
    near = str(first.get("highlight") or "")
    # The column is that of the last character that is pointed at.
    column = int(first.get("col") or 1) - max(len(near) - 1, 0)
    at = sum(len(each) + 1 for each in lines) + column
    return ExpressionError(
        "it is no SQL{near}",
        'put a name that is a word of SQL, or has other characters, in double quotes: "group"',
        at,
        near=f", near {quoted(near)}" if near else "",
    )
