"""What changed in the records of one table: which came, went, were retired or renamed, and cells.

Both versions are compared part by part, so that neither is in memory as a whole; what differs is
put aside, and changes are made of it one by one, in the order of the rows, when asked for.

Where the versions have no key in common, a row that was corrected cannot be told from one that
went and another that came: rows are counted, and where there is no key at all it is said so, and
which column would do.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from ycd_opendata.versioning.spilling import Pile, Scratch, merged, merged_records
from ycd_opendata.versioning.versions_of_tables import ROW, TEXT, Versions
from ycd_opendata.versioning.weighing import Change, Rule

# No field of a table has such a name.
_OLD, _REPLACED_BY, _MISREAD, _COPY = "\0old", "\0replaced_by", "\0misread", "\0copy"
_OLD_AT, _NEW_AT = "\0old at", "\0new at"
_GONE, _COME = "gone", "come"

Label = str | tuple[str, bool, bool]
"""Rows that went or came; or the cells of a field, whether misread, and whether any is left."""


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


def record_groups(versions: Versions, retired: pl.DataFrame, scratch: Scratch) -> Iterator[Group]:
    """The changes between two versions of a table.

    ``retired`` are the table's tombstones: ``id`` and ``replaced_by``; ``scratch`` keeps what
    differs.

    Raises DataError where two rows of a version have one key.
    """
    # An id is one field.
    renames = _Renames(retired, versions.key[0]) if len(versions.key) == 1 else None
    found = _found(versions, renames, scratch)
    yield from _record_groups(versions, renames, found, scratch)
    for name in versions.fields:
        if piles := found[name, True, True] + found[name, True, False]:
            yield from map(one, versions.readings[name].changes(versions.table))
            yield _cells(versions, name, piles, misread=True)
        # Whether there is a value now may matter to the rule, which one does not.
        for filled in (False, True):
            if piles := found[name, False, filled]:
                yield _cells(versions, name, piles, filled=filled)


def _found(
    versions: Versions, renames: _Renames | None, scratch: Scratch
) -> dict[Label, list[Pile]]:
    """All that differs, but what tombstones speak of: that is with the renames."""
    found: dict[Label, list[Pile]] = defaultdict(list)
    for old, new in versions.pairs():
        for label, rows in _differences(old, new, versions):
            found[label] += scratch.keep(rows if renames is None else renames.take(label, rows))
    return found


def _record_groups(
    versions: Versions, renames: _Renames | None, found: dict[Label, list[Pile]], scratch: Scratch
) -> Iterator[Group]:
    """Whole records that went, came, were retired or renamed."""
    gone, come = found[_GONE], found[_COME]
    moved = bool(gone or come or (renames is not None and renames.is_any))
    kind = "record" if versions.key else "row"
    if moved and not versions.key:
        yield from _misleading(versions.fields, versions)
    if gone and versions.is_keyless:
        yield one(Change("key-missing", versions.table, after=versions.possible_key()))
    yield from _records(f"{kind}-removed", versions, gone)
    if renames is not None:
        yield from renames.groups(versions, scratch, come)
    yield from _records(f"{kind}-added", versions, come)
    if moved:
        yield from _misleading(versions.key, versions)


def _misleading(names: Iterable[str], versions: Versions) -> Iterator[Group]:
    for name in names:
        if name in versions.readings and versions.misleads(name):
            yield from map(one, versions.readings[name].changes(versions.table))


def _differences(
    old: pl.DataFrame, new: pl.DataFrame, versions: Versions
) -> Iterator[tuple[Label, pl.DataFrame]]:
    """What differs between a part of two versions, each in the order of its rows."""
    matched = _matched(old, new, versions)
    gone, come = (
        rows.with_row_index(at).join(matched, on=at, how="anti").sort(ROW)
        for rows, at in ((old, _OLD_AT), (new, _NEW_AT))
    )
    if len(gone) or len(come):
        gone, come = versions.values(gone, come)
    yield _GONE, gone.select(ROW, *(versions.old_fields if versions.key else versions.fields))
    yield _COME, come.select(ROW, *versions.fields)
    others = [name for name in versions.fields if name not in versions.by]
    if not {*others} & {*versions.readings}:
        # The same text is the same value, and most are.
        matched = matched.filter(_is_other(old, new, matched, others))
    if matched.is_empty():
        return
    old, new = versions.values(old[matched[_OLD_AT]], new[matched[_NEW_AT]])
    for name in others:
        yield from _cell_differences(old, new, name, versions)


def _is_other(
    old: pl.DataFrame, new: pl.DataFrame, matched: pl.DataFrame, names: Sequence[str]
) -> pl.Series:
    """Whether any cell of a row stands otherwise."""
    before, after = matched[_OLD_AT], matched[_NEW_AT]
    found = pl.repeat(value=False, n=len(matched), dtype=pl.Boolean, eager=True)
    for name in names:  # one by one: two tables side by side would take as much memory again
        was = _column(old, name).gather(before)
        found |= was.ne_missing(new[name].gather(after))
    return found


def _column(rows: pl.DataFrame, name: str) -> pl.Series:
    """The cells of a field, one that is new in the other version as empty."""
    if name in rows.columns:
        return rows[name]
    return pl.repeat(None, len(rows), dtype=pl.String, eager=True)


def _matched(old: pl.DataFrame, new: pl.DataFrame, versions: Versions) -> pl.DataFrame:
    """The places of the rows that both versions have, in the order of the newer one."""
    by = list(versions.by)
    sides = [
        rows.select(by).with_row_index(name) for rows, name in ((old, _OLD_AT), (new, _NEW_AT))
    ]
    if not versions.key:  # of equal rows, each with the how-manieth it is
        sides = [each.with_columns(pl.int_range(pl.len()).over(by).alias(_COPY)) for each in sides]
        by.append(_COPY)
    both = sides[1].join(sides[0], on=by, how="inner", nulls_equal=True, maintain_order="left")
    return both.select(_OLD_AT, _NEW_AT)


def _cell_differences(
    old: pl.DataFrame, new: pl.DataFrame, name: str, versions: Versions
) -> Iterator[tuple[Label, pl.DataFrame]]:
    """Cells of a field that differ between rows of one key."""
    was, now = _column(old, name), new[name]
    # What stands as it stood and is another value now was not corrected.
    stands = pl.repeat(value=False, n=len(new), dtype=pl.Boolean, eager=True)
    if name in versions.readings:
        stands = old[TEXT + name].eq_missing(new[TEXT + name])
    cells = new.select(ROW, *versions.key, was.alias(_OLD), now, stands.alias(_MISREAD)).filter(
        was.ne_missing(now)
    )
    if cells.is_empty():
        return
    for misread in (True, False):
        for filled in (True, False):
            chosen = pl.col(_MISREAD) == misread
            rows = cells.filter(chosen & (pl.col(name).is_not_null() == filled))
            yield (name, misread, filled), rows.drop(_MISREAD)


class _Renames:
    """The records that tombstones speak of, which may have moved from any part to any other."""

    def __init__(self, retired: pl.DataFrame, key: str) -> None:
        self._key = key
        self._known = retired.select(
            pl.col("id").alias(key), pl.col("replaced_by").alias(_REPLACED_BY)
        )
        self._gone: list[pl.DataFrame] = []
        self._come: list[pl.DataFrame] = []

    @property
    def is_any(self) -> bool:
        """Whether any such record went or came."""
        return any(map(len, (*self._gone, *self._come)))

    def take(self, label: Label, rows: pl.DataFrame) -> pl.DataFrame:
        """Set those aside that tombstones speak of; the others."""
        if label not in (_GONE, _COME):
            return rows
        ids = self._known[self._key if label == _GONE else _REPLACED_BY].implode()
        is_known = rows[self._key].is_in(ids).fill_null(value=False)
        (self._gone if label == _GONE else self._come).append(rows.filter(is_known))
        return rows.filter(~is_known)

    def groups(self, versions: Versions, scratch: Scratch, added: list[Pile]) -> Iterator[Group]:
        """The records that were renamed or retired; what came beside these is ``added``."""
        gone, come = pl.concat(self._gone).sort(ROW), pl.concat(self._come).sort(ROW)
        marked = gone.join(self._known, on=self._key, how="left", maintain_order="left")
        # A replacement takes the place of one record; what else it replaces is retired.
        arrives = pl.col(_REPLACED_BY).is_in(come[self._key].implode())
        is_renamed = (arrives & pl.col(_REPLACED_BY).is_first_distinct()).fill_null(value=False)
        renamed = marked.filter(is_renamed)
        into = renamed.select(pl.col(_REPLACED_BY).alias(self._key))
        after = into.join(come, on=self._key, maintain_order="left").select(come.columns)
        yield from _renamed(
            versions,
            scratch.keep(renamed.drop(_REPLACED_BY)),
            scratch.keep(after.with_columns(renamed[ROW])),
        )
        left = marked.filter(~is_renamed).drop(_REPLACED_BY)
        yield from _records("record-retired", versions, scratch.keep(left))
        added += scratch.keep(come.join(into, on=self._key, how="anti").sort(ROW))


def _records(kind: str, versions: Versions, piles: Sequence[Pile]) -> Iterator[Group]:
    """Records that are only before, or only after."""
    table, key = versions.table, versions.key
    side = "after" if kind.endswith("-added") else "before"

    def changes() -> Iterator[Change]:
        for record in merged_records(piles):
            content: dict[str, Any] = {side: record}
            yield Change(kind, table, tuple((name, record[name]) for name in key), **content)

    if piles:
        yield Group(kind, table, Change(kind, table).rule, sum(map(len, piles)), changes)


def _renamed(versions: Versions, before: list[Pile], after: list[Pile]) -> Iterator[Group]:
    kind, table, [key] = "record-renamed", versions.table, versions.key

    def changes() -> Iterator[Change]:
        for was, now in zip(merged_records(before), merged_records(after), strict=True):
            yield Change(kind, table, ((key, was[key]),), before=was, after=now)

    if before:
        yield Group(kind, table, Change(kind).rule, sum(map(len, before)), changes)


def _cells(
    versions: Versions,
    name: str,
    piles: Sequence[Pile],
    *,
    misread: bool = False,
    filled: bool = True,
) -> Group:
    kind, table, key = "record-changed", versions.table, versions.key

    def changes() -> Iterator[Change]:
        for *ids, before, after in merged(piles):
            record = tuple(zip(key, ids, strict=True))
            yield Change(kind, table, record, name, before, after, misread)

    example = Change(kind, table, (), name, None, name if filled else None, misread)
    return Group(kind, table, example.rule, sum(map(len, piles)), changes)
