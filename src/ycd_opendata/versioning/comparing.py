"""Comparing two packages: the description, and every record by its primary key."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ycd_opendata.errors import DataError, MissingExtraError
from ycd_opendata.loader.scoreboard import NAME as SCOREBOARD
from ycd_opendata.package.model import Package, Resource
from ycd_opendata.package.rows import read_rows
from ycd_opendata.versioning.record_changes import Group, all_records, one, record_groups
from ycd_opendata.versioning.schema_changes import package_changes, resource_changes
from ycd_opendata.versioning.weighing import Bump, Change, Rule

if TYPE_CHECKING:
    import polars as pl

RETIRED = "retired_ids"


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

        The tables are read anew: both packages must still be where they were.
        """
        for group in _groups(self.old, self.new):
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


def own_tables(package: Package) -> dict[str, Resource]:
    """The tables that a package holds itself; what is derived when published follows from them."""
    return {
        each.name: each
        for each in package.resources
        if not (package.is_own and each.name == SCOREBOARD)
    }


def _groups(old: Package, new: Package) -> Iterator[Group]:
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
            yield from map(one, resource_changes(before[name], resource))
            yield from _table_groups(old, before[name], new, resource, retired)
        else:
            yield one(Change("table-added", name, after=resource.title))
            rows = read_text(new, resource)
            yield from all_records("record-added", name, rows, key_fields(resource))


def _table_groups(
    old: Package, before: Resource, new: Package, after: Resource, retired: pl.DataFrame
) -> Iterator[Group]:
    import polars as pl

    if before.schema is None and after.schema is None:
        return
    rows, new_rows = read_text(old, before), read_text(new, after)
    key, old_key = key_fields(after), key_fields(before)
    if old_key == key:
        own = retired.filter(pl.col("table") == after.name)
        yield from record_groups(after.name, key, rows, new_rows, own)
    else:
        yield from all_records("record-removed", after.name, rows, old_key)
        yield from all_records("record-added", after.name, new_rows, key)


def key_fields(resource: Resource) -> list[str]:
    """The fields that tell records apart: the primary key, else all of them."""
    schema = resource.schema
    if schema is None:
        raise DataError(f"table {resource.name!r} has no schema, so its records have no key")
    return list(schema.primary_key or schema.field_names)


def read_text(package: Package, resource: Resource) -> pl.DataFrame:
    """A table's cells as text, missing ones as null; its keys are checked to be different.

    Raises
    ------
    DataError
        It cannot be read, its header is not its schema's, or two rows have one key.
    """
    try:
        import polars as pl
    except ImportError as error:
        raise MissingExtraError("comparing versions", "publish") from error

    key = key_fields(resource)
    assert resource.schema is not None
    names = list(resource.schema.field_names)
    if len(resource.paths) != 1:
        raise DataError(f"table {resource.name!r} is not in exactly one file")
    if not resource.has_usual_dialect or resource.encoding.lower() not in ("utf-8", "utf8"):
        rows = read_rows(package.path(resource), resource.dialect, resource.encoding)
        header, *body = [list(row.cells) for row in rows if row.cells] or [[]]
        if any(len(cells) != len(header) for cells in body):
            raise DataError(f"table {resource.name!r} has rows of another length than its header")
        frame = pl.DataFrame(body, schema=dict.fromkeys(header, pl.String), orient="row")
    else:
        try:
            read = pl.read_csv(package.path(resource), infer_schema=False, glob=False)
            # A blank line is no record; what is missing else is said by the schema alone.
            frame = read.filter(~pl.all_horizontal(pl.all().is_null())).fill_null("")
        except (pl.exceptions.PolarsError, OSError) as error:
            reason = str(error).splitlines()[0]
            raise DataError(f"cannot read table {resource.name!r}: {reason}") from error
    if frame.columns != names:
        raise DataError(
            f"table {resource.name!r} has another header than its schema", "run `ycd validate`"
        )
    schema = resource.schema
    missing = {each.name: schema.missing_values_of(each) for each in schema.fields}
    frame = frame.with_columns(
        pl.when(pl.col(name).is_in(missing[name])).then(None).otherwise(pl.col(name)).alias(name)
        for name in names
    )
    twice = frame.filter(frame.select(key).is_duplicated())
    if len(twice):
        raise DataError(
            f"table {resource.name!r} has the key {twice.select(key).row(0)} more than once",
            "records are compared by key, so each needs its own",
        )
    return frame


def _tombstones(package: Package) -> pl.DataFrame:
    """The ids that a package has retired and what replaced each: table, id, replaced_by."""
    try:
        import polars as pl
    except ImportError as error:
        raise MissingExtraError("comparing versions", "publish") from error

    columns = ["table", "id", "replaced_by"]
    resource = package.resource(RETIRED)
    schema = None if resource is None else resource.schema
    if resource is None or schema is None or not {*columns} <= {*schema.field_names}:
        return pl.DataFrame(schema=dict.fromkeys(columns, pl.String))
    return read_text(package, resource).select(columns).unique(["table", "id"], keep="last")
