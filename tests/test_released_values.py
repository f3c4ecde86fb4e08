"""Random packages: each cell of a release, read by others, has the value that was validated.

What a cell of the source means is frictionless's word, and so is what one of the released CSV
means; JSON, SQLite and Parquet are read with the standard library and pyarrow.
"""

from __future__ import annotations

import csv
import datetime
import io
import json
import sqlite3
import tempfile
from contextlib import closing
from decimal import Decimal
from pathlib import Path
from typing import Any

import frictionless
import isodate  # type: ignore[import-untyped]
import pyarrow.parquet as pq
import pytest
from examples import examples
from hypothesis import example, given
from hypothesis import strategies as st

from ycd_opendata.package.model import missing_texts
from ycd_opendata.package.reading import read_package
from ycd_opendata.publishing.release import write_release
from ycd_opendata.validation.run import validate

CREATED = "2022-01-17T00:00:00Z"
FORMATS = ("csv", "json", "parquet", "sqlite")

FIELDS: list[tuple[dict[str, Any], list[str]]] = [
    ({"type": "string"}, ["a", " b ", "长", "=1+1", 'x "y"', "NA", "0.10", "l\nm", ";", "\t", "'"]),
    (
        {"type": "integer"},
        ["0", "-7", "+5", "007", "1_000", "７", " 4 ", "9223372036854775808", "1" * 40],
    ),
    ({"type": "integer", "bareNumber": False}, ["€ 5", "5 t", "-3%"]),
    (
        {"type": "number"},
        ["0.1", "100.10", "-0.0", "1e5", "NaN", "INF", "-INF", ".5", "5.", " 2 ", "1_0.5", "1e400"],
    ),
    ({"type": "number"}, ["12345678901234567.89", "0.1234567890123456789", "3", "-1e-30"]),
    ({"type": "number", "floatNumber": True}, ["0.1", "12345678901234567.89"]),
    ({"type": "number", "decimalChar": ",", "groupChar": "."}, ["1.234,5", "-0,25", "1234567"]),
    ({"type": "number", "bareNumber": False}, ["12.5%", "€ 7", "100000000000000000.01 t"]),
    ({"type": "boolean"}, ["true", "False", "1", "0"]),
    ({"type": "boolean", "trueValues": ["是"], "falseValues": ["否"]}, ["是", "否"]),
    ({"type": "date"}, ["2022-01-17", "0999-12-31", "2022-1-5"]),
    ({"type": "date", "format": "%d/%m/%Y"}, ["17/01/2022", "1/2/1999"]),
    ({"type": "date", "format": "any"}, ["17 January 2022", "2022-01-17"]),
    ({"type": "datetime"}, ["2022-01-17T08:00:00", "2022-01-17T08:00:00.123456"]),
    ({"type": "datetime"}, ["2022-01-17T08:00:00Z", "2022-01-17T08:00:00+08:00"]),
    ({"type": "datetime"}, ["2022-01-17T08:00:00Z", "2022-01-17T08:00:00"]),
    ({"type": "datetime", "format": "%d.%m.%Y %H:%M"}, ["17.01.2022 08:30"]),
    ({"type": "time"}, ["08:00:00", "23:59:59.5"]),
    ({"type": "time"}, ["08:00:00Z", "08:00:00"]),
    ({"type": "year"}, ["2022", "0101"]),
    ({"type": "yearmonth"}, ["2022-01", "2022-1"]),
    ({"type": "duration"}, ["P1Y2M", "PT36H", "P1DT1S"]),
    ({"type": "object"}, ['{"a": [1, "b"]}']),
    ({"type": "array"}, ["[1, 2]"]),
    ({"type": "geopoint"}, ["121.5, 31.2"]),
    ({"type": "list"}, ["a,b"]),
    ({"type": "list", "itemType": "number"}, ["1.5,2", "0.10"]),
    ({"type": "integer", "categories": [1, {"value": 2, "label": "two"}]}, ["1", "02"]),
    ({"type": "date", "missingValues": ["-", ""]}, ["2022-01-17", "-"]),
    ({"type": "any"}, ["x", "5"]),
]
MISSING: list[list[Any] | None] = [
    None,
    ["", "NA"],
    ["-"],
    [{"value": "-99", "label": "refused"}, {"value": "", "label": "unknown"}],
]
DIALECTS: list[dict[str, Any]] = [
    {},
    {"delimiter": ";"},
    {"delimiter": "\t"},
    {"delimiter": "|", "quoteChar": "'"},
    {"header": False},
    {"headerRows": [2]},
    {"skipBlankRows": True},
    {"commentChar": "#", "delimiter": ";"},
    {"escapeChar": "\\", "doubleQuote": False},
]


@st.composite
def packages(draw: st.DrawFn) -> dict[str, Any]:
    """Fields, rows of texts, and how they are written down."""
    chosen = draw(st.lists(st.sampled_from(FIELDS), min_size=1, max_size=5))
    missing = draw(st.sampled_from(MISSING))
    fields = [{"name": f"f{at}", **field} for at, (field, _) in enumerate(chosen)]
    row = st.tuples(
        *(
            st.sampled_from([*cells, *missing_texts(field.get("missingValues", missing or [""]))])
            for field, cells in chosen
        )
    )
    dialect = draw(st.sampled_from(DIALECTS))
    # A file without a row is empty, and only the first line of a later part is left out.
    fewest = 0 if dialect.get("header", True) else 2
    encoding = draw(st.sampled_from(["utf-8", "utf-16", "gb18030"]))
    most_parts = 1 if "headerRows" in dialect or encoding == "utf-16" else 3
    return {
        "fields": [{"name": "id", "type": "integer"}, *fields],
        "rows": draw(st.lists(row, min_size=fewest, max_size=6)),
        "missing": missing,
        "dialect": dialect,
        "encoding": encoding,
        "line_end": draw(st.sampled_from(["\n", "\r\n"])),
        "parts": draw(st.integers(1, most_parts)),
        "ended": draw(st.booleans()),
    }


def write_source(made: dict[str, Any], folder: Path) -> Path:
    """Write a package of one table as it was drawn."""
    names = [each["name"] for each in made["fields"]]
    rows = [[str(number), *cells] for number, cells in enumerate(made["rows"])]
    dialect, paths = made["dialect"], []
    for part in range(made["parts"]):
        stream = io.StringIO()
        writer = csv.writer(
            stream,
            delimiter=dialect.get("delimiter", ","),
            quotechar=dialect.get("quoteChar", '"'),
            escapechar=dialect.get("escapeChar"),
            doublequote=dialect.get("doubleQuote", True),
            lineterminator=made["line_end"],
        )
        if "headerRows" in dialect:
            stream.write(f"What this is.{made['line_end']}")
        if dialect.get("header", True):
            writer.writerow(names)
        if dialect.get("skipBlankRows"):
            stream.write(made["line_end"])
        if "commentChar" in dialect:
            stream.write(f"#{made['line_end']}")
        writer.writerows(rows[part :: made["parts"]])
        # frictionless runs the last row of a file that is not ended into the next file.
        is_ended = made["ended"] or part + 1 < made["parts"]
        text = stream.getvalue() if is_ended else stream.getvalue().removesuffix(made["line_end"])
        paths.append(f"t{part}.csv")
        (folder / paths[-1]).write_bytes(text.encode(made["encoding"]))
    schema: dict[str, Any] = {"fields": made["fields"]}
    if made["missing"] is not None:
        schema["missingValues"] = made["missing"]
    resource: dict[str, Any] = {
        "name": "t",
        "path": paths if len(paths) > 1 else paths[0],
        "format": "csv",
    }
    resource |= {"encoding": made["encoding"], "dialect": dialect, "schema": schema}
    raw: dict[str, Any] = {"$schema": "https://datapackage.org/profiles/2.0/datapackage.json"}
    raw |= {"name": "x", "version": "1.0.0", "created": CREATED, "resources": [resource]}
    (folder / "datapackage.json").write_text(json.dumps(raw, ensure_ascii=False), "utf-8")
    return folder


def said_by_frictionless(folder: Path) -> list[list[Any]]:
    package = frictionless.Package(str(folder / "datapackage.json"))
    with package.get_resource("t") as table:
        return [[*row.to_dict().values()] for row in table.row_stream]


def released_json(release: Path) -> list[list[Any]]:
    return [
        [*each.values()]
        for path in sorted(release.glob("json/**/*.json"))
        for each in json.loads(path.read_text("utf-8"), parse_float=Decimal)
    ]


def released_parquet(release: Path) -> list[list[Any]]:
    return [
        [*each.values()]
        for path in sorted(release.glob("parquet/**/*.parquet"))
        for each in pq.read_table(path).to_pylist()
    ]


def released_sqlite(release: Path) -> list[list[Any]]:
    with closing(sqlite3.connect(release / "x.sqlite")) as connection:
        return [[*each] for each in connection.execute("SELECT * FROM t")]


def value(cell: Any, type: str) -> Any:
    """A cell of any format as what it means, in a form that can be compared."""
    if cell is None:
        return None
    if type in ("integer", "number", "year"):
        number = Decimal(repr(cell)) if isinstance(cell, float) else Decimal(cell)
        return "NaN" if number.is_nan() else number
    if type == "boolean":
        return bool(cell)
    if type in ("date", "datetime", "time"):
        kinds: dict[str, Any] = {
            "date": datetime.date,
            "datetime": datetime.datetime,
            "time": datetime.time,
        }
        found = kinds[type].fromisoformat(cell) if isinstance(cell, str) else cell
        is_instant = type == "datetime" and found.tzinfo is not None
        return found.astimezone(datetime.UTC) if is_instant else found
    if type == "yearmonth":
        return tuple(map(int, cell.split("-"))) if isinstance(cell, str) else tuple(cell)
    if type == "duration" and isinstance(cell, str):
        return isodate.parse_duration(cell)
    if type in ("object", "array") and isinstance(cell, str):
        return json.loads(cell)
    if type == "list":
        return cell.split(",") if isinstance(cell, str) else [*map(str, cell)]
    if type == "geopoint" and isinstance(cell, str):
        return tuple(map(Decimal, cell.split(",")))
    return tuple(map(Decimal, cell)) if type == "geopoint" else cell


READERS = {
    "csv": said_by_frictionless,
    "json": released_json,
    "parquet": released_parquet,
    "sqlite": released_sqlite,
}


def assert_same(made: dict[str, Any], folder: Path) -> None:
    source, release = folder / "source", folder / "release"
    source.mkdir()
    release.mkdir()
    write_source(made, source)
    report = validate(source)
    assert report.valid, report.findings
    types = [each["type"] for each in made["fields"]]
    expected = [[*map(value, row, types)] for row in said_by_frictionless(source)]
    assert len(expected) == len(made["rows"])
    write_release(read_package(source), release, None, FORMATS)
    for name, read in READERS.items():
        found = [[*map(value, row, types)] for row in read(release)]
        assert found == expected, name
    assert validate(release).valid


def drawn(field: dict[str, Any], *cells: str, **how: Any) -> dict[str, Any]:
    fields = [{"name": "id", "type": "integer"}, {"name": "f0", **field}]
    made: dict[str, Any] = {"fields": fields, "rows": [(each,) for each in cells], "missing": None}
    made |= {"dialect": {}, "encoding": "utf-8", "line_end": "\n", "parts": 1}
    made["ended"] = True
    return made | how


@pytest.mark.parametrize("at", range(len(FIELDS)))
def test_each_type_and_notation(at: int, tmp_path: Path) -> None:
    field, cells = FIELDS[at]
    assert_same(drawn(field, *cells, ""), tmp_path)


@examples(8)
@given(made=packages())
@example(made=drawn({"type": "string"}, "a", "b", "c", parts=2, dialect={"header": False}))
def test_random_packages(made: dict[str, Any]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        assert_same(made, Path(folder))


def test_a_rounded_number_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from ycd_opendata.publishing.formats import survey

    monkeypatch.setattr(survey, "is_kept_by_a_double", lambda _: True)
    with pytest.raises(AssertionError, match="json"):
        assert_same(drawn({"type": "number"}, "12345678901234567.89"), tmp_path)
