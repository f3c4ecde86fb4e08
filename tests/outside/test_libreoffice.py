"""Workbooks that LibreOffice has saved come back as those that were never opened."""

from __future__ import annotations

import json
import random
import subprocess
from pathlib import Path
from string import ascii_uppercase

import pytest
from outside.tools import missing, run
from packages import copy_repository
from tables_to_damage import FIELDS, START, write_package

from ycd_opendata.package.reading import read_package
from ycd_opendata.workbooks.book_writing import write_workbook
from ycd_opendata.workbooks.edits import changes_of, take_workbook
from ycd_opendata.workbooks.row_reading import Said
from ycd_opendata.workbooks.table_sheets import layout

PYTHON = "/usr/bin/python3"
SESSION = Path(__file__).with_name("libreoffice_session.py")
TYPED = {
    "B4": "3,000",
    "B5": "500家",
    "D4": "2022-05-01",
    "D5": "2022/5/1",
    "H4": "2027年",
    "H5": "May-22",
    "I4": "官媒",
    "J4": "2701",
    "L4": "FALSE",
    "M4": "=cmd|' /C calc'!A0",
}
"""What is typed into the small table, all of whose cells are text but those of numbers."""


VALUES = {
    "count": ["1", "-12", "250000"],
    "share": ["12.5", "0.25", "7"],
    "day": ["2022-05-01", "1999-12-31"],
    "due": ["2025", "2025-03", "2025-03-31"],
    "kind": ["official", "state_media"],
    "code": ["002701", "310000", "000000"],
    "note": ["=1+1", "第3页", "May-22", "1/2"],
}
"""What random edits are made of: valid texts, some of which a spreadsheet likes to change."""
RECORDS = 12
EDITS = 60
FIRST_ROW = 4


def random_edits() -> dict[tuple[int, str], str]:
    """The text of cells by record and field: another choice for each seed."""
    chance = random.Random(19)
    places = [(chance.randrange(RECORDS), chance.choice(sorted(VALUES))) for _ in range(EDITS)]
    return {(record, name): chance.choice(VALUES[name]) for record, name in places}


def has_libreoffice() -> bool:
    try:
        found = [
            subprocess.run(each, capture_output=True, check=False).returncode
            for each in (["soffice", "--version"], [PYTHON, "-c", "import uno"])
        ]
    except OSError:
        return False
    return found == [0, 0]


def write_part_of_our_own(folder: Path) -> Path:
    """Every fifth row of our tables: ``test_taking`` has all of them, without an office."""
    folder.mkdir()
    for path in (copy_repository(folder) / "data").glob("*.csv"):
        header, *rows = path.read_text("utf-8").splitlines(keepends=True)
        path.write_text("".join([header, *rows[::5]]), "utf-8")
    return folder


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with a workbook of ours and those of small tables, as LibreOffice saves them."""
    if not has_libreoffice():
        missing("LibreOffice with its Python bridge")
    folder = tmp_path_factory.mktemp("libreoffice")
    own = write_part_of_our_own(folder / "own")
    small = write_package(folder, [[str(number), *START] for number in range(3)])
    for name, package in (("own", read_package(own)), ("small", read_package(small))):
        write_workbook(folder / f"{name}.xlsx", package, layout(package, "zh"))
    names = [each["name"] for each in FIELDS]
    (folder / "many").mkdir()
    many = write_package(folder / "many", [[str(at), *START] for at in range(RECORDS)])
    package = read_package(many)
    write_workbook(folder / "many.xlsx", package, layout(package, "en"))
    typed = {
        f"{ascii_uppercase[names.index(name)]}{FIRST_ROW + record}": text
        for (record, name), text in random_edits().items()
    }
    jobs = [
        {
            "open": str(folder / f"{name}.xlsx"),
            "type": {"all": cells} if cells else {},
            "save": [str(folder / f"{name}-saved{end}") for end in (".ods", ".xlsx")],
        }
        for name, cells in (("own", {}), ("small", TYPED), ("many", typed))
    ]
    done = run(PYTHON, SESSION, json.dumps(jobs), cwd=folder)
    assert done.returncode == 0, done.stderr
    return folder


@pytest.mark.parametrize("end", [".ods", ".xlsx"])
def test_our_own_tables_come_back_to_the_byte(saved: Path, end: str) -> None:
    taken = take_workbook(read_package(saved / "own"), saved / f"own-saved{end}", {})
    assert taken.said == Said({})
    assert (taken.deleted, changes_of(taken.tables, frozenset())) == ({}, ())
    assert max(len(each.rows) for each in taken.tables) > 100
    assert [each.rows for each in taken.tables] == [
        tuple(row.cells for row in each.file.rows) for each in taken.tables
    ]


@pytest.mark.parametrize("end", [".ods", ".xlsx"])
def test_what_is_typed_in_libreoffice_is_taken(saved: Path, end: str) -> None:
    taken = take_workbook(read_package(saved), saved / f"small-saved{end}", {})
    [table], [asked] = taken.tables, taken.said.questions
    assert (asked.place, asked.choices) == ("all!H5", ("2022-05",))
    names = [each["name"] for each in FIELDS]
    first = dict(zip(names, table.rows[0], strict=True))
    assert {name: text for name, text in first.items() if text not in ("0", *START)} == {
        "count": "3000",
        "day": "2022-05-01",
        "due": "2027",
        "kind": "state_media",
        "open": "no",
        "note": "=cmd|' /C calc'!A0",
    }
    # The second record has a question, so all of it stays as it was.
    assert table.rows[1:] == (("1", *START), ("2", *START))


@pytest.mark.parametrize("end", [".ods", ".xlsx"])
def test_random_edits_give_what_the_same_edits_give_in_csv(saved: Path, end: str) -> None:
    names = [each["name"] for each in FIELDS]
    edits = random_edits()
    assert len(edits) > 40
    rows = [[str(at), *START] for at in range(RECORDS)]
    for (record, name), text in edits.items():
        rows[record][names.index(name)] = text
    package = read_package(saved / "many")
    taken = take_workbook(package, saved / f"many-saved{end}", {})
    [table] = taken.tables
    assert taken.said.questions == []
    assert sorted(table.rows) == sorted(map(tuple, rows))
