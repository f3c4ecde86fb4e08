"""What is wrong with the rules that Table Schemas declare, each told where it stands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ycd_opendata.messages import say
from ycd_opendata.package.model import Schema
from ycd_opendata.package.places import Place, listed_resources, shown_place
from ycd_opendata.package.reading import Descriptor, parse_schema
from ycd_opendata.shown import quoted
from ycd_opendata.validation.codes import RESERVED
from ycd_opendata.validation.declared.declared_rules import KEY, RuleProblem, declared_rules
from ycd_opendata.validation.findings import Finding
from ycd_opendata.validation.unusable import Unusable


def unusable_rules(descriptor: Descriptor) -> Unusable:
    """The declared rules that cannot be checked; everything else is."""
    places: list[Place] = []
    findings = []
    for base, resource, schema in _schemas(descriptor.raw):
        for problem in declared_rules(schema, RESERVED).problems:
            findings.append(_finding(descriptor, base, resource, problem))
            # A whole rule is left out, whichever of its keys is wrong.
            places.append((*base, *problem.place[:2]))
    return Unusable(tuple(dict.fromkeys(places)), tuple(findings))


def _finding(
    descriptor: Descriptor, base: Place, resource: Mapping[str, Any], problem: RuleProblem
) -> Finding:
    place = (*base, *problem.place)
    file, line = descriptor.where(place)
    named = say("the rule {name}", name=quoted(problem.name)) if problem.name else say("the rule")
    return Finding(
        code="rule-error",
        severity="error",
        resource=str(resource.get("name", "")),
        path=file,
        line=line,
        message=say(
            "{named} cannot be checked ({place}): {reason}",
            named=named,
            place=shown_place(place),
            reason=problem.reason,
        ),
        hint=problem.hint,
    )


def _schemas(raw: Mapping[str, Any]) -> Iterator[tuple[Place, Mapping[str, Any], Schema]]:
    """The schemas that have rules and can be read."""
    for index, resource in listed_resources(raw):
        schema = resource.get("schema")
        if not isinstance(schema, Mapping) or KEY not in schema:
            continue
        try:
            parsed = parse_schema(schema)
        except (AttributeError, KeyError, TypeError, ValueError):
            continue  # the standard says what is wrong with it
        yield ("resources", index, "schema"), resource, parsed
