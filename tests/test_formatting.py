from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from conftest import RunYcd
from hypothesis import given
from hypothesis import strategies as st
from packages import ROOT, describe

from ycd_opendata.package.canonical import canonical_rows, clean_cell, csv_text
from ycd_opendata.package.reading import parse_schema, read_package
from ycd_opendata.package.tables import limits
from ycd_opendata.package.tables.rows import parse_rows
from ycd_opendata.publishing.formatting import Formatted, reformat, regenerate
from ycd_opendata.validation.run import validate

SCHEMA = parse_schema({"fields": [{"name": "id"}, {"name": "text"}], "primaryKey": "id"})
DATES = "data/dates.csv"


def write_table(folder: Path, content: bytes, **others: Any) -> Path:
    """A package that is not ours, of one table of an integer key and a text."""
    fields = [{"name": "id", "type": "integer"}, {"name": "text"}]
    schema = {"fields": fields, "primaryKey": ["id"], **others.pop("schema", {})}
    name = others.setdefault("path", "t.csv")
    describe(folder, [{"name": "t", "schema": schema, **others}])
    if isinstance(name, str):
        (folder / name).write_bytes(content)
    return folder


def test_the_repository_is_in_canonical_form() -> None:
    package = read_package(ROOT)
    found = reformat(package)
    assert (found.changes, found.refused) == ((), ())
    assert regenerate(package, found) == Formatted()
    assert (found.canonical, found.skipped) == (len(package.resources), {})


def test_format_mends_what_a_machine_can_mend(ycd: RunYcd, small: Path) -> None:
    path = small / DATES
    before = path.read_bytes()
    header, *rows = before.decode().splitlines()
    messy = [header, "", rows[1], rows[0].replace(",delivered,", ',"delivered ",')]
    messy[2] = messy[2].replace(",CN-", ",  CN-")
    path.write_bytes(b"\xef\xbb\xbf" + "\r\n".join(messy).encode())
    assert not validate(small).valid
    result = ycd("format", small)
    assert (result.code, result.out.splitlines()[0]) == (0, f"wrote {DATES}")
    assert ycd("format", small).out == "0 files changed\n"
    assert ycd("format", small, "--check").code == 0
    assert validate(small).valid
    assert len(path.read_bytes().splitlines()) == len(before.splitlines())


def test_check_shows_a_diff_and_changes_nothing(ycd: RunYcd, small: Path) -> None:
    path = small / DATES
    messy = path.read_bytes().replace(b"\n", b"\r\n")
    path.write_bytes(messy)
    result = ycd("format", small, "--check")
    assert result.code == 1
    assert f"--- {DATES}" in result.out
    assert "\\r" in result.out
    assert "run `ycd format`" in result.err
    assert path.read_bytes() == messy


def test_unicode_is_composed_and_cells_are_trimmed() -> None:
    assert clean_cell("\u3000cafe\u0301 \t") == "caf\u00e9"


@pytest.mark.parametrize(
    ("type_", "cells", "expected"),
    [
        ("integer", "10 9 -1", "-1 9 10"),
        ("string", "10 9 a A 中", "10 9 A a 中"),
        ("integer", "x 2 1", "1 2 x"),
        ("integer", "--5 +3 2 +-1 - +", "2 +3 + +-1 - --5"),
        ("integer", "1_000 ١٢ ９ 7", "7 ９ ١٢ 1_000"),
        ("integer", f"{'9' * 5000} 3 {'1' * 5000} 1.5", f"3 1.5 {'1' * 5000} {'9' * 5000}"),
    ],
)
def test_rows_are_sorted_by_key(type_: str, cells: str, expected: str) -> None:
    schema = parse_schema({"fields": [{"name": "id", "type": type_}], "primaryKey": ["id"]})
    text = csv_text([["id"], *canonical_rows([[cell] for cell in cells.split()], schema)])
    assert text.split()[1:] == expected.split()


def test_without_a_key_rows_keep_their_order() -> None:
    schema = parse_schema({"fields": [{"name": "id"}]})
    assert csv_text(canonical_rows([["b"], ["a"]], schema)) == "b\na\n"


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"id,text\n2,b\n1,a", b"id,text\n1,a\n2,b\n"),
        (b'id,text\r\n2, b \r\n\r\n1,"a"\r\n', b"id,text\r\n1,a\r\n2, b \r\n"),
        (b"\xef\xbb\xbfid,text\n2,b\n1,a\n", b"\xef\xbb\xbfid,text\n1,a\n2,b\n"),
        ("id,text\n2,cafe\u0301\n1,x\n".encode(), "id,text\n1,x\n2,cafe\u0301\n".encode()),
        (b'id,text\n2,"b\n1,c"\n1,5" pipe\n', b'id,text\n1,"5"" pipe"\n2,"b\n1,c"\n'),
    ],
)
def test_what_the_owner_of_another_package_chose_stays(
    ycd: RunYcd, tmp_path: Path, content: bytes, expected: bytes
) -> None:
    folder = write_table(tmp_path, content)
    assert ycd("format", folder, "--check").code == 1
    assert (tmp_path / "t.csv").read_bytes() == content
    result = ycd("format", folder)
    assert (result.code, result.out) == (0, "wrote t.csv\n1 file changed\n")
    assert (tmp_path / "t.csv").read_bytes() == expected
    assert ycd("format", folder, "--check").out == "every table is in canonical form\n"


@pytest.mark.parametrize(
    ("encoding", "dialect"),
    [
        ("cp1252", {"delimiter": ";"}),
        ("latin-1", {"delimiter": "\t", "quoteChar": "'"}),
        ("gb18030", {"delimiter": ",", "skipInitialSpace": True, "lineTerminator": "\r\n"}),
        ("utf-8", {"csvddfVersion": 1.2, "delimiter": ";", "header": True}),
    ],
)
def test_dialect_and_encoding_stay(
    ycd: RunYcd, tmp_path: Path, encoding: str, dialect: dict[str, Any]
) -> None:
    sign = dialect["delimiter"]
    letter = "长" if encoding == "gb18030" else "é"
    before, after = ([["id", "text"], *rows] for rows in ([["2", letter], ["1", "a"]],) * 2)
    after = [after[0], after[2], after[1]]
    texts = ["".join(f"{sign.join(row)}\n" for row in rows) for rows in (before, after)]
    folder = write_table(tmp_path, texts[0].encode(encoding), encoding=encoding, dialect=dialect)
    assert ycd("format", folder).out == "wrote t.csv\n1 file changed\n"
    assert (tmp_path / "t.csv").read_bytes() == texts[1].encode(encoding)


@pytest.mark.parametrize(
    ("content", "others", "said"),
    [
        (b'id,text\n1,"a\n2,b\n3,c\n', {}, "line 2 is not delimited text"),
        (b'id,text\n2,b\n1,"a"x\n', {}, "line 3 is not delimited text"),
        (b'id,text\n2,"a\n3,"b\n1,c\n', {}, "line 2 is not delimited text"),
        (b"id,text\n2,caf\xe9\n", {}, "line 2, byte 14 of the file is not utf-8"),
        ("id,text\n2,长\n".encode(), {"encoding": "ascii"}, "is not ascii"),
        (b"id,text\n", {"encoding": "no-such"}, "nobody knows its encoding 'no-such'"),
        (b"id,text\n2,+AGE-\n", {"encoding": "utf-7"}, "in an unusual way"),
        (b"id,text\n2,b\n1\n", {}, "line 3 has 1 cells, expected 2"),
        (b"id,text\n2,b,c\n", {}, "line 2 has 3 cells, expected 2"),
        (b"text,id\nb,2\na,1\n", {}, "incorrect-label 'text'"),
        (b"id,id\n2,1\n", {}, "duplicate-label 'id'"),
        (b"id,id\n2,1\n", {"schema": {"fieldsMatch": "subset"}}, "its header is ambiguous"),
        (b"text\nb\n", {"schema": {"fieldsMatch": ["superset"]}}, "its header is not"),
        (b"", {}, "it is empty"),
        (b"\n2,b\n", {}, "its header is not in its first line"),
        (b"id,text\n2, b\n1,' c'\n", {"dialect": {"skipInitialSpace": True, "quoteChar": "'"}}, ""),
    ],
)
def test_what_is_not_understood_is_left_as_it_is(
    ycd: RunYcd, tmp_path: Path, content: bytes, others: dict[str, Any], said: str
) -> None:
    folder = write_table(tmp_path, content, **others)
    if not said:
        # Some versions of Python's csv quote the space and some do not; either way it is not lost.
        assert ycd("format", folder).code in (0, 2)
        rows = parse_rows((tmp_path / "t.csv").read_text("utf-8"), others["dialect"])
        assert sorted(row.cells for row in rows) == [["1", " c"], ["2", "b"], ["id", "text"]]
        return
    for command in (["format", folder], ["format", folder, "--check"]):
        result = ycd(*command)
        assert result.code == 2
        line, _ = result.err.splitlines()
        assert line.startswith("ycd: 't.csv' is left as it is: ")
        assert said in line
        assert result.out == ""
        assert (tmp_path / "t.csv").read_bytes() == content


def test_a_pattern_that_backtracks_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "_TICK", 0.02)
    monkeypatch.setattr(limits, "_TICKS", 2)
    slow = {"name": "text", "constraints": {"pattern": "(a+)+$"}}
    fields = [{"name": "id", "type": "integer"}, slow]
    content = b"id,text\n1," + b"a" * 60 + b"!\n2," + b"a" * 61 + b"!\n"
    found = reformat(read_package(write_table(tmp_path, content, schema={"fields": fields})))
    assert (found.changes, found.refused) == ((), ())


def test_one_that_is_not_understood_does_not_hide_the_others(ycd: RunYcd, repository: Path) -> None:
    broken, messy = repository / "data/targets.csv", repository / DATES
    broken.write_bytes(broken.read_bytes() + b'"')
    messy.write_bytes(messy.read_bytes().replace(b"\n", b"\r\n"))
    result = ycd("format", repository)
    assert result.code == 2
    assert f"wrote {DATES}" in result.out.splitlines()
    assert "'data/targets.csv' is left as it is" in result.err


@pytest.mark.parametrize(
    ("others", "why"),
    [
        ({"dialect": {"commentChar": "#"}}, "its dialect has commentChar"),
        ({"dialect": {"header": False, "escapeChar": "!"}}, "its dialect has escapeChar, header"),
        ({"dialect": {"csv": {"delimiter": ";"}}}, "its dialect has csv"),
        ({"path": "t.csv.gz", "compression": "gz"}, "it is compressed"),
        ({"path": "t.json"}, "it is no CSV file"),
        ({"format": "tsv"}, "it is no CSV file"),
        ({"path": ["a.csv", "b.csv"]}, "it is in 2 files"),
    ],
)
def test_what_is_skipped_is_said_and_never_called_canonical(
    ycd: RunYcd, tmp_path: Path, others: dict[str, Any], why: str
) -> None:
    folder = write_table(tmp_path, b"id,text\n2,b\n1,a\n", **others)
    for more, last in (
        ([], "0 files changed"),
        (["--check"], "tables in canonical form: 0; left alone: 1"),
    ):
        result = ycd("format", folder, *more)
        assert (result.code, result.err) == (0, "")
        assert result.out.splitlines() == [f"skipped t: {why}", last]


def test_columns_in_another_order_keep_it(ycd: RunYcd, tmp_path: Path) -> None:
    folder = write_table(tmp_path, b"text,id\nb,10\na,9\n", schema={"fieldsMatch": ["equal"]})
    assert ycd("format", folder).code == 0
    assert (tmp_path / "t.csv").read_bytes() == b"text,id\na,9\nb,10\n"


def test_a_link_is_followed_and_mode_and_owner_stay(ycd: RunYcd, tmp_path: Path) -> None:
    folder = write_table(tmp_path, b"")
    (folder / "t.csv").unlink()
    target = folder / "real.csv"
    target.write_bytes(b"id,text\n2,b\n1,a\n")
    target.chmod(0o640)
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        os.chown(target, 1234, 5678)
    before = target.stat()
    (folder / "t.csv").symlink_to("real.csv")
    assert ycd("format", folder).code == 0
    assert (folder / "t.csv").is_symlink()
    assert target.read_bytes() == b"id,text\n1,a\n2,b\n"
    after = target.stat()
    assert (after.st_mode, after.st_uid, after.st_gid) == (
        before.st_mode,
        before.st_uid,
        before.st_gid,
    )
    assert sorted(each.name for each in folder.iterdir()) == [
        "datapackage.json",
        "real.csv",
        "t.csv",
    ]


def test_a_link_out_of_the_package_is_refused(ycd: RunYcd, tmp_path: Path) -> None:
    folder = tmp_path / "package"
    folder.mkdir()
    write_table(folder, b"")
    outside = tmp_path / "outside.csv"
    outside.write_bytes(b"id,text\n2,b\n1,a\n")
    (folder / "t.csv").unlink()
    (folder / "t.csv").symlink_to(outside)
    result = ycd("format", folder)
    assert result.code == 2
    assert "leads out of the package's folder" in result.err
    assert outside.read_bytes() == b"id,text\n2,b\n1,a\n"


def test_a_file_that_may_not_be_written_changes_nothing(
    ycd: RunYcd, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write_table(tmp_path, b"id,text\n2,b\n1,a\n")
    monkeypatch.setattr("os.access", lambda _, mode: mode != os.W_OK)
    result = ycd("format", folder)
    assert (result.code, result.out) == (2, "")
    assert "'t.csv' may not be written" in result.err
    assert (tmp_path / "t.csv").read_bytes() == b"id,text\n2,b\n1,a\n"


def test_a_write_that_fails_leaves_the_file_whole(
    ycd: RunYcd, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write_table(tmp_path, b"id,text\n2,b\n1,a\n")

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", fail)
    result = ycd("format", folder)
    assert (result.code, result.err) == (2, "ycd: No space left on device\n")
    assert (tmp_path / "t.csv").read_bytes() == b"id,text\n2,b\n1,a\n"
    assert len(list(tmp_path.iterdir())) == 2


def test_the_diff_hides_no_character(ycd: RunYcd, tmp_path: Path) -> None:
    folder = write_table(tmp_path, "id,text\n2,\x1b[2J\u2028\u200b\n1,长".encode())
    out = ycd("format", folder, "--check").out
    assert "\n 2,\\x1b[2J\\u2028\\u200b\n" in out
    assert "-1,长\n\\ no line end\n" in out


@given(st.lists(st.tuples(st.text(), st.text())))
def test_canonical_text_is_read_back_and_stays_as_it_is(rows: list[tuple[str, str]]) -> None:
    text = csv_text([["id", "text"], *canonical_rows(rows, SCHEMA)])
    header, *body = parse_rows(text, {})
    assert header.cells == ["id", "text"]
    assert sorted(tuple(row.cells) for row in body) == sorted(rows)
    assert csv_text([header.cells, *canonical_rows([row.cells for row in body], SCHEMA)]) == text


@given(st.lists(st.lists(st.text(), min_size=2, max_size=2), min_size=1))
def test_lines_of_rows_are_physical_lines(rows: list[list[str]]) -> None:
    text = csv_text(rows)
    line = 1
    for row, cells in zip(parse_rows(text, {}), rows, strict=True):
        assert (row.line, list(row.cells)) == (line, cells)
        line += len(csv_text([cells]).replace("\r\n", "\n").replace("\r", "\n").split("\n")) - 1
