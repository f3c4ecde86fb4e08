"""Edits of single records, brought into the files of their tables."""

from __future__ import annotations

from collections.abc import Mapping

from ycd_opendata.errors import DataError, UnknownNameError
from ycd_opendata.messages import mark, say
from ycd_opendata.package.model import Package
from ycd_opendata.package.tables.foreign import missing_text
from ycd_opendata.publishing.table_files import Change, TableFile, read_table_file, why_not_written
from ycd_opendata.suggestion import Edit


def edited(package: Package, edit: Edit, cells: Mapping[str, str]) -> Change:
    """The file of a table with an edit; ``cells`` are set beside those of the edit.

    Raises UnknownNameError where the table has no such field; DataError where the table cannot be
    written, or the record is not there, or there is more than one.
    """
    resource = package.resource(edit.table)
    if resource is None:
        raise UnknownNameError("table", edit.table, [each.name for each in package.resources])
    why = why_not_written(resource)
    if why:
        raise DataError(say("{table} cannot be written: {why}", table=edit.table, why=why))
    table = read_table_file(package, resource)
    wanted = {**edit.cells, **cells}
    for name in wanted:
        if name not in table.columns:
            raise UnknownNameError("field", name, table.columns)
    rows = [list(row.cells) for row in table.rows]
    row = rows[place_of(table, edit)] if edit.where else _new(rows, table)
    for name, text in wanted.items():
        row[table.columns.index(name)] = text
    return table.written(table.header, rows)


def place_of(table: TableFile, edit: Edit) -> int:
    """Where the one record that an edit changes stands among the rows.

    Raises DataError where it is not there, or there is more than one.
    """
    wanted = {table.columns.index(name): text for name, text in edit.where.items()}
    places = [
        place
        for place, row in enumerate(table.rows)
        if all(row.cells[at] == text for at, text in wanted.items())
    ]
    if len(places) != 1:
        found = say("it is not there") if not places else say("there is more than one")
        which = ", ".join(f"{name}={text}" for name, text in edit.where.items())
        template = mark("{table}: no single record has {which}: {found}")
        raise DataError(say(template, table=edit.table, which=which, found=found))
    return places[0]


def _new(rows: list[list[str]], table: TableFile) -> list[str]:
    rows.append([missing_text(each, table.schema) for each in table.fields])
    return rows[-1]
