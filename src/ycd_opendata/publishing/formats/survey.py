"""A first look at a whole table: what its columns are kept as, and how large it is.

Whether each number of a column is kept by a double, or each moment has an offset, is not known
before the last cell. It is looked at before anything is written, so what cannot be read is
refused by then.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, time

import polars as pl

from ycd_opendata.package.model import Field, Schema
from ycd_opendata.package.tables.polars_cells import bare
from ycd_opendata.publishing.formats.stored_types import NO_NUMBERS, Column, Kind
from ycd_opendata.publishing.formats.stored_values import (
    exact_cells,
    is_kept_by_a_double,
    places,
    present,
    typed_series,
)

# Excel counts in UTF-16: what is longer than half a cell is looked at more closely.
_SURELY_SHORT = 16_000
# Of sixteen digits, not every number is kept by a double.
_SURE_DIGITS = r"^-?[0-9.]{1,15}$"
_OFFSET = r"(?:Z|[+-][0-9]{2}:?[0-9]{2})$"
_LARGEST_OF_64_BITS = 2**63 - 1
_DIGITS_OF_64_BITS = 19

_KINDS = {"boolean": Kind.BOOLEAN, "date": Kind.DAY, "year": Kind.WHOLE}


@dataclass(frozen=True)
class Extent:
    """How large a table is: its rows, and the characters (UTF-16 units) of its longest cell."""

    rows: int
    longest_cell: int


def survey(
    frames: Iterable[pl.DataFrame], schema: Schema, table: str
) -> tuple[tuple[Column, ...], Extent]:
    """Look at all the cells of a table, as they are released.

    Raises DataError where a cell is not of its field's type, so the package was not valid.
    """
    looks = [_look(each, schema.missing_values_of(each), table) for each in schema.fields]
    rows = longest = 0
    for frame in frames:
        rows += frame.height
        longest = max(longest, _longest_cell(frame))
        for look in looks:
            if not isinstance(look, Column):
                look.add(frame.select(present(look.column())).to_series())
    columns = (each if isinstance(each, Column) else each.column() for each in looks)
    return tuple(columns), Extent(rows, longest)


def _look(
    field: Field, missing: tuple[str, ...], table: str
) -> Column | _Whole | _Numbers | _Moments:
    """What a column is kept as, or what finds it out."""
    if field.type == "integer":
        return _Whole(field, missing, table)
    if field.type == "number" and not field.raw.get("floatNumber"):
        return _Numbers(field, missing, table)
    if field.type in ("datetime", "time"):
        return _Moments(field, missing, table)
    kind = Kind.REAL if field.type == "number" else _KINDS.get(field.type, Kind.TEXT)
    return Column(field, missing, kind)


@dataclass
class _Cells:
    """What is found out of a column, some of its cells at a time, missing ones as null."""

    field: Field
    missing: tuple[str, ...]
    table: str


@dataclass
class _Whole(_Cells):
    longest: int = 0

    def add(self, cells: pl.Series) -> None:
        quick = pl.select(bare(pl.lit(cells), self.field).cast(pl.Int64, strict=False)).to_series()
        doubtful = cells.filter(quick.is_null() & cells.is_not_null()).unique()
        read = exact_cells(self.column(), self.table)
        for text in doubtful:
            size = abs(int(read(text)))
            if size > _LARGEST_OF_64_BITS:
                self.longest = max(self.longest, len(str(size)), _DIGITS_OF_64_BITS)

    def column(self) -> Column:
        kind = Kind.DIGITS if self.longest else Kind.WHOLE
        return Column(self.field, self.missing, kind, self.longest)


@dataclass
class _Numbers(_Cells):
    whole: int = 1
    decimals: int = 0
    is_kept: bool = True
    has_no_numbers: bool = False

    def add(self, cells: pl.Series) -> None:
        written = typed_series(cells, Column(self.field, self.missing, Kind.DIGITS), self.table)
        numbers = written.filter(~written.is_in(NO_NUMBERS)).drop_nulls()
        self.has_no_numbers |= len(numbers) < len(written.drop_nulls())
        scientific = numbers.str.contains("[eE]")
        for whole, decimals in map(places, numbers.filter(scientific).unique()):
            self.whole, self.decimals = max(self.whole, whole), max(self.decimals, decimals)
        plain = numbers.filter(~scientific)
        if len(plain):
            size = plain.str.len_bytes().cast(pl.Int64)
            point = plain.str.find(".", literal=True).cast(pl.Int64)
            before = point.fill_null(size) - plain.str.starts_with("-").cast(pl.Int64)
            self.whole = max(self.whole, _largest(before))
            self.decimals = max(self.decimals, _largest(size - point - 1))
        if self.is_kept:
            unsure = numbers.filter(~numbers.str.contains(_SURE_DIGITS))
            back = unsure.cast(pl.Float64).cast(pl.String)
            self.is_kept = all(map(is_kept_by_a_double, unsure.filter(back != unsure).unique()))

    def column(self) -> Column:
        if self.is_kept:
            kept = Column(self.field, self.missing, Kind.REAL)
        else:
            digits = self.whole + self.decimals
            kept = Column(self.field, self.missing, Kind.DIGITS, digits, self.decimals)
        return replace(kept, has_no_numbers=self.has_no_numbers)


def _largest(numbers: pl.Series) -> int:
    found = numbers.max()
    return found if isinstance(found, int) else 0


@dataclass
class _Moments(_Cells):
    some_have: bool = False
    some_lack: bool = False

    def add(self, cells: pl.Series) -> None:
        filled = cells.drop_nulls()
        if self.field.format == "any":
            read = exact_cells(self.column(), self.table)
            values: list[datetime | time] = [read(text) for text in filled.unique()]
            offsets = {each.tzinfo is not None for each in values}
        elif self.field.format == "default":
            offsets = set(filled.str.contains(_OFFSET).unique())
        else:
            offsets = {"%z" in self.field.format} if len(filled) else set()
        self.some_have |= True in offsets
        self.some_lack |= False in offsets

    def column(self) -> Column:
        is_mixed = self.some_have and self.some_lack
        kind = Kind.INSTANT if self.some_have else Kind.MOMENT
        if self.field.type == "time":
            kind = Kind.TEXT if self.some_have else Kind.CLOCK
        kind = Kind.TEXT if is_mixed else kind
        return Column(self.field, self.missing, kind, is_mixed=is_mixed)


def _longest_cell(text: pl.DataFrame) -> int:
    """The length of the longest cell, in UTF-16 units where that makes a difference."""
    lengths = text.select(pl.all().str.len_chars().max()).row(0)
    longest = max((each or 0 for each in lengths), default=0)
    if longest <= _SURELY_SHORT:
        return longest
    # A character beyond the first 65,536 takes two units.
    units = pl.all().str.len_chars() + pl.all().str.count_matches("[\U00010000-\U0010ffff]")
    return max(each or 0 for each in text.select(units.max()).row(0))
