"""Layer 1: the descriptor against the Data Package standard, and for what misleads in it.

frictionless checks the standard. It lets pass a key that nobody reads, such as ``"requierd"``, and
stops at the first thing that it cannot take. Here what cannot be used is told once, with its place,
and left out, so that the layers behind have all the rest to check.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import count
from typing import TYPE_CHECKING, Any

from ycd_opendata.messages import say
from ycd_opendata.package.documents import YAML_ENDINGS
from ycd_opendata.package.places import Place, without
from ycd_opendata.package.reading import Descriptor
from ycd_opendata.package.tables.as_frictionless import local_copy, unwarned
from ycd_opendata.semantic_version import parse_version
from ycd_opendata.shown import quoted
from ycd_opendata.validation.descriptor.descriptor_keys import (
    STANDARD_KEYS,
    described,
    emptied,
    hidden_name_findings,
    key_findings,
    null_findings,
    null_places,
    objects,
    refused_keys,
    slip_of,
)
from ycd_opendata.validation.descriptor.own_keys import deprecation_findings, unusable_rules
from ycd_opendata.validation.descriptor.plain_descriptor import is_plain
from ycd_opendata.validation.descriptor.profiles import profile_findings
from ycd_opendata.validation.descriptor.unusable import (
    keys_to_nowhere,
    missing_files,
    references_to,
    unread_resources,
)
from ycd_opendata.validation.findings import Finding, Layer, descriptor_finding
from ycd_opendata.validation.library_sentences import translated
from ycd_opendata.validation.structure.refusals import gave_up

if TYPE_CHECKING:
    from frictionless import Error

_UNKNOWN_CONSTRAINT = re.compile(r'constraint "(.+)" is not supported')
_AT_PROPERTY = re.compile(r" at property '([^']+)'$")
_REQUIRED = re.compile(r"'(.+)' is a required property|properties \"(path)\" or \"data\" is req")


@dataclass(frozen=True)
class Checked:
    """What the first layer found, and what it leaves to the layers behind.

    ``usable`` is the descriptor without its unusable parts, None if nothing can stand on it:
    then ``skipped`` says why, else it says what falls away with those parts.
    """

    layer: Layer
    findings: tuple[Finding, ...]
    usable: Descriptor | None
    skipped: tuple[str, ...]


_Told = tuple[Finding, str]
"""A finding of frictionless, and what it says itself."""


def check_descriptor(descriptor: Descriptor, *, allow_remote: bool = False) -> Checked:
    """Check a descriptor by the standard, and for what frictionless lets pass."""
    parts = tuple(objects(descriptor.raw))
    unread = unread_resources(descriptor)
    nowhere = keys_to_nowhere(descriptor)
    nulls = null_places(parts)
    rules = unusable_rules(descriptor)
    left_out = (*unread.places, *nowhere.places, *rules.places, *refused_keys(parts))
    of_standard, is_kept = _standard(descriptor, left_out, nulls)
    missing = missing_files(descriptor, unread.places)
    gone = (*unread.places, *missing.places)
    dangling = references_to(descriptor, gone)
    findings = [*unread.findings, *nowhere.findings, *rules.findings, *of_standard]
    findings += missing.findings
    findings += key_findings(descriptor, parts)
    findings += hidden_name_findings(descriptor, parts)
    findings += _mark_findings(descriptor)
    findings += profile_findings(descriptor, parts, allow_remote=allow_remote)
    findings += _version_findings(descriptor)
    findings += deprecation_findings(descriptor)
    kinds = [kind for kind, _, _ in parts]
    checks = sum(len(value) for _, value, _ in parts) + 1
    layer = Layer("descriptor", True, kinds.count("resource"), kinds.count("field"), checks)
    if not is_kept:
        why = say("the descriptor has to be mended first")
        return Checked(layer, tuple(findings), None, (why,))
    raw = without(descriptor.raw, (*left_out, *missing.places, *dangling.places, *emptied(nulls)))
    if not raw["resources"]:
        return Checked(layer, tuple(findings), None, (say("no table can be read"),))
    usable = replace(descriptor, raw=raw, problems=())
    return Checked(layer, tuple(findings), usable, dangling.skipped)


def _standard(
    descriptor: Descriptor, left_out: tuple[Place, ...], nulls: tuple[Place, ...]
) -> tuple[list[Finding], bool]:
    """What frictionless finds in the parts that can be used, and each null that it minds.

    The second says whether the standard is kept apart from parts that can be left out.
    """
    if is_plain(without(descriptor.raw, left_out) if left_out else descriptor.raw):
        return [], True
    found = _told(descriptor, left_out)
    if not nulls or not found:
        return [finding for finding, _ in found], not found
    rest = _told(descriptor, (*left_out, *emptied(nulls)))
    absent = {str(place[-1]) for place in nulls}
    # What is required and null is told of already.
    fresh = [finding for finding, note in rest if _required(note) not in absent]
    return [*null_findings(descriptor, nulls), *fresh], not rest


def _required(note: str) -> str | None:
    match = _REQUIRED.search(note)
    return match[match.lastindex or 0] if match else None


def _told(descriptor: Descriptor, left_out: tuple[Place, ...]) -> list[_Told]:
    try:
        with unwarned():
            return list(_by_frictionless(descriptor, left_out))
    except Exception as error:
        return [(gave_up(descriptor.path.name, error), "")]


def _by_frictionless(descriptor: Descriptor, left_out: tuple[Place, ...]) -> Iterator[_Told]:
    """What frictionless finds, each with the narrowest part of the descriptor that has it."""
    from frictionless import Package

    raw = local_copy(without(descriptor.raw, left_out))
    errors = Package.validate_descriptor(local_copy(raw), basepath=str(descriptor.root)).errors
    # On its own a part counts as one of version 1: only what the package has too is true.
    rest = {(error.type, error.note): error for error in errors}
    said = set()
    for place, resource in _items(raw, "resources", (), left_out):
        told = set[tuple[str, str]]()
        for level in _levels(place, resource, left_out):
            found = [
                (error, at, part)
                for at, part, kind in level
                for error in kind.validate_descriptor(copy.deepcopy(part)).errors
                if (error.type, error.note) in rest.keys() - told
            ]
            for error, at, part in found:
                name = str(resource.get("name", ""))
                yield _standard_finding(error, descriptor, at, part, name), error.note
            told |= {(error.type, error.note) for error, *_ in found}
        said |= told
    for key, error in rest.items():
        if key not in said:
            yield _standard_finding(error, descriptor, (), raw), error.note


def _items(
    holder: Any, key: str, place: Place, left_out: tuple[Place, ...]
) -> Iterator[tuple[Place, dict[str, Any]]]:
    """The objects of a list, each with its place in the descriptor that has those left out, too."""
    listed = holder.get(key) if isinstance(holder, dict) else None
    numbers = (each for each in count() if (*place, key, each) not in left_out)
    for number, each in zip(numbers, listed if isinstance(listed, list) else (), strict=False):
        if isinstance(each, dict):
            yield (*place, key, number), each


def _levels(
    place: Place, resource: dict[str, Any], left_out: tuple[Place, ...]
) -> Iterator[list[tuple[Place, dict[str, Any], Any]]]:
    """The parts of a resource from the narrowest, each with what frictionless takes it for."""
    from frictionless import Dialect, Field, Resource, Schema

    schema = resource.get("schema")
    fields = _items(schema, "fields", (*place, "schema"), left_out)
    yield [(at, each, Field) for at, each in fields]
    for key, kind in (("schema", Schema), ("dialect", Dialect)):
        if isinstance(part := resource.get(key), dict):
            yield [((*place, key), part, kind)]
    yield [(place, resource, Resource)]


def _standard_finding(
    error: Error, descriptor: Descriptor, place: Place, part: Mapping[str, Any], resource: str = ""
) -> Finding:
    named = _AT_PROPERTY.search(error.note)
    # Of a part within another one it is not known where it stands.
    is_own = bool(place) or error.type == "package-error"
    inside = named[1].split("/") if named and is_own else []
    path, line = descriptor.where((*place, *(int(x) if x.isdecimal() else x for x in inside)))
    what, note = described(place, part), translated(error.note)
    return Finding(
        code=error.type,
        resource=resource,
        path=path,
        line=line if inside or place else None,
        message=say("{what} does not keep the standard: {note}", what=what, note=note),
        hint=_standard_hint(error.type, error.note, is_yaml=path.lower().endswith(YAML_ENDINGS)),
    )


def _standard_hint(code: str, note: str, *, is_yaml: bool) -> str:
    unknown = _UNKNOWN_CONSTRAINT.search(note)
    near = slip_of(unknown[1], sorted(STANDARD_KEYS["constraints"])) if unknown else None
    if is_yaml and "is not of type 'string'" in note:
        return say("YAML takes it for a number, a truth value or nothing: put it in quotes")
    what = code.removesuffix("-error")
    if near:
        return say('did you mean "{near}"?', near=near)
    if missing := _required(note):
        return say('add "{key}" to it', key=missing)
    return say("mend this {what} as the Data Package standard (version 2) describes it", what=what)


def _mark_findings(descriptor: Descriptor) -> Iterator[Finding]:
    for name in sorted({each.name for each in descriptor.documents.values() if each.has_mark}):
        yield Finding(
            code="byte-order-mark",
            severity="warning",
            path=name,
            line=1,
            message=say(
                "the file starts with a byte order mark, which many readers of JSON refuse"
            ),
            hint=say("save it as UTF-8 without one"),
        )


def _version_findings(descriptor: Descriptor) -> Iterator[Finding]:
    version = descriptor.raw.get("version")
    if isinstance(version, str) and parse_version(version) is None:
        yield descriptor_finding(
            descriptor,
            ("version",),
            "version-not-semantic",
            say("version {version} is not a semantic version", version=quoted(version)),
            say("write it as MAJOR.MINOR.PATCH, such as 1.0.0; no release is built without"),
            severity="warning",
            field="version",
        )
