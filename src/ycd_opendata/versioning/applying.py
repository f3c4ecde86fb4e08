"""Change files: what leads from one release to the next, and applying it.

A change file is what ``ycd diff --format json`` prints, with the newer package's ``descriptor``
(schemas inlined), so that the older release and the file together give the newer one.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from ycd_opendata.errors import DataError
from ycd_opendata.package.canonical import canonical_text
from ycd_opendata.package.files import DESCRIPTOR_NAME, resolve_inside
from ycd_opendata.package.model import Package, Resource
from ycd_opendata.package.reading import read_package
from ycd_opendata.versioning.comparing import Comparison, key_fields, own_tables, read_text
from ycd_opendata.versioning.formats import as_json

Record = dict[str, str | None]
Key = tuple[tuple[str, str | None], ...]

_STORAGE = ("bytes", "hash", "dialect", "compression", "innerpath", "scheme", "extrapaths")


def change_file(comparison: Comparison) -> Iterator[str]:
    """The change file that leads to the newer of two packages, a piece of its text at a time."""
    raw = copy.deepcopy(dict(comparison.new.raw))
    tables = own_tables(comparison.new)
    raw["resources"] = [
        {key: value for key, value in each.items() if key not in _STORAGE}
        | {"path": f"data/{each['name']}.csv", "encoding": "utf-8", "format": "csv"}
        for each in raw["resources"]
        if each["name"] in tables
    ]
    return as_json(comparison, {"descriptor": raw})


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
        tables = _changed_tables(old, changes["changes"])
        raw = changes["descriptor"]
        text = json.dumps(raw, ensure_ascii=False, indent=2) + "\n"
        (folder / DESCRIPTOR_NAME).write_text(text, encoding="utf-8", newline="\n")
        new = read_package(folder)
    except (KeyError, TypeError, AttributeError) as error:
        raise DataError(f"this is no change file: {error}") from error
    for resource in new.resources:
        _write(new, resource, tables.get(resource.name, {}))
    return new


def _changed_tables(old: Package, changes: list[dict[str, Any]]) -> dict[str, dict[Key, Record]]:
    """The records of every table after the changes, by key."""
    tables = {}
    for name, resource in own_tables(old).items():
        key = key_fields(resource)
        tables[name] = {
            tuple((each, row[each]) for each in key): row
            for row in read_text(old, resource).iter_rows(named=True)
        }
    # What goes goes first: a new key may stand where another stood.
    for change in sorted(changes, key=lambda each: _ORDER.get(each["kind"], 0)):
        records = tables.setdefault(change["table"], {})
        key_now = tuple(change["key"].items())
        kind = change["kind"]
        goes = kind in ("record-removed", "record-retired", "record-renamed")
        if goes and records.pop(key_now, None) != change["before"]:
            raise DataError(f"table {change['table']!r} has another record {dict(key_now)}")
        if kind == "record-renamed":
            key_now = tuple((name, change["after"][name]) for name, _ in key_now)
        if kind in ("record-added", "record-renamed"):
            records[key_now] = dict(change["after"])
        elif kind == "record-changed":
            record = records.get(key_now)
            if record is None or record.get(change["field"]) != change["before"]:
                raise DataError(f"table {change['table']!r} has another record {dict(key_now)}")
            record[change["field"]] = change["after"]
    return tables


_ORDER = {
    "record-removed": 1,
    "record-retired": 1,
    "record-renamed": 2,
    "record-added": 3,
    "record-changed": 4,
}


def _write(
    package: Package,
    resource: Resource,
    records: Mapping[Key, Record],
) -> None:
    """Write a table; a missing cell as the first of its field's missing values."""
    schema = resource.schema
    if schema is None:
        raise DataError(f"table {resource.name!r} has no schema")
    missing = {}
    for each in schema.fields:
        values = schema.missing_values_of(each)
        missing[each.name] = "" if "" in values else next(iter(values), "")
    cells = [
        [
            missing[name] if (cell := record.get(name)) is None else cell
            for name in schema.field_names
        ]
        for record in records.values()
    ]
    path = resolve_inside(package.root, resource.paths[0], DESCRIPTOR_NAME)
    path.parent.mkdir(parents=True, exist_ok=True)
    text = canonical_text(schema.field_names, cells, schema)
    path.write_text(text, encoding="utf-8", newline="")
