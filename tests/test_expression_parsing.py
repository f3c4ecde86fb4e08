"""What an expression of a declared rule may say, and how all else is refused."""

from __future__ import annotations

import sys
import time

import pytest

from ycd_opendata.errors import MissingExtraError
from ycd_opendata.validation.declared.expression_parsing import (
    DEEPEST,
    MOST_CHARACTERS,
    parse_expression,
)
from ycd_opendata.validation.declared.expressions import (
    Arithmetic,
    Comparison,
    Constant,
    Every,
    ExpressionError,
    FieldValue,
    IsNull,
    Not,
    OneOf,
    Some,
    Type,
    fields_of,
)

FIELDS: tuple[tuple[str, Type], ...] = (
    ("value", "number"),
    ("value_upper", "number"),
    ("people", "whole"),
    ("kind", "text"),
    ("a b", "text"),
    ("starts_on", "day"),
    ("is_open", "boolean"),
    ("shape", "unknown"),
)
VALUE, UPPER = FieldValue("value", "number"), FieldValue("value_upper", "number")
KIND, DAY = FieldValue("kind", "text"), FieldValue("starts_on", "day")


def test_what_expressions_come_to() -> None:
    assert parse_expression("value_upper > value", FIELDS) == Comparison(">", UPPER, VALUE)
    assert parse_expression("kind NOT IN ('a', 'b')", FIELDS) == Not(
        OneOf(KIND, (Constant("a", "text"), Constant("b", "text")))
    )
    assert parse_expression("value BETWEEN -1 AND 2.5", FIELDS) == Every(
        (
            Comparison(">=", VALUE, Constant(-1, "whole")),
            Comparison("<=", VALUE, Constant(2.5, "number")),
        )
    )
    assert parse_expression("'2022-01-17' <= starts_on", FIELDS) == Comparison(
        "<=", Constant("2022-01-17", "day"), DAY
    )
    assert parse_expression("shape IS NOT NULL OR value / 2.0 < 1", FIELDS) == Some(
        (
            Not(IsNull(FieldValue("shape", "unknown"))),
            Comparison("<", Arithmetic("/", VALUE, Constant(2.0, "number")), Constant(1, "whole")),
        )
    )


def test_fields_are_named_in_order_and_once() -> None:
    text = 'kind IS NULL OR value_upper > value AND value > 0 OR "a b" = kind'
    assert (*fields_of(parse_expression(text, FIELDS)),) == ("kind", "value_upper", "value", "a b")


@pytest.mark.parametrize(
    ("text", "position", "reason", "hint"),
    [
        ("value_uper > value", 1, "unknown field 'value_uper'", "did you mean 'value_upper'"),
        ("value > 0 AND knid = 'x'", 15, "unknown field 'knid'", "did you mean 'kind'"),
        ("Value > 0", 1, "unknown field 'Value'", "'value'"),
        ("t.value > 0", 1, "a name with a point", "the field alone"),
        ("value > (SELECT 1)", 17, '"SUBQUERY" is not allowed', "foreign keys"),
        ("EXISTS(SELECT value)", 15, '"EXISTS" is not allowed', ""),
        ("value IN (SELECT 1)", 1, "IN is for a list", ""),
        ("readfile(kind) = 'x'", 1, '"readfile" is not allowed', "allowed are"),
        ("UPPER(kind) = 'X'", 1, '"UPPER" is not allowed', "IN"),
        ("ROUND(value) > 1", 1, '"ROUND" is not allowed', "tolerance"),
        ("IFNULL(value, 0) > 1", 1, '"IFNULL" is not allowed', "COALESCE"),
        ("kind LIKE 'a%'", 1, '"LIKE" is not allowed', "SUBSTR"),
        ("CAST(value AS INT) > 1", 6, '"CAST" is not allowed', "type of the field"),
        ("starts_on < CURRENT_DATE", None, '"CURRENTDATE" is not allowed', "every day"),
        ("COUNT(*) > 1", 1, '"COUNT" is not allowed', "allowed are"),
        ("value = NULL", None, '"NULL" is not allowed', "IS NULL"),
        ("value = 'x'", 1, "a number and a text do not go together", "quotes"),
        ("kind = 5", 1, "a text and a whole number do not go together", "quotes"),
        ("kind > value", 1, "a number and a text", ""),
        ("is_open = 1", 1, "a truth value and a whole number", ""),
        ("is_open > TRUE", 1, "truth values have no order", "= or <>"),
        ("(value > 1) = is_open", 2, "a condition is compared", "AND and OR"),
        ("value < value_upper < 3", 1, "a truth value and a whole number", ""),
        ("starts_on > '2022-02-30'", 13, "a date is compared with what is no date", "2022-01-17"),
        ("starts_on > kind", 13, "a date is compared with what is no date", ""),
        ("starts_on + 1 > starts_on", 1, "+ of a date", "numbers"),
        ("shape = 'x'", 1, "a field of this type", "IS NULL"),
        ("value", 1, "a number is no condition", "compare it"),
        ("kind AND value > 1", 1, "a text is no condition", ""),
        ("value / people > 1", 9, "only such a number may divide", "2.0"),
        ("people / 2 > 1", 10, "only such a number may divide", "2.0"),
        ("people / 0.0 > 1", 10, "only such a number may divide", ""),
        ("people % 2 = 0", 1, '"MOD" is not allowed', ""),
        ("value + value_upper = 1", 1, "a number that was worked out", "tolerance"),
        ("value * 2 IN (1, 2)", 1, "IN is for", ""),
        ("1 + 1 > value", 1, "two constants are worked out", ""),
        ("1 = 1", None, "it names no field", "such as"),
        ("value > 1.23456789012345678", 9, "is no number that all read alike", "15 digits"),
        ("kind = 'a\\b'", 8, "a backslash", ""),
        ("SUBSTR(kind, 0, 1) = 'x'", 14, "SUBSTR starts at", ""),
        ("SUBSTR(kind, 1, people) = 'x'", 17, "the length is no constant", ""),
        ("LENGTH(value) > 1", 8, "LENGTH is of a number", "text field"),
        ("value IS TRUE", 1, "IS is for a field and NULL", ""),
        ("(value > 1) IS NULL", 2, "IS is for a field and NULL", ""),
        ("CASE kind WHEN 'a' THEN TRUE END", 6, "CASE is for conditions", ""),
        ("value > ", None, "it is no SQL", "double quotes"),
        ("value > 1 value", 11, "it is no SQL", "double quotes"),
        ("kind = 'x", None, "it is no SQL", "quote"),
        ("value > 1; DROP TABLE x", None, "it is no", ""),
        ("DROP TABLE x", None, "it is no SQL", ""),
        ("", None, "it is no single condition", ""),
        ("-- nothing", None, "it is no single condition", ""),
    ],
)
def test_what_is_refused(text: str, position: int | None, reason: str, hint: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        parse_expression(text, FIELDS)
    assert reason in caught.value.reason
    assert hint in caught.value.hint
    if position is not None:
        assert caught.value.position == position


@pytest.mark.parametrize(
    "text",
    [
        "(" * 10_000 + "value > 1" + ")" * 10_000,
        "(" * (DEEPEST + 1) + "value > 1" + ")" * (DEEPEST + 1),
        "NOT " * 450 + "is_open",
        "- " * 900 + "value > 1",
        "CASE WHEN is_open THEN " * 80 + "1" + " END" * 30,
        "value > 1 AND " * 10_000 + "value > 1",
        "value." * 300,
        "[" * 500,
        "?" * 1_900,
        "STRUCT<value " * 150,
        "x" * (MOST_CHARACTERS + 1),
    ],
)
def test_what_is_made_to_exhaust_is_refused_at_once(text: str) -> None:
    before = time.process_time()
    with pytest.raises(ExpressionError):
        parse_expression(text, FIELDS)
    assert time.process_time() - before < 5


def test_a_long_chain_is_fine() -> None:
    text = " AND ".join(f"people <> {number}" for number in range(100))
    found = parse_expression(text, FIELDS)
    assert isinstance(found, Every)
    assert len(found.operands) == 100


def test_without_the_parser_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sqlglot", None)
    with pytest.raises(MissingExtraError, match=r"ycd-opendata\[publish\]"):
        parse_expression("value > 1.25 AND people > 77", FIELDS)
