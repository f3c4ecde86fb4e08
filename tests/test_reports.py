from __future__ import annotations

import json
from pathlib import Path

import pytest
from conftest import RunYcd
from packages import edit_json, small_tables, write_small

from ycd_opendata.shown import quoted
from ycd_opendata.validation.findings import Finding, Layer, Report
from ycd_opendata.validation.reports.github import SHOWN, github_text, summary_markdown


def report(*messages: str, severity: str = "error") -> Report:
    findings = tuple(
        Finding(
            code="some-code",
            severity="error" if severity == "error" else "warning",
            resource="t",
            path="data/t.csv",
            line=n + 2,
            row=n + 2,
            field="f",
            key="k",
            value="v",
            message=each,
            hint="mend it",
        )
        for n, each in enumerate(messages)
    )
    return Report("p", "1.0.0", "frictionless", ".", (Layer("form", True, 1, 2, 3),), findings)


def test_json_is_the_documented_object(ycd: RunYcd, small: Path) -> None:
    raw = json.loads(ycd("validate", small, "--format", "json").out)
    assert list(raw) == ["valid", "package", "version", "engine", "layers", "counts", "findings"]
    assert raw["valid"] is True
    assert (raw["package"], raw["version"], raw["engine"]) == (
        "ycd-opendata",
        "1.0.0",
        "frictionless",
    )
    assert [each["name"] for each in raw["layers"]] == ["descriptor", "form", "structure", "rules"]
    for layer in raw["layers"]:
        assert layer["ran"] is True
        assert layer["tables"] == 11
        assert layer["checks"] > 0
        assert layer["rows"] > 0
    assert raw["counts"] == {"error": 0, "warning": 0}
    assert raw["findings"] == []


def test_json_finding_has_the_documented_keys(ycd: RunYcd, tmp_path: Path) -> None:
    tables = small_tables()
    tables["targets"][0]["value"] = "many"
    folder = write_small(tmp_path, tables)
    result = ycd("validate", folder, "--format", "json")
    [finding] = json.loads(result.out)["findings"]
    assert result.code == 1
    assert finding == {
        "code": "type-error",
        "severity": "error",
        "resource": "targets",
        "path": "data/targets.csv",
        "line": 2,
        "row": 2,
        "field": "value",
        "key": "zj-2022-a-factories",
        "value": "many",
        "message": '"many" is not of type number',
        "hint": "expected a number with a point, such as 12.5",
    }


def test_text_names_place_problem_and_remedy(ycd: RunYcd, tmp_path: Path) -> None:
    tables = small_tables()
    tables["targets"][0]["region_id"] = "CN-XX"
    result = ycd("validate", write_small(tmp_path, tables))
    assert result.code == 1
    assert result.out.splitlines()[:3] == [
        "data/targets.csv:2 region_id (zj-2022-a-factories): error foreign-key",
        "    \"CN-XX\" is no region_id in the table 'regions'",
        "    → correct the spelling, or add the record to 'regions'",
    ]
    assert result.out.splitlines()[-1] == "not valid: ycd-opendata 1.0.0, 1 error, 0 warnings"


def test_a_valid_package_says_what_was_checked(ycd: RunYcd, small: Path) -> None:
    lines = ycd("validate", small).out.splitlines()
    assert lines[-1] == "valid: ycd-opendata 1.0.0, 0 errors, 0 warnings"
    assert [line.split()[0] for line in lines[:4]] == ["descriptor", "form", "structure", "rules"]


def test_skipped_layers_are_said_to_be_skipped(ycd: RunYcd, small: Path) -> None:
    (small / "schemas/dates.json").unlink()
    raw = json.loads(ycd("validate", small, "--format", "json").out)
    assert [each["ran"] for each in raw["layers"]] == [True, False, False, False]
    assert all(each["skipped"] for each in raw["layers"][1:])


def test_report_goes_into_a_file(ycd: RunYcd, small: Path, tmp_path: Path) -> None:
    result = ycd("validate", small, "--format", "json", "--output", tmp_path / "r.json")
    assert (result.code, result.out) == (0, "")
    assert json.loads((tmp_path / "r.json").read_text("utf-8"))["valid"] is True


def test_max_findings_lists_fewer_and_counts_all(ycd: RunYcd, tmp_path: Path) -> None:
    tables = small_tables()
    for row in tables["targets"]:
        row["strength"] = "no-such-strength"
    folder = write_small(tmp_path, tables)
    raw = json.loads(ycd("validate", folder, "--format", "json", "--max-findings", "2").out)
    assert (len(raw["findings"]), raw["counts"]["error"]) == (2, 5)
    assert "… and 3 more findings" in ycd("validate", folder, "--max-findings", "2").out


def test_github_shows_nine_and_says_how_many_more() -> None:
    lines = github_text(report(*("wrong",) * 12)).splitlines()
    assert len([line for line in lines if line.startswith("::error file=")]) == SHOWN
    assert lines[0] == "::error file=data/t.csv,line=2,title=some-code::f: wrong. mend it"
    assert lines[SHOWN] == "::error title=ycd validate::3 more errors: see the step summary"
    assert summary_markdown(report(*("wrong",) * 12)).count("some-code") == 12


def test_github_warnings_are_warnings() -> None:
    assert github_text(report("odd", severity="warning")).startswith("::warning file=")


@pytest.mark.parametrize("text", ["a\n::error::b", "a\r::set-output name=x::y", "100%0A::error::z"])
def test_text_from_data_starts_no_workflow_command(text: str) -> None:
    lines = github_text(report(text)).split("\n")
    assert [line[:7] for line in lines if line.startswith("::")] == ["::error"]
    assert "\r" not in "".join(lines)


@pytest.mark.parametrize("text", ["<script>x</script>", "a|b", "[x](javascript:y)", "`x`", "a\nb"])
def test_text_from_data_is_no_markup(text: str) -> None:
    [row] = [line for line in summary_markdown(report(text)).splitlines() if "some-code" in line]
    assert row.count("|") == 6
    assert not set("<[`") & set(row)


def test_step_summary_is_written(
    ycd: RunYcd, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tables = small_tables()
    tables["targets"][0]["value"] = "many"
    folder = write_small(tmp_path, tables)
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "summary.md"))
    monkeypatch.chdir(folder)
    result = ycd("validate", ".", "--format", "github")
    assert result.out.startswith("::error file=data/targets.csv,line=2,title=type-error::value: ")
    assert "type-error" in (tmp_path / "summary.md").read_text("utf-8")


def test_control_characters_are_shown_and_not_sent(ycd: RunYcd, tmp_path: Path) -> None:
    assert quoted("a\x1b[31mb\u200b") == '"a\\x1b[31mb\\u200b"'
    assert quoted("长" * 100) == f'"{"长" * 80}…"'
    tables = small_tables()
    tables["sources"][1]["kind"] = "\x1b[2J"
    tables["sources"][1]["source_id"] = "zj-\x1b[31m"
    folder = write_small(tmp_path, tables)
    edit_json(folder / "datapackage.json", lambda raw: raw.update({"titel\x1b[1m": "\x1b[0m"}))
    edit_json(folder / "schemas/dates.json", lambda raw: raw.update({"\x1bnew": 1}))
    result = ycd("validate", folder)
    assert result.code == 1
    assert "\\x1b" in result.out
    assert "\x1b" not in result.out
