"""Applying a change file: the older release and the file together give the newer one.

Nobody but the tests does so: they show that a change file is complete.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ycd_opendata.errors import DataError
from ycd_opendata.loader.derived_tables import own_tables
from ycd_opendata.package.canonical import canonical_rows, csv_text
from ycd_opendata.package.files import DESCRIPTOR_NAME, resolve_inside
from ycd_opendata.package.model import Package, Resource, Schema
from ycd_opendata.package.reading import read_package
from ycd_opendata.versioning.cell_values import missing_labels
from ycd_opendata.versioning.comparing import read_values

if TYPE_CHECKING:
    import polars as pl

Record = dict[str, str | None]
Key = tuple[tuple[str, str | None], ...]


def apply_changes(old: Package, changes: Mapping[str, Any], folder: Path) -> Package:
    """Write the package that a change file makes of an older one.

    Parameters
    ----------
    old : Package
        The package that the change file starts from.
    changes : Mapping
        The change file, as read from JSON.
    folder : Path
        An empty folder to write into: a descriptor, and each table in canonical form.

    Raises
    ------
    DataError
        The file does not start from this package, or is no change file.
    """
    try:
        if changes["old"] != old.version:
            raise DataError(
                f"the changes start from version {changes['old']}, not from {old.version}"
            )
        raw = changes["descriptor"]
        fields = {
            each["name"]: [field["name"] for field in each["schema"]["fields"]]
            for each in raw["resources"]
        }
        tables = _changed_tables(old, changes["changes"], fields)
        text = json.dumps(raw, ensure_ascii=False, indent=2) + "\n"
        (folder / DESCRIPTOR_NAME).write_text(text, encoding="utf-8", newline="\n")
        new = read_package(folder)
    except (KeyError, TypeError, AttributeError) as error:
        raise DataError(f"this is no change file: {error}") from error
    for resource in new.resources:
        _write(new, resource, tables[resource.name])
    return new


def _changed_tables(
    old: Package, changes: list[dict[str, Any]], fields: Mapping[str, list[str]]
) -> dict[str, Iterable[Record]]:
    """The records of every table of the newer package, whose fields are given."""
    by_table: dict[str, list[dict[str, Any]]] = {}
    for change in changes:
        by_table.setdefault(change["table"], []).append(change)
    tables: dict[str, Iterable[Record]] = {}
    for name, names in fields.items():
        resource = own_tables(old).get(name)
        schema = None if resource is None else resource.schema
        rows: list[Record] = []
        if resource is not None and schema is not None:
            rows = list(read_values(old, resource).iter_rows(named=True))
        # What goes goes first: a new record may stand where another stood.
        due = sorted(by_table.get(name, ()), key=lambda each: _ORDER.get(each["kind"], 0))
        if any(each["kind"] in ("row-removed", "row-added") for each in due) or (
            schema is not None and not schema.primary_key
        ):
            tables[name] = _changed_rows(name, rows, due, names)
        else:
            tables[name] = _changed_records(name, rows, due, schema.primary_key if schema else ())
    return tables


def _changed_rows(
    table: str, rows: list[Record], changes: list[dict[str, Any]], names: list[str]
) -> Iterable[Record]:
    """The rows of a table without a key: what counts is how many there are of each."""
    counts = Counter(tuple(row.get(name) for name in names) for row in rows)
    for change in changes:
        if change["kind"] == "row-added":
            counts[tuple(change["after"][name] for name in names)] += 1
        elif change["kind"] == "row-removed":
            row = tuple(change["before"][name] for name in names)
            if not counts[row]:
                raise DataError(f"table {table!r} has no such row {change['before']}")
            counts[row] -= 1
    return (dict(zip(names, row, strict=True)) for row in counts.elements())


def _changed_records(
    table: str, rows: list[Record], changes: list[dict[str, Any]], key: Sequence[str]
) -> Iterable[Record]:
    """The records of a table, found by their key."""
    records: dict[Key, Record] = {tuple((name, row[name]) for name in key): row for row in rows}
    for change in changes:
        key_now = tuple(change["key"].items())
        kind = change["kind"]
        goes = kind in ("record-removed", "record-retired", "record-renamed")
        if goes and records.pop(key_now, None) != change["before"]:
            raise DataError(f"table {table!r} has another record {dict(key_now)}")
        if kind == "record-renamed":
            key_now = tuple((name, change["after"][name]) for name, _ in key_now)
        if kind in ("record-added", "record-renamed"):
            records[key_now] = dict(change["after"])
        elif kind == "record-changed":
            record = records.get(key_now)
            if record is None or record.get(change["field"]) != change["before"]:
                raise DataError(f"table {table!r} has another record {dict(key_now)}")
            record[change["field"]] = change["after"]
    return records.values()


_ORDER = {
    "record-removed": 1,
    "record-retired": 1,
    "record-renamed": 2,
    "record-added": 3,
    "record-changed": 4,
    "row-removed": 5,
    "row-added": 6,
}


def _write(package: Package, resource: Resource, records: Iterable[Record]) -> None:
    """Write a table as its description says."""
    import polars as pl

    schema = resource.schema
    assert schema is not None
    names = schema.field_names
    rows = [[record.get(name) for name in names] for record in records]
    values = pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String), orient="row")
    path = resolve_inside(package.root, resource.paths[0], DESCRIPTOR_NAME)
    path.parent.mkdir(parents=True, exist_ok=True)
    text = csv_text([names, *canonical_rows(plain_cells(values, schema).iter_rows(), schema)])
    path.write_text(text, encoding="utf-8", newline="")


def plain_cells(values: pl.DataFrame, schema: Schema) -> pl.DataFrame:
    """The texts of values as the cells of a table that ``plain_schema`` describes."""
    import polars as pl

    columns = []
    for field in schema.fields:
        missing = missing_labels(field, schema)
        nothing = next((token for token, label in missing.items() if not label), "")
        column = values[field.name].fill_null(nothing)
        if field.type == "list":
            separator = field.raw.get("delimiter", ",")
            column = pl.Series(
                field.name,
                [separator.join(json.loads(each)) if each[:1] == "[" else each for each in column],
                dtype=pl.String,
            )
        if field.type not in ("string", "any"):
            column = column.str.strip_prefix("(unreadable) ")
        columns.append(column)
    return pl.DataFrame(columns)
