"""What was reported of comparing versions, each as the smallest packages that show it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from applying_changes import apply_changes
from conftest import RunYcd
from packages import FAULTS, edit_json

from ycd_opendata.package.reading import read_package
from ycd_opendata.publishing.catalogue import publish
from ycd_opendata.versioning.change_formats import as_text, change_file
from ycd_opendata.versioning.comparing import Comparison, compare, read_values
from ycd_opendata.versioning.weighing import Bump

Edit = Callable[[list[dict[str, Any]]], Any]


def copied(name: str, folder: Path) -> Path:
    return Path(shutil.copytree(FAULTS / name, folder))


def compared(old: Path, new: Path) -> Comparison:
    return compare(read_package(old), read_package(new))


def versions(name: str, folder: Path, edit: Edit, table: str | None = None) -> tuple[Path, Path]:
    """A fault's package, and one whose fields are described anew and its table written anew."""
    old, new = copied(name, folder / "old"), copied(name, folder / "new")
    edit_json(new / "datapackage.json", lambda raw: edit(raw["resources"][0]["schema"]["fields"]))
    if table is not None:
        (new / "t.csv").write_text(table, "utf-8")
    return old, new


def told(comparison: Comparison) -> list[tuple[str, str, Any, Any]]:
    return [(each.rule.name, each.field, each.before, each.after) for each in comparison.changes()]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            "w0",
            "w-bool",
            [
                (
                    "value-reads-otherwise",
                    "flag",
                    {"trueValues": ["1"], "falseValues": ["0"]},
                    {"trueValues": ["0"], "falseValues": ["1"]},
                ),
                ("value-reads-otherwise", "flag", "false", "true"),
                ("value-reads-otherwise", "flag", "true", "false"),
            ],
        ),
        (
            "c0",
            "c-mv",
            [
                (
                    "value-reads-otherwise",
                    "v",
                    {"missingValues": [""]},
                    {"missingValues": ["", "5"]},
                ),
                ("value-reads-otherwise", "v", "5", None),
            ],
        ),
        ("c0", "c-unit", [("unit-changed", "v", "kg", "t")]),
    ],
)
def test_what_reads_otherwise_is_major(
    ycd: RunYcd, old: str, new: str, expected: list[tuple[str, str, Any, Any]]
) -> None:
    comparison = compared(FAULTS / old, FAULTS / new)
    assert told(comparison) == expected
    assert comparison.bump is Bump.major
    result = ycd("diff", FAULTS / old, FAULTS / new, "--check")
    assert (result.code, "too low: the changes need major, 2.0.0" in result.err) == (1, True)


# Of w0: id,flag,n,s / 1,0,"1,500",- / 2,1,"2,500",x
NOTATIONS: dict[str, tuple[Edit, str | None]] = {
    "words for true and false": (
        lambda fields: fields[1].update(trueValues=["yes"], falseValues=["no"]),
        'id,flag,n,s\n1,no,"1,500",-\n2,yes,"2,500",x\n',
    ),
    "words that changed places, and cells with them": (
        lambda fields: fields[1].update(trueValues=["0"], falseValues=["1"]),
        'id,flag,n,s\n1,1,"1,500",-\n2,0,"2,500",x\n',
    ),
    "another decimal character": (
        lambda fields: fields[2].update(decimalChar=",", groupChar="."),
        'id,flag,n,s\n1,0,"1.500,00",-\n2,1,"2.500",x\n',
    ),
    "no groups": (
        lambda fields: fields[2].pop("groupChar"),
        "id,flag,n,s\n1,0,1500,-\n2,1,2.5e3,x\n",
    ),
    "signs around figures": (
        lambda fields: fields[2].update(bareNumber=False),
        'id,flag,n,s\n1,0,"€ 1,500",-\n2,1,"2,500 €",x\n',
    ),
    "a missing value that no cell has": (
        lambda fields: fields[2].update(missingValues=["", "n/a"]), None),
    "default values written out": (
        lambda fields: [each.update(format="default", missingValues=[""]) for each in fields], None
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", NOTATIONS)
def test_another_notation_of_equal_values_is_no_change(what: str, tmp_path: Path) -> None:
    edit, table = NOTATIONS[what]
    assert told(compared(*versions("w0", tmp_path, edit, table))) == []


@pytest.mark.parametrize("what", [each for each in NOTATIONS if NOTATIONS[each][1]])
def test_a_value_that_changed_with_the_notation_is_corrected(what: str, tmp_path: Path) -> None:
    edit, table = NOTATIONS[what]
    assert table is not None
    old, new = versions("w0", tmp_path, edit, table.replace(",x\n", ",y\n"))
    assert told(compared(old, new)) == [("value-corrected", "s", "x", "y")]


# The same cells under another description.
MISREAD: dict[str, tuple[Edit, str]] = {
    "flag": (lambda fields: fields[1].update(falseValues=["1"], trueValues=["0"]), "false"),
    "n": (lambda fields: fields[2].update(decimalChar=",", groupChar=""), "1500"),
    "n no longer": (lambda fields: fields[2].pop("groupChar"), "1500"),
    "s": (lambda fields: fields[3].update(missingValues=["-"]), "-"),
    "s labelled": (
        lambda fields: fields[3].update(missingValues=[{"value": "-", "label": "refused"}]), "-"),
}  # fmt: skip


@pytest.mark.parametrize("what", MISREAD)
def test_equal_cells_that_read_otherwise(what: str, tmp_path: Path) -> None:
    edit, before = MISREAD[what]
    changes = told(compared(*versions("w0", tmp_path, edit)))
    assert {each[0] for each in changes} == {"value-reads-otherwise"}
    assert changes[0][1] == what.split()[0]
    assert isinstance(changes[0][2], dict)
    assert changes[1][2] == before


@pytest.mark.parametrize(
    ("edit", "rule"),
    [
        (lambda fields: fields[1]["categories"].pop(), "constraint-tightened"),
        (lambda fields: fields[1]["categories"].append("d"), "constraint-loosened"),
        (lambda fields: fields[1].pop("categories"), "constraint-loosened"),
        (lambda fields: fields[1]["categories"].reverse(), None),
        (lambda fields: fields[1].update(categoriesOrdered=True), "categories-reordered"),
        (lambda fields: fields[2].pop("unit"), "unit-changed"),
        (lambda fields: fields[1].update(unit="1"), "metadata-edited"),
        (lambda fields: fields[2].update(constraints={"minimum": 5}), "constraint-tightened"),
        (lambda fields: fields[2].update(type="integer"), "type-changed"),
    ],
)
def test_what_a_field_may_hold(edit: Edit, rule: str | None, tmp_path: Path) -> None:
    changes = told(compared(*versions("c0", tmp_path, edit)))
    assert [each[0] for each in changes] == ([rule] if rule else [])


def labelled(*labels: str) -> Edit:
    return lambda fields: fields[2].update(
        categories=[
            {"value": value, "label": label} for value, label in zip((5, 6), labels, strict=True)
        ]
    )


@pytest.mark.parametrize(
    ("labels", "rule"),
    [
        (("male", "female"), None),
        (("female", "male"), "category-relabelled"),
        (("male", "feminine"), "metadata-edited"),  # no record has it
    ],
)
def test_the_label_of_a_code_is_what_it_means(
    labels: tuple[str, str], rule: str | None, tmp_path: Path
) -> None:
    old, new = versions("c0", tmp_path, labelled(*labels))
    edit_json(
        old / "datapackage.json",
        lambda raw: labelled("male", "female")(raw["resources"][0]["schema"]["fields"]),
    )
    assert [each[0] for each in told(compared(old, new))] == ([rule] if rule else [])


def test_limits_are_compared_as_values(tmp_path: Path) -> None:
    old, new = versions(
        "w0",
        tmp_path,
        lambda fields: fields[2].update(decimalChar=",", constraints={"minimum": "9,5"}),
        "id,flag,n,s\n1,0,1500,-\n2,1,2500,x\n",
    )
    edit_json(
        old / "datapackage.json",
        lambda raw: raw["resources"][0]["schema"]["fields"][2].update(
            constraints={"minimum": "9.50"}
        ),
    )
    # The group character went without a value reading otherwise.
    edit_json(
        new / "datapackage.json",
        lambda raw: raw["resources"][0]["schema"]["fields"][2].pop("groupChar"),
    )
    assert told(compared(old, new)) == []
    edit_json(
        new / "datapackage.json",
        lambda raw: raw["resources"][0]["schema"]["fields"][2]["constraints"].update(minimum="10"),
    )
    assert [each[0] for each in told(compared(old, new))] == ["constraint-tightened"]


@pytest.mark.parametrize(
    ("dialect", "encoding"), [({"delimiter": ";"}, "utf-8"), ({"quoteChar": "'"}, "cp1252")]
)
def test_a_dialect_changes_nothing_by_itself(
    dialect: dict[str, str], encoding: str, tmp_path: Path
) -> None:
    old, new = copied("nopk", tmp_path / "old"), copied("nopk", tmp_path / "new")
    mark = dialect.get("delimiter", ",")
    for folder, name, separator in ((old, "utf-8", ","), (new, encoding, mark)):
        text = "a,b\n1,é\n1,é\n2,y\n".replace(",", separator)
        (folder / "t.csv").write_bytes(text.encode(name))
    edit_json(
        new / "datapackage.json",
        lambda raw: raw["resources"][0].update(dialect=dialect, encoding=encoding),
    )
    assert told(compared(old, new)) == []


def encoded(encoding: str) -> Callable[[dict[str, Any]], None]:
    def edit(raw: dict[str, Any]) -> None:
        raw["resources"][0]["encoding"] = encoding
        raw["resources"][0]["schema"]["primaryKey"] = ["a"]

    return edit


def test_the_same_file_that_is_read_otherwise(tmp_path: Path) -> None:
    old, new = copied("nopk", tmp_path / "old"), copied("nopk", tmp_path / "new")
    for folder, encoding in ((old, "cp1252"), (new, "cp1250")):
        (folder / "t.csv").write_bytes("a,b\n1,ñ\n2,y\n".encode("cp1252"))
        edit_json(folder / "datapackage.json", encoded(encoding))
    comparison = compared(old, new)
    assert told(comparison) == [
        ("value-corrected", "b", "ñ", "ń"),
        ("value-reads-otherwise", "", {"encoding": "cp1252"}, {"encoding": "cp1250"}),
    ]
    assert comparison.bump is Bump.major


@pytest.mark.parametrize(
    ("before", "after", "dialect"),
    [
        ("1,'x'\n2,y\n", "1,'x'\n2,y\n3,new\n", {"quoteChar": "'"}),
        ("1, x\n2,y\n", "1, x\n2,z\n", {"skipInitialSpace": True}),
    ],
)
@pytest.mark.parametrize("key", [[], ["a"]])
def test_rows_that_stand_in_a_file_that_changed(
    before: str, after: str, dialect: dict[str, Any], key: list[str], tmp_path: Path
) -> None:
    old = write_rows(copied("nopk", tmp_path / "old"), before, "1.0.0")
    new = write_rows(copied("nopk", tmp_path / "new"), after, "1.0.1")
    for folder, said in ((old, {}), (new, dialect)):
        edit_json(folder / "datapackage.json", stored(said, key))
    comparison = compared(old, new)
    assert ("value-reads-otherwise", "", {}, {"dialect": dialect}) in told(comparison)
    assert comparison.bump is Bump.major


def test_a_file_that_was_written_anew_may_be_corrected(tmp_path: Path) -> None:
    old = write_rows(copied("nopk", tmp_path / "old"), "1,é\n2,y\n", "1.0.0")
    new = copied("nopk", tmp_path / "new")
    (new / "t.csv").write_bytes("a,b\n1,é\n2,ü\n3,ñ\n".encode("cp1252"))
    edit_json(old / "datapackage.json", encoded("utf-8"))
    edit_json(new / "datapackage.json", encoded("cp1252"))
    comparison = compared(old, new)
    assert [each[0] for each in told(comparison)] == ["record-added", "value-corrected"]


def stored(dialect: dict[str, Any], key: list[str]) -> Callable[[dict[str, Any]], None]:
    def edit(raw: dict[str, Any]) -> None:
        [resource] = raw["resources"]
        resource["schema"]["primaryKey"] = key
        if dialect:
            resource["dialect"] = dialect

    return edit


def write_rows(folder: Path, rows: str, version: str) -> Path:
    (folder / "t.csv").write_text(f"a,b\n{rows}", "utf-8")
    edit_json(folder / "datapackage.json", lambda raw: raw.update(version=version))
    return folder


def test_releases_of_a_table_without_a_key_follow_each_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ycd_opendata.site.building.drawn_pictures", lambda _: ())
    source, out = copied("nopk", tmp_path / "p"), tmp_path / "dist"
    publish(read_package(write_rows(source, "1,x\n1,x\n2,y\n", "1.0.0")), out)
    publish(read_package(write_rows(source, "1,x\n1,x\n1,x\n2,y\n", "1.1.0")), out)
    publish(read_package(write_rows(source, "1,x\n2,y\n3,z\n", "2.0.0")), out)
    listed = json.loads((out / "versions.json").read_text("utf-8"))["releases"]
    assert [each["bump"] for each in listed] == ["major", "minor", None]
    assert listed[0]["changed"] == {
        "t": {"table-without-key": 1, "row-gone-and-no-key": 2, "record-added": 1}
    }
    for new, old in (("1.1.0", "1.0.0"), ("2.0.0", "1.1.0")):
        changes = json.loads((out / f"changes/{old}..{new}.json").read_text("utf-8"))
        (made_in := tmp_path / new).mkdir()
        made = apply_changes(read_package(out / f"v{old}"), changes, made_in)
        expected = read_package(out / f"v{new}")
        rows = [
            read_values(each, each.resources[0]).sort("a", "b").rows() for each in (made, expected)
        ]
        assert rows[0] == rows[1]


def test_without_a_key_one_is_suggested(tmp_path: Path) -> None:
    old = write_rows(copied("nopk", tmp_path / "old"), "1,x\n2,x\n3,y\n", "1.0.0")
    new = write_rows(copied("nopk", tmp_path / "new"), "1,x\n2,z\n3,y\n", "1.0.1")
    comparison = compared(old, new)
    text = "".join(as_text(comparison))
    assert "t has no primary key" in text
    assert '"a" is unique in both versions: declare it as primaryKey' in text
    assert "tombstone" not in text
    assert [each[0] for each in told(comparison)] == [
        "table-without-key",
        "row-gone-and-no-key",
        "record-added",
    ]
    for folder in (old, new):
        (folder / "t.csv").write_text("a,b\n1,x\n1,x\n" + "2,y\n" * (folder == old), "utf-8")
    assert "no column tells its rows apart" in "".join(as_text(compared(old, new)))


def test_rows_that_only_come_need_no_key(tmp_path: Path) -> None:
    old = write_rows(copied("nopk", tmp_path / "old"), "1,x\n1,x\n", "1.0.0")
    new = write_rows(copied("nopk", tmp_path / "new"), "1,x\n1,x\n1,x\n", "1.1.0")
    comparison = compared(old, new)
    assert told(comparison) == [("record-added", "", None, {"a": "1", "b": "x"})]
    assert comparison.bump is Bump.minor


@pytest.mark.parametrize(
    "edit",
    [
        lambda fields: fields[1].update(trueValues=1),
        lambda fields: fields[1].update(trueValues=[{}]),
        lambda fields: fields[2].update(groupChar=[None]),
        lambda fields: fields[2].update(constraints=["x"]),
        lambda fields: fields[3].update(missingValues=[{}]),
        lambda fields: fields[3].update(type=[]),
    ],
)
def test_a_description_that_makes_no_sense_is_refused(
    ycd: RunYcd, edit: Edit, tmp_path: Path
) -> None:
    for sources in (versions("w0", tmp_path, edit), versions("w0", tmp_path / "b", edit)[::-1]):
        result = ycd("diff", *sources)
        assert (result.code, result.out) == (2, "")
        assert "does not follow the Data Package standard" in result.err


def test_a_file_that_is_no_table(ycd: RunYcd, tmp_path: Path) -> None:
    old = copied("build-nontabular", tmp_path / "old")
    new = copied("build-nontabular", tmp_path / "new")
    assert told(compared(old, new)) == []
    (new / "readme.txt").write_text("hi!\n", "utf-8")
    comparison = compared(old, new)
    assert [(each.table, each.rule.name) for each in comparison.changes()] == [
        ("doc", "file-changed")
    ]
    assert comparison.bump is Bump.patch
    changes = json.loads("".join(change_file(comparison)))
    assert [each["name"] for each in changes["descriptor"]["resources"]] == ["t"]
    (new / "readme.txt").unlink()
    result = ycd("diff", old, new)
    assert (result.code, "cannot read 'doc'" in result.err) == (2, True)
