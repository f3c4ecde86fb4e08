"""Validate a package: the four layers in order, and the report they make up."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from ycd_opendata.package.reading import parse_package, read_descriptor
from ycd_opendata.validation.descriptor import check_descriptor
from ycd_opendata.validation.findings import LAYERS, Finding, Layer, Report
from ycd_opendata.validation.form import check_form
from ycd_opendata.validation.rules.layer import check_rules
from ycd_opendata.validation.structure import StructureEngine
from ycd_opendata.validation.structure.reference import FrictionlessEngine

ENGINES: dict[str, Callable[[], StructureEngine]] = {"frictionless": FrictionlessEngine}
"""The engines that can check structure, by name."""

DEFAULT_ENGINE = "frictionless"


def validate(
    target: Path,
    engine: str = DEFAULT_ENGINE,
    on_layer: Callable[[str], None] = lambda _: None,
) -> Report:
    """Validate the package in a folder, or of a descriptor.

    Parameters
    ----------
    target : Path
        A folder with a ``datapackage.json``, or the file itself.
    engine : str
        A key of ``ENGINES``.
    on_layer : callable
        Told the name of each layer before it runs.

    Raises
    ------
    PackageError
        The descriptor cannot be read at all.
    """
    on_layer("descriptor")
    descriptor = read_descriptor(target)
    result = check_descriptor(descriptor)
    layers, findings = [result.layer], list(result.findings)
    if any(each.severity == "error" for each in findings):
        why = ("the descriptor has to be mended first",)
        layers += [Layer(name, False, skipped=why) for name in LAYERS[1:]]
    else:
        package = parse_package(descriptor)
        on_layer("form")
        form = check_form(package)
        on_layer("structure")
        structure = ENGINES[engine]().check(package)
        known = {(each.code, each.resource) for each in form.findings}
        fresh = tuple(each for each in structure.findings if not _said_by_form(each, known))
        on_layer("rules")
        rules = check_rules(package, (*form.findings, *fresh))
        layers += [form.layer, structure.layer, rules.layer]
        findings += [*form.findings, *fresh, *rules.findings]
    raw = descriptor.raw
    return Report(
        package=str(raw.get("name", "")),
        version=str(raw.get("version", "")),
        engine=engine,
        root=str(descriptor.root),
        layers=tuple(layers),
        findings=tuple(findings),
    )


def _said_by_form(finding: Finding, known: set[tuple[str, str]]) -> bool:
    """Both layers meet a file in another encoding; the form layer says the line."""
    return finding.code == "encoding-error" and (finding.code, finding.resource) in known
