"""Running programs that are not ours, each in a process of its own."""

from __future__ import annotations

import csv
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NoReturn

import pytest
from packages import ROOT

Cells = dict[str, list[dict[str, str]]]
"""Table to rows, a row as its CSV file has it."""

NODE_MODULES = ROOT / ".node" / "node_modules"
REQUIRED = os.environ.get("YCD_REQUIRE_OUTSIDE") == "1"
"""Whether a program that is not there fails the test, as in continuous integration."""


def cells_of(release: Path) -> Cells:
    """Each table of a release as its CSV file has it."""
    tables = {}
    for path in sorted((release / "csv").iterdir()):
        with path.open(encoding="utf-8", newline="") as stream:
            tables[path.stem] = list(csv.DictReader(stream))
    return tables


def run(*command: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run a command; one of this environment is found by its name."""
    name = str(command[0])
    own = Path(sys.executable).parent / name
    line = [str(own) if own.exists() else name, *map(str, command[1:])]
    environment = {**os.environ, "NODE_PATH": str(NODE_MODULES), "NO_COLOR": "1", "TZ": "UTC"}
    return subprocess.run(
        line, cwd=cwd, capture_output=True, text=True, check=False, env=environment, timeout=900
    )


def python(program: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run a Python program with this environment's packages."""
    return run(sys.executable, "-c", program, cwd=cwd)


def is_there(name: str) -> bool:
    """Whether a program is installed; it has to be where outside programs are required."""
    return REQUIRED or shutil.which(name) is not None


def missing(what: str) -> NoReturn:
    """Skip a test for which a program is missing, or fail where it is required."""
    if REQUIRED:
        pytest.fail(f"{what} is missing, and YCD_REQUIRE_OUTSIDE is set")
    pytest.skip(f"{what} is missing")
