"""What happens to workbooks in many hands: edits on both sides, moved headers, comments."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from conftest import RunYcd
from openpyxl.comments import Comment
from packages import describe

from ycd_opendata.package.reading import read_package
from ycd_opendata.workbooks.book_writing import write_workbook
from ycd_opendata.workbooks.edits import Taken, changes_of, take_workbook
from ycd_opendata.workbooks.table_sheets import HEADER_ROWS, layout

FIRST = HEADER_ROWS + 1
ROWS = ["a,1", "b,2", "c,3"]

Edit = Callable[[Any], None]


@pytest.fixture(params=["keyed", "keyless"])
def folder(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    """A package of one table of letters and numbers, with a key or without."""
    return write_letters(tmp_path, is_keyed=request.param == "keyed")


def write_letters(folder: Path, *, is_keyed: bool) -> Path:
    fields = [{"name": "letter"}, {"name": "number", "type": "integer"}]
    schema = {"fields": fields} | ({"primaryKey": "letter"} if is_keyed else {})
    describe(folder, [{"name": "t", "path": "t.csv", "schema": schema}])
    change(folder, *ROWS)
    return folder


def change(folder: Path, *rows: str) -> None:
    """What somebody else made of the table."""
    (folder / "t.csv").write_text("\n".join(("letter,number", *rows, "")), "utf-8")


def edited(folder: Path, edit: Edit) -> Path:
    path, package = folder / "t.xlsx", read_package(folder)
    write_workbook(path, package, layout(package, "en"))
    book = openpyxl.load_workbook(path)
    edit(book["t"])
    book.save(path)
    return path


def taken(path: Path, **answers: str) -> Taken:
    known = {place.replace("_", "!"): text for place, text in answers.items()}
    return take_workbook(read_package(path.parent), path, known)


def rows_after(found: Taken, *, is_removed: bool = False) -> list[str]:
    """The rows of the table after it was taken."""
    gone = frozenset(each for those in found.deleted.values() for each in those)
    changes = changes_of(found.tables, gone if is_removed else frozenset())
    text = changes[0].after if changes else found.tables[0].file.text
    return text.splitlines()[1:]


def test_what_others_did_since_stays(folder: Path) -> None:
    path = edited(folder, lambda sheet: sheet.append(["d", 4]))
    change(folder, "a,1", "c,33", "e,5")
    found = taken(path)
    assert sorted(rows_after(found, is_removed=True)) == ["a,1", "c,33", "d,4", "e,5"]
    later = found.tables[0].later
    # Without a key a row that changed is one that went and one that came.
    assert (found.deleted, later) == ({}, 3 if found.tables[0].file.schema.primary_key else 4)


def test_two_workbooks_one_after_the_other_undo_nothing(folder: Path) -> None:
    def second(sheet: Any) -> None:
        sheet.cell(FIRST + 1, 2).value = 22

    path = edited(folder, second)
    change(folder, "a,11", "b,2", "c,3")
    assert sorted(rows_after(taken(path), is_removed=True)) == ["a,11", "b,22", "c,3"]


def test_a_row_that_was_deleted_here_and_changed_there_is_asked_about(tmp_path: Path) -> None:
    folder = write_letters(tmp_path, is_keyed=True)
    path = edited(folder, lambda sheet: sheet.delete_rows(FIRST, 2))
    change(folder, "a,11", "b,2", "c,3")
    found = taken(path)
    [question] = found.said.questions
    assert (question.kind, question.place) == ("deleted-since", "t!a")
    assert rows_after(found, is_removed=True) == ["a,11", "c,3"]
    assert rows_after(taken(path, t_a="package"), is_removed=True) == ["a,11", "c,3"]
    assert rows_after(taken(path, t_a="workbook"), is_removed=True) == ["c,3"]


def test_rows_without_a_key_that_both_changed_are_asked_about(tmp_path: Path) -> None:
    def edit(sheet: Any) -> None:
        sheet.cell(FIRST, 2).value = 12

    folder = write_letters(tmp_path, is_keyed=False)
    path = edited(folder, edit)
    change(folder, "a,11", "b,2", "c,3")
    found = taken(path)
    assert [(each.kind, each.place) for each in found.said.questions] == [("changed-since", "t!A4")]
    assert rows_after(found) == ["a,11", "b,2", "c,3"]
    assert rows_after(taken(path, t_A4="workbook")) == ["a,12", "b,2", "c,3", "a,11"]


def test_rows_above_the_names_of_the_fields_are_not_lost_in_silence(folder: Path) -> None:
    def sort_with_the_header(sheet: Any) -> None:
        sheet.insert_rows(1, 2)
        sheet["A1"], sheet["B1"] = "z", 26

    assert taken(edited(folder, sort_with_the_header)).said.troubles == [
        "sheet 't' was not taken: records stand above the row with the names of the fields: "
        "move them below it"
    ]


def test_comments_are_left_out_and_said(folder: Path) -> None:
    def edit(sheet: Any) -> None:
        sheet["A4"].comment = Comment("is this right?", "somebody")

    assert "sheet 't' has comments: they were left out" in taken(edited(folder, edit)).said.remarks


def test_of_many_questions_the_first_are_told(ycd: RunYcd, tmp_path: Path) -> None:
    folder = write_letters(tmp_path, is_keyed=True)

    def edit(sheet: Any) -> None:
        for at in range(60):
            sheet.append(["a", at])

    path = edited(folder, edit)
    result = ycd("take", path, folder)
    assert (result.code, result.err.count("more than one row has this key")) == (1, 50)
    assert "? and 11 more" in result.err
