"""Rules that a Table Schema declares: read, checked by every engine, published and compared."""

from __future__ import annotations

import json
import sqlite3
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import pandas as pd
import polars as pl
import pytest
from examples import examples
from hypothesis import example, given
from hypothesis import strategies as st
from packages import ROOT, VERSION, describe, edit_json
from sites import released

from ycd_opendata.package.reading import parse_schema, read_package
from ycd_opendata.publishing.verifying import verify_release
from ycd_opendata.site.building import write_site
from ycd_opendata.validation.declared.declared_rules import declared_rules
from ycd_opendata.validation.findings import Finding, Report
from ycd_opendata.validation.pandera_schema import broken_rule
from ycd_opendata.validation.run import validate
from ycd_opendata.validation.structure.fast import engine as fast_engine
from ycd_opendata.versioning.comparing import compare

FIELDS = [
    {"name": "id", "type": "string"},
    {"name": "low", "type": "number"},
    {"name": "high", "type": "number"},
    {"name": "from", "type": "date"},
    {"name": "to", "type": "date"},
    {"name": "kind", "type": "string"},
    {"name": "open", "type": "boolean"},
    {"name": "many", "type": "integer"},
]
RULES = [
    {
        "name": "high-above-low",
        "expression": "high > low",
        "message": "the high {high} is not above the low {low}",
        "hint": "swap the two",
    },
    {"name": "runs-forward", "expression": '"to" >= "from"'},
    {"name": "range-has-high", "expression": "kind <> 'range' OR high IS NOT NULL"},
    {"name": "open-has-many", "expression": "NOT open OR many > 0", "severity": "warning"},
]
GOOD = "g{},1,2,2020-01-01,2020-01-02,range,true,1"
ROWS = [
    "a,1,2,2020-01-01,2020-01-01,range,true,1",
    "b,2,2,2020-01-01,2019-12-31,point,false,0",  # high-above-low, runs-forward
    "c,1,,,,range,true,0",  # range-has-high, open-has-many
    "d,x,0,2020-01-01,,,,",  # low has no value, so that high is not judged
    "e,1e3,999,,,,,",  # high-above-low
    "f,,,,,,,",
    "g,NaN,1,,,,,",  # NaN is no number to compare
    "h,1,2",  # too short to be judged
    'i,"2","1.5",,,"a\nb",,',  # high-above-low, on two lines
    "j,0,1,2020-1-5,2020-01-04,,,",  # runs-forward, in a notation that frictionless takes
    "k,1,0,,,,,,",  # too long to be judged
]
FOUND = [
    ("high-above-low", "error", 3, "high", "b", "2"),
    ("runs-forward", "error", 3, "to", "b", "2019-12-31"),
    ("range-has-high", "error", 4, "kind", "c", "range"),
    ("open-has-many", "warning", 4, "open", "c", "true"),
    ("high-above-low", "error", 6, "high", "e", "999"),
    ("high-above-low", "error", 10, "high", "i", "1.5"),
    ("runs-forward", "error", 11, "to", "j", "2020-01-04"),
]


def write(folder: Path, rows: list[str], rules: Any = RULES, **schema: Any) -> Path:
    folder.mkdir(exist_ok=True)
    described = {"fields": FIELDS, "primaryKey": ["id"], "rules": rules, **schema}
    describe(folder, [{"name": "t", "path": "t.csv", "schema": described}], **VERSION)
    header = ",".join(str(each["name"]) for each in FIELDS)
    (folder / "t.csv").write_text("\n".join([header, *rows, ""]), "utf-8")
    return folder


def of_rules(report: Report) -> list[Finding]:
    names = {each["name"] for each in RULES}
    return [each for each in report.findings if each.code in names]


def shown(report: Report) -> list[tuple[Any, ...]]:
    return sorted(
        (each.code, each.severity, each.row, each.field, each.key, each.value)
        for each in of_rules(report)
    )


@pytest.fixture
def package(tmp_path: Path) -> Path:
    return write(tmp_path / "p", ROWS)


@pytest.mark.parametrize("engine", ["fast", "frames", "frictionless"])
def test_every_engine_finds_the_same(
    package: Path, engine: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if engine == "frames":
        monkeypatch.setattr(fast_engine, "SMALL_BYTES", 0)
    report = validate(package, "frictionless" if engine == "frictionless" else "fast")
    assert shown(report) == sorted(FOUND)
    [rules] = [each for each in report.layers if each.name == "rules"]
    assert (rules.ran, rules.tables, rules.rows, rules.checks) == (True, 1, len(ROWS), 4)


def test_a_finding_has_its_line_and_the_rules_words(package: Path) -> None:
    found = of_rules(validate(package))
    first = next(each for each in found if each.key == "b" and each.code == "high-above-low")
    assert (first.path, first.line) == ("t.csv", 3)
    assert first.message == 'the high "2" is not above the low "2"'
    assert first.hint == "swap the two"
    second = next(each for each in found if each.code == "runs-forward")
    assert second.message == 'the record breaks the rule "to" >= "from"'
    assert second.hint == "correct to or from"
    # The record before it stands on two lines.
    assert next(each for each in found if each.key == "j").line == 12


def test_rows_in_the_descriptor_are_found_there(package: Path) -> None:
    rows = [{"id": "a", "low": 2, "high": 1}]

    def into_descriptor(raw: dict[str, Any]) -> None:
        del raw["resources"][0]["path"]
        raw["resources"][0]["data"] = rows

    edit_json(package / "datapackage.json", into_descriptor)
    assert {each.path for each in of_rules(validate(package))} == {"datapackage.json"}


def test_large_tables_are_judged_in_frames(tmp_path: Path) -> None:
    rows = [GOOD.format(number) for number in range(20_000)]
    rows[15_000] = ROWS[1]
    report = validate(write(tmp_path / "p", rows))
    assert [(each.code, each.row, each.line) for each in report.findings] == [
        ("high-above-low", 15_002, 15_002),
        ("runs-forward", 15_002, 15_002),
    ]


def test_typed_files_are_judged_too(tmp_path: Path) -> None:
    folder = write(tmp_path / "p", [])
    frame = pl.DataFrame(
        {
            "id": ["a", "b", "c"],
            "low": [1.0, 2.0, None],
            "high": [2.0, 2.0, 1.0],
            "from": pl.Series(["2020-01-02"] * 3).str.to_date(),
            "to": pl.Series(["2020-01-02", "2020-01-01", None]).str.to_date(),
            "kind": ["range", "range", None],
            "open": [True, False, True],
            "many": [1, None, 0],
        }
    )
    frame.write_parquet(folder / "t.parquet")
    edit_json(folder / "datapackage.json", lambda raw: raw["resources"][0].update(path="t.parquet"))
    assert [each[:3] for each in shown(validate(folder))] == [
        ("high-above-low", "error", 3),
        ("open-has-many", "warning", 4),
        ("runs-forward", "error", 3),
    ]


@pytest.mark.parametrize(
    ("extra", "cells", "broken"),
    [
        ({"missingValues": ["0", ""]}, "a,0,-1,,,,,", False),  # 0 stands for nothing
        ({"missingValues": ["", "x"]}, "a,1,x,,,,,", False),
        ({}, "a,1,-INF,,,,,", False),
        ({}, "a,1,0.999999999999999999999,,,,,", False),  # as doubles they are equal: see below
        ({}, "a,1,0.99999999999,,,,,", True),
    ],
)
@pytest.mark.parametrize("size", [0, 2**18])
def test_values_are_those_of_the_fields(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    extra: dict[str, Any],
    cells: str,
    broken: bool,
    size: int,
) -> None:
    rules = [{"name": "not-below", "expression": "high >= low"}]
    monkeypatch.setattr(fast_engine, "SMALL_BYTES", size)
    report = validate(write(tmp_path / "p", [cells], rules, **extra))
    assert [each.code for each in report.findings] == ["not-below"] * broken


@pytest.mark.parametrize("size", [0, 2**18])
def test_fields_of_another_notation_are_read_as_they_say(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    monkeypatch.setattr(fast_engine, "SMALL_BYTES", size)
    folder = write(tmp_path / "p", ['a,"1.000,5","999,5",31/12/2020,01/01/2020,,Y,'])

    def change(raw: dict[str, Any]) -> None:
        fields = raw["resources"][0]["schema"]["fields"]
        for each in fields[1:3]:
            each |= {"decimalChar": ",", "groupChar": "."}
        for each in fields[3:5]:
            each["format"] = "%d/%m/%Y"
        fields[6] |= {"trueValues": ["Y"], "falseValues": ["N"]}
        raw["resources"][0]["schema"]["rules"].append(
            {"name": "never-open", "expression": "open = FALSE"}
        )

    edit_json(folder / "datapackage.json", change)
    codes = sorted(each.code for each in validate(folder).findings if each.severity == "error")
    assert codes == ["high-above-low", "never-open", "runs-forward"]


def test_a_rule_whose_column_is_not_there_is_said_to_be_skipped(tmp_path: Path) -> None:
    folder = write(tmp_path / "p", [], fieldsMatch="subset")
    (folder / "t.csv").write_text("id,low\na,1\n", "utf-8")
    report = validate(folder)
    skipped = [each for layer in report.layers for each in layer.skipped]
    assert "t: the rule high-above-low, since the table has no column high" in skipped


@pytest.mark.parametrize(
    ("rule", "message", "hint"),
    [
        ("x", "it is no object", "such as"),
        ({"name": "a"}, "it lacks 'expression'", "such as"),
        ({"expression": "low > 1"}, "it lacks 'name'", "such as"),
        ({"name": "A b", "expression": "low > 1"}, '"A b" is no name', "small letters"),
        ({"name": "type-error", "expression": "low > 1"}, '"type-error" is the code', "otherwise"),
        ({"name": "my-error", "expression": "low > 1"}, '"my-error" is the code', "otherwise"),
        ({"name": "row-order", "expression": "low > 1"}, '"row-order" is the code', ""),
        ({"name": "runs-forward", "expression": "low > 1"}, '"runs-forward" stands twice', ""),
        ({"name": "a", "expression": 1}, "'expression' is no text", ""),
        ({"name": "a", "expression": "low > 1", "hnt": "x"}, "unknown key 'hnt'", "'hint'"),
        ({"name": "a", "expression": "low > 1", "severity": "fatal"}, '"fatal" is none', "error"),
        (
            {"name": "a", "expression": "low > 1", "message": "{lo} is small"},
            "unknown field 'lo'",
            "did you mean 'low'",
        ),
        (
            {"name": "a", "expression": "low > hihg"},
            "at position 7, unknown field 'hihg'",
            "did you mean 'high'",
        ),
        ({"name": "a", "expression": "(" * 10_000 + "low"}, "it has more than 2,000", "split"),
        ({"name": "a", "expression": "low > (SELECT 1)"}, "not allowed", "foreign keys"),
    ],
)
def test_a_rule_that_cannot_be_checked_is_one_error(
    tmp_path: Path, rule: Any, message: str, hint: str
) -> None:
    report = validate(write(tmp_path / "p", ROWS, [*RULES, rule]))
    [error] = [each for each in report.findings if each.code == "rule-error"]
    assert (error.path, error.resource, error.severity) == ("datapackage.json", "t", "error")
    text = (tmp_path / "p" / "datapackage.json").read_text("utf-8").splitlines()
    assert error.line is not None
    assert error.line > next(at for at, line in enumerate(text) if "open-has-many" in line)
    assert "resources[0].schema.rules[4]" in error.message
    assert message in error.message
    assert hint in error.hint
    assert shown(report) == sorted(FOUND)


@pytest.mark.parametrize("rules", ["x", {"name": "a"}, [RULES[1]] * 201])
def test_rules_that_are_no_list_are_one_error(tmp_path: Path, rules: Any) -> None:
    report = validate(write(tmp_path / "p", [GOOD.format(1)], rules))
    assert [each.code for each in report.findings] == ["rule-error"]


@pytest.mark.parametrize("length", [10_000, 150])
def test_rules_made_to_take_hours_are_refused(tmp_path: Path, length: int) -> None:
    """10,000 brackets are one error of one rule; 200 long rules one of all of them."""
    rules = [{"name": f"r-{at}", "expression": "(" * length + "low > 1"} for at in range(200)]
    report = validate(write(tmp_path / "p", ["y" * 9] * 1000, rules))
    [error] = [each for each in report.findings if each.code == "rule-error"]
    assert "more than 20,000 characters together" in error.message


def test_many_rules_are_judged_in_frames(tmp_path: Path) -> None:
    """Row by row they would take minutes, though the table is small."""
    chain = " AND ".join(f"kind <> 'x{number}'" for number in range(80))
    rules = [{"name": f"r-{at}", "expression": chain} for at in range(5)]
    package = write(tmp_path / "p", [f"{number},,,,,x7,," for number in range(12_000)], rules)
    before = time.process_time()
    report = validate(package, max_findings=3)
    assert report.count("error") == 5 * 12_000
    assert time.process_time() - before < 120


def test_rules_are_switched_like_other_codes(package: Path) -> None:
    (package / "ycd.toml").write_text(
        '[validate]\noff = ["runs-forward"]\nwarnings = ["high-above-low"]\n', "utf-8"
    )
    found = {(each.code, each.severity) for each in of_rules(validate(package))}
    assert found == {
        ("high-above-low", "warning"),
        ("range-has-high", "error"),
        ("open-has-many", "warning"),
    }


def test_a_released_database_keeps_the_rules(tmp_path: Path) -> None:
    rows = [GOOD.format(1), "c,1,,,,point,true,0", "f,,,,,,,"]
    release = released(write(tmp_path / "p", rows), tmp_path / "release")
    assert verify_release(release).valid
    assert not (release / "ycd.toml").exists()
    with closing(sqlite3.connect(release / "p.sqlite")) as connection:
        insert = "INSERT INTO t VALUES ('x', ?, ?, ?, ?, ?, 1, 1)"
        for values, rule in (
            ((2.0, 1.0, None, None, None), "high-above-low"),
            ((None, None, "2020-01-02", "2020-01-01", None), "runs-forward"),
            ((1.0, None, None, None, "range"), "range-has-high"),
        ):
            with pytest.raises(sqlite3.IntegrityError, match=rule):
                connection.execute(insert, values)
        connection.execute(insert, (None, 1.0, None, "2020-01-01", "point"))
        [text] = connection.execute("SELECT sql FROM sqlite_master WHERE name = 't'").fetchone()
    assert "open-has-many" not in text  # it only warns


def test_a_rule_that_only_warns_here_is_none_of_the_database(tmp_path: Path) -> None:
    package = write(tmp_path / "p", [ROWS[1], GOOD.format(1)])
    settings = '[validate]\nwarnings = ["high-above-low"]\noff = ["runs-forward"]\n'
    (package / "ycd.toml").write_text(settings, "utf-8")
    release = released(package, tmp_path / "release")
    # The release says it too, or its own tables would not be valid.
    assert verify_release(release).valid
    assert (
        (release / "ycd.toml")
        .read_text("utf-8")
        .endswith('[validate]\noff = ["runs-forward"]\nwarnings = ["high-above-low"]\n')
    )
    assert "| `ycd.toml` |" in (release / "README.md").read_text("utf-8")
    with closing(sqlite3.connect(release / "p.sqlite")) as connection:
        [text] = connection.execute("SELECT sql FROM sqlite_master WHERE name = 't'").fetchone()
    assert "range-has-high" in text
    assert "high-above-low" not in text
    assert "runs-forward" not in text


def test_numbers_that_a_database_keeps_as_text_have_no_check(tmp_path: Path) -> None:
    rows = ["a,0.1234567890123456789012,1,,,,,"]
    release = released(write(tmp_path / "p", rows), tmp_path / "release")
    with closing(sqlite3.connect(release / "p.sqlite")) as connection:
        [text] = connection.execute("SELECT sql FROM sqlite_master WHERE name = 't'").fetchone()
    assert "high-above-low" not in text
    assert "runs-forward" in text


def test_a_frame_of_pandas_is_judged() -> None:
    schema = parse_schema({"fields": FIELDS, "rules": RULES})
    frame = pd.DataFrame(
        {
            "low": [1.0, 2.0, None],
            "high": [2.0, 2.0, 1.0],
            "from": pd.to_datetime(["2020-01-02", "2020-01-02", "NaT"]),
            "to": pd.to_datetime(["2020-01-02", "2020-01-01", "2020-01-01"]),
            "kind": pd.array(["range", None, "x"], dtype="string"),
            "open": pd.array([True, False, None], dtype="boolean"),
            "many": pd.array([0, None, 1], dtype="Int64"),
        }
    )
    found = {rule.name: [*~broken_rule(rule, frame)] for rule in declared_rules(schema).rules}
    assert found == {
        "high-above-low": [True, False, True],
        "runs-forward": [True, False, True],
        "range-has-high": [True, True, True],
        "open-has-many": [False, True, True],
    }


def test_the_example_of_the_documentation_is_one() -> None:
    text = (ROOT / "docs" / "rules.md").read_text("utf-8")
    schema = parse_schema(json.loads(text.partition("```json\n")[2].partition("```")[0]))
    found = declared_rules(schema)
    assert [each.name for each in found.rules] == [
        "ends-after-start",
        "mean-within",
        "mean-has-range",
        "usual-range",
    ]


CHANGES = [
    (RULES[:3], [], "constraint-loosened", "minor"),
    (RULES[:3], RULES[:2], "constraint-loosened", "minor"),
    (RULES[:2], RULES[:3], "constraint-tightened", "major"),
    ([RULES[1]], [{**RULES[1], "expression": '"to" > "from"'}], "constraint-tightened", "major"),
    ([RULES[1]], [{**RULES[1], "severity": "warning"}], "constraint-loosened", "minor"),
    ([RULES[3]], [{**RULES[3], "severity": "error"}], "constraint-tightened", "major"),
    ([RULES[1]], [{**RULES[1], "message": "other words"}], "metadata-changed", "patch"),
    ([], [RULES[3]], "metadata-changed", "patch"),
    (RULES, RULES[::-1], None, "none"),
]


@pytest.mark.parametrize(("before", "after", "kind", "bump"), CHANGES)
def test_a_changed_rule_is_weighed(
    tmp_path: Path, before: Any, after: Any, kind: str | None, bump: str
) -> None:
    old = write(tmp_path / "old", [GOOD.format(1)], before)
    new = write(tmp_path / "new", [GOOD.format(1)], after)
    comparison = compare(read_package(old), read_package(new))
    assert comparison.bump.name == bump
    assert {each.kind for each in comparison.changes()} == ({kind} if kind else set())


def test_readers_see_the_rules(tmp_path: Path) -> None:
    rules = [{**RULES[0], "message@zh": "上限 {high} 不高于下限 {low} <b>"}, RULES[1]]
    package = write(tmp_path / "p", [GOOD.format(1)], rules)
    (tmp_path / "site").mkdir()
    release = released(package, tmp_path / "site" / "latest")
    releases = [{"version": "1.0.0", "date": "2026-01-01", "records": {"t": 1}, "changes": None}]
    write_site(tmp_path / "site", release, releases, {}, None)
    english, chinese = (
        (tmp_path / "site" / lang / "codebook.html").read_text("utf-8") for lang in ("en", "zh")
    )
    assert "the high high is not above the low low: <code>high &gt; low</code>" in english
    assert "上限 high 不高于下限 low &lt;b&gt;：<code>high &gt; low</code>" in chinese
    assert "<dt><code>runs-forward</code></dt>" in english
    [table] = json.loads((release / "csv-metadata.json").read_text("utf-8"))["tables"]
    assert [(each["dc:title"], each["rdf:value"]) for each in table["notes"]] == [
        ("high-above-low", "high > low"),
        ("runs-forward", '"to" >= "from"'),
    ]


CELLS = {
    "low": [
        "",
        "1",
        "1.50",
        "-0",
        "1e3",
        "nan",
        "INF",
        " 2",
        "x",
        "NA",
        "1_000",
        "１",
        "1e400",
        "sNaN",
    ],
    "high": ["", "2", "2.0", ".5", "+1", "-1", "NA", "0.1", "1,5", "0"],
    "from": ["", "2020-01-01", "2020-1-1", "2020-02-30", "NA", "2020-01-01 ", "2020-06-01"],
    "to": ["", "2020-01-02", "2019-12-31", "0999-01-01", "x", "2020-1-1"],
    "kind": ["", "range", "Range", "é", "中文", " range", "NA", "point"],
    "open": ["", "true", "TRUE", "1", "0", "maybe", "NA"],
    "many": [
        "",
        "1",
        "0",
        "-5",
        "007",
        "1.0",
        "9" * 25,
        "9" * 320,
        "9223372036854775808",
        "1_0",
        "x",
        "NA",
    ],
}
MANY_RULES = [
    "high > low",
    "high <> 2 OR low IS NULL",
    "high + low < 3 AND many < 5",
    "ABS(low - high) <= 1.5",
    "-low < many",
    "low BETWEEN 1 AND high",
    "many IN (0, 1)",
    "low IN (1.5, 1000)",
    "many / 2.0 < low",
    '"to" >= "from"',
    "\"from\" < '2020-06-01'",
    "kind IN ('range', 'point')",
    "kind < 'b' OR LENGTH(kind) = 2",
    "SUBSTR(kind, 1, 1) = 'r'",
    "COALESCE(kind, 'none') <> 'none'",
    "NOT open",
    "open = TRUE OR many > 0",
    "CASE WHEN open THEN many > 0 WHEN kind IS NULL THEN low > 1 ELSE high > 1 END",
    "COALESCE(high, many, 0.0) < 2",
    'many IS NOT NULL OR "to" IS NULL',
]
ROWS_OF_ALL_SORTS = st.lists(
    st.tuples(*(st.sampled_from(CELLS[str(each["name"])]) for each in FIELDS[1:])),
    min_size=1,
    max_size=30,
)


def written_otherwise(raw: dict[str, Any]) -> None:
    """Numbers with groups, and days of any form: what frames of text do not read themselves."""
    kinds = {"number": {"groupChar": ","}, "integer": {"groupChar": ","}, "date": {"format": "any"}}
    for each in raw["resources"][0]["schema"]["fields"]:
        each |= kinds.get(each["type"], {})


# One rule at a time: a row that may break one is asked them all.
@example([("", "", "2020-06-01", "2020-1-1", "", "", "")], '"to" >= "from"', [""], False)
@example([("", "0", "", "", "", "", "5")], "COALESCE(high, many, 0.0) < 2", ["0", ""], False)
@example([("sNaN", "1", "", "", "", "", "9" * 320)], "high + low < 3 AND many < 5", [""], False)
@example([("1.50", "1", "", "", "", "", "9" * 320)], "many / 2.0 < low", [""], False)
@example([("1.50", "1", "", "", "", "", "9" * 320)], "-low < many", [""], False)
@examples(18)
@given(
    ROWS_OF_ALL_SORTS,
    st.sampled_from(MANY_RULES),
    st.sampled_from([[""], ["", "NA"], ["NA", "0", "range"], []]),
    st.booleans(),
)
def test_frames_and_rows_come_to_the_same(
    tmp_path_factory: pytest.TempPathFactory,
    rows: list[tuple[str, ...]],
    rule: str,
    missing: list[str],
    is_odd: bool,
) -> None:
    folder = tmp_path_factory.mktemp("p")
    texts = [",".join(f'"{cell}"' for cell in (str(at), *row)) for at, row in enumerate(rows)]
    write(folder, texts, [{"name": "it", "expression": rule}], missingValues=missing)
    if is_odd:
        edit_json(folder / "datapackage.json", written_otherwise)
    found = []
    for size in (0, 2**18):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(fast_engine, "SMALL_BYTES", size)
            found.append(sorted(map(repr, validate(folder).findings)))
    assert found[0] == found[1]
    assert not [each for each in found[0] if "rule-error" in each]
