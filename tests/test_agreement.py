"""The fast engine gives frictionless's verdicts: on packages made up at random, and one by one."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from pathlib import Path
from typing import Any, Literal

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from ycd_opendata.package.reading import read_descriptor, read_package
from ycd_opendata.validation.descriptor import check_descriptor
from ycd_opendata.validation.findings import LayerResult
from ycd_opendata.validation.structure.fast.engine import FastEngine
from ycd_opendata.validation.structure.fast.plan import EXTENSIONS
from ycd_opendata.validation.structure.reference import FrictionlessEngine

KNOWN_DIFFERENCES = (*EXTENSIONS,)
"""The only findings that the fast engine makes and frictionless does not."""

GAVE_UP = ("package-error", "", None, None)
"""Where frictionless gives up on a whole package, the fast engine still checks other tables."""

PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"
Verdicts = Counter[tuple[str, str, int | None, str | None]]


def verdicts(result: LayerResult) -> Verdicts:
    return Counter((each.code, each.resource, each.row, each.field) for each in result.findings)


def both(folder: Path) -> tuple[Verdicts, Verdicts, LayerResult]:
    package = read_package(folder)
    fast = FastEngine(10**9).check(package)
    got = verdicts(fast)
    for key in [key for key in got if key[0] in KNOWN_DIFFERENCES]:
        del got[key]
    return got, verdicts(FrictionlessEngine().check(package)), fast


def write(folder: Path, resources: dict[str, tuple[dict[str, Any], bytes]], **extra: Any) -> None:
    listed = []
    for name, (schema, content) in resources.items():
        (folder / f"{name}.csv").write_bytes(content)
        listed.append({"name": name, "type": "table", "path": f"{name}.csv", "schema": schema})
        listed[-1] |= extra
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


@st.composite
def packages(draw: st.DrawFn) -> dict[str, tuple[dict[str, Any], bytes]]:  # noqa: C901
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
        rows.append(row)
    keys = draw(st.lists(st.one_of(TEXTS, NUMBERS), max_size=4))
    eol = draw(st.sampled_from(["\n", "\r\n"]))
    quote_all = draw(st.booleans())
    last = draw(st.booleans())

    def text(lines: list[list[str]]) -> bytes:
        stream = io.StringIO(newline="")
        quoting: Literal[0, 1] = csv.QUOTE_ALL if quote_all else csv.QUOTE_MINIMAL
        csv.writer(stream, lineterminator=eol, quoting=quoting).writerows(lines)
        content = stream.getvalue()
        if draw(st.integers(0, 9)) == 0:
            content = content.replace('"', draw(st.sampled_from(["", '" ', 'a"'])), 1)
        return (content if last else content.removesuffix(eol)).encode()

    return {
        "main": (schema, text([header, *rows])),
        "other": (other, text([["k"], *([each] for each in keys)])),
    }


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(made=packages())
def test_random_packages_get_the_same_verdicts(
    made: dict[str, tuple[dict[str, Any], bytes]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("made")
    write(folder, made)
    assume(not check_descriptor(read_descriptor(folder)).findings)
    got, expected, fast = both(folder)
    if GAVE_UP in expected:
        assert GAVE_UP in got
    else:
        assert got == expected, fast.layer.notes
