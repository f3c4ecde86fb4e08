"""Realistic packages of any size, clean or with listed faults.

A package has a table ``observations`` of thirteen columns of mixed types, whose ``region_id``
refers to the small table ``regions``. The faulty one is the clean one with 0.1% of its rows
spoilt, in every way of ``FAULTS`` in turn; ``faults.csv`` lists row (as frictionless counts: the
header is 1), field and code of each. The same size and seed give the same bytes.
"""

from __future__ import annotations

import argparse
import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import polars as pl

CHUNK = 250_000
REGIONS = 400
KINDS = ("plan", "report", "notice", "statute", "statistic")
WORDS = ("数字化", "转型", "智能制造", "工业互联网", "平台", "长三角", "一体化", "企业", "上云")
MISSING = ("", "NA")
FAULT_SHARE = 1_000


class Fault(NamedTuple):
    """One way to spoil a row: the cell that is put in, and what a validator has to say."""

    code: str
    field: str
    cell: str | None = None


FAULTS = (
    Fault("type-error", "count", "12x"),
    Fault("type-error", "value", "1.2.3"),
    Fault("type-error", "observed_on", "2021-02-30"),
    Fault("type-error", "recorded_at", "2021-05-01 12:00"),
    Fault("type-error", "final", "maybe"),
    Fault("type-error", "year", "20x1"),
    Fault("constraint-error", "kind", "rumour"),
    Fault("constraint-error", "code", "ab-12"),
    Fault("constraint-error", "count", "-1"),
    Fault("constraint-error", "value", "1000.5"),
    Fault("constraint-error", "share", "1.01"),
    Fault("constraint-error", "observed_on", "1999-12-31"),
    Fault("constraint-error", "year", "2101"),
    Fault("constraint-error", "name_zh", ""),
    Fault("foreign-key", "region_id", "R9999"),
    Fault("primary-key", "observation_id"),
    Fault("missing-cell", "note"),
    Fault("extra-cell", ""),
    Fault("blank-row", ""),
)
"""A fault without a cell is made of the row: its neighbour's key, or the line itself."""


def field(name: str, type: str, **constraints: Any) -> dict[str, Any]:
    """A field of a Table Schema."""
    return {"name": name, "type": type, "constraints": constraints}


FIELDS = (
    field("observation_id", "string", required=True),
    field("region_id", "string", required=True),
    field("kind", "string", required=True, enum=list(KINDS)),
    field("code", "string", pattern="[A-Z]{2}-[0-9]{4}"),
    field("count", "integer", required=True, minimum=0, maximum=100_000),
    field("value", "number", minimum=0, maximum=1_000),
    field("share", "number", minimum=0, maximum=1),
    field("observed_on", "date", required=True, minimum="2000-01-01"),
    field("recorded_at", "datetime"),
    field("final", "boolean", required=True),
    field("year", "year", required=True, minimum=2000, maximum=2100),
    field("name_zh", "string", required=True, maxLength=80),
    field("note", "string"),
)
NAMES = tuple(each["name"] for each in FIELDS)


def write_package(folder: Path, rows: int, *, faulty: bool, seed: int = 20260101) -> None:
    """Write descriptor, tables and, if faulty, the list of faults; memory stays that of a chunk."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "datapackage.json").write_text(
        json.dumps(_descriptor(), ensure_ascii=False, indent=2)
    )
    regions = pl.DataFrame({"region_id": region_ids(np.arange(REGIONS))})
    regions.with_columns(name=pl.lit("地区") + pl.col("region_id")).write_csv(
        folder / "regions.csv"
    )
    rng = np.random.default_rng(seed)
    faults = _placed_faults(rows, rng) if faulty else {}
    with (folder / "observations.csv").open("wb") as stream:
        stream.write((",".join(NAMES) + "\n").encode())
        for start in range(0, rows, CHUNK):
            stop = min(start + CHUNK, rows)
            rng = np.random.default_rng((seed, start))
            chunk = _spoilt(clean_chunk(start, stop, rng), start, faults)
            stream.write(_lines(chunk, start, faults))
    if faulty:
        with (folder / "faults.csv").open("w", newline="", encoding="utf-8") as stream_text:
            writer = csv.writer(stream_text, lineterminator="\n")
            writer.writerow(("row", "field", "code"))
            for at, each in faults.items():
                writer.writerow((at + 2, each.field, each.code))
                if each.code == "blank-row":
                    # To frictionless, an empty row lacks its key too.
                    writer.writerow((at + 2, "observation_id", "primary-key"))


def _descriptor() -> dict[str, Any]:
    observations = {
        "fields": list(FIELDS),
        "missingValues": list(MISSING),
        "primaryKey": ["observation_id"],
        "foreignKeys": [
            {
                "fields": ["region_id"],
                "reference": {"resource": "regions", "fields": ["region_id"]},
            }
        ],
    }
    regions = {
        "fields": [field("region_id", "string", required=True), field("name", "string")],
        "primaryKey": ["region_id"],
    }
    tables = {"observations": observations, "regions": regions}
    return {
        "name": "benchmark",
        "profile": "tabular-data-package",
        "resources": [
            {
                "name": name,
                "path": f"{name}.csv",
                "profile": "tabular-data-resource",
                "encoding": "utf-8",
                "schema": schema,
            }
            for name, schema in tables.items()
        ],
    }


def _placed_faults(rows: int, rng: np.random.Generator) -> dict[int, Fault]:
    """The fault of each spoilt row, from 0; never two neighbours, so that keys can be copied."""
    number = max(rows // FAULT_SHARE, min(len(FAULTS), rows // 4))
    places = 2 * np.sort(rng.choice((rows - 1) // 2, number, replace=False)) + 1
    order = rng.permutation(number) % len(FAULTS)
    return {int(at): FAULTS[which] for at, which in zip(places, order, strict=True)}


def region_ids(numbers: np.ndarray[Any, Any]) -> pl.Series:
    """The keys of regions."""
    return "R" + pl.Series(numbers).cast(pl.String).str.zfill(4)


def _keys(numbers: np.ndarray[Any, Any]) -> pl.Series:
    """Unique ids in no order: an odd factor permutes the numbers below 2**32."""
    mixed = numbers.astype(np.uint64) * np.uint64(2_654_435_761) % np.uint64(2**32)
    return "obs-" + pl.Series(mixed).cast(pl.String).str.zfill(10)


def clean_chunk(start: int, stop: int, rng: np.random.Generator) -> pl.DataFrame:
    """The rows from one number up to another, as text."""
    size = stop - start

    def whole(low: int, high: int) -> pl.Series:
        return pl.Series(rng.integers(low, high, size))

    def sometimes(values: pl.Series, share: float, missing: str = "") -> pl.Series:
        kept = pl.Series(rng.random(size) >= share)
        return values.zip_with(kept, pl.repeat(missing, size, eager=True))

    words = pl.Series(WORDS)
    letters = pl.Series([a + b for a in "ABCDEF" for b in "GHIJKL"])
    days = whole(0, 9_000)
    dates = (days + 10_957).cast(pl.Int32).cast(pl.Date)
    seconds = (days.cast(pl.Int64) + 10_957) * 86_400 + whole(0, 86_400)
    stamps = pl.from_epoch(seconds).dt.strftime("%Y-%m-%dT%H:%M:%SZ")
    names = words.gather(whole(0, len(WORDS))) + words.gather(whole(0, len(WORDS)))
    notes = "见第" + whole(1, 90).cast(pl.String) + "页, 附表, " + names
    columns = (
        _keys(np.arange(start, stop)),
        region_ids(rng.integers(0, REGIONS, size)),
        pl.Series(KINDS).gather(whole(0, len(KINDS))),
        sometimes(letters.gather(whole(0, 36)) + "-" + whole(1_000, 10_000).cast(pl.String), 0.1),
        whole(0, 100_001).cast(pl.String),
        sometimes((whole(0, 100_000) / 100).round(2).cast(pl.String), 0.05, "NA"),
        sometimes((whole(0, 1_000) / 1_000).round(3).cast(pl.String), 0.2),
        dates.cast(pl.String),
        sometimes(stamps, 0.1),
        pl.Series(["true", "false"]).gather(whole(0, 2)),
        dates.dt.year().cast(pl.String),
        names + whole(0, 1_000).cast(pl.String),
        sometimes(notes, 0.7),
    )
    return pl.DataFrame(dict(zip(NAMES, columns, strict=True)))


def _in_chunk(start: int, size: int, faults: dict[int, Fault]) -> Iterator[tuple[int, Fault]]:
    return ((at - start, each) for at, each in faults.items() if start <= at < start + size)


def _spoilt(chunk: pl.DataFrame, start: int, faults: dict[int, Fault]) -> pl.DataFrame:
    """The chunk with the faults that are a cell; a key is that of the row before."""
    cells: dict[str, dict[int, str]] = {}
    for at, fault in _in_chunk(start, chunk.height, faults):
        if fault.code == "primary-key":
            neighbour = _keys(np.array([start + at - 1]))[0]
            cells.setdefault(fault.field, {})[at] = neighbour
        elif fault.cell is not None:
            cells.setdefault(fault.field, {})[at] = fault.cell
    return chunk.with_columns(
        chunk[name].scatter(list(changed), list(changed.values()))
        for name, changed in cells.items()
    )


def _lines(chunk: pl.DataFrame, start: int, faults: dict[int, Fault]) -> bytes:
    """The chunk as CSV with the faults that are no cell: short, long and blank lines."""
    shapes = [
        (at, each.code)
        for at, each in _in_chunk(start, chunk.height, faults)
        if each.code in ("missing-cell", "extra-cell", "blank-row")
    ]
    if shapes:
        short = [at for at, code in shapes if code == "missing-cell"]
        chunk = chunk.with_columns(chunk["note"].scatter(short, ""))
    # polars would write "" for an empty text, and an empty cell for none.
    text = chunk.with_columns(pl.all().replace("", None)).write_csv(include_header=False).encode()
    if not shapes:
        return text
    lines = text.split(b"\n")
    for at, code in shapes:
        if code == "missing-cell":
            lines[at] = lines[at].removesuffix(b",")
        else:
            lines[at] = lines[at] + b",extra" if code == "extra-cell" else b""
    return b"\n".join(lines)


def main() -> None:
    """Write one package."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("rows", type=int)
    parser.add_argument("--faulty", action="store_true")
    arguments = parser.parse_args()
    write_package(arguments.folder, arguments.rows, faulty=arguments.faulty)


if __name__ == "__main__":
    main()
