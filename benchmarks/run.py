"""Time validators on the same packages in pairs, and write the table into benchmarks/README.md.

Each run is a whole process, started one after the other: A B A B, so that a slow minute of the
machine meets all of them. Wall time, CPU time and peak memory come from the kernel (``wait4``);
the table gives medians.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).parent
README = HERE / "README.md"
STREAMED = "polars parsing, streamed and dropped"
BEGIN, END = "<!-- results -->", "<!-- end of results -->"

FLOOR, REFERENCE = "polars parsing (floor)", "frictionless"
PEERS = {
    "ycd validate --engine fast": "with_ycd.py",
    FLOOR: "floor.py",
    STREAMED: "floor_streamed.py",
    REFERENCE: "with_frictionless.py",
    "pandera (pandas)": "with_pandera_pandas.py",
    "pandera (polars)": "with_pandera_polars.py",
    "DuckDB SQL": "with_duckdb.py",
    "wc -l": None,
}
SILENT = {FLOOR, STREAMED, "wc -l"}

# Installed packages keep their bytecode; so may the checkout that is measured.
ENVIRONMENT = {key: os.environ[key] for key in os.environ if key != "PYTHONDONTWRITEBYTECODE"}

Place = tuple[int | None, str, str]


class Run(NamedTuple):
    """One process: seconds, seconds of CPU, MiB at its peak; and how it ended where badly."""

    wall: float
    cpu: float
    memory: float
    trouble: str


@dataclass
class Measured:
    """The runs of one peer on one package, and what its last run reported."""

    runs: list[Run] = field(default_factory=list)
    reported: list[Place] | None = None
    skipped: str = ""

    def median(self, what: str) -> float:
        """The median of one of the measures of a run."""
        return statistics.median(float(getattr(each, what)) for each in self.runs)


def generate(package: Path, rows: int, *, faulty: bool) -> None:
    """Write a package, in another process: a child's peak starts at its parent's memory."""
    command = [sys.executable, str(HERE / "generate.py"), str(package), str(rows)]
    subprocess.run([*command, *(["--faulty"] if faulty else [])], check=True)


def run_command(command: list[str]) -> Run:
    """Run a command in a process of its own and wait for it."""
    with tempfile.TemporaryFile() as errors:
        start = time.perf_counter()
        child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=errors, env=ENVIRONMENT)
        _, status, usage = os.wait4(child.pid, 0)
        wall = time.perf_counter() - start
        child.returncode = os.waitstatus_to_exitcode(status)
        errors.seek(0)
        said = errors.read().decode(errors="replace").strip().splitlines()
    trouble = f"exit {child.returncode}: {said[-1] if said else ''}" if child.returncode else ""
    # Linux gives KiB, macOS bytes.
    unit = 2**20 if sys.platform == "darwin" else 2**10
    return Run(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / unit, trouble)


def run_peer(name: str, package: Path, output: Path) -> Run:
    """Run one peer."""
    script = PEERS[name]
    if not script:
        return run_command(["wc", "-l", str(package / "observations.csv")])
    run = run_command([sys.executable, str(HERE / "peers" / script), str(package), str(output)])
    # A validator ends with 1 when it found faults; without a report, it failed.
    return run._replace(trouble="") if output.exists() else run


def measure(package: Path, rounds: int, skip: dict[str, str]) -> dict[str, Measured]:
    """Every peer on one package, in turn, so many times."""
    results = {name: Measured(skipped=skip.get(name, "")) for name in PEERS}
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(rounds):
            for number, (name, result) in enumerate(results.items()):
                if result.skipped:
                    continue
                output = Path(folder) / f"{number}.json"
                output.unlink(missing_ok=True)
                run = run_peer(name, package, output)
                print(f"  {name}: {run.wall:.2f} s {run.trouble}", file=sys.stderr)
                if run.trouble:
                    result.skipped = run.trouble
                    continue
                result.runs.append(run)
                if output.exists():
                    result.reported = read_report(output)
    return results


def read_report(path: Path) -> list[Place]:
    """The places that a peer reported."""
    findings = json.loads(path.read_text("utf-8"))["findings"]
    return [(each["row"], each["field"] or "", each["code"]) for each in findings]


def expected_places(package: Path) -> list[Place]:
    """The injected faults; none in a clean package."""
    path = package / "faults.csv"
    if not path.exists():
        return []
    with path.open(newline="", encoding="utf-8") as stream:
        return [(int(r["row"]), r["field"], r["code"]) for r in csv.DictReader(stream)]


def score(expected: list[Place], reported: list[Place]) -> tuple[int, int, int]:
    """How many faults were found at their place, at any row, and how many were invented."""
    placed = (Counter(expected) & Counter(reported)).total()
    kinds = Counter(each[1:] for each in expected) & Counter(each[1:] for each in reported)
    return placed, kinds.total(), len(reported) - placed


def table(package: Path, results: dict[str, Measured]) -> list[str]:
    """The results on one package as a Markdown table."""
    lines = [
        "| validator | wall s | CPU s | peak MiB | wall / floor | memory / floor "
        "| frictionless / wall | found at row, field, kind | found at any row | invented |",
        "|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|",
    ]
    expected = expected_places(package)
    floor, reference = results[FLOOR], results[REFERENCE]
    for name, result in results.items():
        if not result.runs:
            lines.append(f"| {name} | {_cell(result.skipped)} | | | | | | | | |")
            continue
        wall, memory = result.median("wall"), result.median("memory")
        cells = [name, f"{wall:.2f}", f"{result.median('cpu'):.2f}", f"{memory:.0f}"]
        cells.append(f"{wall / floor.median('wall'):.2f}" if floor.runs else "")
        cells.append(f"{memory / floor.median('memory'):.2f}" if floor.runs else "")
        cells.append(f"{reference.median('wall') / wall:.1f}" if reference.runs else "")
        if name in SILENT or result.reported is None:
            cells += ["", "", ""]
        else:
            placed, kinds, invented = score(expected, result.reported)
            cells += [f"{placed} of {len(expected)}", str(kinds), str(invented)]
        lines.append(f"| {' | '.join(cells)} |")
    return lines


def too_slow(results: dict[str, Measured], growth: float, bound: float) -> dict[str, str]:
    """The peers not to be run on a package so much larger, and why."""
    skip = {}
    for name, result in results.items():
        if result.skipped:
            skip[name] = f"not run: {result.skipped.removeprefix('not run: ')}"
        elif result.median("wall") * growth > bound:
            skip[name] = f"not run: over {bound:g} s expected"
    return skip


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "/").split())[:120]


def write_readme(lines: list[str], begin: str = BEGIN, end: str = END) -> None:
    """Put results between two marks of the README."""
    before, rest = README.read_text("utf-8").split(begin)
    after = rest.split(end)[1]
    body = "\n".join(lines)
    README.write_text(f"{before}{begin}\n{body}\n{end}{after}", encoding="utf-8")


def circumstances(rounds: int) -> str:
    """Where and when was measured, and how often."""
    return (
        f"{time.strftime('%Y-%m-%d', time.gmtime())}, Python {platform.python_version()}, "
        f"{platform.system()} {platform.machine()}, {os.cpu_count()} CPUs, "
        f"medians of {rounds} rounds."
    )


def main() -> None:
    """Generate the packages, measure every peer, write the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--huge", action="store_true", help="add 10 million rows")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--bound", type=float, default=120, help="seconds a run may be expected")
    parser.add_argument("--data", type=Path, help="keep the packages in this folder")
    arguments = parser.parse_args()
    sizes = sorted({*arguments.sizes, *([10_000_000] if arguments.huge else [])})
    lines = ["", circumstances(arguments.rounds)]
    with tempfile.TemporaryDirectory() as temporary:
        data = arguments.data or Path(temporary)
        before: dict[str, dict[str, Measured]] = {}
        for number, rows in enumerate(sizes):
            for variant in ("clean", "faulty"):
                package = data / f"{rows}-{variant}"
                generate(package, rows, faulty=variant == "faulty")
                print(f"{rows:,} rows, {variant}", file=sys.stderr)
                skip = {}
                if variant in before:
                    skip = too_slow(before[variant], rows / sizes[number - 1], arguments.bound)
                before[variant] = measure(package, arguments.rounds, skip)
                lines += ["", f"### {rows:,} rows, {variant}", ""]
                lines += table(package, before[variant])
    write_readme([*lines, ""])


if __name__ == "__main__":
    main()
