"""What a declared rule may not hold, in words: the types, and what to write instead."""

from __future__ import annotations

from collections.abc import Mapping

from ycd_opendata.messages import mark
from ycd_opendata.validation.declared.expressions import Type

SHOWN: Mapping[Type, str] = {
    "boolean": mark("a truth value"),
    "day": mark("a date"),
    "number": mark("a number"),
    "text": mark("a text"),
    "unknown": mark("a value of another type"),
    "whole": mark("a whole number"),
}

ALLOWED = mark(
    "allowed are comparisons, AND, OR, NOT, + - *, / by a number with a point, IS NULL, IN, "
    "BETWEEN, CASE WHEN, COALESCE, LENGTH, SUBSTR and ABS"
)
INSTEAD: Mapping[str, str] = {
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
