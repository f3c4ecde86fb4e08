"""The fast engine gives frictionless's verdicts: on packages made up at random, and one by one."""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import json
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any, Literal

import pytest
from examples import examples
from hypothesis import assume, given
from hypothesis import strategies as st
from packages import PROFILE

from ycd_opendata.package.reading import read_descriptor, read_package
from ycd_opendata.package.tables import parsing
from ycd_opendata.package.tables import parts as parts_module
from ycd_opendata.package.tables.batches import Frame, batches
from ycd_opendata.package.tables.opening import Text
from ycd_opendata.validation.descriptor.descriptor_layer import check_descriptor
from ycd_opendata.validation.findings import LayerResult
from ycd_opendata.validation.structure.fast import engine, table_run
from ycd_opendata.validation.structure.fast.by_column.columns import ColumnExecutor
from ycd_opendata.validation.structure.fast.engine import FastEngine
from ycd_opendata.validation.structure.fast.planning.plan import EXTENSIONS
from ycd_opendata.validation.structure.fast.table_run import open_table
from ycd_opendata.validation.structure.reference import FrictionlessEngine

KNOWN_DIFFERENCES = (*EXTENSIONS,)
"""The only findings that the fast engine makes and frictionless does not."""

GAVE_UP = {("package-error", "", None, None), ("package-error", "main", None, None)}
"""Where frictionless gives up on a whole package, the fast engine still checks other tables."""

Verdicts = Counter[tuple[str, str, int | None, str | None]]


def verdicts(result: LayerResult) -> Verdicts:
    return Counter((each.code, each.resource, each.row, each.field) for each in result.findings)


def both(folder: Path) -> tuple[Verdicts, Verdicts, LayerResult]:
    """What each engine finds; the lines that both give to a row are the same."""
    package = read_package(folder)
    fast, reference = FastEngine(10**9).check(package), FrictionlessEngine().check(package)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(engine, "SMALL_BYTES", -1)
        if sum(each.stat().st_size for each in folder.iterdir()) % 2:
            # Very large ones are looked at in another way.
            patch.setattr(table_run, "WORTH_A_PATTERN", -1)
            patch.setattr(parsing, "SURE_SHARE", 0)
        large = FastEngine(10**9).check(package)
    # Small tables are read row by row, others in blocks; nobody can tell.
    assert Counter(large.findings) == Counter(fast.findings)
    assert large.layer == fast.layer
    lines = {(each.resource, each.row): each.line for each in reference.findings if each.line}
    for each in fast.findings:
        assert each.line == lines.get((each.resource, each.row), each.line), each
    got = verdicts(fast)
    for key in [key for key in got if key[0] in KNOWN_DIFFERENCES]:
        del got[key]
    return got, verdicts(reference), fast


def hold_together(folder: Path) -> None:
    """Ask of a made-up package that both engines find the same, if its descriptor is in order."""
    assume(not check_descriptor(read_descriptor(folder)).findings)
    got, expected, fast = both(folder)
    if gave_up := GAVE_UP & {*expected}:
        assert gave_up <= {*got}
    else:
        assert got == expected, fast.layer.notes


Made = dict[str, tuple[dict[str, Any], bytes | list[bytes]]]
"""Tables: of each the schema, and the content of its file or files."""


def write(folder: Path, resources: Made, **extra: Any) -> None:
    """Write a package; ``extra`` is more of each resource's descriptor."""
    listed = []
    for name, (schema, content) in resources.items():
        parts = content if isinstance(content, list) else [content]
        paths = [f"{name}{number or ''}.csv" for number in range(len(parts))]
        for path, part in zip(paths, parts, strict=True):
            (folder / path).write_bytes(part)
        named = {"path": paths if len(paths) > 1 else paths[0]}
        listed.append({"name": name, "type": "table", **named, "schema": schema} | extra)
    descriptor = {"$schema": PROFILE, "name": "made-up", "resources": listed}
    (folder / "datapackage.json").write_text(json.dumps(descriptor), "utf-8")


TEXTS = st.text(st.sampled_from("ab1 -.,;\"'\n数０\u200b"), max_size=5)
NUMBERS = st.one_of(
    st.integers(-20, 20).map(str),
    st.sampled_from(
        [
            "1.5",
            "1.50",
            "01",
            "+1",
            "1e3",
            "1_0",
            "0.1",
            ".5",
            "5.",
            "inf",
            "nan",
            "NaN",
            "-0",
            "1,5",
            "1.000,5",
            "9",
        ]
    ),
    st.sampled_from(["99999999999999999999", "0.1000000000000000055", " 1", "1 ", "１", "10%"]),
)
DATES = st.sampled_from(
    [
        "2020-02-29",
        "2021-02-29",
        "2020-2-9",
        "2020-01-01",
        "0999-01-01",
        "2020-13-01",
        "20200101",
        "2020-01-31",
        "2020-01-01T10:00:00Z",
        "2020-01-01T10:00:00",
        "2020-01-01T10:00:00+08:00",
        "2020-01-01T24:00:00",
        "2020-01-01T10:00",
        "10:00:00",
        "10:00",
        "25:00:00",
        "10:00:00Z",
        "2020",
        "20",
        "02020",
        "-2020",
        "2020-01",
        "2020-1",
        "01/02/2020",
        "P1D",
        "PT1H",
        "P1Y2M",
        "P",
        "P1",
        "1D",
    ]
)
OTHERS = st.sampled_from(
    [
        "true",
        "false",
        "True",
        "TRUE",
        "1",
        "0",
        "yes",
        "no",
        "90.5,45",
        "90,45",
        "181,0",
        "a,b",
        "{}",
        "[]",
        '{"a":1}',
        "[1]",
        '"x"',
        "null",
        "http://example.org",
        "example.org",
        "mailto:a@b",
        "a@b.org",
        "a@b",
        "@",
        "YWJj",
        "YWJ",
        "1;2",
        "a,b,c",
        "123e4567-e89b-12d3-a456-426614174000",
        '{"type":"Point","coordinates":[1,2]}',
        "[1,2]",
    ]
)
CELLS = st.one_of(TEXTS, NUMBERS, DATES, OTHERS, st.just(""), st.just("-"))
FITTING: dict[str, st.SearchStrategy[str]] = {
    "string": st.one_of(TEXTS, OTHERS),
    "integer": NUMBERS,
    "number": NUMBERS,
    "year": st.one_of(DATES, NUMBERS),
    **dict.fromkeys(("date", "datetime", "time", "yearmonth", "duration"), DATES),
}


@st.composite
def fields(draw: st.DrawFn, name: str) -> dict[str, Any]:  # noqa: C901 - a flat list of choices
    type_ = draw(
        st.sampled_from(
            [
                "string",
                "string",
                "string",
                "integer",
                "number",
                "boolean",
                "date",
                "datetime",
                "time",
                "year",
                "yearmonth",
                "duration",
                "geopoint",
                "geojson",
                "object",
                "array",
                "list",
                "any",
            ]
        )
    )
    field: dict[str, Any] = {"name": name, "type": type_}
    constraints: dict[str, Any] = {}

    def maybe(key: str, values: st.SearchStrategy[Any], into: dict[str, Any]) -> None:
        if draw(st.integers(0, 3)) == 0:
            into[key] = draw(values)

    maybe("required", st.booleans(), constraints)
    maybe("unique", st.booleans(), constraints)
    if type_ == "string":
        maybe("format", st.sampled_from(["uri", "email", "uuid", "binary", "default"]), field)
        maybe("minLength", st.integers(0, 3), constraints)
        maybe("maxLength", st.integers(1, 4), constraints)
        patterns = ["[a-z]+", "a|b", "^a.*$", r"\d+", r"\w*", "(a|b)-?", "a{1,2}", "(?i)A", "[^,]+"]
        maybe("pattern", st.sampled_from(patterns), constraints)
        maybe("enum", st.sampled_from([["a", "b"], ["1"], [""]]), constraints)
        maybe("categories", st.sampled_from([["a", "b"], [{"value": "1"}]]), field)
    if type_ in ("integer", "number"):
        maybe("minimum", st.sampled_from([0, 1, "0", -5]), constraints)
        maybe("maximum", st.sampled_from([10, "9"]), constraints)
        maybe("exclusiveMinimum", st.sampled_from([0, 1]), constraints)
        maybe("exclusiveMaximum", st.sampled_from([9, 10]), constraints)
        maybe("enum", st.sampled_from([[1, 2], ["1", "3"]]), constraints)
        maybe("bareNumber", st.booleans(), field)
    if type_ == "number":
        maybe("decimalChar", st.sampled_from(",."), field)
        maybe("groupChar", st.sampled_from(",. '"), field)
        maybe("floatNumber", st.booleans(), field)
        maybe("minimum", st.sampled_from([0.1, "0.5"]), constraints)
    if type_ == "boolean":
        maybe("trueValues", st.sampled_from([["yes"], ["1", "true"]]), field)
        maybe("falseValues", st.sampled_from([["no"], ["0"]]), field)
    if type_ == "date":
        maybe("format", st.sampled_from(["any", "%d/%m/%Y", "default"]), field)
        maybe("minimum", st.sampled_from(["2020-01-02", "2021-01-01"]), constraints)
    if type_ == "datetime":
        maybe("format", st.sampled_from(["any", "default"]), field)
        maybe("maximum", st.sampled_from(["2020-01-01T09:00:00Z"]), constraints)
    if type_ == "time":
        maybe("minimum", st.sampled_from(["09:30:00", "10:00:00"]), constraints)
    if type_ == "year":
        maybe("minimum", st.sampled_from([2000, 2021]), constraints)
    if type_ == "yearmonth":
        maybe("maximum", st.sampled_from(["2019-12", "2020-01"]), constraints)
    if type_ == "geopoint":
        maybe("format", st.sampled_from(["array", "object", "default"]), field)
    if constraints:
        field["constraints"] = constraints
    return field


DIALECTS: st.SearchStrategy[dict[str, Any]] = st.one_of(
    st.just({}),
    st.fixed_dictionaries(
        {},
        optional={
            "commentChar": st.sampled_from(["#", "a", "--"]),
            "commentRows": st.sampled_from([[1], [2], [3, 5]]),
            "headerRows": st.sampled_from([[1], [2], [3], [1, 2], [1, 3], [2, 1], []]),
            "headerJoin": st.sampled_from([" ", "-", ""]),
            "header": st.sampled_from([True, True, False]),
            "skipInitialSpace": st.booleans(),
        },
    ),
)
"""Which rows are header, which are comments."""


@st.composite
def packages(draw: st.DrawFn) -> Made:  # noqa: C901
    """Two tables; the first refers to the second or to itself, or not at all."""
    width = draw(st.integers(1, 4))
    names = [f"f{number}" for number in range(width)]
    schema: dict[str, Any] = {"fields": [draw(fields(name)) for name in names]}
    if draw(st.booleans()):
        schema["missingValues"] = draw(st.sampled_from([["", "-"], ["-"], [], [""]]))
    if draw(st.booleans()):
        size = draw(st.integers(1, width))
        schema["primaryKey"] = draw(st.permutations(names))[:size]
    if draw(st.integers(0, 3)) == 0:
        modes = ["exact", "equal", "subset", "superset", "partial"]
        schema["fieldsMatch"] = draw(st.sampled_from(modes))
    if draw(st.integers(0, 3)) == 0:
        schema["uniqueKeys"] = [draw(st.permutations(names))[: draw(st.integers(1, width))]]
    other = {"fields": [{"name": "k", "type": draw(st.sampled_from(["string", "integer"]))}]}
    if draw(st.booleans()):
        reference = draw(
            st.sampled_from(
                [{"resource": "other", "fields": ["k"]}, {"resource": "", "fields": [names[-1]]}]
            )
        )
        key = {"fields": [names[0]], "reference": reference}
        schema["foreignKeys"] = [key]
    header = list(names)
    if draw(st.integers(0, 7)) == 0:
        header = draw(st.lists(st.sampled_from([*names, "", "x", " f0"]), min_size=1, max_size=5))
    rows: list[list[str]] = []
    for _ in range(draw(st.integers(0, 6))):
        row = [
            draw(st.one_of(CELLS, FITTING.get(each["type"], CELLS))) for each in schema["fields"]
        ]
        change = draw(st.integers(0, 12))
        if change == 0:
            row = row[: draw(st.integers(0, width))]
        elif change == 1:
            row += draw(st.lists(TEXTS, min_size=1, max_size=2))
        elif change == 2:
            row = [""] * width
        elif change == 3 and rows:
            row = list(rows[-1])
        elif change == 4 and row:
            row[0] = draw(st.sampled_from(["#", "# note", "--", "#a\nb"])) + row[0]
        rows.append(row)
    if draw(st.integers(0, 3)) == 0:
        above = st.lists(st.sampled_from(["# note", "title", "f0", ""]), max_size=width)
        rows[:0], header = [header], draw(above)
    keys = draw(st.lists(st.one_of(TEXTS, NUMBERS), max_size=4))
    eol = draw(st.sampled_from(["\n", "\r\n"]))
    quote_all = draw(st.booleans())
    last = draw(st.booleans())

    def text(lines: list[list[str]]) -> bytes | list[bytes]:
        parts = draw(st.integers(0, 9)) == 0 and len(lines) > 1
        if parts:
            # frictionless lets parts without a last line end run together.
            at = draw(st.integers(1, len(lines) - 1))
            return [part(lines[:at], ended=True), part([lines[0], *lines[at:]])]
        return part(lines)

    def part(lines: list[list[str]], ended: bool = last) -> bytes:
        stream = io.StringIO(newline="")
        quoting: Literal[0, 1] = csv.QUOTE_ALL if quote_all else csv.QUOTE_MINIMAL
        csv.writer(stream, lineterminator=eol, quoting=quoting).writerows(lines)
        content = stream.getvalue()
        if draw(st.integers(0, 9)) == 0:
            content = content.replace('"', draw(st.sampled_from(["", '" ', 'a"'])), 1)
        return (content if ended else content.removesuffix(eol)).encode()

    return {
        "main": (schema, text([header, *rows])),
        "other": (other, text([["k"], *([each] for each in keys)])),
    }


def test_missing_values_of_a_schema_say_nothing_of_columns_it_does_not_know(tmp_path: Path) -> None:
    """Found by chance."""
    schema: dict[str, Any] = {"fields": [{"name": "a"}], "missingValues": ["-"]}
    schema["fieldsMatch"] = "equal"
    write(tmp_path, {"main": (schema, b'other\n-\n""\n,\nx\n')})
    got, expected, _ = both(tmp_path)
    assert got == expected
    assert [code for code, *_ in expected.elements()].count("blank-row") == 2


def test_a_table_of_which_nothing_is_sure(tmp_path: Path) -> None:
    """No cell is missing, and each has to be read exactly: found by chance."""
    fields = [{"name": name, "type": "geojson"} for name in ("a", "b")]
    schema: dict[str, Any] = {"fields": fields, "missingValues": []}
    write(tmp_path, {"main": (schema, b"a,b\n{},{}\n1,2\n,\n")})
    got, expected, fast = both(tmp_path)
    assert got == expected
    assert len(expected) > 3
    assert not fast.layer.notes


@pytest.mark.parametrize(
    ("type_", "cells"),
    [
        ("duration", ["P1D", "PT24H", "P1Y", "P12M"]),
        ("geopoint", ['"1.50,2"', '"1.5, 2.0"', '"2,1.5"', '"1,2"']),
    ],
)
def test_keys_of_types_that_are_compared_by_value(
    tmp_path: Path, type_: str, cells: list[str]
) -> None:
    schema = {"fields": [{"name": "a", "type": type_}], "primaryKey": ["a"]}
    write(tmp_path, {"main": (schema, "\n".join(["a", *cells, ""]).encode())})
    got, expected, fast = both(tmp_path)
    assert got == expected == {("primary-key", "main", 3, "a"): 1}
    assert not fast.layer.notes


def test_bounds_of_many_digits(tmp_path: Path) -> None:
    """polars cannot compare them, and what frictionless does not check is checked all the same."""
    bounds = {"minimum": -(10**20), "maximum": "1" + "0" * 31}
    fields = [{"name": "a", "type": "integer", "constraints": bounds}, {"name": "b"}]
    cells = f"a,b\n-{10**20},1\n-{10**20 + 1},1\n{10**31},2\n{10**31 + 1},3\n"
    write(tmp_path, {"main": ({"fields": fields, "uniqueKeys": [["b"]]}, cells.encode())})
    got, expected, fast = both(tmp_path)
    assert got == expected
    assert [row for _, _, row, _ in expected] == [3, 5]
    assert ("unique-keys", 3) in [(each.code, each.row) for each in fast.findings]


def test_an_offset_of_a_day_is_none(tmp_path: Path) -> None:
    """frictionless reads it, and fails where it is compared; so does what publishes it."""
    cells = ["2020-01-01T10:00:00+25:00", "2020-01-01T10:00:00+08:00"]
    column(tmp_path, {"type": "datetime", "format": "any"}, cells)
    package = read_package(tmp_path)
    [finding] = FastEngine(10).check(package).findings
    assert (finding.code, finding.row) == ("type-error", 2)


@examples(20)
@given(made=packages(), dialect=DIALECTS)
def test_random_packages_get_the_same_verdicts(
    made: Made, dialect: dict[str, Any], tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("made")
    write(folder, made, **({"dialect": dialect} if dialect else {}))
    hold_together(folder)


GOOD_AND_BAD = {
    ("string", "default"): None,
    ("string", "uri"): ("https://example.org/a", "no address"),
    ("string", "email"): ("a@example.org", "a@"),
    ("string", "uuid"): ("123e4567-e89b-12d3-a456-426614174000", "123e4567"),
    ("string", "binary"): ("YWJj", "YWJ"),
    ("integer", "default"): ("-12", "1.5"),
    ("number", "default"): ("1e3", "1,5"),
    ("boolean", "default"): ("true", "yes"),
    ("date", "default"): ("2020-02-29", "2021-02-29"),
    ("date", "any"): ("29 Feb 2020", "nonsense"),
    ("date", "%d/%m/%Y"): ("29/02/2020", "29/02/2021"),
    ("datetime", "default"): ("2020-01-01T10:00:00Z", "2020-01-01T25:00:00Z"),
    ("time", "default"): ("10:00:00", "10:61:00"),
    ("year", "default"): ("2020", "20"),
    ("yearmonth", "default"): ("2020-12", "2020-13"),
    ("duration", "default"): ("P1Y2M", "1 day"),
    ("geopoint", "default"): ("90.5,45", "200,45"),
    ("geopoint", "array"): ("[90.5,45]", "90.5,45"),
    ("geojson", "default"): ('{"type":"Point","coordinates":[1,2]}', '{"type":"Blob"}'),
    ("object", "default"): ('{"a":1}', "[1]"),
    ("array", "default"): ("[1]", '{"a":1}'),
    ("list", "default"): None,
    ("any", "default"): None,
}
"""A cell that is of each type and format, and one that is not; None where every text is."""

BROKEN = [
    ({"type": "string", "constraints": {"required": True}}, "a", ""),
    ({"type": "string", "constraints": {"enum": ["a", "b"]}}, "a", "c"),
    ({"type": "string", "constraints": {"pattern": "[ab]c"}}, "bc", "cc"),
    ({"type": "string", "constraints": {"pattern": "(?=a).."}}, "ab", "ba"),
    ({"type": "string", "constraints": {"minLength": 2}}, "数字", "数"),
    ({"type": "string", "constraints": {"maxLength": 2}}, "数字", "数字化"),
    ({"type": "integer", "constraints": {"minimum": 3}}, "3", "2"),
    ({"type": "integer", "constraints": {"maximum": 3}}, "3", "4"),
    ({"type": "integer", "constraints": {"exclusiveMinimum": 3}}, "4", "3"),
    ({"type": "integer", "constraints": {"exclusiveMaximum": 3}}, "2", "3"),
    ({"type": "number", "constraints": {"maximum": 0.1}}, "0.1", "0.1000000000000000055"),
    ({"type": "number", "constraints": {"enum": [1, 2]}}, "1.0", "3"),
    ({"type": "date", "constraints": {"minimum": "2020-01-02"}}, "2020-01-02", "2020-01-01"),
    ({"type": "time", "constraints": {"maximum": "10:00:00"}}, "10:00:00", "10:00:01"),
    ({"type": "year", "constraints": {"minimum": 2020}}, "2020", "2019"),
    ({"type": "yearmonth", "constraints": {"maximum": "2020-01"}}, "2020-01", "2020-02"),
    ({"type": "list", "constraints": {"minLength": 2}}, "a,b", "a"),
    ({"type": "list", "itemType": "integer", "constraints": {"maxLength": 1}}, "1", "1,2"),
    ({"type": "list", "delimiter": ";", "constraints": {"minLength": 2}}, "a;b", "a,b"),
    ({"type": "array", "arrayItem": {"constraints": {"enum": [1]}}}, "[1,1]", "[1,2]"),
    ({"type": "object", "constraints": {"maxLength": 1}}, "{}", '{"a":1,"b":2}'),
    ({"type": "integer", "bareNumber": False, "constraints": {"maximum": 5}}, "€5", "€6"),
    ({"type": "number", "bareNumber": False, "constraints": {"maximum": 1}}, "1 %", ".5"),
    ({"type": "array", "constraints": {"minLength": 1}}, "[1]", "[]"),
]
"""A field with each constraint, a cell that keeps it and one that breaks it."""


def column(folder: Path, field: dict[str, Any], cells: list[str], **extra: Any) -> None:
    stream = io.StringIO(newline="")
    csv.writer(stream, lineterminator="\n").writerows(
        [["f", "n"], *([each, "1"] for each in cells)]
    )
    schema = {"fields": [{"name": "f", **field}, {"name": "n", "type": "integer"}]}
    write(folder, {"main": (schema, stream.getvalue().encode())}, **extra)


@pytest.mark.parametrize(("type_", "format_"), GOOD_AND_BAD)
def test_a_cell_of_another_type_is_found(tmp_path: Path, type_: str, format_: str) -> None:
    good, bad = GOOD_AND_BAD[type_, format_] or ("anything", None)
    column(tmp_path, {"type": type_, "format": format_}, [good, bad or "else", good])
    got, expected, fast = both(tmp_path)
    assert got == expected
    assert got == Counter([("type-error", "main", 3, "f")] if bad else [])
    assert not fast.layer.notes


@pytest.mark.parametrize(("field", "good", "bad"), BROKEN)
def test_a_broken_constraint_is_found(
    tmp_path: Path, field: dict[str, Any], good: str, bad: str
) -> None:
    column(tmp_path, field, [good, bad, good])
    got, expected, _ = both(tmp_path)
    assert got == expected == Counter([("constraint-error", "main", 3, "f")])


@pytest.mark.parametrize(
    ("dialect", "content"),
    [
        ({"delimiter": ";"}, b"f;n\na;1\nb;x\n"),
        ({"delimiter": "\t"}, b"f\tn\na\t1\nb\tx\n"),
        ({"quoteChar": "'"}, b"f,n\n'a,',1\n'b',x\n"),
        ({"escapeChar": "\\", "doubleQuote": False}, b'f,n\n"a\\"",1\n"b",x\n'),
        ({"skipInitialSpace": True}, b'f,n\na, 1\n"b", x\n'),
        ({"commentChar": "#"}, b"f,n\na,1\n#b\nb,x\n"),
        ({"headerRows": [2]}, b"\xe2\x80\x94\nf,n\nb,x\n"),
        ({"header": False}, b"a,1\nb,2\nb,x\n"),
        ({}, b'f,n\r\n"a\r\nb",1\r\nb,x'),
        ({}, b"\xef\xbb\xbff,n\na,1\nb,x\n"),
        ({}, b"f,n\ra,1\rb,x\r"),
        ({}, b"f,n\n"),
        ({}, b"f,n"),
        ({}, b""),
        ({}, b"n,f\na,1\n"),
        ({}, b"f\na\n"),
        ({}, b"f,n,n\na,1,2\n"),
    ],
)
def test_dialects_and_line_ends(tmp_path: Path, dialect: dict[str, Any], content: bytes) -> None:
    schema = {"fields": [{"name": "f", "type": "string"}, {"name": "n", "type": "integer"}]}
    write(tmp_path, {"main": (schema, content)}, dialect=dialect)
    got, expected, fast = both(tmp_path)
    assert got == expected, fast.layer.notes


TWO = {"fields": [{"name": "f", "type": "string"}, {"name": "n", "type": "integer"}]}
KEYED = TWO | {"primaryKey": ["f"]}


@pytest.mark.parametrize(
    ("dialect", "content", "expected"),
    [
        (
            {"commentChar": "#"},
            b"# x\nf,n\n#a\n1,x\n1,2\n",
            [("type-error", 4), ("primary-key", 5)],
        ),
        ({"commentChar": "#"}, b'f,n\n"#a\nb",1\nc,x\n', [("type-error", 3)]),
        # An irregular quote: read row by row.
        ({"commentChar": "#"}, b'f,n\n#a "b" c\nd,x\n', [("type-error", 3)]),
        ({"commentChar": "//"}, b"//\n// a\nf,n\nd,x\n/d,2\n", [("type-error", 4)]),
        ({"commentRows": [1, 3]}, b"#\nf,n\nno,no\nd,x\n", [("type-error", 4)]),
        ({"headerRows": [3]}, b'a,b\n"\n",\nf,n\nd,x\n', [("type-error", 4)]),
        ({"headerRows": [1, 2]}, b"f,n\nf,n\nd,x\n", [("type-error", 3)]),
        ({"headerRows": [1, 2], "headerJoin": ""}, b",n\nf,\nd,x\n", [("type-error", 3)]),
        ({"headerRows": []}, b"d,1\ne,x\nd,2\n", [("type-error", 2), ("primary-key", 3)]),
        ({"header": False}, b"d,1\ne,x\nd,2\n", [("type-error", 2), ("primary-key", 3)]),
        ({"header": False, "commentChar": "#"}, b"#\nd,x\n", [("type-error", 2)]),
    ],
)
def test_headers_and_comments(
    tmp_path: Path, dialect: dict[str, Any], content: bytes, expected: list[tuple[str, int]]
) -> None:
    write(tmp_path, {"main": (KEYED, content)}, dialect=dialect)
    got, reference, fast = both(tmp_path)
    assert got == reference
    assert [(each.code, each.row) for each in fast.findings] == expected
    assert not fast.layer.notes


def test_labels_of_a_header_below_other_rows(tmp_path: Path) -> None:
    write(tmp_path, {"main": (TWO, b'"a\nb"\nf,x\n')}, dialect={"headerRows": [2]})
    got, reference, fast = both(tmp_path)
    assert got == reference == Counter([("incorrect-label", "main", 2, "n")])
    assert [each.line for each in fast.findings] == [3]


@pytest.mark.parametrize(
    ("dialect", "parts", "expected"),
    [
        ({}, [b"f,n\na,x\n", b"f,n\nb,x\n", b"f,n\nc,1\nd,x"], [(2, 0, 2), (3, 1, 2), (5, 2, 3)]),
        ({"header": False}, [b"a,x\n", b"b,x\nc,1\n", b"d,x"], [(1, 0, 1), (2, 1, 1), (4, 2, 1)]),
        ({}, [b"f,n\r\na,1\r\n", b"f,n\r\n", b"f,n\r\nb,x\r\n"], [(3, 2, 2)]),
        ({}, [b"f,n\ra,x\r", b"f,n\rb,x\r"], [(2, 0, 2), (3, 1, 2)]),
        ({}, [b"f,n\n", b"", b"f,n\nb,x\n"], [(2, 2, 2)]),
        ({"commentChar": "#"}, [b"f,n\n#\n", b"f,n\n#\nb,x\n"], [(4, 1, 3)]),
    ],
)
def test_several_files(
    tmp_path: Path,
    dialect: dict[str, Any],
    parts: list[bytes],
    expected: list[tuple[int, int, int]],
) -> None:
    write(tmp_path, {"main": (KEYED, parts)}, dialect=dialect)
    got, reference, fast = both(tmp_path)
    assert got == reference
    names = [f"main{number or ''}.csv" for number in range(len(parts))]
    found = [(each.row, names.index(each.path), each.line) for each in fast.findings]
    assert found == expected
    assert not fast.layer.notes


def test_a_long_first_line_of_a_later_file_is_left_to_frictionless(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parts_module, "_LONGEST_FIRST_LINE", 4096)
    header = b"f,n" + b"," * 5000 + b"\n"
    write(tmp_path, {"main": (TWO, [b"f,n\na,1\n", header + b"b,x\n"])})
    got, reference, fast = both(tmp_path)
    assert got == reference
    assert ["the first line of main1.csv is very long" in each for each in fast.layer.notes] == [
        True
    ]


# frictionless leaves packed files open.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_packed_parts(tmp_path: Path) -> None:
    parts = [gzip.compress(each) for each in (b"f,n\na,1\n", b"f,n\nb,x\n")]
    for number, part in enumerate(parts):
        (tmp_path / f"p{number}.csv.gz").write_bytes(part)
    write(tmp_path, {"main": (TWO, b"")}, path=["p0.csv.gz", "p1.csv.gz"])
    got, reference, fast = both(tmp_path)
    assert got == reference == Counter([("type-error", "main", 3, "n")])
    assert not fast.layer.notes


def test_bytes_and_hash_of_several_files(tmp_path: Path) -> None:
    """They are those of the files as one, without the headers behind the first."""
    parts = [b"f,n\na,1\n", b"f,n\nb,2\n"]
    digest = hashlib.md5(b"f,n\na,1\nb,2\n").hexdigest()
    write(tmp_path, {"main": (TWO, list(parts))}, bytes=12, hash=digest)
    got, reference, _ = both(tmp_path)
    assert got == reference == Counter()
    write(tmp_path, {"main": (TWO, list(parts))}, bytes=16, hash="0" * 32)
    got, reference, _ = both(tmp_path)
    assert got == reference
    assert {code for code, *_ in got} == {"byte-count", "hash-count"}


def test_references_to_several_files(tmp_path: Path) -> None:
    key = {"fields": ["f"], "reference": {"resource": "other", "fields": ["k"]}}
    other = {"fields": [{"name": "k", "type": "string"}]}
    made: Made = {
        "main": (TWO | {"foreignKeys": [key]}, b"f,n\na,1\nb,1\nc,1\n"),
        "other": (other, [b"k\na\n", b"k\nb\n"]),
    }
    write(tmp_path, made)
    got, reference, fast = both(tmp_path)
    assert got == reference == Counter([("foreign-key", "main", 4, "f")])
    assert not fast.layer.notes


@pytest.mark.parametrize("encoding", ["gb18030", "gbk", "latin-1", "utf-16", "utf-8-sig"])
def test_encodings(tmp_path: Path, encoding: str) -> None:
    text = "f,n\n" + ("é" if encoding == "latin-1" else "数字") + ",x\n"
    schema = {"fields": [{"name": "f", "type": "string"}, {"name": "n", "type": "integer"}]}
    write(tmp_path, {"main": (schema, text.encode(encoding))}, encoding=encoding)
    got, expected, _ = both(tmp_path)
    assert got == expected == Counter([("type-error", "main", 2, "n")])


def test_bytes_and_hash_of_the_descriptor(tmp_path: Path) -> None:
    column(tmp_path, {"type": "string"}, ["a"], bytes=5, hash="md5:" + "0" * 32)
    got, expected, _ = both(tmp_path)
    assert (
        got
        == expected
        == Counter([("byte-count", "main", None, None), ("hash-count", "main", None, None)])
    )


@pytest.mark.parametrize(("fields", "rows"), [(2, 3), (3, 3), (2, 4), (0, 0)])
@pytest.mark.parametrize("header", [b"f,n", b"n,f", b"f", b"f,n,m"])
@pytest.mark.parametrize("match", ["exact", "partial"])
def test_counts_of_the_descriptor(
    tmp_path: Path, fields: int, rows: int, header: bytes, match: str
) -> None:
    """A row that is empty, or of too few cells, is one too."""
    schema = TWO | {"fieldsMatch": match}
    content = header + b"\na,1\n\nb,2\n"
    write(tmp_path, {"main": (schema, content)}, fields=fields, rows=rows)
    got, expected, fast = both(tmp_path)
    assert got == expected
    assert not fast.layer.notes


# frictionless leaves a packed file open.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_packed_table(tmp_path: Path) -> None:
    schema = {"fields": [{"name": "f", "type": "string"}, {"name": "n", "type": "integer"}]}
    write(tmp_path, {"main": (schema, b"f,n\na,1\nb,x\n")}, path="main.csv.gz")
    (tmp_path / "main.csv.gz").write_bytes(gzip.compress((tmp_path / "main.csv").read_bytes()))
    got, expected, fast = both(tmp_path)
    assert got == expected == Counter([("type-error", "main", 3, "n")])
    assert not fast.layer.notes


def test_faults_far_into_a_large_table(tmp_path: Path) -> None:
    schema = {
        "fields": [{"name": "f", "type": "string"}, {"name": "n", "type": "integer"}],
        "primaryKey": ["f"],
    }
    lines = [f'"a\n{number}",{number}' for number in range(200_000)]
    lines[150_000] = '"a\n7",x,y'
    write(tmp_path, {"main": (schema, "\n".join(["f,n", *lines]).encode())})
    result = FastEngine(100).check(read_package(tmp_path))
    found = [(each.code, each.row, each.line) for each in result.findings]
    row, line = 150_002, 300_002
    assert found == [
        ("type-error", row, line),
        ("extra-cell", row, line),
        ("primary-key", row, line),
    ]
    assert result.layer.rows == 200_000


def test_the_blocks_of_a_large_table_are_frames(tmp_path: Path) -> None:
    column(tmp_path, {"type": "string"}, ["a", '"', "b,c", "d\ne"])
    package = read_package(tmp_path)
    run = open_table(package, package.resources[0], {}, 10)
    assert isinstance(run.text, Text)
    assert [
        type(each) for each in batches(run.text, 2, ColumnExecutor(run.plan, run.reader).look)
    ] == [Frame]


def test_a_small_package_is_checked_without_polars(tmp_path: Path) -> None:
    """It takes longer to load than all else; the same holds where cells and header are wrong."""
    write(tmp_path, {"main": (TWO, "f,m\na,1\n数字,x\n".encode()), "other": (TWO, b"f,n\n")})
    script = (
        "import sys; from pathlib import Path\n"
        "from ycd_opendata.validation.run import validate\n"
        "print(len(validate(Path(sys.argv[1])).findings))\n"
        "print(*sorted({'polars', 'pandas', 'frictionless'} & {*sys.modules}))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path)], check=True, capture_output=True, text=True
    )
    assert done.stdout.splitlines() == ["2", ""]
