"""Comparing two packages: the description, and every record by its primary key."""

from __future__ import annotations

import filecmp
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import polars as pl
from polars.exceptions import PolarsError

from ycd_opendata.errors import DataError
from ycd_opendata.loader.derived_tables import own_tables
from ycd_opendata.loader.retired import RETIRED
from ycd_opendata.messages import reason_of, say
from ycd_opendata.package.model import Package, Resource
from ycd_opendata.versioning.description_changes import package_changes, resource_changes
from ycd_opendata.versioning.reading_changes import storage_changes
from ycd_opendata.versioning.record_changes import Group, one, record_groups
from ycd_opendata.versioning.spilling import Scratch
from ycd_opendata.versioning.versions_of_tables import ROW, Side, Versions, refuse_equal_keys
from ycd_opendata.versioning.weighing import Bump, Change


@dataclass(frozen=True)
class Comparison:
    """What leads from one package to another: counted at once, listed when asked for."""

    old: Package
    new: Package
    groups: tuple[Group, ...]

    @property
    def bump(self) -> Bump:
        """The heaviest bump that any change asks for."""
        return max((each.rule.bump for each in self.groups), default=Bump.none)

    @property
    def count(self) -> int:
        """The number of changes."""
        return sum(each.count for each in self.groups)

    def changes(self) -> Iterator[Change]:
        """Every change, one by one, so that none of them has to be kept."""
        for group in self.groups:
            yield from group.changes()


def compare(
    old: Package, new: Package, *, on_step: Callable[[str], object] = lambda _: None
) -> Comparison:
    """Compare two packages; ``on_step`` is told which table is next.

    Raises DataError where a table cannot be read, or two of its rows have one key.
    """
    try:
        return Comparison(old, new, tuple(_package_groups(old, new, on_step)))
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


def _package_groups(
    old: Package, new: Package, on_step: Callable[[str], object]
) -> Iterator[Group]:
    yield from map(one, package_changes(old, new))
    before, after = own_tables(old), own_tables(new)
    for name, resource in before.items():
        if name not in after:
            yield one(Change("table-removed", name, before=resource.title))
    kept = [name for name in before if name in after]
    order = [name for name in after if name in before]
    if kept != order:
        yield one(Change("table-reordered", before=kept, after=order))
    retired, scratch = _tombstones(new), Scratch()
    for name, resource in after.items():
        on_step(say("comparing {table}", table=name))
        new_side = Side(new, resource)
        if name in before:
            yield from _resource_groups(Side(old, before[name]), new_side, retired, scratch)
            continue
        yield one(Change("table-added", name, after=resource.title))
        if resource.schema is not None:
            yield from record_groups(Versions(None, new_side), retired.clear(), scratch)


def _resource_groups(
    before: Side, after: Side, retired: pl.DataFrame, scratch: Scratch
) -> Iterator[Group]:
    was, now = before.resource, after.resource
    if was.schema is None or now.schema is None:
        yield from map(one, resource_changes(was, now, lambda _: set()))
        if was.schema is now.schema and not _is_same_file(before, after):
            yield one(Change("file-changed", now.name))
        return
    versions = Versions(before, after)
    is_there = all(each.is_file() for each in (*before.paths, *after.paths))
    if was == now and is_there and _is_same_file(before, after):
        versions.check_newer()  # read alike, the same bytes are the same records
        return
    groups = list(record_groups(versions, retired.filter(pl.col("table") == now.name), scratch))
    yield from map(one, resource_changes(was, now, versions.used))
    yield from groups
    for change in storage_changes(was, now) if groups else ():
        if versions.is_misread():
            yield one(change)


def _is_same_file(before: Side, after: Side) -> bool:
    """Whether files are the same, byte for byte, one after the other."""
    one, other = before.paths, after.paths
    filecmp.clear_cache()  # it would not see what is written within a tick of the clock
    try:
        return len(one) == len(other) and all(
            filecmp.cmp(*each, shallow=False) for each in zip(one, other, strict=True)
        )
    except OSError as error:
        raise DataError(
            say("cannot read {after!r}: {error}", after=after.resource.name, error=reason_of(error))
        ) from error


def read_values(package: Package, resource: Resource) -> pl.DataFrame:
    """A table's cells as the texts of their values, missing ones as null.

    Raises DataError where it cannot be read, or two rows have one key.
    """
    assert resource.schema is not None
    side = Side(package, resource)
    rows = pl.concat(side.frames(side.fields)).drop(ROW)
    refuse_equal_keys(resource, resource.schema.primary_key, rows)
    return rows


def _tombstones(package: Package) -> pl.DataFrame:
    """The ids that a package has retired and what replaced each: table, id, replaced_by."""
    columns = ["table", "id", "replaced_by"]
    resource = package.resource(RETIRED)
    schema = None if resource is None else resource.schema
    if resource is None or schema is None or not {*columns} <= {*schema.field_names}:
        return pl.DataFrame(schema=dict.fromkeys(columns, pl.String))
    return read_values(package, resource).select(columns).unique(["table", "id"], keep="last")
