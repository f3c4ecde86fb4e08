"""What a Table Schema says of how cells are read, held against the kinds of value that may say it.

frictionless lets some of it pass, and what reads cells by it could only fail.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from ycd_opendata.messages import mark, say
from ycd_opendata.shown import quoted

_STRUCTURED = ("any", "array", "geojson", "geopoint", "list", "object")
"""Types whose values need be neither a text nor a number."""


class WrongKindError(ValueError):
    """A part of a schema is of another kind than it has to be; the text says which."""


class _Kind(NamedTuple):
    name: str
    fits: Callable[[Any], bool]


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_missing(value: Any) -> bool:
    return _is_text(value.get("value") if isinstance(value, Mapping) else value)


def _is_plain(value: Any) -> bool:
    return isinstance(value, str | int | float)


def _list_of(fits: Callable[[Any], bool]) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, list) and all(map(fits, value))


_TEXT = _Kind(mark("a text"), _is_text)
_TEXTS = _Kind(mark("a list of texts"), _list_of(_is_text))
_MISSING = _Kind(mark("a list of texts"), _list_of(_is_missing))
_VALUES = _Kind(mark("a list of values"), _list_of(_is_plain))
_ANYTHING = _Kind(mark("a list of values"), _list_of(lambda _: True))
_NUMBERS = {"groupChar": _TEXT, "decimalChar": _TEXT}
_OF_TYPE: Mapping[Any, Mapping[str, _Kind]] = {
    "integer": _NUMBERS,
    "number": _NUMBERS,
    "boolean": {"trueValues": _TEXTS, "falseValues": _TEXTS},
    "list": {"delimiter": _TEXT, "itemType": _TEXT},
}
"""What says how the cells of fields of a type are read; in others it is somebody's own."""


def refuse_wrong_kinds(raw: Mapping[str, Any]) -> None:
    """Raise WrongKindError where a field, or a schema, says in another kind how cells are read."""
    type_, constraints = raw.get("type"), raw.get("constraints")
    wanted = {"missingValues": _MISSING, **(_OF_TYPE.get(type_, {}) if _is_text(type_) else {})}
    said = {key: raw.get(key) for key in wanted}
    if isinstance(constraints, Mapping):
        wanted["enum"] = _ANYTHING if type_ in _STRUCTURED else _VALUES
        said["enum"] = constraints.get("enum")
    for key, value in said.items():
        # Null asks for nothing.
        if value is None or wanted[key].fits(value):
            continue
        template = mark("{key!r} of {name} is {value}, where {kind} is expected")
        name, kind = quoted(raw.get("name") or say("the schema")), say(wanted[key].name)
        raise WrongKindError(say(template, key=key, name=name, value=quoted(value), kind=kind))
