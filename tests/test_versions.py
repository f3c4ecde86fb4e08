"""What changed between two packages, the bump it needs, and applying a change file."""

from __future__ import annotations

import contextlib
import json
import struct
import subprocess
import tempfile
import tracemalloc
import warnings
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from applying_changes import apply_changes
from conftest import RunYcd
from examples import examples
from hypothesis import given
from hypothesis import strategies as st
from packages import (
    NEW_DOMAIN,
    describe,
    edit_json,
    small_tables,
    write_small,
    write_table,
    write_tiny,
)

from ycd_opendata.errors import DataError, PackageError
from ycd_opendata.loader.derived_tables import own_tables
from ycd_opendata.package import fetching
from ycd_opendata.package.open_package import open_package
from ycd_opendata.package.reading import read_package
from ycd_opendata.versioning.change_formats import FORMATS, as_text, change_file
from ycd_opendata.versioning.comparing import compare, read_values
from ycd_opendata.versioning.weighing import Bump, version_problem

Break = Callable[[Path], None]


def schema(table: str, change: Callable[[dict[str, Any]], Any]) -> Break:
    return lambda folder: edit_json(folder / "schemas" / f"{table}.json", change)


def package(change: Callable[[dict[str, Any]], Any]) -> Break:
    return lambda folder: edit_json(folder / "datapackage.json", change)


def rows(table: str, change: Callable[[list[dict[str, str]]], Any]) -> Break:
    def apply(folder: Path) -> None:
        changed = small_tables()[table]
        change(changed)
        write_table(folder, table, changed)

    return apply


def both(*breaks: Break) -> Break:
    def apply(folder: Path) -> None:
        for each in breaks:
            each(folder)

    return apply


def constraint(**values: Any) -> Break:
    """Constraints of the field targets.locator (maxLength 80 before)."""
    return schema("targets", lambda raw: raw["fields"][14]["constraints"].update(values))


def deprecate(table: str, **said: str) -> Break:
    """The table's second field goes, and what is said of that."""
    return schema(
        table, lambda raw: raw["fields"][1].update(deprecated=said or {"removedIn": "2.0.0"})
    )


def renamed_field(raw: dict[str, Any]) -> None:
    raw["fields"][3]["name"] = "label_en"


def rename_header(folder: Path) -> None:
    path = folder / "data" / "domains.csv"
    path.write_text(path.read_text("utf-8").replace("name_en", "label_en", 1), "utf-8")


def new_column(folder: Path) -> None:
    path = folder / "data" / "domains.csv"
    head, *body = path.read_text("utf-8").splitlines()
    path.write_text("\n".join([head + ",extra", *(line + ",x" for line in body)]) + "\n", "utf-8")


def tombstone(table: str, old: str, new: str = "") -> Break:
    row = {"table": table, "id": old, "replaced_by": new, "since_version": "2.0.0"}
    return rows("retired_ids", lambda each: each.append({**row, "reason_en": "Gone."}))


def rename_spare(each: list[dict[str, str]]) -> None:
    each[0]["initiative_id"] = "sh-2022-other"


def drop_header_field(folder: Path) -> None:
    schema("domains", lambda raw: raw["fields"].pop())(folder)
    changed = small_tables()["domains"]
    for row in changed:
        row.pop("description_en")
    write_text = ["domain_id,parent_id,name_zh,name_en,description_zh"]
    write_text += [",".join(row.get(n, "") for n in write_text[0].split(",")) for row in changed]
    (folder / "data/domains.csv").write_text("\n".join(write_text) + "\n", "utf-8")


# One for each sentence: what is done, the rule that weighs it, the bump.
SENTENCES: dict[str, tuple[Break, str, str]] = {
    "a table removed": (
        package(lambda raw: raw["resources"].pop(9)), "table-removed-or-renamed", "major"),
    "a table renamed": (
        package(lambda raw: raw["resources"][9].update(name="proof")),
        "table-removed-or-renamed", "major"),
    "a table reordered": (
        package(lambda raw: raw["resources"].reverse()), "table-reordered", "major"),
    "a field renamed": (
        both(schema("domains", renamed_field), rename_header), "field-removed-or-renamed", "major"),
    "a field removed": (drop_header_field, "field-removed-or-renamed", "major"),
    "a field added": (
        both(schema("domains", lambda raw: raw["fields"].append(
            {"name": "extra", "type": "string"})), new_column), "field-added", "major"),
    "a type changed": (
        schema("targets", lambda raw: raw["fields"][5].update(type="string")),
        "type-changed", "major"),
    "a format changed": (
        schema("sources", lambda raw: raw["fields"][0].update(format="uri")),
        "format-changed", "major"),
    "a constraint tightened": (constraint(maxLength=70), "constraint-tightened", "major"),
    "a constraint added": (constraint(pattern="x"), "constraint-tightened", "major"),
    "a key changed": (
        schema("domains", lambda raw: raw.update(primaryKey=["domain_id", "name_zh"])),
        "key-changed", "major"),
    "a missing value that a cell has": (
        schema("domains", lambda raw: raw.update(missingValues=["", "industry"])),
        "value-reads-otherwise", "major"),
    "an id changed": (
        both(rows("initiatives", rename_spare),
             tombstone("initiatives", "sh-2022-spare", "sh-2022-other")), "id-changed", "major"),
    "a record deleted without a tombstone": (
        rows("domains", lambda each: each.pop()), "record-deleted-without-tombstone", "major"),
    "a new table": (
        package(lambda raw: raw["resources"].append(
            {**raw["resources"][2], "name": "more"})), "table-added", "minor"),
    "a new record": (rows("domains", lambda each: each.append(NEW_DOMAIN)),
                     "record-added", "minor"),
    "a constraint loosened": (constraint(maxLength=90), "constraint-loosened", "minor"),
    "a record retired": (
        both(rows("domains", lambda each: each.pop()), tombstone("domains", "industry")),
        "record-retired-with-tombstone", "minor"),
    "a policy change": (
        rows("targets", lambda each: each[0].update(superseded_by="zj-2022-d-later")),
        "policy-change-recorded", "minor"),
    "a field deprecated": (deprecate("domains"), "field-deprecated", "minor"),
    "a value corrected": (
        rows("targets", lambda each: each[0].update(locator="p. 9")), "value-corrected", "patch"),
    "a title edited": (
        schema("domains", lambda raw: raw["fields"][0].update(title="x")),
        "metadata-edited", "patch"),
    "a keyword edited": (package(lambda raw: raw["keywords"].pop()), "metadata-edited", "patch"),
}  # fmt: skip


@pytest.mark.parametrize("sentence", SENTENCES)
def test_each_sentence_of_the_rules(sentence: str, small: Path, tmp_path: Path) -> None:
    change, rule, bump = SENTENCES[sentence]
    old = read_package(write_small(tmp_path / "old"))
    change(small)
    comparison = compare(old, read_package(small))
    assert rule in [each.rule.name for each in comparison.groups]
    assert comparison.bump.name == bump


def test_a_field_that_was_deprecated_is_still_major_to_remove(small: Path, tmp_path: Path) -> None:
    old = write_small(tmp_path / "old")
    deprecate_last = schema(
        "domains", lambda raw: raw["fields"][-1].update(deprecated={"removedIn": "2.0.0"})
    )
    deprecate_last(old)
    drop_header_field(small)
    [change] = compare(read_package(old), read_package(small)).changes()
    assert (change.rule.name, change.rule.bump) == ("field-removed-or-renamed", Bump.major)


def test_a_deprecation_that_is_put_off_or_taken_back(small: Path, tmp_path: Path) -> None:
    old = write_small(tmp_path / "old")
    deprecate("domains")(old)
    [taken_back] = compare(read_package(old), read_package(small)).changes()
    assert (taken_back.kind, taken_back.rule.bump) == ("field-no-longer-deprecated", Bump.patch)
    deprecate("domains", removedIn="3.0.0")(small)
    [put_off] = compare(read_package(old), read_package(small)).changes()
    assert (put_off.before, put_off.after) == ({"removedIn": "2.0.0"}, {"removedIn": "3.0.0"})
    assert put_off.rule.name == "field-deprecated"


def test_nothing_changed(small: Path) -> None:
    comparison = compare(read_package(small), read_package(small))
    assert (list(comparison.changes()), comparison.bump) == ([], Bump.none)


@pytest.mark.parametrize(
    ("old", "new", "needed", "problem"),
    [
        ("1.0.0", "1.0.0", Bump.none, ""),
        ("1.0.0", "1.0.1", Bump.none, ""),
        ("1.0.0", "1.1.0", Bump.none, ""),
        ("1.0.0", "2.0.0", Bump.none, "too high"),
        ("1.0.0", "1.0.0", Bump.patch, "too low"),
        ("1.0.0", "1.0.1", Bump.patch, ""),
        ("1.0.0", "2.0.0", Bump.patch, "too high"),
        ("1.0.9", "1.0.10", Bump.minor, "too low"),
        ("1.9.0", "1.10.0", Bump.minor, ""),
        ("1.0.0", "1.2.0", Bump.minor, "too high"),
        ("1.0.0", "2.0.0", Bump.minor, ""),
        ("1.0.0", "1.1.0", Bump.major, "too low"),
        ("1.0.0", "2.0.0", Bump.major, ""),
        ("1.0.0", "0.9.0", Bump.none, "too low"),
        ("1.0.0", "1.1", Bump.minor, "is not MAJOR.MINOR.PATCH"),
        ("", "1.0.0", Bump.minor, "is not MAJOR.MINOR.PATCH"),
        ("1.0.0", "1.0.1-beta", Bump.patch, ""),
        ("1.0.0", "1.0.0-beta", Bump.none, "too low"),
        ("1.0.0", "1.0.1-beta", Bump.minor, "too low"),
        ("1.0.1-beta", "1.0.1-beta", Bump.none, ""),
        ("1.0.1-beta", "1.0.1-beta", Bump.patch, "too low"),
        ("1.0.1-beta", "1.0.1-beta.2", Bump.patch, ""),
        ("1.0.1-beta.10", "1.0.1-beta.9", Bump.patch, "too low"),
        ("1.0.1-beta", "1.0.1", Bump.patch, ""),
        ("1.0.1-beta", "1.0.1", Bump.minor, "too low"),
        ("1.0.1-beta", "1.1.0", Bump.minor, ""),
        ("2.0.0-rc.1", "2.0.0", Bump.major, ""),
        ("2.0.0-rc.1", "3.0.0", Bump.minor, "too high"),
        ("1.0.0", "1.0.0+2022", Bump.none, ""),
    ],
)
def test_a_version_must_follow_the_changes(old: str, new: str, needed: Bump, problem: str) -> None:
    found = version_problem(old, new, needed)
    assert problem in found
    assert bool(found) == bool(problem)


def test_diff_says_what_changed_and_check_fails_on_a_low_version(
    ycd: RunYcd, small: Path, tmp_path: Path
) -> None:
    old = write_small(tmp_path / "old")
    rows("domains", lambda each: each.append(NEW_DOMAIN))(small)
    rows("targets", lambda each: each[0].update(locator="|<b>\x1b[31m"))(small)
    result = ycd("diff", old, small, "--check")
    assert result.code == 1
    assert "minor record-added: domains (zz)" in result.out
    assert '-> "|<b>\\x1b[31m"' in result.out
    assert "version 1.0.0 is too low: the changes need minor, 1.1.0" in result.err
    edit_json(small / "datapackage.json", lambda raw: raw.update(version="1.1.0"))
    result = ycd("diff", old, small, "--check", "--format", "json")
    assert result.code == 0
    shown = json.loads(result.out)
    assert list(shown) == ["old", "new", "bump", "declared", "changes"]
    assert (shown["bump"], shown["declared"]) == ("minor", "1.1.0")
    assert shown["changes"][-1] == {
        "kind": "record-changed",
        "table": "targets",
        "key": {"target_id": "zj-2022-a-factories"},
        "field": "locator",
        "before": None,
        "after": "|<b>\x1b[31m",
        "bump": "patch",
        "rule": "value-corrected",
    }
    markdown = ycd("diff", old, small, "--format", "markdown").out
    assert "&#124;&#60;b&#62;&#92;x1b&#91;31m" in markdown


def test_diff_shows_some_changes_of_a_kind_and_counts_the_rest(
    ycd: RunYcd, small: Path, tmp_path: Path
) -> None:
    old = write_small(tmp_path / "old")
    more = [NEW_DOMAIN | {"domain_id": f"z{number:03}"} for number in range(45)]
    rows("domains", lambda each: each.extend(more))(small)
    shown = ycd("diff", old, small).out.splitlines()
    assert len([each for each in shown if "record-added: " in each]) == 20
    assert shown[-2:] == [
        "… and 25 more of record-added in domains",
        "--format json lists every change",
    ]
    told = json.loads(ycd("diff", old, small, "--format", "json").out)
    assert len(told["changes"]) == 45


def test_a_zip_and_a_git_revision_are_opened(
    ycd: RunYcd, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "repository"
    write_tiny(folder)
    archive = tmp_path / "release.zip"
    with zipfile.ZipFile(archive, "w") as opened:
        for path in folder.rglob("*"):
            opened.write(path, Path("v1.0.0") / path.relative_to(folder))
    git = ["git", "-c", "user.name=a", "-c", "user.email=a@example.org", "-C", str(folder)]
    for command in (["init", "-q"], ["add", "."], ["commit", "-qm", "One"], ["tag", "v1.0.0"]):
        subprocess.run([*git, *command], check=True)
    monkeypatch.chdir(folder)
    for source in (archive, "git:v1.0.0"):
        assert "no change" in ycd("diff", source, folder).out
    path = folder / "data/domains.csv"
    path.write_bytes(path.read_bytes().splitlines()[0])
    for source in (archive, "git:v1.0.0"):
        assert "record-deleted-without-tombstone" in ycd("diff", source, folder).out


@pytest.mark.parametrize(
    "member", ["../datapackage.json", "/datapackage.json", "a/../../datapackage.json"]
)
def test_a_zip_that_leaves_its_folder_is_refused(
    ycd: RunYcd, small: Path, tmp_path: Path, member: str
) -> None:
    with zipfile.ZipFile(tmp_path / "bad.zip", "w") as opened:
        opened.writestr(member, "{}")
    result = ycd("diff", tmp_path / "bad.zip", small)
    assert (result.code, "is refused" in result.err) == (2, True)


@pytest.mark.parametrize("source", ["git:nothing-here", "git:--output=x", "git:", "no-such-folder"])
def test_what_is_no_package_is_refused(ycd: RunYcd, small: Path, source: str) -> None:
    assert ycd("diff", source, small).code == 2


def test_a_broken_zip_is_refused(ycd: RunYcd, small: Path, tmp_path: Path) -> None:
    (tmp_path / "bad.zip").write_bytes(b"PK no zip")
    assert "cannot unpack" in ycd("diff", tmp_path / "bad.zip", small).err


@pytest.mark.parametrize(
    ("limit", "value", "said"),
    [
        ("LARGEST_ARCHIVE", 10_000, "would unpack to more than 10,000 bytes"),
        ("MOST_MEMBERS", 10, "has more than 10 files"),
    ],
)
def test_a_zip_beyond_measure_is_refused(
    ycd: RunYcd,
    small: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    limit: str,
    value: int,
    said: str,
) -> None:
    archive = tmp_path / "large.zip"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as opened:
        opened.write(small / "datapackage.json", "datapackage.json")
        for number in range(20):
            opened.writestr(f"{number}.txt", "0" * 1000)
    monkeypatch.setattr(fetching, limit, value)
    unpacked = tmp_path / "unpacked"
    unpacked.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(unpacked))
    result = ycd("diff", archive, small)
    assert (result.code, said in result.err) == (2, True)
    assert list(unpacked.iterdir()) == []


def test_a_zip_that_lies_about_its_size_gives_no_more(
    ycd: RunYcd, small: Path, tmp_path: Path
) -> None:
    archive = tmp_path / "lies.zip"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as opened:
        opened.writestr("datapackage.json", "0" * 2**20)
    content = archive.read_bytes()
    archive.write_bytes(content.replace(struct.pack("<L", 2**20), struct.pack("<L", 5)))
    result = ycd("diff", archive, small)
    assert (result.code, "cannot unpack" in result.err) == (2, True)


@examples(4)
@given(data=st.data())
def test_a_damaged_zip_never_ends_in_a_traceback(tmp_path: Path, data: st.DataObject) -> None:
    archive = tmp_path / "damaged.zip"
    methods = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)
    with zipfile.ZipFile(archive, "w") as opened:
        for number, method in enumerate(methods):
            opened.writestr(f"{number}.txt", "some text" * 9, method)
        opened.writestr("datapackage.json", '{"name": "a", "resources": []}')
    content = bytearray(archive.read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(content) - 1))
        content[place] = data.draw(st.integers(0, 255))
    archive.write_bytes(bytes(content[: data.draw(st.integers(len(content) // 2, len(content)))]))
    with warnings.catch_warnings(), contextlib.suppress(PackageError):
        warnings.simplefilter("ignore")  # zipfile warns of names that come twice
        with open_package(str(archive)):
            pass


def test_two_records_of_one_key_are_refused(ycd: RunYcd, small: Path) -> None:
    path = small / "data/domains.csv"
    path.write_text(path.read_text("utf-8") + "industry,,a,b,c,d\n", "utf-8")
    result = ycd("diff", small, small)
    assert (result.code, "has the key ('industry',) more than once" in result.err) == (2, True)


# Change files.

CELL = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=4).filter(
    lambda text: "\r" not in text
)
KEY = st.text('ab,"\n数', min_size=1, max_size=2)
ID = st.sampled_from(["a", "b", "c", "d", '"', "数"])  # few, so that they meet again


KEYS = {"records": ["id"], "retired_ids": ["table", "id"]}


def table_rows(width: int) -> st.SearchStrategy[list[tuple[str, ...]]]:
    return st.lists(st.tuples(KEY, KEY, *[CELL] * width), max_size=6, unique_by=lambda row: row[:2])


@st.composite
def packages(draw: st.DrawFn) -> dict[str, Any]:
    """Tables of a composite key, each with some of three more fields in some order."""
    return {
        name: draw(
            st.permutations(["x", "y", "z"]).flatmap(
                lambda names: st.integers(0, 3).flatmap(
                    lambda width: st.tuples(
                        st.just(["k1", "k2", *names[:width]]), table_rows(width)
                    )
                )
            )
        )
        for name in draw(st.lists(st.sampled_from(["one", "two", "three"]), unique=True))
    }


@st.composite
def pairs(draw: st.DrawFn) -> tuple[dict[str, Any], dict[str, Any]]:
    """Two versions of a package, with records of one id that go, are retired and renamed."""
    before, after = draw(packages()), draw(packages())
    ids = st.lists(ID, unique=True, max_size=6)
    for tables in (before, after):
        rows = [(each, draw(CELL)) for each in draw(ids)]
        tables["records"] = (["id", "x"], rows)
    gone = draw(st.lists(ID, unique=True, max_size=6))
    replacements = [draw(st.one_of(st.just(""), ID)) for _ in gone]
    stones = [("records", old, new) for old, new in zip(gone, replacements, strict=True)]
    after["retired_ids"] = (["table", "id", "replaced_by"], stones)
    return before, after


def write_package(folder: Path, tables: dict[str, Any], version: str) -> Path:
    from ycd_opendata.package.canonical import csv_text

    folder.mkdir()
    resources = []
    for name, (fields, body) in tables.items():
        described = [{"name": each, "type": "string"} for each in fields]
        key = KEYS.get(name, ["k1", "k2"])
        table_schema = {"fields": described, "primaryKey": key, "missingValues": [""]}
        resources.append({"name": name, "path": f"{name}.csv", "schema": table_schema})
        (folder / f"{name}.csv").write_text(csv_text([fields, *body]), "utf-8", newline="")
    return describe(folder, resources, name="generated", version=version)


@examples(3)
@given(pairs())
def test_a_change_file_makes_the_new_package_of_the_old(
    pair: tuple[dict[str, Any], dict[str, Any]],
) -> None:
    before, after = pair
    with tempfile.TemporaryDirectory() as name:
        old = read_package(write_package(Path(name, "old"), before, "1.0.0"))
        new = read_package(write_package(Path(name, "new"), after, "2.0.0"))
        changes = json.loads("".join(change_file(compare(old, new))))
        Path(name, "made").mkdir()
        made = apply_changes(old, changes, Path(name, "made"))
        assert list(own_tables(made)) == list(own_tables(new))
        for table, resource in own_tables(new).items():
            expected, got = read_values(new, resource), read_values(made, own_tables(made)[table])
            assert got.columns == expected.columns
            assert sorted(map(repr, got.rows())) == sorted(map(repr, expected.rows()))
        assert compare(new, made).groups == ()


@examples(3)
@given(pairs())
def test_each_record_that_went_is_told_once(pair: tuple[dict[str, Any], dict[str, Any]]) -> None:
    """Against a reading of the rules in plain Python."""
    before, after = pair
    old = {id_ for id_, _ in before["records"][1]}
    new = {id_ for id_, _ in after["records"][1]}
    tombstones = {id_: into for _, id_, into in after["retired_ids"][1]}
    with tempfile.TemporaryDirectory() as name:
        packages = [
            read_package(write_package(Path(name, side), tables, version))
            for side, tables, version in (("old", before, "1.0.0"), ("new", after, "2.0.0"))
        ]
        comparison = compare(*packages)
        changes = [each for each in comparison.changes() if each.table == "records"]
        count = sum(1 for _ in comparison.changes())
    assert comparison.count == count
    told: dict[str, dict[str, Any]] = {}
    for each in changes:
        if each.key:
            told.setdefault(each.kind, {})[str(each.key[0][1])] = each.after
    renamed = {id_: after["id"] for id_, after in told.get("record-renamed", {}).items()}
    gone = old - new
    assert set(told.get("record-removed", ())) == gone - set(tombstones)
    assert {*renamed, *told.get("record-retired", ())} == gone & set(tombstones)
    assert len(set(renamed.values())) == len(renamed)
    assert {tombstones[id_] for id_ in gone & set(tombstones)} & (new - old) == set(
        renamed.values()
    )
    assert all(tombstones[id_] == into for id_, into in renamed.items())
    assert set(told.get("record-added", ())) == new - old - set(renamed.values())


def test_changes_are_not_kept(tmp_path: Path) -> None:
    """However many there are, each is made when it is asked for and then forgotten."""
    fields = ["id", *"vwxyz"]
    sides = []
    for side, version in (("old", "1.0.0"), ("new", "1.0.1")):
        body = [(f"r{number}", *[side] * 5) for number in range(1500)]
        sides.append(
            read_package(write_package(tmp_path / side, {"records": (fields, body)}, version))
        )
    comparison = compare(*sides)
    assert (comparison.count, len(comparison.groups)) == (7_500, 5)
    for write in (as_text, *FORMATS.values()):
        tracemalloc.start()
        length = sum(len(piece) for piece in write(comparison))
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert peak < 1_000_000
        assert length > 1_000


def test_a_change_file_fits_one_package_only(small: Path, tmp_path: Path) -> None:
    new = write_small(tmp_path / "new")
    rows("targets", lambda each: each[0].update(locator="p. 9"))(new)
    comparison = compare(read_package(small), read_package(new))
    changes = json.loads("".join(change_file(comparison)))
    (tmp_path / "made").mkdir()
    with pytest.raises(DataError, match="another record"):
        apply_changes(read_package(new), changes, tmp_path / "made")
    with pytest.raises(DataError, match=r"start from version 0\.9\.0"):
        apply_changes(read_package(small), {**changes, "old": "0.9.0"}, tmp_path / "made")
    with pytest.raises(DataError, match="no change file"):
        apply_changes(read_package(small), {}, tmp_path / "made")
