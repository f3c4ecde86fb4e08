"""What has one cause told once to people; programs are given every finding."""

from __future__ import annotations

from dataclasses import replace

from ycd_opendata.messages import say
from ycd_opendata.shown import quoted
from ycd_opendata.validation.findings import Finding, Kind, Report
from ycd_opendata.validation.structure.explanations import CHANGED_DATES

_EXAMPLES = 3


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
    examples = ", ".join(map(quoted, values[:_EXAMPLES]))
    message = say(
        "{number:,} dates are as a spreadsheet shows them, such as {examples}",
        number=len(findings),
        examples=examples,
    )
    return replace(findings[0], message=message)
