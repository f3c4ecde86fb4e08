"""``ycd init`` against ``frictionless describe`` on folders whose right answers are known.

The folders are those of the tests. Run ``python benchmarks/init.py``; ``--rows 1000000`` adds one
large table, of ``generate.py``, ``--tables 300`` many small ones. Times are processor seconds of
whole processes.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

from generate import write_package
from small import processor_seconds

BIN = Path(sys.executable).parent
FOLDERS = Path(__file__).parent.parent / "tests" / "undescribed"
ROWS = range(100)
READ = """
import sys
from pathlib import Path
from ycd_opendata.package.reading import read_package
from ycd_opendata.package.tables.reader import read_table
package = read_package(Path(sys.argv[1]))
for resource in package.resources:
    for frame in read_table(package, resource).frames():
        pass
"""

Types = dict[tuple[str, str], str]
"""The type of each column, by its file and name."""


def types_of(raw: dict[str, Any], root: Path) -> Types:
    """What a descriptor says; of a workbook each sheet that it names is a file of its own."""
    found: Types = {}
    for resource in raw["resources"]:
        schema = resource.get("schema", {})
        if isinstance(schema, str):
            schema = json.loads((root / schema).read_text("utf-8"))
        controls = [each for each in resource.get("dialect", {}).values() if isinstance(each, dict)]
        sheets = [f"#{each['sheet']}" for each in controls if "sheet" in each]
        for field in schema.get("fields", ()):
            found["".join((resource["path"], *sheets)), field["name"]] = field["type"]
    return found


def answers(folder: Path) -> tuple[Types, int]:
    """The right types, and how many keys there are."""
    right: Types = {}
    keys = 0
    for name, table in json.loads((folder / "answer.json").read_text("utf-8")).items():
        right |= {(name, field): type_ for field, type_ in table["types"].items()}
        keys += bool(table["key"]) + len(table["foreign"])
    return right, keys


def with_ycd(folder: Path) -> tuple[Types, int, float]:
    """Types, number of keys found, and seconds."""
    seconds = processor_seconds([str(BIN / "ycd"), "init", str(folder)])
    raw = json.loads((folder / "datapackage.json").read_text("utf-8"))
    schemas = [
        json.loads((folder / each["schema"]).read_text("utf-8")) for each in raw["resources"]
    ]
    keys = sum(("primaryKey" in each) + len(each.get("foreignKeys", ())) for each in schemas)
    return types_of(raw, folder), keys, seconds


def with_frictionless(folder: Path) -> tuple[Types, int, float]:
    """The same of ``frictionless describe``, which looks for no keys."""
    out = folder.parent / "described.json"
    code = (
        "import json, sys; from frictionless import Package, describe; from pathlib import Path; "
        "root = Path(sys.argv[1]); "
        "paths = sorted(p.relative_to(root).as_posix() for p in root.rglob('*') "
        "if p.is_file() and p.name != 'answer.json'); "
        "found = [describe(p, basepath=str(root), type='table').to_dict() for p in paths]; "
        "Path(sys.argv[2]).write_text(json.dumps({'resources': found}))"
    )
    seconds = processor_seconds([sys.executable, "-c", code, str(folder), str(out)])
    raw = json.loads(out.read_text("utf-8"))
    return types_of(raw, folder), 0, seconds


def measure(part: str) -> None:
    """Print a line for each program: columns right, keys found, seconds."""
    for program, run in (("ycd init", with_ycd), ("frictionless describe", with_frictionless)):
        total, right, keys, some_keys, seconds = 0, 0, 0, 0, 0.0
        wrong: Counter[str] = Counter()
        for folder in sorted((FOLDERS / part).iterdir()):
            answer, wanted = answers(folder)
            with tempfile.TemporaryDirectory() as place:
                copy = Path(place) / folder.name
                shutil.copytree(folder, copy)
                (copy / "answer.json").unlink()
                found, found_keys, took = run(copy)
            for (path, field), type_ in answer.items():
                # Who describes one sheet of a workbook does not name it.
                given = found.get((path, field), found.get((path.partition("#")[0], field)))
                right += given == type_
                wrong[f"{type_} as {given}"] += given != type_
            total, some_keys = total + len(answer), some_keys + wanted
            keys, seconds = keys + found_keys, seconds + took
        said = ", ".join(f"{what} {number}" for what, number in wrong.most_common(6) if number)
        print(
            f"{part:6} {program:22} {right} of {total} columns, {keys} of {some_keys} keys, "
            f"{seconds:.1f} s; {said}"
        )


def measure_large(rows: int) -> None:
    """Print what a large table takes: to be read, and to be described by both programs."""
    with tempfile.TemporaryDirectory() as place:
        package, plain = Path(place) / "package", Path(place) / "plain"
        write_package(package, rows, faulty=False)
        plain.mkdir()
        for each in package.glob("*.csv"):
            shutil.copy(each, plain)
        table = max(plain.iterdir(), key=lambda each: each.stat().st_size)
        commands = {
            "read": [sys.executable, "-c", READ, str(package)],
            "ycd init": [str(BIN / "ycd"), "init", str(plain), "--dry-run"],
            "frictionless describe": [str(BIN / "frictionless"), "describe", str(table)],
        }
        for name, command in commands.items():
            seconds = min(processor_seconds(command) for _ in range(3))
            print(f"{rows:,} rows: {name:22} {seconds:.2f} s")


def measure_many(tables: int) -> None:
    """Print what many tables take, of 100 rows and five columns each."""
    with tempfile.TemporaryDirectory() as place:
        for number in range(tables):
            rows = (
                f"k{row},name {row},2020-01-{row % 28 + 1:02},{row}.5,{row % 2}" for row in ROWS
            )
            text = "\n".join(("id,name,day,amount,kind", *rows, ""))
            (Path(place) / f"t{number}.csv").write_text(text, "utf-8")
        command = [str(BIN / "ycd"), "init", place, "--dry-run"]
        seconds = min(processor_seconds(command) for _ in range(3))
        print(f"{tables:,} tables: ycd init {seconds:.2f} s")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=0)
    parser.add_argument("--tables", type=int, default=0)
    wanted = parser.parse_args()
    measure("first")
    measure("later")
    measure("last")
    if wanted.rows:
        measure_large(wanted.rows)
    if wanted.tables:
        measure_many(wanted.tables)
