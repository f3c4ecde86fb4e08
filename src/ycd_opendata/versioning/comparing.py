"""Comparing two packages: the description, and every record by its primary key."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ycd_opendata.errors import DataError, MissingExtraError
from ycd_opendata.loader.scoreboard import NAME as SCOREBOARD
from ycd_opendata.package.model import Package, Resource
from ycd_opendata.package.rows import read_rows
from ycd_opendata.versioning.schema_changes import package_changes, resource_changes
from ycd_opendata.versioning.weighing import Bump, Change, needed_bump

if TYPE_CHECKING:
    import polars as pl

RETIRED = "retired_ids"
# No field of a table has such a name.
_OLD, _NEW = "\0old", "\0new"


@dataclass(frozen=True)
class Comparison:
    """What leads from one package to another."""

    old_version: str
    new_version: str
    changes: tuple[Change, ...]

    @property
    def bump(self) -> Bump:
        """The bump that the changes need."""
        return needed_bump(self.changes)


def compare(old: Package, new: Package) -> Comparison:
    """Compare two packages.

    Raises
    ------
    DataError
        A table cannot be read, or two of its rows have one key.
    MissingExtraError
        polars is not installed.
    """
    return Comparison(old.version, new.version, tuple(_changes(old, new)))


def own_tables(package: Package) -> dict[str, Resource]:
    """The tables that a package holds itself; what is derived when published follows from them."""
    return {
        each.name: each
        for each in package.resources
        if not (package.is_own and each.name == SCOREBOARD)
    }


def _changes(old: Package, new: Package) -> Iterator[Change]:
    yield from package_changes(old, new)
    before, after = own_tables(old), own_tables(new)
    for name, resource in before.items():
        if name not in after:
            yield Change("table-removed", name, before=resource.title)
    kept = [name for name in before if name in after]
    order = [name for name in after if name in before]
    if kept != order:
        yield Change("table-reordered", before=kept, after=order)
    retired = tombstones(new)
    for name, resource in after.items():
        if name not in before:
            yield Change("table-added", name, after=resource.title)
            yield from _all_records("record-added", name, read_text(new, resource), resource)
            continue
        yield from resource_changes(before[name], resource)
        yield from _record_changes(old, before[name], new, resource, retired.get(name, {}))


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
    missing = list(resource.schema.missing_values)
    frame = frame.with_columns(
        pl.when(pl.col(name).is_in(missing)).then(None).otherwise(pl.col(name)).alias(name)
        for name in names
    )
    twice = frame.filter(frame.select(key).is_duplicated())
    if len(twice):
        raise DataError(
            f"table {resource.name!r} has the key {twice.select(key).row(0)} more than once",
            "records are compared by key, so each needs its own",
        )
    return frame


def tombstones(package: Package) -> dict[str, dict[str, str | None]]:
    """The ids that a package has retired and what replaced each, by table."""
    resource = package.resource(RETIRED)
    if resource is None or resource.schema is None:
        return {}
    if not {"table", "id", "replaced_by"} <= set(resource.schema.field_names):
        return {}
    found: dict[str, dict[str, str | None]] = {}
    for table, old, new in (
        read_text(package, resource).select("table", "id", "replaced_by").iter_rows()
    ):
        found.setdefault(table, {})[old] = new
    return found


def _record_changes(
    old: Package,
    before: Resource,
    new: Package,
    after: Resource,
    retired: Mapping[str, str | None],
) -> Iterator[Change]:
    if before.schema is None and after.schema is None:
        return
    rows, new_rows = read_text(old, before), read_text(new, after)
    key = key_fields(after)
    if key_fields(before) != key:
        yield from _all_records("record-removed", after.name, rows, before)
        yield from _all_records("record-added", after.name, new_rows, after)
        return
    gone = rows.join(new_rows, on=key, how="anti", nulls_equal=True)
    come = new_rows.join(rows, on=key, how="anti", nulls_equal=True)
    arrivals = {row[key[0]]: row for row in come.iter_rows(named=True)} if len(key) == 1 else {}
    renamed = set()
    for row in gone.iter_rows(named=True):
        old_id = row[key[0]] if len(key) == 1 else None
        if old_id not in retired:
            yield Change("record-removed", after.name, _key(row, key), before=row)
        elif (new_id := retired[str(old_id)]) in arrivals and new_id not in renamed:
            renamed.add(new_id)
            yield Change(
                "record-renamed", after.name, _key(row, key), before=row, after=arrivals[new_id]
            )
        else:
            yield Change("record-retired", after.name, _key(row, key), before=row)
    for row in come.iter_rows(named=True):
        if len(key) > 1 or row[key[0]] not in renamed:
            yield Change("record-added", after.name, _key(row, key), after=row)
    yield from _cell_changes(after.name, key, rows, new_rows)


def _cell_changes(
    table: str, key: Sequence[str], old: pl.DataFrame, new: pl.DataFrame
) -> Iterator[Change]:
    """Cells that differ in records of one key; a field that is new counts as empty before."""
    import polars as pl

    for name in [each for each in new.columns if each not in key]:
        earlier = pl.col(name) if name in old.columns else pl.lit(None, dtype=pl.String)
        pairs = new.select(*key, pl.col(name).alias(_NEW)).join(
            old.select(*key, earlier.alias(_OLD)), on=list(key), how="inner", nulls_equal=True
        )
        for row in pairs.filter(pl.col(_OLD).ne_missing(pl.col(_NEW))).iter_rows(named=True):
            yield Change("record-changed", table, _key(row, key), name, row[_OLD], row[_NEW])


def _all_records(
    kind: str, table: str, frame: pl.DataFrame, resource: Resource
) -> Iterator[Change]:
    key = key_fields(resource)
    for row in frame.iter_rows(named=True):
        side: dict[str, Any] = {"after" if kind == "record-added" else "before": row}
        yield Change(kind, table, _key(row, key), **side)


def _key(row: Mapping[str, Any], key: Sequence[str]) -> tuple[tuple[str, str | None], ...]:
    return tuple((name, row[name]) for name in key)
