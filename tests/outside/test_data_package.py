"""Clients of the Data Package standard, old and new, read the released descriptor and its rows."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from outside.tools import NODE_MODULES, cells_of, missing, python, run

PYPI_CLIENT = """
import json
import datapackage
package = datapackage.Package("datapackage.json")
assert package.valid, package.errors
rows = {each.name: each.read() for each in package.resources}
assert all(each.check_relations() for each in package.resources if each.schema.foreign_keys)
print(json.dumps(rows, default=str))
"""

NPM_CLIENT = """
const {Package} = require("datapackage");
(async () => {
  const package_ = await Package.load("datapackage.json");
  if (!package_.valid) throw package_.errors[0];
  const rows = {};
  for (const each of package_.resources) {
    rows[each.name] = await each.read();
    await each.checkRelations();
  }
  console.log(JSON.stringify(rows));
})().catch((error) => { console.error(String(error)); process.exit(1); });
"""


def read(client: str, folder: Path) -> dict[str, list[list[Any]]] | None:
    """The rows of each table, None if the client refuses the package."""
    if client == "pypi":
        done = python(PYPI_CLIENT, folder)
    else:
        if shutil.which("node") is None or not (NODE_MODULES / "datapackage").is_dir():
            missing("the node client (node and `npm install --prefix .node datapackage`)")
        done = run("node", "-e", NPM_CLIENT, cwd=folder)
    return json.loads(done.stdout) if done.returncode == 0 else None


def plain(value: Any) -> str:
    """A cell as it stands in the CSV file, from what a client makes of it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value)
    text = f"{value:.15g}" if isinstance(value, int | float) else str(value)
    return text.removesuffix("T00:00:00.000Z")  # a day is a moment to JavaScript


@pytest.mark.parametrize("client", ["pypi", "npm"])
def test_a_client_of_version_1_reads_every_cell(small_release: Path, client: str) -> None:
    read_rows = read(client, small_release)
    assert read_rows is not None
    for table, rows in cells_of(small_release).items():
        expected = [list(row.values()) for row in rows]
        assert [[plain(cell) for cell in row] for row in read_rows[table]] == expected, table


@pytest.mark.parametrize("client", ["pypi", "npm"])
def test_a_client_of_version_1_finds_a_broken_cell(broken: Path, client: str) -> None:
    path = broken / "csv/targets.csv"
    path.write_text(path.read_text("utf-8").replace(",aim,", ",goal,", 1), "utf-8")
    assert read(client, broken) is None


def test_the_npm_client_needs_to_be_told_the_delimiter(own_release: Path, tmp_path: Path) -> None:
    """It guesses another one from the texts of one of our tables."""
    raw = json.loads((own_release / "datapackage.json").read_text("utf-8"))
    [table] = (each for each in raw["resources"] if each["name"] == "retired_ids")
    (tmp_path / "csv").mkdir()
    shutil.copy(own_release / table["path"], tmp_path / "csv")
    untold = {key: value for key, value in table.items() if key != "dialect"}
    for told, is_read in ((table, True), (untold, False)):
        (tmp_path / "datapackage.json").write_text(
            json.dumps({**raw, "resources": [told]}), "utf-8"
        )
        assert (read("npm", tmp_path) is not None) == is_read


def frictionless(folder: Path) -> dict[str, Any]:
    done = run("frictionless", "validate", "datapackage.json", "--json", cwd=folder)
    report: dict[str, Any] = json.loads(done.stdout)
    assert report["valid"] == (done.returncode == 0)
    return report


def test_frictionless_reads_every_row(own_release: Path) -> None:
    report = frictionless(own_release)
    assert report["valid"]
    rows = {each["name"]: each["stats"].get("rows", 0) for each in report["tasks"]}
    assert rows == {table: len(each) for table, each in cells_of(own_release).items()}


def test_frictionless_finds_a_broken_cell(broken: Path) -> None:
    path = broken / "csv/targets.csv"
    path.write_text(path.read_text("utf-8").replace(",aim,", ",goal,", 1), "utf-8")
    report = frictionless(broken)
    found = {error["type"] for each in report["tasks"] for error in each["errors"]}
    assert found >= {"constraint-error", "hash-count"}


def test_the_descriptor_is_one_that_r_reads(own_release: Path) -> None:
    """What the R package ``frictionless`` asks for: a profile, a path, types that it knows."""
    raw = json.loads((own_release / "datapackage.json").read_text("utf-8"))
    known = {"string", "number", "integer", "boolean", "date", "time", "datetime", "year", "any"}
    for each in raw["resources"]:
        assert each["profile"] == "tabular-data-resource"
        assert (own_release / each["path"]).is_file()
        assert {field["type"] for field in each["schema"]["fields"]} <= known
        assert all(isinstance(value, str) for value in each["schema"]["missingValues"])


def test_sha256sum_agrees_and_finds_a_changed_file(own_release: Path, broken: Path) -> None:
    command = ("sha256sum", "--check", "--strict", "SHA256SUMS")
    done = run(*command, cwd=own_release)
    assert done.returncode == 0
    assert (
        len(done.stdout.splitlines()) == sum(path.is_file() for path in own_release.rglob("*")) - 1
    )
    (broken / "dcat.ttl").write_text("", "utf-8")
    assert run(*command, cwd=broken).returncode == 1
