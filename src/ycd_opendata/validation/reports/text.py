"""The report as text for a terminal, grouped by kind: place, code, message, line, what to do."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path

from ycd_opendata.messages import counted, say, say_of
from ycd_opendata.shown import quoted, visible
from ycd_opendata.validation.findings import Finding, Kind, Layer, Report
from ycd_opendata.validation.reports.excerpt import Excerpt, read_excerpts
from ycd_opendata.validation.structure.explanations import CHANGED_DATES

EXAMPLES = 5
"""How many findings of each kind are shown; the rest is counted."""

EXCERPTS = 200
"""For how many findings the file's line is read."""

_CHANGED = 3
"""How many changed dates of a column are shown."""

STYLES = {
    "error": "bold red",
    "warning": "yellow",
    "place": "bold",
    "hint": "cyan",
    "good": "bold green",
    "dim": "dim",
}
"""The rich style of each kind of span."""

Span = tuple[str, str]
Line = tuple[Span, ...]


def told_once(report: Report) -> Report:
    """The report with the dates that a spreadsheet changed in a column as one finding.

    It stands at the first of them, and says how many there are.
    """
    hint = say(CHANGED_DATES)
    columns: dict[Kind, list[Finding]] = {}
    for each in report.findings:
        if each.hint == hint:
            columns.setdefault(each.kind, []).append(each)
    told = {id(those[0]): _together(those) for those in columns.values()}
    left_out = {id(each) for those in columns.values() for each in those[1:]}
    findings = tuple(
        told.get(id(each), each) for each in report.findings if id(each) not in left_out
    )
    return replace(report, findings=findings)


def _together(findings: list[Finding]) -> Finding:
    if len(findings) == 1:
        return findings[0]
    values = list(dict.fromkeys(each.value or "" for each in findings))
    examples = ", ".join(map(quoted, values[:_CHANGED]))
    message = say(
        "{number:,} dates are as a spreadsheet shows them, such as {examples}",
        number=len(findings),
        examples=examples,
    )
    return replace(findings[0], message=message)


def report_lines(report: Report) -> Iterator[Line]:
    """The report's lines, each of spans of text and their kind ("" is plain)."""
    examples: dict[Kind, list[Finding]] = {}
    once = told_once(report)
    for finding in once.findings:
        listed = examples.setdefault(finding.kind, [])
        if len(listed) < EXAMPLES:
            listed.append(finding)
    shown = islice((each for listed in examples.values() for each in listed), EXCERPTS)
    excerpts = read_excerpts(Path(report.root), shown, report.resources)
    kinds = once.kinds
    for kind, listed in examples.items():
        for finding in listed:
            yield from _finding_lines(finding, excerpts.get(finding))
        if rest := kinds[kind] - len(listed):
            more = say(
                "… and {number:,} more of {kind}", number=rest, kind=visible(kind_name(kind))
            )
            yield (("dim", more),)
    for kind, number in report.unlisted.items():
        if kind not in examples and number:
            more = say_of(
                number,
                "… and {number:,} finding of {kind}",
                "… and {number:,} findings of {kind}",
                kind=visible(kind_name(kind)),
            )
            yield (("dim", more),)
    if kinds:
        yield ()
    for layer in report.layers:
        yield from _layer_lines(report, layer)
    errors, warnings = report.count("error"), report.count("warning")
    name = visible(f"{report.package} {report.version}".strip()) or say("the package")
    verdict: Span = ("good", say("valid")) if report.valid else ("error", say("not valid"))
    said = say(", ").join((name, counted(errors, "error"), counted(warnings, "warning")))
    yield (verdict, ("", say(": ") + said))


def plain_text(report: Report) -> str:
    """The report as text without colour."""
    lines = report_lines(report)
    return "".join("".join(text for _, text in line) + "\n" for line in lines)


def kind_name(kind: Kind) -> str:
    """A kind in words, for what is only counted: ``error type-error in targets, value``."""
    place = say(", ").join(each for each in (kind.resource, kind.field) if each)
    named = f"{say(kind.severity)} {kind.code}"
    return say("{kind} in {place}", kind=named, place=place) if place else named


def sentences(finding: Finding) -> str:
    """What is wrong and what to do, where both stand on one line."""
    return say("{message}. {hint}", message=finding.message, hint=finding.hint)


def layer_remarks(report: Report, layer: Layer) -> Iterator[str]:
    """What a layer did not look at, or in an unusual way; what it found that is the tool's own."""
    yield from (say("skipped {why}", why=why) for why in layer.skipped)
    yield from layer.notes
    codes = {kind.code for kind in report.kinds}
    if own := [each for each in layer.extensions if each in codes]:
        yield say("frictionless does not look for {codes}", codes=", ".join(own))


def _finding_lines(finding: Finding, excerpt: Excerpt | None) -> Iterator[Line]:
    column = f" {visible(finding.field)}" if finding.field else ""
    key = f" ({visible(finding.key)})" if finding.key else ""
    yield (
        ("place", visible(finding.place)),
        ("", say("{subject}: ", subject=column + key)),
        (finding.severity, f"{say(finding.severity)} {visible(finding.code)}"),
    )
    yield (("", f"    {visible(finding.message)}"),)
    if excerpt:
        yield (("dim", f"    {excerpt.line} │ "), ("", excerpt.text))
        if excerpt.width:
            gutter = f"    {' ' * len(str(excerpt.line))} │ "
            caret = " " * excerpt.start + "^" * excerpt.width
            yield (("dim", gutter), (finding.severity, caret))
    if finding.hint:
        yield (("hint", f"    → {visible(finding.hint)}"),)


def _layer_lines(report: Report, layer: Layer) -> Iterator[Line]:
    if not layer.ran:
        skipped = say("skipped: {why}", why=say("; ").join(layer.skipped))
        yield (("dim", visible(f"{layer.name:<12}  {skipped}")),)
        return
    rows = (
        counted(layer.rows, "field") if layer.name == "descriptor" else counted(layer.rows, "row")
    )
    did = say(", ").join((counted(layer.tables, "table"), rows, counted(layer.checks, "check")))
    yield (("dim", visible(f"{layer.name:<12}  {did}")),)
    for each in layer_remarks(report, layer):
        yield (("dim", f"              {visible(each)}"),)
