"""Range, mean, median and histogram of the numbers and days of a column."""

from __future__ import annotations

import datetime
import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from ycd_opendata.errors import DataError
from ycd_opendata.package.model import Field
from ycd_opendata.profiling.column_profile import Bar, ColumnProfile

if TYPE_CHECKING:
    import polars as pl

BINS = 10
"""How many bars a histogram has."""


def numbers_of(texts: pl.Series, field: Field) -> pl.Series:
    """Numbers as doubles, null where a text is none."""
    import polars as pl

    from ycd_opendata.loader.digits import bare
    from ycd_opendata.loader.storage import Column, Kind

    cell = bare(pl.col(texts.name), field)
    numbers = texts.to_frame().select(cell.cast(pl.Float64, strict=False)).to_series()
    if not numbers.null_count():
        return numbers
    return _with_exact(numbers, texts, Column(field, (), Kind.REAL))


def days_of(texts: pl.Series, field: Field) -> pl.Series:
    """Days, null where a text is none."""
    from ycd_opendata.loader.storage import Column, Kind

    format_ = "%Y-%m-%d" if field.format == "default" else field.format
    try:
        days = texts.str.to_date(format_, strict=False)
    except Exception:  # a format that polars does not know
        days = texts.str.to_date("%Y-%m-%d", strict=False).clear(len(texts))
    if not days.null_count():
        return days
    return _with_exact(days, texts, Column(field, (), Kind.DAY))


def _with_exact(values: pl.Series, texts: pl.Series, column: Any) -> pl.Series:
    """Values with the texts that only the exact reading knows, each of them read on its own."""
    import polars as pl

    from ycd_opendata.loader.typed import exact_reader

    read = exact_reader(column, "")
    found = {}
    for text in texts.filter(values.is_null()).unique().to_list():
        try:
            value = read(text)
        except DataError:
            continue
        found[text] = (
            float(value)
            if isinstance(value, int | float) or column.field.type == "number"
            else value
        )
    if not found:
        return values
    exact = texts.replace_strict(
        pl.Series([*found], dtype=pl.String),
        pl.Series([*found.values()], dtype=values.dtype),
        default=None,
        return_dtype=values.dtype,
    )
    return values.zip_with(values.is_not_null(), exact)


@dataclass(frozen=True)
class Ordered:
    """Numbers in order, and how often each stands.

    ``reached`` has the number of cells up to and with each of them; None where each is one cell.
    Range, median, bars and different values are all read off the order, which is found once.
    """

    numbers: pl.Series
    reached: pl.Series | None

    @property
    def total(self) -> int:
        """How many cells there are."""
        if self.reached is None or not len(self.numbers):
            return len(self.numbers)
        return int(self.reached[-1])

    def below(self, edges: list[float]) -> list[int]:
        """How many cells are smaller than each edge."""
        import polars as pl

        places = self.numbers.search_sorted(pl.Series(edges, dtype=pl.Float64), side="left")
        if self.reached is None:
            return [int(each) for each in places]
        return [int(self.reached[int(each) - 1]) if each else 0 for each in places]

    def at(self, place: int) -> float:
        """The number in the cell of this place, counted from 0."""
        if self.reached is None:
            return float(self.numbers[place])
        return float(self.numbers[int(self.reached.search_sorted(place, side="right"))])


def ordered(numbers: pl.Series, counts: pl.Series | None) -> Ordered:
    """The finite ones of some numbers in order; each counts as often as said, or once."""
    import polars as pl

    usable = numbers.is_finite().fill_null(False)
    if counts is None:
        return Ordered(numbers.filter(usable).sort(), None)
    frame = pl.DataFrame([numbers.alias("number"), counts.alias("count")]).filter(usable)
    frame = frame.sort("number")
    return Ordered(frame["number"], frame["count"].cast(pl.Int64).cum_sum())


def sorted_numbers(numbers: pl.Series) -> pl.Series:
    """Numbers in order; numpy takes half as long as polars, which is told that they are."""
    import numpy as np
    import polars as pl

    return pl.Series(np.sort(numbers.to_numpy())).set_sorted()


def of_numbers(found: ColumnProfile, numbers: pl.Series, counts: pl.Series | None) -> ColumnProfile:
    """A profile with what its numbers say; each counts as often as said, or once."""
    invalid = int(counts.filter(numbers.is_null()).sum()) if counts is not None else 0
    found = replace(found, invalid=invalid)
    every = ordered(numbers, counts)
    if not every.total:
        return found
    mean, deviation = _mean_and_deviation(every)
    low, high = float(every.numbers[0]), float(every.numbers[-1])
    middle = every.total // 2
    return replace(
        found,
        low=plain(low),
        high=plain(high),
        mean=mean,
        median=(every.at(middle) + every.at((every.total - 1) // 2)) / 2,
        deviation=deviation,
        histogram=tuple(_bars(every, low, high)),
    )


def of_days(found: ColumnProfile, days: pl.Series, counts: pl.Series) -> ColumnProfile:
    """A profile with what its days say; each counts as often as said."""
    import polars as pl

    found = replace(found, invalid=int(counts.filter(days.is_null()).sum()))
    every = ordered(days.to_physical().cast(pl.Float64), counts)
    if not every.total:
        return found
    low, high = float(every.numbers[0]), float(every.numbers[-1])

    def day(number: float | str) -> str:
        return (datetime.date(1970, 1, 1) + datetime.timedelta(days=int(number))).isoformat()

    bars = (
        replace(each, low=day(each.low), high=day(each.high)) for each in _bars(every, low, high)
    )
    return replace(found, low=day(low), high=day(high), histogram=tuple(bars))


def _mean_and_deviation(every: Ordered) -> tuple[float, float]:
    """The mean, and the standard deviation of the population."""
    numbers = every.numbers
    if every.reached is None:
        return float(numbers.mean()), float(numbers.std(ddof=0))  # type: ignore[arg-type]
    counts = every.reached.diff().fill_null(every.reached[0])
    mean = float((numbers * counts).sum()) / every.total
    return mean, math.sqrt(float(((numbers - mean) ** 2 * counts).sum()) / every.total)


def _bars(every: Ordered, low: float, high: float) -> Iterator[Bar]:
    """Bars of equal width from the smallest to the largest value."""
    width = (high - low) / BINS
    if not width > 0 or not math.isfinite(width):
        return
    edges = [low + place * width for place in range(1, BINS)]
    below = [0, *every.below(edges), every.total]
    for place, (start, end) in enumerate(pairwise([low, *edges, high])):
        yield Bar(plain(start), plain(end), below[place + 1] - below[place])


def plain(number: float) -> float:
    """A whole number without a point, as a document shows it."""
    number = float(number)
    return int(number) if number.is_integer() and abs(number) < 2**53 else number
