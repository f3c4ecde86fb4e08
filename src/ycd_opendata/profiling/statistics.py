"""The statistics of a package's columns, as data for the terminal, for files and for pages."""

from __future__ import annotations

import os
from array import array
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import polars as pl

from ycd_opendata.errors import YcdError
from ycd_opendata.package.model import Field, Package, Resource, Schema
from ycd_opendata.package.tables.reader import read_table
from ycd_opendata.profiling.column_profile import (
    ColumnProfile,
    PackageProfile,
    TableProfile,
    ValueCount,
)
from ycd_opendata.profiling.numbers_and_days import (
    days_of,
    numbers_of,
    of_days,
    of_numbers,
    plain,
    sorted_numbers,
)

_COMMONEST = 5
_SAMPLE = 20_000
_PARTS = 4
_MOST_AT_ONCE = 4
_COMMON = 1_000
_SEEN = 5
"""How often a value stands at least in a sample if it is common: 20 times on average."""
_NUMERIC = ("integer", "number", "year")
_FEW_KINDS = ("boolean", "date", "year", "yearmonth")
"""Types of which there are few different values however many cells there are."""


def profile(package: Package) -> PackageProfile:
    """The statistics of each column of each table of a package.

    A table that cannot be read has no columns, and says why.
    """
    tables = tuple(_table(package, each) for each in package.resources if each.is_table)
    return PackageProfile(package.name, package.version, tables)


def _table(package: Package, resource: Resource) -> TableProfile:
    """The statistics of each column of one table."""
    try:
        table = read_table(package, resource)
        empty = pl.DataFrame(schema=dict.fromkeys(table.schema.field_names, pl.String))
        frame = pl.concat([empty, *table.frames()])
    except YcdError as error:
        return TableProfile(resource.name, resource.title, 0, (), str(error))
    pairs = [(frame[each.name], each) for each in table.schema.fields]
    # polars leaves Python free while it counts, so that columns are counted side by side.
    with ThreadPoolExecutor(min(_MOST_AT_ONCE, os.cpu_count() or 1)) as pool:
        columns = tuple(pool.map(lambda pair: _column(pair[0], pair[1], table.schema), pairs))
    return TableProfile(resource.name, resource.title, frame.height, columns)


class CellCount:
    """Counts the cells of a column part by part, as the whole of one takes what its table does.

    Few cells are counted in less time here than it takes polars to begin.
    """

    def __init__(self, field: Field, schema: Schema) -> None:
        self.field = field
        self._missing = schema.missing_values_of(field)
        self._found = _nothing_known(field)
        self._hashes = array("q")  # see _told_apart
        self._typed: list[pl.DataFrame] = []
        self._ends: tuple[str, ...] = ()

    def add(self, cells: Sequence[str]) -> None:
        """Count some more cells."""
        counts, found = Counter(cells), self._found
        missing = found.missing + sum(counts.pop(each, 0) for each in self._missing)
        self._found = replace(found, rows=found.rows + len(cells), missing=missing)
        self._hashes.extend(map(hash, counts))
        if counts and self.field.type in (*_NUMERIC, "date"):
            values = _typed(pl.Series("value", [*counts]), self.field)
            times = pl.Series("count", [*counts.values()], pl.UInt32)
            self._typed.append(pl.DataFrame([values, times]))
            if len(self._typed) == _PARTS:  # what stands in several of them is kept once
                together = pl.concat(self._typed).group_by("value").agg(pl.col("count").sum())
                self._typed = [together]
        elif counts and _has_ends(self.field):
            self._ends = min(each := (*self._ends, *counts)), max(each)

    def profile(self) -> ColumnProfile:
        """The statistics of the cells, without lengths and commonest values, for pages."""
        import numpy as np

        found = replace(self._found, distinct=np.unique(np.array(self._hashes)).size)
        if self._typed:
            counted = pl.concat(self._typed)
            return _of_counted(found, self.field, counted["value"], counted["count"])
        return _ranged(found, self.field, pl.Series(self._ends)) if self._ends else found


def _nothing_known(field: Field) -> ColumnProfile:
    return ColumnProfile(field.name, field.type, field.title, field.unit, 0, 0, 0)


def _column(cells: pl.Series, field: Field, schema: Schema) -> ColumnProfile:
    """The statistics of one column of texts."""
    missing = list(schema.missing_values_of(field))
    filled = cells.filter(~cells.is_in(missing)) if missing else cells
    found = replace(_nothing_known(field), rows=len(cells), missing=len(cells) - len(filled))
    counted = counted_values(filled, are_few=field.type in _FEW_KINDS)
    if counted is None and field.type in _NUMERIC:
        return _of_many_numbers(found, numbers_of(filled, field))
    if counted is None:
        distinct, commonest = _told_apart(filled)
    else:
        distinct, commonest = counted.height, _commonest(counted)
    found = replace(found, distinct=distinct, commonest=commonest)
    if not len(filled):
        return found
    texts = filled if counted is None else counted["value"]
    if field.type == "string":
        lengths = texts.str.len_chars()
        found = replace(found, shortest=_whole(lengths.min()), longest=_whole(lengths.max()))
    if counted is None:
        return _ranged(found, field, texts)
    return _of_counted(found, field, _typed(texts, field), counted["count"])


def _typed(texts: pl.Series, field: Field) -> pl.Series:
    """Numbers and days as such, other values as they are written."""
    if field.type in _NUMERIC:
        return numbers_of(texts, field)
    return days_of(texts, field) if field.type == "date" else texts


def _of_counted(
    found: ColumnProfile, field: Field, values: pl.Series, counts: pl.Series
) -> ColumnProfile:
    """A profile with range and histogram of values that are counted."""
    if field.type in _NUMERIC:
        return of_numbers(found, values, counts)
    return of_days(found, values, counts) if field.type == "date" else _ranged(found, field, values)


def _has_ends(field: Field) -> bool:
    """Whether the order of texts is that of what they mean."""
    is_time = field.type in ("datetime", "time", "yearmonth") and field.format == "default"
    return is_time or field.is_partial_date


def _ranged(found: ColumnProfile, field: Field, texts: pl.Series) -> ColumnProfile:
    """A profile with the first and the last of texts that have an order."""
    if not _has_ends(field):
        return found
    return replace(found, low=str(texts.min()), high=str(texts.max()))


def _of_many_numbers(found: ColumnProfile, numbers: pl.Series) -> ColumnProfile:
    """A profile of numbers of which nearly each is different; their order tells them apart."""
    present = sorted_numbers(numbers.drop_nulls())
    distinct, commonest = _told_apart(present)
    return replace(
        of_numbers(found, present, None),
        invalid=numbers.null_count(),
        distinct=distinct,
        commonest=commonest,
    )


def counted_values(filled: pl.Series, *, are_few: bool = False) -> pl.DataFrame | None:
    """The different values as they come, with their counts; None where nearly each is different.

    ``are_few`` says that it is known that there are few.
    """
    if len(filled) > _SAMPLE and not are_few:
        sample = filled.head(_SAMPLE)
        if sample.n_unique() > len(sample) // 2:
            return None
    # By their hashes: see _told_apart.
    frame = pl.DataFrame([filled.alias("value"), filled.hash().alias("hash")])
    counts = (pl.col("value").first(), pl.len().alias("count"))
    return frame.group_by("hash", maintain_order=True).agg(counts).drop("hash")


def _commonest(counted: pl.DataFrame) -> tuple[ValueCount, ...]:
    first = counted.top_k(_COMMONEST, by=["count", "value"], reverse=[False, True])
    rows = first.sort(["count", "value"], descending=[True, False]).rows()
    return tuple(ValueCount(value, count) for value, count in rows if count > 1)


def _told_apart(values: pl.Series) -> tuple[int, tuple[ValueCount, ...]]:
    """How many of many values are different, and those that stand in one cell of a thousand.

    Texts are told apart by 64 bits of a hash, several times as fast; that two of a million have
    the same happens once in forty million tables. What is common is seen in a sample, and counted
    in all cells.
    """
    is_number = values.dtype == pl.Float64
    distinct = values.n_unique() if is_number else values.hash().n_unique()
    if distinct == len(values):
        return distinct, ()
    least = len(values) / _COMMON
    sample = values.gather_every(max(len(values) // _SAMPLE, 1)).alias("value")
    likely = sample.value_counts(name="count").filter(pl.col("count") >= _SEEN)
    if not len(likely):
        return distinct, ()
    likely = likely.top_k(_COMMONEST * 2, by="count")
    found = values.filter(values.is_in(likely["value"])).alias("value").value_counts(name="count")
    counts = sorted(found.rows(), key=lambda each: (-each[1], each[0]))
    return distinct, tuple(
        ValueCount(str(plain(value)) if is_number else value, count)
        for value, count in counts[:_COMMONEST]
        if count >= least
    )


def _whole(number: object) -> int | None:
    return number if isinstance(number, int) else None
