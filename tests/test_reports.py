from __future__ import annotations

import errno
import json
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import RunYcd
from packages import SMALL, edit_json, make_foreign, small_tables, write_small

from ycd_opendata.shown import quoted
from ycd_opendata.validation.findings import Finding, Kind, Layer, Report
from ycd_opendata.validation.reports import FORMATS, written
from ycd_opendata.validation.reports.github import SHOWN, github_text
from ycd_opendata.validation.reports.markdown import markdown_text
from ycd_opendata.validation.reports.text import EXAMPLES, plain_text


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
    assert (raw["package"], raw["version"], raw["engine"]) == ("ycd-opendata", "1.0.0", "fast")
    assert [each["name"] for each in raw["layers"]] == ["descriptor", "form", "structure", "rules"]
    for layer in raw["layers"]:
        assert layer["ran"] is True
        assert layer["tables"] == len(SMALL)
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
    assert result.out.splitlines()[:5] == [
        "data/targets.csv:2 region_id (zj-2022-a-factories): error foreign-key",
        "    \"CN-XX\" is no region_id in the table 'regions'",
        "    2 │ zj-2022-a-factories,CN-XX,zj-2022-works,factories,ge,15,,,2022,,,not_stated,,"
        "yrd-article-…",
        "      │                     ^^^^^",
        "    → correct the spelling, or add the record to 'regions'",
    ]
    assert result.out.splitlines()[-1] == "not valid: ycd-opendata 1.0.0, 1 error, 0 warnings"


def test_a_valid_package_says_what_was_checked(ycd: RunYcd, small: Path) -> None:
    lines = ycd("validate", small).out.splitlines()
    assert lines[-1] == "valid: ycd-opendata 1.0.0, 0 errors, 0 warnings"
    layers = [line.split()[0] for line in lines[:-1] if not line.startswith(" ")]
    assert layers == ["descriptor", "form", "structure", "rules"]


def test_skipped_layers_are_said_to_be_skipped(ycd: RunYcd, small: Path) -> None:
    edit_json(small / "datapackage.json", lambda raw: raw.update(licenses=[{}]))
    raw = json.loads(ycd("validate", small, "--format", "json").out)
    assert [each["ran"] for each in raw["layers"]] == [True, False, False, False]
    assert all(each["skipped"] for each in raw["layers"][1:])


def test_report_goes_into_a_file(ycd: RunYcd, tiny: Path, tmp_path: Path) -> None:
    result = ycd("validate", tiny, "--format", "json", "--output", tmp_path / "r.json")
    assert (result.code, result.out) == (0, "")
    assert json.loads((tmp_path / "r.json").read_text("utf-8"))["valid"] is True


def test_a_report_that_cannot_be_written_leaves_the_one_before(
    ycd: RunYcd, tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    report, link = tmp_path / "r.txt", tmp_path / "link.txt"
    report.write_text("before", "utf-8")
    link.symlink_to(report)
    with monkeypatch.context() as patch:
        patch.setattr("os.fsync", refuse)
        assert ycd("validate", tiny, "--output", link).code == 2
    assert report.read_text("utf-8") == "before"
    assert ycd("validate", tiny, "--output", link).code == 0
    assert "valid: " in report.read_text("utf-8")
    assert link.is_symlink()
    assert ycd("validate", tiny, "--output", "/dev/null").code == 0
    assert {each.name for each in tmp_path.iterdir()} == {"tiny", "r.txt", "link.txt"}


def test_max_findings_lists_fewer_and_counts_all(ycd: RunYcd, tmp_path: Path) -> None:
    tables = small_tables()
    for row in tables["targets"]:
        row["strength"] = "no-such-strength"
    folder = make_foreign(write_small(tmp_path, tables), "without-rules")
    raw = json.loads(ycd("validate", folder, "--format", "json", "--max-findings", "2").out)
    assert (len(raw["findings"]), raw["counts"]["error"]) == (2, 5)
    rest = "… and 3 more of error constraint-error in targets, strength"
    assert rest in ycd("validate", folder, "--max-findings", "2").out


def test_github_shows_nine_and_says_how_many_more() -> None:
    lines = github_text(report(*("wrong",) * 12)).splitlines()
    assert len([line for line in lines if line.startswith("::error file=")]) == SHOWN
    assert lines[0] == "::error file=data/t.csv,line=2,title=some-code::f: wrong. mend it"
    assert lines[SHOWN] == "::error title=ycd validate::3 more errors: see the step summary"
    assert markdown_text(report(*("wrong",) * 12)).count("some-code") == 12


def test_github_warnings_are_warnings() -> None:
    assert github_text(report("odd", severity="warning")).startswith("::warning file=")


@pytest.mark.parametrize("text", ["a\n::error::b", "a\r::set-output name=x::y", "100%0A::error::z"])
def test_text_from_data_starts_no_workflow_command(text: str) -> None:
    lines = github_text(report(text)).split("\n")
    assert [line[:7] for line in lines if line.startswith("::")] == ["::error"]
    assert "\r" not in "".join(lines)


@pytest.mark.parametrize("text", ["<script>x</script>", "a|b", "[x](javascript:y)", "`x`", "a\nb"])
def test_text_from_data_is_no_markup(text: str) -> None:
    [row] = [line for line in markdown_text(report(text)).splitlines() if "some-code" in line]
    assert row.count("|") == 6
    assert not set("<[`") & set(row)


def test_step_summary_is_written(
    ycd: RunYcd, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tables = small_tables()
    tables["targets"][0]["value"] = "many"
    folder = make_foreign(write_small(tmp_path, tables), "without-rules")
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
    folder = make_foreign(write_small(tmp_path, tables), "without-rules")
    edit_json(folder / "datapackage.json", lambda raw: raw.update({"titel\x1b[1m": "\x1b[0m"}))
    edit_json(folder / "schemas/dates.json", lambda raw: raw.update({"\x1bnew": 1}))
    result = ycd("validate", folder)
    assert result.code == 1
    assert "\\x1b" in result.out
    assert "\x1b" not in result.out


def test_text_shows_the_first_of_each_kind_and_counts_the_rest() -> None:
    many = report(*(f"wrong {n}" for n in range(EXAMPLES + 3)))
    other = Kind("warning", "odd", "u", None)
    lone = other._replace(resource="v")
    full = replace(many, unlisted={many.findings[0].kind: 10, other: 4, lone: 1})
    text = plain_text(full)
    assert text.count("    wrong") == EXAMPLES
    assert "… and 13 more of error some-code in t, f\n" in text
    assert "… and 4 findings of warning odd in u\n" in text
    assert "… and 1 finding of warning odd in v\n" in text
    assert text.endswith("not valid: p 1.0.0, 18 errors, 5 warnings\n")


def test_kinds_that_are_mixed_are_shown_together() -> None:
    first, second, third = report("one", "two", "three").findings
    mixed = replace(report(), findings=(first, replace(second, code="b-code"), third))
    lines = [line for line in plain_text(mixed).splitlines() if line.startswith("    ")]
    assert [line.strip() for line in lines if "→" not in line] == ["one", "three", "two"]


@pytest.mark.parametrize("name", ["text", "markdown", "junit", "sarif", "json"])
def test_every_format_says_how_the_tables_were_looked_at(name: str) -> None:
    own = ("some-code", "own-check")
    layer = Layer("structure", True, 1, 2, 3, ("u: no schema",), ("t: by hand",), own)
    text = written(replace(report("wrong"), layers=(layer,)), name)
    for each in ("u: no schema", "t: by hand", "some-code"):
        assert each in text
    # To people, what is beyond frictionless is told of where there is some.
    assert ("own-check" in text) == (name == "json")
    assert ("does not look for" in text) == (name != "json")


@pytest.mark.parametrize("name", ["text", "markdown", "junit", "sarif"])
def test_no_format_sends_control_characters(name: str) -> None:
    hostile = report("a\x1b[2J\x00\ud800\ufffe", "]]><x>&")
    text = written(replace(hostile, package="\x1b]0;p", version="\x9b"), name)
    assert all(each.isprintable() or each == "\n" for each in text)
    text.encode("utf-8")


def test_markdown_stays_within_a_size_and_counts_the_rest() -> None:
    text = markdown_text(report(*("wrong",) * 100), 1_000)
    rows = text.count("| some-code |")
    assert 0 < rows < 100
    assert len(text.encode()) < 1_500
    assert f"… and {100 - rows} more findings" in text


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_can_be_written_whatever_the_descriptor_holds(name: str) -> None:
    text = written(replace(report("a\ud800"), package="p\udfff"), name)
    text.encode("utf-8")
    if name == "json":
        assert json.loads(text)["package"] == "p\\udfff"
