"""What strangers' packages lost or were refused for, each in the smallest form that shows it."""

from __future__ import annotations

import gzip
import io
import json
import shutil
import sys
import zipfile
from collections.abc import Callable
from errno import ENOSPC
from pathlib import Path
from typing import Any

import openpyxl
import openpyxl.chart
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from conftest import RunYcd
from formats_of_tables import in_csv, in_json, in_parquet
from packages import edit_json, zipped
from test_faults_values import built, field, package, table
from xlsxwriter.exceptions import FileCreateError

from ycd_opendata.validation.run import validate
from ycd_opendata.validation.structure.fast import engine
from ycd_opendata.validation.structure.fast.parquet_tables import parquet

LARGE = 2**53 + 1


KEY = {"fields": "a", "reference": {"resource": "k", "fields": "a"}}


def test_a_gap_in_parquet_is_released_as_it_was_validated(ycd: RunYcd, tmp_path: Path) -> None:
    """By way of pandas it was a number that is none, and its column one of floats."""
    columns = {"a": [LARGE, None], "b": [1.5, None], "c": pa.array([0.5, 2], pa.float32())}
    pq.write_table(pa.table(columns), tmp_path / "t.parquet")
    fields = (field("a", "integer"), field("b", "number"), field("c", "number"))
    release = built(ycd, package(tmp_path, {}, [table(*fields, path="t.parquet")]))
    assert in_csv(release)[1:] == [[str(LARGE), "1.5", "0.5"], ["", "", "2.0"]]
    assert in_json(release)[1]["a"] is None
    assert [each["a"] for each in in_parquet(release)] == [LARGE, None]


def test_numbers_of_parquet_keep_their_digits(ycd: RunYcd, tmp_path: Path) -> None:
    columns = {"a": [LARGE, 1], "b": [1.5, 2.5], "c": [{"k": 1}, {"k": 2}]}
    pq.write_table(pa.table(columns), tmp_path / "t.parquet")
    fields = (field("a", "integer"), field("b", "number"), field("c", "object"))
    release = built(ycd, package(tmp_path, {}, [table(*fields, path="t.parquet")]))
    assert in_csv(release)[1] == [str(LARGE), "1.5", '{"k": 1}']


def in_one_file(path: Path) -> bytes:
    pq.write_table(pa.table({"name": ["x"]}), path)
    return path.read_bytes()


@pytest.mark.parametrize("old", [b"name", b"x"])
def test_a_broken_parquet_file_is_a_finding(ycd: RunYcd, tmp_path: Path, old: bytes) -> None:
    """Its names are no text, or its values."""
    content = in_one_file(tmp_path / "t.parquet").replace(old, b"\xff" * len(old))
    folder = package(tmp_path, {"t.parquet": content}, [table(field("name"), path="t.parquet")])
    result = ycd("validate", folder)
    assert (result.code, result.out.count(": error ")) == (1, 1)
    result = ycd("show", "t", folder)
    assert result.code == 2
    assert "cannot read table 't'" in result.err


def test_a_parquet_file_at_which_polars_panics_is_left_to_frictionless(
    ycd: RunYcd, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A panic is no Exception to Python; a byte that is turned in the file is enough for one."""

    def panicking(_: Path) -> pl.LazyFrame:
        raise pl.exceptions.PanicException("assertion failed")

    in_one_file(tmp_path / "t.parquet")
    monkeypatch.setattr(parquet, "scan", panicking)
    result = ycd("validate", package(tmp_path, {}, [table(field("name"), path="t.parquet")]))
    assert result.code == 0
    assert "t: checked by frictionless, because it cannot be read as Parquet" in result.out


def test_an_early_year_that_is_a_number_is_released_as_a_year(ycd: RunYcd, tmp_path: Path) -> None:
    files = {"t.json": '[{"a": 101}, {"a": 2022}]'}
    release = built(ycd, package(tmp_path, files, [table(field("a", "year"), path="t.json")]))
    assert in_csv(release)[1:] == [["0101"], ["2022"]]


def test_a_table_whose_rows_are_counted_in_its_descriptor_is_read_as_text(
    ycd: RunYcd, tmp_path: Path
) -> None:
    """frictionless writes `fields` and `rows`; the counts are compared, and the rest goes on."""
    counted = table(field("b"), field("a", "integer"), primaryKey=["a"]) | {"fields": 2, "rows": 2}
    folder = package(tmp_path, {"t.csv": "b,a\ny,2\nx,1\n"}, [counted])
    result = ycd("validate", folder)
    assert result.code == 0
    assert "frictionless" not in result.out
    assert ycd("format", folder).code == 0
    assert (folder / "t.csv").read_text("utf-8") == "b,a\nx,1\ny,2\n"
    result = ycd("validate", package(tmp_path, {}, [counted | {"rows": 3}]))
    assert result.code == 1
    assert 'another number of rows than "rows" says (expected is "3" and actual is "2")' in (
        result.out
    )


def test_versions_that_nobody_says_are_said_to_be_none(ycd: RunYcd, tmp_path: Path) -> None:
    folder = package(tmp_path, {"t.csv": "a\nx\n"}, [table(field("a"))], version="")
    assert ycd("diff", folder, folder).out.startswith("no version to no version: no change")


LONG = "a\n" + "".join(f"{number * 7919 % 100_003}\n" for number in range(20_000))


@pytest.mark.parametrize("path", ["t.csv.gz", "t.csv.zip"])
@pytest.mark.parametrize("text", ["a\n1\n2\n", LONG])
def test_a_packed_file_that_is_cut_off_or_broken_is_a_finding(
    ycd: RunYcd, tmp_path: Path, path: str, text: str
) -> None:
    """Behind its first bytes too, when the table is already being read."""
    packed = gzip.compress(text.encode())
    if path.endswith(".zip"):
        packed = zipped({"t.csv": text})
    half = len(packed) // 2
    # A byte of the data: what stands behind them in a ZIP may be another day.
    at = half if text == LONG else 12 if path.endswith(".gz") else 37
    broken = packed[:at] + bytes([packed[at] ^ 255]) + packed[at + 1 :]
    # In the short archive the byte in the middle says nothing of the text.
    for content in (packed[:-9], packed[:half], *([broken] if text == LONG else [])):
        folder = package(tmp_path, {path: content}, [table(field("a", "integer"), path=path)])
        assert ycd("validate", folder).code == 1
        for command in (["tables", folder], ["show", "t", folder], ["diff", folder, folder]):
            result = ycd(*command)
            assert result.code == (0 if command[0] == "tables" else 2)
            assert result.err.count("cannot read table 't'") == 1


def in_workbook(rows: list[list[str | None]]) -> bytes:
    book, stream = openpyxl.Workbook(), io.BytesIO()
    assert book.active is not None
    for row in rows:
        book.active.append(row)
    book.save(stream)
    return stream.getvalue()


def found_in(folder: Path) -> set[tuple[str, int | None, str | None]]:
    return {(each.code, each.row, each.field) for each in validate(folder).findings}


BEYOND: list[list[str | None]] = [
    ["key", "part", "kind", "count", "word", "pair"],
    ["1", None, "a", "1_000", "yes", "p"],
    ["2", "x", "z", "7", "yesterday", "q"],
    ["3", "x", "a", "8", "no", "q\u200b"],
    ["4", "x", "a", "8", "no", "q"],
]
WRONG = {
    ("key-part-missing", 2, "key, part"),
    ("odd-notation", 2, "count"),
    ("category-unknown", 3, "kind"),
    ("pattern-not-whole", 3, "word"),
    ("untidy-text", 4, "pair"),
    ("unique-keys", 5, "part, pair"),
}


@pytest.mark.parametrize(
    ("path", "written"), [("t.xlsx", in_workbook), ("t.json", json.dumps), ("", lambda rows: rows)]
)
def test_rows_that_only_frictionless_reads_are_checked_beyond_it(
    tmp_path: Path, path: str, written: Callable[[list[list[str | None]]], str | bytes]
) -> None:
    """They were valid, and what was released of them was not."""
    described = table(
        field("key", "integer"),
        field("part"),
        field("kind", categories=["a", "b"]),
        field("count", "integer"),
        field("word", constraints={"pattern": "yes|no"}),
        field("pair"),
        path=path,
        primaryKey=["key", "part"],
        uniqueKeys=[["part", "pair"]],
    )
    if not path:
        described.pop("path")
        described["data"] = written(BEYOND)
    source = package(tmp_path, {path: written(BEYOND)} if path else {}, [described])
    assert found_in(source) == WRONG
    # Findings behind the limit are counted.
    report = validate(source, max_findings=1)
    assert sum(report.unlisted.values()) + len(report.findings) == len(WRONG)
    assert validate(source, "frictionless").valid


@pytest.mark.parametrize("mark", [json.dumps, in_workbook])
def test_a_table_that_refers_to_one_of_those_is_still_read_as_text(
    tmp_path: Path, mark: Callable[[list[list[str | None]]], str | bytes]
) -> None:
    path = "k.json" if mark is json.dumps else "k.xlsx"
    key = {"fields": "k", "reference": {"resource": "keys", "fields": "k"}}
    keys = {**table(field("k"), path=path), "name": "keys"}
    rows = 'k,a\nx,1\nx,"2\nx,3\n'
    source = package(
        tmp_path,
        {"t.csv": rows, path: mark([["k"], ["x"]])},
        [table(field("k"), field("a"), foreignKeys=[key]), keys],
    )
    assert [each.line for each in validate(source).findings if each.code == "unclosed-quote"] == [3]


@pytest.mark.parametrize(
    ("path", "content", "said"),
    [
        ("t.csv", lambda text: text.encode("utf-16"), {"encoding": "utf-16"}),
        ("t.csv", lambda text: text.encode("utf-16-le"), {"encoding": "utf-16-le"}),
        ("t.csv.zip", lambda text: zipped({"t.csv": text}), {}),
        (
            "t.zip",
            lambda text: zipped({"in/a.csv": text}),
            {"format": "csv", "innerpath": "in/a.csv"},
        ),
        ("t.dat", lambda text: zipped({"t.csv": text}), {"format": "csv", "compression": "zip"}),
    ],
)
def test_text_of_two_bytes_a_character_or_in_an_archive_is_read_as_text(
    ycd: RunYcd, tmp_path: Path, path: str, content: Callable[[str], bytes], said: dict[str, str]
) -> None:
    """An unclosed quote swallowed its rows, and they were released without them."""
    described = {**table(field("a"), field("b"), path=path), **said}
    source = package(tmp_path, {path: content('a,b\n1,"x\n2,y\n3,z')}, [described])
    assert [(each.code, each.line) for each in validate(source).findings] == [("unclosed-quote", 2)]
    (source / path).write_bytes(content('a,b\n1,"x\ny"\n2,长\n'))
    assert validate(source).findings == ()
    assert in_csv(built(ycd, source)) == [["a", "b"], ["1", "x\ny"], ["2", "长"]]


@pytest.mark.parametrize(
    ("path", "content", "said"),
    [
        ("t.csv.zip", zipped({"t.csv": "a\n1\n"})[:-9], {}),
        ("t.csv.zip", b"a\n1\n", {}),
        ("t.zip", zipped({"t.csv": "a\n1\n"}), {"format": "csv", "innerpath": "no.csv"}),
        ("t.csv", b"a\n1\n", {"encoding": "utf-16"}),
        ("t.csv", "a\n1\n".encode("utf-16")[:-1], {"encoding": "utf-16"}),
        ("t.csv", b"a\n1\n", {"encoding": "hex"}),
        ("t.csv", b"a\n1\n", {"encoding": "undefined"}),
        ("t.csv", b"a\n1\n", {"dialect": {"csv": {"delimiter": 5}}}),
    ],
)
def test_what_is_no_archive_or_not_in_its_encoding_is_a_finding(
    ycd: RunYcd, tmp_path: Path, path: str, content: bytes, said: dict[str, Any]
) -> None:
    source = package(tmp_path, {path: content}, [{**table(field("a"), path=path), **said}])
    assert not validate(source).valid
    for command in (("show", "t"), ("format",)):
        assert ycd(*command, source).code in (0, 2)


def test_a_schema_without_fields_is_named_by_every_command(ycd: RunYcd, tmp_path: Path) -> None:
    source = package(tmp_path, {"t.csv": "a\n1\n"}, [{**table(), "schema": {"title": "T"}}])
    for command in (("tables",), ("show", "t"), ("profile",)):
        result = ycd(*command, source)
        assert result.code != 0
        assert "the schema of 't': 'fields' is missing" in result.err
    [finding] = validate(source).findings
    lines = (source / "datapackage.json").read_text("utf-8").splitlines()
    assert '"schema"' in lines[(finding.line or 0) - 1]


@pytest.mark.parametrize("kind", ["s3", "file", "ftp"])
def test_an_address_that_no_package_is_read_from_is_no_misspelt_path(
    ycd: RunYcd, kind: str
) -> None:
    for command in ("validate", "verify"):
        assert f"no package is read at {kind}:// addresses" in ycd(command, f"{kind}://b/x").err


def test_keys_of_frictionless_are_no_slips_and_no_nulls(tmp_path: Path) -> None:
    source = package(tmp_path, {"t.csv": "a\n1\n"}, [{"name": "t", "path": "t.csv"}])
    edit_json(source / "datapackage.json", lambda raw: raw["resources"][0].update(scheme="file"))
    assert validate(source).findings == ()
    edit_json(source / "datapackage.json", lambda raw: raw["resources"][0].update(scheme=None))
    [finding] = validate(source).findings
    assert finding.message.startswith("resources[0].scheme is null")


def test_a_file_that_is_no_table_is_not_listed(ycd: RunYcd, tmp_path: Path) -> None:
    resources = [table(field("a")), {"name": "r", "path": "r.txt"}, {"name": "u", "path": "u.csv"}]
    source = package(tmp_path, {"t.csv": "a\n1\n", "r.txt": "hi", "u.csv": "b\n"}, resources)
    listed = ycd("tables", source)
    assert listed.out.splitlines()[1:] == ["t,,,1", "u,,,"]
    assert "'u' has no schema" in listed.err
    assert "'r'" not in listed.err
    assert "keeps no evidence" in ycd("evidence", source).err


def test_an_archive_that_is_no_release_is_called_by_its_own_name(
    ycd: RunYcd, tmp_path: Path
) -> None:
    source = package(tmp_path, {"t.csv": "a\n1\n"}, [table(field("a"))])
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        archive.write(source / "datapackage.json", "datapackage.json")
    assert f"{str(tmp_path / 'x.zip')!r} has no SHA256SUMS" in ycd("verify", tmp_path / "x.zip").err


@pytest.mark.parametrize(
    ("what", "error"),
    [
        ("xlsxwriter.Workbook.close", FileCreateError(OSError(ENOSPC, "No space left"))),
        ("shutil.copytree", shutil.Error([("a", "b", "No space left")])),
    ],
)
def test_a_full_disk_is_told_in_one_line_whoever_meets_it(
    ycd: RunYcd, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str, error: Exception
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise error

    source = package(tmp_path / "source", {"t.csv": "a\n1\n"}, [table(field("a"))])
    monkeypatch.setattr(what, fail)
    result = ycd("build", source, "--out", tmp_path / "dist")
    assert result.code == 2
    [said] = result.err.splitlines()
    assert "No space left" in said
    assert "(" not in said
    assert not [*(tmp_path / "dist").glob("*")]


def test_of_a_workbook_only_sheets_with_cells_are_tables(ycd: RunYcd, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.append(["a", "n"])
    book.active.append([1, 2])
    values = openpyxl.chart.Reference(book.active, min_col=2, min_row=1, max_row=2)
    chart = openpyxl.chart.BarChart()
    chart.add_data(values)
    book.create_chartsheet("Chart").add_chart(chart)
    book.save(tmp_path / "t.xlsx")
    (tmp_path / "blank.csv").write_bytes(b"\n\n")
    made = ycd("init", tmp_path)
    assert "1 table" in made.out
    assert made.err == (
        "ycd: left out blank.csv: the file is empty (mend the file, or move it away)\n"
    )
    assert validate(tmp_path).valid


def test_without_a_library_a_guess_of_the_encoding_is_refused_in_a_sentence(
    ycd: RunYcd, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = package(tmp_path, {"t.csv": b"a\n\xe9\n"}, [table(field("a"))])
    monkeypatch.setitem(sys.modules, "chardet", None)
    assert "guessing an encoding needs libraries" in ycd("show", "t", source).err


@pytest.mark.parametrize("dialect", [{"sheetName": "second"}, {"sheetNumber": 2}])
def test_the_sheet_that_the_standard_s_dialect_names_is_read(
    ycd: RunYcd, tmp_path: Path, dialect: dict[str, Any]
) -> None:
    """The first one was, whatever it says."""
    book, stream = openpyxl.Workbook(), io.BytesIO()
    book.create_sheet("second").append(["a"])
    book["second"].append(["x"])
    book.save(stream)
    described = {**table(field("a"), path="t.xlsx"), "dialect": dialect}
    source = package(tmp_path, {"t.xlsx": stream.getvalue()}, [described])
    assert validate(source).valid
    assert in_csv(built(ycd, source)) == [["a"], ["x"]]
    edit_json(
        source / "datapackage.json",
        lambda raw: raw["resources"][0].update(dialect={"sheetName": "third"}),
    )
    [finding] = validate(source).findings
    assert finding.message.startswith("the table cannot be read: ")
    assert '"third"' in finding.message


@pytest.mark.parametrize(
    "said", [{"dialect": {"json": {"keyed": True}}}, {"compression": "no"}, {"compression": ""}]
)
def test_what_changes_nothing_costs_no_line(tmp_path: Path, said: dict[str, Any]) -> None:
    described = {**table(field("a", "integer")), **said}
    source = package(tmp_path, {"t.csv": "a\nx\n"}, [described])
    assert [each.line for each in validate(source).findings] == [2]


def test_a_null_sequence_is_said_not_to_be_read(tmp_path: Path) -> None:
    described = {**table(field("a")), "dialect": {"nullSequence": "-"}}
    report = validate(package(tmp_path, {"t.csv": "a\n-\n"}, [described]))
    [skipped] = [each for layer in report.layers for each in layer.skipped if "null" in each]
    assert skipped == "t: the nullSequence of its dialect: missingValues are read"


@pytest.mark.parametrize(
    ("path", "text", "said"),
    [
        ("t.jsonl", '{"a": "é"}\n', {}),
        ("t.csv", "a\né\n", {"dialect": {"skipBlankRows": True}}),
        ("t.csv", "a\né\n", {"schema": {"fields": [field("a")], "foreignKeys": [KEY]}}),
    ],
)
def test_a_guess_of_frictionless_is_told_once_and_never_released(
    ycd: RunYcd, tmp_path: Path, path: str, text: str, said: dict[str, Any]
) -> None:
    described = {**table(field("a"), path=path), **said}
    other = {"name": "k", "path": "k.json", "schema": {"fields": [field("a")]}}
    files: dict[str, str | bytes] = {path: text.encode("latin-1"), "k.json": '[{"a": "x"}]'}
    source = package(tmp_path, files, [described, other])
    codes = [each.code for each in validate(source).findings]
    assert codes.count("encoding-guessed") == 1
    assert ycd("build", source, "--out", tmp_path / "dist").code != 0
    assert "nobody says that it is" in ycd("show", "t", source).err


def test_items_of_another_type_are_other_values(ycd: RunYcd, tmp_path: Path) -> None:
    versions = [
        package(
            tmp_path / kind,
            {"t.csv": 'k,a\n1,"1,2"\n'},
            [table(field("k"), field("a", "list", itemType=kind), primaryKey="k")],
        )
        for kind in ("string", "integer")
    ]
    assert json.loads(ycd("diff", *versions, "--format", "json").out)["bump"] == "major"


@pytest.mark.parametrize(
    ("first", "second", "dialect"),
    [
        ('a,b\n1,"x\n', 'a,b\ny"\n3,z\n', {}),
        ('a,b\n1,"x\n', 'a,b\ny",2\n3,z\n', {}),
        ('1,"x', '"y"\n3,z\n', {"header": False}),
        ('a,b\n5",w\n1,"x\n', 'a,b\ny"\n3,z\n', {}),
        ('a,b\nno,no\n1,"x\n', 'a,b\ny"\n3,z\n', {"commentRows": [2]}),
    ],
)
def test_a_quote_is_not_closed_by_the_next_file(
    ycd: RunYcd,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    first: str,
    second: str,
    dialect: dict[str, Any],
) -> None:
    """It was, as far as validation goes, and building refused the table."""
    described = {**table(field("a"), field("b")), "path": ["1.csv", "2.csv"], "dialect": dialect}
    source = package(tmp_path, {"1.csv": first, "2.csv": second}, [described])
    for most in (engine.SMALL_BYTES, -1):
        monkeypatch.setattr(engine, "SMALL_BYTES", most)
        monkeypatch.setattr(engine, "_MANY", 1)
        [found] = [each for each in validate(source).findings if each.code == "unclosed-quote"]
        assert (found.path, found.line) == ("1.csv", first.rstrip("\n").count("\n") + 1)
    assert "is not closed where it ends" in ycd("show", "t", source).err


@pytest.mark.parametrize(
    ("encoding", "dialect"), [("utf-16", {}), ("utf-16-le", {}), ("utf-16-be", {"header": False})]
)
def test_several_wide_files_are_refused_and_never_other_characters(
    ycd: RunYcd, tmp_path: Path, encoding: str, dialect: dict[str, Any]
) -> None:
    """frictionless joins their bytes, and calls the characters that come of it valid."""
    files: dict[str, str | bytes] = {
        f"{at}.csv": f"a\n{text}\n".encode(encoding) for at, text in enumerate(("长三角", "上"))
    }
    described = table(field("a")) | {"path": [*files], "encoding": encoding, "dialect": dialect}
    source = package(tmp_path, files, [described])
    [finding] = validate(source).findings
    assert (finding.code, finding.hint) == ("package-error", "save them as UTF-8")
    assert "cannot be put together" in ycd("show", "t", source).err


def test_format_leaves_a_cell_alone_that_nobody_can_judge(ycd: RunYcd, tmp_path: Path) -> None:
    """Python splits no text at an empty one."""
    described = table(field("a", "integer"), field("b", "list", delimiter=""), primaryKey="a")
    source = package(tmp_path, {"t.csv": "a,b\n2,x\n1, y\n"}, [described])
    (source / "ycd.toml").write_text("[validate]\ncanonical = true\n", "utf-8")
    assert ycd("format", source).code == 0
    assert (source / "t.csv").read_text("utf-8").startswith("a,b\n1,")
