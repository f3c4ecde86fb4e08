"""Deleted records that leave a tombstone, so that an old reference to them is understood."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from ycd_opendata.errors import DataError
from ycd_opendata.loader.retired import RETIRED
from ycd_opendata.messages import mark, say
from ycd_opendata.package.model import Package
from ycd_opendata.package.tables.foreign import missing_text
from ycd_opendata.workbooks.taking import Deleted, TakenTable

_TABLE, _ID, _SINCE = "table", "id", "since_version"


def already_retired(tables: Sequence[TakenTable]) -> frozenset[Deleted]:
    """The deleted records that have a tombstone in the workbook: nothing is to be asked of them."""
    retired = _retired(tables)
    if retired is None:
        return frozenset()
    table, id_ = map(retired.file.columns.index, (_TABLE, _ID))
    known = {(each[table], each[id_]) for each in retired.rows}
    return frozenset(
        record for each in tables for record in each.deleted if (record.table, *record.key) in known
    )


def _retired(tables: Sequence[TakenTable]) -> TakenTable | None:
    """The table of tombstones, if the package keeps any."""
    found = next((each for each in tables if each.file.resource.name == RETIRED), None)
    return found if found is not None and {_TABLE, _ID} <= {*found.file.columns} else None


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
    retired = _retired(tables)
    without_one = mark("--deleted remove takes the records out without one")
    if retired is None:
        no_table = say("the package has no table {name!r} to keep tombstones in", name=RETIRED)
        raise DataError(no_table, say(without_one))
    file = retired.file
    if unknown := [name for name in said if name not in file.columns]:
        raise DataError(
            say("tombstones have no field {name!r}", name=unknown[0]),
            say("they have {fields}", fields=", ".join(file.columns)),
        )
    required = [each.name for each in file.fields if each.required]
    if asked := [each for each in required if each not in (_TABLE, _ID, _SINCE, *said)]:
        raise DataError(
            say("a tombstone has to say {fields} too", fields=", ".join(asked)),
            " ".join(f"--tombstone {name}=..." for name in asked),
        )
    there = already_retired(tables)
    rows = []
    for record in (record for each in tables for record in each.deleted if record not in there):
        if len(record.key) != 1:
            no_id = mark("records of table {name!r} have no id of one field, so no tombstone")
            raise DataError(say(no_id, name=record.table), say(without_one))
        facts = {_SINCE: package.version, **said, _TABLE: record.table, _ID: record.key[0]}
        rows.append(
            tuple(facts.get(each.name, missing_text(each, file.schema)) for each in file.fields)
        )
    return tuple(
        replace(each, rows=(*each.rows, *rows)) if each is retired else each for each in tables
    )
