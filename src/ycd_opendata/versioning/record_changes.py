"""What changed in the records of one table: which came, went, were retired or renamed, and cells.

Frames are compared whole; changes are made of them one by one, and only when asked for, so that
a table in which everything changed takes no more memory than its two versions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ycd_opendata.versioning.readings import Reading
from ycd_opendata.versioning.weighing import Change, Rule

if TYPE_CHECKING:
    import polars as pl

# No field of a table has such a name.
_OLD, _RETIRED, _REPLACED_BY = "\0old", "\0retired", "\0replaced_by"
_OLD_TEXT, _NEW_TEXT, _MISREAD = "\0old text", "\0new text", "\0misread"


@dataclass(frozen=True)
class Group:
    """Changes of one kind in one table, weighed by one rule; made when ``changes`` is called."""

    kind: str
    table: str
    rule: Rule
    count: int
    changes: Callable[[], Iterable[Change]] = field(repr=False)


def one(change: Change) -> Group:
    """A change as a group of its own."""
    return Group(change.kind, change.table, change.rule, 1, lambda: (change,))


def all_records(kind: str, table: str, frame: pl.DataFrame, key: Sequence[str]) -> Iterator[Group]:
    """Every record of a frame as one that is only before, or only after."""
    side = "after" if kind.endswith("-added") else "before"

    def changes() -> Iterator[Change]:
        for row in frame.iter_rows(named=True):
            content: dict[str, Any] = {side: row}
            yield Change(kind, table, _key(row, key), **content)

    if len(frame):
        yield Group(kind, table, Change(kind, table).rule, len(frame), changes)


def record_groups(
    table: str,
    key: Sequence[str],
    old: pl.DataFrame,
    new: pl.DataFrame,
    retired: pl.DataFrame,
    readings: Mapping[str, Reading],
) -> Iterator[Group]:
    """The changes between two versions of a table.

    Parameters
    ----------
    old, new : polars.DataFrame
        The texts of values; the key is in both, and no two rows have the same one.
    retired : polars.DataFrame
        The table's tombstones: ``id`` and ``replaced_by``.
    readings : mapping
        The fields that the two versions read differently.
    """
    import polars as pl

    gone = old.join(new, on=key, how="anti", nulls_equal=True)
    come = new.join(old, on=key, how="anti", nulls_equal=True)
    if len(key) > 1:  # an id is one field
        yield from all_records("record-removed", table, gone, key)
        yield from all_records("record-added", table, come, key)
    else:
        [name] = key
        known = retired.select(
            pl.col("id").alias(name),
            pl.col("replaced_by").alias(_REPLACED_BY),
            pl.lit(value=True).alias(_RETIRED),
        )
        # A replacement takes the place of one record; what else it replaces is retired.
        marked = gone.join(known, on=name, how="left", maintain_order="left")
        arrives = pl.col(_REPLACED_BY).is_in(come[name].implode())
        first = pl.col(_REPLACED_BY).is_first_distinct()
        is_retired = pl.col(_RETIRED).is_not_null()
        is_renamed = (arrives & first).fill_null(value=False)
        yield from all_records(
            "record-removed", table, marked.filter(~is_retired)[old.columns], key
        )
        renamed = marked.filter(is_renamed)
        yield from _renamed(table, name, renamed, come, old.columns)
        left = marked.filter(is_retired & ~is_renamed)
        yield from all_records("record-retired", table, left[old.columns], key)
        come = come.join(renamed, left_on=name, right_on=_REPLACED_BY, how="anti")
        yield from all_records("record-added", table, come, key)
    if len(gone) or len(come):
        for name in key:
            if name in readings and readings[name].misleads(old[name], new[name]):
                yield from map(one, readings[name].changes(table))
    yield from _cell_groups(table, key, old, new, readings)


def _renamed(
    table: str, key: str, renamed: pl.DataFrame, come: pl.DataFrame, fields: Sequence[str]
) -> Iterator[Group]:
    after = come.join(renamed.select(_REPLACED_BY), left_on=key, right_on=_REPLACED_BY, how="semi")

    def changes() -> Iterator[Change]:
        arrivals = {row[key]: row for row in after.iter_rows(named=True)}
        for row in renamed.iter_rows(named=True):
            before = {name: row[name] for name in fields}
            yield Change(
                "record-renamed",
                table,
                ((key, row[key]),),
                before=before,
                after=arrivals[row[_REPLACED_BY]],
            )

    if len(renamed):
        rule = Change("record-renamed", table).rule
        yield Group("record-renamed", table, rule, len(renamed), changes)


def _cell_groups(
    table: str,
    key: Sequence[str],
    old: pl.DataFrame,
    new: pl.DataFrame,
    readings: Mapping[str, Reading],
) -> Iterator[Group]:
    """Cells that differ in records of one key; a field that is new counts as empty before."""
    import polars as pl

    fields = [name for name in new.columns if name not in key]
    read = [each for name, each in readings.items() if name not in key]
    earlier = old.select(
        *key,
        *(pl.col(name).alias(_OLD + name) for name in fields if name in old.columns),
        *(each.old.alias(_OLD_TEXT + each.name) for each in read),
    )
    later = new.with_columns(each.new.alias(_NEW_TEXT + each.name) for each in read)
    pairs = later.join(earlier, on=list(key), how="inner", nulls_equal=True, maintain_order="left")
    for name in fields:
        was = pl.col(_OLD + name) if name in old.columns else pl.lit(None, dtype=pl.String)
        # What stands as it stood and is another value now was not corrected.
        stands = pl.lit(value=False)
        if name in readings:
            stands = pl.col(_OLD_TEXT + name).eq_missing(pl.col(_NEW_TEXT + name))
        cells = pairs.select(*key, was.alias(_OLD), pl.col(name), stands.alias(_MISREAD)).filter(
            pl.col(_OLD).ne_missing(pl.col(name))
        )
        misread = cells.filter(_MISREAD)
        if len(misread):
            yield from map(one, readings[name].changes(table))
            yield _cells(table, key, name, misread)
        corrected = cells.filter(~pl.col(_MISREAD))
        # Whether there is a value now may matter to the rule, which one does not.
        for part in (
            corrected.filter(pl.col(name).is_null()),
            corrected.filter(pl.col(name).is_not_null()),
        ):
            if len(part):
                yield _cells(table, key, name, part)


def _cells(table: str, key: Sequence[str], name: str, cells: pl.DataFrame) -> Group:
    names = tuple(key)

    def changes() -> Iterator[Change]:
        for *ids, before, after, misread in cells.iter_rows():
            record = tuple(zip(names, ids, strict=True))
            yield Change("record-changed", table, record, name, before, after, misread)

    rule = next(iter(changes())).rule
    return Group("record-changed", table, rule, len(cells), changes)


def _key(row: dict[str, Any], key: Sequence[str]) -> tuple[tuple[str, str | None], ...]:
    return tuple((name, row[name]) for name in key)
