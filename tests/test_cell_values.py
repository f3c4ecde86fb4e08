"""Values whatever their notation: the same ones are no change, other ones always are."""

from __future__ import annotations

import csv
import io
import json
import tempfile
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from applying_changes import apply_changes, plain_cells
from examples import examples
from hypothesis import given
from hypothesis import strategies as st
from packages import describe
from tables_of_all_types import FIELDS, ROWS

from ycd_opendata.package.reading import parse_schema, read_package
from ycd_opendata.versioning.cell_values import plain_schema, value_frame
from ycd_opendata.versioning.change_formats import change_file
from ycd_opendata.versioning.comparing import compare, read_values

LONG, MOMENT = "12345678901234567.89", "2022-01-05T01:00:00Z"


def values(*cells: str | None, **field: Any) -> list[str | None]:
    schema = parse_schema({"fields": [{"name": "a", **field}]})
    frame = pl.DataFrame({"a": cells}, schema={"a": pl.String})
    return value_frame(frame, schema, ["a"])["a"].to_list()


@pytest.mark.parametrize(
    ("field", "cells", "value"),
    [
        ({"type": "integer"}, ("7", "007", "+7", " 7 ", "７"), "7"),
        ({"type": "integer"}, ("-1000", "-1_000"), "-1000"),
        ({"type": "integer", "groupChar": ","}, ("1,500", "1500"), "1500"),
        ({"type": "integer", "bareNumber": False}, ("€ 7", "7%", "7"), "7"),
        ({"type": "number"}, ("1.5", "1.50", "01.5", "15e-1", "+1.5"), "1.5"),
        ({"type": "number"}, ("0", "-0", "0.00", "0e9"), "0"),
        ({"type": "number"}, (LONG, LONG + "0"), LONG),
        ({"type": "number"}, ("INF", "Infinity", "inf"), "INF"),
        ({"type": "number"}, ("NaN", "nan"), "NaN"),
        ({"type": "number", "decimalChar": ",", "groupChar": "."}, ("1.500,5",), "1500.5"),
        ({"type": "boolean"}, ("true", "True", "TRUE", "1"), "true"),
        ({"type": "boolean", "falseValues": ["否", "1"]}, ("否", "1"), "false"),
        ({"type": "date"}, ("2022-01-05", "2022-1-5"), "2022-01-05"),
        ({"type": "date", "format": "%d/%m/%y"}, ("05/01/22", "5/1/22"), "2022-01-05"),
        ({"type": "datetime"}, (MOMENT, "2022-01-05T09:00:00+08:00"), MOMENT),
        ({"type": "time", "format": "%H:%M"}, ("09:30", "9:30"), "09:30:00"),
        ({"type": "year"}, ("0099",), "0099"),
        ({"type": "duration"}, ("PT36H", "P1DT12H"), "P1DT12H"),
        ({"type": "geopoint"}, ("1.0,2", "1, 2.00"), "1, 2"),
        ({"type": "geopoint", "format": "object"}, ('{"lon": 1, "lat": 2}',), "1, 2"),
        ({"type": "object"}, ('{"a": 1, "b": [2]}', '{"b":[2],"a":1}'), '{"a": 1, "b": [2]}'),
        ({"type": "list", "delimiter": "|", "itemType": "integer"}, ("1|2", "01|2"), '[1, 2]'),
        ({"type": "string"}, (" 1.50",), " 1.50"),
        ({"type": "number", "missingValues": ["-", "99"]}, ("-", "99", None), None),
        (
            {"type": "integer", "missingValues": [{"value": "-9", "label": "refused"}]},
            ("-9",),
            "(missing: refused)",
        ),
        ({"type": "integer"}, ("12x",), "(unreadable) 12x"),
        ({"type": "number", "decimalChar": ","}, ("1.5",), "(unreadable) 1.5"),
        ({"type": "date"}, ("2022-02-30",), "(unreadable) 2022-02-30"),
    ],
)  # fmt: skip
def test_one_text_for_one_value(
    field: dict[str, Any], cells: tuple[str | None, ...], value: str | None
) -> None:
    assert values(*cells, **field) == [value] * len(cells)


@pytest.mark.parametrize(
    ("field", "one", "other"),
    [
        ({"type": "string"}, "1.5", "1.50"),
        ({"type": "list"}, "a,b", "a, b"),
        ({"type": "number"}, "0.1", "0.10000000000000000001"),
        ({"type": "datetime"}, "2022-01-05T01:00:00Z", "2022-01-05T01:00:00"),
        ({"type": "any"}, "1", "01"),
    ],
)
def test_other_values_have_other_texts(field: dict[str, Any], one: str, other: str) -> None:
    first, second = values(one, other, **field)
    assert first != second


def test_values_of_plain_tables_are_their_cells() -> None:
    """Whatever stands in a table, its values read back from a plain one are the same."""
    schema = parse_schema({"fields": FIELDS})
    names = schema.field_names
    cells = pl.DataFrame(
        [[row.get(name, "") for name in names] for row in ROWS],
        schema=dict.fromkeys(names, pl.String),
        orient="row",
    )
    plain = parse_schema(plain_schema(schema))
    once = value_frame(cells, schema, schema.field_names)
    again = value_frame(plain_cells(once, plain), plain, plain.field_names)
    assert not any("unreadable" in str(cell) for row in once.rows() for cell in row)
    assert again.equals(once)


# Random tables in random notations, written by the test's own hands.

TEXT = st.text("ab;'\" 数\n", min_size=1, max_size=3)
OF_TYPE: dict[str, st.SearchStrategy[Any]] = {
    "integer": st.integers(-(10**12), 10**12),
    "number": st.decimals(-(10**9), 10**9, places=2),
    "boolean": st.booleans(),
    "date": st.dates(date(1000, 1, 1)),
    "string": TEXT,
    "list": st.lists(st.text("ab数", min_size=1, max_size=2), min_size=1, max_size=3),
}
Value = Any
Table = list[tuple[Value, ...]]


@st.composite
def notations(draw: st.DrawFn) -> dict[str, Any]:
    """How a table may be written: a description of its fields, and of its file."""

    def one_of(*choices: Any) -> Any:
        return draw(st.sampled_from(choices))

    point, group = one_of((".", ""), (",", ""), (",", "."), (".", ","), (".", " "))
    words = one_of(("true", "false"), ("1", "0"), ("0", "1"), ("是", "否"))
    fields: dict[str, dict[str, Any]] = {
        "integer": {},
        "number": {"decimalChar": point, "groupChar": group, "bareNumber": one_of(True, False)},
        "boolean": {"trueValues": [words[0]], "falseValues": [words[1]]},
        "date": {"format": one_of("default", "%d/%m/%Y", "%Y年%m月%d日")},
        "string": {},
        "list": {"delimiter": one_of(",", "|", ";")},
    }
    for field in fields.values():
        if draw(st.booleans()):
            field["missingValues"] = list(one_of(("",), ("n/a", ""), ("n/a",)))
    dialect = {"delimiter": one_of(",", ";", "\t"), "quoteChar": one_of('"', "'")}
    parts = one_of(1, 1, 2)
    if parts == 1 and draw(st.booleans()):
        dialect["headerRows"] = [2]
    if draw(st.booleans()):
        dialect["commentChar"] = "#"
    return {
        "parts": parts,
        "order": one_of([*OF_TYPE], [*reversed(OF_TYPE)]),
        "line_end": one_of("\n", "\r\n"),
        "fields": fields,
        "missingValues": list(one_of(("",), ("-", ""), ("-",))),
        "dialect": dialect,
        # frictionless reads wide characters, and no more than one file of them.
        "encoding": one_of("utf-8", "gb18030", *(["utf-16"] if parts == 1 else [])),
    }


def written(value: Value, type: str, notation: dict[str, Any]) -> str:
    field = notation["fields"][type]
    if value is None:
        missing: str = field.get("missingValues", notation["missingValues"])[0]
        return missing
    if type == "number":
        text = f"{value:,.3f}" if field["groupChar"] else f"{value:f}"
        marks = {",": field["groupChar"], ".": field["decimalChar"]}
        text = "".join(marks.get(each, each) for each in text)
        return text if field["bareNumber"] else f"{text} %"
    if type == "boolean":
        chosen: str = field["trueValues" if value else "falseValues"][0]
        return chosen
    if type == "date":
        form = "%Y-%m-%d" if field["format"] == "default" else field["format"]
        return str(value.strftime(form))
    return str(field["delimiter"].join(value)) if type == "list" else str(value)


def write(
    folder: Path, rows: Table, notation: dict[str, Any], *, keyed: bool, version: str
) -> Path:
    folder.mkdir()
    parts = [rows[: len(rows) // 2], rows[len(rows) // 2 :]] if notation["parts"] > 1 else [rows]
    for number, part in enumerate(parts):
        text = csv_text(part, notation)
        (folder / f"t{number}.csv").write_bytes(text.encode(notation["encoding"]))
    fields: list[dict[str, Any]] = [{"name": "id", "type": "integer"}]
    fields += [{"name": type, "type": type, **notation["fields"][type]} for type in OF_TYPE]
    schema = {"fields": fields, "missingValues": notation["missingValues"]}
    if notation["order"] != [*OF_TYPE]:
        schema["fieldsMatch"] = "equal"
    return describe(
        folder,
        [
            {
                "name": "t",
                "path": [f"t{number}.csv" for number, _ in enumerate(parts)],
                "dialect": notation["dialect"],
                "encoding": notation["encoding"],
                "schema": schema | ({"primaryKey": ["id"]} if keyed else {}),
            }
        ],
        name="generated",
        version=version,
    )


def csv_text(rows: Table, notation: dict[str, Any]) -> str:
    dialect = notation["dialect"]
    stream = io.StringIO()
    writer = csv.writer(
        stream,
        delimiter=dialect["delimiter"],
        quotechar=dialect["quoteChar"],
        lineterminator=notation["line_end"],
    )
    if "headerRows" in dialect:
        writer.writerow(["A title of the table"])
    writer.writerow(["id", *notation["order"]])
    if "commentChar" in dialect:
        writer.writerow([dialect["commentChar"] + " a note"])
    for key, *cells in rows:
        by_type = dict(zip(OF_TYPE, cells, strict=True))
        ordered = (written(by_type[type], type, notation) for type in notation["order"])
        writer.writerow([key, *ordered])
    return stream.getvalue()


RECORD = st.tuples(*(st.none() | each for each in OF_TYPE.values()))
TABLES = st.lists(RECORD, min_size=1, max_size=5).map(
    lambda rows: [(number, *row) for number, row in enumerate(rows)]
)


@examples(4)
@given(TABLES, notations(), notations(), st.booleans())
def test_another_notation_is_no_change(
    rows: Table, one: dict[str, Any], other: dict[str, Any], keyed: bool
) -> None:
    with tempfile.TemporaryDirectory() as name:
        old = write(Path(name, "old"), rows, one, keyed=keyed, version="1.0.0")
        new = write(Path(name, "new"), rows, other, keyed=keyed, version="1.0.0")
        comparison = compare(read_package(old), read_package(new))
        assert list(comparison.changes()) == []


@examples(4)
@given(st.data(), TABLES, notations(), notations(), st.booleans())
def test_another_value_is_a_change_in_any_notation(
    data: st.DataObject, rows: Table, one: dict[str, Any], other: dict[str, Any], keyed: bool
) -> None:
    place = data.draw(st.integers(0, len(rows) - 1))
    at, (type, of_type) = data.draw(st.sampled_from([*enumerate(OF_TYPE.items(), 1)]))
    before = rows[place][at]
    after = data.draw((st.none() | of_type).filter(lambda each: each != before))
    changed = [*rows]
    changed[place] = (*rows[place][:at], after, *rows[place][at + 1 :])
    with tempfile.TemporaryDirectory() as name:
        old = read_package(write(Path(name, "a"), rows, one, keyed=keyed, version="1.0.0"))
        new = read_package(write(Path(name, "b"), changed, other, keyed=keyed, version="2.0.0"))
        comparison = compare(old, new)
        found = [each for each in comparison.changes() if each.kind not in _ABOUT]
        if keyed:
            assert [(each.kind, each.field) for each in found] == [("record-changed", type)]
        else:
            assert [each.kind for each in found] == ["row-removed", "row-added"]
        Path(name, "made").mkdir()
        made = apply_changes(old, json.loads("".join(change_file(comparison))), Path(name, "made"))
        got, expected = (read_values(each, each.resources[0]).sort("id") for each in (made, new))
        assert got.equals(expected)
        assert list(compare(new, made).changes()) == []


_ABOUT = ("reading-changed", "key-missing")
