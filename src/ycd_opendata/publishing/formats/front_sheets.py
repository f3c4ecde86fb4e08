"""The sheets of a workbook that are no tables: what it is, its columns, and their values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ycd_opendata.package.model import Field, Package, bilingual
from ycd_opendata.publishing.formats.sheet_cells import Formats, write_text
from ycd_opendata.publishing.formats.table import Table

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet


@dataclass(frozen=True)
class Words:
    """What stands on the front sheets: their names, the names of their columns, and the labels."""

    readme: str
    fields: str
    values: str
    sheet_columns: tuple[str, ...]
    field_columns: tuple[str, ...]
    value_columns: tuple[str, ...]
    description: str
    version: str
    licence: str
    homepage: str
    how_to_read: str
    left_out: str
    yes: str
    rules_of_reading: tuple[str, ...]

    @property
    def sheets(self) -> tuple[str, ...]:
        """The names of the sheets."""
        return self.readme, self.fields, self.values


_HOW_TO_READ = (
    "In each sheet, row 1 says what a column means and row 2 has its name, where you can filter. "
    "Codes are text, dates are dates."
)
_ENGLISH = Words(
    readme="README",
    fields="fields",
    values="values",
    sheet_columns=("sheet", "title", "description", "rows"),
    field_columns=("table", "field", "title", "type", "unit", "required", "description"),
    value_columns=("table", "field", "value", "meaning"),
    description="description",
    version="version",
    licence="licence",
    homepage="homepage",
    how_to_read="how to read",
    left_out="Left out",
    yes="yes",
    rules_of_reading=(_HOW_TO_READ,),
)
_BOTH = Words(
    readme="README 说明",
    fields="fields 字段",
    values="values 取值",
    sheet_columns=("sheet 表", "title 标题", "description 说明", "rows 行数"),
    field_columns=(
        "table 表",
        "field 列",
        "title 标题",
        "type 类型",
        "unit 单位",
        "required 必填",
        "description 说明",
    ),
    value_columns=("table 表", "field 列", "value 值", "meaning 含义"),
    description="description 说明",
    version="version 版本",
    licence="licence 许可",
    homepage="homepage 主页",
    how_to_read="how to read 用法",
    left_out="Left out 未收录",
    yes="yes 是",
    rules_of_reading=(
        "每张表第1行为列的含义，第2行为列名，可在第2行筛选；编号均为文本，日期为日期格式。",
        _HOW_TO_READ,
    ),
)


def words(package: Package) -> Words:
    """The words for a package: in Chinese too, if the package says that it is."""
    return _BOTH if "zh" in (package.raw.get("languages") or ()) else _ENGLISH


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
    sheet = book.add_worksheet(said.readme)
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
    _header(sheet, formats, row, said.sheet_columns)
    for table in tables:
        row += 1
        reason = reasons[table.name]
        about = table.description
        if reason:
            about = f"{said.left_out}: {reason}. See {table.files('csv')[0]}. {about}"
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
        yield said.description, bilingual(raw, "description")
    yield said.version, f"{package.version} ({package.created[:10]})"
    for each in raw.get("licenses", ()):
        parts = (each.get(key, "") for key in ("title", "name", "path"))
        yield said.licence, " · ".join(dict.fromkeys(str(part) for part in parts if part))
    if raw.get("homepage"):
        yield said.homepage, str(raw["homepage"])
    for text in said.rules_of_reading:
        yield said.how_to_read, text


def write_fields(book: Workbook, formats: Formats, tables: Sequence[Table], said: Words) -> None:
    """Every column of every table, as its Table Schema describes it."""
    sheet = book.add_worksheet(said.fields)
    for column, width in enumerate((16, 28, 24, 10, 18, 10, 90)):
        sheet.set_column(column, column, width)
    _header(sheet, formats, 0, said.field_columns)
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
                said.yes if required else "",
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
    sheet = book.add_worksheet(said.values)
    for column, width in enumerate((16, 28, 28, 60)):
        sheet.set_column(column, column, width)
    _header(sheet, formats, 0, said.value_columns)
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
