"""Small packages against frictionless: processor seconds of whole processes, in pairs.

The median real package has a few small tables, and its check is mostly the start. Run
``python benchmarks/small.py``; bytecode is kept for both, and each pair runs one after the other.
"""

from __future__ import annotations

import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

PEER = Path(__file__).parent / "peers/with_frictionless.py"
PAIRS = 5
FIELDS: list[dict[str, Any]] = [
    {"name": "id", "type": "string", "constraints": {"required": True}},
    {"name": "name", "type": "string"},
    {"name": "day", "type": "date"},
    {"name": "amount", "type": "number"},
    {"name": "kind", "type": "string", "constraints": {"enum": ["a", "b"]}},
    {"name": "at", "type": "datetime"},
]
Change = Callable[[str], str]
SHAPES: dict[str, tuple[int, Change, dict[str, Any], bool]] = {
    "5 tables": (5, str, {}, False),
    "5, a header is wrong": (5, lambda text: text.replace("id,name", "id,nam", 1), {}, False),
    "5, Chinese text": (5, lambda text: text.replace("name ", "上海市浦东新区 "), {}, False),
    "5, faulty cells": (5, lambda text: text.replace("2020-01-05", "2020-13-05"), {}, False),
    "5, keys of one's own": (5, str, {"maintainer": "x", "related": ["y"]}, False),
    "5, references": (5, str, {}, True),
    "75 tables": (75, str, {}, False),
    "150 tables": (150, str, {}, False),
    "300 tables": (300, str, {}, False),
}
"""By name: how many tables, what is done to their text, keys of the package, references."""


def write(folder: Path, count: int, change: Change, extra: dict[str, Any], refer: bool) -> None:
    """Write a package of so many tables of 100 rows."""
    rows = [
        f"k{row},name {row},2020-01-{row % 28 + 1:02},{row}.5,{'ab'[row % 2]},"
        f"2020-01-01T00:00:{row % 60:02}Z"
        for row in range(100)
    ]
    text = "\n".join([",".join(each["name"] for each in FIELDS), *rows, ""])
    resources = []
    for number in range(count):
        (folder / f"t{number}.csv").write_text(change(text), "utf-8")
        schema: dict[str, Any] = {"fields": FIELDS, "primaryKey": ["id"]}
        if refer and number:
            reference = {"resource": "t0", "fields": ["id"]}
            schema["foreignKeys"] = [{"fields": ["id"], "reference": reference}]
        name = f"t{number}"
        resources.append({"name": name, "path": f"{name}.csv", "type": "table", "schema": schema})
    raw = {"name": "small", "resources": resources, **extra}
    (folder / "datapackage.json").write_text(json.dumps(raw), "utf-8")


def processor_seconds(command: Sequence[str]) -> float:
    """What a command and its children take."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    kept = {name: at for name, at in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    subprocess.run(command, env=kept, capture_output=True, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    """Print a line for each shape: the medians, and the median of the ratios."""
    for name, shape in SHAPES.items():
        with tempfile.TemporaryDirectory() as folder:
            write(Path(folder), *shape)
            ours = [sys.executable, "-m", "ycd_opendata", "validate", folder]
            theirs = [sys.executable, str(PEER), folder, str(Path(folder) / "found.json")]
            processor_seconds(ours), processor_seconds(theirs)
            pairs = [(processor_seconds(ours), processor_seconds(theirs)) for _ in range(PAIRS)]
        ratio = statistics.median(own / other for own, other in pairs)
        own, other = (statistics.median(each) for each in zip(*pairs, strict=True))
        print(f"{name:22} ycd {own:6.2f} s  frictionless {other:6.2f} s  ratio {ratio:.2f}")


if __name__ == "__main__":
    main()
