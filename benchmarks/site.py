"""How long the site of many records takes, and how large it is.

``python benchmarks/site.py --records 10000 20000 50000`` copies the repository's records, each copy
with ids of its own, releases them and writes the site of the release. Only the site is timed; the
pictures are left out, as they do not grow with the records. ``--records 0`` is the repository's own
site, with its pictures. ``--plain`` takes one table of a stranger's instead.

Where a file system without a journal has just lost many files, new ones take several times as
long: ``TMPDIR=/dev/shm``, or some minutes of rest, keep that out.
"""

from __future__ import annotations

import argparse
import csv
import json
import multiprocessing
import os
import platform
import resource
import shutil
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import pandas as pd  # noqa: F401 - the time of imports is not the site's

from ycd_opendata.delta.site.additions import RECORD_TABLES
from ycd_opendata.package.reading import read_package
from ycd_opendata.publishing.release import write_release
from ycd_opendata.site import building

ROOT = Path(__file__).resolve().parent.parent
KEPT = ("regions", "domains", "retired_ids", "glossary")
SHARED = ("region_id", "domain_id")
IDS = ("_id", "superseded_by", "family")


def grow(folder: Path, records: int) -> int:
    """Write the package with at least so many records that have pages; how many they are."""
    (folder / "schemas").mkdir()
    for path in (ROOT / "schemas").glob("*.json"):
        # The ids of copies are longer than ids may be.
        text = path.read_text("utf-8").replace('"maxLength": 80', '"maxLength": 99')
        (folder / "schemas" / path.name).write_text(text, "utf-8")
    shutil.copy(ROOT / "datapackage.json", folder)
    (folder / "data").mkdir()
    tables = {}
    for path in sorted((ROOT / "data").glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as stream:
            tables[path.stem] = list(csv.DictReader(stream))
    one = sum(len(tables[name]) for name in RECORD_TABLES if name not in KEPT)
    copies = max(1, -(-records // one))
    for name, rows in tables.items():
        schema = json.loads((ROOT / "schemas" / f"{name}.json").read_text("utf-8"))
        fields = [each["name"] for each in schema["fields"]]
        with (folder / "data" / f"{name}.csv").open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, fields, lineterminator="\n")
            writer.writeheader()
            for number in range(1 if name in KEPT else copies):
                writer.writerows(renamed(row, number) for row in rows)
    return one * copies


def renamed(row: dict[str, str], number: int) -> dict[str, str]:
    """A record whose ids, and those that it refers to, are those of one copy."""
    return {
        name: f"{cell}-copy-{number}"
        if number and cell and (name == "id" or name.endswith(IDS)) and name not in SHARED
        else cell
        for name, cell in row.items()
    }


def write_plain(folder: Path, records: int) -> int:
    """Write a package of one table with a key; how many records it has."""
    names = ("station_id", "name", "town", "kind", "opened_on", "height", "note")
    kinds = ("rain", "wind", "river")
    with (folder / "stations.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(names)
        for number in range(records):
            day = f"{1950 + number % 70}-0{1 + number % 9}-1{number % 10}"
            cells = (f"Station number {number}", f"Town {number % 500}", kinds[number % 3], day)
            height, note = number * 37 % 3000 / 10, f"Some forty characters about it, no. {number}"
            writer.writerow([f"s-{number:06d}", *cells, height, note])
    types = {"opened_on": "date", "height": "number"}
    fields = [{"name": each, "type": types.get(each, "string")} for each in names]
    schema = {"fields": fields, "primaryKey": "station_id"}
    table = {"name": "stations", "path": "stations.csv", "schema": schema}
    descriptor = {"name": "stations", "version": "1.0.0", "created": "2022-01-17T00:00:00Z"}
    (folder / "datapackage.json").write_text(json.dumps({**descriptor, "resources": [table]}))
    return records


def released(package: Path, release: Path) -> dict[str, int]:
    """Write the release of a package; how many rows each of its tables has."""
    contents = write_release(read_package(package), release, None, ["csv", "json"])
    return {each.name: each.extent.rows for each in contents.tables}


def peak() -> str:
    """The most memory that this process took, in MB.

    The kernel counts for a process also what the one had that it comes from, so the second
    process of the site has no figure of its own here: it takes less than this one.
    """
    return f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f}"


def processor_time() -> float:
    """The seconds of this process and of those that it waited for."""
    return sum(os.times()[:4])


def measure(records: int, write: Callable[[Path, int], int]) -> str:
    """Time one size; a row of the table."""
    with tempfile.TemporaryDirectory() as text:
        folder = Path(text)
        (folder / "package").mkdir()
        count = write(folder / "package", records)
        release = folder / "catalogue" / "latest"
        release.mkdir(parents=True)
        # In a process of its own, whose memory is not the site's.
        with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
            rows = pool.submit(released, folder / "package", release).result()
        releases = [{"version": "1.0.0", "date": "2022-01-17", "records": rows}]
        wall, processor = time.perf_counter(), processor_time()
        building.write_site(release.parent, release, releases, {}, None)
        wall, processor = time.perf_counter() - wall, processor_time() - processor
        most = peak()  # before the files are counted, whose paths take more than the site did
        shutil.rmtree(release)
        files = [each for each in release.parent.rglob("*") if each.is_file()]
        pages = sum(each.suffix == ".html" for each in files)
        size = sum(each.stat().st_size for each in files) / 1e6
    return (
        f"| {count:,} | {wall:.1f} | {processor:.1f} | {1000 * processor / count:.2f} "
        f"| {pages:,} | {size:,.0f} | {most} |"
    )


def main() -> None:
    """Time each size, and print a table in Markdown."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, nargs="+", default=[10_000, 20_000, 50_000])
    parser.add_argument("--plain", action="store_true")
    asked = parser.parse_args()
    if asked.records != [0]:
        building.drawn_pictures = lambda _: ()  # type: ignore[assignment]
    print(f"Python {platform.python_version()}, {platform.system()} {platform.machine()}\n")
    print("| records | wall s | CPU s | CPU ms a record | pages | MB | peak memory, MB |")
    print("|--:|--:|--:|--:|--:|--:|--:|")
    for records in asked.records:
        print(measure(records, write_plain if asked.plain else grow), flush=True)


if __name__ == "__main__":
    main()
