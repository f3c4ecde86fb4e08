"""The engine that reads tables in pieces reports what the fast one does, whatever the pieces."""

from __future__ import annotations

import csv
import gzip
import io
import os
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from examples import examples
from hypothesis import given
from hypothesis import strategies as st
from packages import edit_json
from test_agreement import DIALECTS, Made, packages, write

from ycd_opendata.errors import PackageError
from ycd_opendata.package.model import Package
from ycd_opendata.package.reading import read_descriptor, read_package
from ycd_opendata.package.tables.sections import Range, RangeCounts, count_range
from ycd_opendata.validation.descriptor.descriptor_layer import check_descriptor
from ycd_opendata.validation.findings import LayerResult
from ycd_opendata.validation.structure.distributed import execution, jobs
from ycd_opendata.validation.structure.distributed.execution import InProcess
from ycd_opendata.validation.structure.distributed.jobs import TableJob
from ycd_opendata.validation.structure.distributed.spread_engine import SpreadEngine
from ycd_opendata.validation.structure.distributed.task_records import UNIQUE, Record
from ycd_opendata.validation.structure.distributed.tasks import Summary
from ycd_opendata.validation.structure.fast.engine import FastEngine

ALL = 10**9


def spread(package: Package, size: int, limit: int = ALL, near: int = 0) -> LayerResult:
    """What the engine finds in pieces of about so many bytes."""
    return SpreadEngine(limit, lambda: nullcontext(InProcess()), size, near).check(package)


def same(
    folder: Path, size: int, limit: int = ALL, near: int = 0
) -> tuple[LayerResult, tuple[str, ...]]:
    """What both engines find, which is the same, and why tables were not cut."""
    package = read_package(folder)
    fast, found = FastEngine(limit).check(package), spread(package, size, limit, near)
    assert found.findings == fast.findings
    assert Counter(found.unlisted) == Counter(fast.unlisted)
    assert found.declared == fast.declared
    notes = found.layer.notes[: len(found.layer.notes) - len(fast.layer.notes)]
    assert found.layer == replace(fast.layer, notes=(*notes, *fast.layer.notes))
    return found, notes


def lines(rows: list[list[str]], quoting: Any = csv.QUOTE_MINIMAL, end: str = "\n") -> bytes:
    stream = io.StringIO(newline="")
    csv.writer(stream, lineterminator=end, quoting=quoting).writerows(rows)
    return stream.getvalue().encode()


@examples(10)
@given(
    made=packages(),
    dialect=DIALECTS,
    size=st.integers(1, 40),
    limit=st.sampled_from([ALL, ALL, 0, 1, 2]),
    near=st.sampled_from([0, 0, 40, 10_000]),
    a_row=st.sampled_from([0, 0, 2**12]),
)
def test_random_packages_get_the_same_report(
    made: Made,
    dialect: dict[str, Any],
    size: int,
    limit: int,
    near: int,
    a_row: int,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """Whatever is read at once, and however the rows of wrong keys are read once more."""
    folder = tmp_path_factory.mktemp("made")
    write(folder, made, **({"dialect": dialect} if dialect else {}))
    if check_descriptor(read_descriptor(folder)).usable is not None:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(jobs, "_BYTES_FOR_A_ROW", a_row)
            same(folder, size, limit, near)


KEYS: Made = {
    "main": (
        {
            "fields": [
                {"name": "a", "type": "integer"},
                {"name": "b", "type": "string", "constraints": {"unique": True}},
                {"name": "c", "type": "string"},
            ],
            "primaryKey": ["a", "c"],
            "uniqueKeys": [["b", "c"]],
            "foreignKeys": [
                {"fields": ["a", "c"], "reference": {"resource": "", "fields": ["a", "b"]}},
                {"fields": "b", "reference": {"resource": "other", "fields": "k"}},
                {"fields": "a", "reference": {"resource": "other", "fields": "k"}},
            ],
            "rules": [{"name": "not-nine", "expression": "a < 9", "message": "9", "hint": "less"}],
        },
        lines(
            [
                ["a", "b", "c"],
                ["1", "x", 'say "no"\nor yes'],
                ["01", "y", 'say "no"\nor yes'],
                ["9", "x", ""],
                ["", "", "z"],
                ["none", "", ""],
                [],
                ["2", "x, 1", "1"],
                ["2"],
                ["2", "x", "1", "more"],
                ["", "", ""],
            ]
        ),
    ),
    "other": (
        {"fields": [{"name": "k", "type": "string"}]},
        lines([["k"], ["x"], ["line\nend"], ["x"]]),
    ),
}
"""Keys that are empty, partly so, repeated, of another type and without a target; and a rule."""


@pytest.mark.parametrize(
    ("size", "near", "limit", "a_row"),
    [
        *[(1, 0, ALL, 0), (1, 0, 0, 2**12), (1, 60, 1, 0), (1, 60, 2, 2**12)],
        *[(7, 0, 2, 2**12), (7, 10_000, ALL, 0), (10_000, 0, 0, 2**12), (10_000, 60, 1, 0)],
    ],
)
def test_keys_are_compared_across_pieces(
    tmp_path: Path, size: int, near: int, limit: int, a_row: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "_BYTES_FOR_A_ROW", a_row)
    write(tmp_path, KEYS)
    found, notes = same(tmp_path, size, limit, near)
    assert notes == ()
    if limit == ALL:
        codes = {each.code for each in found.findings}
        assert {
            "primary-key",
            "unique-error",
            "foreign-key",
            "not-nine",
            "key-part-missing",
        } <= codes
        assert (
            any(each.key is None for each in found.findings if each.code == "unique-error") is False
        )


@pytest.mark.parametrize("near", [0, 10])
def test_an_empty_text_that_refers_to_nothing(tmp_path: Path, near: int) -> None:
    to_known = {"fields": "b", "reference": {"resource": "known", "fields": "a"}}
    schema = {**NUMBERED, "missingValues": ["-"], "foreignKeys": [to_known]}
    known = {"fields": [{"name": "a", "type": "string"}]}
    write(tmp_path, {"known": (known, b"a\nx\n"), "main": (schema, b"a,b\n1,x\n2,\n3,-\n")})
    found, _ = same(tmp_path, 5, near=near)
    assert [(each.code, each.row) for each in found.findings] == [("foreign-key", 3)]


def test_keys_of_a_table_without_a_primary_key(tmp_path: Path) -> None:
    schema = {"fields": [{"name": "a", "constraints": {"unique": True}, "type": "string"}]}
    write(tmp_path, {"main": (schema, b"a\n1\n1\n")})
    found, _ = same(tmp_path, 2)
    assert [(each.row, each.key, each.value) for each in found.findings] == [(3, None, "1")]


def test_what_is_switched_off_takes_no_place_of_others(tmp_path: Path) -> None:
    write(tmp_path, KEYS)
    (tmp_path / "ycd.toml").write_text('[validate]\noff = ["primary-key", "type-error"]\n', "utf-8")
    found, _ = same(tmp_path, 5, limit=1)
    assert "primary-key" in {each.code for each in found.findings}


NUMBERED = {
    "fields": [{"name": "a", "type": "integer"}, {"name": "b", "type": "string"}],
    "primaryKey": ["a"],
}


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_several_files(tmp_path: Path, end: str) -> None:
    first = lines([["a", "b"], ["1", "x"], ["y", "2"]], end=end)
    second = lines([["a", "b"], ["2", ""], ["1", "x"], ["z", ""]], end=end).rstrip()
    write(tmp_path, {"main": (NUMBERED, [first, second, b"a,b" + end.encode(), second])})
    for size in (1, 3, 9):
        found, notes = same(tmp_path, size)
        assert notes == ()
        assert {each.path for each in found.findings} == {"main.csv", "main1.csv", "main3.csv"}


def quoted_lines(count: int) -> bytes:
    rows = [["a", "b"], *([str(at), 'x\n"y"' * (at % 3)] for at in range(count)), ["z", ""]]
    return lines(rows, csv.QUOTE_ALL)


UNCUT = {
    "a quote in a cell": (quoted_lines(9).replace(b'"5"', b'a"5'), "quotes"),
    "a quote that is not closed": (b'a,b\n1,"2\n3,4\n5,6\n', "quotes"),
    "line ends of both kinds in a cell": (b'a,b\n1,"x\r\ny"\n2,\n', "irregular"),
    "old line ends": (b"a,b\n1,2\r3,4\n", "irregular"),
    "rows above": (b"one\ntwo\n# x\na,b\n1,2\nz,4\n", ""),
}


@pytest.mark.parametrize("case", UNCUT)
def test_what_cannot_be_cut_is_read_in_one_go(tmp_path: Path, case: str) -> None:
    content, why = UNCUT[case]
    dialect = {"headerRows": [4]} if case == "rows above" else {}
    write(tmp_path, {"main": (NUMBERED, content)}, dialect=dialect)
    for size in (1, 4, 11):
        _, notes = same(tmp_path, size)
        assert len(notes) == bool(why)
        assert all(why in each for each in notes)


@pytest.mark.parametrize(
    ("name", "more", "encoding"),
    [
        ("t.csv.gz", {}, "utf-8"),
        ("t.tsv", {}, "utf-8"),
        ("t.csv", {"encoding": "gb18030"}, "gb18030"),
        ("t.csv", {"dialect": {"commentRows": [2]}}, "utf-8"),
    ],
)
def test_other_files_are_read_in_one_go(
    tmp_path: Path, name: str, more: dict[str, Any], encoding: str
) -> None:
    write(tmp_path, {"main": KEYS["other"], "other": KEYS["other"]})
    text = "k\n表\nx\ny\nx\nz\n"
    (tmp_path / name).write_bytes(
        gzip.compress(text.encode()) if name.endswith(".gz") else text.encode(encoding)
    )

    def change(raw: dict[str, Any]) -> None:
        main = raw["resources"][0]
        main |= {"path": name, **more}
        main["schema"] |= {"primaryKey": ["k"]}
        key = {"fields": "k", "reference": {"resource": "other", "fields": "k"}}
        main["schema"]["foreignKeys"] = [key]

    edit_json(tmp_path / "datapackage.json", change)
    found, notes = same(tmp_path, 2)
    assert len(notes) == 1
    assert notes[0].startswith("main: read by one task, because ")
    assert {"primary-key", "foreign-key"} <= {each.code for each in found.findings}


def test_a_mark_at_the_start_is_no_text(tmp_path: Path) -> None:
    schema = {"fields": [{"name": "a", "type": "integer"}]}
    write(tmp_path, {"main": (schema, "\ufeffa\n1\nx\n".encode())}, encoding="utf-8-sig")
    found, notes = same(tmp_path, 2)
    assert (notes, [each.row for each in found.findings]) == ((), [3])


def test_what_only_frictionless_reads_is_left_to_it(tmp_path: Path) -> None:
    """Bytes that are no text come late; and a table that refers to that one goes with it."""
    write(tmp_path, KEYS)
    (tmp_path / "other.csv").write_bytes(b"k\n" + b"%s\n" % (b"x" * 400) * 300 + b"\xff\n")
    found, _ = same(tmp_path, 100_000)
    assert [each.code for each in found.findings if each.resource == "other"] == ["encoding-error"]


def test_a_file_that_a_task_cannot_reach(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, KEYS)

    def gone(path: str, *_: int) -> bytes:
        raise FileNotFoundError(2, "No such file or directory", path)

    monkeypatch.setattr("ycd_opendata.package.tables.sections.read_range", gone)
    with pytest.raises(PackageError, match=r"cannot read the table 'main': .*main\.csv: No such"):
        spread(read_package(tmp_path), 10_000)


class Elsewhere(InProcess):
    """Tasks that are done in another folder than the one the command runs in."""

    def check(self, jobs: Sequence[TableJob]) -> Mapping[int, Sequence[Summary]]:
        os.chdir("/")
        return super().check(jobs)


def test_a_path_from_here_means_the_same_elsewhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, KEYS)
    monkeypatch.chdir(tmp_path)
    package = read_package(Path())
    expected = FastEngine(ALL).check(package)
    found = SpreadEngine(ALL, lambda: nullcontext(Elsewhere()), 40).check(package)
    assert found.findings == expected.findings


def test_a_wrong_count_is_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the other tests compare differs where the plan is wrong."""
    write(tmp_path, KEYS)

    def miscounted(each: Range) -> RangeCounts:
        counted = count_range(each)
        return counted._replace(rows=(counted.rows[0] + (each.start > 30), counted.rows[1]))

    monkeypatch.setattr(execution, "count_range", miscounted)
    with pytest.raises(AssertionError):
        same(tmp_path, 7)


def test_records_that_were_not_sorted_are_refused() -> None:
    """Their groups would be taken for several, and keys in two of them for unique."""
    from ycd_opendata.validation.structure.distributed.wrong_keys import in_groups

    made = [Record(1, UNIQUE, 0, bucket=bucket) for bucket in (0, 0, 1, 2)]
    assert [*in_groups(["bucket"], iter, made)] == made
    with pytest.raises(RuntimeError, match="did not sort"):
        list(in_groups(["bucket"], iter, [*made, made[0]]))
