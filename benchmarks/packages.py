"""Packages of the shapes that occur, of any size, clean or with 0.1% of their rows spoilt.

``SHAPES`` says which there are. What is spoilt is listed in ``faults.csv``: table, row (as
frictionless counts: the header is 1), physical line, field and code. The same size and seed give
the same bytes.
"""

from __future__ import annotations

import argparse
import csv
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import generate
import numpy as np
import polars as pl
from generate import Fault

Rng = np.random.Generator
Columns = Mapping[str, pl.Series]
CHUNK = 100_000
SEED = 20260101
OF_ROWS = (Fault("missing-cell", ""), Fault("extra-cell", ""), Fault("blank-row", ""))
"""Rows of another width, and blank ones; the cell that is missing is the last one."""


@dataclass(frozen=True)
class Table:
    """A table: its schema, how many rows it has, and what makes some of them.

    ``chunk`` gives the columns of the rows from one number up to another. ``faults`` are the ways
    to spoil a row; a key is spoilt by that of the row before.
    """

    name: str
    fields: Sequence[Mapping[str, Any]]
    rows: int
    chunk: Callable[[int, int, Rng], Columns]
    faults: Sequence[Fault] = ()
    references: Mapping[str, str] = field(default_factory=dict)
    missing: Sequence[str] = ("",)
    is_parquet: bool = False

    @property
    def key(self) -> str:
        """The field of the primary key, which is the first one."""
        return str(self.fields[0]["name"])

    @property
    def resource(self) -> dict[str, Any]:
        """The table as a descriptor has it."""
        keys = [
            {"fields": [name], "reference": {"resource": table, "fields": [f"{table}_id"]}}
            for name, table in self.references.items()
        ]
        schema = {
            "fields": self.fields,
            "missingValues": self.missing,
            "primaryKey": [self.key],
            "foreignKeys": keys,
        }
        kind = "parquet" if self.is_parquet else "csv"
        path = f"{self.name}.{kind}"
        return {"name": self.name, "path": path, "type": "table", "format": kind, "schema": schema}


class Placed(NamedTuple):
    """A fault where it was put."""

    resource: str
    row: int
    line: int | None
    field: str
    code: str


def text(name: str, **constraints: Any) -> dict[str, Any]:
    """A field of text."""
    return generate.field(name, "string", **constraints)


def ids(letter: str, numbers: Any) -> pl.Series:
    """Ids of so many digits that all of them are as long."""
    return letter + "-" + pl.Series(numbers).cast(pl.String).str.zfill(8)


def picked(rng: Rng, size: int, values: Sequence[str]) -> pl.Series:
    """Some of the values, at random."""
    return pl.Series(values).gather(rng.integers(0, len(values), size))


def numbers(rng: Rng, size: int, low: int, high: int, digits: int = 0) -> pl.Series:
    """Numbers as text, with so many digits behind the point."""
    whole = pl.Series(rng.integers(low, high, size))
    return (whole / 10**digits).cast(pl.String) if digits else whole.cast(pl.String)


def days(rng: Rng, size: int) -> pl.Series:
    """Days as text."""
    return pl.Series(rng.integers(7_000, 20_000, size)).cast(pl.Int32).cast(pl.Date).cast(pl.String)


def sometimes(rng: Rng, values: pl.Series, share: float) -> pl.Series:
    """The values, of which this share is missing."""
    size = len(values)
    return values.zip_with(pl.Series(rng.random(size) >= share), pl.repeat("", size, eager=True))


def sentences(rng: Rng, size: int) -> pl.Series:
    """Chinese text, of which each third cell quotes a word and some have a comma."""
    word = [picked(rng, size, generate.WORDS) for _ in range(6)]
    quoted = word[0] + '提出"' + word[1] + word[2] + '"，到' + numbers(rng, size, 2022, 2031) + "年"
    plain = word[3] + "与" + word[4] + "，" + word[5] + "，" + word[0] + word[1]
    with_comma = word[2] + ", " + word[5] + "等"
    which = pl.Series(rng.integers(0, 3, size))
    return pl.select(
        pl.when(which == 0).then(quoted).when(which == 1).then(plain).otherwise(with_comma)
    ).to_series()


KINDS = ("plan", "report", "notice", "statute", "statistic")
COMPARATORS = ("eq", "ge", "gt", "le", "lt", "about")


def policy(rows: int) -> list[Table]:
    """Four tables that refer to each other: links, dates, enums, quoted Chinese text."""
    regions, indicators, sources = 400, max(rows // 500, 20), max(rows // 10, 50)

    def of_sources(start: int, stop: int, rng: Rng) -> Columns:
        size = stop - start
        number = pl.Series(range(start, stop)).cast(pl.String)
        host = picked(rng, size, ("www.example.gov.cn", "data.example.org", "example.com"))
        note = sentences(rng, size)
        broken = pl.Series(rng.random(size) < 0.02)
        return {
            "source_id": ids("src", range(start, stop)),
            "title": "关于" + sentences(rng, size) + "的通知",
            "kind": picked(rng, size, KINDS),
            "published_on": days(rng, size),
            "url": "https://" + host + "/zwgk/" + number + "/content_" + number + ".html",
            "note": sometimes(rng, (note + "\n见附件").zip_with(broken, note), 0.5),
        }

    def of_targets(start: int, stop: int, rng: Rng) -> Columns:
        size = stop - start
        return {
            "target_id": ids("tgt", range(start, stop)),
            "region": ids("reg", rng.integers(0, regions, size)),
            "indicator": ids("ind", rng.integers(0, indicators, size)),
            "source": ids("src", 2 * rng.integers(0, sources // 2, size)),
            "comparator": picked(rng, size, COMPARATORS),
            "value": sometimes(rng, numbers(rng, size, 0, 100_000, 2), 0.05),
            "due_on": days(rng, size),
            "strength": picked(rng, size, ("binding", "expected", "aim")),
            "phrase": sentences(rng, size),
            "page": "https://example.gov.cn/" + numbers(rng, size, 1, 10**6) + ".html",
        }

    required = {"required": True}
    return [
        Table(
            "region",
            [text("region_id", **required), text("name", **required)],
            regions,
            lambda start, stop, rng: {
                "region_id": ids("reg", range(start, stop)),
                "name": picked(rng, stop - start, ("上海市", "江苏省", "浙江省", "安徽省")),
            },
        ),
        Table(
            "indicator",
            [
                text("indicator_id", **required),
                text("name"),
                text("measure", enum=["stock", "flow"]),
            ],
            indicators,
            lambda start, stop, rng: {
                "indicator_id": ids("ind", range(start, stop)),
                "name": sentences(rng, stop - start),
                "measure": picked(rng, stop - start, ("stock", "flow")),
            },
        ),
        Table(
            "source",
            [
                text("source_id", **required),
                text("title", required=True, maxLength=200),
                text("kind", enum=list(KINDS), required=True),
                generate.field("published_on", "date", minimum="1980-01-01"),
                {"name": "url", "type": "string", "format": "uri", "constraints": required},
                text("note"),
            ],
            sources,
            of_sources,
            (
                Fault("constraint-error", "kind", "rumour"),
                Fault("type-error", "published_on", "2021-13-01"),
                Fault("type-error", "url", "example.org/no scheme"),
                Fault("constraint-error", "title", ""),
                Fault("primary-key", "source_id"),
                *OF_ROWS,
            ),
        ),
        Table(
            "target",
            [
                text("target_id", **required),
                text("region", **required),
                text("indicator", **required),
                text("source", **required),
                text("comparator", enum=list(COMPARATORS), required=True),
                generate.field("value", "number", minimum=0, maximum=1_000),
                generate.field("due_on", "date", required=True),
                text("strength", enum=["binding", "expected", "aim", "not_stated"]),
                text("phrase", required=True, maxLength=60),
                {"name": "page", "type": "string", "format": "uri"},
            ],
            rows,
            of_targets,
            (
                Fault("constraint-error", "comparator", "circa"),
                Fault("constraint-error", "value", "1000.5"),
                Fault("type-error", "value", "about 7"),
                Fault("type-error", "due_on", "2021-02-30"),
                Fault("constraint-error", "due_on", ""),
                Fault("constraint-error", "strength", "firm"),
                Fault("constraint-error", "phrase", "很" * 61),
                Fault("type-error", "page", "no link"),
                Fault("foreign-key", "region", "reg-99999999"),
                Fault("foreign-key", "indicator", "ind-99999999"),
                Fault("foreign-key", "source", "src-99999999"),
                Fault("primary-key", "target_id"),
                *OF_ROWS,
            ),
            {"region": "region", "indicator": "indicator", "source": "source"},
        ),
    ]


def wide(rows: int) -> list[Table]:
    """Two hundred columns, forty of each of five types."""
    kinds = ("integer", "number", "date", "code", "name")

    def described(at: int) -> dict[str, Any]:
        kind = kinds[at % 5]
        if kind == "code":
            return text(f"c{at}", enum=["a", "b", "c"])
        if kind == "name":
            return text(f"c{at}", maxLength=40)
        return generate.field(f"c{at}", kind, **({} if kind == "date" else {"minimum": 0}))

    def chunk(start: int, stop: int, rng: Rng) -> Columns:
        size = stop - start
        makers: Mapping[str, Callable[[], pl.Series]] = {
            "integer": lambda: numbers(rng, size, 0, 10**6),
            "number": lambda: numbers(rng, size, 0, 10**6, 3),
            "date": lambda: days(rng, size),
            "code": lambda: picked(rng, size, ("a", "b", "c")),
            "name": lambda: picked(rng, size, generate.WORDS),
        }
        cells = {f"c{at}": sometimes(rng, makers[kinds[at % 5]](), 0.1) for at in range(199)}
        return {"id": ids("w", range(start, stop)), **cells}

    faults = (
        Fault("type-error", "c0", "1x"),
        Fault("constraint-error", "c1", "-1.5"),
        Fault("type-error", "c102", "2021-02-30"),
        Fault("constraint-error", "c63", "d"),
        Fault("constraint-error", "c194", "长" * 41),
        Fault("primary-key", "id"),
        *OF_ROWS,
    )
    return [
        Table("wide", [text("id", required=True), *map(described, range(199))], rows, chunk, faults)
    ]


def small(count: int) -> list[Table]:
    """So many tables of 100 rows and 6 columns, each of which refers to the first one."""

    def chunk(start: int, stop: int, rng: Rng) -> Columns:
        size = stop - start
        return {
            "t0_id": ids("k", range(start, stop)),
            "name": "上海市浦东新区" + numbers(rng, size, 0, 100),
            "day": days(rng, size),
            "amount": numbers(rng, size, 0, 10_000, 1),
            "kind": picked(rng, size, ("a", "b")),
            "parent": ids("k", 2 * rng.integers(0, 50, size)),
        }

    fields = [
        text("t0_id", required=True),
        text("name"),
        generate.field("day", "date"),
        generate.field("amount", "number", minimum=0),
        text("kind", enum=["a", "b"]),
        text("parent"),
    ]
    faults = (
        Fault("type-error", "day", "2021-13-01"),
        Fault("constraint-error", "amount", "-1"),
        Fault("constraint-error", "kind", "c"),
        Fault("foreign-key", "parent", "k-99999999"),
        Fault("primary-key", "t0_id"),
    )
    return [
        Table(f"t{at}", fields, 100, chunk, faults[at % 5 :] + faults[: at % 5], {"parent": "t0"})
        for at in range(count)
    ]


def columnar(rows: int) -> list[Table]:
    """A Parquet file of typed columns, with a key and bounds."""

    def chunk(start: int, stop: int, rng: Rng) -> Columns:
        size = stop - start
        return {
            "id": ids("p", range(start, stop)),
            "kind": picked(rng, size, KINDS),
            "count": pl.Series(rng.integers(0, 10**6, size)),
            "value": pl.Series(rng.integers(0, 10**6, size) / 100),
            "day": pl.Series(rng.integers(0, 18_000, size)).cast(pl.Int32).cast(pl.Date),
            "final": pl.Series(rng.random(size) < 0.5),
            "code": picked(rng, size, ("AB-1", "CD-2", "EF-3")),
            "name": picked(rng, size, generate.WORDS) + numbers(rng, size, 0, 1000),
        }

    fields = [
        text("id", required=True),
        text("kind", enum=list(KINDS)),
        generate.field("count", "integer", minimum=0),
        generate.field("value", "number", maximum=10_000),
        generate.field("day", "date"),
        generate.field("final", "boolean"),
        text("code", pattern="[A-Z]{2}-[0-9]"),
        text("name", maxLength=40),
    ]
    faults = (
        Fault("constraint-error", "kind", "rumour"),
        Fault("constraint-error", "code", "ab-1"),
        Fault("constraint-error", "name", "长" * 41),
        Fault("primary-key", "id"),
    )
    return [Table("typed", fields, rows, chunk, faults, is_parquet=True)]


def sparse(rows: int) -> list[Table]:
    """Twenty columns, of which nine in ten cells are empty."""
    kinds = ("integer", "number", "date", "name")

    def chunk(start: int, stop: int, rng: Rng) -> Columns:
        size = stop - start
        makers: Mapping[str, Callable[[], pl.Series]] = {
            "integer": lambda: numbers(rng, size, 0, 10**6),
            "number": lambda: numbers(rng, size, 0, 10**6, 3),
            "date": lambda: days(rng, size),
            "name": lambda: sentences(rng, size),
        }
        cells = {f"c{at}": sometimes(rng, makers[kinds[at % 4]](), 0.9) for at in range(19)}
        return {"id": ids("s", range(start, stop)), **cells}

    types = {"name": "string"}
    fields = [generate.field(f"c{at}", types.get(kinds[at % 4], kinds[at % 4])) for at in range(19)]
    faults = (
        Fault("type-error", "c0", "1x"),
        Fault("type-error", "c5", "1.2.3"),
        Fault("type-error", "c10", "2021-02-30"),
        Fault("primary-key", "id"),
        *OF_ROWS,
    )
    return [Table("sparse", [text("id", required=True), *fields], rows, chunk, faults)]


def present(rows: int) -> list[Table]:
    """The table of the other benchmarks."""

    def chunk(start: int, stop: int, rng: Rng) -> Columns:
        return generate.clean_chunk(start, stop, rng).to_dict()

    regions = generate.REGIONS
    fields = [text("region_id", required=True), text("name")]

    def of_regions(start: int, stop: int, _: Rng) -> Columns:
        keys = generate.region_ids(np.arange(start, stop))
        return {"region_id": keys, "name": "地区" + keys}

    observations = Table(
        "observations",
        generate.FIELDS,
        rows,
        chunk,
        generate.FAULTS,
        {"region_id": "region"},
        generate.MISSING,
    )
    return [Table("region", fields, regions, of_regions), observations]


class Shape(NamedTuple):
    """What makes the tables of a shape, and of how many rows (tables, where they are small)."""

    tables: Callable[[int], list[Table]]
    size: int


SHAPES: Mapping[str, Shape] = {
    "a": Shape(present, 1_000_000),
    "b": Shape(policy, 1_000_000),
    "c": Shape(wide, 50_000),
    "d": Shape(small, 300),
    "e": Shape(small, 5),
    "f": Shape(columnar, 1_000_000),
    "g": Shape(sparse, 1_000_000),
}


def write(folder: Path, tables: Sequence[Table], *, faulty: bool) -> None:
    """Write descriptor, tables and the list of faults, empty if the package is clean."""
    folder.mkdir(parents=True, exist_ok=True)
    raw = {"name": "benchmark", "resources": [each.resource for each in tables]}
    (folder / "datapackage.json").write_text(json.dumps(raw, ensure_ascii=False), "utf-8")
    placed: list[Placed] = []
    for number, table in enumerate(tables):
        rng = np.random.default_rng((SEED, number))
        faults = _placed(table, rng) if faulty and table.faults else {}
        placed += _write_table(folder, table, faults, number)
    with (folder / "faults.csv").open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(Placed._fields)
        writer.writerows(placed)


def _placed(table: Table, rng: Rng) -> dict[int, Fault]:
    """The fault of each spoilt row, from 0; never two neighbours, so that keys can be copied.

    Every other row is whole, and only such rows are referred to.
    """
    number = max(table.rows // 1_000, 1)
    places = 2 * np.sort(rng.choice((table.rows - 1) // 2, number, replace=False)) + 1
    kinds = table.faults
    # In a small table the first kind is the one; which is first differs from table to table.
    order = rng.permutation(number) % len(kinds)
    return {int(at): kinds[which] for at, which in zip(places, order, strict=True)}


def _write_table(
    folder: Path, table: Table, faults: Mapping[int, Fault], number: int
) -> Iterator[Placed]:
    names = [str(each["name"]) for each in table.fields]
    frames = []
    line = 2
    path = folder / table.resource["path"]
    with path.open("wb") as stream:
        if not table.is_parquet:
            stream.write((",".join(names) + "\n").encode())
        for start in range(0, table.rows, CHUNK):
            stop = min(start + CHUNK, table.rows)
            rng = np.random.default_rng((SEED, number, start))
            chunk = pl.DataFrame(table.chunk(start, stop, rng)).select(names)
            here = {at - start: each for at, each in faults.items() if start <= at < stop}
            chunk = _spoilt(chunk, table, here)
            if table.is_parquet:
                frames.append(chunk)
                yield from _listed(table, here, start, dict.fromkeys(here, None))
                continue
            rows = _rows(chunk, here)
            stream.write(b"".join(rows))
            lines = dict.fromkeys(here, 0)
            for at, row in enumerate(rows):
                if at in lines:
                    lines[at] = line
                line += row.count(b"\n")
            yield from _listed(table, here, start, lines)
    if table.is_parquet:
        pl.concat(frames).write_parquet(path)


def _listed(
    table: Table, here: Mapping[int, Fault], start: int, lines: Mapping[int, int | None]
) -> Iterator[Placed]:
    for at, fault in here.items():
        row, line = start + at + 2, lines[at]
        name = fault.field
        if fault.code == "missing-cell":
            name = str(table.fields[-1]["name"])
        yield Placed(table.name, row, line, name, fault.code)
        if fault.code == "blank-row":
            # To frictionless, an empty row lacks its key too.
            yield Placed(table.name, row, line, table.key, "primary-key")


def _spoilt(chunk: pl.DataFrame, table: Table, here: Mapping[int, Fault]) -> pl.DataFrame:
    cells: dict[str, dict[int, str]] = {}
    for at, fault in here.items():
        if fault.code == "primary-key":
            cells.setdefault(table.key, {})[at] = chunk[table.key][at - 1]
        elif fault.cell is not None:
            cells.setdefault(fault.field, {})[at] = fault.cell
    return chunk.with_columns(
        chunk[name].scatter(list(changed), list(changed.values()))
        for name, changed in cells.items()
    )


def _rows(chunk: pl.DataFrame, here: Mapping[int, Fault]) -> list[bytes]:
    """The rows as CSV, with those that are short, long or blank."""
    short = [at for at, each in here.items() if each.code == "missing-cell"]
    if short:
        last = chunk.columns[-1]
        chunk = chunk.with_columns(chunk[last].scatter(short, ""))
    # polars would write "" for an empty text, and an empty cell for none.
    content = chunk.with_columns(pl.all().replace("", None)).write_csv(include_header=False)
    rows: list[bytes] = []
    for line in content.encode().splitlines(keepends=True):
        if rows and rows[-1].count(b'"') % 2:
            rows[-1] += line
        else:
            rows.append(line)
    for at, fault in here.items():
        if fault.code == "missing-cell":
            rows[at] = rows[at].removesuffix(b",\n") + b"\n"
        elif fault.code == "extra-cell":
            rows[at] = rows[at].removesuffix(b"\n") + b",extra\n"
        elif fault.code == "blank-row":
            rows[at] = b"\n"
    return rows


def main() -> None:
    """Write one package."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("shape", choices=sorted(SHAPES))
    parser.add_argument("--size", type=int, help="rows, or tables where they are small")
    parser.add_argument("--faulty", action="store_true")
    asked = parser.parse_args()
    shape = SHAPES[asked.shape]
    write(asked.folder, shape.tables(asked.size or shape.size), faulty=asked.faulty)


if __name__ == "__main__":
    main()
