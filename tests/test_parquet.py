"""Parquet files get frictionless's verdicts, whatever types their columns have."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import replace
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet
import pytest
from examples import examples
from hypothesis import given
from hypothesis import strategies as st
from packages import PROFILE
from test_agreement import both, fields, hold_together

from ycd_opendata.package.reading import read_package
from ycd_opendata.package.tables import limits
from ycd_opendata.validation.findings import LayerResult
from ycd_opendata.validation.structure.distributed.execution import InProcess
from ycd_opendata.validation.structure.distributed.spread_engine import SpreadEngine
from ycd_opendata.validation.structure.fast.engine import FastEngine
from ycd_opendata.validation.structure.reference import FrictionlessEngine

# pandas says so of each time that it cuts; frictionless leaves files open where it fails.
pytestmark = [
    pytest.mark.filterwarnings("ignore:Discarding nonzero nanoseconds"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]

TIMES = [datetime(2020, 1, 1), datetime(2020, 1, 1, 10), datetime(2021, 5, 5, 1, 2, 3, 500_000)]
COLUMNS: Mapping[str, tuple[Any, list[Any]]] = {
    "text": (pa.string(), ["a", "b", "", "1", "2020-01-01", "None", "nan", "true", "-"]),
    "large": (pa.large_string(), ["a", "1.5"]),
    "category": (pa.dictionary(pa.int32(), pa.string()), ["a", "1"]),
    "whole": (pa.int64(), [0, 1, 2, 20, -5, 2020, 2**62]),
    "small": (pa.uint8(), [0, 1, 200]),
    "huge": (pa.uint64(), [1, 2**63 + 1]),
    "float": (pa.float64(), [0.0, 1.0, 0.1, 1.5, 1e20, -1e-7, float("inf")]),
    "single": (pa.float32(), [0.1, 2.0]),
    "truth": (pa.bool_(), [True, False]),
    "day": (pa.date32(), [date(2020, 1, 1), date(2020, 2, 29), date(1, 1, 1)]),
    "moment": (pa.timestamp("us"), TIMES),
    "zoned": (pa.timestamp("us", "UTC"), TIMES),
    "shanghai": (pa.timestamp("us", "Asia/Shanghai"), TIMES),
    "fine": (pa.timestamp("ns"), TIMES),
    "time": (pa.time64("us"), [time(10), time(1, 2, 3, 4)]),
    "decimal": (pa.decimal128(6, 2), [Decimal("1.00"), Decimal("1.50"), Decimal("-3.25")]),
}
"""Types of columns, and some cells of each."""


def write(folder: Path, table: pa.Table, schema: dict[str, Any], **extra: Any) -> None:
    pa.parquet.write_table(table, folder / "main.parquet")
    resource = {"name": "main", "type": "table", "path": "main.parquet", "schema": schema}
    raw = {"$schema": PROFILE, "name": "typed", "resources": [resource | extra]}
    (folder / "datapackage.json").write_text(json.dumps(raw), "utf-8")


def column(kind: str, cells: list[Any] | None = None) -> pa.Array:
    type_, some = COLUMNS[kind]
    return pa.array(some if cells is None else cells, type_)


@st.composite
def tables(draw: st.DrawFn) -> tuple[pa.Table, dict[str, Any]]:
    """A table with columns of any types, and a schema that may ask for others."""
    width, height = draw(st.integers(1, 4)), draw(st.integers(0, 5))
    names = [f"f{number}" for number in range(width)]
    columns = {}
    for name in names:
        kind = draw(st.sampled_from(sorted(COLUMNS)))
        cells = st.sampled_from(COLUMNS[kind][1])
        columns[name] = column(kind, draw(st.lists(cells, min_size=height, max_size=height)))
    schema: dict[str, Any] = {"fields": [draw(fields(name)) for name in names]}
    if draw(st.booleans()):
        missing = [["", "-"], [], ["nan"], ["1", "1.0"], ["True"], ["NaT", "None"], ["2020-01-01"]]
        schema["missingValues"] = draw(st.sampled_from(missing))
    if draw(st.booleans()):
        schema["primaryKey"] = draw(st.permutations(names))[: draw(st.integers(1, width))]
    if draw(st.integers(0, 4)) == 0:
        reference = {"resource": "", "fields": [names[-1]]}
        schema["foreignKeys"] = [{"fields": [names[0]], "reference": reference}]
    labels = [*names]
    if draw(st.integers(0, 7)) == 0:
        labels = draw(st.permutations([*names[:-1], " x"]))
    return pa.table(list(columns.values()), names=labels), schema


@examples(8)
@given(made=tables())
def test_random_tables_get_the_same_verdicts(
    made: tuple[pa.Table, dict[str, Any]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("typed")
    write(folder, *made)
    hold_together(folder)


@pytest.mark.parametrize("kind", COLUMNS)
def test_columns_of_each_type(tmp_path: Path, kind: str) -> None:
    """Each against fields of several types at once, next to texts, and without frictionless."""
    types = ["any", "string", "integer", "number", "boolean", "datetime", "time", "year"]
    if kind not in ("moment", "zoned", "shanghai", "fine"):
        types.append("date")
    values = column(kind)
    labels = [*types, "beside"]
    table = pa.table([*[values] * len(types), ["x"] * len(values)], names=labels)
    schema = {"fields": [{"name": each, "type": each} for each in types]}
    schema["fields"].append({"name": "beside", "type": "string"})
    write(tmp_path, table, schema)
    got, expected, fast = both(tmp_path)
    assert got == expected
    assert not fast.layer.notes
    assert {each.line for each in fast.findings} <= {None}


@pytest.mark.parametrize("kinds", [("whole",), ("whole", "float"), ("whole", "huge"), ("truth",)])
def test_rows_of_numbers_alone(tmp_path: Path, kinds: tuple[str, ...]) -> None:
    length = 2
    values = [column(kind, COLUMNS[kind][1][:length]) for kind in kinds]
    schema = {"fields": [{"name": each, "type": "integer"} for each in kinds]}
    write(tmp_path, pa.table(values, names=list(kinds)), schema)
    got, expected, fast = both(tmp_path)
    assert got == expected
    assert bool(got) == (kinds == ("truth",))
    assert not fast.layer.notes


TYPE_OF = {
    "day": "date", "fine": "datetime", "float": "number", "decimal": "number", "huge": "integer",
    "moment": "datetime", "shanghai": "datetime", "single": "number", "small": "integer",
    "time": "time", "truth": "boolean", "whole": "integer", "zoned": "datetime",
}  # fmt: skip


@pytest.mark.parametrize("beside", [[], ["text"], ["day"], ["moment"], ["float"], sorted(COLUMNS)])
def test_a_gap_is_missing_whatever_stands_beside_it(tmp_path: Path, beside: list[str]) -> None:
    """Beside days or moments frictionless takes it for a number or a time that is none."""
    kinds = [each for each in COLUMNS if each != "text"]
    for kind in kinds:
        names = list(dict.fromkeys([kind, *beside]))
        # A gap in each column, in the first and in the last row.
        columns = [column(each, [None, COLUMNS[each][1][0], None]) for each in names]
        fields_: list[dict[str, Any]] = [
            {"name": each, "type": TYPE_OF.get(each, "string")} for each in names
        ]
        if "float" in names:  # of nothing but numbers too, with one that is there in each row
            names, columns = [*names, "full"], [*columns, column("whole", [1, 2, 3])]
            fields_.append({"name": "full", "type": "integer"})
        else:
            names, columns = [*names, "full"], [*columns, column("large", ["a", "b", "c"])]
            fields_.append({"name": "full", "type": "string"})
        write(tmp_path, pa.table(columns, names=names), {"fields": fields_})
        fast = FastEngine(10).check(read_package(tmp_path))
        assert fast.findings == (), kind
        [note] = fast.layer.notes
        assert note.startswith("main: a gap is missing, where frictionless may see a number")
        fields_[0]["constraints"] = {"required": True}
        write(tmp_path, pa.table(columns, names=names), {"fields": fields_})
        found = [
            (each.code, each.row) for each in FastEngine(10).check(read_package(tmp_path)).findings
        ]
        assert found == [("constraint-error", 2), ("constraint-error", 4)], kind


def test_a_float_that_is_no_number_is_a_gap_too(tmp_path: Path) -> None:
    """pandas writes a missing float so."""
    pd.DataFrame({"n": [1.5, None], "d": [date(2020, 1, 1), date(2020, 1, 2)]}).to_parquet(
        tmp_path / "x.parquet"
    )
    table = pa.parquet.read_table(tmp_path / "x.parquet").replace_schema_metadata()
    required = {"required": True}
    schema = {
        "fields": [
            {"name": "n", "type": "number", "constraints": required},
            {"name": "d", "type": "date"},
        ]
    }
    write(tmp_path, table, schema)
    [finding] = FastEngine(10).check(read_package(tmp_path)).findings
    assert (finding.code, finding.row, finding.field) == ("constraint-error", 3, "n")


def test_keys_and_references(tmp_path: Path) -> None:
    schema = {
        "fields": [{"name": "k", "type": "integer"}, {"name": "up", "type": "integer"}],
        "primaryKey": ["k"],
        "foreignKeys": [{"fields": ["up"], "reference": {"resource": "", "fields": ["k"]}}],
    }
    table = pa.table({"k": [1, 2, 2], "up": [1.0, 2.0, 7.0]})
    write(tmp_path, table, schema)
    got, expected, fast = both(tmp_path)
    keys = [("primary-key", "main", 4, "k"), ("foreign-key", "main", 4, "up")]
    assert got == expected == Counter(keys)
    assert not fast.layer.notes


def test_size_and_hash_of_the_descriptor(tmp_path: Path) -> None:
    """frictionless knows neither of a Parquet file, and says that the size is wrong."""
    schema = {"fields": [{"name": "n", "type": "integer"}]}
    write(tmp_path, pa.table({"n": [1]}), schema, hash="0" * 32, bytes=5)
    got, expected, fast = both(tmp_path)
    assert got == expected == Counter([("byte-count", "main", None, None)])
    assert not fast.layer.notes


def test_batches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from ycd_opendata.validation.structure.fast.parquet_tables import parquet

    monkeypatch.setattr(parquet, "_MOST_ROWS_AT_ONCE", 7)
    table = pa.table({"n": [*range(50), 1], "t": ["a"] * 50 + [None]})
    fields_ = [{"name": "n", "type": "integer"}, {"name": "t", "type": "string"}]
    write(tmp_path, table, {"fields": fields_, "primaryKey": ["n"]})
    got, expected, _ = both(tmp_path)
    assert got == expected == Counter([("primary-key", "main", 52, "n")])


def left(folder: Path, name: str = "n", **extra: Any) -> LayerResult:
    """The result of a table that the fast engine leaves to frictionless, as it should."""
    schema = {"fields": [{"name": name, "type": "any"}]}
    raw = {"name": "main", "type": "table", "path": "main.parquet", "schema": schema} | extra
    descriptor = {"$schema": PROFILE, "name": "typed", "resources": [raw]}
    (folder / "datapackage.json").write_text(json.dumps(descriptor), "utf-8")
    got, expected, fast = both(folder)
    assert got == expected
    return fast


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        (pa.array([[1]]), "columns of List"),
        (pa.array([b"a"]), "columns of Binary"),
        (pa.array([date(2020, 1, 1)], pa.date64()), "milliseconds"),
        (pa.array([1], pa.timestamp("ns")), "finer than a microsecond"),
    ],
)
def test_what_is_left_to_frictionless(tmp_path: Path, values: pa.Array, reason: str) -> None:
    pa.parquet.write_table(pa.table({"n": values}), tmp_path / "main.parquet")
    assert reason in left(tmp_path).layer.notes[0]


def test_indexes_and_types_of_pandas_are_left_to_frictionless(tmp_path: Path) -> None:
    frame = pd.DataFrame({"n": ["x", "y"], "m": pd.array([1, None], dtype="Int64")})
    frame.set_index("n").to_parquet(tmp_path / "main.parquet")
    assert "an index of pandas" in left(tmp_path).layer.notes[0]
    frame.to_parquet(tmp_path / "main.parquet")
    assert "pandas has a type of its own for m" in left(tmp_path).layer.notes[0]
    frame[["n"]].to_parquet(tmp_path / "main.parquet")
    assert not left(tmp_path).layer.notes


PARTS = ["a.parquet", "b.parquet", "c.parquet"]


def in_parts(folder: Path, tables: list[Any], schema: dict[str, Any]) -> LayerResult:
    """What is found in a table of several files, in one go and by groups of rows."""
    write(folder, pa.table({}), schema, path=PARTS[: len(tables)])
    for name, table in zip(PARTS, tables, strict=False):
        pa.parquet.write_table(table, folder / name, row_group_size=2)
    package = read_package(folder)
    fast = FastEngine(99).check(package)
    for size in (1, 10**6):
        assert SpreadEngine(99, lambda: nullcontext(InProcess()), size).check(package) == fast
    return fast


@examples(6)
@given(made=tables(), data=st.data())
def test_random_tables_in_several_files(
    made: tuple[pa.Table, dict[str, Any]], data: st.DataObject, tmp_path_factory: Any
) -> None:
    """The same findings by groups of rows as in one go, whatever the types."""
    folder = tmp_path_factory.mktemp("parts")
    table, schema = made
    at = data.draw(st.integers(0, table.num_rows))
    in_parts(folder, [table[:at], table[at:]], schema)


def test_several_files_are_one_table(tmp_path: Path) -> None:
    """As the same rows in one file are, but for the file that a row is in."""
    schema = {
        "fields": [{"name": "n", "type": "integer"}, {"name": "t", "type": "string"}],
        "primaryKey": ["n"],
    }
    tables = [
        pa.table({"n": [1, 2, 3], "t": ["a", "b", None]}),
        pa.table({"n": pa.array([], pa.int64()), "t": pa.array([], pa.null())}),
        pa.table({"n": [4, 1, None], "t": ["d", "e", "f"]}),
    ]
    fast = in_parts(tmp_path, tables, schema)
    found = [(each.code, each.path, each.row, each.value) for each in fast.findings]
    assert found == [("primary-key", "c.parquet", 6, "1"), ("primary-key", "c.parquet", 7, None)]
    [note] = fast.layer.notes
    assert note.startswith("main: a gap is missing")
    whole = tmp_path / "whole"
    whole.mkdir()
    write(whole, pa.concat_tables([tables[0], tables[2]]), schema)
    alone = FastEngine(99).check(read_package(whole))
    assert [replace(each, path="") for each in fast.findings] == [
        replace(each, path="") for each in alone.findings
    ]


def test_files_of_other_columns_are_refused(tmp_path: Path) -> None:
    schema = {"fields": [{"name": "n", "type": "integer"}]}
    for other, what in ((pa.table({"m": [1]}), "m"), (pa.table({"n": ["1"]}), "n: String")):
        [finding] = in_parts(tmp_path, [pa.table({"n": [1]}), other], schema).findings
        assert finding.code == "package-error"
        assert f"b.parquet has other columns than a.parquet ({what})" in finding.message
        assert "with the same columns" in finding.hint


def test_several_files_are_not_left_to_frictionless(tmp_path: Path) -> None:
    """It would read the first one, and say that the others are fine."""
    schema = {"fields": [{"name": "n", "type": "any"}]}
    fast = in_parts(tmp_path, [pa.table({"n": [[1]]})] * 2, schema)
    [finding] = fast.findings
    assert "of several Parquet files frictionless reads the first one alone" in finding.message
    assert FrictionlessEngine().check(read_package(tmp_path)).findings == (finding,)


@pytest.mark.parametrize("name", ["main[1].parquet", "*.parquet", "n=2/main.parquet"])
def test_names_that_look_like_more(tmp_path: Path, name: str) -> None:
    (tmp_path / "n=2").mkdir()
    pl.DataFrame({"n": ["x"]}).write_parquet(tmp_path / "main1.parquet")
    pl.DataFrame({"n": ["y", "z"]}).write_parquet(tmp_path / name)
    fast = left(tmp_path, path=name)
    assert fast.layer.rows == 2
    assert not fast.layer.notes


def test_folder_is_left_to_frictionless(tmp_path: Path) -> None:
    (tmp_path / "main.parquet").mkdir()
    pl.DataFrame({"n": ["x"]}).write_parquet(tmp_path / "main.parquet" / "a.parquet")
    assert "it is no file" in left(tmp_path).layer.notes[0]


def test_file_of_very_many_rows_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Runs of one value take no place: a few bytes may stand for more rows than fit anywhere."""
    monkeypatch.setattr(limits, "MOST_UNPACKED", 2**16)
    pl.DataFrame({"n": [1] * 200_000}).write_parquet(tmp_path / "main.parquet")
    schema = {"fields": [{"name": "n", "type": "any"}]}
    resource = {"name": "main", "type": "table", "path": "main.parquet", "schema": schema}
    raw = {"$schema": PROFILE, "name": "typed", "resources": [resource]}
    (tmp_path / "datapackage.json").write_text(json.dumps(raw), "utf-8")
    result = FastEngine(10).check(read_package(tmp_path))
    assert [each.code for each in result.findings] == ["package-error"]
    assert "it unpacks to more than 100 times its size" in result.findings[0].message


def test_broken_file(tmp_path: Path) -> None:
    (tmp_path / "main.parquet").write_bytes(b"PAR1 nonsense PAR1")
    assert "it cannot be read as Parquet" in left(tmp_path).layer.notes[0]
