"""Layer 1: the descriptor against the Data Package standard, and its keys against typing slips.

frictionless checks the standard. What it lets pass is a key that nobody reads: ``"requierd"``
switches a check off in silence. A key close to a known one is an error, a wholly unknown one a
warning.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from ycd_opendata.errors import DescriptorError
from ycd_opendata.package.reading import Descriptor
from ycd_opendata.package.tables.foreign import is_address, local_copy, unwarned
from ycd_opendata.shown import quoted
from ycd_opendata.validation.deprecations import deprecation_findings
from ycd_opendata.validation.descriptor_keys import KeyLines, Spelling
from ycd_opendata.validation.findings import Finding, Layer, LayerResult, Severity
from ycd_opendata.validation.plain_descriptor import is_plain
from ycd_opendata.validation.structure.reference import gave_up

if TYPE_CHECKING:
    from frictionless import Error

Place = tuple[str | int, ...]

_RELATED = {
    "licenses": "name path title",
    "contributors": "title givenName familyName path email roles role organization",
    "sources": "title path email version",
}
# The standard's keys, those that frictionless adds, and those of the standard's early versions.
_KNOWN_KEYS = {
    "package": """$schema name id title description homepage image version created keywords
        licenses contributors sources resources profile missingValues fields
        license author maintainers publisher datapackage_version readme views""",
    "resource": """$schema name path data type title description homepage format mediatype
        encoding bytes hash licenses sources profile dialect schema scheme compression innerpath
        extrapaths hashing stats layout control fields rows license""",
    "dialect": """$schema header headerRows headerJoin headerCase commentRows commentChar delimiter
        lineTerminator quoteChar doubleQuote escapeChar nullSequence skipInitialSpace property
        itemType itemKeys sheetNumber sheetName table skipBlankRows caseSensitiveHeader
        csvddfVersion csv title description""",
    "schema": """$schema name title description fields fieldsMatch missingValues primaryKey
        uniqueKeys foreignKeys""",
    "fields": """name type format title description example constraints categories
        categoriesOrdered missingValues rdfType decimalChar groupChar bareNumber floatNumber
        trueValues falseValues delimiter itemType arrayItem unit partialDate deprecated""",
    "foreignKeys": "fields reference",
    "reference": "resource fields",
    "categories": "value label",
    "missingValues": "value label",
    **_RELATED,
}
_CHILDREN = {
    "package": {"resources": "resource"},
    "resource": {"schema": "schema", "dialect": "dialect"},
    "schema": {"fields": "fields", "foreignKeys": "foreignKeys", "missingValues": "missingValues"},
    "fields": {"categories": "categories", "missingValues": "missingValues"},
    "foreignKeys": {"reference": "reference"},
}
_CONSTRAINTS = """required unique enum pattern minimum maximum exclusiveMinimum exclusiveMaximum
minLength maxLength jsonSchema"""
_SPELLING = {
    kind: Spelling(words.split())
    for kind, words in {**_KNOWN_KEYS, "constraints": _CONSTRAINTS}.items()
}
_UNKNOWN_CONSTRAINT = re.compile(r'constraint "(.+)" is not supported')
_SEMANTIC_VERSION = re.compile(r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)([-+][0-9A-Za-z.+-]+)?")


def check_descriptor(descriptor: Descriptor) -> LayerResult:
    """Check a descriptor by the standard, and for what frictionless lets pass.

    A descriptor that names an unsafe or unreadable file is not handed on to frictionless.
    """
    findings = [_problem_finding(each, descriptor) for each in descriptor.problems]
    if not findings:
        try:
            findings = list(_standard_findings(descriptor))
        except Exception as error:
            findings = [gave_up(descriptor.path.name, error)]
    lines = KeyLines(descriptor.root)
    places = list(_objects(descriptor.raw, "package", ()))
    checks = sum(len(value) for _, value, _ in places)
    for kind, value, place in places:
        findings += _key_findings(kind, value, place, descriptor, lines)
        if is_address(value.get("profile")):
            findings.append(_profile_finding(value["profile"], place, descriptor))
    findings += _version_findings(descriptor, lines)
    findings += deprecation_findings(descriptor, lines.line)
    kinds = [kind for kind, _, _ in places]
    tables, fields = kinds.count("resource"), kinds.count("fields")
    return LayerResult(Layer("descriptor", True, tables, fields, checks + 1), tuple(findings))


def _problem_finding(problem: DescriptorError, descriptor: Descriptor) -> Finding:
    in_descriptor = problem.path == descriptor.path.name
    code = "resource-error" if in_descriptor else "schema-error"
    return Finding(
        code=code,
        severity="error",
        path=problem.path,
        line=problem.line,
        message=problem.message,
        hint=problem.hint,
    )


def _standard_findings(descriptor: Descriptor) -> Iterator[Finding]:
    """What frictionless finds; a schema's own faults are told with the schema's file."""
    if is_plain(descriptor.raw):
        return
    from frictionless import Package, Schema

    described = local_copy(descriptor.raw)
    with unwarned():
        report = Package.validate_descriptor(described, basepath=str(descriptor.root))
    notes = {error.note for error in report.errors}
    said = set()
    resources = descriptor.raw.get("resources")
    for index, resource in enumerate(resources if isinstance(resources, list) else ()):
        raw = resource.get("schema") if isinstance(resource, dict) else None
        if not isinstance(raw, dict):
            continue
        file = descriptor.origins.get(("resources", index, "schema"), descriptor.path.name)
        for error in Schema.validate_descriptor(copy.deepcopy(raw)).errors:
            # On its own a schema counts as one of version 1: only what the package has too is true.
            if error.note in notes:
                said.add(error.note)
                yield _standard_finding(error, file, str(resource.get("name", "")))
    for error in report.errors:
        if error.note not in said:
            yield _standard_finding(error, descriptor.path.name)


def _standard_finding(error: Error, path: str, resource: str = "") -> Finding:
    message = f"the standard is not kept: {error.note}"
    return Finding(
        code=error.type,
        severity="error",
        resource=resource,
        path=path,
        message=message,
        hint=_standard_hint(error.type, error.note),
    )


def _standard_hint(code: str, note: str) -> str:
    unknown = _UNKNOWN_CONSTRAINT.search(note)
    near = _did_you_mean(_SPELLING["constraints"].nearest(unknown[1])) if unknown else ""
    what = code.removesuffix("-error")
    return near or f"mend this {what} as the Data Package standard (version 2) describes it"


def _did_you_mean(near: str | None) -> str:
    return f'did you mean "{near}"?' if near else ""


def _objects(value: Any, kind: str, place: Place) -> Iterator[tuple[str, dict[str, Any], Place]]:
    """Every object of a known kind in the descriptor, with its place."""
    if isinstance(value, list):
        for index, item in enumerate(value):
            yield from _objects(item, kind, (*place, index))
    elif isinstance(value, dict):
        yield kind, value, place
        children = dict(_CHILDREN.get(kind, {}))
        if kind in ("package", "resource"):
            children |= {name: name for name in _RELATED}
        for key, child in children.items():
            if key in value:
                yield from _objects(value[key], child, (*place, key))


def _key_findings(
    kind: str, value: Mapping[str, Any], place: Place, descriptor: Descriptor, lines: KeyLines
) -> Iterator[Finding]:
    known = {*_KNOWN_KEYS[kind].split()}
    for key in value:
        # A prefix ("dc:subject") says that the key is somebody's own on purpose.
        if key in known or ":" in key or key.startswith(("_", "@")):
            continue
        near = _did_you_mean(_SPELLING[kind].nearest(key))
        severity: Severity = "error" if near else "warning"
        message = f"key {quoted(key)} of {_shown_place(place, value)} is not in the standard"
        hint = near or "remove it, or give it a prefix of your own, such as my:key"
        file = next(
            (
                descriptor.origins[place[:n]]
                for n in range(len(place), 0, -1)
                if place[:n] in descriptor.origins
            ),
            descriptor.path.name,
        )
        yield Finding(
            code="misspelt-key" if near else "unknown-key",
            severity=severity,
            path=file,
            line=lines.line(file, key),
            field=key,
            message=message,
            hint=hint,
        )


def _shown_place(place: Place, value: Mapping[str, Any]) -> str:
    if not place:
        return "the package"
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in place)[1:]
    name = value.get("name")
    return f"{text} ({name})" if isinstance(name, str) else text


def _profile_finding(profile: str, place: Place, descriptor: Descriptor) -> Finding:
    return Finding(
        code="profile-not-fetched",
        severity="warning",
        path=descriptor.path.name,
        field="profile",
        value=profile,
        message=f"the profile {quoted(profile)} of {_shown_place(place, {})} was not checked",
        hint="only files of the package are read: name a profile in it, or leave it out",
    )


def _version_findings(descriptor: Descriptor, lines: KeyLines) -> Iterator[Finding]:
    version = descriptor.raw.get("version")
    if isinstance(version, str) and not _SEMANTIC_VERSION.fullmatch(version):
        yield Finding(
            code="version-not-semantic",
            severity="warning",
            path=descriptor.path.name,
            line=lines.line(descriptor.path.name, "version"),
            field="version",
            message=f"version {quoted(version)} is not a semantic version",
            hint="write it as MAJOR.MINOR.PATCH, such as 1.0.0; no release is built without",
        )
