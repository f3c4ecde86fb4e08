"""Values in a descriptor that say nothing, or not what they seem: nulls, and hidden characters.

The standard has no nulls, and frictionless names no place: they are told one by one, each with its
place, and what else is wrong is found without them. Two names that look alike are two.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ycd_opendata.messages import say
from ycd_opendata.package.places import Place, shown_place
from ycd_opendata.package.reading import Descriptor
from ycd_opendata.validation.descriptor_keys import STANDARD_KEYS, described, objects
from ycd_opendata.validation.findings import Finding, descriptor_finding
from ycd_opendata.validation.hidden_characters import hidden_character
from ycd_opendata.validation.structure.explanations import explain_untidy

_VALUES = {"data", "example", "enum", "value"}
"""Keys whose content is the owner's: a null in it is a value like others."""
_NAMES = ("name", "title", "label", "value")


def null_places(raw: Any) -> tuple[Place, ...]:
    """Where the standard wants something else and there is a null."""
    found = []
    for kind, value, place in objects(raw):
        for key in STANDARD_KEYS[kind] & value.keys():
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


def hidden_name_findings(descriptor: Descriptor) -> Iterator[Finding]:
    """A warning for each name, title and category that has a hidden character in it."""
    for kind, value, place in objects(descriptor.raw):
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
