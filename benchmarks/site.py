"""How long the site of many records takes, and how large it is.

``python benchmarks/site.py --records 10000 20000 50000`` copies the repository's records, each copy
with ids of its own, releases them and writes the site of the release. Only the site is timed; the
pictures are left out, as they do not grow with the records.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import platform
import shutil
import tempfile
import time
from pathlib import Path

from ycd_opendata.delta.site.additions import RECORD_TABLES
from ycd_opendata.package.reading import read_package
from ycd_opendata.publishing.release import write_release
from ycd_opendata.site import building

ROOT = Path(__file__).resolve().parent.parent
KEPT = ("regions", "domains", "retired_ids", "glossary")
SHARED = ("region_id", "domain_id")
IDS = ("_id", "superseded_by")


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
    copies = -(-records // one)
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


def processor_time() -> float:
    """The seconds of this process and of those that it waited for."""
    return sum(os.times()[:4])


def measure(records: int) -> str:
    """Time one size; a row of the table."""
    with tempfile.TemporaryDirectory() as text:
        folder = Path(text)
        (folder / "package").mkdir()
        count = grow(folder / "package", records)
        release = folder / "catalogue" / "latest"
        release.mkdir(parents=True)
        write_release(read_package(folder / "package"), release, None, ["csv", "json"])
        releases = [{"version": "1.0.0", "date": "2022-01-17", "records": {"all": count}}]
        wall, processor = time.perf_counter(), processor_time()
        building.write_site(release.parent, release, releases, {}, None)
        wall, processor = time.perf_counter() - wall, processor_time() - processor
        shutil.rmtree(release)
        files = [each for each in release.parent.rglob("*") if each.is_file()]
        pages = sum(each.suffix == ".html" for each in files)
        size = sum(each.stat().st_size for each in files) / 1e6
        board = (release.parent / "en" / "scoreboard.html").stat().st_size / 1e3
    return (
        f"| {count:,} | {wall:.1f} | {processor:.1f} | {1000 * processor / count:.2f} "
        f"| {pages:,} | {size:,.0f} | {board:,.0f} |"
    )


def main() -> None:
    """Time each size, and print a table in Markdown."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, nargs="+", default=[10_000, 20_000, 50_000])
    building.drawn_pictures = lambda _: ()  # type: ignore[assignment]
    print(f"Python {platform.python_version()}, {platform.system()} {platform.machine()}\n")
    print("| records | wall s | CPU s | CPU ms a record | pages | MB | first scoreboard page, kB |")
    print("|--:|--:|--:|--:|--:|--:|--:|")
    for records in parser.parse_args().records:
        print(measure(records), flush=True)


if __name__ == "__main__":
    main()
