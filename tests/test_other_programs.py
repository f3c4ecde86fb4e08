"""Workbooks as WPS, Google Sheets, Numbers, Excel for Mac and others write them, made by hand.

Each holds the same edits; what one program does otherwise than Excel is a change of its parts.
What the programs do is taken from what their users and the authors of other readers report.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from packages import zipped
from tables_to_damage import FIELDS, START, write_package

from ycd_opendata.errors import PackageError
from ycd_opendata.package.reading import read_package
from ycd_opendata.workbooks.book_reading import read_workbook
from ycd_opendata.workbooks.edits import Taken, take_workbook

NAMES = [each["name"] for each in FIELDS]
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
STRICT = "http://purl.oclc.org/ooxml"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
SHEET, STRINGS, STYLES = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/styles.xml"
BOOK, OF_BOOK, OF_ALL = "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "_rels/.rels"
DAY, MONTH, ZEROS, DATED = 1, 2, 3, 4
"""The styles of cells."""

Parts = dict[str, str]
Change = Callable[[Parts], Parts]

TYPED: dict[tuple[int, str], tuple[str, int]] = {
    (0, "count"): ("3000", 0),
    (0, "share"): ("0.25", 0),
    (0, "day"): ("44682", DAY),
    (0, "due"): ("44682", MONTH),
    (0, "code"): ("2701", ZEROS),
    (1, "day"): ("44683", DATED),
}
"""Numbers and days, with the styles of their cells."""
WRITTEN = {
    (0, "kind"): "官媒",
    (0, "note"): "一行\n& <另>  行",
    (1, "due"): "2027年",
    (1, "note"): "=1+1",
    (2, "note"): "浙江、、",
}
EDITS = {
    (0, "count"): "3000",
    (0, "share"): "0.25",
    (0, "day"): "2022-05-01",
    (0, "due"): "2022-05",
    (0, "code"): "002701",
    (0, "kind"): "state_media",
    (0, "note"): "一行\n& <另>  行",
    (1, "day"): "2022-05-02",
    (1, "due"): "2027",
    (1, "note"): "=1+1",
    (2, "note"): "浙江、、",
}
"""The same edits in CSV."""


def escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")


def excel() -> Parts:
    """The parts of the workbook as Excel writes it."""
    strings: list[str] = []
    lines = []
    for row in range(6):
        cells = []
        for at, name in enumerate(NAMES):
            place = f"{chr(ord('A') + at)}{row + 1}"
            typed = TYPED.get((row - 3, name))
            if typed is not None:
                cells.append(f'<c r="{place}" s="{typed[1]}"><v>{typed[0]}</v></c>')
                continue
            text = [str(row - 3), *START][at] if row > 2 else ("", "", name)[row]
            text = WRITTEN.get((row - 3, name), text)
            if text:
                cells.append(f'<c r="{place}" t="s"><v>{len(strings)}</v></c>')
                strings.append(text)
        lines.append(f'<row r="{row + 1}" spans="1:14">{"".join(cells)}</row>' if cells else "")
    items = "".join(f'<si><t xml:space="preserve">{escaped(each)}</t></si>' for each in strings)
    forms = ['[$-804]yyyy"年"m"月"d"日";@', 'yyyy"年"m"月"', "000000", "yyyy/m/d;@"]
    numbers = "".join(
        f'<numFmt numFmtId="{at}" formatCode="{each.replace(chr(34), "&quot;")}"/>'
        for at, each in enumerate(forms, 176)
    )
    styles = "".join(f'<xf numFmtId="{at}" xfId="0"/>' for at in (0, 176, 177, 178, 179))
    return {
        "[Content_Types].xml": "<Types/>",
        OF_ALL: f'<Relationships xmlns="{RELATIONS}"><Relationship Id="rId1" '
        f'Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        OF_BOOK: f'<Relationships xmlns="{RELATIONS}">'
        f'<Relationship Id="rId1" Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="rId2" Type="{OFFICE}/styles" Target="styles.xml"/>'
        f'<Relationship Id="rId3" Type="{OFFICE}/sharedStrings" Target="sharedStrings.xml"/>'
        "</Relationships>",
        BOOK: f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><workbookPr/><sheets>'
        '<sheet name="all" sheetId="1" r:id="rId1"/></sheets></workbook>',
        STYLES: f'<styleSheet xmlns="{MAIN}"><numFmts>{numbers}</numFmts><cellXfs>{styles}'
        "</cellXfs></styleSheet>",
        STRINGS: f'<sst xmlns="{MAIN}" count="1">{items}</sst>',
        SHEET: f'<worksheet xmlns="{MAIN}"><dimension ref="A1:N6"/><sheetData>{"".join(lines)}'
        "</sheetData></worksheet>",
    }


def replaced(part: str, pattern: str, by: str, *, flags: int = 0) -> Change:
    """A change of one part, which has to change."""

    def change(parts: Parts) -> Parts:
        text, count = re.subn(pattern, by, parts[part], flags=flags)
        assert count
        return {**parts, part: text}

    return change


def inline(parts: Parts) -> Parts:
    """Texts in the cells, and no table of them."""
    items = re.findall("<si>(.*?)</si>", parts[STRINGS], re.DOTALL)
    text = re.sub(
        r't="s"><v>([0-9]+)</v>',
        lambda found: f't="inlineStr"><is>{items[int(found[1])]}</is>',
        parts[SHEET],
    )
    of_book = re.sub(r"<Relationship [^>]*sharedStrings[^>]*/>", "", parts[OF_BOOK])
    left = {name: each for name, each in parts.items() if name != STRINGS}
    return {**left, SHEET: text, OF_BOOK: of_book}


def elsewhere(parts: Parts) -> Parts:
    """Parts at other paths, which are named from the root."""
    of_book = (
        parts[OF_BOOK].replace('Target="', 'Target="/odd/').replace("sharedStrings.xml", "S.XML")
    )
    moved = {
        name.replace("xl/", "odd/").replace("sharedStrings", "s"): text
        for name, text in parts.items()
    }
    moved["odd/_rels/book2.xml.rels"] = of_book
    moved["odd/book2.xml"] = moved.pop("odd/workbook.xml")
    return {**moved, OF_ALL: parts[OF_ALL].replace("xl/workbook.xml", "/odd/book2.xml")}


def prefixed(parts: Parts) -> Parts:
    """All elements with a prefix."""
    own = (BOOK, STYLES, STRINGS, SHEET)
    return parts | {
        name: re.sub("<(/?)([A-Za-z])", r"<\1x:\2", parts[name]).replace("xmlns=", "xmlns:x=")
        for name in own
    }


def strict(parts: Parts) -> Parts:
    """The strict variant of the standard, which has other namespaces, and days that are written."""
    text = parts[SHEET].replace('s="4"><v>44683', 's="4" t="d"><v>2022-05-02T00:00:00Z')
    texts = {**parts, SHEET: text}
    return {
        name: text.replace(MAIN, f"{STRICT}/spreadsheetml/main").replace(
            OFFICE, f"{STRICT}/officeDocument/relationships"
        )
        for name, text in texts.items()
    }


def runs(parts: Parts) -> Parts:
    """Texts in several runs, with how they are pronounced."""
    pronounced = '<rPh sb="0" eb="1"><t>zhè</t></rPh><phoneticPr fontId="1"/>'
    text = re.sub(
        "<si><t[^>]*>(.[^<]*?)</t></si>",
        lambda found: (
            f'<si><r><t>{found[1][0]}</t></r><r><rPr><b/></rPr><t xml:space="preserve">'
            f"{found[1][1:]}</t></r>{pronounced}</si>"
            if found[1][0] != "&"
            else found[0]
        ),
        parts[STRINGS],
        flags=re.DOTALL,
    )
    assert "<rPr>" in text
    return {**parts, STRINGS: text}


def wps(parts: Parts) -> Parts:
    """What WPS writes beside the cells, some of it against the standard."""
    properties = (
        '<cp:coreProperties xmlns:cp="a" xmlns:dcterms="http://purl.org/dc/terms/">'
        "<dcterms:created>2026-01-01</dcterms:created><dcterms:valid>x</dcterms:valid>"
        "</cp:coreProperties>"
    )
    custom = '<Properties><property name="KSOProductBuildVer"/></Properties>'
    extra = (
        '<sheetPr><extLst><ext uri="{0b15fc19-7d7d-44ad-8c2d-2c3a37ce22c3}">'
        '<etExt xmlns="https://web.wps.cn/et/2018/main"/></ext></extLst></sheetPr>'
        '<dimension ref="A1"/>'
    )
    color = '<fill><patternFill><fgColor rgb="nothing"/></patternFill></fill>'
    return parts | {
        "docProps/core.xml": properties,
        "docProps/custom.xml": custom,
        "xl/cellimages.xml": '<etc:cellImages xmlns:etc="http://www.wps.cn/officeDocument/2017/etCustomData"/>',
        SHEET: parts[SHEET].replace('<dimension ref="A1:N6"/>', extra).replace(' s="3"', ' s="3" '),
        STYLES: parts[STYLES].replace("<cellXfs>", f"<fills><fill/>{color}</fills><cellXfs>"),
        BOOK: parts[BOOK].replace("<workbookPr/>", '<fileVersion appName="et"/><workbookPr/>'),
    }


def without_formats(parts: Parts) -> Parts:
    """Chinese formats of days by their numbers alone."""
    text = re.sub("<numFmts>.*</numFmts>", "", parts[STYLES])
    for number, known in ((176, 31), (177, 57), (178, 1), (179, 14)):
        text = text.replace(f'"{number}"', f'"{known}"')
    return {**parts, STYLES: text}


def of_1904(parts: Parts) -> Parts:
    """Days counted from 1904, as Excel for Mac did for long."""
    text = parts[SHEET].replace("44682", "43220").replace("44683", "43221")
    return parts | {SHEET: text, BOOK: parts[BOOK].replace("Pr/>", 'Pr date1904="1"/>')}


def google(parts: Parts) -> Parts:
    """Whole numbers with a point, and a thousand rows of styled blanks."""
    blanks = "".join(
        f'<row r="{at}"><c r="A{at}" s="1"/><c r="B{at}" s="2"/></row>' for at in range(7, 1001)
    )
    text = re.sub(r"<v>(3000|4468[23]|2701)</v>", r"<v>\1.0</v>", parts[SHEET])
    return {**parts, SHEET: text.replace("</sheetData>", f"{blanks}</sheetData>")}


def numbers(parts: Parts) -> Parts:
    """A first sheet that sums up, and the table's name over its columns, in cells made one."""
    of_book = parts[OF_BOOK].replace(
        "</Rel",
        f'<Relationship Id="rId9" Type="{OFFICE}/worksheet" Target="worksheets/sheet9.xml"/></Rel',
    )
    first = '<sheet name="导出汇总" sheetId="9" r:id="rId9"/><sheet name="工作表 1 - 表格"'
    title = '<row r="1"><c r="A1" t="inlineStr"><is><t>表格</t></is></c></row>'
    text = parts[SHEET].replace("<sheetData>", f"<sheetData>{title}")
    merged = '</sheetData><mergeCells count="1"><mergeCell ref="A1:N1"/></mergeCells>'
    return parts | {
        OF_BOOK: of_book,
        BOOK: parts[BOOK].replace('<sheet name="all"', first),
        "xl/worksheets/sheet9.xml": f'<worksheet xmlns="{MAIN}"><sheetData/></worksheet>',
        SHEET: text.replace("</sheetData>", merged),
    }


def computed(parts: Parts) -> Parts:
    """Values that formulas give."""
    text = parts[SHEET].replace("<v>3000</v>", "<f>1000*3</f><v>3000</v>")
    return {**parts, SHEET: re.sub('t="s">(<v>[0-9]+</v></c></row><row r="5")', r't="s">\1', text)}


CHANGES: dict[str, Change] = {
    "Excel": dict,
    "texts in cells": inline,
    "parts elsewhere": elsewhere,
    "prefixes": prefixed,
    "strict": strict,
    "runs": runs,
    "WPS": wps,
    "formats by number": without_formats,
    "1904": of_1904,
    "Google": google,
    "Numbers": numbers,
    "formulas": computed,
    "no places of cells": lambda parts: replaced(SHEET, ' r="[A-Z][0-9]+"', "")(full(parts)),
    "no numbers of rows": lambda parts: replaced(SHEET, '<row r="[0-9]+"', "<row")(full(parts)),
    "small dimension": replaced(SHEET, 'ref="A1:N6"', 'ref="A1"'),
    "no styles": lambda parts: {**typed_as_text(parts), STYLES: "<styleSheet/>"},
    "backslashes": lambda parts: {name.replace("/", "\\"): text for name, text in parts.items()},
    "years as e": replaced(STYLES, "yyyy(&quot;年&quot;m&quot;月&quot;\")", r"e\1"),
    "two characters at line ends": replaced(STRINGS, "一行\n", "一行_x000D_\n"),
    "Chinese names": lambda parts: {
        name.replace("sheet1", "表1"): text.replace("/sheet1", "/%E8%A1%A81")
        for name, text in parts.items()
    },
    "capitals": lambda parts: {
        name.replace("sheet1", "Sheet1").replace("shared", "Shared"): text
        for name, text in parts.items()
    },
}  # fmt: skip


def full(parts: Parts) -> Parts:
    """Rows for the blank lines too, where nothing says which row is which."""
    return {**parts, SHEET: parts[SHEET].replace("<sheetData>", "<sheetData><row/><row/>")}


def typed_as_text(parts: Parts) -> Parts:
    """Days and codes as text, where no format tells what a number is."""
    text = parts[SHEET]
    for number, said in (("44682", "2022/5/1"), ("44683", "2022-5-2"), ("2701", "002701")):
        text = re.sub(f'<c r="([A-Z]4|[A-Z]5)" s="[134]"><v>{number}</v>',
                      rf'<c r="\1" t="str"><v>{said}</v>', text)  # fmt: skip
    return {**parts, SHEET: re.sub('s="2"><v>44682', 't="str"><v>2022年5月', text)}


def packed(parts: Parts, encoding: str = "utf-8") -> bytes:
    head = HEAD.replace("UTF-8", encoding.upper())
    return zipped({name: f"{head}{text}".encode(encoding) for name, text in parts.items()})


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_package(
        tmp_path_factory.mktemp("programs"), [[str(number), *START] for number in range(3)]
    )


def taken(folder: Path, content: bytes) -> Taken:
    path = folder / "all.xlsx"
    path.write_bytes(content)
    return take_workbook(read_package(folder), path, {})


def expected() -> tuple[tuple[str, ...], ...]:
    rows = [[str(number), *START] for number in range(3)]
    for (record, name), text in EDITS.items():
        rows[record][NAMES.index(name)] = text
    return tuple(map(tuple, rows))


@pytest.mark.parametrize("program", CHANGES)
def test_the_same_edits_come_back_from_every_program(folder: Path, program: str) -> None:
    found = taken(folder, packed(CHANGES[program](excel())))
    assert (found.said.questions, found.said.troubles) == ([], [])
    assert found.tables[0].rows == expected()
    assert found.tables[0].deleted == ()


@pytest.mark.parametrize("encoding", ["utf-16", "gb18030"])
def test_parts_may_be_in_another_encoding(folder: Path, encoding: str) -> None:
    assert taken(folder, packed(excel(), encoding)).tables[0].rows == expected()


CELL = '<c r="M4" t="s"><v>[0-9]+</v></c>'


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        ('<c r="M4" t="str"><f>_xlfn.DISPIMG("ID_1",1)</f><v>=DISPIMG("ID_1",1)</v></c>',
         '=DISPIMG("ID_1",1)'),
        ('<c r="M4" t="e" vm="1"><v>#VALUE!</v></c>', "#VALUE!"),
        ('<c r="M4"><f>1+1</f></c>', ""),
        ('<c r="M4" s="1"><v>99999999999</v></c>', "99999999999"),
    ],
)  # fmt: skip
def test_a_cell_that_holds_no_value_is_asked_about(folder: Path, cell: str, shown: str) -> None:
    [question] = taken(folder, packed(replaced(SHEET, CELL, cell)(excel()))).said.questions
    assert (question.kind, question.place, question.value) == ("failed", "all!M4", shown)


HOSTILE = '<!DOCTYPE worksheet [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><worksheet x="&b;"'


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (replaced(SHEET, "<worksheet", HOSTILE), "is refused: its XML defines entities"),
        (replaced(SHEET, '<row r="5"', '<row r="4"'), "is refused: row 4 stands twice"),
        (replaced(SHEET, '"C4"', '"A4"'), "a cell of row 4 is out of place"),
        (replaced(SHEET, '"C4"', '"XFE4"'), "a cell of row 4 is out of place"),
        (replaced(STRINGS, "<si>.*</si>", "<si/>", flags=re.DOTALL), "is broken"),
        (replaced(OF_ALL, "workbook.xml", "workbook.bin"), "is no workbook"),
        (replaced(OF_BOOK, "sheet1", "sheet7"), "is broken"),
    ],
    ids=["entities", "rows", "cells", "columns", "strings", "binary", "missing"],
)
def test_what_cannot_be_read_is_said_in_one_sentence(
    tmp_path: Path, change: Change, said: str
) -> None:
    path = tmp_path / "t.xlsx"
    for encoding in ("utf-8", "utf-16"):
        path.write_bytes(packed(change(excel()), encoding))
        with pytest.raises(PackageError, match=said):
            read_workbook(path)
