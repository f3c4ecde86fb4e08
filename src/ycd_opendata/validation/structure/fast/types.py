"""When a cell of a field is surely valid: conditions from its type, format and constraints."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from ycd_opendata.messages import say
from ycd_opendata.package.model import Field
from ycd_opendata.validation.structure.fast.conditions import (
    DAY,
    Bound,
    Comparison,
    Condition,
    Length,
    Never,
    Number,
    OneOf,
    Shape,
    TextWithin,
    Whole,
)
from ycd_opendata.validation.structure.fast.patterns import CellPattern


class NotPlannableError(Exception):
    """Something that only frictionless itself can check; the text says what."""


_MONTH = "(?:0[1-9]|1[0-2])"
CLOCK = "(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]"
MOMENT = f"{DAY}T{CLOCK}"
ZONE = "Z|[+-](?:0[0-9]|1[0-2]):[0-5][0-9]"
YEARMONTH = f"[0-9]{{4}}-{_MONTH}"
SCHEME = "[A-Za-z][A-Za-z0-9+.-]*:"
_DEGREES = "-?(?:[0-9]|[1-8][0-9])(?:\\.[0-9]{1,12})?"
_BASE64 = "[A-Za-z0-9+/]"
_LABEL = "[a-z0-9]{1,20}(?:-[a-z0-9]{1,20})?"
STRING_SHAPES = {
    "uri": f"{SCHEME}[A-Za-z0-9._~/?&=%#:;@!$'()*+,-]*",
    "email": f"[a-z0-9]{{1,20}}(?:[._-][a-z0-9]{{1,20}})?@(?:{_LABEL}\\.){{1,4}}[a-z]{{2,6}}",
    "uuid": "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}",
    "binary": f"(?:{_BASE64}{{4}})*(?:{_BASE64}{{3}}=|{_BASE64}{{2}}==)?",
}
_BOUNDS: dict[str, Comparison] = {
    "minimum": "ge",
    "maximum": "le",
    "exclusiveMinimum": "gt",
    "exclusiveMaximum": "lt",
}
_GROUPS = (",", ".", " ", "'", "_")
_PLAIN_NUMBER = re.compile(r"-?[0-9]{1,15}(?:\.[0-9]{1,15})?")


def surely_valid(field: Field, pattern: CellPattern | None) -> tuple[Condition, ...]:
    """Conditions under which a cell that is not missing is valid, whatever else it may be.

    Its value is written as the standard writes it, too.

    Raises
    ------
    NotPlannableError
        The type or a constraint is one that only frictionless can judge.
    """
    of_type = _TYPES.get(field.type)
    if of_type is None:
        raise NotPlannableError(
            say("fields of type {type} ({field})", type=field.type, field=field.name)
        )
    conditions = list(of_type(field))
    if pattern is not None:
        conditions.append(Never() if pattern.shape is None else Shape(pattern.shape))
    allowed = field.constraints.get("enum")
    if allowed is not None and field.type != "boolean":
        # A number may be written as a JSON number; it is equal to no text.
        numeric = field.type in ("integer", "number", "year")
        texts = (str(each) for each in allowed if numeric or isinstance(each, str))
        conditions.append(OneOf(frozenset(texts)))
    return tuple(conditions)


def _string(field: Field) -> tuple[Condition, ...]:
    conditions: list[Condition] = []
    if field.format != "default":
        shape = STRING_SHAPES.get(field.format)
        conditions.append(Shape(shape) if shape else Never())
    low, high = field.constraints.get("minLength"), field.constraints.get("maxLength")
    if low is not None or high is not None:
        conditions.append(Length(low, high))
    return tuple(conditions)


def _integer(field: Field) -> tuple[Condition, ...]:
    group = field.raw.get("groupChar") or ""
    if re.search("[0-9+-]", group):
        return (Never(),)
    return (Whole(_number_bounds(field), group if group in _GROUPS else ""),)


def _number(field: Field) -> tuple[Condition, ...]:
    point, group = field.raw.get("decimalChar", "."), field.raw.get("groupChar", "")
    if point not in (".", ",") or group not in ("", *_GROUPS) or group == point:
        return (Never(),)
    bounds = _number_bounds(field)
    if bounds and field.raw.get("bareNumber", True) is False:
        # Of ".5" the point is taken for something that stands around the number.
        return (Never(),)
    return (Number(point, bounds, group),)


def _boolean(field: Field) -> tuple[Condition, ...]:
    values = field.truth_values
    allowed = field.constraints.get("enum")
    if allowed is not None:
        read = {each if isinstance(each, bool) else values.get(each) for each in allowed}
        values = {text: value for text, value in values.items() if value in read}
    return (OneOf(frozenset(values)),)


def _date(field: Field) -> tuple[Condition, ...]:
    if field.format != "default":
        return (Never(),)
    return (Shape(DAY), *_text_bounds(field, "[0-9]{4}-[0-9]{2}-[0-9]{2}"))


def _datetime(field: Field) -> tuple[Condition, ...]:
    if field.format != "default":
        return (Never(),)
    if not set(_BOUNDS) & set(field.constraints):
        return (Shape(f"{MOMENT}(?:\\.[0-9]{{1,9}})?(?:{ZONE})?"),)
    # Moments with and without a zone cannot be compared.
    for zone in ("Z", ""):
        bounds = _text_bounds(field, MOMENT + zone)
        if bounds != (Never(),):
            return (Shape(MOMENT + zone), *bounds)
    return (Never(),)


def _time(field: Field) -> tuple[Condition, ...]:
    if field.format != "default":
        return (Never(),)
    return (Shape(CLOCK), *_text_bounds(field, CLOCK))


def _year(field: Field) -> tuple[Condition, ...]:
    # Four signs of such a number are its digits; what is below a thousand is read exactly.
    return Length(4, 4), Whole((Bound("ge", Decimal(1000)), *_number_bounds(field)))


def _yearmonth(field: Field) -> tuple[Condition, ...]:
    return (Shape(YEARMONTH), *_text_bounds(field, YEARMONTH))


def _duration(_: Field) -> tuple[Condition, ...]:
    number = "[0-9]{1,5}"
    return (Shape(f"P(?:{number}[YMD]|(?:{number}D)?T{number}[HMS])"),)


def _geopoint(field: Field) -> tuple[Condition, ...]:
    plain = field.format == "default"
    return (Shape(f"{_DEGREES}, ?{_DEGREES}") if plain else Never(),)


def _list(field: Field) -> tuple[Condition, ...]:
    sized = {"minLength", "maxLength"} & set(field.constraints)
    return (Never(),) if sized or field.raw.get("itemType", "string") != "string" else ()


def _always_read(_: Field) -> tuple[Condition, ...]:
    return (Never(),)


def _anything(_: Field) -> tuple[Condition, ...]:
    return ()


_TYPES: dict[str, Callable[[Field], tuple[Condition, ...]]] = {
    "any": _anything,
    "array": _always_read,
    "boolean": _boolean,
    "date": _date,
    "datetime": _datetime,
    "duration": _duration,
    "geojson": _always_read,
    "geopoint": _geopoint,
    "integer": _integer,
    "list": _list,
    "number": _number,
    "object": _always_read,
    "string": _string,
    "time": _time,
    "year": _year,
    "yearmonth": _yearmonth,
}


def _number_bounds(field: Field) -> tuple[Bound, ...]:
    return tuple(
        Bound(comparison, _plain_number(field, name))
        for name, comparison in _BOUNDS.items()
        if name in field.constraints
    )


def _plain_number(field: Field, name: str) -> Decimal:
    value: Any = field.constraints[name]
    text = str(value)
    if isinstance(value, bool) or not _PLAIN_NUMBER.fullmatch(text):
        raise NotPlannableError(say("a bound that is no plain number ({field})", field=field.name))
    number = Decimal(text)
    if field.type != "number" and number != int(number):
        raise NotPlannableError(say("a bound that is no whole number ({field})", field=field.name))
    return number


def _text_bounds(field: Field, form: str) -> tuple[Condition, ...]:
    """Bounds by the order of texts, if each limit has the form whose texts sort like values."""
    set_bounds = {*_BOUNDS} & {*field.constraints}
    limits = {_BOUNDS[name]: field.constraints[name] for name in sorted(set_bounds)}
    if not limits:
        return ()
    for limit in limits.values():
        if not isinstance(limit, str) or not re.fullmatch(form, limit):
            return (Never(),)
        if field.type == "date":
            try:
                date.fromisoformat(limit)
            except ValueError as error:
                raise NotPlannableError(
                    say("a bound that is no date ({field})", field=field.name)
                ) from error
    return (TextWithin(tuple(Bound(comparison, limit) for comparison, limit in limits.items())),)
