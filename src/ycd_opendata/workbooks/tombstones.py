"""Deleted records that leave a tombstone, so that an old reference to them is understood."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from ycd_opendata.errors import DataError
from ycd_opendata.loader.retired import RETIRED
from ycd_opendata.messages import say
from ycd_opendata.package.model import Package
from ycd_opendata.package.tables.foreign import missing_text
from ycd_opendata.workbooks.row_reading import Cells
from ycd_opendata.workbooks.taking import Deleted, TakenTable

_TABLE, _ID, _SINCE = "table", "id", "since_version"


def already_retired(tables: Sequence[TakenTable]) -> frozenset[Deleted]:
    """The deleted records that have a tombstone in the workbook: nothing is to be asked of them."""
    retired = next((each for each in tables if each.file.resource.name == RETIRED), None)
    if retired is None or not {_TABLE, _ID} <= {*retired.file.columns}:
        return frozenset()
    known = {*_ids(retired.file.columns, retired.rows)}
    return frozenset(
        record for each in tables for record in each.deleted if (record.table, *record.key) in known
    )


def _ids(columns: Sequence[str], rows: Sequence[Cells]) -> list[tuple[str, str]]:
    table, id_ = columns.index(_TABLE), columns.index(_ID)
    return [(each[table], each[id_]) for each in rows]


def with_tombstones(
    package: Package, tables: Sequence[TakenTable], said: Mapping[str, str]
) -> tuple[TakenTable, ...]:
    """The tables with a tombstone for each deleted record that has none.

    Parameters
    ----------
    said : mapping
        What the tombstones say beside table, id and version, by field.

    Raises
    ------
    DataError
        The package keeps no tombstones, they ask for more, or a record has no id of one field.
    """
    retired = next((each for each in tables if each.file.resource.name == RETIRED), None)
    if retired is None or not {_TABLE, _ID} <= {*retired.file.columns}:
        raise DataError(
            say("the package has no table {name!r} to keep tombstones in", name=RETIRED),
            say("--deleted remove takes the records out without one"),
        )
    file = retired.file
    if unknown := [name for name in said if name not in file.columns]:
        raise DataError(
            say("tombstones have no field {name!r}", name=unknown[0]),
            say("they have {fields}", fields=", ".join(file.columns)),
        )
    asked = [
        each.name
        for each in file.fields
        if each.required and each.name not in (_TABLE, _ID, _SINCE, *said)
    ]
    if asked:
        raise DataError(
            say("a tombstone has to say {fields} too", fields=", ".join(asked)),
            " ".join(f"--tombstone {name}=..." for name in asked),
        )
    there = already_retired(tables)
    rows = []
    for each in tables:
        for record in each.deleted:
            if record in there:
                continue
            if len(record.key) != 1:
                raise DataError(
                    say("records of table {name!r} have no id of one field, so no tombstone",
                        name=each.file.resource.name),
                    say("--deleted remove takes the records out without one"),
                )  # fmt: skip
            facts = {_SINCE: package.version, **said}
            facts |= {_TABLE: each.file.resource.name, _ID: record.key[0]}
            rows.append(
                tuple(
                    facts.get(field.name, missing_text(field, file.schema)) for field in file.fields
                )
            )
    return tuple(
        replace(each, rows=(*each.rows, *rows)) if each is retired else each for each in tables
    )
