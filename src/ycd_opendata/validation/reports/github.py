"""The report as GitHub workflow commands, which put findings on the lines of a pull request.

GitHub shows ten errors and ten warnings of a step. So nine of each are annotated, a tenth says
how many more there are, and the step summary lists them all.
"""

from __future__ import annotations

from collections.abc import Mapping

from ycd_opendata.messages import mark, say
from ycd_opendata.shown import visible, writable
from ycd_opendata.validation.findings import Finding, Report, Severity
from ycd_opendata.validation.reports.text import sentences, told_once

SHOWN = 9

_MORE: Mapping[Severity, str] = {
    "error": mark("{number} more errors: see the step summary"),
    "warning": mark("{number} more warnings: see the step summary"),
}


def github_text(report: Report) -> str:
    """The workflow commands of a report, then one line with the verdict."""
    lines, once = [], told_once(report)
    severities: tuple[Severity, ...] = ("error", "warning")
    for severity in severities:
        listed = [each for each in once.findings if each.severity == severity][:SHOWN]
        lines += [_command(each, report.path_in_repository(each)) for each in listed]
        if once.count(severity) > len(listed):
            number = once.count(severity) - len(listed)
            more = say(_MORE[severity], number=number)
            lines.append(f"::{severity} title=ycd validate::{more}")
    said = say("valid") if report.valid else say("not valid")
    verdict = f"{said}{say(': ')}{report.package} {report.version}"
    lines.append(visible(verdict).replace("##[", "# #["))  # an older form of command
    return writable("\n".join(lines)) + "\n"


def _command(finding: Finding, file: str) -> str:
    properties = [f"file={_property(file)}"]
    if finding.line:
        properties.append(f"line={finding.line}")
    properties.append(f"title={_property(finding.code)}")
    column = say("{subject}: ", subject=finding.field) if finding.field else ""
    row = say("row {row}, ", row=finding.row) if finding.row and not finding.line else ""
    text = row + column + sentences(finding)
    return f"::{finding.severity} {','.join(properties)}::{_data(text)}"


def _data(text: str) -> str:
    """Text that cannot start a workflow command of its own."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
