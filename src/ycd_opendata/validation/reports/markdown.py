"""The report as Markdown: a table of the findings, and what each layer did."""

from __future__ import annotations

from ycd_opendata.messages import say
from ycd_opendata.shown import markdown
from ycd_opendata.validation.findings import Report
from ycd_opendata.validation.reports.text import kind_name, layer_remarks, told_once

STEP_SUMMARY_SIZE = 900_000
"""GitHub refuses a step summary of more than 1 MiB."""


def markdown_text(report: Report, size: int | None = None) -> str:
    """All findings as a table, or as many as fit into ``size`` bytes, and the number of others."""
    verdict = say("valid") if report.valid else f"**{say('not valid')}**"
    errors, warnings = report.count("error"), report.count("warning")
    lines = [f"### {markdown(report.package)} {markdown(report.version)}{say(': ')}{verdict}", ""]
    lines.append(say("{errors} errors, {warnings} warnings", errors=errors, warnings=warnings))
    if report.findings:
        lines += [
            "",
            f"| {say('place')} | {say('field')} | {say('code')} | {say('what is wrong')} "
            f"| {say('what to do')} |",
            "|---|---|---|---|---|",
        ]
    used = left_out = 0
    for each in told_once(report).findings:
        cells = (each.place, each.field or "", each.code, each.message, each.hint)
        line = f"| {' | '.join(map(markdown, cells))} |"
        used += len(line.encode("utf-8", "replace")) + 1
        if size is not None and used > size:
            left_out += 1
        else:
            lines.append(line)
    if left_out:
        lines += ["", say("… and {left_out} more findings", left_out=left_out)]
    if report.unlisted:
        kinds = list(report.unlisted.items())[:100]
        lines += ["", say("Not listed:"), ""]
        lines += [
            say("- {number} of {kind}", number=number, kind=markdown(kind_name(kind)))
            for kind, number in kinds
        ]
        if len(report.unlisted) > len(kinds):
            lines.append(
                say("- and of {unlisted} more kinds", unlisted=len(report.unlisted) - len(kinds))
            )
    remarks = [
        (layer.name, each) for layer in report.layers for each in layer_remarks(report, layer)
    ]
    if remarks:
        lines += ["", *(f"- {markdown(name)}{say(': ')}{markdown(each)}" for name, each in remarks)]
    return "\n".join(lines) + "\n"
