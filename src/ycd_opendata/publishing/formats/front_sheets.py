"""The sheets of a workbook that are no tables: what it is, its columns, and their values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ycd_opendata.package.model import Field, Package, bilingual
from ycd_opendata.publishing.formats.sheet_cells import Formats, write_text
from ycd_opendata.publishing.formats.table import Extent, Table

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

README, FIELDS, VALUES = "README 说明", "fields 字段", "values 取值"
FRONT_SHEETS = (README, FIELDS, VALUES)

_HOW_TO_READ = (
    "每张表第1行为列的含义，第2行为列名，可在第2行筛选；编号均为文本，日期为日期格式。",
    "In each sheet, row 1 says what a column means and row 2 has its name, where you can filter. "
    "Codes are text, dates are dates.",
)


def write_readme(
    book: Workbook,
    formats: Formats,
    package: Package,
    tables: Sequence[Table],
    extents: Mapping[str, Extent],
    names: Mapping[str, str],
    reasons: Mapping[str, str],
) -> None:
    """What the workbook is, and the tables in it; ``reasons`` say why one is left out."""
    sheet = book.add_worksheet(README)
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, 24)
    sheet.set_column(2, 2, 90)
    row = 0
    write_text(sheet, row, 0, bilingual(package.raw, "title") or package.name, formats.heading)
    for label, text in _facts(package):
        row += 1
        write_text(sheet, row, 0, label, formats.wrapped)
        write_text(sheet, row, 2, text, formats.wrapped)
    row += 2
    _header(sheet, formats, row, ("sheet 表", "title 标题", "description 说明", "rows 行数"))
    for table in tables:
        row += 1
        reason = reasons[table.name]
        about = table.description
        if reason:
            about = f"Left out 未收录: {reason}. See csv/{table.name}.csv. {about}"
            write_text(sheet, row, 0, table.name, formats.wrapped)
        else:
            name = names[table.name]
            sheet.write_url(row, 0, f"internal:'{name}'!A1", formats.link, name)
        write_text(sheet, row, 1, table.title, formats.wrapped)
        write_text(sheet, row, 2, about, formats.wrapped)
        sheet.write_number(row, 3, extents[table.name].rows)


def _facts(package: Package) -> Iterator[tuple[str, str]]:
    raw = package.raw
    yield "description 说明", bilingual(raw, "description")
    yield "version 版本", f"{package.version} ({package.created[:10]})"
    for each in raw.get("licenses", ()):
        parts = (each.get(key, "") for key in ("title", "name", "path"))
        yield "licence 许可", " · ".join(dict.fromkeys(str(part) for part in parts if part))
    if raw.get("homepage"):
        yield "homepage 主页", str(raw["homepage"])
    for text in _HOW_TO_READ:
        yield "how to read 用法", text


def write_fields(book: Workbook, formats: Formats, tables: Sequence[Table]) -> None:
    """Every column of every table, as its Table Schema describes it."""
    sheet = book.add_worksheet(FIELDS)
    for column, width in enumerate((16, 28, 24, 10, 18, 10, 90)):
        sheet.set_column(column, column, width)
    _header(
        sheet,
        formats,
        0,
        (
            "table 表",
            "field 列",
            "title 标题",
            "type 类型",
            "unit 单位",
            "required 必填",
            "description 说明",
        ),
    )
    row = 0
    for table in tables:
        for field in table.schema.fields:
            row += 1
            required = field.required or field.name in table.schema.primary_key
            texts = (
                table.name,
                field.name,
                bilingual(field.raw, "title"),
                field.type,
                field.unit,
                "yes 是" if required else "",
                bilingual(field.raw, "description"),
            )
            for column, text in enumerate(texts):
                write_text(sheet, row, column, text, formats.wrapped)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(row, 1), 6)


def write_values(
    book: Workbook, formats: Formats, tables: Sequence[Table]
) -> dict[tuple[str, str], tuple[int, int]]:
    """The values of the columns that have a list of them.

    Returns
    -------
    dict
        The first and the last row (from 0) of each list, by table and field; values stand in the
        third column.
    """
    sheet = book.add_worksheet(VALUES)
    for column, width in enumerate((16, 28, 28, 60)):
        sheet.set_column(column, column, width)
    _header(sheet, formats, 0, ("table 表", "field 列", "value 值", "meaning 含义"))
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
    listed = field.raw.get("categories")
    categories = listed if isinstance(listed, list) else []
    labels = {
        each["value"]: str(each.get("label", "")) if isinstance(each, Mapping) else ""
        for each in (each if isinstance(each, Mapping) else {"value": each} for each in categories)
    }
    values = field.constraints.get("enum", labels)
    kinds = (str,) if field.type == "string" else (int, float)
    plain = [each for each in values if isinstance(each, kinds) and not isinstance(each, bool)]
    return {each: labels.get(each, "") for each in plain} if len(plain) == len(values) else {}


def _header(sheet: Worksheet, formats: Formats, row: int, names: Sequence[str]) -> None:
    for column, name in enumerate(names):
        write_text(sheet, row, column, name, formats.header)
