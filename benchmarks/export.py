"""Time exports of the same package in pairs, and write the table into benchmarks/README.md.

Each format is written by this project and by frictionless in turn, a whole process each; then the
release's tables are written in all formats at once, for packages of growing size, to see what
memory that takes.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from run import HERE, Measured, Run, circumstances, generate, run_command, write_readme

BEGIN, END = "<!-- exports -->", "<!-- end of exports -->"
KINDS = {"csv": "CSV", "json": "JSON", "parquet": "Parquet", "sqlite": "SQLite"}
OURS, REFERENCE = "export_with_ycd.py", "export_with_frictionless.py"


def export(script: str, package: Path, kind: str) -> tuple[Run, int]:
    """Export to one format; the run, and the bytes that were written."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, str(HERE / "peers" / script), str(package), kind, folder]
        run = run_command(command)
        size = sum(each.stat().st_size for each in Path(folder).rglob("*") if each.is_file())
    print(f"  {kind} {script}: {run.wall:.2f} s {run.trouble}", file=sys.stderr)
    if run.trouble or not size:
        sys.exit(f"{script} did not export to {kind}: {run.trouble}")
    return run, size


def compared(package: Path, rounds: int) -> list[str]:
    """Both on one package in turn, as a Markdown table."""
    lines = [
        "| format | wall s | CPU s | peak MiB | frictionless wall s | CPU s | peak MiB "
        "| frictionless / wall |",
        "|---|--:|--:|--:|--:|--:|--:|--:|",
    ]
    for kind, title in KINDS.items():
        pair = (Measured(), Measured())
        for _ in range(rounds):
            for script, measured in zip((OURS, REFERENCE), pair, strict=True):
                measured.runs.append(export(script, package, kind)[0])
        cells = [title]
        for each in pair:
            cells += [f"{each.median('wall'):.2f}", f"{each.median('cpu'):.2f}"]
            cells.append(f"{each.median('memory'):.0f}")
        cells.append(f"{pair[1].median('wall') / pair[0].median('wall'):.1f}")
        lines.append(f"| {' | '.join(cells)} |")
    return lines


def growing(data: Path, sizes: list[int]) -> list[str]:
    """The peak memory of each export as the table grows, as a Markdown table."""
    lines = [f"| rows | {' | '.join(f'{each} peak MiB' for each in KINDS.values())} |"]
    lines.append(f"|--:|{'--:|' * len(KINDS)}")
    for rows in sizes:
        package = data / f"{rows}-growing"
        generate(package, rows, faulty=False)
        peaks = [f"{export(OURS, package, kind)[0].memory:.0f}" for kind in KINDS]
        lines.append(f"| {rows:,} | {' | '.join(peaks)} |")
    return lines


def main() -> None:
    """Generate the packages, measure both, write the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--growing", type=int, nargs="*", default=[200_000, 2_000_000])
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        package = Path(temporary) / "package"
        generate(package, arguments.rows, faulty=False)
        lines = ["", circumstances(arguments.rounds), "", f"### {arguments.rows:,} rows", ""]
        lines += compared(package, arguments.rounds)
        lines += ["", "### Memory", "", *growing(Path(temporary), arguments.growing), ""]
    write_readme(lines, BEGIN, END)


if __name__ == "__main__":
    main()
