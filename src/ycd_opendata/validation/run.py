"""Validate a package: the four layers in order, and the report they make up."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from ycd_opendata.extension_loading import extension_of
from ycd_opendata.messages import say
from ycd_opendata.package.model import Package, Resource
from ycd_opendata.package.reading import Descriptor, parse_package, read_descriptor
from ycd_opendata.package.revisions import changes_since
from ycd_opendata.validation.declared.declared_rules import declared_names
from ycd_opendata.validation.descriptor.descriptor_layer import check_descriptor
from ycd_opendata.validation.findings import (
    LAYERS,
    Finding,
    Kind,
    Layer,
    LayerResult,
    Report,
    split_at,
    together,
)
from ycd_opendata.validation.form import check_form
from ycd_opendata.validation.since import Extent, extent_since
from ycd_opendata.validation.structure import SILENCE, Progress, StructureEngine
from ycd_opendata.validation.structure.fast.engine import FastEngine
from ycd_opendata.validation.structure.reference import FrictionlessEngine
from ycd_opendata.validation.switches import settings_finding, settings_findings, switched

ENGINES = ("fast", "frictionless", "spark")
"""What can check structure, by name."""

DEFAULT_ENGINE = "fast"

MAX_FINDINGS = 10_000
"""How many findings a report lists; all are counted."""


def validate(
    target: Path,
    engine: str = DEFAULT_ENGINE,
    max_findings: int = MAX_FINDINGS,
    progress: Progress = SILENCE,
) -> Report:
    """Validate the package in a folder, or of a descriptor; see ``validate_descriptor``.

    Raises PackageError where the descriptor cannot be read at all.
    """
    return validate_descriptor(read_descriptor(target), engine, max_findings, progress)


def validate_descriptor(
    descriptor: Descriptor,
    engine: str = DEFAULT_ENGINE,
    max_findings: int = MAX_FINDINGS,
    progress: Progress = SILENCE,
    *,
    allow_remote: bool = False,
    since: str | None = None,
    spark_remote: str | None = None,
) -> Report:
    """Validate the package of a descriptor that was read.

    ``engine`` is a key of ``ENGINES``. Beyond ``max_findings`` findings are only counted.
    ``progress`` is told how much of each table has been read. ``allow_remote`` lets profiles be
    fetched from the web. ``since`` is a git revision: only the tables that a change since then
    concerns are read. ``spark_remote`` is the cluster of the engine spark.
    """
    changes = None if since is None else changes_since(since, descriptor.root)
    checked = check_descriptor(descriptor, allow_remote=allow_remote)
    findings = [
        settings_finding(each.message, each.hint, each.line)
        for each in descriptor.settings_problems
    ]
    layers, resources = [checked.layer], tuple[Resource, ...]()
    findings += checked.findings
    unlisted: Counter[Kind] = Counter()
    if checked.usable is None:
        layers += [Layer(name, False, skipped=checked.skipped) for name in LAYERS[1:]]
    else:
        package = parse_package(checked.usable)
        resources = package.resources
        findings += settings_findings(package, _rule_names(package))
        extent = extent_since(checked.usable, changes) if changes else Extent(checked.usable)

        def check(package: Package, limit: int) -> LayerResult:
            return _engine(engine, limit, progress, spark_remote).check(package)

        for each in _layers_behind(extent, check, max_findings):
            layer = each.layer
            if layer.name == "structure":
                skipped = (*layer.skipped, *extent.skipped, *checked.skipped)
                layer = replace(layer, skipped=skipped, notes=(*extent.notes, *layer.notes))
            layers.append(layer)
            findings += each.findings
            unlisted.update(each.unlisted)
    layers, findings, unlisted = switched(descriptor.settings.validate, layers, findings, unlisted)
    listed, beyond = split_at(findings, max_findings)
    raw = descriptor.raw
    return Report(
        package=str(raw.get("name", "")),
        version=str(raw.get("version", "")),
        engine=engine,
        root=str(descriptor.root),
        is_in_place=descriptor.is_in_place,
        layers=tuple(layers),
        findings=listed,
        unlisted=unlisted + Counter(beyond),
        resources=resources,
    )


def _engine(name: str, limit: int, progress: Progress, remote: str | None) -> StructureEngine:
    """The engine of this name, which lists so many findings of a table."""
    if name == "fast":
        return FastEngine(limit, progress)
    if name == "frictionless":
        return FrictionlessEngine()
    # Loaded late: nobody else needs it.
    from ycd_opendata.validation.structure.distributed.spark import spark_engine

    return spark_engine(limit, progress, remote)


def _layers_behind(
    extent: Extent, check_structure: Callable[[Package, int], LayerResult], max_findings: int
) -> tuple[LayerResult, ...]:
    """Form, structure and rules of the tables that are read."""
    if not extent.descriptor.raw["resources"]:
        # What structure was spared is said by the extent.
        why = {name: () if name == "structure" else (say("no table was read"),) for name in LAYERS}
        return tuple(LayerResult(Layer(name, False, skipped=why[name])) for name in LAYERS[1:])
    package = parse_package(extent.descriptor)
    form = check_form(package)
    # The rules leave alone what the structure layer found, so they have to know all of it.
    limit = sys.maxsize if extension_of(package).has_rules else max_findings
    structure = check_structure(package, limit)
    known = {(each.code, each.resource) for each in form.findings}
    fresh = tuple(each for each in structure.findings if not _said_by_form(each, known))
    declared = {*declared_names(package)}
    # What a declared rule finds hides nothing from the others.
    known_faults = (each for each in fresh if each.code not in declared)
    rules = _check_rules(package, (*form.findings, *known_faults), is_whole=extent.is_whole)
    return (
        form,
        replace(structure, findings=fresh),
        replace(rules, layer=together(structure.declared, rules.layer)),
    )


def _rule_names(package: Package) -> tuple[str, ...]:
    """The names of the rules that schemas declare, and that the package's extension has."""
    extension = extension_of(package)
    cells = [each.name for each in extension.cell_rules]
    return (*declared_names(package), *cells, *(each.name for each in extension.record_rules))


def _check_rules(package: Package, earlier: tuple[Finding, ...], *, is_whole: bool) -> LayerResult:
    if not extension_of(package).has_rules:
        why = say("no schema declares any, and no extension has any for this package")
        return LayerResult(Layer("rules", False, skipped=(why,)))
    # pandera and pandas take long to load: only the package that has rules needs them.
    from ycd_opendata.validation.rules_layer import check_rules

    return check_rules(package, earlier, is_whole=is_whole)


def _said_by_form(finding: Finding, known: set[tuple[str, str]]) -> bool:
    """Both layers meet a file in another encoding; the form layer says the line."""
    return finding.code == "encoding-error" and (finding.code, finding.resource) in known
