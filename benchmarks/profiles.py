"""``ycd profile`` against reading the same tables: processor seconds of whole processes, in pairs.

Two shapes of a million rows: the mixed table of ``generate.py``, and one of numbers and days of
which nearly each is different. Run ``python benchmarks/profiles.py``; ``--rows`` takes another
size.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
from pathlib import Path

import numpy as np
import polars as pl
from generate import write_package
from init import READ
from small import processor_seconds

BIN = Path(sys.executable).parent
PAIRS = 5
NUMBERS = 8


def write_numbers(folder: Path, rows: int) -> None:
    """Write a package of one table: a key, eight columns of different numbers, a day."""
    random = np.random.default_rng(7)
    frame = pl.DataFrame(
        {
            "id": np.arange(rows),
            **{f"n{at}": random.normal(100, 15, rows).round(6) for at in range(NUMBERS)},
            "day": pl.Series(random.integers(0, 20_000, rows)).cast(pl.Int32).cast(pl.Date),
        }
    )
    frame.write_csv(folder / "numbers.csv")
    types = {"id": "integer", "day": "date"}
    fields = [{"name": each, "type": types.get(each, "number")} for each in frame.columns]
    resource = {"name": "numbers", "path": "numbers.csv", "schema": {"fields": fields}}
    raw = {"name": "numbers", "resources": [resource]}
    (folder / "datapackage.json").write_text(json.dumps(raw), "utf-8")


def measure(shape: str, folder: Path) -> None:
    """Print the seconds of both, and the median of the quotients of the pairs."""
    pairs = []
    for _ in range(PAIRS):
        reading = processor_seconds([sys.executable, "-c", READ, str(folder)])
        pairs.append((reading, processor_seconds([str(BIN / "ycd"), "profile", str(folder)])))
    read, profile = (statistics.median(each) for each in zip(*pairs, strict=True))
    times = statistics.median(taken / reading for reading, taken in pairs)
    print(f"{shape:8} read {read:.2f} s, profile {profile:.2f} s: {times:.2f} times")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    wanted = parser.parse_args().rows
    with tempfile.TemporaryDirectory() as place:
        mixed, numbers = Path(place) / "mixed", Path(place) / "numbers"
        write_package(mixed, wanted, faulty=False)
        numbers.mkdir()
        write_numbers(numbers, wanted)
        measure("mixed", mixed)
        measure("numbers", numbers)
