"""What a descriptor asks for and nothing can do: files that are not there, keys of unknown fields.

Each is told once, where it stands. Then it is left out, so that everything else is checked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from ycd_opendata.errors import DescriptorError
from ycd_opendata.messages import say
from ycd_opendata.package.files import is_web_address
from ycd_opendata.package.places import Place, listed_objects, listed_resources
from ycd_opendata.package.reading import Descriptor, Problem, resource_paths
from ycd_opendata.package.wrong_kinds import WrongKindError, refuse_wrong_kinds
from ycd_opendata.shown import quoted
from ycd_opendata.validation.findings import Finding, descriptor_finding

_PATTERN = re.compile(r"[*?\[]|://")
_NO_KEYS = ("array", "geojson", "list", "object")
"""Types whose values nothing compares: frictionless gives up on them in a key."""


@dataclass(frozen=True)
class Unusable:
    """Parts of a descriptor to leave out: what they are, what is said of them, what depends on it.

    ``skipped`` are sentences about checks that fall away with a table.
    """

    places: tuple[Place, ...] = ()
    findings: tuple[Finding, ...] = ()
    skipped: tuple[str, ...] = ()


class _Key(NamedTuple):
    place: Place
    fields: tuple[str, ...]
    what: str


def unread_resources(descriptor: Descriptor) -> Unusable:
    """The resources whose schema or dialect was not read, or is of no use, or whose path is not."""
    problems = (*descriptor.problems, *_wrong_kinds(descriptor))
    places = {each.place[:2]: None for each in problems}
    return Unusable(tuple(places), tuple(_problem_finding(each, descriptor) for each in problems))


def _wrong_kinds(descriptor: Descriptor) -> Iterator[Problem]:
    for index, resource in listed_resources(descriptor.raw):
        schema: Place = ("resources", index, "schema")
        for place, raw in _described(resource.get("schema"), schema):
            try:
                refuse_wrong_kinds(raw)
            except WrongKindError as reason:
                name, line = descriptor.where(place)
                hint = say("say it as the Data Package standard has it, or leave it out")
                yield Problem(place, DescriptorError(str(reason), name, line, hint=hint))
                break


def _described(schema: Any, place: Place) -> Iterator[tuple[Place, Mapping[str, Any]]]:
    """A schema and its fields, each with its place."""
    if isinstance(schema, Mapping):
        yield place, schema
        for index, each in enumerate(listed_objects(schema, "fields")):
            yield (*place, "fields", index), each


def missing_files(descriptor: Descriptor, known: tuple[Place, ...]) -> Unusable:
    """The resources with a file that is not there, but for those that are known to be unusable."""
    places: list[Place] = []
    findings = []
    for index, resource in listed_resources(descriptor.raw):
        for text in resource_paths(resource) if ("resources", index) not in known else ():
            if _PATTERN.search(text) or is_web_address(text) or (descriptor.root / text).exists():
                continue
            places.append(("resources", index))
            findings.append(
                Finding(
                    code="scheme-error",
                    resource=str(resource.get("name", "")),
                    path=text,
                    message=say("the file {text} is missing", text=quoted(text)),
                    hint=_near(descriptor, text)
                    or say("add it, or correct the path in the descriptor"),
                )
            )
            break
    return Unusable(tuple(places), tuple(findings))


def keys_to_nowhere(descriptor: Descriptor) -> Unusable:
    """The keys that name a field or table that is not there, or a field that makes no key."""
    tables = {
        each.get("name"): _field_types(each.get("schema"))
        for _, each in listed_resources(descriptor.raw)
        if isinstance(each.get("name"), str)
    }
    places: list[Place] = []
    findings = []
    for index, resource in listed_resources(descriptor.raw):
        schema, known = resource.get("schema"), _field_types(resource.get("schema"))
        if not isinstance(schema, Mapping) or known is None:
            continue
        base = ("resources", index, "schema")
        for key in _keys(schema, base):
            problem = (
                _wrong_fields(key.fields, known, say("the table"))
                if key.fields
                else say("it is no list of fields")
            )
            if not problem and key.place[3] == "foreignKeys":
                problem = _reference_problem(schema["foreignKeys"][key.place[4]], known, tables)
            if problem:
                places.append(key.place)
                findings.append(
                    descriptor_finding(
                        descriptor,
                        key.place,
                        "schema-error",
                        say(
                            "the {what} of {fields} cannot be checked: {problem}",
                            what=key.what,
                            fields=", ".join(map(quoted, key.fields)) or "[]",
                            problem=problem,
                        ),
                        say("correct it, or take the key out of the schema"),
                        resource=resource.get("name", ""),
                        field=", ".join(key.fields),
                    )
                )
    return Unusable(tuple(places), tuple(findings))


def references_to(descriptor: Descriptor, gone: tuple[Place, ...], why: str = "") -> Unusable:
    """The foreign keys to resources that are left out, and ``why`` they are."""
    raw = descriptor.raw
    names = {
        str(each.get("name")) for at, each in listed_resources(raw) if ("resources", at) in gone
    }
    places: list[Place] = []
    skipped = []
    for index, resource in listed_resources(raw):
        schema = resource.get("schema")
        if ("resources", index) in gone or not isinstance(schema, Mapping):
            continue
        for key in _keys(schema, ("resources", index, "schema")):
            if key.place[3] != "foreignKeys":
                continue
            target = _target(schema["foreignKeys"][key.place[4]])
            if target and target in names:
                places.append(key.place)
                skipped.append(
                    say(
                        "{resource}: references to {target}, {why}",
                        resource=resource.get("name"),
                        target=target,
                        why=why or say("which cannot be read"),
                    )
                )
    return Unusable(tuple(places), skipped=tuple(dict.fromkeys(skipped)))


def _target(key: Any) -> str | None:
    """The resource that a foreign key refers to; "" is its own, None if it is built wrongly."""
    reference = key.get("reference") if isinstance(key, Mapping) else None
    target = reference.get("resource", "") if isinstance(reference, Mapping) else None
    return target if isinstance(target, str) else None


def _keys(schema: Mapping[str, Any], base: Place) -> Iterator[_Key]:
    """The keys of a schema; those built wrongly are left to the standard, which tells of them."""
    primary = _names(schema.get("primaryKey"))
    if primary:
        yield _Key((*base, "primaryKey"), primary, say("primary key"))
    for name, what in (("uniqueKeys", say("unique key")), ("foreignKeys", say("foreign key"))):
        listed = schema.get(name)
        # The reference knows no unique keys, and so says nothing of those built wrongly.
        is_known = name != "uniqueKeys"
        if not isinstance(listed, list | None) and not is_known:
            yield _Key((*base, name), (), what)
        for index, each in enumerate(listed if isinstance(listed, list) else ()):
            named = each.get("fields") if isinstance(each, Mapping) else each
            fields = _names(named)
            if fields or named == [] or not is_known:
                yield _Key((*base, name, index), fields, what)
    for index, field in enumerate(listed_objects(schema, "fields")):
        constraints = field.get("constraints")
        if isinstance(constraints, Mapping) and constraints.get("unique"):
            place = (*base, "fields", index, "constraints", "unique")
            yield _Key(place, _names(field.get("name")), say("unique constraint"))


def _reference_problem(
    key: Any, own: Mapping[str, Any], tables: Mapping[Any, Mapping[str, Any] | None]
) -> str:
    """Why a foreign key refers to nothing; "" if it does not, or is built wrongly."""
    target = _target(key)
    if target is None and isinstance(key, Mapping) and isinstance(key.get("reference"), str | list):
        return say("its reference is no object")
    fields = () if target is None else _names(key["reference"].get("fields"))
    if target is None or not fields:
        return ""
    if target and target not in tables:
        return say("there is no resource {target}", target=quoted(target))
    known = tables[target] if target else own
    if known is None:
        return ""
    wanted = _names(key.get("fields"))
    if len(wanted) != len(fields):
        numbers = {"wanted": len(wanted), "fields": len(fields)}
        return say("it has {wanted} fields, and refers to {fields}", **numbers)
    table = say("the table {target}", target=quoted(target)) if target else say("the table")
    return _wrong_fields(fields, known, table)


def _wrong_fields(fields: tuple[str, ...], known: Mapping[str, Any], table: str) -> str:
    unknown = " or ".join(quoted(each) for each in fields if each not in known)
    if unknown:
        return say("{table} has no field {unknown}", table=table, unknown=unknown)
    for each in fields:
        if known[each] in _NO_KEYS:
            what = {"field": quoted(each), "type": known[each]}
            return say("{field} is of type {type}, whose values are not compared", **what)
    return ""


def _field_types(schema: Any) -> Mapping[str, Any] | None:
    """The types of a schema's fields by name; None where they are not known."""
    fields = schema.get("fields") if isinstance(schema, Mapping) else None
    if not isinstance(fields, list) or not fields:
        return None
    return {str(each.get("name")): each.get("type") for each in fields if isinstance(each, Mapping)}


def _names(value: Any) -> tuple[str, ...]:
    """The names that a key lists; () if it is no such list."""
    listed = [value] if isinstance(value, str) else value
    if isinstance(listed, list) and all(isinstance(each, str) for each in listed):
        return tuple(listed)
    return ()


def _near(descriptor: Descriptor, text: str) -> str:
    """A file of that name in other letters, if there is one."""
    wanted = descriptor.root / text
    try:
        near = [each.name for each in wanted.parent.iterdir()]
    except OSError:
        return ""
    same = [each for each in near if each.lower() == wanted.name.lower()]
    return say("there is {same}: correct the path", same=quoted(same[0])) if same else ""


def _problem_finding(problem: Problem, descriptor: Descriptor) -> Finding:
    error = problem.error
    resources: Any = descriptor.raw["resources"]
    in_descriptor = error.path == descriptor.path.name
    return Finding(
        code="resource-error" if in_descriptor else f"{problem.place[2]}-error",
        resource=str(resources[problem.place[1]].get("name", "")),
        path=error.path,
        line=descriptor.where(problem.place)[1] if in_descriptor else error.line,
        message=error.message,
        hint=error.hint,
    )
