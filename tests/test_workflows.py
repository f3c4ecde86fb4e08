"""The GitHub workflows, looked at offline by linters that are shown a broken one too."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from packages import ROOT

FOLDER = ROOT / ".github" / "workflows"
WORKFLOWS = sorted(FOLDER.glob("*.yml"))
BIN = Path(sys.executable).parent


def lint(*command: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, capture_output=True, check=False, text=True)


def schema_lint(*paths: Path) -> subprocess.CompletedProcess[str]:
    return lint(BIN / "check-jsonschema", "--builtin-schema", "vendor.github-workflows", *paths)


def security_lint(*paths: Path) -> subprocess.CompletedProcess[str]:
    return lint(BIN / "zizmor", "--offline", "--no-config", *paths)


def parsed(name: str) -> dict[Any, Any]:
    value: dict[Any, Any] = yaml.safe_load((FOLDER / name).read_text("utf-8"))
    return value


def test_there_are_four() -> None:
    names = [path.name for path in WORKFLOWS]
    assert names == ["data.yml", "fuzz.yml", "release.yml", "test.yml"]


def test_random_examples_are_tried_on_a_schedule() -> None:
    workflow = parsed("fuzz.yml")
    assert workflow[True]["schedule"]  # YAML reads the key "on" as true
    assert workflow["jobs"]["fuzz"]["steps"][-1]["run"] == "make fuzz"


def test_they_follow_the_schema() -> None:
    found = schema_lint(*WORKFLOWS)
    assert found.returncode == 0, found.stdout


def test_they_have_no_known_weakness() -> None:
    found = security_lint(*WORKFLOWS)
    assert found.returncode == 0, found.stdout


def test_the_schema_linter_finds_a_broken_workflow(tmp_path: Path) -> None:
    broken = tmp_path / "test.yml"
    broken.write_text(WORKFLOWS[-1].read_text("utf-8").replace("runs-on:", "run-on:", 1), "utf-8")
    found = schema_lint(*WORKFLOWS[:-1], broken)
    assert found.returncode != 0
    assert "'runs-on' is a required property" in found.stdout


def test_the_security_linter_finds_a_weak_workflow(tmp_path: Path) -> None:
    weak = tmp_path / ".github" / "workflows" / "test.yml"
    weak.parent.mkdir(parents=True)
    text = WORKFLOWS[-1].read_text("utf-8")
    weak.write_text(text.replace("run: make test", 'run: echo "${{ github.head_ref }}"'), "utf-8")
    found = security_lint(*WORKFLOWS[:-1], weak)
    assert found.returncode != 0
    assert "template-injection" in found.stdout


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_permissions_are_given_job_by_job(path: Path) -> None:
    workflow = parsed(path.name)
    assert workflow["permissions"] == {}
    assert all(
        "permissions" in job and "timeout-minutes" in job for job in workflow["jobs"].values()
    )


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_actions_are_pinned_to_a_commit_with_its_version(path: Path) -> None:
    uses = re.findall(r"uses: (.*)", path.read_text("utf-8"))
    assert uses
    assert all(re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", each) for each in uses)


def test_the_data_workflow_watches_the_data() -> None:
    workflow = parsed("data.yml")
    triggers = workflow[True]  # YAML reads the key "on" as true
    for trigger in ("pull_request", "push"):
        assert triggers[trigger]["paths"] == ["data/**", "schemas/**", "datapackage.json"]
    steps = [step.get("run", "") for step in workflow["jobs"]["validate"]["steps"]]
    assert "ycd format . --check" in steps
    assert "ycd validate . --format github" in steps


def test_the_test_workflow_runs_on_every_supported_python() -> None:
    classifiers = re.findall(r":: (3\.\d+)\"", (ROOT / "pyproject.toml").read_text("utf-8"))
    assert parsed("test.yml")["jobs"]["test"]["strategy"]["matrix"]["python"] == classifiers
