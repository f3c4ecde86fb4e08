"""Small inputs that were told of in a sentence that misled, or formatted into something else."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from conftest import RunYcd
from packages import FAULTS, describe

from ycd_opendata.validation.findings import Finding
from ycd_opendata.validation.run import validate


@pytest.fixture
def fault(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A copy of the fault that the test names."""
    return Path(shutil.copytree(FAULTS / request.param, tmp_path / request.param))


@pytest.mark.parametrize("fault", ["intkey"], indirect=True)
def test_a_key_that_is_no_number_is_sorted_as_text(ycd: RunYcd, fault: Path) -> None:
    assert ycd("format", fault).code == 0
    assert (fault / "t.csv").read_text("utf-8") == "a,b\n3,y\n--5,x\n"
    assert "--5" in ycd("validate", fault).out


@pytest.mark.parametrize("fault", ["csvddf"], indirect=True)
def test_a_table_with_its_own_delimiter_is_formatted_and_not_passed_over(
    ycd: RunYcd, fault: Path
) -> None:
    (fault / "t.csv").write_text("id;name\n2;y\n1;x\n", "utf-8")
    assert ycd("format", fault, "--check").code == 1
    assert ycd("format", fault).out == "wrote t.csv\n1 file changed\n"
    assert (fault / "t.csv").read_text("utf-8") == "id;name\n1;x\n2;y\n"


@pytest.mark.parametrize("fault", ["unclosed2"], indirect=True)
def test_a_quote_that_swallows_rows_is_not_made_permanent(ycd: RunYcd, fault: Path) -> None:
    before = (fault / "t.csv").read_bytes()
    result = ycd("format", fault)
    assert result.code == 2
    assert "line 2" in result.err
    assert (fault / "t.csv").read_bytes() == before


# --- sentences that misled --------------------------------------------------------------------


def found(
    folder: Path, schema: dict[str, Any], text: str | None = None, **more: Any
) -> list[Finding]:
    """The findings of a package of one table."""
    resource: dict[str, Any] = {"name": "t", "type": "table", "schema": schema} | more
    if text is not None:
        resource["path"] = "t.csv"
        (folder / "t.csv").write_text(text, "utf-8")
    describe(folder, [resource], name="sentences")
    return list(validate(folder).findings)


NUMBER = {"name": "a", "type": "number"}


@pytest.mark.parametrize("form", ["csv", "json", "xlsx", "nonsense"])
def test_inline_rows_are_in_no_file(tmp_path: Path, form: str) -> None:
    [finding] = found(tmp_path, {"fields": [NUMBER]}, data=[{"a": 1}], format=form)
    assert finding.path == "datapackage.json"
    assert finding.message == (
        'the rows stand in the descriptor itself, and "format" says how a file is read'
    )
    assert finding.hint == 'leave "format" out'
    assert found(tmp_path, {"fields": [NUMBER]}, data=[{"a": 1}]) == []


def test_data_that_is_no_list_is_no_table(tmp_path: Path) -> None:
    [finding] = found(tmp_path, {"fields": [NUMBER]}, data={"a": 1})
    assert finding.message == "the data in the descriptor is no list of rows"
    describe(tmp_path, [{"name": "t", "data": {"a": 1}}], name="sentences")
    assert validate(tmp_path).findings == ()


@pytest.mark.parametrize("type_", ["integer", "number"])
def test_a_number_whose_plain_form_means_missing_is_not_to_be_written_so(
    tmp_path: Path, type_: str
) -> None:
    fields = [{"name": "a", "type": type_}]
    [odd] = found(tmp_path, {"fields": fields, "missingValues": ["", "-99"]}, "a\n-9_9\n")
    assert odd.hint == "written plainly it is -99, which means missing here: change one of the two"
    [odd] = found(tmp_path, {"fields": fields}, "a\n-9_9\n")
    assert odd.hint == "write it as -99"


@pytest.mark.parametrize(
    "key",
    [
        {"fields": ["a"], "reference": None},
        {"fields": None, "reference": {"resource": "", "fields": ["a"]}},
        {"fields": ["a"], "reference": {"resource": "", "fields": None}},
        {"fields": ["a"], "reference": {"resource": None, "fields": ["a"]}},
        {"fields": [None], "reference": {"resource": "", "fields": ["a"]}},
        None,
    ],
)
def test_a_null_in_a_foreign_key_is_told_once(tmp_path: Path, key: Any) -> None:
    [finding] = found(tmp_path, {"fields": [NUMBER], "foreignKeys": [key]}, "a\n1\n")
    assert "is null, which the standard does not have" in finding.message


def test_a_hidden_character_in_a_name_is_told(tmp_path: Path) -> None:
    fields = [
        {"name": "a\u00ad", "type": "number"},
        {
            "name": "b",
            "title": "Two\u200bwords",
            "type": "string",
            "categories": [{"value": "x"}, {"value": "y\u202e"}],
        },
    ]
    names = found(tmp_path, {"fields": fields}, "a\u00ad,b\n1,x\n")
    assert {(each.code, each.severity, each.field) for each in names} == {
        ("untidy-text", "warning", "name"),
        ("untidy-text", "warning", "title"),
        ("untidy-text", "warning", "value"),
    }
    assert "U+00AD (SOFT HYPHEN), which nobody sees" in names[0].message
    assert names[0].message.startswith("name of resources[0].schema.fields[0]: ")


def test_a_hidden_character_in_a_label_is_told(tmp_path: Path) -> None:
    [label] = found(tmp_path, {"fields": [NUMBER]}, "a\u00ad\n1\n")
    assert label.code == "incorrect-label"
    assert "U+00AD (SOFT HYPHEN), which nobody sees" in label.message
    [label] = found(tmp_path, {"fields": [NUMBER]}, "b\n1\n")
    assert "nobody sees" not in label.message


@pytest.mark.parametrize("name", [None, ""])
def test_a_table_without_a_name_is_not_built(ycd: RunYcd, tmp_path: Path, name: str | None) -> None:
    more = {} if name is None else {"name": name}
    found(tmp_path, {"fields": [NUMBER]}, "a\n1\n", **more)
    raw = json.loads((tmp_path / "datapackage.json").read_text("utf-8"))
    raw |= {"version": "1.0.0", "created": "2022-01-17T00:00:00Z"}
    if name is None:
        del raw["resources"][0]["name"]
    (tmp_path / "datapackage.json").write_text(json.dumps(raw), "utf-8")
    assert ycd("validate", tmp_path).code == 1
    assert ycd("validate", tmp_path, "--engine", "frictionless").code == 1
    assert ycd("build", tmp_path, "--out", tmp_path / "out").code == 1
    assert not (tmp_path / "out").exists()
