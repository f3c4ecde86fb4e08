"""Times ``ycd validate --engine spark`` beside the fast engine, and compares what they find.

    python benchmarks/spark.py --rows 1000000 10000000 --remote local[2]
    python benchmarks/spark.py --rows 10000000 --workers 1 2 --rounds 3

Needs pyspark and Java 17; see ``make spark`` for a folder to put on ``PYTHONPATH``. Processor
seconds are those of all processes, as last seen a fifth of a second before they ended: the command
itself, Java, and the workers in Python. Peaks are kept by the kernel, of workers the largest one's.

With ``--workers`` clusters are started on the loopback, of a master and so many workers of a core,
and the seconds on the clock are compared, in turn: they mean something on a machine that does
nothing else. Each worker and all that it starts is kept to a processor of its own, as on a machine
that has one: else its Java and its Python would run side by side, and be counted as one core.
Master and driver are free. What runs in workers is no part of the command: its seconds are not
counted.
"""

from __future__ import annotations

import argparse
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from itertools import cycle
from pathlib import Path
from typing import Any, NamedTuple

TICKS = os.sysconf("SC_CLK_TCK")
GENERATE = Path(__file__).parent / "generate.py"
WAIT = 0.2


class Use(NamedTuple):
    """Processor seconds, and the MiB of the largest process."""

    seconds: float = 0.0
    peak: float = 0.0

    def __str__(self) -> str:
        return f"{self.seconds:.1f} | {self.peak:,.0f}"


class Run(NamedTuple):
    """What a run took: seconds on the clock, and what the processes of each kind did."""

    wall: float
    command: Use
    java: Use
    workers: Use

    def __str__(self) -> str:
        total = sum(each.seconds for each in self[1:])
        return f"{self.wall:.1f} | {total:.1f} | {self.command} | {self.java} | {self.workers}"


def processes() -> dict[int, tuple[int, str, float]]:
    """The parent of each process, its name, and its processor seconds."""
    found = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            text = path.read_text()
        except OSError:
            continue  # it has ended
        fields = text[text.rindex(")") + 2 :].split()
        name = text[text.index("(") + 1 : text.rindex(")")]
        seconds = sum(map(int, fields[11:13])) / TICKS
        found[int(path.parent.name)] = int(fields[1]), name, seconds
    return found


def peak_of(process: int) -> float:
    """The largest memory that a process has had, in MiB."""
    try:
        status = Path(f"/proc/{process}/status").read_text()
    except OSError:
        return 0.0
    lines = [each for each in status.splitlines() if each.startswith("VmHWM")]
    return int(lines[0].split()[1]) / 1024 if lines else 0.0


def watched(command: list[str]) -> Run:
    """Run a command, and look at it and all that it starts until it ends."""
    uses: dict[int, Use] = {}
    kinds: dict[int, str] = {}
    start = time.perf_counter()
    running = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    ours = {running.pid}
    while running.poll() is None:
        now = processes()
        for _ in range(3):  # java is started by a shell, and workers by a process of theirs
            ours |= {each for each, (parent, *_) in now.items() if parent in ours}
        for each in ours & now.keys():
            _, name, seconds = now[each]
            kinds[each] = "command" if each == running.pid else "java" if name == "java" else "w"
            uses[each] = Use(seconds, max(peak_of(each), uses.get(each, Use()).peak))
        time.sleep(WAIT)
    wall = time.perf_counter() - start
    return Run(wall, *(_together(uses, kinds, kind) for kind in ("command", "java", "w")))


def _together(uses: dict[int, Use], kinds: dict[int, str], kind: str) -> Use:
    own = [uses[each] for each in uses if kinds[each] == kind]
    return Use(sum(each.seconds for each in own), max((each.peak for each in own), default=0.0))


def clocked(command: list[str]) -> float:
    """Run a command; how many seconds it took. To look at it would take some from workers."""
    start = time.perf_counter()
    subprocess.run(command, stderr=subprocess.DEVNULL, check=False)
    return time.perf_counter() - start


def validation(folder: Path, report: Path, *arguments: str) -> list[str]:
    """The command that writes a report which lists every finding."""
    ycd = [sys.executable, "-m", "ycd_opendata", "validate", str(folder)]
    options = ["--format", "json", "--max-findings", "1000000", "--output", str(report)]
    return [*ycd, *options, *arguments]


def findings_in(report: Path) -> Any:
    """What a report lists."""
    return json.loads(report.read_text("utf-8"))["findings"]


def made(folder: Path, rows: int) -> Path:
    """The faulty package of so many rows, which is made where it is not there."""
    package = folder / str(rows)
    if not package.exists():
        command = [sys.executable, str(GENERATE), str(package), str(rows), "--faulty"]
        subprocess.run(command, check=True)
    return package


@contextmanager
def cluster(folder: Path, workers: int) -> Iterator[str]:
    """A master and workers of one core on the loopback; the address of the master."""
    import pyspark

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"spark://127.0.0.1:{port}"
    here = ["--host", "127.0.0.1", "--webui-port", "0"]
    worker = ["worker.Worker", *here, "--cores", "1", "--memory", "2g", "-d", str(folder), address]
    program = Path(pyspark.__file__).parent / "bin/spark-class"
    processors = cycle(os.sched_getaffinity(0))
    with (folder / "log").open("wb") as log, ExitStack() as stack:
        for name, *arguments in (
            ["master.Master", *here, "--port", str(port)],
            *[worker] * workers,
        ):
            command = [str(program), f"org.apache.spark.deploy.{name}", *arguments]
            is_worker = name == "worker.Worker"
            keep = partial(os.sched_setaffinity, 0, {next(processors)}) if is_worker else None
            process = subprocess.Popen(command, stdout=log, stderr=log, preexec_fn=keep)
            stack.callback(process.wait)
            stack.callback(process.terminate)
            if name == "master.Master":
                wait_for(lambda: is_open(port))
        registered = b"Registering worker"
        wait_for(lambda: (folder / "log").read_bytes().count(registered) >= workers)
        yield address


def is_open(port: int) -> bool:
    """Whether somebody listens."""
    with socket.socket() as tried:
        return tried.connect_ex(("127.0.0.1", port)) == 0


def wait_for(is_so: Callable[[], bool]) -> None:
    """Wait until something holds, two minutes at most."""
    for _ in range(600):
        if is_so():
            return
        time.sleep(WAIT)
    raise TimeoutError("the cluster does not start")


def compare_clusters(folder: Path, work: Path, counts: list[int], rounds: int) -> None:
    """Print how long clusters of so many workers take, in turn, and how much faster each is."""
    os.environ |= {"PYSPARK_PYTHON": sys.executable, "SPARK_LOCAL_IP": "127.0.0.1"}
    seconds: dict[int, list[float]] = {each: [] for each in counts}
    found, report = [], work / "report.json"
    for round_ in range(rounds):
        for count in counts:
            place = work / f"{round_} {count}"
            place.mkdir()
            with cluster(place, count) as address:
                remote = ["--engine", "spark", "--spark-remote", address]
                wall = clocked(validation(folder, report, *remote))
            found.append(findings_in(report))
            seconds[count].append(wall)
            first = statistics.median(seconds[counts[0]])
            ratio = first / statistics.median(seconds[count])
            print(f"| {count} | {wall:.1f} | {ratio:.2f} | {len(found[-1]):,} |", flush=True)
    assert all(each == found[0] for each in found), "the clusters find something else"


def main() -> None:
    """Print a row of a table for each size and engine, or for each cluster."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, nargs="+", default=[1_000_000])
    parser.add_argument("--remote", default="local[2]")
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--folder", type=Path, help="where the packages are kept")
    parser.add_argument("--workers", type=int, nargs="+", help="of clusters to compare")
    asked = parser.parse_args()
    if asked.workers:
        print("| workers | seconds | times as fast, by medians | findings |\n|--:|--:|--:|--:|")
        with tempfile.TemporaryDirectory() as name:
            for rows in asked.rows:
                folder = made(asked.folder or Path(name), rows)
                compare_clusters(folder, Path(name), asked.workers, asked.rounds)
        return
    kinds = " | ".join(f"{each} | MiB" for each in ("command", "Java", "workers"))
    print(f"| rows | engine | seconds | processor seconds | {kinds} | findings |")
    print("|--:|---" + "|--:" * 9 + "|")
    with tempfile.TemporaryDirectory() as name:
        for rows in asked.rows:
            folder = made(asked.folder or Path(name), rows)
            for _ in range(asked.rounds):
                found = []
                for engine, more in (("fast", []), ("spark", ["--spark-remote", asked.remote])):
                    report = Path(name) / "report.json"
                    use = watched(validation(folder, report, "--engine", engine, *more))
                    found.append(findings_in(report))
                    print(f"| {rows:,} | {engine} | {use} | {len(found[-1]):,} |", flush=True)
                assert found[0] == found[1], "the engines find something else"


if __name__ == "__main__":
    main()
