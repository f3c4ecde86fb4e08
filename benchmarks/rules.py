"""A million rows with five declared rules against the same without: whole processes, in pairs.

``python benchmarks/rules.py`` prints the medians of processor seconds, and of the ratios.
"""

from __future__ import annotations

import json
import statistics
import sys
import tempfile
from pathlib import Path
from typing import Any

import generate
import polars as pl
from small import processor_seconds

ROWS = 1_000_000
PAIRS = 7

OBSERVATIONS = (
    "count >= value * share OR share > 0.5 OR count < 1000",
    "observed_on BETWEEN '2000-01-01' AND '2100-01-01'",
    "kind <> 'statute' OR code IS NULL OR SUBSTR(code, 3, 1) = '-'",
    "LENGTH(name_zh) > 0 AND year >= 2000",
    "NOT final OR value IS NOT NULL OR note IS NULL OR share IS NULL OR count >= 0",
)
PERIODS = (
    "ends_on >= starts_on",
    "upper > lower",
    "kind <> 'range' OR upper IS NOT NULL",
    "ABS(lower + width - upper) < 0.005",
    "COALESCE(people, 0) <= 1000 AND kind IN ('exact', 'range')",
)


def write_periods(folder: Path) -> None:
    """A narrow table, of which almost each cell is one that a rule needs."""
    rows = pl.int_range(ROWS, eager=True)
    day = pl.Series(["2020-01-01"] * ROWS).str.to_date() + pl.duration(days=rows % 900)
    frame = pl.DataFrame({"id": rows}).with_columns(
        starts_on=pl.lit(pl.select(day).to_series()).cast(pl.String),
        ends_on=pl.lit(pl.select(day + pl.duration(days=rows % 30)).to_series()).cast(pl.String),
        lower=rows % 1000 / 4,
        width=rows % 7 / 2 + 0.5,
        people=rows % 1000,
        kind=pl.when(rows % 2 == 0).then(pl.lit("range")).otherwise(pl.lit("exact")),
    )
    frame = frame.with_columns(upper=pl.col("lower") + pl.col("width"))
    frame.write_csv(folder / "periods.csv")
    types = dict.fromkeys(("lower", "width", "upper"), "number")
    types |= {"id": "integer", "people": "integer", "starts_on": "date", "ends_on": "date"}
    fields = [{"name": name, "type": types.get(name, "string")} for name in frame.columns]
    schema = {"fields": fields, "primaryKey": ["id"]}
    resource = {"name": "periods", "path": "periods.csv", "type": "table", "schema": schema}
    raw = {"name": "periods", "resources": [resource]}
    (folder / "datapackage.json").write_text(json.dumps(raw), "utf-8")


def write_observations(folder: Path) -> None:
    """The table of the other benchmarks: thirteen columns of mixed types, and a foreign key."""
    generate.write_package(folder, ROWS, faulty=False)


def with_rules(descriptor: Path, table: str, expressions: tuple[str, ...]) -> Path:
    """A second descriptor of the same files, whose table has rules."""
    raw: dict[str, Any] = json.loads(descriptor.read_text("utf-8"))
    [resource] = [each for each in raw["resources"] if each["name"] == table]
    resource["schema"]["rules"] = [
        {"name": f"rule-{number}", "expression": each} for number, each in enumerate(expressions)
    ]
    ruled = descriptor.with_name("with-rules.json")
    ruled.write_text(json.dumps(raw), "utf-8")
    return ruled


def main() -> None:
    """Print a line for each shape."""
    shapes = {
        "observations": (write_observations, OBSERVATIONS),
        "periods": (write_periods, PERIODS),
    }
    for name, (write, expressions) in shapes.items():
        with tempfile.TemporaryDirectory() as place:
            folder = Path(place)
            write(folder)
            plain = folder / "datapackage.json"
            ruled = with_rules(plain, name, expressions)
            validate = [sys.executable, "-m", "ycd_opendata", "validate"]
            commands = [[*validate, str(plain)], [*validate, str(ruled)]]
            for command in commands:
                processor_seconds(command)
            pairs = [[processor_seconds(each) for each in commands] for _ in range(PAIRS)]
        ratio = statistics.median(ours / bare for bare, ours in pairs)
        bare, ours = (statistics.median(each) for each in zip(*pairs, strict=True))
        print(f"{name:14} without {bare:5.2f} s  with five rules {ours:5.2f} s  ratio {ratio:.2f}")


if __name__ == "__main__":
    main()
