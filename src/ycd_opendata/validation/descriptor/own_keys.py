"""Keys of ours in a Table Schema, ``rules`` and ``deprecated``: what cannot be acted on there.

::

    "deprecated": {"replacedBy": "name_en", "removedIn": "2.0.0"}

``removedIn`` is the version without the field; removing one is MAJOR. ``replacedBy`` is the field
to use instead, left out where nothing takes its place. An object is meant so, and a fault in it an
error; anything else may be somebody's own, and is a warning. Rules: see ``declared_rules``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ycd_opendata.messages import mark, say
from ycd_opendata.package.model import Schema
from ycd_opendata.package.places import Place, listed_resources, shown_place
from ycd_opendata.package.reading import Descriptor, parse_schema
from ycd_opendata.semantic_version import parse_version
from ycd_opendata.shown import quoted
from ycd_opendata.validation.declared.declared_rules import KEY, RuleProblem, declared_rules
from ycd_opendata.validation.descriptor.unusable import Unusable
from ycd_opendata.validation.findings import Finding, descriptor_finding
from ycd_opendata.validation.switches import RESERVED

DEPRECATED = "deprecated"


def unusable_rules(descriptor: Descriptor) -> Unusable:
    """The declared rules that cannot be checked; everything else is."""
    places: list[Place] = []
    findings = []
    for index, resource in listed_resources(descriptor.raw):
        base = ("resources", index, "schema")
        for problem in _rule_problems(resource.get("schema")):
            findings.append(_rule_finding(descriptor, base, resource, problem))
            # A whole rule is left out, whichever of its keys is wrong.
            places.append((*base, *problem.place[:2]))
    return Unusable(tuple(dict.fromkeys(places)), tuple(findings))


def _rule_problems(raw: Any) -> tuple[RuleProblem, ...]:
    if not isinstance(raw, Mapping) or KEY not in raw:
        return ()
    try:
        schema: Schema = parse_schema(raw)
    except (AttributeError, KeyError, TypeError, ValueError):
        return ()  # the standard says what is wrong with it
    return declared_rules(schema, RESERVED).problems


def _rule_finding(
    descriptor: Descriptor, base: Place, resource: Mapping[str, Any], problem: RuleProblem
) -> Finding:
    place = (*base, *problem.place)
    named = say("the rule {name}", name=quoted(problem.name)) if problem.name else say("the rule")
    where, reason = shown_place(place), problem.reason
    message = say(
        "{named} cannot be checked ({place}): {reason}", named=named, place=where, reason=reason
    )
    name = resource.get("name", "")
    return descriptor_finding(descriptor, place, "rule-error", message, problem.hint, resource=name)


def deprecation_findings(descriptor: Descriptor) -> Iterator[Finding]:
    """What is wrong with the deprecations of a descriptor."""
    raw = descriptor.raw
    for index, resource in listed_resources(raw):
        schema = resource.get("schema")
        fields = schema.get("fields") if isinstance(schema, Mapping) else None
        listed = fields if isinstance(fields, list) else ()
        named = [each for each in listed if isinstance(each, Mapping)]
        for at, field in enumerate(listed):
            if not isinstance(field, Mapping) or DEPRECATED not in field:
                continue
            if problem := _deprecation_problem(field, named, str(raw.get("version"))):
                name = quoted(field.get("name"))
                yield descriptor_finding(
                    descriptor,
                    ("resources", index, "schema", "fields", at, DEPRECATED),
                    "deprecation-error",
                    say("field {field} is deprecated, but {problem}", field=name, problem=problem),
                    say('such as "deprecated": {"replacedBy": "name_en", "removedIn": "2.0.0"}'),
                    severity="error" if isinstance(field[DEPRECATED], Mapping) else "warning",
                    resource=resource.get("name", ""),
                    field=str(field.get("name", "")),
                )


def _deprecation_problem(
    field: Mapping[str, Any], fields: list[Mapping[str, Any]], version: str
) -> str:
    """Why a field's deprecation cannot be acted on; empty if it can."""
    said = field[DEPRECATED]
    if not isinstance(said, Mapping) or not {*said} <= {"replacedBy", "removedIn"}:
        return say("deprecated is no object of removedIn and replacedBy")
    removed = said.get("removedIn")
    without = parse_version(removed) if isinstance(removed, str) else None
    if without is None or without.prerelease or without.numbers[1:] != (0, 0):
        template = mark("removedIn {removed} is no MAJOR version, as removing a field needs")
        return say(template, removed=quoted(removed))
    now = parse_version(version)
    if now is not None and without <= now:
        template = mark("it was to go in {removed}, and this is {version}")
        return say(template, removed=removed, version=version)
    if "replacedBy" not in said:
        return ""
    instead = [each for each in fields if each.get("name") == said["replacedBy"]]
    if not instead or instead[0].get("name") == field.get("name"):
        name = quoted(said["replacedBy"])
        return say("replacedBy {name} is no other field of the table", name=name)
    return say("what replaces it is deprecated too") if DEPRECATED in instead[0] else ""
