"""Deprecated fields: what a Table Schema says of them, ``deprecated``, must be something to act on.

::

    "deprecated": {"replacedBy": "name_en", "removedIn": "2.0.0"}

``removedIn`` is the version without the field; removing one is MAJOR. ``replacedBy`` is the field
to use instead, left out where nothing takes its place. The key is this project's own: an
object is meant so, and a fault in it an error; anything else may be somebody's own, and is a
warning.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ycd_opendata.messages import say
from ycd_opendata.package.places import listed_resources
from ycd_opendata.package.reading import Descriptor
from ycd_opendata.semantic_version import parse_version
from ycd_opendata.shown import quoted
from ycd_opendata.validation.findings import Finding, Severity

KEY = "deprecated"
CODE = "deprecation-error"


def deprecation_findings(descriptor: Descriptor) -> Iterator[Finding]:
    """What is wrong with the deprecations of a descriptor."""
    raw = descriptor.raw
    for index, resource in listed_resources(raw):
        schema = resource.get("schema")
        fields = schema.get("fields") if isinstance(schema, Mapping) else None
        listed = fields if isinstance(fields, list) else ()
        named = [each for each in listed if isinstance(each, Mapping)]
        for at, field in enumerate(listed):
            if not isinstance(field, Mapping):
                continue
            problem = _problem(field, named, str(raw.get("version"))) if KEY in field else ""
            if problem:
                is_meant = isinstance(field[KEY], Mapping)
                severity: Severity = "error" if is_meant else "warning"
                file, line = descriptor.where(("resources", index, "schema", "fields", at, KEY))
                yield Finding(
                    code=CODE,
                    severity=severity,
                    resource=str(resource.get("name", "")),
                    path=file,
                    line=line,
                    field=str(field.get("name", "")),
                    message=say(
                        "field {field} is deprecated, but {problem}",
                        field=quoted(field.get("name")),
                        problem=problem,
                    ),
                    hint=say(
                        'such as "deprecated": {"replacedBy": "name_en", "removedIn": "2.0.0"}'
                    ),
                )


def _problem(field: Mapping[str, Any], fields: list[Mapping[str, Any]], version: str) -> str:
    """Why a field's deprecation cannot be acted on; empty if it can."""
    said = field[KEY]
    if not isinstance(said, Mapping) or not {*said} <= {"replacedBy", "removedIn"}:
        return say("deprecated is no object of removedIn and replacedBy")
    removed_in = said.get("removedIn")
    without = parse_version(removed_in) if isinstance(removed_in, str) else None
    if without is None or without.prerelease or without.numbers[1:] != (0, 0):
        return say(
            "removedIn {removed_in} is no MAJOR version, as removing a field needs",
            removed_in=quoted(removed_in),
        )
    now = parse_version(version)
    if now is not None and without <= now:
        return say(
            "it was to go in {removed_in}, and this is {version}",
            removed_in=removed_in,
            version=version,
        )
    if "replacedBy" not in said:
        return ""
    instead = [each for each in fields if each.get("name") == said["replacedBy"]]
    if not instead or instead[0].get("name") == field.get("name"):
        return say(
            "replacedBy {name} is no other field of the table", name=quoted(said["replacedBy"])
        )
    return say("what replaces it is deprecated too") if KEY in instead[0] else ""
