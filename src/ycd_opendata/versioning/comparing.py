"""Comparing two packages: the description, and every record by its primary key."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ycd_opendata.errors import DataError, MissingExtraError, YcdError
from ycd_opendata.loader.derived_tables import own_tables
from ycd_opendata.loader.retired import RETIRED
from ycd_opendata.messages import say
from ycd_opendata.package.model import Package, Resource
from ycd_opendata.package.tables.reader import read_table
from ycd_opendata.versioning.cell_values import value_frame
from ycd_opendata.versioning.readings import (
    Reading,
    changed_readings,
    is_misread,
    same_files,
    storage_changes,
    stored_as,
)
from ycd_opendata.versioning.record_changes import Group, all_records, one, record_groups
from ycd_opendata.versioning.rows_without_key import row_groups
from ycd_opendata.versioning.schema_changes import package_changes, resource_changes
from ycd_opendata.versioning.weighing import Bump, Change, Rule

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True)
class Tally:
    """How many changes of one kind there are in one table ("" for the package), and their rule."""

    kind: str
    table: str
    rule: Rule
    count: int


@dataclass(frozen=True)
class Comparison:
    """What leads from one package to another: counted at once, listed when asked for."""

    old: Package
    new: Package
    tallies: tuple[Tally, ...]

    @property
    def bump(self) -> Bump:
        """The heaviest bump that any change asks for."""
        return max((each.rule.bump for each in self.tallies), default=Bump.none)

    @property
    def count(self) -> int:
        """The number of changes."""
        return sum(each.count for each in self.tallies)

    def changes(self) -> Iterator[Change]:
        """Every change, one by one, so that none of them has to be kept.

        The tables that changed are read anew: both packages must still be where they were.
        """
        for group in _groups(self.old, self.new, {each.table for each in self.tallies}):
            yield from group.changes()


def compare(old: Package, new: Package) -> Comparison:
    """Compare two packages.

    Raises
    ------
    DataError
        A table cannot be read, or two of its rows have one key.
    MissingExtraError
        polars is not installed.
    """
    tallies = (Tally(each.kind, each.table, each.rule, each.count) for each in _groups(old, new))
    return Comparison(old, new, tuple(tallies))


def _groups(old: Package, new: Package, only: Set[str] | None = None) -> Iterator[Group]:
    """The changes in groups; of the tables in both packages, ``only`` those of these names."""
    try:
        from polars.exceptions import PolarsError
    except ImportError as error:
        raise MissingExtraError("comparing versions", "publish") from error

    try:
        yield from _package_groups(old, new, only)
    except (AttributeError, KeyError, TypeError, PolarsError) as error:
        raise DataError(
            say(
                "one of the descriptors does not follow the Data Package standard "
                "({name}: {error})",
                name=type(error).__name__,
                error=error,
            ),
            say("run `ycd validate` on both to see where"),
        ) from error


def _package_groups(old: Package, new: Package, only: Set[str] | None) -> Iterator[Group]:
    yield from map(one, package_changes(old, new))
    before, after = own_tables(old), own_tables(new)
    for name, resource in before.items():
        if name not in after:
            yield one(Change("table-removed", name, before=resource.title))
    kept = [name for name in before if name in after]
    order = [name for name in after if name in before]
    if kept != order:
        yield one(Change("table-reordered", before=kept, after=order))
    retired = _tombstones(new)
    for name, resource in after.items():
        if name in before:
            if only is None or name in only:
                yield from _resource_groups(old, before[name], new, resource, retired)
            continue
        yield one(Change("table-added", name, after=resource.title))
        if resource.schema is not None:
            key = resource.schema.primary_key
            kind = "record-added" if key else "row-added"
            yield from all_records(kind, name, read_values(new, resource), key)


def _resource_groups(
    old: Package, before: Resource, new: Package, after: Resource, retired: pl.DataFrame
) -> Iterator[Group]:
    if before.schema is None or after.schema is None:
        yield from map(one, resource_changes(before, after, lambda _: set()))
        if before.schema is after.schema and not _is_same_file(old, before, new, after):
            yield one(Change("file-changed", after.name))
        return
    cells, new_cells = read_text(old, before), read_text(new, after)
    readings = changed_readings(before.schema, after.schema, cells, new_cells)
    rows, new_rows = value_frame(cells, before.schema), value_frame(new_cells, after.schema)
    del cells, new_cells
    _refuse_equal_keys(before, rows)
    _refuse_equal_keys(after, new_rows)

    def used(name: str) -> set[str | None]:
        return set(new_rows[name].unique())

    yield from map(one, resource_changes(before, after, used))
    is_changed = False
    for group in _record_groups(
        after, before.schema.primary_key, rows, new_rows, readings, retired
    ):
        is_changed = True
        yield group
    for change in storage_changes(before, after) if is_changed else ():
        try:
            cells = read_text(new, stored_as(after, before))
        except YcdError:
            continue  # it was written anew
        if is_misread(rows, value_frame(cells, after.schema), new_rows):
            yield one(change)


def _record_groups(
    resource: Resource,
    old_key: Sequence[str],
    old: pl.DataFrame,
    new: pl.DataFrame,
    readings: Mapping[str, Reading],
    retired: pl.DataFrame,
) -> Iterator[Group]:
    """What changed in the records of a table, by its key if both versions have the same one."""
    import polars as pl

    assert resource.schema is not None
    table, key = resource.name, resource.schema.primary_key
    if key and key == old_key:
        own = retired.filter(pl.col("table") == table)
        yield from record_groups(table, key, old, new, own, readings)
        return
    groups = list(row_groups(table, old, new, is_keyless=not (key or old_key)))
    for reading in readings.values() if groups else ():
        if reading.misleads(old[reading.name], new[reading.name]):
            yield from map(one, reading.changes(table))
    yield from groups


def _is_same_file(old: Package, before: Resource, new: Package, after: Resource) -> bool:
    """Whether what is no table is the same, byte for byte."""
    try:
        return same_files(old, before, new, after)
    except OSError as error:
        raise DataError(
            say("cannot read {after!r}: {error}", after=after.name, error=error)
        ) from error


def _refuse_equal_keys(resource: Resource, rows: pl.DataFrame) -> None:
    assert resource.schema is not None
    key = list(resource.schema.primary_key)
    if key and len(twice := rows.filter(rows.select(key).is_duplicated())):
        raise DataError(
            say(
                "table {resource!r} has the key {row} more than once",
                resource=resource.name,
                row=twice.select(key).row(0),
            ),
            say("records are compared by key, so each needs its own"),
        )


def read_values(package: Package, resource: Resource) -> pl.DataFrame:
    """A table's cells as the texts of their values, missing ones as null.

    Raises
    ------
    DataError
        It cannot be read, or two rows have one key.
    """
    assert resource.schema is not None
    rows = value_frame(read_text(package, resource), resource.schema)
    _refuse_equal_keys(resource, rows)
    return rows


def read_text(package: Package, resource: Resource) -> pl.DataFrame:
    """A table's cells as they stand in its file; what is missing is not told apart yet.

    Raises
    ------
    DataError
        It cannot be read, or its header is not its schema's.
    """
    import polars as pl

    table = read_table(package, resource)
    empty = pl.DataFrame(schema=dict.fromkeys(table.schema.field_names, pl.String))
    return pl.concat([empty, *table.frames()])


def _tombstones(package: Package) -> pl.DataFrame:
    """The ids that a package has retired and what replaced each: table, id, replaced_by."""
    import polars as pl

    columns = ["table", "id", "replaced_by"]
    resource = package.resource(RETIRED)
    schema = None if resource is None else resource.schema
    if resource is None or schema is None or not {*columns} <= {*schema.field_names}:
        return pl.DataFrame(schema=dict.fromkeys(columns, pl.String))
    return read_values(package, resource).select(columns).unique(["table", "id"], keep="last")
