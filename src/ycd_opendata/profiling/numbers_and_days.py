"""What numbers and days say of the column that they stand in."""

from __future__ import annotations

import datetime
import math
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise
from typing import Any

import polars as pl

from ycd_opendata.loader.pandas_columns import exact_reader
from ycd_opendata.package.model import Field
from ycd_opendata.package.tables.polars_cells import bare, with_doubtful_cells
from ycd_opendata.profiling.column_profile import Bar, ColumnProfile

BINS = 10
"""How many bars a histogram has."""


def numbers_of(texts: pl.Series, field: Field) -> pl.Series:
    """Numbers as doubles, null where a text is none."""
    cell = bare(pl.col(texts.name), field)
    numbers = texts.to_frame().select(cell.cast(pl.Float64, strict=False)).to_series()
    return _with_exact(numbers, texts, field)


def days_of(texts: pl.Series, field: Field) -> pl.Series:
    """Days, null where a text is none."""
    format_ = "%Y-%m-%d" if field.format == "default" else field.format
    try:
        days = texts.str.to_date(format_, strict=False)
    except Exception:  # a format that polars does not know
        days = texts.str.to_date("%Y-%m-%d", strict=False).clear(len(texts))
    return _with_exact(days, texts, field)


def _with_exact(values: pl.Series, texts: pl.Series, field: Field) -> pl.Series:
    """Values with those of texts that only the exact reading knows; null where it has none."""
    if not values.null_count():
        return values
    read = exact_reader(field)

    def value_of(text: str) -> Any:
        value = read(text)
        return float(value) if isinstance(value, int | Decimal) else value

    return with_doubtful_cells(values, texts, value_of)


def sorted_numbers(numbers: pl.Series) -> pl.Series:
    """Numbers in order; numpy takes half as long as polars, which is told that they are."""
    import numpy as np

    return pl.Series(np.sort(numbers.to_numpy())).set_sorted()


def of_numbers(
    found: ColumnProfile, numbers: pl.Series, counts: pl.Series | None = None
) -> ColumnProfile:
    """A profile with what its numbers say; each counts as often as said.

    Without counts the numbers are in order, and each counts once.
    """
    import numpy as np

    values = numbers.to_numpy()
    times = np.ones(len(values), np.int64) if counts is None else counts.cast(int).to_numpy()
    invalid = 0 if counts is None else int(counts.filter(numbers.is_null()).sum())
    found = replace(found, invalid=invalid)
    usable = np.isfinite(values)
    if not usable.all():
        values, times = values[usable], times[usable]
    if not len(values):
        return found
    if counts is not None:
        order = np.argsort(values)
        values, times = values[order], times[order]
    # How many cells there are up to and with each number: median and bars are read off it.
    reached = np.cumsum(times)
    total = int(reached[-1])
    middle = np.searchsorted(reached, [(total - 1) // 2, total // 2], side="right")
    with np.errstate(all="ignore"):  # numbers near the largest that there is
        weights = None if counts is None else times
        mean = float(np.average(values, weights=weights))
        deviation = float(np.average((values - mean) ** 2, weights=weights)) ** 0.5
        median = float(values[middle].sum()) / 2
        width = float(values[-1] - values[0]) / BINS
    return replace(
        found,
        low=plain(values[0]),
        high=plain(values[-1]),
        mean=mean,
        median=median,
        deviation=deviation,
        histogram=_bars(values, reached, width),
    )


def _bars(values: Any, reached: Any, width: float) -> tuple[Bar, ...]:
    """Bars of equal width from the smallest to the largest of some numbers in order."""
    import numpy as np

    if not width > 0 or not math.isfinite(width):
        return ()
    low, high = float(values[0]), float(values[-1])
    edges = [low + place * width for place in range(1, BINS)]
    below = np.concatenate(([0], reached))[np.searchsorted(values, edges, side="left")]
    counts = np.diff([0, *below, reached[-1]]).tolist()
    spans = pairwise(map(plain, [low, *edges, high]))
    return tuple(Bar(start, end, count) for (start, end), count in zip(spans, counts, strict=True))


def of_days(found: ColumnProfile, days: pl.Series, counts: pl.Series) -> ColumnProfile:
    """A profile with range and histogram of days; each counts as often as said."""
    as_numbers = of_numbers(found, days.to_physical().cast(pl.Float64), counts)
    found = replace(found, invalid=as_numbers.invalid)
    if as_numbers.low is None or as_numbers.high is None:
        return found
    bars = (
        replace(each, low=_day(each.low), high=_day(each.high)) for each in as_numbers.histogram
    )
    low, high = _day(as_numbers.low), _day(as_numbers.high)
    return replace(found, low=low, high=high, histogram=tuple(bars))


def _day(number: float | str) -> str:
    return (datetime.date(1970, 1, 1) + datetime.timedelta(days=int(number))).isoformat()


def plain(number: float) -> float:
    """A whole number without a point, as a document shows it."""
    number = float(number)
    return int(number) if number.is_integer() and abs(number) < 2**53 else number
