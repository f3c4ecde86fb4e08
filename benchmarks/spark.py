"""Times ``ycd validate --engine spark`` beside the fast engine, and compares what they find.

    python benchmarks/spark.py --rows 1000000 10000000 --remote local[2]

Needs pyspark and Java 17; see ``make spark`` for a folder to put on ``PYTHONPATH``. Processor
seconds are those of all processes together, Java and workers included, as last seen a fifth of a
second before they ended; the peak is that of the largest process, and is kept by the kernel.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, NamedTuple

TICKS = os.sysconf("SC_CLK_TCK")
GENERATE = Path(__file__).parent / "generate.py"
WAIT = 0.2


class Use(NamedTuple):
    """What a run took: seconds on the clock and of processors, and MiB of the largest process."""

    wall: float
    processor: float
    peak: float


def processes() -> dict[int, tuple[int, float]]:
    """The parent of each process, and its processor seconds."""
    found = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            text = path.read_text()
        except OSError:
            continue  # it has ended
        fields = text[text.rindex(")") + 2 :].split()
        found[int(path.parent.name)] = int(fields[1]), sum(map(int, fields[11:13])) / TICKS
    return found


def peak_of(process: int) -> float:
    """The largest memory that a process has had, in MiB."""
    try:
        status = Path(f"/proc/{process}/status").read_text()
    except OSError:
        return 0.0
    lines = [each for each in status.splitlines() if each.startswith("VmHWM")]
    return int(lines[0].split()[1]) / 1024 if lines else 0.0


def watched(command: list[str]) -> Use:
    """Run a command, and look at it and all that it starts until it ends."""
    seconds: dict[int, float] = {}
    peak = 0.0
    start = time.perf_counter()
    running = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    ours = {running.pid}
    while running.poll() is None:
        now = processes()
        for _ in range(3):  # java is started by a shell, and workers by a process of theirs
            ours |= {each for each, (parent, _) in now.items() if parent in ours}
        seconds |= {each: now[each][1] for each in ours & now.keys()}
        peak = max([peak, *map(peak_of, ours & now.keys())])
        time.sleep(WAIT)
    return Use(time.perf_counter() - start, sum(seconds.values()), peak)


def validated(folder: Path, report: Path, *arguments: str) -> tuple[Use, Any]:
    """What a validation took, and its findings."""
    ycd = [sys.executable, "-m", "ycd_opendata", "validate", str(folder)]
    options = ["--format", "json", "--max-findings", "1000000", "--output", str(report)]
    use = watched([*ycd, *options, *arguments])
    return use, json.loads(report.read_text("utf-8"))["findings"]


def main() -> None:
    """Print a row of a table for each size and engine."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, nargs="+", default=[1_000_000])
    parser.add_argument("--remote", default="local[2]")
    parser.add_argument("--rounds", type=int, default=1)
    asked = parser.parse_args()
    print("| rows | engine | seconds | processor seconds | largest process, MiB | findings |")
    print("|--:|---|--:|--:|--:|--:|")
    with tempfile.TemporaryDirectory() as name:
        for rows in asked.rows:
            folder = Path(name) / str(rows)
            generate = [sys.executable, str(GENERATE), str(folder), str(rows), "--faulty"]
            subprocess.run(generate, check=True)
            for _ in range(asked.rounds):
                found = []
                for engine, more in (("fast", []), ("spark", ["--spark-remote", asked.remote])):
                    report = Path(name) / "report.json"
                    use, findings = validated(folder, report, "--engine", engine, *more)
                    found.append(findings)
                    print(
                        f"| {rows:,} | {engine} | {use.wall:.1f} | {use.processor:.1f} "
                        f"| {use.peak:,.0f} | {len(findings):,} |",
                        flush=True,
                    )
                assert found[0] == found[1], "the engines find something else"


if __name__ == "__main__":
    main()
