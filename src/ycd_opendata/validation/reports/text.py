"""The report as text for a terminal: place, code, message, and what to do, for each finding."""

from __future__ import annotations

from collections.abc import Iterator

from ycd_opendata.shown import visible
from ycd_opendata.validation.findings import Finding, Layer, Report

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


def report_lines(report: Report) -> Iterator[Line]:
    """The report's lines, each of spans of text and their kind ("" is plain)."""
    for finding in report.findings:
        yield from _finding_lines(finding)
    if report.unlisted:
        yield (("dim", f"… and {sum(report.unlisted.values())} more findings"),)
    if report.findings:
        yield ()
    for layer in report.layers:
        yield _layer_line(layer)
        yield from (
            (("dim", f"              skipped {why}"),) for why in layer.skipped if layer.ran
        )
    errors, warnings = report.count("error"), report.count("warning")
    name = visible(f"{report.package} {report.version}".strip()) or "the package"
    verdict: Span = ("good", "valid") if report.valid else ("error", "not valid")
    yield (verdict, ("", f": {name}, {_count(errors, 'error')}, {_count(warnings, 'warning')}"))


def plain_text(report: Report) -> str:
    """The report as text without colour."""
    lines = report_lines(report)
    return "".join("".join(text for _, text in line) + "\n" for line in lines)


def _finding_lines(finding: Finding) -> Iterator[Line]:
    place = visible(finding.path) + (f":{finding.line}" if finding.line else "")
    column = f" {visible(finding.field)}" if finding.field else ""
    key = f" ({visible(finding.key)})" if finding.key else ""
    yield (
        ("place", place),
        ("", f"{column}{key}: "),
        (finding.severity, f"{finding.severity} {finding.code}"),
    )
    yield (("", f"    {visible(finding.message)}"),)
    if finding.hint:
        yield (("hint", f"    → {visible(finding.hint)}"),)


def _layer_line(layer: Layer) -> Line:
    if not layer.ran:
        return (("dim", f"{layer.name:<12}  skipped: {'; '.join(layer.skipped)}"),)
    row = "field" if layer.name == "descriptor" else "row"
    counts = {"table": layer.tables, row: layer.rows, "check": layer.checks}
    did = ", ".join(_count(number, what) for what, number in counts.items())
    return (("dim", f"{layer.name:<12}  {did}"),)


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"
