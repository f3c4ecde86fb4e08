from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import openpyxl
import pytest
from formats_of_tables import table_of, texts
from openpyxl.utils import get_column_letter
from openpyxl.workbook import Workbook
from packages import ROOT

from ycd_opendata.loader.loading import load_table
from ycd_opendata.package.model import Package
from ycd_opendata.package.reading import read_package
from ycd_opendata.publishing.formats import workbook as module
from ycd_opendata.publishing.formats.front_sheets import words
from ycd_opendata.publishing.formats.survey import Extent
from ycd_opendata.publishing.formats.table import Table, release_tables
from ycd_opendata.publishing.formats.workbook import does_not_fit, open_workbook, sheet_names
from ycd_opendata.publishing.formats.writing import stream

README, FIELDS, VALUES = words(read_package(ROOT)).sheets


def write(path: Path, tables: Sequence[Table], package: Package | None = None) -> Path:
    with open_workbook(path, package or read_package(ROOT), tables) as writer:
        for table in tables:
            stream(table, [writer])
    return path


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The workbook of a few of our tables."""
    tables = [
        each for each in release_tables(read_package(ROOT)) if each.name in ("regions", "targets")
    ]
    path = tmp_path_factory.mktemp("book") / "own.xlsx"
    return write(path, tables)


@pytest.fixture(scope="module")
def book(own: Path) -> Workbook:
    return openpyxl.load_workbook(own)


def test_the_first_sheet_says_what_this_is(book: Workbook) -> None:
    assert book.sheetnames == [README, "regions", "targets", FIELDS, VALUES]
    text = "\n".join(str(cell.value) for row in book[README] for cell in row if cell.value)
    package = read_package(ROOT)
    for part in (
        package.title,
        f"{package.version} ({package.created[:10]})",
        "CC-BY-4.0",
        "第2行",
    ):
        assert part in text
    links = [cell.hyperlink.location for row in book[README] for cell in row if cell.hyperlink]
    assert links == ["'regions'!A1", "'targets'!A1"]


def test_headers_stay_in_view_and_can_be_filtered(book: Workbook) -> None:
    sheet = book["targets"]
    assert sheet.freeze_panes == "A3"
    targets = load_table(read_package(ROOT), "targets")
    last = get_column_letter(targets.shape[1])
    assert sheet.auto_filter.ref == f"A2:{last}{len(targets) + 2}"
    assert (sheet["A1"].value, sheet["A2"].value) == ("Target id 目标编号", "target_id")
    assert sheet["F1"].value == "Value 数值 [indicators.unit_id]"


def test_codes_are_text_and_figures_are_numbers(book: Workbook) -> None:
    assert {each.data_type for each in book["regions"]["F"][2:]} <= {"s", "inlineStr", "n"}
    codes = [each for each in book["regions"]["F"][2:] if each.value is not None]
    assert codes
    assert all(isinstance(each.value, str) and each.number_format == "@" for each in codes)
    assert all(isinstance(each.value, int | float) for each in book["targets"]["F"][2:])


def test_excel_does_not_mark_codes_as_mistakes(own: Path) -> None:
    with ZipFile(own) as archive:
        sheet = archive.read("xl/worksheets/sheet2.xml").decode()
    assert '<ignoredError sqref="A1:XFD1048576" numberStoredAsText="1"/>' in sheet


def test_nothing_is_left_beside_it(own: Path) -> None:
    assert [each.name for each in own.parent.iterdir()] == ["own.xlsx"]


def test_lists_of_values_are_drop_downs(book: Workbook) -> None:
    lists = {
        str(each.sqref): each.formula1 for each in book["targets"].data_validations.dataValidation
    }
    formula = lists["E3:E1048576"]
    sheet, place = formula.lstrip("=").rsplit("!", 1)
    values = [row[0].value for row in book[sheet.strip("'")][place.replace("$", "")]]
    assert values == ["eq", "ge", "gt", "le", "lt", "about", "between"]
    assert book[VALUES]["D2"].value


def test_the_columns_are_described(book: Workbook) -> None:
    rows = {(row[0].value, row[1].value): [each.value for each in row] for row in book[FIELDS]}
    assert rows["targets", "value"][2:6] == ["Value 数值", "number", "indicators.unit_id", "yes 是"]


@pytest.mark.parametrize(
    "text",
    ["=1+1", "{=A1}", "+1", "@x", "-x", "http://example.org", "mailto:a@b", "internal:A1", "007",
     "1e5", "TRUE", "2022-01-17", "<r>x</r>", "<r><t>x</t></r>", " x ", "a\nb", "'x", "a & <b>"],
)  # fmt: skip
def test_text_stays_text(tmp_path: Path, text: str) -> None:
    path = write(tmp_path / "x.xlsx", [table_of(texts(1), [(text,)])])
    book = openpyxl.load_workbook(path)
    cell = book["t"]["A3"]
    assert (cell.value, cell.hyperlink) == (text, None)
    assert cell.data_type in ("s", "inlineStr")
    with ZipFile(path) as archive:
        sheets = [each for each in archive.namelist() if each.startswith("xl/worksheets/sheet")]
        assert sheets
        assert not any(b"<f>" in archive.read(each) for each in sheets)


@pytest.mark.parametrize("text", ["=cmd|' /C calc'!A0", "<r><t>x</t></r>", "http://example.org"])
def test_text_of_a_descriptor_stays_text(tmp_path: Path, text: str) -> None:
    fields = [{"name": text, "title": text, "description": text, "type": "string",
               "constraints": {"enum": [text]}}]  # fmt: skip
    table = replace(table_of(fields, [(text,)]), title=text, description=text)
    package = read_package(ROOT)
    raw = {**package.raw, "description": text, "homepage": text, "licenses": [{"title": text}]}
    path = write(tmp_path / "x.xlsx", [table], replace(package, title=text, raw=raw))
    book = openpyxl.load_workbook(path)
    cells = [cell for sheet in book for row in sheet for cell in row if cell.value == text]
    assert len(cells) > 8
    assert not any(cell.data_type == "f" or cell.hyperlink for cell in cells)


@pytest.mark.parametrize(
    ("extent", "reason"),
    [
        (Extent(1_048_575, 1), "1,048,575 rows, and a sheet has 1,048,574 for them"),
        (Extent(1, 32_768), "a cell of 32,768 characters, and a sheet holds 32,767"),
    ],
)
def test_what_does_not_fit_is_left_out_and_said(
    tmp_path: Path, extent: Extent, reason: str
) -> None:
    large = replace(table_of(texts(1), [("x",)], name="large"), extent=extent)
    tables = [large, table_of(texts(1), [("x",)], name="small")]
    assert does_not_fit(large) == reason
    assert does_not_fit(replace(large, extent=Extent(1_048_574, 32_767))) == ""
    book = openpyxl.load_workbook(write(tmp_path / "x.xlsx", tables))
    assert book.sheetnames == [README, "small", FIELDS, VALUES]
    text = "\n".join(str(cell.value) for row in book[README] for cell in row)
    assert f"Left out 未收录: {reason}. See csv/large.csv." in text


def test_a_table_of_too_many_columns_does_not_fit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_COLUMNS", 2)
    assert does_not_fit(table_of(texts(3), [])) == "3 columns, and a sheet has 2"


def test_sheets_get_names_that_excel_takes() -> None:
    names = ["a" * 40, "A" * 40, "history", "targets", "Targets"]
    found = sheet_names(
        [table_of(texts(1), [], name=each) for each in names], words(read_package(ROOT))
    )
    assert list(found.values()) == ["a" * 31, "A" * 29 + "_2", "history_2", "targets", "Targets_2"]


def test_days_numbers_and_truth_have_their_kind(tmp_path: Path) -> None:
    fields = [{"name": each, "type": each} for each in ("date", "integer", "number", "boolean")]
    rows: list[Any] = [
        ("2022-01-17", "999999999999999", "1.5", "true"),
        ("1899-12-31", "1000000000000000", "0.30000000000000004", "false"),
    ]
    book = openpyxl.load_workbook(write(tmp_path / "x.xlsx", [table_of(fields, rows)]))
    one, other = book["t"].iter_rows(min_row=3)
    assert (str(one[0].value), one[0].number_format) == ("2022-01-17 00:00:00", "yyyy-mm-dd")
    assert [each.value for each in one[1:]] == [999999999999999, 1.5, True]
    assert [each.value for each in other] == ["1899-12-31", "1000000000000000", 0.1 + 0.2, False]
