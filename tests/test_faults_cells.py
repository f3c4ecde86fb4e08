"""What was reported of single cells, each as the smallest package that shows it."""

from __future__ import annotations

import json
import os
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from conftest import RunYcd
from packages import FAULTS, edit_json
from sites import released

from ycd_opendata.loader.frames import read_pandas
from ycd_opendata.package.model import Package, Resource
from ycd_opendata.package.reading import read_package
from ycd_opendata.package.tables.text_encoding import first_broken_byte
from ycd_opendata.validation.findings import Finding, Report
from ycd_opendata.validation.reports import written
from ycd_opendata.validation.reports.excerpt import read_excerpts
from ycd_opendata.validation.run import validate
from ycd_opendata.validation.structure.fast.planning.plan import EXTENSIONS
from ycd_opendata.versioning.comparing import read_values


def copied(name: str, folder: Path) -> Path:
    """A copy of a fault's package, so that nothing is left in ours."""
    return Path(shutil.copytree(FAULTS / name, folder / name))


def table(folder: Path) -> tuple[Package, Resource]:
    package = read_package(folder)
    return package, package.resources[0]


def test_the_missing_values_of_a_field_are_its_own(tmp_path: Path) -> None:
    """``field-missing``: they were unknown to CSVW, diff and loader."""
    source = copied("field-missing", tmp_path)
    assert validate(source).valid
    assert read_pandas(*table(source))["b"].isna().tolist() == [True, False, True]
    release = released(source, tmp_path / "release")
    assert [each["b"] for each in json.loads((release / "json/t.json").read_text("utf-8"))] == [
        None,
        5,
        None,
    ]
    [described] = json.loads((release / "csv-metadata.json").read_text("utf-8"))["tables"]
    assert described["null"] == [""]
    assert [each.get("null") for each in described["tableSchema"]["columns"]] == [None, ["", "-99"]]
    edit_json(
        source / "datapackage.json",
        lambda raw: raw["resources"][0]["schema"].update(primaryKey="a"),
    )
    assert read_values(*table(source))["b"].to_list() == [None, "5", None]


def test_labelled_missing_values_of_a_field(tmp_path: Path) -> None:
    source = copied("field-missing", tmp_path)

    def label(raw: dict[str, Any]) -> None:
        raw["$schema"] = "https://datapackage.org/profiles/2.0/datapackage.json"
        listed = [{"value": "", "label": "unknown"}, {"value": "-99", "label": "refused"}]
        raw["resources"][0]["schema"]["fields"][1]["missingValues"] = listed

    edit_json(source / "datapackage.json", label)
    assert validate(source).valid
    assert read_pandas(*table(source))["b"].isna().tolist() == [True, False, True]


def findings(source: Path, engine: str = "fast") -> list[tuple[str, int | None, str | None]]:
    return [(each.code, each.row, each.value) for each in validate(source, engine).findings]


def found(source: Path, code: str) -> Finding:
    return next(each for each in validate(source).findings if each.code == code)


def fields_of(source: Path, **changes: Any) -> None:
    """Change the first field of a package's only table."""
    edit_json(
        source / "datapackage.json",
        lambda raw: raw["resources"][0]["schema"]["fields"][0].update(changes),
    )


def test_a_pattern_matches_the_whole_cell(tmp_path: Path) -> None:
    """``alternation``: ``yes|no`` let ``yesterday`` through."""
    source = copied("alternation", tmp_path)
    assert findings(source) == [("pattern-not-whole", 2, "yesterday")]
    assert "a part" in found(source, "pattern-not-whole").message
    assert not validate(source).valid
    assert findings(source, "frictionless") == []
    (source / "t.csv").write_text("a,b\n1,yes\n2,no\n3,maybe\n", "utf-8")
    assert findings(source) == [("constraint-error", 4, "maybe")]


@pytest.mark.parametrize(
    ("pattern", "good", "bad"),
    [("(?i)yes", "YES", "yesterday"), (r"\p{L}+", "été", "1"), (r"\p{Lu}\p{Ll}*|x", "Ab", "ab")],
)
def test_patterns_that_frictionless_cannot_read(
    tmp_path: Path, pattern: str, good: str, bad: str
) -> None:
    source = copied("alternation", tmp_path)
    edit_json(
        source / "datapackage.json",
        lambda raw: raw["resources"][0]["schema"]["fields"][1].update(
            constraints={"pattern": pattern}
        ),
    )
    (source / "t.csv").write_text(f"a,b\n1,{good}\n2,{bad}\n", "utf-8")
    assert findings(source) == [("constraint-error", 3, bad)]
    assert [code for code, *_ in findings(source, "frictionless")] == ["package-error"]


def test_a_pattern_that_nobody_reads_is_named(tmp_path: Path) -> None:
    source = copied("alternation", tmp_path)
    edit_json(
        source / "datapackage.json",
        lambda raw: raw["resources"][0]["schema"]["fields"][1].update(
            constraints={"pattern": r"\i\c*", "minLength": 3}
        ),
    )
    assert findings(source) == [("constraint-error", 3, "no")]
    assert skipped(source) == [r"t: the pattern \i\c* of b, which no engine here reads"]


def skipped(source: Path) -> list[str]:
    [layer] = [each for each in validate(source).layers if each.name == "structure"]
    return [*layer.skipped]


def test_categories_of_whole_numbers(tmp_path: Path) -> None:
    """``cat-int2``: they were not checked, and nothing said so."""
    source = copied("cat-int2", tmp_path)
    assert findings(source) == [("category-unknown", 3, "7")]
    assert found(source, "category-unknown").hint == "use one of: 1, 2"
    # By value, not by text.
    (source / "b.csv").write_text("x,y\n01,a\n+2,b\n007,c\nx,d\n,e\n", "utf-8")
    assert findings(source) == [("category-unknown", 4, "007"), ("type-error", 5, "x")]
    fields_of(source, categories=[1, 2], constraints={"enum": [1]})
    (source / "b.csv").write_text("x,y\n1,a\n2,b\n", "utf-8")
    assert findings(source) == [("constraint-error", 3, "2")]
    fields_of(source, categories=[2], constraints={"enum": [1, 2]})
    assert findings(source) == [("category-unknown", 2, "1")]


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"type": "number"}, "b: the categories of x, which is of type number"),
        ({"categories": [1, "x"]}, "b: the categories of x, of which not each has a value"),
        ({"categories": "1"}, "b: the categories of x, of which not each has a value"),
    ],
)
def test_categories_that_cannot_be_checked_are_named(
    tmp_path: Path, changes: dict[str, Any], why: str
) -> None:
    source = copied("cat-int2", tmp_path)
    fields_of(source, **changes)
    assert skipped(source) == [why]


def test_odd_notation_is_named(tmp_path: Path) -> None:
    """``uscore``: frictionless reads it, other software refuses it."""
    source = copied("uscore", tmp_path)
    assert validate(source).valid
    assert findings(source) == [
        ("odd-notation", 2, "1_000"),
        ("odd-notation", 2, "1_0.5"),
        ("odd-notation", 2, "2022-1-5"),
        ("odd-notation", 3, "１２"),
        ("odd-notation", 3, "１２.５"),
    ]
    assert found(source, "odd-notation").hint == "write it as 1000"
    assert findings(source, "frictionless") == []
    (source / "t.csv").write_text("i,n,d\n+1000,.5,2022-01-05\n007,1e5,2022-12-31\n", "utf-8")
    assert findings(source) == []


def test_hidden_characters_by_their_category(tmp_path: Path) -> None:
    """``hidden``: mojibake passed."""
    source = copied("hidden", tmp_path)
    # A no-break space inside of a text is seen, as white space is.
    rows = [row for code, row, _ in findings(source) if code == "untidy-text"]
    assert rows == [2, 3, 4, 5, 6, 7, 9, 10, 11]
    assert "U+202E" in found(source, "untidy-text").message
    assert validate(source).valid
    (source / "t.csv").write_text("id,name\n1,می\u200cخواهم\n2,👩\u200d💻\n", "utf-8")
    assert findings(source) == []


def test_lists_are_counted_in_items(tmp_path: Path) -> None:
    """``minlen-list``."""
    source = copied("minlen-list", tmp_path)
    assert findings(source) == [("constraint-error", 2, "a,b")]
    assert found(source, "constraint-error").message == "2 items are too few"
    fields_of(source, type="array")
    (source / "b.csv").write_text('x,y\n"[1, [2, 3]]",a\n', "utf-8")
    assert found(source, "constraint-error").message == "2 items are too few"
    fields_of(source, type="object", constraints={"maxLength": 0})
    (source / "b.csv").write_text('x,y\n"{""a"": 1}",a\n', "utf-8")
    assert found(source, "constraint-error").message == "1 property is too many"


def test_a_key_of_another_type_is_not_empty(tmp_path: Path) -> None:
    """``key-part-typeerror``: a false ``key-part-missing`` a row."""
    source = copied("key-part-typeerror", tmp_path)
    assert findings(source) == [("type-error", 2, "x1"), ("type-error", 3, "x2")]
    assert [each.key for each in validate(source).findings] == ["x1, p", "x2, q"]
    (source / "t.csv").write_text('a,b\nx1,p\n,q\n"1\n",\n3,p\n3,p\n', "utf-8")
    assert findings(source) == [
        ("type-error", 2, "x1"),
        ("key-part-missing", 3, ", q"),
        ("odd-notation", 4, "1\n"),
        ("key-part-missing", 4, "1, "),
        ("primary-key", 6, "3, p"),
    ]
    edit_json(
        source / "datapackage.json",
        lambda raw: raw["resources"][0]["schema"].update(primaryKey="a"),
    )
    (source / "t.csv").write_text("a,b\nx1,p\n", "utf-8")
    assert found(source, "primary-key").message == 'the primary key "x1" has no value'


def test_group_characters_of_whole_numbers(tmp_path: Path) -> None:
    source = copied("cat-int2", tmp_path)
    fields_of(source, groupChar=" ", categories=[1000, 2])
    (source / "b.csv").write_text("x,y\n1 000,a\n2,b\n1 00x,c\n", "utf-8")
    assert findings(source) == [("type-error", 4, "1 00x")]
    [notes] = [layer.notes for layer in validate(source).layers if layer.name == "structure"]
    assert notes == ("b: x is read with its groupChar, which frictionless does not know",)


def test_a_json_schema_of_a_field(tmp_path: Path) -> None:
    """``jsonschema2``: frictionless does not know the constraint, and refuses the descriptor."""
    source = copied("jsonschema2", tmp_path)
    assert findings(source) == [("json-schema", 2, '{"a": "q"}')]
    assert found(source, "json-schema").hint == "['a']: 'q' is not of type 'integer'"
    assert findings(source, "frictionless") == []
    (source / "b.csv").write_text('x,y\n"{""a"": 1}",a\n{},b\n,c\n[],d\n', "utf-8")
    assert findings(source) == [("type-error", 5, "[]")]
    fields_of(source, type="array", constraints={"jsonSchema": {"items": {"enum": [1]}}})
    (source / "b.csv").write_text('x,y\n"[1, 1]",a\n"[1, 2]",b\n', "utf-8")
    assert findings(source) == [("json-schema", 3, "[1, 2]")]
    assert found(source, "json-schema").hint == "[1]: 2 is not one of [1]"
    fields_of(source, constraints={"jsonSchema": {"$ref": "#"}})
    assert found(source, "json-schema").hint == "its JSON Schema refers to itself without end"


def test_version_1_has_no_json_schema(tmp_path: Path) -> None:
    source = copied("jsonschema2", tmp_path)
    edit_json(source / "datapackage.json", _of_version_1)
    assert {code for code, *_ in findings(source)} == {"field-error"}


def _of_version_1(raw: dict[str, Any]) -> None:
    del raw["$schema"], raw["resources"][0]["schema"]["$schema"]


@pytest.mark.parametrize(
    ("schema", "why"),
    [
        ({"$ref": "https://example.org/a.json"}, "the jsonSchema of x, which refers to https:"),
        ({"items": {"$ref": "other.json#/a"}}, "the jsonSchema of x, which refers to other.json"),
    ],
)
def test_a_json_schema_that_cannot_be_checked_is_named(
    tmp_path: Path, schema: dict[str, Any], why: str
) -> None:
    source = copied("jsonschema2", tmp_path)
    fields_of(source, constraints={"jsonSchema": schema})
    [said] = skipped(source)
    assert said.startswith(f"b: {why}")


def test_what_frictionless_does_not_check_is_named(tmp_path: Path) -> None:
    source = copied("cat-int2", tmp_path)
    report = validate(source, "frictionless")
    assert report.valid
    [layer] = [each for each in report.layers if each.name == "structure"]
    assert layer.skipped == ("b: the categories of x, which frictionless does not check",)


@pytest.mark.parametrize("schema", [{"type": "nonsense"}, {"properties": 1}])
def test_a_broken_json_schema_is_one_error(tmp_path: Path, schema: dict[str, Any]) -> None:
    source = copied("jsonschema2", tmp_path)
    fields_of(source, constraints={"jsonSchema": schema})
    assert findings(source) == [("check-impossible", None, None)]


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (b'id,n\n1,"a\rb"\n2,c\nx,d\n', 5),
        (b'id,n\r\n1,"a\nb"\r\nx,d\r\n', 4),
        (b'id,n\r1,"a\r\nb"\rx,d\r', 4),
        ('id,n\n1,"a\u2028b\x0bc\x85"\nx,d\n'.encode(), 3),
    ],
)
@pytest.mark.parametrize("engine", ["fast", "frictionless"])
def test_lines_are_those_of_an_editor(
    tmp_path: Path, ycd: RunYcd, content: bytes, line: int, engine: str
) -> None:
    """``cr-in-cell``: the line was another, and the excerpt showed another record."""
    source = copied("cr-in-cell", tmp_path)
    (source / "t.csv").write_bytes(content)
    [finding] = [each for each in validate(source, engine).findings if each.code == "type-error"]
    assert finding.line == line
    shown = ycd("validate", str(source), "--engine", engine).out
    assert f"t.csv:{line} id (x)" in shown or f"t.csv:{line} id: error type-error" in shown
    assert f"    {line} │ x,d\n" in shown


def test_a_line_end_between_two_chunks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ycd_opendata.validation.reports.excerpt._CHUNK", 5)
    source = copied("cr-in-cell", tmp_path)
    (source / "t.csv").write_bytes(b"id,n\r\n1,b\r\n2,cd\r\nx,d\r\n")
    report = validate(source)
    [found_lines] = read_excerpts(source, report.findings).values()
    assert (found_lines.line, found_lines.text) == (4, "x,d")


FORMATS = ("text", "github", "junit", "sarif", "markdown")


@pytest.mark.parametrize("name", FORMATS)
def test_a_finding_without_a_line_says_its_row(name: str) -> None:
    text = written(_report(Finding(row=7, line=None, **SOME)), name)
    assert "row 7" in text
    assert "row 7" not in written(_report(Finding(row=7, line=8, **SOME)), name)


@pytest.mark.parametrize("name", ["github", "sarif"])
@pytest.mark.parametrize("here", [".", "data", "data/package", ".."])
def test_paths_are_from_the_top_of_the_repository(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, here: str
) -> None:
    folder = tmp_path / "repository/data/package"
    folder.mkdir(parents=True)
    (tmp_path / "repository/.git").write_text("gitdir: elsewhere", "utf-8")
    monkeypatch.chdir(tmp_path / "repository" / here)
    text = written(_report(Finding(line=2, **SOME), os.path.relpath(folder)), name)
    path = "data/package/t.csv"
    assert f"file={path}," in text or f'"uri": "{path}"' in text


def test_outside_of_a_repository_paths_are_from_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "package").mkdir()
    monkeypatch.chdir(tmp_path)
    text = written(_report(Finding(line=2, **SOME), "package"), "github")
    assert "file=package/t.csv," in text


SOME: dict[str, Any] = {
    "code": "some-code",
    "severity": "error",
    "path": "t.csv",
    "message": "wrong",
    "hint": "mend it",
}


def _report(finding: Finding, root: str = ".") -> Report:
    return Report("made-up", "1.0.0", "fast", root, (), (finding,))


@pytest.mark.parametrize("rows", [1, 20_000])
@pytest.mark.parametrize("engine", ["fast", "frictionless"])
def test_an_encoding_error_says_byte_and_line(tmp_path: Path, rows: int, engine: str) -> None:
    source = copied("cr-in-cell", tmp_path)
    edit_json(source / "datapackage.json", lambda raw: raw["resources"][0].update(encoding="utf-8"))
    good = "id,n\r\n" + "1,长\r\n" * rows
    (source / "t.csv").write_bytes(good.encode() + b"2,a\xe9b\r\n3,c\r\n")
    [finding] = validate(source, engine).findings
    assert finding.code == "encoding-error"
    assert finding.line == rows + 2
    assert f"(byte {len(good.encode()) + 3:,} is 0xe9)" in finding.message


def test_a_broken_byte_in_any_encoding(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ycd_opendata.package.tables.text_encoding._CHUNK", 3)
    path = tmp_path / "t.csv"
    for encoding in ("utf-8", "gb18030", "utf-16-le"):
        good = "长a\r\nb\rc\nd".encode(encoding)
        path.write_bytes(good)
        assert first_broken_byte(path, encoding) is None
        path.write_bytes(good + b"\xff\xdc\xff\xff" if "16" in encoding else good + b"\xff")
        broken = first_broken_byte(path, encoding)
        assert broken == (len(good), 4, 0xFF)


def test_every_difference_from_frictionless_is_documented() -> None:
    text = (FAULTS.parent.parent / "docs" / "validating.md").read_text("utf-8")
    said = re.findall(r"^\| `([a-z-]+)` \| (error|warning) \|", text, re.MULTILINE)
    assert said == sorted(EXTENSIONS.items())


@pytest.mark.parametrize(("pattern", "said"), [("yes|no", "^(?:yes|no)$"), ("(?i)yes|no", None)])
def test_a_release_asks_for_the_whole_cell_too(
    tmp_path: Path, pattern: str, said: str | None
) -> None:
    source = copied("alternation", tmp_path)
    constraints = {"pattern": pattern}
    edit_json(
        source / "datapackage.json",
        lambda raw: raw["resources"][0]["schema"]["fields"][1].update(constraints=constraints),
    )
    (source / "t.csv").write_text("a,b\n1,yes\n2,no\n", "utf-8")
    assert validate(source).valid
    release = released(source, tmp_path / "release")
    schema = json.loads((release / "schemas/t.schema.json").read_text("utf-8"))
    assert schema["items"]["properties"]["b"].get("pattern") == said
    [described] = json.loads((release / "csv-metadata.json").read_text("utf-8"))["tables"]
    datatype = described["tableSchema"]["columns"][1]["datatype"]
    assert (datatype if isinstance(datatype, dict) else {}).get("format") == said
