"""The report as SARIF 2.1.0 (OASIS), which code hosts and editors show on the lines."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from ycd_opendata.messages import say
from ycd_opendata.shown import json_text, visible
from ycd_opendata.validation.findings import Finding, Report
from ycd_opendata.validation.reports.text import kind_name, layer_remarks, sentences


def sarif_text(report: Report) -> str:
    """The report as one SARIF log with one run; what is only counted is a notification."""
    rules = list(dict.fromkeys(each.code for each in report.findings))
    notes = [
        say("{number} more of {kind}", number=number, kind=kind_name(kind))
        for kind, number in report.unlisted.items()
    ]
    notes += [
        say("{subject}: ", subject=layer.name) + each
        for layer in report.layers
        for each in layer_remarks(report, layer)
    ]
    run = {
        "tool": {
            "driver": {
                "name": "ycd validate",
                "rules": [{"id": code, "name": code} for code in rules],
            }
        },
        "invocations": [
            {
                "executionSuccessful": True,
                "toolExecutionNotifications": [
                    {"level": "note", "message": {"text": visible(each)}} for each in notes
                ],
            }
        ],
        "columnKind": "unicodeCodePoints",
        "results": [
            _result(each, rules.index(each.code), report.path_in_repository(each))
            for each in report.findings
        ],
    }
    log = {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [run],
    }
    return json_text(log)


def _result(finding: Finding, rule: int, path: str) -> dict[str, Any]:
    physical: dict[str, Any] = {"artifactLocation": {"uri": quote(path, errors="replace")}}
    if finding.line:
        physical["region"] = {"startLine": finding.line}
    location: dict[str, Any] = {"physicalLocation": physical}
    row = say("row {row}: ", row=finding.row) if finding.row and not finding.line else ""
    name = ".".join(each for each in (finding.resource, finding.field) if each)
    if name:
        location["logicalLocations"] = [{"fullyQualifiedName": visible(name)}]
    details = {name: getattr(finding, name) for name in ("row", "field", "key", "value", "hint")}
    return {
        "ruleId": finding.code,
        "ruleIndex": rule,
        "level": finding.severity,
        "message": {"text": visible((row + sentences(finding)).strip())},
        "locations": [location],
        "properties": {name: each for name, each in details.items() if each is not None},
    }
