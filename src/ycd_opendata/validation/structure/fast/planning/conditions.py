"""Conditions under which a cell is surely fine, as data for any executor, and those of a field.

A condition may be too strict: a cell that fails it is read once more with the exact reading of
its type. It must never be too lax: a cell that meets every condition of its field is valid.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Literal, NamedTuple

from ycd_opendata.messages import say
from ycd_opendata.package.model import Field
from ycd_opendata.validation.structure.fast.planning.patterns import CellPattern

Comparison = Literal["ge", "gt", "le", "lt"]
"""As Python's module ``operator`` and polars call them."""

STRICT: Mapping[Comparison, Comparison] = {"ge": "gt", "gt": "gt", "le": "lt", "lt": "lt"}
"""The comparison of which the limit itself is no part."""

_FOURTH = "0[48]|[2468][048]|[13579][26]"
_LEAP = f"[1-9][0-9](?:{_FOURTH})|(?:[2468][048]|[13579][26])00"
DAY_OF_YEAR = (
    "(?:(?:0[1-9]|1[0-2])-(?:0[1-9]|1[0-9]|2[0-8])"
    "|(?:0[13-9]|1[0-2])-(?:29|30)|(?:0[13578]|1[02])-31)"
)
"""A pattern for a day of any year, ``MM-DD``: all but 29 February."""
DAY = f"(?:[1-9][0-9]{{3}}-{DAY_OF_YEAR}|(?:{_LEAP})-02-29)"
"""A pattern for a day of the calendar, ``YYYY-MM-DD``, from year 1000 to 9999."""

SURE_DIGITS = 15
"""Two decimal texts of at most so many digits that give the same float are the same number."""


class Bound(NamedTuple):
    """One side of an interval: the value stands in this relation to ``limit``."""

    comparison: Comparison
    limit: Decimal | str


@dataclass(frozen=True)
class Never:
    """No cell is surely fine: each distinct one has to be read exactly."""


class OneOf(NamedTuple):
    """The text is one of these."""

    texts: frozenset[str]


class Shape(NamedTuple):
    """The text matches the whole of a pattern that means the same in Python and in Rust."""

    pattern: str


class Length(NamedTuple):
    """The text has so many characters."""

    low: int | None
    high: int | None


class Whole(NamedTuple):
    """The text is a whole number in digits, perhaps in groups of three, within all bounds."""

    bounds: tuple[Bound, ...] = ()
    group: str = ""


class Number(NamedTuple):
    """The text is a finite number in digits with this decimal character, within bounds."""

    decimal_char: str = "."
    bounds: tuple[Bound, ...] = ()
    group: str = ""


class TextWithin(NamedTuple):
    """The text sorts within all bounds; meant for forms whose order is that of their texts."""

    bounds: tuple[Bound, ...]


Condition = Never | OneOf | Shape | Length | Whole | Number | TextWithin


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
BOUNDS: Mapping[str, Comparison] = {
    "minimum": "ge",
    "maximum": "le",
    "exclusiveMinimum": "gt",
    "exclusiveMaximum": "lt",
}
_GROUPS = (",", ".", " ", "'", "_")
_PLAIN_NUMBER = re.compile(r"-?[0-9]{1,15}(?:\.[0-9]{1,15})?")
_LONG_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_LONG_WHOLE = re.compile(r"-?[0-9]+")


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
    bounds = _number_bounds(field)
    if bounds is None:
        return (Never(),)
    return (Whole(bounds, group if group in _GROUPS else ""),)


def _number(field: Field) -> tuple[Condition, ...]:
    point, group = field.raw.get("decimalChar", "."), field.raw.get("groupChar", "")
    if point not in (".", ",") or group not in ("", *_GROUPS) or group == point:
        return (Never(),)
    bounds = _number_bounds(field)
    if bounds is None:
        return (Never(),)
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


_SORTED_AS_TEXT = {
    "date": (DAY, "[0-9]{4}-[0-9]{2}-[0-9]{2}"),
    "time": (CLOCK, CLOCK),
    "yearmonth": (YEARMONTH, YEARMONTH),
}
"""Of types whose texts sort like their values, the shape of cells and that of limits."""


def _sorted_as_text(field: Field) -> tuple[Condition, ...]:
    if field.format != "default":
        return (Never(),)
    shape, of_limits = _SORTED_AS_TEXT[field.type]
    return (Shape(shape), *_text_bounds(field, of_limits))


def _datetime(field: Field) -> tuple[Condition, ...]:
    if field.format != "default":
        return (Never(),)
    if not set(BOUNDS) & set(field.constraints):
        return (Shape(f"{MOMENT}(?:\\.[0-9]{{1,9}})?(?:{ZONE})?"),)
    # Moments with and without a zone cannot be compared.
    for zone in ("Z", ""):
        bounds = _text_bounds(field, MOMENT + zone)
        if bounds != (Never(),):
            return (Shape(MOMENT + zone), *bounds)
    return (Never(),)


def _year(field: Field) -> tuple[Condition, ...]:
    bounds = _number_bounds(field)
    if bounds is None:
        return (Never(),)
    # Four signs of such a number are its digits; what is below a thousand is read exactly.
    return Length(4, 4), Whole((Bound("ge", Decimal(1000)), *bounds))


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
    "date": _sorted_as_text,
    "datetime": _datetime,
    "duration": _duration,
    "geojson": _always_read,
    "geopoint": _geopoint,
    "integer": _integer,
    "list": _list,
    "number": _number,
    "object": _always_read,
    "string": _string,
    "time": _sorted_as_text,
    "year": _year,
    "yearmonth": _sorted_as_text,
}


def _number_bounds(field: Field) -> tuple[Bound, ...] | None:
    """The bounds of a number; None where one has more digits than are sure to be compared."""
    found = [
        Bound(comparison, number)
        for name, comparison in BOUNDS.items()
        if name in field.constraints
        if (number := _plain_number(field, name)) is not None
    ]
    return tuple(found) if len(found) == len({*BOUNDS} & {*field.constraints}) else None


def _plain_number(field: Field, name: str) -> Decimal | None:
    value: Any = field.constraints[name]
    text = str(value)
    long = _LONG_NUMBER if field.type == "number" else _LONG_WHOLE
    is_number = not isinstance(value, bool)
    if not (is_number and _PLAIN_NUMBER.fullmatch(text)):
        if is_number and long.fullmatch(text):
            return None
        raise NotPlannableError(say("a bound that is no plain number ({field})", field=field.name))
    number = Decimal(text)
    if field.type != "number" and number != int(number):
        raise NotPlannableError(say("a bound that is no whole number ({field})", field=field.name))
    return number


def _text_bounds(field: Field, form: str) -> tuple[Condition, ...]:
    """Bounds by the order of texts, if each limit has the form whose texts sort like values."""
    set_bounds = {*BOUNDS} & {*field.constraints}
    limits = {BOUNDS[name]: field.constraints[name] for name in sorted(set_bounds)}
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
