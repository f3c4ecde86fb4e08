"""What others put into their CI: the action, the hooks and the GitLab job, tried as CI would."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import yaml
from packages import ROOT, git

from ycd_opendata.inferring.folder import infer
from ycd_opendata.inferring.scaffold import new_files, write_new

BIN = Path(sys.executable).parent
ACTION = ROOT / ".github/actions/validate/action.yml"
HOOKS = ROOT / ".pre-commit-hooks.yaml"
GITLAB = ROOT / ".gitlab/validate.gitlab-ci.yml"


def done(
    *command: str | Path, folder: Path = ROOT, **environment: str
) -> subprocess.CompletedProcess[str]:
    path = os.pathsep.join((str(BIN), os.environ["PATH"]))
    everything = {**os.environ, "PATH": path, **environment}
    return subprocess.run(
        list(map(str, command)),
        cwd=folder,
        env=everything,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def theirs(tmp_path: Path) -> Path:
    """Somebody's repository, with a release of a package in the folder ``data``."""
    top = tmp_path / "theirs"
    folder = top / "data"
    folder.mkdir(parents=True)
    (folder / "t.csv").write_text("id,n\n1,2\n2,3\n", "utf-8")
    write_new(new_files(infer(folder), "2.0.0"))
    git(top, "init", "-q")
    git(top, "add", ".")
    git(top, "commit", "-q", "-m", "first")
    git(top, "tag", "v0.1.0")
    return top


def commit(top: Path, text: str) -> None:
    (top / "data/t.csv").write_text(text, "utf-8")
    git(top, "commit", "-q", "-a", "-m", "more")


def action_step(name: str, top: Path, tmp_path: Path, **inputs: str) -> tuple[int, str, str]:
    """Run a step of the action as GitHub would: its exit code, its output, the summary."""
    action = yaml.safe_load(ACTION.read_text("utf-8"))
    [step] = [each for each in action["runs"]["steps"] if each.get("name") == name]
    given = {key: value["default"] for key, value in action["inputs"].items()} | inputs
    env = {
        key: re.sub(r"\$\{\{ inputs\.([a-z-]+) \}\}", lambda found: given[found[1]], value)
        for key, value in step.get("env", {}).items()
    }
    assert not any("${{" in each for each in (*env.values(), step["run"]))
    summary = tmp_path / "summary.md"
    summary.touch()
    script = tmp_path / "step.sh"
    script.write_text(step["run"], "utf-8")
    assert step["shell"] == "bash"
    result = done(
        *("bash", "--noprofile", "--norc", "-eo", "pipefail", script),
        folder=top,
        **env,
        GITHUB_STEP_SUMMARY=str(summary),
        GITHUB_ACTION_PATH=str(ACTION.parent),
        RUNNER_TEMP=str(tmp_path),
    )
    return result.returncode, result.stdout + result.stderr, summary.read_text("utf-8")


def lint(*command: str | Path) -> int:
    return done(BIN / str(command[0]), *command[1:]).returncode


def test_the_action_is_sound(tmp_path: Path) -> None:
    schema = ("--builtin-schema", "vendor.github-actions")
    assert lint("check-jsonschema", *schema, ACTION) == 0
    assert lint("zizmor", "--offline", "--no-config", ACTION) == 0
    broken = tmp_path / "action.yml"
    broken.write_text(ACTION.read_text("utf-8").replace("using:", "use:"), "utf-8")
    assert lint("check-jsonschema", *schema, broken) != 0
    weak = ACTION.read_text("utf-8").replace('"$PACKAGE" --format github', "${{ inputs.package }}")
    broken.write_text(weak, "utf-8")
    assert lint("zizmor", "--offline", "--no-config", broken) != 0


def test_its_actions_are_pinned() -> None:
    uses = re.findall(r"uses: (.*)", ACTION.read_text("utf-8"))
    assert len(uses) == 2
    assert all(re.fullmatch(r"[\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", each) for each in uses)


def test_it_installs_what_it_came_with() -> None:
    assert (ACTION.parent / "../../.." / "pyproject.toml").resolve() == ROOT / "pyproject.toml"


def test_the_action_validates(theirs: Path, tmp_path: Path) -> None:
    code, out, summary = action_step("Validate", theirs, tmp_path, package="data")
    assert (code, out) == (0, "valid: data 0.1.0\n")
    assert "valid" in summary
    commit(theirs, "id,n\n1,2\n2,x\n")
    code, out, summary = action_step("Validate", theirs, tmp_path, package="data")
    assert code == 1
    assert "::error file=data/t.csv,line=3" in out
    arguments = "--engine frictionless --max-findings 5"
    code, out, _ = action_step("Validate", theirs, tmp_path, package="data", arguments=arguments)
    assert code == 1
    assert "::error file=data/t.csv,line=3" in out


def test_the_action_reads_only_what_changed(theirs: Path, tmp_path: Path) -> None:
    asked = {"package": "data", "since": "v0.1.0"}
    code, _, summary = action_step("Validate", theirs, tmp_path, **asked)
    assert code == 0
    assert "nothing of them changed since v0.1.0" in summary
    commit(theirs, "id,n\n1,2\n2,x\n")
    code, out, summary = action_step("Validate", theirs, tmp_path, **asked)
    assert code == 1
    assert "::error file=data/t.csv,line=3" in out
    write = "Write the findings for code scanning"
    assert action_step(write, theirs, tmp_path, **asked)[0] == 0
    code, out, _ = action_step("Validate", theirs, tmp_path, package="data", since="--evil; x")
    assert (code, out.count("\n")) == (2, 2)


def test_the_action_does_not_run_what_an_input_says(theirs: Path, tmp_path: Path) -> None:
    evil = "data; touch evil $(touch evil) `touch evil`"
    code, _, _ = action_step("Validate", theirs, tmp_path, package=evil, arguments=evil)
    assert code == 2
    assert not (theirs / "evil").exists()


def test_the_action_writes_findings_for_code_scanning(theirs: Path, tmp_path: Path) -> None:
    commit(theirs, "id,n\n1,2\n2,x\n")
    name = "Write the findings for code scanning"
    code, _, _ = action_step(name, theirs, tmp_path, package="data")
    assert code == 0
    assert '"type-error"' in (tmp_path / "ycd.sarif").read_text("utf-8")
    code, _, _ = action_step(name, theirs, tmp_path, package="nothing")
    assert code != 0


def test_the_action_checks_the_version(theirs: Path, tmp_path: Path) -> None:
    name, package = "What changed, and the version it needs", "data"
    assert action_step(name, theirs, tmp_path, package="./data/")[0] == 0
    commit(theirs, "id,n\n1,2\n2,3\n3,4\n")
    code, out, summary = action_step(name, theirs, tmp_path, package=package)
    assert code == 1
    assert "0.2.0" in out
    assert "record-added" in summary
    descriptor = theirs / "data/datapackage.json"
    descriptor.write_text(descriptor.read_text("utf-8").replace('"0.1.0"', '"0.2.0"'), "utf-8")
    assert action_step(name, theirs, tmp_path, package=package)[0] == 0
    code, _, summary = action_step(name, theirs, tmp_path, package=package, tags="none*")
    assert code == 0
    assert summary.endswith("no release yet\n")


def test_the_hooks_are_sound(tmp_path: Path) -> None:
    assert lint("pre-commit", "validate-manifest", HOOKS) == 0
    broken = tmp_path / "hooks.yaml"
    broken.write_text(HOOKS.read_text("utf-8").replace("entry:", "enter:"), "utf-8")
    assert lint("pre-commit", "validate-manifest", broken) != 0


def test_the_hooks_run_in_another_repository(theirs: Path, tmp_path: Path) -> None:
    if not (ROOT / ".git").exists():
        pytest.skip("pre-commit takes hooks from a repository")
    # What the hooks install is here already: nothing is fetched, whatever the network is.
    environment = {
        "PRE_COMMIT_HOME": str(tmp_path / "pre-commit"),
        "PYTHONPATH": os.pathsep.join(each for each in sys.path if "site-packages" in each),
        "PIP_NO_INDEX": "1",
        "PIP_NO_BUILD_ISOLATION": "0",
        "VIRTUALENV_NO_DOWNLOAD": "1",
    }
    folder = theirs / "data"
    git(folder, "init", "-q")
    git(folder, "add", ".")
    (folder / "t.csv").write_text("id,n\n2,x\n1,2\n", "utf-8")
    command = ("pre-commit", "try-repo", ROOT, "--all-files", "--verbose")
    result = done(BIN / command[0], *command[1:], folder=folder, **environment)
    assert result.returncode == 1, result.stderr
    formatted, validated = result.stdout.split("- hook id: ycd-validate\n")
    assert "- hook id: ycd-format\n" in formatted
    assert "files were modified by this hook" in formatted
    assert "t.csv:3 n (2): error type-error" in validated
    assert (folder / "t.csv").read_text("utf-8") == "id,n\n1,2\n2,x\n"


def test_the_gitlab_job_is_sound(tmp_path: Path) -> None:
    schema = ("--builtin-schema", "vendor.gitlab-ci")
    assert lint("check-jsonschema", *schema, GITLAB) == 0
    broken = tmp_path / "job.yml"
    broken.write_text(GITLAB.read_text("utf-8").replace("when: always", "when: now"), "utf-8")
    assert lint("check-jsonschema", *schema, broken) != 0


def test_the_gitlab_job_does_what_it_says(theirs: Path) -> None:
    job: dict[str, Any] = yaml.safe_load(GITLAB.read_text("utf-8"))["ycd-validate"]
    script = "\n".join(("set -e", *job["script"]))
    environment = {**job["variables"], "YCD_PACKAGE": "data"}

    def run() -> int:
        return done("sh", "-c", script, folder=theirs, **environment).returncode

    assert run() == 0
    assert ElementTree.parse(theirs / "ycd-junit.xml").getroot().tag == "testsuites"
    commit(theirs, "id,n\n1,2\n2,3\n3,4\n")
    assert run() == 1
    descriptor = theirs / "data/datapackage.json"
    descriptor.write_text(descriptor.read_text("utf-8").replace('"0.1.0"', '"0.2.0"'), "utf-8")
    assert run() == 0
    commit(theirs, "id,n\n1,2\n2,3\n3,x\n")
    assert run() == 1
    shutil.rmtree(theirs / "data")
    assert run() == 2
