"""Time ``ycd validate`` on packages of the shapes that occur, against reading and frictionless.

    python benchmarks/shapes.py --shapes a b --pairs 5 --huge --before ../other/src

Each round runs, as whole processes one after the other, the check of the clean package, the floor
(``peers/floor.py``) and the check of the faulty package, and of the clean one by the source given
as ``--before``; ratios are medians of the rounds' own.
Every fault has to be found at its table, row, line, field and kind, and nothing else, or the run
fails. frictionless runs once on the whole clean package. The measured seconds take the place of
earlier ones of the same shape in ``shapes.json``, and all of them make the table in the README.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
from collections import Counter
from csv import DictReader
from pathlib import Path
from typing import Any

from packages import SHAPES
from run import ENVIRONMENT, HERE, Run, circumstances, run_command, write_readme

RESULTS = HERE / "shapes.json"
MARKS = "<!-- shapes -->", "<!-- end of shapes -->"
PLACE = ("resource", "row", "line", "field", "code")
HUGE = 10
HEAD = [
    *("shape", "size", "ycd CPU s", "floor CPU s", "before: CPU / floor", "CPU / floor"),
    *("wall / floor", "memory / floor", "faulty / clean", "frictionless CPU s"),
    *("frictionless / ycd", "faults found"),
]
Seconds = dict[str, float]


def package(folder: Path, shape: str, size: int, *, faulty: bool) -> Path:
    """The package of a shape, written in a process of its own if it is not there."""
    path = folder / f"{shape}-{size}-{'faulty' if faulty else 'clean'}"
    if not path.exists():
        command = [sys.executable, str(HERE / "packages.py"), str(path), shape, "--size", str(size)]
        subprocess.run([*command, *(["--faulty"] if faulty else [])], check=True)
    return path


def run_peer(script: str, path: Path, report: Path, source: Path | None = None) -> Seconds:
    """The seconds and MiB of one process, which has to have done its work.

    ``source`` is a folder whose ``ycd_opendata`` is used instead of the installed one.
    """
    report.unlink(missing_ok=True)
    ENVIRONMENT.pop("PYTHONPATH", None)
    if source is not None:
        ENVIRONMENT["PYTHONPATH"] = str(source.resolve())
    run: Run = run_command([sys.executable, str(HERE / "peers" / script), str(path), str(report)])
    if run.trouble and not report.exists():
        raise SystemExit(f"{script} on {path.name}: {run.trouble}")
    return {"cpu": run.cpu, "wall": run.wall, "memory": run.memory}


def places(rows: Any) -> Counter[tuple[str, ...]]:
    """Where something is wrong and what, each as text."""
    return Counter(tuple(str(each[name] or "") for name in PLACE) for each in rows)


def check_found(path: Path, report: Path) -> int:
    """How many faults there are; fails if others were found."""
    with (path / "faults.csv").open(newline="", encoding="utf-8") as stream:
        expected = places(DictReader(stream))
    found = places(json.loads(report.read_text("utf-8"))["findings"])
    if found != expected:
        missed, invented = expected - found, found - expected
        raise SystemExit(f"{path.name}: missed {[*missed][:5]}, invented {[*invented][:5]}")
    return expected.total()


def measure(folder: Path, shape: str, size: int, pairs: int, before: Path | None) -> dict[str, Any]:
    """The rounds of one shape, and how many faults were found."""
    clean, faulty = (package(folder, shape, size, faulty=each) for each in (False, True))
    report = folder / "report.json"
    rounds = []
    for _ in range(pairs):
        ours = run_peer("with_ycd.py", clean, report)
        check_found(clean, report)
        floor = run_peer("floor.py", clean, folder / "nothing")
        spoilt = run_peer("with_ycd.py", faulty, report)
        found = check_found(faulty, report)
        rounds.append({"ycd": ours, "floor": floor, "ycd, faulty": spoilt})
        if before is not None:
            rounds[-1]["before"] = run_peer("with_ycd.py", clean, report, before)
    return {"shape": shape, "size": size, "faults": found, "rounds": rounds}


def ratio(result: dict[str, Any], over: str, under: str, what: str) -> float:
    """The median of the rounds' ratios."""
    return statistics.median(each[over][what] / each[under][what] for each in result["rounds"])


def median(result: dict[str, Any], of: str, what: str) -> float:
    """The median of one of the measures."""
    return statistics.median(each[of][what] for each in result["rounds"])


def row(result: dict[str, Any]) -> list[str]:
    """One shape as the cells of a line of the table."""
    cells = [result["shape"], f"{result['size']:,}"]
    cells += [f"{median(result, of, 'cpu'):.2f}" for of in ("ycd", "floor")]
    has_before = "before" in result["rounds"][0]
    cells += [f"{ratio(result, 'before', 'floor', 'cpu'):.2f}" if has_before else ""]
    cells += [f"{ratio(result, 'ycd', 'floor', what):.2f}" for what in ("cpu", "wall", "memory")]
    cells += [f"{ratio(result, 'ycd, faulty', 'ycd', 'cpu'):.2f}"]
    theirs = result.get("frictionless")
    cells += [f"{theirs['cpu']:.1f}" if theirs else ""]
    cells += [f"{theirs['cpu'] / median(result, 'ycd', 'cpu'):.1f}" if theirs else ""]
    return [*cells, str(result["faults"])]


def table(results: list[dict[str, Any]]) -> list[str]:
    """All shapes as a Markdown table, without columns of which nothing was measured."""
    rows = [row(each) for each in results]
    kept = [at for at in range(len(HEAD)) if any(cells[at] for cells in rows)]
    lines = [f"| {' | '.join(cells[at] for at in kept)} |" for cells in (HEAD, *rows)]
    return [lines[0], f"|---|{'--:|' * (len(kept) - 1)}", *lines[1:]]


def main() -> None:
    """Measure the shapes, check what is found, write the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shapes", nargs="+", choices=sorted(SHAPES), default=sorted(SHAPES))
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("--huge", action="store_true", help="a and b with ten times the rows too")
    parser.add_argument("--no-frictionless", action="store_true")
    parser.add_argument("--data", type=Path, help="keep the packages in this folder")
    parser.add_argument("--before", type=Path, help="the src of another version")
    parser.add_argument("--print", action="store_true", help="print the table, and write nothing")
    asked = parser.parse_args()
    sizes = [(shape, SHAPES[shape].size) for shape in asked.shapes]
    huge = [(shape, SHAPES[shape].size * HUGE) for shape in "ab"] if asked.huge else []
    known = json.loads(RESULTS.read_text("utf-8")) if RESULTS.exists() else []
    results = {(each["shape"], each["size"]): each for each in known}
    with tempfile.TemporaryDirectory() as temporary:
        folder = asked.data or Path(temporary)
        folder.mkdir(exist_ok=True)
        for shape, size in [*sizes, *huge]:
            result = measure(folder, shape, size, asked.pairs, asked.before)
            if not asked.no_frictionless and (shape, size) not in huge:
                path = package(folder, shape, size, faulty=False)
                result["frictionless"] = run_peer("with_frictionless.py", path, folder / "theirs")
            results[shape, size] = result
            print(*row(result), sep=" | ", file=sys.stderr, flush=True)
    every = [results[each] for each in sorted(results)]
    lines = ["", circumstances(asked.pairs), "", *table(every), ""]
    if asked.print:
        print("\n".join(lines))
        return
    RESULTS.write_text(json.dumps(every, indent=1) + "\n", "utf-8")
    write_readme(lines, *MARKS)


if __name__ == "__main__":
    main()
