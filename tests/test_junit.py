from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

from conftest import RunYcd

from ycd_opendata.validation.findings import Finding, Kind, Layer, Report
from ycd_opendata.validation.reports.junit import junit_text


def finding(message: str, **others: str) -> Finding:
    return Finding(
        code=others.get("code", "type-error"),
        severity="warning" if "code" in others else "error",
        resource="t",
        path="t.csv",
        line=2,
        field="f",
        message=message,
        hint="mend it",
    )


def test_each_kind_is_a_case_and_each_error_a_failure() -> None:
    first = finding("one <&]]>")
    layers = (Layer("form", True, 1, 2, 3), Layer("rules", False, skipped=("no ground",)))
    findings = (first, finding("two"), finding("odd", code="own"))
    unlisted = {first.kind: 5, Kind("error", "foreign-key", "u", None): 1}
    report = Report("p", "1", "fast", ".", layers, findings, unlisted)
    top = ElementTree.fromstring(junit_text(report))
    [suite] = top
    assert suite.attrib == {
        "name": "p 1",
        "tests": "5",
        "failures": "2",
        "errors": "0",
        "skipped": "1",
    }
    assert len(suite.findall("testcase")) == 5
    assert len(suite.findall("testcase/failure")) == 2
    assert len(suite.findall("testcase/skipped")) == 1
    failure = suite.find("testcase[@name='type-error f']/failure")
    assert failure is not None
    assert failure.attrib == {"type": "type-error", "message": "7 × type-error"}
    assert (failure.text or "").splitlines() == [
        "t.csv:2: one <&]]> → mend it",
        "t.csv:2: two → mend it",
        "… and 5 more",
    ]
    warning = suite.find("testcase[@name='own f']")
    assert warning is not None
    assert [each.tag for each in warning] == ["system-out"]


def test_a_valid_package_has_no_failure(ycd: RunYcd, small: Path, tmp_path: Path) -> None:
    result = ycd("validate", small, "--format", "junit", "--output", tmp_path / "r.xml")
    assert result.code == 0
    top = ElementTree.parse(tmp_path / "r.xml").getroot()
    assert top.get("failures") == "0"
    assert [each.get("name") for each in top.iter("testcase")] == [
        "descriptor",
        "form",
        "structure",
        "rules",
    ]
