"""Descriptors that showed a fault once, and others of their kinds: ``faults/`` has the inputs."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from conftest import RunYcd
from packages import FAULTS, edit_json

from ycd_opendata.errors import DescriptorError
from ycd_opendata.validation.findings import Finding, Report
from ycd_opendata.validation.run import validate

Faulty = Callable[[str], Path]


@pytest.fixture
def faulty(tmp_path: Path) -> Faulty:
    """A copy of an input by its name, to change."""

    def copied(name: str) -> Path:
        return Path(shutil.copytree(FAULTS / name, tmp_path / name))

    return copied


def brief(findings: tuple[Finding, ...]) -> list[tuple[str, str, str | None, int | None]]:
    return [(each.severity, each.code, each.field, each.line) for each in findings]


def rows(report: Report) -> int:
    [layer] = [each for each in report.layers if each.name == "structure"]
    assert layer.ran
    return layer.rows


# --- keys of one's own ----------------------------------------------------------------------


@pytest.mark.parametrize("engine", ["fast", "frictionless"])
@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("k-package", {("misspelt-key", "contributor")}),
        ("k-field", {("misplaced-key", "unique"), ("misspelt-key", "rdfTypes")}),
        ("k-lang", set()),
    ],
)
def test_own_keys_are_lawful_and_block_nothing(
    name: str, told: set[tuple[str, str]], engine: str, ycd: RunYcd, tmp_path: Path
) -> None:
    report = validate(FAULTS / name, engine)
    assert report.valid
    assert rows(report) == 1
    assert {(each.code, each.field) for each in report.findings} == told
    assert ycd("build", FAULTS / name, "--out", tmp_path).code == 0


def test_misplaced_key_says_where_it_belongs() -> None:
    report = validate(FAULTS / "misplaced-keys")
    [finding] = report.findings
    assert (finding.code, finding.field, finding.severity) == (
        "misplaced-key",
        "primaryKey",
        "warning",
    )
    assert "not checked" in finding.message
    assert finding.hint == "it belongs in the schema: move it there"
    assert rows(report) == 2


@pytest.mark.parametrize("engine", ["fast", "frictionless"])
@pytest.mark.parametrize(
    ("change", "code", "home"),
    [
        (lambda raw: raw.update(missingValues=["-"]), "package-error", "schema of a resource"),
        (lambda raw: raw["resources"][0].update(missingValues=[""]), "resource-error", "schema"),
        (
            lambda raw: raw["resources"][0]["schema"]["fields"][0].update(required=True),
            "field-error",
            "constraints",
        ),
    ],
)
def test_misplaced_key_that_the_standard_refuses_hides_nothing(
    faulty: Faulty, change: Callable[[Any], Any], code: str, home: str, engine: str
) -> None:
    folder = faulty("k-lang")
    edit_json(folder / "datapackage.json", change)
    (folder / "t.csv").write_text("a,b\nx,x\n", "utf-8")
    first, second = validate(folder, engine).findings
    assert (first.code, first.severity) == (code, "error")
    assert first.hint == f"it belongs in the {home}: move it there"
    assert first.line is not None
    assert second.code == "type-error"


def test_each_part_that_does_not_keep_the_standard_is_told_with_its_place(faulty: Faulty) -> None:
    folder = faulty("k-lang")

    def edit(raw: Any) -> None:
        field = {"type": "integer"}
        fields = [{"name": "a"}, field]
        raw["resources"] = [
            {"name": "gone", "path": "t.csv", "schema": "none.json"},
            {"path": "t.csv"},
            {"name": "u", "path": "t.csv", "title": 5, "schema": {"fields": fields}},
            {"path": "t.csv", "schema": {"fields": [field]}},
        ]

    edit_json(folder / "datapackage.json", edit)
    lines = (folder / "datapackage.json").read_text("utf-8").splitlines()
    found = [each for each in validate(folder).findings if "the standard" in each.message]
    assert [each.message.partition(" does not")[0] for each in found] == [
        'resources[1] ("t.csv")',
        "resources[2].schema.fields[1]",
        'resources[2] ("u")',
        "resources[3].schema.fields[0]",
        'resources[3] ("t.csv")',
    ]
    assert [each.hint for each in found if "required" in each.message] == ['add "name" to it'] * 4
    numbers = [each.line or 0 for each in found]
    assert len({*numbers}) == 5
    assert '"title": 5' in lines[numbers[2] - 1]


@pytest.mark.parametrize("name", ["k-package", "k-field", "k-lang"])
def test_own_keys_cost_no_start(name: str) -> None:
    """A small validation is mostly its start, and a key of one's own adds nothing to it."""
    code = (
        "import sys\n"
        "from pathlib import Path\n"
        "from ycd_opendata.validation.run import validate\n"
        f"assert validate(Path({str(FAULTS / name)!r})).valid\n"
        "print(*({'yaml', 'requests', 'jsonschema', 'frictionless'} & sys.modules.keys()))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []


# --- profiles of one's own --------------------------------------------------------------------


def test_own_profile_is_beside_the_descriptor(
    faulty: Faulty, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    folder = faulty("profile-local")
    for here in (folder, tmp_path, Path("/")):
        monkeypatch.chdir(here)
        [finding] = validate(folder).findings
        assert finding.code == "package-error"
        assert "'funder' is a required property" in finding.message
        assert finding.line == 11
    edit_json(folder / "datapackage.json", lambda raw: raw.update(funder="x"))
    assert validate(folder).findings == ()


def test_release_names_no_profile_that_is_not_in_it(
    faulty: Faulty, ycd: RunYcd, tmp_path: Path
) -> None:
    folder = faulty("profile-local")

    def change(raw: dict[str, Any]) -> None:
        raw.update(funder="x")
        raw["resources"][0].update({"$schema": "p.json", "funder": "x"})

    edit_json(folder / "datapackage.json", change)
    assert ycd("build", folder, "--out", tmp_path / "out").code == 0
    assert "p.json" not in (tmp_path / "out/v1.0.0/datapackage.json").read_text("utf-8")


@pytest.mark.parametrize("key", ["profile", "$schema"])
@pytest.mark.parametrize("engine", ["fast", "frictionless"])
def test_own_profile_of_a_resource(faulty: Faulty, key: str, engine: str) -> None:
    folder = faulty("profile-local")

    def change(raw: dict[str, Any]) -> None:
        del raw["profile"]
        raw["resources"][0][key] = "p.json"

    edit_json(folder / "datapackage.json", change)
    [finding] = validate(folder, engine).findings
    assert (finding.code, finding.severity) == ("resource-error", "error")
    edit_json(folder / "datapackage.json", lambda raw: raw["resources"][0].update(funder="x"))
    assert validate(folder, engine).findings == ()


@pytest.mark.parametrize(
    ("key", "content", "severity"),
    [
        ("profile", None, "error"),
        ("$schema", None, "warning"),
        ("profile", '{"type": 5}', "warning"),
        ("profile", '{"$ref": "https://example.org/other.json"}', "warning"),
        ("profile", '{"properties": {"name": {"pattern": "["}}}', "warning"),
        ("profile", '{"properties": {"name": {"pattern": "^(t+r*y*)+!$"}}}', "error"),
    ],
)
def test_profile_that_cannot_be_checked_is_named(
    faulty: Faulty, key: str, content: str | None, severity: str
) -> None:
    folder = faulty("profile-local")
    (folder / "p.json").unlink()
    if content is not None:
        (folder / "p.json").write_text(content, "utf-8")
    edit_json(folder / "datapackage.json", lambda raw: raw.update({key: raw.pop("profile")}))
    [finding] = validate(folder).findings
    assert (finding.severity, finding.field) == (severity, key if content != "" else None) or (
        finding.field == "name"
    )
    assert "p.json" in finding.message + finding.hint


# --- JSON that is none, YAML ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "said", "line"),
    [
        ("nan-descriptor2", "line 12 column 3: NaN is no JSON (at bbox[0])", 12),
        ("dupkeys", 'line 20 column 2: the key "constraints" stands twice, first on line 19', 20),
        ("nuldesc", "a text holds a NUL character (at resources[0].schema.fields[1]", 24),
    ],
)
@pytest.mark.parametrize("command", ["validate", "build", "format", "tables", "cite"])
def test_no_json_is_refused_with_its_place(
    name: str, said: str, line: int, command: str, ycd: RunYcd
) -> None:
    result = ycd(command, FAULTS / name)
    assert result.code == 2
    assert said in result.err
    with pytest.raises(DescriptorError) as caught:
        validate(FAULTS / name)
    assert caught.value.line == line


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"fields": [{"name": "a", "name": "b"}]}', 'the key "name" stands twice'),
        ('{"fields": [{"name": "a", "example": NaN}]}', "NaN"),
        ('{"fields": [{"name": "a\\u0000"}]}', "NUL"),
    ],
)
@pytest.mark.parametrize("key", ["schema", "dialect"])
def test_no_json_in_a_schema_or_dialect_is_a_finding(
    faulty: Faulty, text: str, said: str, key: str
) -> None:
    folder = faulty("k-lang")
    (folder / "s.json").write_text(text, "utf-8")
    edit_json(folder / "datapackage.json", lambda raw: raw["resources"][0].update({key: "s.json"}))
    [finding] = validate(folder).findings
    assert (finding.code, finding.path, finding.line) == (f"{key}-error", "s.json", 1)
    assert finding.resource == "t"
    assert said in finding.message


@pytest.mark.parametrize(("name", "count"), [("yaml-descriptor", 1), ("yaml-schema", 2)])
@pytest.mark.parametrize("engine", ["fast", "frictionless"])
def test_yaml_is_read(faulty: Faulty, name: str, count: int, engine: str) -> None:
    folder = faulty(name)
    report = validate(folder, engine)
    assert report.findings == ()
    assert rows(report) == count
    (folder / "t.csv").write_text("a\nx\n", "utf-8")
    assert [each.code for each in validate(folder, engine).findings] == ["type-error"]


@pytest.mark.parametrize("command", ["tables", "cite", "build"])
def test_yaml_package_works_in_every_command(faulty: Faulty, ycd: RunYcd, command: str) -> None:
    folder = faulty("yaml-descriptor")
    with (folder / "datapackage.yaml").open("a", encoding="utf-8") as stream:
        stream.write("version: 1.0.0\ncreated: 2022-01-17T00:00:00Z\n")
    out = ["--out", folder / "out"] if command == "build" else []
    assert ycd(command, folder, *out).code == 0
    assert ycd("diff", folder, folder / "datapackage.yaml").code == 0


def test_findings_of_yaml_have_lines(faulty: Faulty) -> None:
    folder = faulty("yaml-descriptor")
    with (folder / "datapackage.yaml").open("a", encoding="utf-8") as stream:
        stream.write("titel: x\n")
    assert brief(validate(folder).findings) == [("warning", "misspelt-key", "titel", 9)]


def test_number_of_yaml_that_was_meant_as_a_text(faulty: Faulty) -> None:
    folder = faulty("yaml-descriptor")
    with (folder / "datapackage.yaml").open("a", encoding="utf-8") as stream:
        stream.write("version: 1.0\n")
    [finding] = validate(folder).findings
    assert (finding.code, finding.line) == ("package-error", 9)
    assert "put it in quotes" in finding.hint


def test_byte_order_mark_is_a_warning(faulty: Faulty) -> None:
    folder = faulty("k-lang")
    path = folder / "datapackage.json"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert brief(validate(folder).findings) == [("warning", "byte-order-mark", None, 1)]


# --- nulls ------------------------------------------------------------------------------------


def test_null_is_one_finding_with_its_place() -> None:
    report = validate(FAULTS / "descriptor-nulls")
    [finding] = report.findings
    assert finding.message.startswith("resources[0].description is null")
    assert (finding.line, finding.resource, finding.severity) == (15, "t", "error")
    # The data are checked all the same.
    assert rows(report) == 2


@pytest.mark.parametrize(
    ("change", "place"),
    [
        (lambda raw: raw.update(title=None), "title"),
        (lambda raw: raw.update(keywords=["a", None]), "keywords[1]"),
        (lambda raw: raw.update(licenses=[{"name": "x", "title": None}]), "licenses[0].title"),
        (lambda raw: raw["resources"][0].update(format=None), "resources[0].format"),
        (lambda raw: raw["resources"][0].update(name=None), "resources[0].name"),
        (
            lambda raw: raw["resources"][0]["schema"].update(missingValues=None),
            "resources[0].schema.missingValues",
        ),
        (
            lambda raw: raw["resources"][0]["schema"]["fields"][0].update(title=None),
            "resources[0].schema.fields[0].title",
        ),
        (
            lambda raw: raw["resources"][0]["schema"]["fields"][0].update(
                constraints={"pattern": None}
            ),
            "resources[0].schema.fields[0].constraints.pattern",
        ),
    ],
)
def test_nulls_elsewhere(faulty: Faulty, change: Callable[[Any], Any], place: str) -> None:
    folder = faulty("descriptor-nulls")

    def replace(raw: dict[str, Any]) -> None:
        del raw["resources"][0]["description"]
        change(raw)

    edit_json(folder / "datapackage.json", replace)
    findings = validate(folder).findings
    assert [each.message.partition(" is null")[0] for each in findings] == [place]
    assert findings[0].line is not None


@pytest.mark.parametrize(
    "change",
    [
        lambda raw: raw.update(resources=None),
        lambda raw: raw["resources"].append(None),
        lambda raw: raw["resources"][0].update(path=None),
        lambda raw: raw["resources"][0].update(schema=None),
        lambda raw: raw["resources"][0]["schema"].update(fields=None),
        lambda raw: raw["resources"][0]["schema"]["fields"].append(None),
        lambda raw: raw["resources"][0]["schema"].update(primaryKey=[None]),
        lambda raw: raw["resources"][0]["schema"].update(foreignKeys=[None]),
        lambda raw: raw["resources"][0]["schema"]["fields"][0].update(constraints=None),
        lambda raw: raw["resources"][0].update(dialect=None),
    ],
)
def test_null_where_something_is_needed_is_told_once(
    faulty: Faulty, change: Callable[[Any], Any]
) -> None:
    folder = faulty("k-lang")
    edit_json(folder / "datapackage.json", change)
    [finding] = validate(folder).findings
    assert "is null" in finding.message
    assert finding.severity == "error"


@pytest.mark.parametrize("profile", [["a"], 5, {}])
def test_profile_that_is_no_text(faulty: Faulty, profile: object) -> None:
    folder = faulty("k-lang")
    edit_json(folder / "datapackage.json", lambda raw: raw.update(profile=profile))
    [finding] = validate(folder).findings
    assert "is not of type 'string'" in finding.message


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ({"groupChar": [","]}, "'groupChar' of \"a\" is \"[',']\", where a text is expected"),
        ({"missingValues": [0]}, "where a list of texts is expected"),
        ({"missingValues": [{"name": "-"}]}, "where a list of texts is expected"),
        ({"constraints": {"enum": [1, {}]}}, "where a list of values is expected"),
    ],
)
def test_reading_that_is_said_in_another_kind_is_one_finding(
    faulty: Faulty, ycd: RunYcd, said: dict[str, Any], message: str
) -> None:
    """What reads cells by it would fail; frictionless lets some of it pass."""
    folder = faulty("k-lang")

    def say_so(raw: dict[str, Any]) -> None:
        raw["resources"][0]["schema"]["fields"][0].update(said, type="integer")

    edit_json(folder / "datapackage.json", say_so)
    [finding] = validate(folder).findings
    assert (finding.severity, finding.resource) == ("error", "t")
    assert message in finding.message
    assert finding.line is not None
    shown = ycd("show", "t", folder)
    assert (shown.code, shown.err.count(message)) == (2, 1)


def test_own_keys_of_the_same_name_and_another_kind_are_lawful(faulty: Faulty) -> None:
    folder = faulty("k-lang")

    def own(raw: dict[str, Any]) -> None:
        raw["resources"][0]["schema"]["fields"][1].update(groupChar=[1], categories=5)

    edit_json(folder / "datapackage.json", own)
    assert validate(folder).valid


def test_null_in_an_own_key_is_lawful(faulty: Faulty) -> None:
    folder = faulty("descriptor-nulls")

    def replace(raw: dict[str, Any]) -> None:
        del raw["resources"][0]["description"]
        raw.update(spatial=None)

    edit_json(folder / "datapackage.json", replace)
    assert validate(folder).findings == ()


# --- what cannot be checked -------------------------------------------------------------------


@pytest.mark.parametrize("engine", ["fast", "frictionless"])
def test_key_of_an_unknown_field_is_one_error_in_the_schema(engine: str) -> None:
    report = validate(FAULTS / "fk-nofield2", engine)
    assert brief(report.findings) == [("error", "schema-error", "ref", 43)]
    assert 'the table "a" has no field "nope"' in report.findings[0].message
    assert rows(report) == 6


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda raw: raw.update(primaryKey=["nope"]), 'primary key of "nope"'),
        (lambda raw: raw.update(primaryKey="nope"), 'primary key of "nope"'),
        (lambda raw: raw.update(uniqueKeys=[["id", "nope"]]), 'unique key of "id", "nope"'),
        (lambda raw: raw["foreignKeys"][0].update(fields=["nope"]), 'has no field "nope"'),
        (
            lambda raw: raw["foreignKeys"][0].update(reference={"resource": "z", "fields": ["id"]}),
            'there is no resource "z"',
        ),
        (
            lambda raw: raw["foreignKeys"][0].update(reference={"resource": "", "fields": ["no"]}),
            'the table has no field "no"',
        ),
        (
            lambda raw: raw["foreignKeys"][0].update(
                reference={"resource": "a", "fields": ["id", "k"]}
            ),
            "it has 1 fields, and refers to 2",
        ),
        (lambda raw: raw["foreignKeys"][0].update(reference="a"), "its reference is no object"),
        (
            lambda raw: raw["foreignKeys"][0].update(
                fields=[], reference={"resource": "a", "fields": []}
            ),
            "the foreign key of [] cannot be checked: it is no list of fields",
        ),
        (
            lambda raw: raw["fields"].append(
                {"name": "l", "type": "list", "constraints": {"unique": True}}
            ),
            'unique constraint of "l" cannot be checked: "l" is of type list',
        ),
    ],
)
@pytest.mark.parametrize("engine", ["fast", "frictionless"])
def test_other_keys_to_nowhere(
    faulty: Faulty, change: Callable[[Any], Any], said: str, engine: str
) -> None:
    folder = faulty("fk-nofield2")

    def replace(raw: dict[str, Any]) -> None:
        schema = raw["resources"][1]["schema"]
        schema["foreignKeys"][0]["reference"]["fields"] = ["id"]
        change(schema)

    edit_json(folder / "datapackage.json", replace)
    extra = ",l" if "of type list" in said else ""
    (folder / "b.csv").write_text(f"id,ref{extra}\n1,1{extra}\nx,1{extra}\n", "utf-8")
    report = validate(folder, engine)
    # The rest of the table is checked: a wrong cell is found.
    assert [each.code for each in report.findings] == ["schema-error", "type-error"]
    assert said in report.findings[0].message


def test_missing_file_is_missing() -> None:
    [finding] = validate(FAULTS / "missing-parquet").findings
    assert (finding.code, finding.resource) == ("scheme-error", "t")
    assert finding.message == 'the file "t.parquet" is missing'


@pytest.mark.parametrize("engine", ["fast", "frictionless"])
@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("gone.csv", "scheme-error"),
        ("gone.parquet", "scheme-error"),
        ("https://example.org/a.csv", "resource-error"),
        ("../a.csv", "resource-error"),
    ],
)
def test_one_unreadable_table_does_not_hide_the_others(
    faulty: Faulty, path: str, code: str, engine: str
) -> None:
    folder = faulty("fk-nofield2")

    def replace(raw: dict[str, Any]) -> None:
        raw["resources"][0]["path"] = path
        raw["resources"][1]["schema"]["foreignKeys"][0]["reference"]["fields"] = ["id"]

    edit_json(folder / "datapackage.json", replace)
    (folder / "b.csv").write_text("id,ref\n1,1\nx,1\n", "utf-8")
    report = validate(folder, engine)
    assert [(each.code, each.resource) for each in report.findings] == [
        (code, "a"),
        ("type-error", "b"),
    ]
    [layer] = [each for each in report.layers if each.name == "structure"]
    assert layer.skipped == ("b: references to a, which cannot be read",)


def test_case_of_a_file_name_is_told(faulty: Faulty) -> None:
    folder = faulty("k-lang")
    edit_json(folder / "datapackage.json", lambda raw: raw["resources"][0].update(path="T.csv"))
    findings = validate(folder).findings
    assert [each.hint for each in findings] == ['there is "t.csv": correct the path']


def test_report_of_a_package_with_all_of_it_is_json(ycd: RunYcd) -> None:
    for folder in sorted(FAULTS.iterdir()):
        if folder.is_dir():
            result = ycd("validate", folder, "--format", "json")
            assert result.code == 2 or json.loads(result.out)["layers"]
