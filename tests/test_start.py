"""The check of a small package, which is mostly the start, loads little.

How long it takes says more of the machine; what is loaded is the same every time.
"""

from __future__ import annotations

import json
import subprocess
import sys
import warnings
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from ycd_opendata.cli import main

HEAVY = {
    *("frictionless", "numpy", "openpyxl", "pandas", "pandera", "polars", "pyarrow", "pyspark"),
    *("_strptime", "dateutil", "jinja2", "jsonschema", "rfc3986", "rich", "sqlglot", "yaml"),
}
MOST_OWN, MOST = 85, 275
"""How many modules it may load: our own ones, and all of them."""

FIELDS: list[dict[str, Any]] = [
    {"name": "id", "type": "string", "constraints": {"required": True}},
    {"name": "day", "type": "date"},
    {"name": "at", "type": "datetime"},
    {"name": "amount", "type": "number", "constraints": {"minimum": 0}},
    {"name": "parent", "type": "string"},
    {"name": "page", "type": "string", "format": "uri"},
]
PROGRAM = """
import sys
from ycd_opendata.cli import main
sys.argv = ["ycd", "validate", sys.argv[1], "--format", "json"]
try:
    main()
finally:
    print(*sys.modules, sep="\\n", file=sys.stderr)
"""


def loaded(folder: Path, last: str) -> tuple[dict[str, Any], set[str]]:
    """The report on a package of five tables, and the modules that its check loads."""
    resources = []
    for number in range(5):
        rows = [
            f"k{row},2020-01-{row % 28 + 1:02},2020-01-01T00:00:00Z,{row}.5,k0,https://a.b/c"
            for row in range(99)
        ]
        lines = ["id,day,at,amount,parent,page", *rows, last, ""]
        (folder / f"t{number}.csv").write_text("\n".join(lines), "utf-8")
        reference = {"resource": "t0", "fields": ["id"]}
        keys = [{"fields": ["parent"], "reference": reference}]
        schema = {"fields": FIELDS, "primaryKey": ["id"], "foreignKeys": keys}
        name = f"t{number}"
        resources.append({"name": name, "path": f"{name}.csv", "type": "table", "schema": schema})
    return checked(folder, resources)


def checked(folder: Path, resources: list[dict[str, Any]]) -> tuple[dict[str, Any], set[str]]:
    (folder / "datapackage.json").write_text(json.dumps({"name": "a", "resources": resources}))
    command = [sys.executable, "-c", PROGRAM, str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return json.loads(done.stdout), {*done.stderr.split()}


@pytest.mark.parametrize(
    ("last", "codes"),
    [("x,,,,,", []), ("k1,2020-13-01,,-1,y,no link", ["foreign-key", "primary-key", "type-error"])],
)
def test_a_small_package_loads_little(tmp_path: Path, last: str, codes: list[str]) -> None:
    report, modules = loaded(tmp_path, last)
    found = {each["code"] for each in report["findings"]}
    assert {*codes} <= found and bool(found) == bool(codes)
    names = {each.partition(".")[0] for each in modules}
    assert not names & HEAVY
    assert len([each for each in modules if each.startswith("ycd_opendata")]) <= MOST_OWN
    assert len(modules) <= MOST


def test_faults_of_typed_cells_load_no_frictionless(tmp_path: Path) -> None:
    columns = {"day": [date(2020, 1, 1)] * 2, "amount": [0.5, -0.5], "count": [1, 7]}
    pl.DataFrame(columns).write_parquet(tmp_path / "t.parquet")
    fields = [
        {"name": "day", "type": "date"},
        {"name": "amount", "type": "number", "constraints": {"minimum": 0}},
        {"name": "count", "type": "integer", "constraints": {"maximum": 5}},
    ]
    table = {"name": "t", "path": "t.parquet", "type": "table", "schema": {"fields": fields}}
    report, modules = checked(tmp_path, [table])
    assert [(each["row"], each["field"]) for each in report["findings"]] == [
        (3, "amount"),
        (3, "count"),
    ]
    assert "frictionless" not in {each.partition(".")[0] for each in modules}


def test_what_python_says_of_a_librarys_code_is_kept_from_people(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(SyntaxWarning):
        warnings.warn("of a library", SyntaxWarning, stacklevel=1)
    monkeypatch.setattr("sys.argv", ["ycd", "--version"])
    with pytest.raises(SystemExit):
        main()
    warnings.warn("of a library", SyntaxWarning, stacklevel=1)
    assert capsys.readouterr().err == ""
