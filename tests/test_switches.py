"""Codes that an owner switches off or makes a warning: in the report, and in the exit code."""

from __future__ import annotations

import ast
import json
from pathlib import Path
from typing import Any

import frictionless
import pytest
from conftest import RunYcd
from packages import ROOT, describe, edit_json

from ycd_opendata.validation.findings import LAYERS
from ycd_opendata.validation.run import validate
from ycd_opendata.validation.switches import NOT_READ, STANDARD_CODES, layer_of

SOURCE = ROOT / "src" / "ycd_opendata"


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """One table with a text that is untidy, one that is too long and a number that is none."""
    fields = [
        {"name": "name", "type": "string", "constraints": {"maxLength": 3}},
        {"name": "size", "type": "integer"},
    ]
    describe(tmp_path, [{"name": "t", "path": "t.csv", "schema": {"fields": fields}}])
    (tmp_path / "t.csv").write_text("name,size\na ,1\nlong,2\nb,x\n", encoding="utf-8")
    return tmp_path


def ask(package: Path, text: str) -> None:
    (package / "ycd.toml").write_text(text, encoding="utf-8")


def found(package: Path, **options: Any) -> list[tuple[str, str]]:
    return [(each.code, each.severity) for each in validate(package, **options).findings]


ALL = [("untidy-text", "warning"), ("constraint-error", "error"), ("type-error", "error")]


def test_without_settings_everything_is_found(package: Path) -> None:
    assert found(package) == ALL
    ask(package, "")
    assert found(package) == ALL


@pytest.mark.parametrize("engine", ["fast", "frictionless"])
def test_off_and_warnings(package: Path, engine: str) -> None:
    ask(package, '[validate]\noff = ["type-error", "untidy-text"]\nwarnings = ["constraint-error"]')
    report = validate(package, engine)
    assert [(each.code, each.severity) for each in report.findings] == [
        ("constraint-error", "warning")
    ]
    assert report.valid
    [structure] = [each for each in report.layers if each.name == "structure"]
    assert structure.skipped == (
        "type-error: off in ycd.toml, 1 finding left out",
        "untidy-text: off in ycd.toml",
    )
    assert structure.notes[-1] == "constraint-error is a warning here, by ycd.toml"
    assert "untidy-text" not in structure.extensions


def test_exit_code_and_what_is_said(package: Path, ycd: RunYcd) -> None:
    assert ycd("validate", package).code == 1
    ask(package, '[validate]\noff = ["type-error"]\nwarnings = ["constraint-error"]\n')
    result = ycd("validate", package)
    assert result.code == 0
    assert "skipped type-error: off in ycd.toml, 1 finding left out" in result.out
    assert "valid: p, 0 errors, 2 warnings" in result.out
    report = json.loads(ycd("validate", package, "--format", "json").out)
    assert report["valid"]
    assert report["counts"] == {"error": 0, "warning": 2}


def test_what_is_only_counted_is_switched_too(package: Path) -> None:
    ask(package, '[validate]\noff = ["type-error"]\nwarnings = ["constraint-error"]\n')
    report = validate(package, max_findings=0)
    assert (report.count("error"), report.count("warning")) == (0, 2)


def test_what_is_off_takes_no_place_in_the_list(package: Path) -> None:
    rows = "b,x\n" * 50 + "long,1\n"
    (package / "t.csv").write_text(f"name,size\n{rows}", encoding="utf-8")
    ask(package, '[validate]\noff = ["type-error"]\n')
    assert found(package, max_findings=5) == [("constraint-error", "error")]


def test_keys_that_are_off_take_no_place_either(package: Path) -> None:
    def add(raw: dict[str, Any]) -> None:
        schema = raw["resources"][0]["schema"]
        schema |= {"primaryKey": ["size"], "uniqueKeys": [["name"]]}

    edit_json(package / "datapackage.json", add)
    (package / "t.csv").write_text("name,size\n" + "a,1\n" * 50, encoding="utf-8")
    ask(package, '[validate]\noff = ["unique-keys"]\n')
    report = validate(package, max_findings=5)
    assert {each.code for each in report.findings} == {"primary-key"}
    assert len(report.findings) == 5
    assert report.count("error") == 49


@pytest.mark.parametrize("code", sorted(NOT_READ))
@pytest.mark.parametrize("key", ["off", "warnings"])
def test_what_was_not_read_is_never_valid(package: Path, code: str, key: str) -> None:
    (package / "t.csv").unlink()
    ask(package, f'[validate]\n{key} = ["{code}", "scheme-error"]\n')
    report = validate(package)
    assert not report.valid
    assert [each.code for each in report.findings if each.code == "scheme-error"]


@pytest.mark.parametrize(
    ("text", "line", "message", "hint"),
    [
        ('off = ["untidy-txt"]', 2, "unknown code 'untidy-txt'", "did you mean 'untidy-text'"),
        ('off = ["x",\n"type-errors"]', 3, "unknown code 'type-errors'", "'type-error'"),
        ('warnings = ["schema-error"]', 2, '"schema-error" cannot be a warning', "never valid"),
        ('off = ["type-error"]\nwarnings = ["type-error"]', 3, '"type-error" is off', "one of"),
        ('oof = ["type-error"]', 2, "validate.oof is no key", "'off'"),
        ('[[site.lists]]\ntable = "T"', 3, "unknown table 'T'", "known: t"),
        ('[[site.lists]]\ntable = "t"\nfilters = ["nam"]', 4, "of t 'nam'", "mean 'name'"),
        (
            '[[site.pictures]]\ntable = "t"\nkind = "bars"\nx = "name"\ny = "sise"',
            6,
            "unknown field of t 'sise'",
            "did you mean 'size'",
        ),
        (
            '[[site.pictures]]\ntable = "t"\nkind = "bars"\nx = "size"\ny = "name"',
            6,
            '"name" holds no numbers',
            "number or integer",
        ),
        (
            '[[site.pictures]]\ntable = "t"\nkind = "lines"\nx = "name"\ny = "size"',
            5,
            '"name" holds no dates, along which lines are',
            'kind = "bars"',
        ),
    ],
)
def test_slip_in_the_settings(package: Path, text: str, line: int, message: str, hint: str) -> None:
    ask(package, f"[validate]\n{text}\n")
    report = validate(package)
    slips = [each for each in report.findings if each.code == "settings-error"]
    assert [(each.path, each.line, each.severity) for each in slips][-1] == (
        "ycd.toml",
        line,
        "error",
    )
    assert message in slips[-1].message
    assert hint in slips[-1].hint
    assert {"constraint-error"} <= {each.code for each in report.findings}


def test_own_rules_are_known_codes(small: Path) -> None:
    ask(small, '[validate]\noff = ["formula-cell", "ends-before-start"]\n')
    assert not [each for each in validate(small).findings if each.code == "settings-error"]
    ask(small, '[validate]\noff = ["formula-cells"]\n')
    [slip] = [each for each in validate(small).findings if each.code == "settings-error"]
    assert "'formula-cell'" in slip.hint


def test_every_code_of_frictionless_that_speaks_of_tables_is_known() -> None:
    def subclasses(kind: type[frictionless.Error]) -> set[str]:
        return {kind.type}.union(*map(subclasses, kind.__subclasses__()))

    # What frictionless makes of checks, steps, reports and files that nobody here asks it for.
    others = """ascii-value catalog-error cell-error check-error checklist-error data-error
        dataset-error detector-error deviated-cell deviated-value duplicate-row error file-error
        forbidden-value header-error inquiry-error inquiry-task-error label-error metadata-error
        pipeline-error report-error report-task-error required-value row-constraint row-error
        sequential-value stats-error step-error table-dimensions table-error truncated-value"""
    assert subclasses(frictionless.Error) - {*others.split()} <= STANDARD_CODES


def test_every_code_of_ours_is_known() -> None:
    said = {
        code.value
        for path in (SOURCE / "validation").rglob("*.py")
        for call in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(call, ast.Call)
        and ast.unparse(call.func) in ("Finding", "descriptor_finding")
        for code in (*(each.value for each in call.keywords if each.arg == "code"), *call.args[2:3])
        if isinstance(code, ast.Constant)
    }
    assert len(said) > 8
    assert said <= STANDARD_CODES
    assert {layer_of(each) for each in STANDARD_CODES - NOT_READ} == {*LAYERS}
    assert layer_of("periods-run-forward") == "rules"
