"""The codes of findings, and what the owner of a package has switched off, or made a warning.

What ``ycd.toml`` asks for changes the report, never what is checked: the layers know what every
other layer found. The report says what was switched off, and how many findings that left out.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from ycd_opendata.errors import UnknownNameError
from ycd_opendata.messages import counted, mark, say
from ycd_opendata.package.model import Package
from ycd_opendata.package.places import Place
from ycd_opendata.package.settings import SETTINGS_NAME, SitePicture, ValidateSettings
from ycd_opendata.shown import quoted
from ycd_opendata.validation.findings import Finding, Kind, Layer
from ycd_opendata.validation.form import CHECKS
from ycd_opendata.validation.structure.fast.planning.plan import EXTENSIONS

_NOT_READ = """
    check-impossible compression-error control-error dialect-error encoding-error field-error
    format-error package-error resource-error rule-error rule-not-run schema-error scheme-error
    settings-error source-error unclosed-quote
"""
NOT_READ = frozenset(_NOT_READ.split())
"""What keeps a table, a row or a check from being read: without it nothing is known to be valid."""

_OF_DESCRIPTORS = """
    byte-order-mark deprecation-error misplaced-key misspelt-key profile-not-checked
    profile-not-fetched version-not-semantic
"""
_OF_STRUCTURE = """
    blank-header blank-label blank-row byte-count constraint-error duplicate-label extra-cell
    extra-label field-count foreign-key hash-count incorrect-label missing-cell missing-label
    primary-key row-count type-error unique-error unmatched-header
"""
_OF_LAYERS: Mapping[str, frozenset[str]] = {
    "descriptor": frozenset(_OF_DESCRIPTORS.split()),
    "form": frozenset(CHECKS) - NOT_READ,
    "structure": frozenset((*EXTENSIONS, *_OF_STRUCTURE.split())) - NOT_READ,
    "rules": frozenset({"stale-text"}),
}
"""The codes that an owner may switch off; those of rules are their names, and not listed here."""

_OF_CHECKS_NOT_MADE = """
    ascii-value deviated-cell deviated-value duplicate-row forbidden-value required-value
    row-constraint sequential-value table-dimensions truncated-value
"""
"""Codes of checks that frictionless makes for those who ask it, which nobody does here."""

STANDARD_CODES = NOT_READ.union(*_OF_LAYERS.values())
"""Every code but the names of rules."""

RESERVED = STANDARD_CODES.union(_OF_CHECKS_NOT_MADE.split())
"""What no declared rule may be called."""


def layer_of(code: str) -> str:
    """The layer that makes findings of a code; what is no check of another layer is a rule."""
    return next((layer for layer, codes in _OF_LAYERS.items() if code in codes), "rules")


_Problem = tuple[Place, str, str]
"""What is wrong at a place of the settings, and what to do."""


def settings_finding(message: str, hint: str, line: int | None) -> Finding:
    """The finding for something that is wrong in ``ycd.toml``."""
    return Finding(code="settings-error", path=SETTINGS_NAME, line=line, message=message, hint=hint)


def settings_findings(package: Package, rules: Iterable[str]) -> Iterator[Finding]:
    """What settings name that is not there: codes, tables, fields.

    ``rules`` are the names of the package's rules.
    """
    for place, message, hint in _problems(package, {*STANDARD_CODES, *rules}):
        yield settings_finding(message, hint, package.settings.line(place))


def _problems(package: Package, known: set[str]) -> Iterator[_Problem]:
    validate, site = package.settings.validate, package.settings.site
    for key, codes in (("off", validate.off), ("warnings", validate.warnings)):
        for index, code in enumerate(codes):
            message, hint = _code_problem(code, known, validate, key)
            if message:
                message = say("validate.{key}: {message}", key=key, message=message)
                yield ("validate", key, index), message, hint
    for index, each in enumerate(site.lists):
        place: Place = ("site", "lists", index)
        named = {"columns": each.columns, "filters": each.filters}
        yield from _name_problems(package, each.table, named, place)
    for index, picture in enumerate(site.pictures):
        axes = {"x": picture.x, "y": picture.y, "by": picture.by}
        named = {key: (name,) for key, name in axes.items() if name}
        place = ("site", "pictures", index)
        yield from _name_problems(package, picture.table, named, place)
        yield from _picture_problems(package, picture, place)


def _code_problem(
    code: str, known: set[str], settings: ValidateSettings, key: str
) -> tuple[str, str]:
    shown = quoted(code)
    if code not in known:
        unknown = UnknownNameError("code", code, sorted(known))
        return unknown.message, unknown.hint
    if code in NOT_READ:
        off, mild = mark("{code} cannot be switched off"), mark("{code} cannot be a warning")
        hint = say("what was not read is never valid: mend what the finding says")
        return say(off if key == "off" else mild, code=shown), hint
    if key == "warnings" and code in settings.off:
        return say("{code} is off already", code=shown), say("name it in one of the two")
    return "", ""


def _name_problems(
    package: Package, table: str, named: Mapping[str, Sequence[str]], place: Place
) -> Iterator[_Problem]:
    resource = package.resource(table)
    if resource is None or resource.schema is None:
        tables = [each.name for each in package.resources if each.is_table]
        unknown = UnknownNameError("table", table, tables)
        yield (*place, "table"), unknown.message, unknown.hint
        return
    fields = resource.schema.field_names
    for key, names in named.items():
        for index, name in enumerate(names):
            if name not in fields:
                unknown = UnknownNameError(say("field of {table}", table=table), name, fields)
                yield (*place, key, index), unknown.message, unknown.hint


def _picture_problems(package: Package, picture: SitePicture, place: Place) -> Iterator[_Problem]:
    """What a picture cannot be drawn of: its figures are numbers, and time is made of dates."""
    resource = package.resource(picture.table)
    schema = resource.schema if resource is not None else None
    x, y = (schema.field(name) if schema else None for name in (picture.x, picture.y))
    if y is not None and not y.is_number:
        message = say("{name} holds no numbers to be drawn", name=quoted(y.name))
        yield (*place, "y"), message, say("name a field of the type number or integer")
    if x is not None and picture.kind != "bars" and not x.is_dated:
        template = mark("{name} holds no dates, along which {kind} are")
        message = say(template, name=quoted(x.name), kind=picture.kind)
        hint = say('name a field of dates or years, or take kind = "bars"')
        yield (*place, "x"), message, hint


def released_settings(package: Package) -> str:
    """The ``ycd.toml`` of a release: what its owner lets pass that would make it invalid.

    It is "" where there is nothing: how the source is kept is no business of a release.
    """
    asked = package.settings.validate
    named = {
        key: [each for each in codes if EXTENSIONS.get(each) != "warning"]
        for key, codes in (("off", asked.off), ("warnings", asked.warnings))
    }
    lines = [f"{key} = {json.dumps(codes)}" for key, codes in named.items() if codes]
    if not lines:
        return ""
    head = "# What the owner of these data lets pass: a report says it, too."
    return "\n".join([head, "[validate]", *lines, ""])


def switched(
    settings: ValidateSettings,
    layers: Sequence[Layer],
    findings: Sequence[Finding],
    unlisted: Mapping[Kind, int],
) -> tuple[list[Layer], list[Finding], Counter[Kind]]:
    """What a report says by these settings: its layers, its findings, and the unlisted ones."""
    if not settings.off and not settings.warnings:
        return [*layers], [*findings], Counter(unlisted)
    off, mild = {*settings.off} - NOT_READ, {*settings.warnings} - NOT_READ
    left_out = Counter(each.code for each in findings)
    counts: Counter[Kind] = Counter()
    for kind, number in unlisted.items():
        left_out[kind.code] += number
        if kind.code not in off:
            counts[kind._replace(severity="warning") if kind.code in mild else kind] += number
    kept = [
        replace(each, severity="warning") if each.code in mild else each
        for each in findings
        if each.code not in off
    ]
    said = [
        replace(
            layer,
            extensions=tuple(each for each in layer.extensions if each not in off),
            skipped=(*layer.skipped, *_off_here(layer, off, left_out)),
            notes=(*layer.notes, *_mild_here(layer, mild)),
        )
        for layer in layers
    ]
    return said, kept, counts


def _off_here(layer: Layer, off: Iterable[str], left_out: Mapping[str, int]) -> Iterator[str]:
    for code in sorted(off):
        if layer_of(code) == layer.name:
            size = counted(left_out[code], "finding")
            found = say(", {size} left out", size=size) if left_out[code] else ""
            yield say("{code}: off in ycd.toml{found}", code=code, found=found)


def _mild_here(layer: Layer, mild: Iterable[str]) -> Iterator[str]:
    for code in sorted(mild):
        if layer_of(code) == layer.name:
            yield say("{code} is a warning here, by ycd.toml", code=code)
