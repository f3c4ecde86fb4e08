"""Suggestions that are accepted in the workbook are done as ``ycd suggest --accept`` does them."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from conftest import RunYcd
from packages import ROOT

from ycd_opendata.extension import Extension, Load
from ycd_opendata.extension_loading import using
from ycd_opendata.package.model import Package
from ycd_opendata.package.reading import read_package
from ycd_opendata.suggestion import Edit, Suggestion
from ycd_opendata.workbooks.book_writing import write_workbook
from ycd_opendata.workbooks.edits import Taken, changes_of, take_workbook
from ycd_opendata.workbooks.row_reading import Said
from ycd_opendata.workbooks.suggestion_sheets import suggested, suggestion_sheet
from ycd_opendata.workbooks.table_sheets import HEADER_ROWS, layout

EXTENSION = ROOT / "tests" / "lighthouse_extension.py"
FIRST = HEADER_ROWS + 1
REPAIRS, HOUSES = "data/repairs.csv", "data/lighthouses.csv"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return shutil.copytree(ROOT / "tests" / "lighthouses", tmp_path / "lighthouses")


def suggestions(_: Package, load: Load) -> Iterator[Suggestion]:
    """A new repair, a higher tower, a name that is asked for, and what is too much for an edit."""
    years = [str(each) for each in load("repairs")["year"]]
    new = Edit("repairs", {}, {"repair_id": "r4", "lighthouse_id": "branco"})
    yield Suggestion("new", "branco", "new:branco", f"after {years}", (), (), new, ("year",))
    if load("lighthouses")["altura"].max() < 40:
        higher = Edit("lighthouses", {"lighthouse_id": "areias"}, {"altura": "40"})
        yield Suggestion("higher", "areias", "higher:areias", "higher", ("a", "b"), ("c",), higher)
    name = Edit("lighthouses", {"lighthouse_id": "branco"})
    yield Suggestion("name", "branco", "name:branco", "a name", edit=name, asks=("nome",))
    yield Suggestion("much", "branco", "much:branco", "too much for one edit")


OURS = Extension("lighthouses", suggestions=suggestions)


@pytest.fixture
def written(folder: Path) -> Iterator[Path]:
    """The workbook with these suggestions, which are in force."""
    path = folder / "t.xlsx"
    with using(OURS):
        package = read_package(folder)
        plan = layout(package, "zh")
        sheet = suggestion_sheet(plan, suggested(package))
        write_workbook(path, package, plan, (), sheet)
        yield path


def taken_after(
    path: Path, edit: Callable[[Any, Callable[[str, str, Any], None]], None], **answers: str
) -> Taken:
    """What is taken after an edit, which is given the book and a way to fill in a suggestion."""
    book = openpyxl.load_workbook(path)
    sheet = book["建议"]
    fields = [cell.value for cell in sheet[HEADER_ROWS]]
    rows = {row[-1].value: row for row in sheet.iter_rows(min_row=FIRST)}

    def fill(name: str, field: str, value: Any) -> None:
        rows[name][fields.index(field)].value = value

    edit(book, fill)
    book.save(path)
    known = {place.replace("_", "!"): text for place, text in answers.items()}
    return take_workbook(read_package(path.parent), path, known)


def after(taken: Taken) -> dict[str, list[str]]:
    """The lines of each file that changes."""
    return {each.path: each.after.split() for each in changes_of(taken.tables, frozenset())}


def test_what_can_be_accepted_stands_in_a_sheet(written: Path) -> None:
    book = openpyxl.load_workbook(written)
    rows = [[cell.value for cell in row] for row in book["建议"].iter_rows(min_row=HEADER_ROWS)]
    assert rows[0] == [
        *("accept", "suggestion", "for", "against", "repairs.year", "lighthouses.nome"),
        *("kind", "record", "name"),
    ]
    assert [row[-1] for row in rows[1:]] == ["new:branco", "higher:areias", "name:branco"]
    assert rows[2][1:4] == ["higher", "a\nb", "c"]
    assert [str(each.sqref) for each in book["建议"].data_validations.dataValidation] == [
        "A4:A1048576"
    ]
    assert "建议" in [row[0].value for row in book["说明"].iter_rows()]
    taken = taken_after(written, lambda _book, _fill: None)
    assert (taken.said, after(taken)) == (Said({}), {})


def test_accepting_does_what_the_command_does(ycd: RunYcd, folder: Path, tmp_path: Path) -> None:
    other = shutil.copytree(folder, tmp_path / "other")
    path, extension = tmp_path / "t.xlsx", ("--extension", EXTENSION)
    assert ycd("workbook", path, folder, *extension).code == 0
    book = openpyxl.load_workbook(path)
    for place, value in (("A4", "yes"), ("E4", "1999年"), ("F4", 7)):
        book["suggestions"][place].value = value
    book.save(path)
    before = (folder / REPAIRS).read_bytes()
    asked = ycd("take", path, folder, *extension)
    assert (asked.code, "record-added" in asked.out) == (1, True)
    assert (folder / REPAIRS).read_bytes() == before
    assert "1 suggestion was accepted" in asked.out
    done = ycd("take", path, folder, "--yes", *extension)
    assert (done.code, done.err) == (0, "")
    said = ("--set", "year=1999", "--set", "custo=7", "--yes")
    assert ycd("suggest", other, "--accept", "repair:branco", *said, *extension).code == 0
    assert (folder / REPAIRS).read_bytes() == (other / REPAIRS).read_bytes() != before
    # Taken once more it says that this was done.
    again = ycd("take", path, folder, *extension)
    assert (again.code, "no change" in again.out) == (0, True)


def test_edits_and_suggestions_of_one_record_are_both_taken(written: Path) -> None:
    def edit(book: Any, fill: Callable[[str, str, Any], None]) -> None:
        fill("higher:areias", "accept", "是")
        fill("name:branco", "accept", True)
        fill("name:branco", "lighthouses.nome", "O Branco")
        book["lighthouses"].cell(FIRST, 2).value = "As Areias"

    taken = taken_after(written, edit)
    assert (taken.said.troubles, taken.said.questions) == ([], [])
    assert after(taken)[HOUSES][1:] == ["areias,As", "Areias,1901,40", "branco,O", "Branco,1888,12"]


def test_what_is_not_clear_is_asked(written: Path) -> None:
    def edit(_: Any, fill: Callable[[str, str, Any], None]) -> None:
        fill("new:branco", "accept", "是")
        fill("higher:areias", "accept", "maybe")
        fill("name:branco", "lighthouses.nome", "O Branco")

    taken = taken_after(written, edit)
    assert [(each.kind, each.place) for each in taken.said.questions] == [
        ("accept", "建议!A5"),
        ("asked", "建议!E4"),
    ]
    assert "not accepted" in taken.said.remarks[0]
    assert after(taken) == {}
    taken = taken_after(written, edit, 建议_A5="no", 建议_E4="2000")
    assert taken.said.questions == []
    assert {*taken.said.answered} == {"建议!A5", "建议!E4"}
    assert after(taken)[REPAIRS][-1] == "r4,branco,2000,"
    # An answer that the field does not allow is none.
    assert taken_after(written, edit, 建议_E4="soon").said.questions[1].place == "建议!E4"


def conflicts(book: Any, fill: Callable[[str, str, Any], None]) -> None:
    for name in ("new:branco", "higher:areias", "name:branco"):
        fill(name, "accept", "是")
    fill("new:branco", "repairs.year", 2000)
    fill("name:branco", "lighthouses.nome", "O Branco")
    book["repairs"].append(["r4", "areias", 2001, 5])
    book["lighthouses"].cell(FIRST, 4).value = 35
    book["lighthouses"].delete_rows(FIRST + 1)


def test_what_the_workbook_says_otherwise_is_not_overwritten(written: Path) -> None:
    taken = taken_after(written, conflicts)
    new, higher, name = taken.said.troubles
    assert "'new:branco' was not done: there is a record with the key 'r4' already" in new
    assert "altura of its record was changed in the workbook as well, to '35'" in higher
    assert "the row of its record was deleted" in name
    assert after(taken)[HOUSES][1:3] == ["areias,Farol", "das"]
    assert after(taken)[REPAIRS][-1] == "r4,areias,2001,5"


def test_what_does_not_fit_any_more_is_said_and_not_done(written: Path) -> None:
    houses, repairs = (written.parent / each for each in (HOUSES, REPAIRS))
    houses.write_text(houses.read_text("utf-8").replace("31.5", "41"), "utf-8")
    repairs.write_text(repairs.read_text("utf-8").replace("1977", "1978"), "utf-8")

    def edit(_: Any, fill: Callable[[str, str, Any], None]) -> None:
        fill("higher:areias", "accept", "是")
        fill("new:branco", "accept", "是")
        fill("new:branco", "repairs.year", 2000)

    taken = taken_after(written, edit)
    assert [each.endswith("was not done: this is not suggested any more")
            for each in taken.said.troubles] == [True, True]  # fmt: skip
    assert after(taken) == {}


def test_a_sheet_of_suggestions_without_its_names_is_said(written: Path) -> None:
    taken = taken_after(written, lambda book, _: book["建议"].delete_rows(HEADER_ROWS))
    assert "sheet '建议' was not taken" in taken.said.troubles[0]
