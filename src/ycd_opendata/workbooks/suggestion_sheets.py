"""The sheet of what an extension suggests: the curator writes yes, and what only he can say.

It has a row a suggestion, and below the same three rows of headers as a table's sheet::

    accept | suggestion | for | against | TABLE.FIELD ... | kind | record | name

A column ``TABLE.FIELD`` takes what some suggestions ask for; where one asks, the cell is yellow.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from xlsxwriter.worksheet import Worksheet

from ycd_opendata.extension_loading import extension_of
from ycd_opendata.loader.derived_tables import suggestions_of
from ycd_opendata.loader.loading import tables_of
from ycd_opendata.messages import Language, mark, say, spoken
from ycd_opendata.package.model import Field, Package
from ycd_opendata.publishing.formats.sheet_cells import write_text
from ycd_opendata.publishing.formats.table import unique_names
from ycd_opendata.publishing.formats.workbook import LONGEST_CELL, LONGEST_NAME, MOST_ROWS
from ycd_opendata.suggestion import Suggestion
from ycd_opendata.workbooks.base_sheet import edit_as_text
from ycd_opendata.workbooks.sheet_writing import Lists, Looks, add_choices, finish, write_header
from ycd_opendata.workbooks.table_sheets import HEADER_ROWS, Layout, SheetColumn, TableSheet

SUGGESTIONS = {"en": "suggestions", "zh": "建议"}
ACCEPT, TEXT, NAME = "accept", "suggestion", "name"
FIRST = (ACCEPT, TEXT, "for", "against")
LAST = ("kind", "record", NAME)
_OWN = {
    ACCEPT: (mark("Accept?"), mark("yes, and it is done on the way back; else leave it empty.")),
    TEXT: (mark("Suggestion"), mark("What is suggested. Leave it as it is.")),
    "for": (mark("For it"), mark("What speaks for it.")),
    "against": (mark("Against it"), mark("What speaks against it.")),
    "kind": (mark("Kind"), ""),
    "record": (mark("Record"), mark("The record that it is about.")),
    NAME: (mark("Name"), mark("What it is known by. Leave it as it is.")),
}
"""The title and the meaning of each column that is no field of a table."""
_ABOUT = mark(
    "What might be done next. Write yes in the first column of what you accept, and fill its "
    "yellow cells; the way back does it."
)
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

    Raises YcdError where the tables are not valid enough to tell.
    """
    # It loads pandas, which other packages have no need of.
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
    names = (*FIRST, *asked, *LAST)
    taken = (each.name for each in plan.sheets)
    [name] = unique_names([SUGGESTIONS[plan.lang]], taken, LONGEST_NAME)
    with spoken(plan.lang):
        own = {each: _own_column(each, plan.lang) for each in _OWN}
        title, meaning = say("Suggestions"), say(_ABOUT)
    shown = {each: own.get(each) or columns[each] for each in names}
    return SuggestionSheet(name, title, meaning, shown, tuple(fitting))


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


def _own_column(name: str, lang: Language) -> SheetColumn:
    raw: dict[str, object] = {"name": name, "type": "string"}
    if name == ACCEPT:
        yes, no = BOOLEANS[lang]
        raw = {"name": name, "type": "boolean", "trueValues": [yes], "falseValues": [no]}
    field = Field(name, str(raw["type"]), "default", "", "", "", {}, raw)
    title, meaning = _OWN[name]
    return SheetColumn(field, say(title), say(meaning) if meaning else "", None)


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


def write_suggestion_sheet(
    sheet: Worksheet, shown: SuggestionSheet, looks: Looks, lists: Lists
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
        add_choices(sheet, at, column, lists)
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
