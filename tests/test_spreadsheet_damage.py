"""What spreadsheets and hands do to cells: each kind is mended for certain, or asked about."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from conftest import RunYcd
from examples import examples
from hypothesis import given
from hypothesis import strategies as st
from tables_to_damage import FIELDS, START, write_package

from ycd_opendata.package.reading import parse_schema, read_package
from ycd_opendata.repairs.mending import Meant, Mender, category_names
from ycd_opendata.repairs.sheet_values import Cell, SheetValue
from ycd_opendata.validation.cell_mender import mender_of
from ycd_opendata.validation.run import validate
from ycd_opendata.workbooks.book_writing import write_workbook
from ycd_opendata.workbooks.edits import Taken, take_workbook
from ycd_opendata.workbooks.table_sheets import HEADER_ROWS, layout


class Formatted(NamedTuple):
    """A cell with a number format."""

    value: Any
    form: str


class Ask(NamedTuple):
    """That the cell is asked about, with these choices."""

    choices: tuple[str, ...] = ()


DAY, MAY_22 = datetime.date(2022, 5, 1), datetime.date(2026, 5, 22)

CASES: list[tuple[str, Any, str | Ask]] = [
    # days: serial numbers, cells that are days, and how people write them
    ("day", 44682, "2022-05-01"),
    ("day", "44682", "2022-05-01"),
    ("day", DAY, "2022-05-01"),
    ("day", "2022/5/1", "2022-05-01"),
    ("day", "2022年5月1日", "2022-05-01"),
    ("day", "2022-05-01 00:00:00", "2022-05-01"),
    ("day", "13/5/2022", "2022-05-13"),
    ("day", "5/1/2022", Ask(("2022-05-01", "2022-01-05"))),
    ("day", "May-22", Ask()),
    ("day", "2022-05", Ask()),
    ("moment", datetime.datetime(2022, 5, 1, 10, 30), "2022-05-01T10:30:00"),
    ("month", Formatted(DAY, "mmm-yy"), "2022-05"),
    ("month", "2022年5月", "2022-05"),
    ("year", "2027年", "2027"),
    ("year", 2027, "2027"),
    # days of reduced precision: a day that was not there is not made up
    ("due", 2027, "2027"),
    ("due", "２０２７年", "2027"),
    ("due", Formatted(DAY, "mmm-yy"), "2022-05"),
    ("due", Formatted(DAY, "yyyy-mm-dd"), "2022-05-01"),
    ("due", 44682, Ask(("2022-05-01", "2022-05"))),
    ("due", 44683, "2022-05-02"),
    ("due", "May-22", Ask(("2022-05",))),
    ("due", Formatted(MAY_22, "d-mmm"), Ask(("2026-05-22", "2022-05", "2026-05"))),
    ("due", 2022.1, Ask(("2022-01", "2022-10"))),
    ("due", "2022.5", "2022-05"),
    ("due", "上半年", Ask()),
    # numbers
    ("count", "３０００", "3000"),
    ("count", "3,000", "3000"),
    ("count", "３，０００", "3000"),
    ("count", "1 234 567", "1234567"),
    ("count", " 500\u00a0", "500"),
    ("count", "\u3000500", "500"),
    ("count", "500家", "500"),
    ("count", 12.0, "12"),
    ("count", "5万", Ask(("50000", "5"))),
    ("count", "500余家", Ask(("500",))),
    ("count", "约500", Ask(("500",))),
    ("count", 12.5, Ask()),
    ("count", "2.5E+05", Ask(("250000",))),
    ("count", 123456789012345678.0, Ask(("123456789012346000",))),
    ("share", 0.1 + 0.2, "0.3"),
    ("share", "1,234.5", "1234.5"),
    ("share", "1,500", "1500"),
    ("share", "0,125", Ask(("0.125",))),
    ("share", "1,5", Ask()),
    ("count", "3,000家", "3000"),
    ("share", "50%", Ask(("50", "0.50"))),
    ("share", Formatted(0.5, "0%"), Ask(("50", "0.5"))),
    ("share", "500 MW", "500"),
    ("share", "500 GW", Ask(("500",))),
    ("share", Formatted(datetime.date(2026, 3, 10), "d-mmm"), Ask(("3.10", "10.3"))),
    ("share", "#REF!", Ask()),
    ("share", "=1+1", Ask()),
    # codes, categories, truth values and texts
    ("kind", "官方", "official"),
    ("kind", "State media", "state_media"),
    ("kind", "OFFICIAL", "official"),
    ("kind", "official · 官方", "official"),
    ("kind", "official · 官媒", Ask(("official", "state_media"))),
    ("kind", "official · a name of before", "official"),
    ("kind", "gone · a name of before", Ask()),
    ("kind", "unheard of", Ask()),
    ("code", 2701, "002701"),
    ("code", "2701", "002701"),
    ("code", Formatted(2701, "000000"), "002701"),
    ("code", "００２７０１", "002701"),
    ("slug", "A-B-C", Ask(("a-b-c",))),
    ("slug", "a\u200b-b", "a-b"),
    ("open", True, "yes"),
    ("open", "否", "no"),
    ("open", "TRUE", "yes"),
    ("note", " a text\u3000", "a text"),
    ("note", 5, "5"),
    ("note", True, Ask(("TRUE", "true", "1"))),
    (
        "note",
        Formatted(DAY, "d-mmm"),
        Ask(("2022-05-01", "5-1", "1-5", "5/1", "1/5", "5.1", "1.5")),
    ),
    ("note", "None", "None"),
    ("note", "NA", "NA"),
]  # fmt: skip


@pytest.fixture(scope="module")
def damaged(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Taken]:
    """A workbook with one damaged cell a record, and what is taken from it."""
    import openpyxl

    folder = tmp_path_factory.mktemp("damage")
    package = read_package(
        write_package(folder, [[str(number), *START] for number in range(len(CASES))])
    )
    path = folder / "all.xlsx"
    write_workbook(path, package, layout(package, "zh"))
    book = openpyxl.load_workbook(path)
    columns = {each["name"]: at for at, each in enumerate(FIELDS, 1)}
    for row, (name, value, _) in enumerate(CASES, HEADER_ROWS + 1):
        cell = book["all"].cell(row, columns[name])
        cell.number_format = "General"
        cell.value = value.value if isinstance(value, Formatted) else value
        if isinstance(value, Formatted):
            cell.number_format = value.form
    book.save(path)
    return folder, take_workbook(package, path, {})


@pytest.mark.parametrize("number", range(len(CASES)), ids=[f"{a}:{b}" for a, b, _ in CASES])
def test_damage_is_mended_or_asked_about(damaged: tuple[Path, Taken], number: int) -> None:
    name, _, expected = CASES[number]
    [table], said = damaged[1].tables, damaged[1].said
    at = [each["name"] for each in FIELDS].index(name)
    rows: Mapping[str, tuple[str, ...]] = {each[0]: each for each in table.rows}
    place = f"all!{chr(ord('A') + at)}{number + HEADER_ROWS + 1}"
    asked = [each for each in said.questions if each.place == place]
    others = [*rows[str(number)][:at], *rows[str(number)][at + 1 :]]
    start = [str(number), *START]
    assert others == [*start[:at], *start[at + 1 :]]
    if isinstance(expected, Ask):
        assert [each.choices for each in asked] == [expected.choices]
        assert rows[str(number)][at] == start[at]
    else:
        assert asked == []
        assert rows[str(number)][at] == expected


def test_the_cases_are_of_many_kinds_and_nothing_else_is_touched(
    damaged: tuple[Path, Taken],
) -> None:
    [table], said = damaged[1].tables, damaged[1].said
    kinds = {each.kind for each in said.repairs} | {f"?{each.kind}" for each in said.questions}
    assert len(kinds) >= 17
    assert len(table.rows) == len(CASES)
    assert len(said.questions) == sum(isinstance(expected, Ask) for *_, expected in CASES)
    assert table.deleted == ()


def spoiled(folder: Path, *texts: tuple[str, str], encoding: str = "utf-8") -> Path:
    """A package whose records have one text each that is not the table's."""
    names = [each["name"] for each in FIELDS]
    rows = []
    for number, (name, text) in enumerate(texts):
        row = [str(number), *START]
        row[names.index(name)] = f'"{text}"'
        rows.append(row)
    write_package(folder, rows)
    path = folder / "all.csv"
    path.write_bytes(path.read_text("utf-8").encode(encoding))
    return folder


def test_format_writes_what_is_certain_and_leaves_the_rest(ycd: RunYcd, tmp_path: Path) -> None:
    texts = [("day", "2025/3/1"), ("count", "3,000"), ("kind", "官方"), ("due", "May-22")]
    folder = spoiled(tmp_path, *texts, ("share", "1,5"), ("note", " 2025/3/1 "))
    checked = ycd("format", folder, "--check")
    assert (checked.code, "+0,10,1.5,2025-03-01" in checked.out) == (1, True)
    done = ycd("format", folder)
    assert 'days were written as the table does: all.csv:2 day "2025/3/1"' in done.out
    lines = (folder / "all.csv").read_text("utf-8").splitlines()
    cells = [line.split(",") for line in lines]
    assert (cells[1][3], cells[2][1], cells[3][8], cells[4][7]) == (
        "2025-03-01",
        "3000",
        "official",
        "May-22",
    )
    assert '"1,5"' in lines[5]
    assert " 2025/3/1 " in lines[6]
    assert ycd("format", folder).out == "0 files changed\n"


def test_format_turns_gbk_into_the_declared_encoding(ycd: RunYcd, tmp_path: Path) -> None:
    folder = spoiled(tmp_path, ("note", "浙江省，镕"), ("note", "上海"), encoding="gb18030")
    assert [each.code for each in validate(folder).findings] == ["encoding-guessed"]
    assert "(gb18030)" in ycd("format", folder, "--check").out
    assert ycd("format", folder).code == 0
    assert "浙江省，镕" in (folder / "all.csv").read_text("utf-8")
    assert validate(folder).findings == ()
    # Another encoding is not taken for GBK.
    (folder / "all.csv").write_bytes((folder / "all.csv").read_bytes() + "9,é\n".encode("latin-1"))
    assert ycd("format", folder).code == 2


def test_validate_says_once_that_a_spreadsheet_changed_dates(ycd: RunYcd, tmp_path: Path) -> None:
    texts = [("due", f"{month}-22") for month in ("May", "Jun", "Jul")] + [("due", "soon")]
    folder = spoiled(tmp_path, *texts, ("day", "2022/5/1"), ("day", "44682"), ("day", "2022-05"))
    report = validate(folder)
    assert [each.value for each in report.findings if each.field == "due"] == [
        "May-22",
        "Jun-22",
        "Jul-22",
        "soon",
    ]
    said = "your spreadsheet changed dates"
    for format, times in (("text", 2), ("markdown", 2), ("github", 2), ("json", 5), ("junit", 5)):
        out = ycd("validate", folder, "--format", format).out
        assert out.count(said) == times, format
    text = ycd("validate", folder).out
    assert '3 dates are as a spreadsheet shows them, such as "May-22", "Jun-22", "Jul-22"' in text
    assert "all.csv:2 due" in text
    assert '"soon" does not match' in text
    assert '"2022-05" is not of type date' in text
    assert "7 errors" in text


OTHERS: list[dict[str, Any]] = [
    {"name": "clock", "type": "time"},
    {"name": "comma", "type": "number", "decimalChar": ",", "groupChar": "."},
    {"name": "days", "type": "date", "format": "%d/%m/%Y"},
    {"name": "moments", "type": "datetime", "format": "%Y-%m-%d %H:%M"},
    {"name": "list", "type": "list"},
    {"name": "object", "type": "object"},
    {"name": "few", "type": "integer", "constraints": {"enum": [1, 2]}},
    {"name": "month_text", "constraints": {"pattern": "[0-9]{4}-[0-9]{2}"}},
]
SCHEMA = parse_schema({"fields": [*FIELDS, *OTHERS]})
MENDERS = [mender_of(field, SCHEMA, category_names(field)) for field in SCHEMA.fields]
WRITTEN = st.one_of(
    st.text(max_size=12),
    st.from_regex(r"[0-9０-９,./年月日 \-家万%eE+]{1,12}", fullmatch=True),
    st.sampled_from(["May-22", "官方", "TRUE", "是", "2022/5/1"]),
)
TYPED = st.builds(
    SheetValue,
    st.one_of(
        *(st.floats(), st.integers(), st.booleans(), st.dates(), st.datetimes(), st.times()),
        *(st.timedeltas(), st.text(max_size=5), st.none()),
    ),
    st.sampled_from(["", "General", "mmm-yy", "yyyy-mm-dd", "0%", "000000", "d-mmm"]),
    st.sampled_from(["", "05/01/22", "May-22", "50%"]),
    st.booleans(),
)


@examples(50)
@given(cell=st.one_of(WRITTEN, TYPED), mender=st.sampled_from(MENDERS))
def test_what_is_mended_is_valid_and_what_is_lawful_stays(cell: Cell, mender: Mender) -> None:
    found = mender.mend(cell)
    if found.text is None:
        assert all(map(mender.is_lawful, found.choices))
    else:
        assert found.text == "" or mender.is_valid(found.text)
    if isinstance(cell, str) and mender.is_lawful(cell):
        assert found == Meant(cell)
