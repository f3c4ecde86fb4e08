"""Workbooks that LibreOffice has saved come back as those that were never opened."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from outside.tools import missing, run
from packages import ROOT
from tables_to_damage import FIELDS, START, write_package

from ycd_opendata.package.reading import read_package
from ycd_opendata.workbooks.book_writing import write_workbook
from ycd_opendata.workbooks.edits import changes_of, take_workbook
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


def has_libreoffice() -> bool:
    try:
        found = [
            subprocess.run(each, capture_output=True, check=False).returncode
            for each in (["soffice", "--version"], [PYTHON, "-c", "import uno"])
        ]
    except OSError:
        return False
    return found == [0, 0]


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with our own workbook and that of a small table, as LibreOffice saves them."""
    if not has_libreoffice():
        missing("LibreOffice with its Python bridge")
    folder = tmp_path_factory.mktemp("libreoffice")
    small = write_package(folder, [[str(number), *START] for number in range(3)])
    for name, package in (("own", read_package(ROOT)), ("small", read_package(small))):
        write_workbook(folder / f"{name}.xlsx", package, layout(package, "zh"))
    jobs = [
        {
            "open": str(folder / f"{name}.xlsx"),
            "type": {"all": TYPED} if name == "small" else {},
            "save": [str(folder / f"{name}-saved{end}") for end in (".ods", ".xlsx")],
        }
        for name in ("own", "small")
    ]
    done = run(PYTHON, SESSION, json.dumps(jobs), cwd=folder)
    assert done.returncode == 0, done.stderr
    return folder


@pytest.mark.parametrize("end", [".ods", ".xlsx"])
def test_our_own_tables_come_back_to_the_byte(saved: Path, end: str) -> None:
    taken = take_workbook(read_package(ROOT), saved / f"own-saved{end}", {})
    assert (taken.repairs, taken.questions, taken.remarks, taken.troubles) == ((), (), (), ())
    assert (taken.deleted, changes_of(taken.tables, frozenset())) == ({}, ())
    assert [each.rows for each in taken.tables] == [
        tuple(row.cells for row in each.file.rows) for each in taken.tables
    ]


@pytest.mark.parametrize("end", [".ods", ".xlsx"])
def test_what_is_typed_in_libreoffice_is_taken(saved: Path, end: str) -> None:
    [table] = take_workbook(read_package(saved), saved / f"small-saved{end}", {}).tables
    [asked] = table.questions
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
