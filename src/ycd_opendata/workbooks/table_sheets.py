"""Which sheets a workbook to edit has, and what stands in their columns.

::

    row 1    the titles of the columns, in the language of the workbook
    row 2    what they mean
    row 3    the names of the fields: the way back goes by them, and by nothing else
    row 4    the first record
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ycd_opendata.errors import DataError, UnsafePathError, YcdError
from ycd_opendata.loader.derived_tables import derived_resources
from ycd_opendata.loader.frames import frame_as_text
from ycd_opendata.loader.loading import tables_of
from ycd_opendata.messages import Language, say
from ycd_opendata.package.model import Field, ForeignKey, Package
from ycd_opendata.package.tables.reader import read_table
from ycd_opendata.publishing.formats.survey import Extent
from ycd_opendata.publishing.formats.table import unique_names
from ycd_opendata.publishing.formats.workbook import (
    LONGEST_NAME,
    MOST_ROWS,
    RESERVED,
    beyond_a_sheet,
)
from ycd_opendata.publishing.table_files import TableFile, read_table_file, why_not_written
from ycd_opendata.site.wording import Wording
from ycd_opendata.workbooks.choices import Choices, category_choices, record_choices

HEADER_ROWS = 3
LISTS, BASE = "ycd-lists", "ycd-base"
"""The hidden sheets: what drop-downs are fed from, and what the records were."""
README = {"en": "README", "zh": "说明"}


@dataclass(frozen=True)
class SheetColumn:
    """A column of a sheet; ``choices`` are the values that it is chosen from, if it is."""

    field: Field
    title: str
    meaning: str
    choices: Choices | None

    def shown(self, text: str) -> str:
        """What a sheet shows of a cell."""
        return text if self.choices is None else self.choices.shown(text)


@dataclass(frozen=True)
class TableSheet:
    """The sheet of a table."""

    name: str
    title: str
    meaning: str
    file: TableFile
    columns: tuple[SheetColumn, ...]

    @property
    def key_places(self) -> tuple[int, ...]:
        """Where the primary key stands; nothing where there is none, or not all of it."""
        key, names = self.file.schema.primary_key, self.file.columns
        return tuple(map(names.index, key)) if {*key} <= {*names} else ()


@dataclass(frozen=True)
class Layout:
    """A workbook; ``left_out`` says of tables why they have no sheet."""

    lang: Language
    sheets: tuple[TableSheet, ...]
    left_out: Mapping[str, str]


def layout(package: Package, lang: Language) -> Layout:
    """The sheets of the tables that can be written back.

    Raises DataError where there is none.
    """
    files: dict[str, TableFile] = {}
    left_out: dict[str, str] = {}
    for resource in package.resources:
        if not resource.is_table:
            continue
        reason = why_not_written(resource)
        try:
            if not reason:
                files[resource.name] = read_table_file(package, resource)
                reason = _does_not_fit(files[resource.name])
        except (DataError, UnsafePathError) as error:
            reason = error.message
        if reason:
            files.pop(resource.name, None)
            left_out[resource.name] = reason
    if not files:
        reasons = "; ".join(f"{name}: {why}" for name, why in left_out.items())
        raise DataError(
            say("no table can be edited in a workbook: {reasons}", reasons=reasons)
            if reasons
            else say("the package has no table to edit in a workbook")
        )
    taken = (*README.values(), LISTS, BASE, RESERVED)
    names = unique_names(map(_sheet_name, files), taken, LONGEST_NAME)
    wording = Wording(lang)
    sheets = []
    for name, file in zip(names, files.values(), strict=True):
        title, meaning = wording.table(file.resource).text, wording.about(file.resource).text
        columns = tuple(_columns(package, file, files, wording))
        sheets.append(TableSheet(name, title, meaning, file, columns))
    return Layout(lang, tuple(sheets), left_out)


def _sheet_name(table: str) -> str:
    """A table's name without what the name of a sheet may not have."""
    return "".join("_" if each in "[]:*?/\\" else each for each in table).strip("'") or "_"


def _does_not_fit(file: TableFile) -> str:
    cells = (cell for row in file.rows for cell in row.cells)
    longest = max((len(each.encode("utf-16-le")) // 2 for each in cells), default=0)
    why = beyond_a_sheet(Extent(len(file.rows), longest), len(file.fields), HEADER_ROWS)
    is_ambiguous = len({*file.columns}) < len(file.fields)
    return why or (say("two of its columns have one name") if is_ambiguous else "")


def _columns(
    package: Package, file: TableFile, files: Mapping[str, TableFile], wording: Wording
) -> Iterator[SheetColumn]:
    references = {
        each.fields[0]: each for each in file.schema.foreign_keys if len(each.fields) == 1
    }
    for field in file.fields:
        choices = category_choices(field, wording.lang)
        if choices is None and field.name in references:
            choices = _referred(package, file, references[field.name], files, wording.lang)
        yield sheet_column(field, choices, wording)


def sheet_column(field: Field, choices: Choices | None, wording: Wording) -> SheetColumn:
    """The column of a field, in a language."""
    said = wording.translated(field.raw, "description")
    meaning = field.description if said is None else said.text
    title = wording.column(field).text
    title = f"{title} [{field.unit}]" if field.unit and "." not in field.unit else title
    return SheetColumn(field, title, meaning, choices)


def _referred(
    package: Package,
    file: TableFile,
    reference: ForeignKey,
    files: Mapping[str, TableFile],
    lang: str,
) -> Choices | None:
    """The records that a column refers to; None where their table cannot be read."""
    resource = package.resource(reference.resource or file.resource.name)
    if resource is None or resource.schema is None:
        return None
    other = files.get(resource.name)
    names = resource.schema.field_names if other is None else other.columns
    [name] = reference.reference_fields
    try:
        rows = (
            read_table(package, resource).rows()
            if other is None
            else (each.cells for each in other.rows)
        )
        named = (dict(zip(names, each, strict=True)) for each in rows)
        return record_choices(resource.schema, named, name, lang)
    except (DataError, UnsafePathError):
        return None


@dataclass(frozen=True)
class DerivedSheet:
    """The sheet of a table that is computed."""

    name: str
    title: str
    meaning: str
    columns: tuple[SheetColumn, ...]
    rows: Sequence[Sequence[str]]


def derived_sheets(package: Package, plan: Layout) -> tuple[DerivedSheet, ...]:
    """The tables that an extension computes of a package, as its tables are now.

    There are none where the tables are not valid enough to compute anything of them.
    """
    resources = derived_resources(package)
    if not resources:
        return ()
    # They load pandas, which other packages have no need of.
    wording = Wording(plan.lang)
    taken = (each.name for each in plan.sheets)
    names = unique_names(resources, taken, LONGEST_NAME)
    load = tables_of(package)
    found = []
    for name, resource in zip(names, resources.values(), strict=True):
        assert resource.schema is not None
        try:
            rows = frame_as_text(load(resource.name)).to_numpy().tolist()
        except YcdError:
            return ()
        if len(rows) > MOST_ROWS - HEADER_ROWS:
            continue
        columns = tuple(sheet_column(each, None, wording) for each in resource.schema.fields)
        title, meaning = wording.table(resource).text, wording.about(resource).text
        found.append(DerivedSheet(name, title, meaning, columns, rows))
    return tuple(found)
