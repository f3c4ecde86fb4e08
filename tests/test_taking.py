"""The workbook to edit and the way back: nothing is lost, nothing changes that was not edited."""

from __future__ import annotations

import csv
import io
import re
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from conftest import RunYcd
from examples import examples
from hypothesis import given
from hypothesis import strategies as st
from packages import ROOT, SMALL, describe, edit_json, write_small, zipped
from tables_to_damage import FIELDS, START, write_package

from ycd_opendata.errors import PackageError
from ycd_opendata.messages import Language
from ycd_opendata.package.reading import read_package
from ycd_opendata.workbooks.book_reading import read_workbook
from ycd_opendata.workbooks.book_writing import write_workbook
from ycd_opendata.workbooks.edits import changes_of, take_workbook
from ycd_opendata.workbooks.row_reading import Said
from ycd_opendata.workbooks.table_sheets import BASE, HEADER_ROWS, LISTS, layout

TARGETS, OUTCOMES = "data/targets.csv", "data/outcomes.csv"
FIRST = HEADER_ROWS + 1

Edit = Callable[[Any], None]

TABLES = ("domains", "initiatives", "indicators", "targets", "outcomes", "retired_ids")


@pytest.fixture
def few(tmp_path: Path) -> Path:
    """A small package of a few tables, of which nothing is computed."""
    return write_small(tmp_path / "few", {name: SMALL[name] for name in TABLES})


def edited(folder: Path, edit: Edit, lang: Language = "zh") -> Path:
    """A workbook of a package, edited with openpyxl."""
    path = folder / "tables.xlsx"
    package = read_package(folder)
    write_workbook(path, package, layout(package, lang))
    book = openpyxl.load_workbook(path)
    edit(book)
    book.save(path)
    return path


def column(sheet: Any, name: str) -> int:
    """The column of a field in a sheet."""
    return 1 + [cell.value for cell in sheet[HEADER_ROWS]].index(name)


def cells_of(folder: Path, path: str) -> list[dict[str, str]]:
    """The rows of a table's file."""
    return list(csv.DictReader(io.StringIO((folder / path).read_text("utf-8"), newline="")))


def test_our_own_tables_come_back_to_the_byte(tmp_path: Path) -> None:
    package = read_package(ROOT)
    path = tmp_path / "own.xlsx"
    write_workbook(path, package, layout(package, "zh"))
    taken = take_workbook(package, path, {})
    assert [each.file.resource.name for each in taken.tables] == [
        each.name for each in package.resources
    ]
    assert taken.said == Said({})
    assert (taken.deleted, changes_of(taken.tables, frozenset())) == ({}, ())
    for each in taken.tables:
        written = each.file.written(each.file.header, each.rows)
        assert written.after.encode() == (ROOT / each.file.path).read_bytes()


def test_a_workbook_is_the_same_to_the_byte_each_time(few: Path, tmp_path: Path) -> None:
    package = read_package(few)
    for name in ("one.xlsx", "two.xlsx"):
        write_workbook(tmp_path / name, package, layout(package, "en"))
    assert (tmp_path / "one.xlsx").read_bytes() == (tmp_path / "two.xlsx").read_bytes()


def test_a_sheet_has_titles_meanings_names_lists_and_texts(few: Path) -> None:
    book = openpyxl.load_workbook(edited(few, lambda _: None))
    sheet = book["targets"]
    place = column(sheet, "due_on")
    assert [sheet.cell(row, place).value for row in (1, 3)] == ["到期时间", "due_on"]
    assert "精度" in sheet.cell(2, place).value
    assert sheet.cell(FIRST, place).number_format == "@"
    assert sheet.cell(FIRST, column(sheet, "comparator")).value == "ge · 不低于"
    assert sheet.cell(FIRST, column(sheet, "initiative_id")).value.startswith("zj-2022-works · ")
    assert isinstance(sheet.cell(FIRST, column(sheet, "value")).value, int)
    assert (sheet.freeze_panes, sheet.auto_filter.ref[:2]) == ("B4", "A3")
    assert len(sheet.data_validations.dataValidation) == 5
    assert (book[LISTS].sheet_state, book[BASE].sheet_state) == ("hidden", "hidden")


def test_edits_are_shown_and_written_when_that_is_wanted(ycd: RunYcd, few: Path) -> None:
    def edit(book: Any) -> None:
        sheet = book["targets"]
        sheet.cell(FIRST, column(sheet, "comparator")).value = "等于"
        sheet.cell(FIRST, column(sheet, "due_on")).value = "2027年"
        sheet.append(["", ""])
        book["domains"].append(["new-one", "", "新领域", "New field", "新的", "New"])

    path, before = edited(few, edit), (few / TARGETS).read_bytes()
    shown = ycd("take", path, few)
    assert shown.code == 1
    assert "nothing was written: --yes writes it" in shown.err
    assert 'comparator: "ge" -> "eq"' in shown.out
    assert "1 × days were written as the table does" in shown.out
    assert (few / TARGETS).read_bytes() == before
    done = ycd("take", path, few, "--yes")
    assert (done.code, done.err) == (0, "")
    first = cells_of(few, TARGETS)[0]
    assert (first["comparator"], first["due_on"]) == ("eq", "2027")
    assert [row["domain_id"] for row in cells_of(few, "data/domains.csv")] == sorted(
        row["domain_id"] for row in cells_of(few, "data/domains.csv")
    )
    assert ycd("format", few, "--check").code == 0
    # Taken once more it says that all of this was done.
    assert "no change" in ycd("take", path, few).out


def test_a_question_keeps_its_record_as_it_was_until_it_is_answered(ycd: RunYcd, few: Path) -> None:
    def edit(book: Any) -> None:
        sheet = book["targets"]
        sheet.cell(FIRST, column(sheet, "due_on")).value = "May-22"
        sheet.cell(FIRST, column(sheet, "comparator")).value = "eq"

    path, before = edited(few, edit), (few / TARGETS).read_bytes()
    asked = ycd("take", path, few, "--yes")
    assert asked.code == 1
    assert '? targets!I4 due_on "May-22": it may be several dates' in asked.err
    assert '"2022-05"' in asked.err
    assert (few / TARGETS).read_bytes() == before
    assert ycd("take", path, few, "--yes", "--answer", "targets!I4=someday").code == 1
    wrong = ycd("take", path, few, "--yes", "--answer", "targets!Z9=2022-05")
    assert (wrong.code, "no such question, or answer: targets!Z9" in wrong.err) == (1, True)
    assert ycd("take", path, few, "--yes", "--answer", "targets!I4=2022-05").code == 0
    first = cells_of(few, TARGETS)[0]
    assert (first["comparator"], first["due_on"]) == ("eq", "2022-05")


def test_a_deleted_row_is_kept_removed_or_retired_as_is_said(ycd: RunYcd, few: Path) -> None:
    path = edited(few, lambda book: book["targets"].delete_rows(FIRST))
    gone = cells_of(few, TARGETS)[0]["target_id"]
    kept = ycd("take", path, few, "--yes")
    assert (kept.code, "they are kept" in kept.err) == (1, True)
    assert gone in (few / TARGETS).read_text("utf-8")
    short = ycd("take", path, few, "--yes", "--deleted", "retire")
    assert (short.code, "reason_zh, reason_en" in short.err) == (2, True)
    said = ["--tombstone", "reason_zh=重复。", "--tombstone", "reason_en=Twice."]
    done = ycd("take", path, few, "--yes", "--deleted", "retire", *said)
    assert (done.code, "record-retired" in done.out) == (0, True)
    assert gone not in (few / TARGETS).read_text("utf-8")
    grave = next(row for row in cells_of(few, "data/retired_ids.csv") if row["id"] == gone)
    assert (grave["table"], grave["since_version"], grave["reason_en"]) == (
        "targets",
        "1.0.0",
        "Twice.",
    )


def test_a_tombstone_typed_in_the_workbook_says_enough(ycd: RunYcd, few: Path) -> None:
    gone = cells_of(few, TARGETS)[0]["target_id"]

    def edit(book: Any) -> None:
        book["targets"].delete_rows(FIRST)
        book["retired_ids"].append(["targets", gone, "", "1.0.0", "重复。", "Twice."])

    done = ycd("take", edited(few, edit), few, "--yes")
    assert (done.code, "record-retired" in done.out) == (0, True)


def test_what_came_or_changed_since_is_left_alone_or_asked_about(ycd: RunYcd, few: Path) -> None:
    def edit(book: Any) -> None:
        sheet = book["outcomes"]
        sheet.cell(FIRST, column(sheet, "phrase")).value = "15家企业"

    path = edited(few, edit)
    text = (few / OUTCOMES).read_text("utf-8")
    first, second = (cells_of(few, OUTCOMES)[at]["outcome_id"] for at in (0, 1))
    lines = text.splitlines()
    changed = [each.replace(",final,", ",preliminary,") for each in lines]
    changed.append(changed[1].replace(first, "zz-came-later"))
    (few / OUTCOMES).write_text("\n".join(changed) + "\n", "utf-8")
    before = (few / OUTCOMES).read_bytes()
    asked = ycd("take", path, few, "--yes")
    assert (asked.code, "changed in the workbook and, since" in asked.err) == (1, True)
    assert "changed in the package since" in asked.out
    assert (few / OUTCOMES).read_bytes() == before
    place = "outcomes!A4"
    done = ycd("take", path, few, "--yes", "--answer", f"{place}=workbook")
    assert done.code == 0
    by_id = {row["outcome_id"]: row for row in cells_of(few, OUTCOMES)}
    assert by_id[first]["phrase"] == "15家企业"
    assert "zz-came-later" in by_id
    assert second in by_id


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_rows_columns_and_sheets_may_be_moved_renamed_or_left_out(
    few: Path, lang: Language
) -> None:
    def edit(book: Any) -> None:
        sheet = book["targets"]
        rows = [list(row) for row in sheet.iter_rows(min_row=FIRST, values_only=True)]
        for at, row in enumerate(reversed(rows), FIRST):
            for place, value in enumerate(row, 1):
                sheet.cell(at, place).value = value
        sheet.insert_cols(3)
        sheet.cell(FIRST, 3).value = "a note of mine"
        sheet.insert_rows(FIRST + 1)
        sheet.title = "目标 2026"
        sheet.delete_cols(column(sheet, "locator"))
        del book["domains"]
        del book[BASE]
        book.create_sheet("scratch")["A1"] = "1+1"

    package = read_package(few)
    taken = take_workbook(package, edited(few, edit, lang), {})
    assert changes_of(taken.tables, frozenset()) == ()
    assert (taken.deleted, taken.said.questions, taken.said.troubles) == ({}, [], [])
    assert [each.kind for each in taken.said.repairs] == ["blank-rows"]
    said = "\n".join(taken.said.remarks)
    for part in ("'domains' has no sheet", "no column 'locator'", "'scratch' is no table",
                 "'a note of mine'"):  # fmt: skip
        assert part in said


def test_a_reference_may_be_written_by_its_name_if_only_one_record_has_it(few: Path) -> None:
    names = ("甲企业数", "乙企业数", "乙企业数")
    path = few / "data" / "indicators.csv"
    rows = cells_of(few, "data/indicators.csv")
    for row, name in zip(rows, names, strict=False):
        row["name_zh"] = name
    ids = [row["indicator_id"] for row in rows]
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)

    def edit(book: Any) -> None:
        sheet = book["targets"]
        texts = ("甲企业数", "乙企业数", f"{ids[0]} · 乙企业数", f"{ids[0]} · 以前的名称")
        for row, text in enumerate(texts, FIRST):
            sheet.cell(row, column(sheet, "indicator_id")).value = text

    taken = take_workbook(read_package(few), edited(few, edit), {})
    assert [(each.place, each.choices) for each in taken.said.questions] == [
        ("targets!D5", tuple(ids[1:3])),
        ("targets!D6", tuple(ids[:3])),
    ]
    [table] = [each for each in taken.tables if each.file.resource.name == "targets"]
    assert [row[3] for row in table.rows][::3] == [ids[0], ids[0]]


@pytest.mark.parametrize(
    ("edit", "expected"),
    [
        (lambda sheet: sheet.merge_cells("A4:A5"), "cells are merged in it (A4:A5): unmerge them"),
        (
            lambda sheet: sheet.__setitem__("C3", "target_id"),
            "two of its columns are called 'target_id'",
        ),
        (lambda sheet: sheet.delete_rows(HEADER_ROWS), "no row with the names of the fields"),
        (lambda sheet: sheet.delete_cols(1), "the column 'target_id' of its key is missing"),
    ],
    ids=["merged", "renamed", "no names", "no key"],
)
def test_a_sheet_that_cannot_be_understood_is_left_alone_in_one_sentence(
    ycd: RunYcd, few: Path, edit: Edit, expected: str
) -> None:
    before = (few / TARGETS).read_bytes()
    path = edited(few, lambda book: edit(book["targets"]))
    result = ycd("take", path, few, "--yes")
    assert (result.code, len(result.err.splitlines())) == (1, 1)
    assert expected in result.err
    assert (few / TARGETS).read_bytes() == before


def test_keys_that_stand_twice_or_nowhere_are_asked_about(few: Path) -> None:
    def edit(book: Any) -> None:
        sheet = book["domains"]
        sheet.cell(FIRST + 1, 1).value = sheet.cell(FIRST, 1).value
        sheet.append([None, None, "无编号", "No id"])

    taken = take_workbook(read_package(few), edited(few, edit), {})
    kinds = [each.kind for each in taken.said.questions]
    assert kinds == ["key-twice", "key-twice", "key-missing"]
    # Nothing is called deleted while it is not known which rows are there.
    assert (taken.deleted, changes_of(taken.tables, frozenset())) == ({}, ())


def test_a_hidden_sheet_is_read_and_text_stays_text(ycd: RunYcd, few: Path) -> None:
    def edit(book: Any) -> None:
        sheet = book["domains"]
        sheet.sheet_state = "hidden"
        cell = sheet.cell(FIRST, column(sheet, "description_en"))
        cell.value, cell.data_type = "=cmd|' /C calc'!A0", "s"

    path = edited(few, edit)
    result = ycd("take", path, few, "--yes")
    assert (result.code, "'domains' is hidden" in result.out) == (0, True)
    assert cells_of(few, "data/domains.csv")[0]["description_en"] == "=cmd|' /C calc'!A0"
    path.unlink()
    assert ycd("workbook", path, few).code == 0
    sheet = openpyxl.load_workbook(path)["domains"]
    cell = sheet.cell(FIRST, column(sheet, "description_en"))
    assert (cell.data_type, cell.value) == ("s", "=cmd|' /C calc'!A0")


def test_a_formula_gives_its_value_where_the_file_has_one(few: Path) -> None:
    path = edited(few, lambda book: book["targets"].__setitem__("F4", "=7*6"))
    content = path.read_bytes()
    with zipfile.ZipFile(io.BytesIO(content)) as before, zipfile.ZipFile(path, "w") as after:
        for name in before.namelist():
            data = before.read(name)
            after.writestr(
                name, re.sub(b"<f>7[*]6</f><v ?/?>(</v>)?", b"<f>7*6</f><v>42</v>", data)
            )
    [repair] = take_workbook(read_package(few), path, {}).said.repairs
    assert (repair.kind, repair.place, repair.after) == ("formulas", "targets!F4", "42")


def write_keyless(folder: Path, **resource: Any) -> Path:
    """A package whose one table has no key, CRLF line ends, and numbers in other notations."""
    schema = {"fields": [{"name": "name"}, {"name": "n", "type": "number", "decimalChar": ","}]}
    path = resource.setdefault("path", "t.csv")
    describe(folder, [{"name": "t", "schema": schema, **resource}])
    (folder / path).write_bytes(b'name;n\r\nb;1,50\r\na;"2"\r\nb;1,50\r\n=1+1;\r\n')
    return folder


def test_computed_tables_are_locked_and_not_taken(ycd: RunYcd, tmp_path: Path) -> None:
    folder = shutil.copytree(ROOT / "tests" / "lighthouses", tmp_path / "lighthouses")
    path, extension = tmp_path / "t.xlsx", ROOT / "tests" / "lighthouse_extension.py"
    assert ycd("workbook", path, folder, "--extension", extension).code == 0
    book = openpyxl.load_workbook(path)
    sheet = book["costs"]
    assert sheet.protection.sheet
    assert sheet.cell(FIRST, 1).protection.locked
    assert not book["repairs"].protection.sheet
    sheet.cell(FIRST, 1).value = "changed all the same"
    book.save(path)
    taken = ycd("take", path, folder, "--extension", extension)
    assert (taken.code, taken.out.endswith(": no change; needs none\n")) == (0, True)


def test_a_person_at_a_terminal_is_asked(
    ycd: RunYcd, few: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def edit(book: Any) -> None:
        sheet = book["targets"]
        sheet.cell(FIRST, column(sheet, "due_on")).value = "May-22"
        sheet.cell(FIRST + 1, column(sheet, "due_on")).value = "Jun-23"
        book["domains"].delete_rows(FIRST)

    path = edited(few, edit)
    monkeypatch.setattr("ycd_opendata.cli.curating.is_watched", lambda: True)
    before = [cells_of(few, path) for path in (TARGETS, "data/domains.csv")]
    monkeypatch.setattr("sys.stdin", io.StringIO("1\n\nkeep\nn\n"))
    refused = ycd("take", path, few)
    assert (refused.code, "nothing was written" in refused.err) == (1, True)
    assert [cells_of(few, path) for path in (TARGETS, "data/domains.csv")] == before
    monkeypatch.setattr("sys.stdin", io.StringIO("1\n2023-06\nremove\ny\n"))
    done = ycd("take", path, few)
    assert (done.code, done.err) == (0, "")
    assert '? targets!I4 due_on "May-22"' not in done.out
    assert [row["due_on"] for row in cells_of(few, TARGETS)[:2]] == ["2022-05", "2023-06"]
    assert cells_of(few, "data/domains.csv") == before[1][1:]


def test_a_table_without_a_key_and_in_its_own_notation(ycd: RunYcd, tmp_path: Path) -> None:
    write_keyless(tmp_path, dialect={"delimiter": ";"})
    before = (tmp_path / "t.csv").read_bytes()
    path = edited(tmp_path, lambda _: None)
    assert "no change" in ycd("take", path, tmp_path).out
    assert (tmp_path / "t.csv").read_bytes() == before
    path = edited(tmp_path, lambda book: book["t"].__setitem__("B5", 3.25))
    assert ycd("take", path, tmp_path, "--yes").code == 0
    assert (tmp_path / "t.csv").read_bytes() == b"name;n\r\nb;1,50\r\na;3,25\r\nb;1,50\r\n=1+1;\r\n"
    path = edited(tmp_path, lambda book: book["t"].delete_rows(4))
    assert ycd("take", path, tmp_path, "--yes").code == 1
    assert ycd("take", path, tmp_path, "--yes", "--deleted", "remove").code == 0
    assert (tmp_path / "t.csv").read_bytes() == b"name;n\r\na;3,25\r\nb;1,50\r\n=1+1;\r\n"


def test_rows_that_are_equal_are_deleted_as_often_as_they_were(ycd: RunYcd, tmp_path: Path) -> None:
    write_keyless(tmp_path, dialect={"delimiter": ";"})
    path = tmp_path / "t.csv"
    path.write_bytes(b"name;n\r\n" + 3 * b"a;1\r\n" + b"b;2\r\n")
    book = edited(tmp_path, lambda book: book["t"].delete_rows(4, 2))
    assert ycd("take", book, tmp_path, "--yes", "--deleted", "remove").code == 0
    assert path.read_bytes() == b"name;n\r\na;1\r\nb;2\r\n"


def test_what_cannot_be_written_leaves_the_table_as_it_is(ycd: RunYcd, tmp_path: Path) -> None:
    write_keyless(tmp_path, dialect={"delimiter": ";"}, encoding="latin-1")
    path, before = edited(tmp_path, lambda book: book["t"].__setitem__("A4", "上海")), None
    before = (tmp_path / "t.csv").read_bytes()
    result = ycd("take", path, tmp_path, "--yes")
    assert (result.code, "its encoding latin-1 has no '上'" in result.err) == (2, True)
    assert (tmp_path / "t.csv").read_bytes() == before


def test_a_table_with_a_key_that_stands_twice_is_left_as_it_is(ycd: RunYcd, few: Path) -> None:
    path = few / "data" / "domains.csv"
    lines = path.read_text("utf-8").splitlines(keepends=True)
    path.write_text("".join((*lines, lines[-1])), "utf-8")
    before = path.read_bytes()
    result = ycd("take", edited(few, lambda _: None), few, "--yes")
    assert (result.code, "two records of the table have the key" in result.err) == (1, True)
    assert path.read_bytes() == before


def test_names_of_sheets_are_told_apart_and_a_file_is_not_overwritten(
    ycd: RunYcd, tmp_path: Path
) -> None:
    names = ["a-long-name-that-a-sheet-cannot-have-" + end for end in ("one", "two")]
    schema = {"fields": [{"name": "id"}], "primaryKey": "id"}
    resources = [
        {"name": each, "path": f"{each}.csv", "schema": schema} for each in (*names, "ycd-base")
    ]
    describe(tmp_path, resources)
    for each in (*names, "ycd-base"):
        (tmp_path / f"{each}.csv").write_text(f"id\n{each}\n", "utf-8")
    path = tmp_path / "t.xlsx"
    assert ycd("workbook", tmp_path, path).code == 0
    assert max(map(len, openpyxl.load_workbook(path).sheetnames)) <= 31
    assert "no change" in ycd("take", path, tmp_path).out
    again = ycd("workbook", path, tmp_path)
    assert (again.code, "may hold edits" in again.err) == (2, True)
    assert ycd("workbook", tmp_path / "t.csv", tmp_path).code == 2


def test_a_workbook_of_another_package_is_refused(ycd: RunYcd, few: Path, tmp_path: Path) -> None:
    path = edited(few, lambda _: None)
    other = tmp_path / "other"
    shutil.copytree(few, other)
    edit_json(other / "datapackage.json", lambda raw: raw.update(name="another"))
    result = ycd("take", path, other)
    assert (result.code, "not of 'another'" in result.err) == (2, True)


SHEET = "application/vnd.oasis.opendocument.spreadsheet"
ODS_TEXT = """<o:document-content xmlns:o="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
xmlns:t="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
xmlns:x="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><o:body><o:spreadsheet>
<t:table t:name="t"><t:table-row t:number-rows-repeated="%d"><t:table-cell
o:value-type="string" t:number-columns-repeated="%d"><x:p>a%s</x:p></t:table-cell></t:table-row>
</t:table></o:spreadsheet></o:body></o:document-content>"""


def _ods(rows: int, columns: int, text: str = "") -> bytes:
    """An OpenDocument spreadsheet of one cell that is repeated."""
    content = (ODS_TEXT % (rows, columns, text)).encode()
    return zipped({"mimetype": SHEET, "META-INF/manifest.xml": b"", "content.xml": content})


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (OLE, "old .xls, or WPS's .et, format"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "protected by a password"),
        (b"id,name\n1,a\n", "is no workbook"),
        (zipped({"a": b"b"}), "is no workbook"),
        (zipped({"_rels/.rels": b"<"}), "is broken"),
        (zipped({"xl/workbook.xml": bytes(2**27)}), "unpacks to more than"),
        (
            zipped({"mimetype": SHEET, "META-INF/manifest.xml": b"encryption-data"}),
            "protected by a password",
        ),
        (_ods(1, 10**9, '<x:s x:c="999999999"/>'), "more than 100,000 spaces in a cell"),
        (_ods(10**9, 10**9), "more than 20,000,000 cells"),
        (b"", "is no workbook"),
    ],
    ids=[
        *("xls", "password", "csv", "zip", "broken", "bomb", "ods-password", "ods-spaces"),
        *("ods-repeated", "empty"),
    ],
)  # fmt: skip
def test_what_is_no_workbook_is_refused_in_one_sentence(
    tmp_path: Path, content: bytes, expected: str
) -> None:
    path = tmp_path / "t.xlsx"
    path.write_bytes(content)
    with pytest.raises(PackageError, match=expected):
        read_workbook(path)


def test_a_row_beyond_the_last_one_is_refused(few: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ycd_opendata.workbooks.book_reading.MOST_ROWS", 1_000)
    path = edited(few, lambda _: None)
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            if name.endswith("sheet3.xml"):
                far = b'<row r="1001"><c r="A1001" t="n"><v>1</v></c></row></sheetData>'
                content = content.replace(b"</sheetData>", far)
            archive.writestr(name, content)
    with pytest.raises(PackageError, match="has more than 1,000 rows"):
        read_workbook(path)


VALUES = {
    "count": ["1", "-12", "250000"],
    "share": ["12.5", "12.50", "1e-7"],
    "due": ["2025", "2025-03", "2025-03-31"],
    "kind": ["official", "state_media", "official"],
    "code": ["002701", "310000", "000000"],
    "note": ["=1+1", "第3页", ""],
}
CELLS = st.tuples(st.integers(0, 3), st.sampled_from(sorted(VALUES)))


@examples(3)
@given(
    edits=st.dictionaries(CELLS, st.integers(0, 2), max_size=6),
    order=st.permutations(range(5)),
    is_added=st.booleans(),
)
def test_edits_in_the_workbook_and_in_csv_give_the_same_tables(
    tmp_path_factory: pytest.TempPathFactory,
    edits: dict[tuple[int, str], int],
    order: list[int],
    is_added: bool,
) -> None:
    folder = write_package(
        tmp_path_factory.mktemp("edits"), [[str(number), *START] for number in range(4)]
    )
    names = [each["name"] for each in FIELDS]

    def edit(book: Any) -> None:
        sheet = book["all"]
        whole = [list(row) for row in sheet.iter_rows(min_row=FIRST, values_only=True)]
        for (at, name), choice in edits.items():
            whole[at][names.index(name)] = VALUES[name][choice]
        whole.append([9, *whole[0][1:]] if is_added else [None] * len(names))
        for at, number in enumerate(order, FIRST):
            for place, value in enumerate(whole[number], 1):
                cell = sheet.cell(at, place)
                cell.value = value
                cell.data_type = "s" if isinstance(value, str) else cell.data_type

    rows = cells_of(folder, "all.csv")
    for (at, name), choice in edits.items():
        rows[at][name] = VALUES[name][choice]
    if is_added:
        rows.append({**rows[0], "id": "9"})
    expected = io.StringIO()
    writer = csv.DictWriter(expected, names, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    package = read_package(folder)
    taken = take_workbook(package, edited(folder, edit), {})
    assert taken.said.questions == []
    before = (folder / "all.csv").read_text("utf-8")
    changed = {each.path: each.after for each in changes_of(taken.tables, frozenset())}
    assert changed.get("all.csv", before) == expected.getvalue()
