"""The report as GitHub workflow commands, which put findings on the lines of a pull request.

GitHub shows ten errors and ten warnings of a step. So nine of each are annotated, a tenth says
how many more there are, and the step summary lists them all.
"""

from __future__ import annotations

import os
from pathlib import Path

from ycd_opendata.validation.findings import Finding, Report, Severity

SHOWN = 9


def github_text(report: Report) -> str:
    """The workflow commands of a report, then one line with the verdict."""
    lines = []
    severities: tuple[Severity, ...] = ("error", "warning")
    for severity in severities:
        listed = [each for each in report.findings if each.severity == severity][:SHOWN]
        lines += [_command(each, report.root) for each in listed]
        if report.count(severity) > len(listed):
            more = f"{report.count(severity) - len(listed)} more {severity}s: see the step summary"
            lines.append(f"::{severity} title=ycd validate::{more}")
    lines.append(f"{'valid' if report.valid else 'not valid'}: {report.package} {report.version}")
    return "\n".join(lines) + "\n"


def summary_markdown(report: Report) -> str:
    """All findings as a Markdown table, for the step summary."""
    verdict = "valid" if report.valid else "**not valid**"
    errors, warnings = report.count("error"), report.count("warning")
    lines = [f"### {_cell(report.package)} {_cell(report.version)}: {verdict}", ""]
    lines.append(f"{errors} errors, {warnings} warnings")
    if report.findings:
        lines += [
            "",
            "| place | field | code | what is wrong | what to do |",
            "|---|---|---|---|---|",
        ]
    for each in report.findings:
        place = f"{each.path}:{each.line}" if each.line else each.path
        cells = (place, each.field or "", each.code, each.message, each.hint)
        lines.append(f"| {' | '.join(map(_cell, cells))} |")
    return "\n".join(lines) + "\n"


def _command(finding: Finding, root: str) -> str:
    folder = Path(os.path.relpath(root)).as_posix()
    file = finding.path if folder == "." else f"{folder}/{finding.path}"
    properties = [f"file={_property(file)}"]
    if finding.line:
        properties.append(f"line={finding.line}")
    properties.append(f"title={_property(finding.code)}")
    column = f"{finding.field}: " if finding.field else ""
    text = f"{column}{finding.message}. {finding.hint}"
    return f"::{finding.severity} {','.join(properties)}::{_data(text)}"


def _data(text: str) -> str:
    """Text that cannot start a workflow command of its own."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def _cell(text: str) -> str:
    """Text that is neither markup nor the end of a table cell."""
    marked = "".join(f"&#{ord(each)};" if each in "\\`*_[]<>|#&~!" else each for each in text)
    return " ".join(marked.split())
