"""Reading only what a change concerns: which tables that is, and what the report says of it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from conftest import RunYcd
from packages import describe, edit_json, git

from ycd_opendata.api import validate
from ycd_opendata.errors import PackageError
from ycd_opendata.extension import Extension, RecordRule
from ycd_opendata.extension_loading import using
from ycd_opendata.validation.findings import Report


def table(name: str, *refers_to: str) -> dict[str, Any]:
    fields = [{"name": "id", "type": "integer"}, {"name": "n", "type": "integer"}]
    keys = [{"fields": "n", "reference": {"resource": each, "fields": "id"}} for each in refers_to]
    schema = {"fields": fields, "primaryKey": "id", "foreignKeys": keys}
    return {"name": name, "path": f"data/{name}.csv", "schema": schema}


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository: a refers to b, b to c, c to d, and e to nothing."""
    top = tmp_path_factory.mktemp("since") / "top"
    folder = top / "folder"
    (folder / "data").mkdir(parents=True)
    (folder / "schemas").mkdir()
    links = {"a": ("b",), "b": ("c",), "c": ("d",), "d": (), "e": ()}
    tables = [table(name, *targets) for name, targets in links.items()]
    for each in tables:
        (folder / each["path"]).write_text("id,n\n1,1\n", "utf-8")
    (folder / "schemas/e.json").write_text(json.dumps(tables[4]["schema"]), "utf-8")
    tables[4]["schema"] = "schemas/e.json"
    describe(folder, tables, version="1.0.0")
    git(top, "init", "-q")
    git(top, "add", ".")
    git(top, "commit", "-q", "-m", "first")
    return top


@pytest.fixture
def folder(first: Path, tmp_path: Path) -> Path:
    """A copy of it to change."""
    return shutil.copytree(first, tmp_path / "top", symlinks=True) / "folder"


def structure(report: Report) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What the structure layer says it read, and did not."""
    [layer] = [each for each in report.layers if each.name == "structure"]
    return layer.notes, layer.skipped


def read(report: Report) -> list[str]:
    return [each.partition(":")[0] for each in structure(report)[0]]


def append(path: Path, text: str = "2,1\n") -> None:
    path.write_text(path.read_text("utf-8") + text, "utf-8")


def test_changed_tables_and_those_that_refer_to_them(folder: Path) -> None:
    append(folder / "data/c.csv")
    report = validate(folder, since="HEAD")
    notes, skipped = structure(report)
    assert notes == (
        "b: read, as it refers to c",
        "c: read, as data/c.csv changed",
        "d: read, as what is read refers to it",
    )
    assert skipped == ("not read, as nothing of them changed since HEAD: a, e",)
    assert report.valid
    git(folder, "commit", "-q", "-a", "-m", "second")
    assert read(validate(folder, since="HEAD~1")) == ["b", "c", "d"]
    nothing = validate(folder, since="HEAD")
    assert structure(nothing)[1] == (
        "not read, as nothing of them changed since HEAD: a, b, c, d, e",
    )
    assert nothing.valid
    assert [each.ran for each in nothing.layers] == [True, False, False, False]


def test_what_the_change_breaks_is_found(folder: Path) -> None:
    (folder / "data/c.csv").write_text("id,n\n2,1\n", "utf-8")
    (folder / "data/e.csv").write_text("id,n\n1,x\n", "utf-8")
    git(folder, "commit", "-q", "-a", "-m", "second")
    (folder / "data/a.csv").write_text("id,n\n1,7\n", "utf-8")
    whole, part = validate(folder), validate(folder, since="HEAD")
    assert {(each.code, each.resource) for each in whole.findings} == {
        ("foreign-key", "a"), ("foreign-key", "b"), ("type-error", "e")
    }  # fmt: skip
    assert [(each.code, each.resource) for each in part.findings] == [("foreign-key", "a")]
    assert "b: references to c, which was not read" in structure(part)[1]
    assert validate(folder, since="HEAD~1").findings == whole.findings


def no_file(folder: Path) -> None:
    (folder / "data/e.csv").unlink()


def new_file(folder: Path) -> None:
    edit_json(folder / "datapackage.json", lambda raw: raw["resources"][4].update(path="f.csv"))
    (folder / "f.csv").write_text("id,n\n1,x\n", "utf-8")


def ignored_file(folder: Path) -> None:
    (folder / ".gitignore").write_text("f.csv\n", "utf-8")
    new_file(folder)


def schema_file(folder: Path) -> None:
    edit_json(folder / "schemas/e.json", lambda raw: raw["fields"][1].update(type="date"))


def entry(folder: Path) -> None:
    edit_json(
        folder / "datapackage.json", lambda raw: raw["resources"][4].update(encoding="utf-16")
    )


def target_of_a_link(folder: Path) -> None:
    """What the link leads to changes, and not the link."""
    (folder / "data/e.csv").rename(folder / "other.csv")
    (folder / "data/e.csv").symlink_to("../other.csv")
    git(folder, "add", ".")
    git(folder, "commit", "-q", "-m", "second")
    append(folder / "other.csv", "x,x\n")


def folder_that_is_a_link(folder: Path) -> None:
    """The link changes, and not what it leads to now."""
    for name in ("one", "two"):
        (folder / name).mkdir()
    (folder / "one/e.csv").write_text("id,n\n1,1\n", "utf-8")
    (folder / "two/e.csv").write_text("id,n\n1,x\n", "utf-8")
    (folder / "now").symlink_to("one")
    edit_json(folder / "datapackage.json", lambda raw: raw["resources"][4].update(path="now/e.csv"))
    git(folder, "add", ".")
    git(folder, "commit", "-q", "-m", "second")
    (folder / "now").unlink()
    (folder / "now").symlink_to("two")


CHANGES = [no_file, new_file, ignored_file, schema_file, entry, target_of_a_link]
CHANGES += [folder_that_is_a_link]


@pytest.mark.parametrize("change", CHANGES)
def test_every_way_to_change_a_table_is_seen(folder: Path, change: Callable[[Path], None]) -> None:
    change(folder)
    report = validate(folder, since="HEAD")
    assert {each.resource for each in report.findings} == {"e"}
    assert len(report.findings) == len(validate(folder).findings)
    assert "a" not in read(report)


def settings(folder: Path) -> None:
    (folder / "ycd.toml").write_text('[validate]\noff = ["row-order"]\n', "utf-8")


def key_of_all(folder: Path) -> None:
    edit_json(folder / "datapackage.json", lambda raw: raw.update(unit="m"))


def no_descriptor_then(folder: Path) -> None:
    (folder / "datapackage.json").rename(folder / "datapackage.yaml")


@pytest.mark.parametrize("change", [settings, key_of_all, no_descriptor_then])
def test_what_concerns_every_table_has_all_read(
    folder: Path, change: Callable[[Path], None]
) -> None:
    change(folder)
    [note], skipped = structure(validate(folder, since="HEAD"))
    assert note.startswith("every table was read: ")
    assert skipped == ()


def test_title_and_version_concern_no_table(folder: Path) -> None:
    edit_json(
        folder / "datapackage.json",
        lambda raw: raw.update({"version": "1.0.1", "title": "T", "title@zh": "题"}),
    )
    assert read(validate(folder, since="HEAD")) == []


def test_rules_hold_tables_together(folder: Path) -> None:
    rule = RecordRule(
        "more-than-e", "a", "n", ("e",), "{n}", "", lambda a, all: a["n"] < len(all["e"])
    )
    with using(Extension("p", record_rules=(rule,))):
        append(folder / "data/e.csv")
        assert validate(folder, since="HEAD").valid
        (folder / "data/e.csv").write_text("id,n\n", "utf-8")
        report = validate(folder, since="HEAD")
        assert [each.code for each in report.findings] == ["more-than-e"]
        assert read(report) == ["a", "b", "e"]
        (folder / "rules.py").write_text("", "utf-8")
        assert "rules.py" in structure(validate(folder, since="HEAD"))[0][0]
    assert read(validate(folder, since="HEAD")) == ["e"]


@pytest.mark.parametrize("revision", ["nothing", "--help", "", "HEAD:folder", "x\0y"])
def test_unknown_revisions_get_a_sentence(folder: Path, revision: str) -> None:
    with pytest.raises(PackageError) as error:
        validate(folder, since=revision)
    assert "revision" in error.value.message
    assert "\n" not in error.value.message


def test_outside_of_a_repository_there_is_no_since(
    ycd: RunYcd, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(folder.parent.parent))
    (folder.parent / ".git").rename(folder.parent / "git")
    result = ycd("validate", folder, "--since", "HEAD")
    assert (result.code, result.out) == (2, "")
    assert result.err.startswith("ycd: git has no revision 'HEAD' here: fatal: not a git repo")


def test_command(ycd: RunYcd, folder: Path) -> None:
    append(folder / "data/e.csv", "1,x\n")
    result = ycd("validate", folder, "--since", "HEAD")
    assert result.code == 1
    assert "skipped not read, as nothing of them changed since HEAD: a, b, c, d" in result.out
    rejects = ycd("validate", folder, "--since", "HEAD", "--rejects", folder / "out")
    assert (rejects.code, (folder / "out").exists()) == (2, False)
