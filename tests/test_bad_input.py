"""Whatever the command line is handed, it answers with findings or one line, no traceback."""

from __future__ import annotations

import csv
import json
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from conftest import RunYcd
from odd_package import write_odd
from packages import SMALL, describe, edit_json, with_references, write_small

TARGETS = "data/targets.csv"
NEEDED = with_references("targets") | with_references("outcomes")


@pytest.fixture
def ours(tmp_path: Path) -> Path:
    """The small package with our rules."""
    return write_small(tmp_path / "ours")


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """Half of its tables without our rules: most of this needs no more; the form stays ours."""
    folder = tmp_path / "small"
    write_small(folder, {name: SMALL[name] for name in SMALL if name in NEEDED})
    edit_json(folder / "datapackage.json", lambda raw: raw.update(name="bad"))
    return folder


def findings(ycd: RunYcd, folder: Path) -> list[tuple[str, str, int | None]]:
    """Code, resource and line of each finding; the exit code is 1."""
    result = ycd("validate", folder, "--format", "json")
    assert result.code == 1
    assert result.err == ""
    report = json.loads(result.out)
    assert report["valid"] is False
    return [(each["code"], each["resource"], each["line"]) for each in report["findings"]]


def change_bytes(folder: Path, change: Callable[[bytes], bytes]) -> None:
    path = folder / TARGETS
    path.write_bytes(change(path.read_bytes()))


def set_resource(folder: Path, **properties: Any) -> None:
    """Change the descriptor of the table of targets."""
    edit_json(
        folder / "datapackage.json",
        lambda raw: next(r for r in raw["resources"] if r["name"] == "targets").update(properties),
    )


# --- what cannot be read at all: one line, exit 2 -------------------------------------------


def refused(ycd: RunYcd, *arguments: str | Path) -> str:
    result = ycd(*arguments)
    assert result.code == 2
    assert result.out == ""
    first, *rest = result.err.splitlines()
    assert first.startswith("ycd: ")
    assert len(rest) <= 1
    return result.err


@pytest.mark.parametrize("command", ["validate", "format", "build"])
def test_missing_package(ycd: RunYcd, tmp_path: Path, command: str) -> None:
    assert "no such file or folder" in refused(ycd, command, tmp_path / "nowhere")


@pytest.mark.parametrize("command", ["validate", "format", "build"])
def test_folder_without_package(ycd: RunYcd, tmp_path: Path, command: str) -> None:
    assert "has no datapackage.json" in refused(ycd, command, tmp_path)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b'{"name": "x",\n "resources": [,]}', "broken JSON, line 2"),
        (b"", "broken JSON, line 1"),
        (b"[]", "holds a JSON list"),
        (b'"text"', "holds a JSON text"),
        ('{"name": "长三角"}'.encode("gb18030"), "is not UTF-8"),
        (b"[" * 100_000, "cannot be read as JSON"),
        (b'{"a":' * 100_000, "cannot be read as JSON"),
        (b"1" * 10_000, "cannot be read as JSON"),
    ],
)
def test_unreadable_descriptor(ycd: RunYcd, tmp_path: Path, content: bytes, said: str) -> None:
    (tmp_path / "datapackage.json").write_bytes(content)
    assert said in refused(ycd, "validate", tmp_path)


def test_bad_usage(ycd: RunYcd) -> None:
    assert ycd("validate", "--format", "yaml").code == 2
    assert ycd("validate", "--max-findings", "-1").code == 2
    assert ycd("no-such-command").code == 2


def test_misspelt_command(ycd: RunYcd) -> None:
    result = ycd("valdate")
    assert result.code == 2
    assert result.err.count("Did you mean 'validate'?") == 1


def test_a_command_like_no_other(ycd: RunYcd) -> None:
    result = ycd("xyzzy")
    assert result.code == 2
    assert "No such command 'xyzzy'." in result.err
    assert "Did you mean" not in result.err


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_an_interrupted_command(
    ycd: RunYcd, small: Path, monkeypatch: pytest.MonkeyPatch, number: int, code: int
) -> None:
    monkeypatch.setattr(
        "ycd_opendata.validation.run.validate_descriptor",
        lambda *_, **__: signal.raise_signal(number),
    )
    before = signal.getsignal(signal.SIGTERM)
    try:
        result = ycd("validate", small)
    finally:
        signal.signal(signal.SIGTERM, before)
    assert (result.code, result.out, result.err) == (code, "", "")


def test_output_into_a_missing_folder(ycd: RunYcd, small: Path, tmp_path: Path) -> None:
    assert "No such file" in refused(ycd, "validate", small, "--output", tmp_path / "no" / "r.txt")


def codes(ycd: RunYcd, folder: Path) -> list[tuple[str, str]]:
    return [(code, resource) for code, resource, _ in findings(ycd, folder)]


# --- descriptors that do not follow the standard: findings, exit 1 --------------------------


@pytest.mark.parametrize(
    "path", ["../targets.csv", "/etc/passwd", "data/../../x.csv", "~/x", "C:\\x.csv", "..\\x", ""]
)
def test_path_that_leaves_the_package(ycd: RunYcd, tiny: Path, path: str) -> None:
    edit_json(tiny / "datapackage.json", lambda raw: raw["resources"][0].update(path=path))
    assert codes(ycd, tiny) == [("resource-error", "domains")]
    assert "is refused" in ycd("validate", tiny).out


def test_link_that_leaves_the_package(ycd: RunYcd, small: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside.csv"
    (small / TARGETS).rename(outside)
    (small / TARGETS).symlink_to(outside)
    assert codes(ycd, small) == [("resource-error", "targets")]


def test_schema_path_that_leaves_the_package(ycd: RunYcd, small: Path) -> None:
    set_resource(small, schema="../schema.json")
    assert codes(ycd, small) == [("resource-error", "targets")]


def test_missing_schema(ycd: RunYcd, small: Path) -> None:
    (small / "schemas/targets.json").unlink()
    assert findings(ycd, small) == [("schema-error", "targets", None)]


def test_broken_schema(ycd: RunYcd, small: Path) -> None:
    (small / "schemas/targets.json").write_text('{"fields": [\n}', "utf-8")
    assert findings(ycd, small) == [("schema-error", "targets", 2)]


@pytest.mark.parametrize(
    "raw",
    [
        {},
        {"name": "x"},
        {"name": "x", "resources": {}},
        {"name": "x", "resources": "all"},
        {"name": "x", "resources": [1, None, "x"]},
        {"name": "x", "resources": [{}]},
        {"name": "x", "resources": [{"name": 5, "path": "x.csv"}]},
        {"name": "x", "resources": [{"name": "a", "path": 5}]},
        {"name": "x", "resources": [{"name": "a", "path": []}]},
        {"name": "x", "resources": [{"name": "a", "path": "a.csv", "schema": 5}]},
        {"name": "x", "resources": [{"name": "a", "path": "a.csv", "schema": []}]},
        {"name": "x", "resources": [{"name": "a", "path": "a.csv", "schema": {"fields": [{}]}}]},
        {"name": "x", "resources": [{"name": "a", "path": "a.csv", "schema": {"fields": 5}}]},
        {
            "name": "x",
            "resources": [
                {"name": "a", "path": "a.csv", "schema": {"fields": [{"name": "b", "type": "no"}]}}
            ],
        },
        {"name": "x", "resources": [{"name": "a", "path": "a.csv", "dialect": 5}]},
        {"name": "x", "resources": [{"name": "a", "path": "a.csv", "dialect": {"delimiter": 5}}]},
        {"name": "x", "resources": [{"name": "a", "path": "a.csv", "encoding": 5}]},
        {"name": "x", "version": 1, "resources": [{"name": "a", "path": "a.csv"}]},
    ],
)
def test_descriptor_that_breaks_the_standard(ycd: RunYcd, tmp_path: Path, raw: object) -> None:
    (tmp_path / "a.csv").write_text("b\n1\n", "utf-8")
    (tmp_path / "datapackage.json").write_text(json.dumps(raw), "utf-8")
    assert findings(ycd, tmp_path)
    result = ycd("build", tmp_path, "--out", tmp_path / "out")
    assert result.code == 1
    assert not (tmp_path / "out").exists()


def boxed(value: Any) -> Any:
    """A JSON value with every text, number and boolean in a list, as R writes them unasked."""
    if isinstance(value, dict):
        return {key: boxed(each) for key, each in value.items()}
    return list(map(boxed, value)) if isinstance(value, list) else [value]


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (("resources",), lambda resources: list(map(boxed, resources))),
        (("resources", 0, "name"), {"name": {}}),
        (("resources", 0, "path"), "missing.csv"),
        (("resources", 0, "schema", "fields", 0, "name"), -1),
        (("resources", 0, "schema", "fields", 0, "type"), ["integer"]),
        (("resources", 0, "schema", "fields", 0, "title"), {}),
        (("resources", 0, "schema", "primaryKey"), [["id"]]),
        (("resources", 0, "schema", "uniqueKeys"), [1.5]),
        (("resources", 0, "schema", "uniqueKeys"), "id"),
        (("resources", 0, "dialect"), True),
        (("resources", 1, "name"), []),
        (("resources", 1, "schema", "foreignKeys", 0, "reference"), {"resource": [], "fields": 1}),
    ],
)
def test_descriptor_whose_values_are_of_another_kind(
    ycd: RunYcd, tmp_path: Path, place: tuple[str | int, ...], value: Any
) -> None:
    raw = json.loads((write_odd(tmp_path) / "datapackage.json").read_text("utf-8"))
    raw["resources"][0]["schema"]["rules"] = [{"name": "some", "expression": "id > 0"}]
    *parents, last = place
    holder = raw
    for key in parents:
        holder = holder[key]
    holder[last] = value(holder[last]) if callable(value) else value
    (tmp_path / "datapackage.json").write_text(json.dumps(raw), "utf-8")
    assert findings(ycd, tmp_path)
    for command in ("format", "profile", "show", "diff"):
        assert ycd(command, *[tmp_path] * (1 + (command == "diff"))).code in (0, 1, 2)


@pytest.mark.parametrize(
    "field",
    [
        {"name": "b", "constraints": {"pattern": "[a"}},
        {"name": "b", "type": "integer", "constraints": {"minimum": "x"}},
        {"name": "b", "type": "integer", "constraints": {"enum": 5}},
    ],
)
def test_schema_that_the_reference_cannot_take(
    ycd: RunYcd, tmp_path: Path, field: dict[str, Any]
) -> None:
    (tmp_path / "a.csv").write_text("b\n1\n", "utf-8")
    resource = {"name": "a", "path": "a.csv", "schema": {"fields": [field]}}
    describe(tmp_path, [resource])
    assert findings(ycd, tmp_path)


def test_descriptor_that_the_reference_cannot_take(ycd: RunYcd, small: Path) -> None:
    edit_json(small / "datapackage.json", lambda raw: raw.update({"$schema": 5}))
    assert findings(ycd, small) == [("package-error", "", None)]


def test_schema_that_the_rules_were_not_written_for(ycd: RunYcd, ours: Path) -> None:
    """Somebody takes a column away from schema and data: its rules are skipped, and it is said."""
    gone = "superseded_by"

    def drop(raw: dict[str, Any]) -> None:
        raw["fields"] = [each for each in raw["fields"] if each["name"] != gone]
        raw["foreignKeys"] = [each for each in raw["foreignKeys"] if each["fields"] != [gone]]

    edit_json(ours / "schemas/targets.json", drop)
    rows = list(csv.DictReader((ours / TARGETS).read_text("utf-8").splitlines()))
    names = [name for name in rows[0] if name != gone]
    with (ours / TARGETS).open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, names, lineterminator="\n", extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)
    result = ycd("validate", ours, "--format", "json")
    assert result.code == 0
    [rules] = [each for each in json.loads(result.out)["layers"] if each["name"] == "rules"]
    assert "targets.superseded-in-a-circle: there is no column 'superseded_by'" in rules["skipped"]


# --- tables: findings, exit 1 ---------------------------------------------------------------


def test_enum_of_what_no_text_is(ycd: RunYcd, ours: Path) -> None:
    """It allows nothing that a text can be; found by chance in a damaged schema."""
    odd = [1, 2.5]

    def add(raw: dict[str, Any]) -> None:
        raw["fields"][1]["constraints"]["enum"].extend(odd)

    edit_json(ours / "schemas" / "dates.json", add)
    assert ycd("validate", ours).code == 0
    edit_json(
        ours / "schemas" / "dates.json",
        lambda raw: raw["fields"][1]["constraints"].update(enum=odd),
    )
    assert {code for code, _, _ in findings(ycd, ours)} == {"constraint-error"}


def test_missing_file(ycd: RunYcd, small: Path) -> None:
    (small / TARGETS).unlink()
    assert findings(ycd, small) == [("scheme-error", "targets", None)]


def test_folder_in_place_of_a_file(ycd: RunYcd, small: Path) -> None:
    (small / TARGETS).unlink()
    (small / TARGETS).mkdir()
    assert [code for code, *_ in findings(ycd, small)] == ["scheme-error"]


def test_gb18030_bytes(ycd: RunYcd, small: Path) -> None:
    change_bytes(small, lambda content: content.decode().encode("gb18030"))
    assert findings(ycd, small) == [("encoding-error", "targets", 2)]
    assert "GB18030" in ycd("validate", small).out


def test_byte_order_mark(ycd: RunYcd, small: Path) -> None:
    change_bytes(small, lambda content: b"\xef\xbb\xbf" + content)
    assert findings(ycd, small) == [("byte-order-mark", "targets", 1)]


def test_crlf(ycd: RunYcd, small: Path) -> None:
    change_bytes(small, lambda content: content.replace(b"\n", b"\r\n"))
    assert findings(ycd, small) == [("line-ending", "targets", 1)]


def test_last_line_without_end(ycd: RunYcd, small: Path) -> None:
    change_bytes(small, lambda content: content.rstrip(b"\n"))
    assert findings(ycd, small) == [("final-line-end", "targets", 6)]


def test_rows_out_of_order(ycd: RunYcd, small: Path) -> None:
    def swap(content: bytes) -> bytes:
        lines = content.splitlines(keepends=True)
        return b"".join([*lines[:2], lines[3], lines[2], *lines[4:]])

    change_bytes(small, swap)
    assert findings(ycd, small) == [("row-order", "targets", 4)]


def test_needless_quotes(ycd: RunYcd, small: Path) -> None:
    change_bytes(small, lambda content: content.replace(b"zj-2022-c-spare", b'"zj-2022-c-spare"'))
    assert findings(ycd, small) == [("quoting", "targets", 4)]


def test_nul_byte(ycd: RunYcd, ours: Path) -> None:
    change_bytes(ours, lambda content: content.replace("15家以上".encode(), "15家\0上".encode()))
    assert findings(ycd, ours) == [("invisible-character", "targets", 2)]


def test_ragged_rows(ycd: RunYcd, small: Path) -> None:
    def rag(content: bytes) -> bytes:
        lines = content.splitlines()
        lines[2] += b",one,two"
        lines[3] = lines[3].rsplit(b",", 1)[0]
        return b"\n".join([*lines, b""])

    change_bytes(small, rag)
    # The cell that is missing is required, and frictionless says both.
    assert findings(ycd, small) == [
        ("extra-cell", "targets", 3),
        ("extra-cell", "targets", 3),
        ("constraint-error", "targets", 4),
        ("missing-cell", "targets", 4),
    ]


def test_blank_row(ycd: RunYcd, small: Path) -> None:
    change_bytes(small, lambda content: content.replace(b"\nzj-2022-b", b"\n\nzj-2022-b"))
    assert findings(ycd, small) == [("blank-row", "targets", 3), ("primary-key", "targets", 3)]


def test_renamed_header(ycd: RunYcd, small: Path) -> None:
    change_bytes(small, lambda content: content.replace(b",due_on,", b",due_date,", 1))
    assert findings(ycd, small) == [("incorrect-label", "targets", 1)]


def test_swapped_header(ycd: RunYcd, small: Path) -> None:
    change_bytes(
        small, lambda content: content.replace(b"value,value_upper", b"value_upper,value", 1)
    )
    found = findings(ycd, small)
    assert found[:2] == [("incorrect-label", "targets", 1)] * 2


def test_missing_and_extra_column(ycd: RunYcd, small: Path) -> None:
    change_bytes(small, lambda content: content.replace(b"\n", b",more\n"))
    assert ("extra-label", "targets", 1) in findings(ycd, small)


def test_empty_file(ycd: RunYcd, small: Path) -> None:
    change_bytes(small, lambda _: b"")
    assert findings(ycd, small) == [("source-error", "targets", None)]


def test_open_quote(ycd: RunYcd, small: Path) -> None:
    change_bytes(small, lambda content: content.replace(b",ge,", b',"ge,', 1))
    assert findings(ycd, small)


def test_open_quote_in_the_header(ycd: RunYcd, small: Path) -> None:
    """Where a table may have columns of its own, nothing else is wrong with it."""
    schema = small / "schemas/targets.json"
    raw = json.loads(schema.read_text("utf-8"))
    schema.write_text(json.dumps({**raw, "fieldsMatch": "subset"}), "utf-8")
    change_bytes(small, lambda content: content.replace(b"\n", b',"more\n', 1))
    assert ("unclosed-quote", "targets", 1) in findings(ycd, small)


def test_binary_file(ycd: RunYcd, small: Path) -> None:
    change_bytes(small, lambda _: bytes(range(256)) * 50)
    assert findings(ycd, small)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("regions", b""),
        ("sources", b"\xff\xfe\x00"),
        ("initiatives", b"nonsense\n"),
        ("indicators", b""),
        ("outcomes", b"nonsense\n"),
    ],
)
def test_any_table_may_be_broken(ycd: RunYcd, small: Path, name: str, content: bytes) -> None:
    (small / f"data/{name}.csv").write_bytes(content)
    assert {resource for _, resource, _ in findings(ycd, small)} >= {name}


@pytest.mark.parametrize("change", [b"", b"\xff\xfe", "长三角\n".encode("gb18030"), b"a,b\n1\n"])
def test_format_refuses_what_it_cannot_mend(ycd: RunYcd, small: Path, change: bytes) -> None:
    change_bytes(small, lambda _: change)
    before = {path: path.read_bytes() for path in small.rglob("*.csv")}
    refused(ycd, "format", small)
    assert {path: path.read_bytes() for path in small.rglob("*.csv")} == before
