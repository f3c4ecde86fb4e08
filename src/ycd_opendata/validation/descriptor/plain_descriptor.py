"""Which descriptors keep the standard beyond doubt, told without loading frictionless.

Most descriptors use a few common keys in the common way. Those need no reference; any other is
left to it. To be too strict here costs a quarter of a second, to be too lax a wrong verdict.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

Check = Callable[[Any], bool]

_WORDS = """
    $schema $frictionless arrayItem bareNumber bytes categories categoriesOrdered
    commentChar commentRows compression constraints contributors control controls created
    csv data decimalChar delimiter description dialect doubleQuote email encoding escapeChar
    example extrapaths falseValues fields fieldsMatch floatNumber foreignKeys format
    groupChar hash hashing header headerCase headerJoin headerRows homepage id image
    innerpath itemType keywords layout licenses lineTerminator mediatype missingValues name
    nullSequence organisation organization path primaryKey profile property quoteChar
    rdfType reference required resource resources role roles rows schema scheme
    skipBlankRows skipInitialSpace sources stats title trueValues type uniqueKeys url
    version
"""
_READ_SOMEWHERE = frozenset(_WORDS.split())
"""Keys that frictionless reads somewhere, the standard's and its own, old ones included."""

_WORDS_OF_A_FIELD = """
    $schema arrayItem bareNumber categories categoriesOrdered constraints decimalChar delimiter
    description example falseValues floatNumber format groupChar itemType missingValues name
    rdfType required title trueValues type
"""
_READ_IN_A_FIELD = frozenset(_WORDS_OF_A_FIELD.split())
"""Those that it reads in a field: most keys of an owner's own stand there."""

_NAME = re.compile(r"[a-z0-9._-]+")
_DAY_AND_TIME = re.compile(
    r"[12][0-9]{3}-(0[1-9]|1[0-2])-([01][0-9]|2[0-8])T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]Z"
)
_VERSION_2 = re.compile(
    r"https://datapackage\.org/profiles/2\.0/(datapackage|dataresource|tableschema)\.json"
)


def is_plain(raw: Mapping[str, Any]) -> bool:
    """Whether a descriptor, schemas and dialects inlined, is surely valid by the standard."""
    return (
        _PACKAGE(raw)
        and _names_are_unique(raw["resources"])
        and _versions_fit(raw)
        and _profiles_fit(raw)
    )


def _of(*types: type) -> Check:
    """A value of one of some types; a truth value is no number."""
    return lambda value: isinstance(value, types) and (bool in types or not isinstance(value, bool))


def _whole(value: Any) -> bool:
    return _of(int)(value) and value >= 0


def _matching(pattern: re.Pattern[str]) -> Check:
    return lambda value: isinstance(value, str) and bool(pattern.fullmatch(value))


def _one_of(*values: str) -> Check:
    return lambda value: isinstance(value, str) and value in values


def _list_of(check: Check) -> Check:
    return lambda value: isinstance(value, list) and all(map(check, value))


def _object(
    keys: Mapping[str, Check], needed: tuple[str, ...] = (), read: frozenset[str] = _READ_SOMEWHERE
) -> Check:
    """An object of these keys and of somebody's own, none of those that may be ``read`` there."""
    return lambda value: (
        isinstance(value, Mapping)
        and {*needed} <= {*value}
        and all(keys[key](item) if key in keys else key not in read for key, item in value.items())
    )


def _closed_object(keys: Mapping[str, Check]) -> Check:
    """An object of these keys only."""
    check = _object(keys)
    return lambda value: check(value) and {*value} <= {*keys}


_text, _flag, _bound = _of(str), _of(bool), _of(int, float, str)
_texts = _list_of(_text)
_NAMES = {"title": _text, "description": _text}
_PERSON = {"path": _text, "roles": _texts, "organization": _text, "version": _text}
_PEOPLE = _list_of(_object({**_NAMES, **_PERSON}))
_RELATED = {
    "licenses": _list_of(_object({"name": _text, "title": _text, "path": _text}, ("name",))),
    "sources": _PEOPLE,
}
_COMMON: dict[str, Check] = {"required": _flag, "unique": _flag}
_BOUNDS: dict[str, Check] = dict.fromkeys(
    ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"), _bound
)
_LENGTHS: dict[str, Check] = {"minLength": _whole, "maxLength": _whole}
_CONSTRAINTS: dict[str, dict[str, Check]] = {
    "string": {**_COMMON, **_LENGTHS, "pattern": _text, "enum": _texts},
    "integer": {**_COMMON, **_BOUNDS, "enum": _list_of(_bound)},
    "number": {**_COMMON, **_BOUNDS, "enum": _list_of(_bound)},
    "boolean": _COMMON,
    **{key: {**_COMMON, **_BOUNDS} for key in ("date", "datetime", "time", "year", "yearmonth")},
    "any": _COMMON,
}
_STRING_FORMATS = ("default", "email", "uri", "binary", "uuid")
_FIELD_KEYS = {
    **_NAMES,
    "name": _text,
    "type": _one_of(*_CONSTRAINTS),
    "format": _text,
    "constraints": lambda value: isinstance(value, Mapping),
    "categories": lambda value: isinstance(value, list),
    "decimalChar": _text,
    "groupChar": _text,
    "bareNumber": _flag,
    "trueValues": _texts,
    "falseValues": _texts,
}
_FOREIGN_KEY = _object(
    {
        "fields": _texts,
        "reference": _object({"resource": _text, "fields": _texts}, ("resource", "fields")),
    },
    ("fields", "reference"),
)
_SCHEMA_KEYS = {
    **_NAMES,
    "$schema": _matching(_VERSION_2),
    "fields": _list_of(lambda value: _is_field(value)),
    "missingValues": _texts,
    "primaryKey": _texts,
    "uniqueKeys": _list_of(_texts),
    "foreignKeys": _list_of(_FOREIGN_KEY),
}
_DIALECT = _closed_object(
    {
        "$schema": _text,
        "header": _flag,
        "delimiter": _text,
        "lineTerminator": _text,
        "quoteChar": _text,
        "doubleQuote": _flag,
        "skipInitialSpace": _flag,
    }
)
_RESOURCE = _object(
    {
        **_NAMES,
        **_RELATED,
        "$schema": _matching(_VERSION_2),
        "name": _matching(_NAME),
        "type": _one_of("table"),
        "profile": _one_of("data-resource", "tabular-data-resource"),
        "path": lambda value: _text(value) or (bool(value) and _texts(value)),
        "format": _text,
        "mediatype": _text,
        "encoding": _text,
        "hash": _text,
        "bytes": _whole,
        "dialect": _DIALECT,
        "schema": lambda value: _is_schema(value),
    },
    ("name", "path"),
)
_PACKAGE = _object(
    {
        **_NAMES,
        **_RELATED,
        "$schema": _matching(_VERSION_2),
        "name": _matching(_NAME),
        "id": _text,
        "version": _text,
        "homepage": _text,
        "created": _matching(_DAY_AND_TIME),
        "keywords": _texts,
        "contributors": _PEOPLE,
        "profile": _one_of("data-package", "tabular-data-package"),
        "resources": lambda value: bool(value) and _list_of(_RESOURCE)(value),
    },
    ("resources",),
)


def _is_field(value: Any) -> bool:
    if not _object(_FIELD_KEYS, ("name", "type"), _READ_IN_A_FIELD)(value):
        return False
    if value["type"] == "string" and value.get("format", "default") not in _STRING_FORMATS:
        return False
    return _closed_object(_CONSTRAINTS[value["type"]])(value.get("constraints", {}))


def _is_schema(value: Any) -> bool:
    if not _object(_SCHEMA_KEYS, ("fields",))(value) or not value["fields"]:
        return False
    if not _names_are_unique(value["fields"]):
        return False
    names = {each["name"] for each in value["fields"]}
    keys = [value.get("primaryKey", []), *value.get("uniqueKeys", [])]
    for each in value.get("foreignKeys", []):
        keys.append(each["fields"])
        if len(each["fields"]) != len(each["reference"]["fields"]):
            return False
    return all(names.issuperset(key) for key in keys)


def _names_are_unique(objects: list[Mapping[str, Any]]) -> bool:
    return len({each["name"] for each in objects}) == len(objects)


def _versions_fit(raw: Mapping[str, Any]) -> bool:
    """Whether nothing is used that came with version 2 of the standard, or that is declared."""
    if "$schema" in raw:
        return True
    return not any(
        "$schema" in resource
        or {"exclusiveMinimum", "exclusiveMaximum"} & {*field.get("constraints", {})}
        for resource in raw["resources"]
        for field in resource.get("schema", {}).get("fields", [])
    )


def _profiles_fit(raw: Mapping[str, Any]) -> bool:
    """Whether what is said to be tabular has a schema; a tabular package, in every resource."""
    tabular = [each for each in raw["resources"] if each.get("profile") == "tabular-data-resource"]
    is_whole = len(tabular) == len(raw["resources"])
    return all("schema" in each for each in tabular) and (
        is_whole or raw.get("profile") != "tabular-data-package"
    )
