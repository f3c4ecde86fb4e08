"""The sheets of a workbook that are no tables: what it is, its columns, and their values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from ycd_opendata.package.model import Field, Package, bilingual
from ycd_opendata.publishing.formats.sheet_cells import Formats, write_text
from ycd_opendata.publishing.formats.table import Table

README, FIELDS, VALUES = ("README", "说明"), ("fields", "字段"), ("values", "取值")
"""What the sheets are called."""

_TABLE, _FIELD, _TITLE = ("table", "表"), ("field", "列"), ("title", "标题")
_ABOUT = ("description", "说明")
_OF_SHEETS = (("sheet", "表"), _TITLE, _ABOUT, ("rows", "行数"))
_OF_FIELDS = (
    *(_TABLE, _FIELD, _TITLE, ("type", "类型"), ("unit", "单位")),
    *(("required", "必填"), _ABOUT),
)
_OF_VALUES = (_TABLE, _FIELD, ("value", "值"), ("meaning", "含义"))
_HOW_TO_READ = (
    "In each sheet, row 1 says what a column means and row 2 has its name, where you can filter. "
    "Codes are text, dates are dates."
)
_HOW_TO_READ_ZH = (
    "每张表第1行为列的含义，第2行为列名，可在第2行筛选；编号均为文本，日期为日期格式。"
)


@dataclass(frozen=True)
class Words:
    """The words that stand on the front sheets: in Chinese too, if the package is."""

    is_chinese: bool

    def __call__(self, english: str, chinese: str) -> str:
        """A word in the languages of the package."""
        return f"{english} {chinese}" if self.is_chinese else english

    @property
    def sheets(self) -> tuple[str, ...]:
        """The names of the sheets."""
        return tuple(self(*each) for each in (README, FIELDS, VALUES))


def words(package: Package) -> Words:
    """The words for a package."""
    return Words("zh" in (package.raw.get("languages") or ()))


def write_readme(
    book: Workbook,
    formats: Formats,
    package: Package,
    tables: Sequence[Table],
    names: Mapping[str, str],
    reasons: Mapping[str, str],
) -> None:
    """What the workbook is, and the tables in it; ``reasons`` say why one is left out."""
    said = words(package)
    sheet = book.add_worksheet(said(*README))
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, 24)
    sheet.set_column(2, 2, 90)
    row = 0
    write_text(sheet, row, 0, bilingual(package.raw, "title") or package.name, formats.heading)
    for label, text in _facts(package, said):
        row += 1
        write_text(sheet, row, 0, label, formats.wrapped)
        write_text(sheet, row, 2, text, formats.wrapped)
    row += 2
    _header(sheet, formats, row, [said(*each) for each in _OF_SHEETS])
    for table in tables:
        row += 1
        reason = reasons[table.name]
        about = table.description
        if reason:
            about = f"{said('Left out', '未收录')}: {reason}. See {table.files('csv')[0]}. {about}"
            write_text(sheet, row, 0, table.name, formats.wrapped)
        else:
            name = names[table.name]
            sheet.write_url(row, 0, f"internal:'{name}'!A1", formats.link, name)
        write_text(sheet, row, 1, table.title, formats.wrapped)
        write_text(sheet, row, 2, about, formats.wrapped)
        sheet.write_number(row, 3, table.extent.rows)


def _facts(package: Package, said: Words) -> Iterator[tuple[str, str]]:
    raw = package.raw
    if raw.get("description"):
        yield said(*_ABOUT), bilingual(raw, "description")
    yield said("version", "版本"), f"{package.version} ({package.created[:10]})"
    for each in raw.get("licenses", ()):
        parts = (each.get(key, "") for key in ("title", "name", "path"))
        yield (
            said("licence", "许可"),
            " · ".join(dict.fromkeys(str(part) for part in parts if part)),
        )
    if raw.get("homepage"):
        yield said("homepage", "主页"), str(raw["homepage"])
    for text in (_HOW_TO_READ_ZH, _HOW_TO_READ) if said.is_chinese else (_HOW_TO_READ,):
        yield said("how to read", "用法"), text


def write_fields(book: Workbook, formats: Formats, tables: Sequence[Table], said: Words) -> None:
    """Every column of every table, as its Table Schema describes it."""
    sheet = book.add_worksheet(said(*FIELDS))
    for column, width in enumerate((16, 28, 24, 10, 18, 10, 90)):
        sheet.set_column(column, column, width)
    _header(sheet, formats, 0, [said(*each) for each in _OF_FIELDS])
    row = 0
    for table in tables:
        for field in table.schema.fields:
            row += 1
            texts = (
                table.name,
                field.name,
                bilingual(field.raw, "title"),
                field.type,
                field.unit,
                said("yes", "是") if table.schema.is_filled(field) else "",
                bilingual(field.raw, "description"),
            )
            for column, text in enumerate(texts):
                write_text(sheet, row, column, text, formats.wrapped)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(row, 1), 6)


def write_values(
    book: Workbook, formats: Formats, tables: Sequence[Table], said: Words
) -> dict[tuple[str, str], tuple[int, int]]:
    """The values of the columns that have a list of them.

    Returns
    -------
    dict
        The first and the last row (from 0) of each list, by table and field; values stand in the
        third column.
    """
    sheet = book.add_worksheet(said(*VALUES))
    for column, width in enumerate((16, 28, 28, 60)):
        sheet.set_column(column, column, width)
    _header(sheet, formats, 0, [said(*each) for each in _OF_VALUES])
    row = 0
    places = {}
    for table in tables:
        for field in table.schema.fields:
            values = values_of(field)
            for value, label in values.items():
                row += 1
                write_text(sheet, row, 0, table.name, formats.text)
                write_text(sheet, row, 1, field.name, formats.text)
                if isinstance(value, int | float):
                    sheet.write_number(row, 2, value)
                else:
                    write_text(sheet, row, 2, value, formats.text)
                write_text(sheet, row, 3, label, formats.text)
            if values:
                places[table.name, field.name] = (row - len(values) + 1, row)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(row, 1), 3)
    return places


def values_of(field: Field) -> dict[Any, str]:
    """The values that a text or number may have, with their labels; empty if there is no list."""
    if field.type not in ("string", "integer", "number", "year"):
        return {}
    labels = {each["value"]: str(each.get("label", "")) for each in field.categories}
    values = field.constraints.get("enum", labels)
    kinds = (str,) if field.type == "string" else (int, float)
    plain = [each for each in values if isinstance(each, kinds) and not isinstance(each, bool)]
    return {each: labels.get(each, "") for each in plain} if len(plain) == len(values) else {}


def _header(sheet: Worksheet, formats: Formats, row: int, names: Sequence[str]) -> None:
    for column, name in enumerate(names):
        write_text(sheet, row, column, name, formats.header)
