"""What changed in a table whose records have no common key: its rows, equal ones counted.

A row that was corrected cannot be told from one that went and another that came. So it is said
that there is no key, and which column would do.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ycd_opendata.versioning.record_changes import Group, all_records, one
from ycd_opendata.versioning.weighing import Change

if TYPE_CHECKING:
    import polars as pl

# The how-manieth of equal rows; no field has such a name.
_COPY = "\0copy"


def row_groups(
    table: str, old: pl.DataFrame, new: pl.DataFrame, *, is_keyless: bool
) -> Iterator[Group]:
    """The rows that went and came between two versions of a table.

    ``is_keyless`` says that neither version has a key, so that one may be suggested.
    """
    fields = new.columns
    before, after = _numbered(aligned(old, fields)), _numbered(new)
    gone = before.join(after, on=before.columns, how="anti", nulls_equal=True).drop(_COPY)
    come = after.join(before, on=before.columns, how="anti", nulls_equal=True).drop(_COPY)
    if is_keyless and len(gone):
        yield one(Change("key-missing", table, after=_possible_key(old, new)))
    yield from all_records("row-removed", table, gone, ())
    yield from all_records("row-added", table, come, ())


def aligned(frame: pl.DataFrame, fields: list[str]) -> pl.DataFrame:
    """A frame with the columns of another version; one that it does not have is empty."""
    import polars as pl

    return frame.select(
        pl.col(name) if name in frame.columns else pl.lit(None, dtype=pl.String).alias(name)
        for name in fields
    )


def _numbered(rows: pl.DataFrame) -> pl.DataFrame:
    import polars as pl

    return rows.with_columns(pl.int_range(pl.len()).over(rows.columns).alias(_COPY))


def _possible_key(old: pl.DataFrame, new: pl.DataFrame) -> str | None:
    """The column that could be the key: unique and never missing in both, and most in common."""
    best, most = None, 0
    for name in new.columns:
        if name not in old.columns:
            continue
        sides = old[name], new[name]
        if any(each.null_count() or each.n_unique() < len(each) for each in sides):
            continue
        common = int(sides[0].is_in(sides[1].implode()).sum())
        if common > most:
            best, most = name, common
    return best
