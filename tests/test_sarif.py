from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from conftest import RunYcd
from packages import small_tables, write_small
from pydantic import ValidationError

from ycd_opendata.validation.findings import Finding, Kind, Layer, Report
from ycd_opendata.validation.reports.sarif import sarif_text


def hold_to_the_standard(log: dict[str, Any]) -> None:
    """Fail if a log is no SARIF; the model takes half a second to load, so only who asks does."""
    from pydantic_sarif.model import StaticAnalysisResultsFormatSarifVersion210JsonSchema as Sarif

    Sarif.model_validate(log)


def log_of(*findings: Finding, **others: Any) -> dict[str, Any]:
    layers = (Layer("rules", False, skipped=("no ground",)),)
    raw: dict[str, Any] = json.loads(
        sarif_text(Report("p", "1", "fast", ".", layers, findings, **others))
    )
    return raw


def finding(code: str = "type-error", path: str = "data/a b.csv") -> Finding:
    return Finding(
        code=code,
        severity="error",
        resource="t",
        path=path,
        line=3,
        row=3,
        field="f",
        value="x",
        message="wrong",
        hint="mend it",
    )


def test_log_of_a_faulty_package_is_sarif(ycd: RunYcd, tmp_path: Path) -> None:
    tables = small_tables()
    tables["targets"][0]["value"] = "many"
    result = ycd("validate", write_small(tmp_path, tables), "--format", "sarif")
    assert result.code == 1
    log = json.loads(result.out)
    hold_to_the_standard(log)
    [found] = log["runs"][0]["results"]
    assert (found["ruleId"], found["level"]) == ("type-error", "error")
    assert found["locations"][0]["physicalLocation"]["region"] == {"startLine": 2}


def test_rules_places_and_what_is_only_counted() -> None:
    log = log_of(finding(), finding("own"), finding(), unlisted={Kind("error", "own", "t", "f"): 7})
    hold_to_the_standard(log)
    [run] = log["runs"]
    assert [each["id"] for each in run["tool"]["driver"]["rules"]] == ["type-error", "own"]
    assert [each["ruleIndex"] for each in run["results"]] == [0, 1, 0]
    [place] = run["results"][0]["locations"]
    assert place["physicalLocation"]["artifactLocation"]["uri"] == "data/a%20b.csv"
    assert place["logicalLocations"] == [{"fullyQualifiedName": "t.f"}]
    [invocation] = run["invocations"]
    assert [each["message"]["text"] for each in invocation["toolExecutionNotifications"]] == [
        "7 more of error own in t, f",
        "rules: skipped no ground",
    ]


def test_an_empty_report_is_sarif() -> None:
    hold_to_the_standard(log_of())


@pytest.mark.parametrize(
    ("key", "value"), [("level", "fatal"), ("message", None), ("ruleIndex", "first"), ("own", 1)]
)
def test_control_a_broken_log_is_refused(key: str, value: Any) -> None:
    log = log_of(finding())
    log["runs"][0]["results"][0][key] = value
    with pytest.raises(ValidationError):
        hold_to_the_standard(log)
