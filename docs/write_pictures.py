"""Makes the pictures of the Chinese guide for curators anew: ``python docs/write_pictures.py``.

What a curator sees of a workbook is laid out by LibreOffice, and what he sees of ``ycd take`` is
caught from a terminal; Chromium draws both. Look at each before you commit it.
"""

from __future__ import annotations

import html
import os
import pty
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import openpyxl
from openpyxl.styles import Alignment
from openpyxl.utils import get_column_letter
from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).parent.parent
PICTURES = ROOT / "docs" / "pictures"
BOOK = "数据.xlsx"
TARGET = "zj-2022-core-growth-in-2022"
HEADER_ROWS = 3
ROWS_SHOWN = 8
COLUMNS = {
    "targets": {
        "target_id": 28, "region_id": 17, "indicator_id": 38, "comparator": 14, "value": 8,
        "due_on": 11, "phrase": 34,
    },
    "建议": {
        "accept": 8, "suggestion": 40, "for": 20, "against": 22, "assessments.comparability": 16,
        "assessments.reason_zh": 22,
    },
}  # fmt: skip
"""The columns that a picture shows, and how wide they are in it."""

_GRID = (
    "<style>td { border: 1px solid #d4d9de; padding: 1px 4px } html { background: white }</style>"
)
"""The lines between cells, which a sheet shows and LibreOffice does not write."""

_TERMINAL = """<style>body {{ margin: 0; background: white }}
pre {{ background: #1e2229; color: #e6e6e6; margin: 0; padding: 14px 18px; width: 940px;
font: 14px/1.5 "Noto Sans Mono CJK SC", monospace; white-space: pre-wrap; word-break: break-all }}
</style><pre>{text}</pre>"""


def ycd(folder: Path, *arguments: str) -> None:
    """Run a command in Chinese."""
    command = [sys.executable, "-m", "ycd_opendata", *arguments]
    subprocess.run(command, cwd=folder, env=spoken(), check=True, capture_output=True)


def spoken() -> dict[str, str]:
    """The environment of somebody who reads Chinese."""
    return {**os.environ, "YCD_LANG": "zh", "LC_ALL": "C.UTF-8", "COLUMNS": "110"}


def shown_sheet(book: Path, name: str, folder: Path) -> str:
    """The first rows and some columns of a sheet, as LibreOffice shows them on a page."""
    workbook = openpyxl.load_workbook(book)
    for each in workbook.sheetnames:
        if each != name:
            del workbook[each]
    sheet = workbook[name]
    sheet.data_validations.dataValidation.clear()
    sheet.delete_rows(HEADER_ROWS + ROWS_SHOWN + 1, sheet.max_row)
    for at in range(sheet.max_column, 0, -1):
        if sheet.cell(HEADER_ROWS, at).value not in COLUMNS[name]:
            sheet.delete_cols(at)
    sheet.column_dimensions.clear()
    for at, width in enumerate(COLUMNS[name].values(), 1):
        sheet.column_dimensions[get_column_letter(at)].width = width
        for row in range(HEADER_ROWS + 1, sheet.max_row + 1):
            sheet.cell(row, at).alignment = Alignment(wrap_text=True, vertical="top")
    path = folder / "shown.xlsx"
    workbook.save(path)
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    options = ("--headless", "--convert-to", "html", "--outdir", str(folder), str(path))
    subprocess.run(["soffice", profile, *options], check=True, capture_output=True)
    return path.with_suffix(".html").read_text("utf-8") + _GRID


def accept_first(book: Path) -> None:
    """Write yes beside the first suggestion that asks for something, and what it asks for."""
    workbook = openpyxl.load_workbook(book)
    sheet = workbook["建议"]
    fields = [cell.value for cell in sheet[HEADER_ROWS]]
    row = HEADER_ROWS + 1
    said = {
        "accept": "是",
        "assessments.comparability": "partial · 部分可比",
        "assessments.reason_zh": "只有一至十一月的数字。",
        "assessments.reason_en": "Only the figure for January to November.",
    }
    for field, text in said.items():
        sheet.cell(row, fields.index(field) + 1).value = text
    workbook.save(book)


def spoil(book: Path) -> None:
    """Edit a target as spreadsheets do it: a digit in full width, and a day that is none."""
    workbook = openpyxl.load_workbook(book)
    sheet = workbook["targets"]
    fields = [cell.value for cell in sheet[HEADER_ROWS]]
    row = next(row for row in sheet.iter_rows(min_row=HEADER_ROWS) if row[0].value == TARGET)
    row[fields.index("value")].value = "１３"
    row[fields.index("due_on")].value = "Dec-22"
    workbook.save(book)


def session(folder: Path, answers: Sequence[str]) -> str:
    """What a terminal shows of ``ycd take``, which asks and is answered."""
    arguments = [sys.executable, "-m", "ycd_opendata", "take", BOOK]
    pid, terminal = pty.fork()
    if pid == 0:
        os.chdir(folder)
        os.execve(sys.executable, arguments, spoken())
    left, caught = [*answers], b""
    while True:
        try:
            chunk = os.read(terminal, 4096)
        except OSError:  # the other end is closed
            break
        if not chunk:
            break
        caught += chunk
        if left and caught.endswith(b": "):
            os.write(terminal, f"{left.pop(0)}\n".encode())
    os.waitpid(pid, 0)
    return f"$ ycd take {BOOK}\n" + caught.decode().replace("\r\n", "\n")


def draw(page: Page, content: str, element: str, name: str) -> None:
    """Save the picture of an element of a page."""
    page.set_content(content)
    page.locator(element).first.screenshot(path=PICTURES / name)
    sys.stdout.write(f"{name}: {(PICTURES / name).stat().st_size:,} bytes\n")


def main() -> None:
    """Make the pictures."""
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = Path(name)
        for each in ("data", "schemas"):
            shutil.copytree(ROOT / each, folder / each)
        for each in ("datapackage.json", "ycd.toml"):
            shutil.copy(ROOT / each, folder)
        ycd(folder, "workbook", BOOK)
        accept_first(folder / BOOK)
        program = next(filter(None, map(shutil.which, ("chromium", "google-chrome"))), None)
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1600, "height": 1200})
        for sheet, picture in (("targets", "workbook.zh.png"), ("建议", "suggestions.zh.png")):
            draw(page, shown_sheet(folder / BOOK, sheet, folder), "table", picture)
        (folder / BOOK).unlink()
        ycd(folder, "workbook", BOOK)
        spoil(folder / BOOK)
        text = session(folder, ("2022-12", "y"))
        draw(page, _TERMINAL.format(text=html.escape(text.strip())), "pre", "take.zh.png")
        browser.close()


if __name__ == "__main__":
    main()
