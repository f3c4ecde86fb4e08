"""Values that were released, or loaded, as others: of every type, in every format."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping, Sequence
from datetime import datetime, time
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from conftest import RunYcd
from formats_of_tables import in_csv, in_json, in_parquet, in_sqlite
from packages import VERSION, describe

from ycd_opendata.errors import DataError
from ycd_opendata.loader.frames import read_pandas, to_polars
from ycd_opendata.package.model import Package, Resource
from ycd_opendata.package.reading import read_package


def field(name: str, type: str = "string", **more: Any) -> dict[str, Any]:
    return {"name": name, "type": type, **more}


def package(
    folder: Path,
    files: Mapping[str, str | bytes],
    resources: Sequence[Mapping[str, Any]],
    **more: Any,
) -> Path:
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(text.encode() if isinstance(text, str) else text)
    return describe(
        folder,
        resources,
        **{"title": "Small", "licenses": [{"name": "CC0-1.0"}], **VERSION, **more},
    )


def table(*fields: Mapping[str, Any], path: str = "t.csv", **schema: Any) -> dict[str, Any]:
    return {"name": "t", "path": path, "schema": {"fields": fields, **schema}}


def opened(folder: Path) -> tuple[Package, Resource]:
    described = read_package(folder)
    return described, described.resources[0]


def built(ycd: RunYcd, folder: Path, formats: str = "csv,json,parquet,sqlite") -> Path:
    result = ycd("build", folder, "--out", folder / "dist", "--formats", formats)
    assert result.code == 0, result
    return folder / "dist/v1.0.0"


@pytest.mark.parametrize("number", ["9007199254740993", "-9007199254740993", "9999999999999999.5"])
def test_numbers_of_sixteen_digits_are_not_rounded(
    ycd: RunYcd, tmp_path: Path, number: str
) -> None:
    folder = package(tmp_path, {"t.csv": f"a\n{number}\n"}, [table(field("a", "number"))])
    release = built(ycd, folder)
    assert str(in_json(release)[0]["a"]) == number
    assert str(in_parquet(release)[0]["a"]) == number
    assert in_sqlite(release) == [(number,)]


def test_canonical_notation_makes_no_value_a_missing_one(ycd: RunYcd, tmp_path: Path) -> None:
    folder = package(
        tmp_path,
        {"t.csv": "a,b\n-9_9,x\n-99,y\n-9_8,z\n"},
        [table(field("a", "integer"), field("b"), missingValues=["-99"])],
    )
    release = built(ycd, folder)
    assert [each[0] for each in in_csv(release)] == ["a", "-9_9", "-99", "-98"]
    for rows in (in_json(release), in_parquet(release)):
        assert [each["a"] for each in rows] == [-99, None, -98]
    assert [each[0] for each in in_sqlite(release)] == [-99, None, -98]


@pytest.mark.parametrize(
    ("described", "cell", "value"),
    [
        (field("a", "integer"), "1_000", 1000),
        (field("a", "integer"), "１２", 12),
        (field("a", "integer", groupChar=","), '"1,0_0"', 100),
        (field("a", "integer"), "9007199254740993000", 9007199254740993000),
        (field("a", "integer"), "-9223372036854775809", -9223372036854775809),
        (field("a", "number", decimalChar=","), '"1_0,5"', 10.5),
        (field("a", "number"), "１.5", 1.5),
        (field("a", "date"), "2022-1-5", "2022-01-05"),
        (field("a", "date", format="any"), "17 January 2022", "2022-01-17"),
    ],
)
def test_the_loader_reads_what_is_valid(
    ycd: RunYcd, tmp_path: Path, described: dict[str, Any], cell: str, value: object
) -> None:
    folder = package(tmp_path, {"t.csv": f"a,b\n{cell},x\n,y\n"}, [table(described, field("b"))])
    assert ycd("validate", folder).code == 0
    frame = read_pandas(*opened(folder))
    loaded = frame["a"].iloc[0]
    assert (str(loaded)[:10] if described["type"] == "date" else loaded) == value
    assert frame["a"].isna().to_list() == [False, True]
    shown = ycd("show", "t", folder)
    assert (shown.code, shown.out) == (0, f"a,b\n{value},x\n,y\n")


def test_the_loader_refuses_what_is_not_valid(ycd: RunYcd, tmp_path: Path) -> None:
    folder = package(tmp_path, {"t.csv": "a\n1_0\n12x\n"}, [table(field("a", "integer"))])
    shown = ycd("show", "t", folder)
    assert shown.code == 2
    assert "'12x' cannot be read as integer" in shown.err


def test_integers_beyond_64_bits_in_a_polars_frame(tmp_path: Path) -> None:
    rows = f"a\n{2**64}\n5\n"
    folder = package(tmp_path, {"t.csv": rows}, [table(field("a", "integer"))])
    opened_package, resource = opened(folder)
    schema = resource.schema
    assert schema is not None
    frame = to_polars(read_pandas(opened_package, resource), schema)
    assert frame.schema == {"a": pl.Int128}
    assert frame["a"].to_list() == [2**64, 5]
    (folder / "t.csv").write_text(f"a\n{2**130}\n", encoding="utf-8")
    with pytest.raises(DataError, match="beyond the 128 bits"):
        to_polars(read_pandas(opened_package, resource), schema)


def in_workbook(*rows: Sequence[object]) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


MOMENT = datetime(2022, 1, 17, 8, 0, 0, 500_000)
MOMENT_TEXT = "2022-01-17T08:00:00.500000"


@pytest.mark.parametrize(
    ("path", "content"),
    [
        ("t.xlsx", in_workbook(["a", "b"], [MOMENT, "x"])),
        ("t.json", json.dumps([{"a": MOMENT_TEXT, "b": "x"}])),
        ("t.jsonl", json.dumps({"a": MOMENT_TEXT, "b": "x"})),
    ],
)
@pytest.mark.parametrize("format", ["default", "any"])
def test_tables_that_are_no_text_keep_fractions_of_a_second(
    ycd: RunYcd, tmp_path: Path, path: str, content: str | bytes, format: str
) -> None:
    moment = field("a", "datetime", format=format)
    release = built(ycd, package(tmp_path, {path: content}, [table(moment, field("b"), path=path)]))
    assert in_csv(release) == [["a", "b"], [MOMENT_TEXT, "x"]]
    assert in_parquet(release) == [{"a": MOMENT, "b": "x"}]
    assert datetime.fromisoformat(in_json(release)[0]["a"]) == MOMENT


@pytest.mark.parametrize("path", ["t.xlsx", "t.json", "t.parquet", ""])
def test_groups_of_whole_numbers_count_in_tables_that_are_no_text(
    ycd: RunYcd, tmp_path: Path, path: str
) -> None:
    """frictionless reads these tables, and does not know groups in whole numbers."""
    cells = {"a": "1,234", "b": "x"}
    rows = [list(cells), list(cells.values())]
    parquet = io.BytesIO()
    pq.write_table(pa.Table.from_pylist([cells]), parquet)
    files: dict[str, str | bytes] = {
        "t.xlsx": in_workbook(*rows),
        "t.json": json.dumps(rows),
        "t.parquet": parquet.getvalue(),
    }
    number = field("a", "integer", groupChar=",", constraints={"minimum": 1000})
    resource = table(number, field("b"), path=path)
    if not path:
        del resource["path"]
        resource["data"] = rows
    folder = package(tmp_path, files, [resource])
    assert "1,234" in ycd("validate", folder, "--engine", "frictionless").out
    assert "a is read with its groupChar" in ycd("validate", folder).out
    assert in_parquet(built(ycd, folder)) == [{"a": 1234, "b": "x"}]
    number["constraints"]["minimum"] = 1235
    assert "1235" in ycd("validate", package(tmp_path, files, [resource])).out


def test_times_keep_their_fraction_and_offset(ycd: RunYcd, tmp_path: Path) -> None:
    cells = {"a": "08:00:00.25", "b": "2022-01-17T08:00:00.25+08:00", "c": "2022-01-17T08:00:00Z"}
    described = [field("a", "time"), field("b", "datetime"), field("c", "datetime")]
    described.append(field("d", "list", itemType="time", delimiter="|"))
    files = {"t.json": json.dumps([{**cells, "d": ["08:00:00.25", "09:00:00"]}])}
    release = built(ycd, package(tmp_path, files, [table(*described, path="t.json")]))
    assert in_csv(release)[1] == [
        "08:00:00.250000",
        "2022-01-17T08:00:00.250000+08:00",
        "2022-01-17T08:00:00Z",
        "08:00:00.250000|09:00:00",
    ]


def test_numbers_in_json_keep_their_digits_or_are_refused(ycd: RunYcd, tmp_path: Path) -> None:
    """frictionless reads them as decimals, and fails to write them."""
    described = [field("a", "object"), field("b", "geopoint", format="array")]
    described += [field("c", "geopoint"), field("d", "list", itemType="number")]
    cells = '[{"a": {"x": [1.10]}, "b": [121.5, 31.2], "c": "121.5, 31.25", "d": [0.1, 2]}]'
    files: dict[str, str | bytes] = {"t.json": cells}
    release = built(ycd, package(tmp_path / "a", files, [table(*described, path="t.json")]))
    assert in_csv(release)[1] == ['{"x": [1.1]}', "[121.5, 31.2]", "121.5,31.25", "0.1,2"]
    files["t.json"] = cells.replace("1.10", "12345678901234567.89")
    folder = package(tmp_path / "b", files, [table(*described, path="t.json")])
    assert "row 2: 12345678901234567.89 has more digits" in ycd("build", folder).err


def test_a_value_that_no_text_of_its_field_holds_is_refused(ycd: RunYcd, tmp_path: Path) -> None:
    described = field("a", "datetime", format="%d.%m.%Y %H:%M")
    files = {"t.xlsx": in_workbook(["a", "b"], [MOMENT, "x"])}
    folder = package(tmp_path, files, [table(described, field("b"), path="t.xlsx")])
    assert ycd("validate", folder).code == 0
    result = ycd("build", folder, "--out", folder / "dist")
    assert result.code == 2
    assert "row 2: field 'a': '17.01.2022 08:00' would not be read as" in result.err
    assert not list(folder.glob("dist/*"))


def test_a_gap_that_nothing_can_say_is_refused(ycd: RunYcd, tmp_path: Path) -> None:
    fields = (field("a", "integer"), field("b"))
    files = {"t.json": '[{"a": null, "b": "x"}]', "u.csv": "b\nx\n"}
    tables = [table(*fields, path="t.json", missingValues=[])]
    folder = package(tmp_path, files, tables)
    assert "field 'a' is empty, and no missing value" in ycd("build", folder).err
    columns = table(*fields, path="u.csv", missingValues=[], fieldsMatch="superset")
    folder = package(tmp_path, files, [columns])
    assert "no column 'a', and no missing value" in ycd("build", folder).err


def test_gaps_in_times_of_parquet(ycd: RunYcd, tmp_path: Path) -> None:
    moments = pa.array([MOMENT, None], pa.timestamp("us", "Asia/Shanghai"))
    columns = {"a": moments, "b": ["x", "y"], "c": [time(8), time(9)]}
    pq.write_table(pa.table(columns), tmp_path / "t.parquet")
    fields = (field("a", "datetime"), field("b"), field("c", "time"))
    folder = package(tmp_path, {}, [table(*fields, path="t.parquet")])
    rows = [["2022-01-17T16:00:00.500000+08:00", "x", "08:00:00"], ["", "y", "09:00:00"]]
    assert in_csv(built(ycd, folder))[1:] == rows


def test_inline_data_can_be_shown(ycd: RunYcd, tmp_path: Path) -> None:
    inline = {"name": "t", "data": [["a"], [1]], "schema": {"fields": [field("a", "integer")]}}
    folder = package(tmp_path, {}, [inline])
    assert ycd("show", "t", folder).out == "a\n1\n"


@pytest.mark.parametrize("text", ['[{"a": 1e999}]', '[{"a": Infinity}]', '[{"a": 1', '{"a": 1}'])
def test_a_broken_table_is_not_called_empty(ycd: RunYcd, tmp_path: Path, text: str) -> None:
    folder = package(tmp_path, {"t.json": text}, [table(field("a", "number"), path="t.json")])
    result = ycd("validate", folder)
    assert result.code == 1
    assert "the table cannot be read" in result.out
    assert "empty" not in result.out


@pytest.mark.parametrize("name", ["minimum", "maximum", "enum", "unique", "required"])
def test_a_constraint_that_is_null_asks_for_nothing(ycd: RunYcd, tmp_path: Path, name: str) -> None:
    described = field("a", "integer", constraints={name: None})
    folder = package(tmp_path, {"t.csv": "a,b\n1,x\n"}, [table(described, field("b"))])
    validated = ycd("validate", folder)
    built_too = ycd("build", folder, "--out", folder / "dist", "--formats", "csv,sqlite")
    assert "Traceback" not in built_too.err
    assert (validated.code, built_too.code) in ((0, 0), (1, 1)), (validated, built_too)
