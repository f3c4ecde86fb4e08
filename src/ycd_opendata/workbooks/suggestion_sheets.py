"""The sheet of what an extension suggests: the curator writes yes, and what only he can say.

It has a row a suggestion, and below the same three rows of headers as a table's sheet::

    accept | suggestion | for | against | TABLE.FIELD ... | kind | record | name

A column ``TABLE.FIELD`` takes what some suggestions ask for; where one asks, the cell is yellow.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ycd_opendata.extension_loading import extension_of
from ycd_opendata.loader.derived_tables import suggestions_of
from ycd_opendata.package.model import Field, Package
from ycd_opendata.publishing.formats.names import unique_names
from ycd_opendata.publishing.formats.sheet_cells import write_text
from ycd_opendata.publishing.formats.workbook import LONGEST_CELL, MOST_ROWS
from ycd_opendata.suggestion import Edit, Suggestion
from ycd_opendata.workbooks.book_looks import Looks, finish, write_header
from ycd_opendata.workbooks.sheet_words import said
from ycd_opendata.workbooks.sheet_writing import Lists, add_choices
from ycd_opendata.workbooks.table_sheets import (
    HEADER_ROWS,
    LONGEST_NAME,
    Layout,
    SheetColumn,
    TableSheet,
)

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

SUGGESTIONS = {"en": "suggestions", "zh": "建议"}
ACCEPT, TEXT, NAME = "accept", "suggestion", "name"
FIRST = (ACCEPT, TEXT, "for", "against")
LAST = ("kind", "record", NAME)
BOOLEANS = {"en": ("yes", "no"), "zh": ("是", "否")}


@dataclass(frozen=True)
class SuggestionSheet:
    """The suggestions that can be accepted, and the columns by what row 3 calls them."""

    name: str
    title: str
    meaning: str
    columns: Mapping[str, SheetColumn]
    suggestions: tuple[Suggestion, ...]


def suggested(package: Package) -> tuple[Suggestion, ...]:
    """What the extension of a package suggests.

    Raises
    ------
    YcdError
        The tables are not valid enough to tell.
    """
    # It loads pandas, which other packages have no need of.
    from ycd_opendata.loader.loading import tables_of

    if extension_of(package).suggestions is None:
        return ()
    return suggestions_of(package, tables_of(package))


def suggestion_sheet(plan: Layout, found: Iterable[Suggestion]) -> SuggestionSheet | None:
    """The sheet of those suggestions that fit into the tables of a layout; None without any."""
    columns = asked_columns(plan)
    fitting = [each for each in found if _fits(each, columns)][: MOST_ROWS - HEADER_ROWS]
    if not fitting:
        return None
    asked = dict.fromkeys(name for each in fitting for name in asked_of(each))
    own = {each: _own_column(each, plan.lang) for each in (*FIRST, *LAST)}
    names = (*FIRST, *asked, *LAST)
    [name] = unique_names(
        [SUGGESTIONS[plan.lang]], (each.name for each in plan.sheets), LONGEST_NAME
    )
    return SuggestionSheet(
        name,
        said("suggestions", plan.lang),
        said("about_suggestions", plan.lang),
        {each: own.get(each) or columns[each] for each in names},
        tuple(fitting),
    )


def asked_columns(plan: Layout) -> Mapping[str, SheetColumn]:
    """A column for each field of the tables, under the name of both."""
    return {
        f"{table.file.resource.name}.{column.field.name}": _asked_column(table, column)
        for table in plan.sheets
        for column in table.columns
    }


def asked_of(suggestion: Suggestion) -> tuple[str, ...]:
    """The names of the columns that a suggestion asks for."""
    edit = suggestion.edit
    return () if edit is None else tuple(f"{edit.table}.{each}" for each in suggestion.asks)


def _asked_column(table: TableSheet, column: SheetColumn) -> SheetColumn:
    """A field outside of its table: what it takes for missing goes with it."""
    missing = [*table.file.schema.missing_values_of(column.field)]
    field = replace(column.field, raw={**column.field.raw, "missingValues": missing})
    return replace(column, field=field)


def _own_column(name: str, lang: str) -> SheetColumn:
    raw: dict[str, object] = {"name": name, "type": "string"}
    if name == ACCEPT:
        yes, no = BOOLEANS[lang]
        raw = {"name": name, "type": "boolean", "trueValues": [yes], "falseValues": [no]}
    field = Field(name, str(raw["type"]), "default", "", "", "", {}, raw)
    return SheetColumn(field, said(name, lang), said(f"about_{name}", lang), None)


def accept_column() -> SheetColumn:
    """The column that says whether a suggestion is accepted, in whatever language."""
    return _own_column(ACCEPT, "en")


def _fits(suggestion: Suggestion, columns: Mapping[str, SheetColumn]) -> bool:
    edit = suggestion.edit
    if edit is None:
        return False
    named = (*suggestion.asks, *edit.cells, *edit.where)
    longest = max(map(len, (suggestion.text, edit_as_text(suggestion))))
    return longest <= LONGEST_CELL and all(f"{edit.table}.{each}" in columns for each in named)


def edit_as_text(suggestion: Suggestion) -> str:
    """The edit of a suggestion, as JSON."""
    edit = suggestion.edit
    facts = [] if edit is None else [edit.table, {**edit.where}, {**edit.cells}]
    return json.dumps(facts, ensure_ascii=False)


def edit_of_text(text: str) -> Edit | None:
    """The edit that such a text holds; None if it is another one."""
    try:
        table, where, cells = json.loads(text)
        return Edit(str(table), dict(where), dict(cells))
    except (TypeError, ValueError):
        return None


def write_suggestion_sheet(
    sheet: Worksheet, shown: SuggestionSheet, looks: Looks, lists: Lists, lang: str
) -> None:
    """Write the sheet of suggestions."""
    body = [_cells(each) for each in shown.suggestions]
    asked = [(ACCEPT, *asked_of(each)) for each in shown.suggestions]
    for at, (name, column) in enumerate(shown.columns.items()):
        cells = [row.get(name, "") for row in body]
        texts = (column.title, column.meaning, name)
        write_header(sheet, at, texts, cells, looks, looks.wrapped)
        for row, text in enumerate(cells, HEADER_ROWS):
            if name in asked[row - HEADER_ROWS]:
                sheet.write_blank(row, at, None, looks.asked)
            else:
                write_text(sheet, row, at, text, looks.wrapped)
        add_choices(sheet, at, column, lists, lang)
    finish(sheet, len(shown.columns), len(body))


def _cells(suggestion: Suggestion) -> Mapping[str, str]:
    return {
        TEXT: suggestion.text,
        "for": _lines(suggestion.reasons_for),
        "against": _lines(suggestion.reasons_against),
        "kind": suggestion.kind,
        "record": suggestion.record,
        NAME: suggestion.name,
    }


def _lines(reasons: Sequence[str]) -> str:
    return "\n".join(reasons)[:LONGEST_CELL]
