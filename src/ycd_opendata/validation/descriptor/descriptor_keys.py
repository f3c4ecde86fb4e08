"""Slips in a descriptor: keys of one letter too many, or where nothing reads them, and values.

Keys of one's own are lawful and get no finding. But ``"missingValue"`` for a key that is not
there, or ``primaryKey`` beside the schema instead of in it, switches a check off in silence.

The standard has no nulls, and frictionless names no place: they are told one by one, each with its
place, and what else is wrong is found without them. Two names that look alike are two.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ycd_opendata.messages import mark, say
from ycd_opendata.package.places import Place, shown_place
from ycd_opendata.package.reading import Descriptor
from ycd_opendata.shown import quoted
from ycd_opendata.validation.findings import Finding, Severity, descriptor_finding
from ycd_opendata.validation.hidden_characters import hidden_character
from ycd_opendata.validation.structure.explanations import explain_untidy

STANDARD_KEYS: Mapping[str, frozenset[str]] = {
    kind: frozenset(words.split())
    for kind, words in {
        "package": """$schema name id title description homepage image version created keywords
            licenses contributors sources resources""",
        "resource": """$schema name path data type title description homepage format mediatype
            encoding bytes hash licenses sources dialect schema""",
        "dialect": """$schema header headerRows headerJoin commentRows commentChar delimiter
            lineTerminator quoteChar doubleQuote escapeChar nullSequence skipInitialSpace property
            itemType itemKeys sheetNumber sheetName table""",
        "schema": """$schema name title description fields fieldsMatch missingValues primaryKey
            uniqueKeys foreignKeys""",
        "field": """name type format title description example constraints categories
            categoriesOrdered missingValues rdfType decimalChar groupChar bareNumber trueValues
            falseValues delimiter itemType""",
        "constraints": """required unique enum pattern minimum maximum exclusiveMinimum
            exclusiveMaximum minLength maxLength jsonSchema""",
        "foreign key": "fields reference",
        "reference": "resource fields",
        "category": "value label",
        "missing value": "value label",
        "licenses": "name path title",
        "contributors": "title givenName familyName path email roles organization",
        "sources": "title path email version",
    }.items()
}
"""The keys that the standard gives each kind of object."""

_READ_TOO: Mapping[str, frozenset[str]] = {"schema": frozenset({"rules"})}
"""Keys that the standard does not have and that are read here."""
_OF_FRICTIONLESS: Mapping[str, frozenset[str]] = {
    "package": frozenset({"profile"}),
    "resource": frozenset({"profile", "scheme", "compression", "innerpath", "extrapaths"}),
}
"""Keys of frictionless, or of the standard's first version: no slips of others."""

_RELATED = {each: each for each in ("licenses", "contributors", "sources")}
_CHILDREN: Mapping[str, Mapping[str, str]] = {
    "package": {"resources": "resource", **_RELATED},
    "resource": {"schema": "schema", "dialect": "dialect", **_RELATED},
    "schema": {"fields": "field", "foreignKeys": "foreign key", "missingValues": "missing value"},
    "field": {
        "constraints": "constraints",
        "categories": "category",
        "missingValues": "missing value",
    },
    "foreign key": {"reference": "reference"},
}

# Words that mean something else to those who write them, though a standard key is one letter off.
_OWN_WORDS = frozenset(
    {"date", "example", "examples", "license", "unit", "units", "role", "source"}
)

_OF_A_SCHEMA = ("primaryKey", "uniqueKeys", "foreignKeys", "missingValues", "fieldsMatch", "fields")
_OF_A_DIALECT = tuple(STANDARD_KEYS["dialect"] - {"$schema", "property", "table", "itemType"})
_OF_CONSTRAINTS = tuple(STANDARD_KEYS["constraints"])
_OF_A_FIELD = ("missingValues", "trueValues", "falseValues", "decimalChar", "groupChar")
_HOMES: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "package": {"schema of a resource": _OF_A_SCHEMA, "resource": ("dialect", "schema")},
    "resource": {"schema": _OF_A_SCHEMA, "dialect": _OF_A_DIALECT},
    "schema": {
        "resource": ("encoding", "dialect"),
        "dialect of the resource": _OF_A_DIALECT,
        "field": ("constraints", "trueValues", "falseValues", "decimalChar", "groupChar"),
    },
    "field": {
        "constraints": _OF_CONSTRAINTS,
        "schema": ("primaryKey", "uniqueKeys", "foreignKeys"),
    },
    "dialect": {"resource": ("encoding", "format"), "schema": _OF_A_SCHEMA, "field": _OF_A_FIELD},
    "foreign key": {"reference": ("resource",)},
}
"""Keys that somebody put into one kind of object and that only have an effect in another."""

_REFUSED = {
    ("package", "missingValues"): "schema of a resource",
    ("package", "fields"): "schema of a resource",
    ("resource", "missingValues"): "schema",
    ("field", "required"): "constraints",
}
"""Those of them that frictionless refuses, whatever they say, and where they belong."""

_VALUES = {"data", "example", "enum", "value"}
"""Keys whose content is the owner's: a null in it is a value like others."""
_NAMES = ("name", "title", "label", "value")

_LISTS = {"fields", "foreignKeys", "uniqueKeys", "enum", "missingValues"}

Object = tuple[str, Any, Place]
"""An object of a descriptor: its kind, what it is, and its place."""


def objects(value: Any, kind: str = "package", place: Place = ()) -> Iterator[Object]:
    """Every object of a known kind in a descriptor, with its place."""
    if isinstance(value, list):
        for index, item in enumerate(value):
            yield from objects(item, kind, (*place, index))
    elif isinstance(value, dict):
        yield kind, value, place
        for key, child in _CHILDREN.get(kind, {}).items():
            if key in value:
                yield from objects(value[key], child, (*place, key))


def refused_keys(parts: Iterable[Object]) -> tuple[Place, ...]:
    """Where the keys stand that frictionless refuses in their place."""
    return tuple(
        (*place, key)
        for kind, value, place in parts
        for key in value.keys() - STANDARD_KEYS[kind]
        if (kind, key) in _REFUSED
    )


def key_findings(descriptor: Descriptor, parts: Iterable[Object]) -> Iterator[Finding]:
    """The keys that were probably meant to be others, or to stand elsewhere."""
    for kind, value, place in parts:
        known = STANDARD_KEYS[kind] | _READ_TOO.get(kind, frozenset())
        others = _OF_FRICTIONLESS.get(kind, frozenset())
        absent = sorted(each for each in known if each not in value)
        for key in value:
            # What stands among constraints is for the standard to judge.
            if key in known or key in others or kind == "constraints":
                continue
            refused = _REFUSED.get((kind, key))
            home = refused or _home(kind, key, value)
            meant = None if home else slip_of(key, absent)
            if not home and not meant:
                continue
            holder = described(place, value)
            what = say("key {key} of {holder}", key=quoted(key), holder=holder)
            if home:
                idle = mark("{what} has no effect there, so what it says is not checked")
                message = say(idle, what=what)
                hint = say("it belongs in the {home}: move it there", home=say(home))
            else:
                message = say("{what} is not in the standard, and nothing reads it", what=what)
                hint = say('did you mean "{meant}"?', meant=meant)
            code = f"{kind}-error" if refused else "misplaced-key" if home else "misspelt-key"
            severity: Severity = "error" if refused else "warning"
            yield descriptor_finding(
                descriptor, (*place, key), code, message, hint, severity=severity, field=key
            )


def described(place: Place, value: Any) -> str:
    """An object of a descriptor for people: its place, and its name or else its path."""
    if not place:
        return say("the package")
    name = value.get("name", value.get("path")) if isinstance(value, Mapping) else None
    return f"{shown_place(place)} ({quoted(name)})" if isinstance(name, str) else shown_place(place)


def slip_of(key: str, known: Iterable[str]) -> str | None:
    """The known word that is one slip away: a letter left out, added, changed or swapped."""
    if key in _OWN_WORDS:
        return None
    return next((word for word in known if _is_one_slip(key, word)), None)


def _is_one_slip(one: str, other: str) -> bool:
    if abs(len(one) - len(other)) > 1 or one == other:
        return False
    start = next(
        (at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b),
        min(len(one), len(other)),
    )
    if len(one) != len(other):
        shorter, longer = sorted((one, other), key=len)
        return shorter[start:] == longer[start + 1 :]
    swapped = one[start + 1 : start + 2] + one[start] + one[start + 2 :]
    return one[start + 1 :] == other[start + 1 :] or swapped == other[start:]


def _home(kind: str, key: str, value: Mapping[str, Any]) -> str:
    """Where a key belongs that has no effect where it stands; "" if it may well stand there."""
    for home, keys in _HOMES.get(kind, {}).items():
        if key not in keys or (key in _LISTS and not isinstance(value[key], list)):
            continue
        inside = value.get(home)
        # Said again beside the place where it is read, it misleads nobody.
        if not (isinstance(inside, Mapping) and inside.get(key) == value[key]):
            return home
    return ""


def null_places(parts: Iterable[Object]) -> tuple[Place, ...]:
    """Where the standard wants something else and there is a null."""
    found = []
    for kind, value, place in parts:
        known = STANDARD_KEYS[kind] | _OF_FRICTIONLESS.get(kind, frozenset())
        for key in known & value.keys():
            item = value[key]
            if item is None and key != "example":
                found.append((*place, key))
            elif isinstance(item, list) and key not in _VALUES:
                found += [(*place, key, index) for index, each in enumerate(item) if each is None]
    return tuple(found)


def emptied(places: tuple[Place, ...]) -> tuple[Place, ...]:
    """What is left out with the nulls: a foreign key says nothing without each of its parts."""
    found = []
    for place in places:
        at = place.index("foreignKeys") if "foreignKeys" in place else len(place)
        found.append(place[: at + 2])
    return tuple(found)


def null_findings(descriptor: Descriptor, places: tuple[Place, ...]) -> Iterator[Finding]:
    """One finding a null, with its place."""
    resources: Any = descriptor.raw.get("resources")
    for place in places:
        code, resource = "package-error", ""
        if place[0] == "resources" and len(place) > len(("resources", 0)):
            code = "schema-error" if "schema" in place else "resource-error"
            resource = str(resources[place[1]].get("name") or "")
        key = str(next(each for each in reversed(place) if isinstance(each, str)))
        where = shown_place(place)
        message = say("{place} is null, which the standard does not have", place=where)
        hint = say('leave "{key}" out, or give it a value', key=key)
        yield descriptor_finding(
            descriptor, place, code, message, hint, resource=resource, field=key, value="null"
        )


def hidden_name_findings(descriptor: Descriptor, parts: Iterable[Object]) -> Iterator[Finding]:
    """A warning for each name, title and category that has a hidden character in it."""
    for kind, value, place in parts:
        for key in _NAMES:
            text = value.get(key)
            # What means missing may be anything.
            if kind == "missing value" or not isinstance(text, str):
                continue
            if hidden_character(text) is None:
                continue
            message, hint = explain_untidy(text)
            holder = described(place, {})
            yield descriptor_finding(
                descriptor,
                (*place, key),
                "untidy-text",
                say("{key} of {holder}: {message}", key=key, holder=holder, message=message),
                hint,
                severity="warning",
                field=key,
                value=text,
            )
