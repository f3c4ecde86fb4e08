"""The report as JUnit XML, which build servers show: a case for each layer and kind of finding."""

from __future__ import annotations

from xml.etree import ElementTree

from ycd_opendata.messages import say
from ycd_opendata.shown import visible
from ycd_opendata.validation.findings import Finding, Kind, Report
from ycd_opendata.validation.reports.text import layer_remarks


def junit_text(report: Report) -> str:
    """The report as one ``testsuite``; an error is a failure, a warning a case that passes."""
    name = visible(f"{report.package} {report.version}".strip()) or "package"
    listed: dict[Kind, list[Finding]] = {}
    for each in report.findings:
        listed.setdefault(each.kind, []).append(each)
    kinds = report.kinds
    counts = {
        "tests": str(len(kinds) + len(report.layers)),
        "failures": str(sum(kind.severity == "error" for kind in kinds)),
        "errors": "0",
        "skipped": str(sum(not layer.ran for layer in report.layers)),
    }
    top = ElementTree.Element("testsuites", {"name": "ycd validate", **counts})
    suite = ElementTree.SubElement(top, "testsuite", {"name": name, **counts})
    for layer in report.layers:
        case = ElementTree.SubElement(
            suite, "testcase", classname="layers", name=visible(layer.name)
        )
        remarks = [visible(each) for each in layer_remarks(report, layer)]
        if not layer.ran:
            ElementTree.SubElement(case, "skipped", message=say("; ").join(remarks))
        elif remarks:
            ElementTree.SubElement(case, "system-out").text = "\n".join(remarks)
    for kind, number in kinds.items():
        _add_case(suite, kind, number, listed.get(kind, []))
    ElementTree.indent(top)
    return ElementTree.tostring(top, encoding="unicode", xml_declaration=False) + "\n"


def _add_case(suite: ElementTree.Element, kind: Kind, number: int, findings: list[Finding]) -> None:
    lines = []
    for each in findings:
        key = f" ({each.key})" if each.key else ""
        lines.append(visible(f"{each.place}{key}{say(': ')}{each.message} → {each.hint}"))
    if number > len(findings):
        lines.append(say("… and {number} more", number=number - len(findings)))
    case = ElementTree.SubElement(
        suite,
        "testcase",
        classname=visible(kind.resource) or "descriptor",
        name=visible(f"{kind.code} {kind.field or ''}".strip()),
    )
    if kind.severity == "error":
        problem = ElementTree.SubElement(
            case, "failure", type=visible(kind.code), message=visible(f"{number} × {kind.code}")
        )
    else:
        problem = ElementTree.SubElement(case, "system-out")
    problem.text = "\n".join(lines)
