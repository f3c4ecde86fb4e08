"""Range, mean, median and histogram of the numbers and days of a column."""

from __future__ import annotations

import datetime
import math
from collections.abc import Iterator
from dataclasses import replace
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


def of_numbers(found: ColumnProfile, numbers: pl.Series, counts: pl.Series | None) -> ColumnProfile:
    """A profile with what its numbers say; each counts as often as said, or once."""
    import polars as pl

    counts = (
        counts if counts is not None else pl.repeat(1, len(numbers), dtype=pl.UInt32, eager=True)
    )
    is_invalid = numbers.is_null()
    invalid = int(counts.filter(is_invalid).sum())
    usable = numbers.is_finite().fill_null(False)
    numbers, counts = numbers.filter(usable), counts.filter(usable)
    if not len(numbers):
        return replace(found, invalid=invalid)
    total = int(counts.sum())
    mean = float((numbers * counts).sum()) / total
    variance = float(((numbers - mean) ** 2 * counts).sum()) / total
    low, high = float(numbers.min()), float(numbers.max())  # type: ignore[arg-type]
    return replace(
        found,
        invalid=invalid,
        low=plain(low),
        high=plain(high),
        mean=mean,
        median=_median(numbers, counts, total),
        deviation=math.sqrt(variance),
        histogram=tuple(_bars(numbers, counts, low, high)),
    )


def _of_each_number(found: ColumnProfile, numbers: pl.Series, invalid: int) -> ColumnProfile:
    """The same of numbers of which each counts one."""
    low, high = float(numbers.min()), float(numbers.max())  # type: ignore[arg-type]
    return replace(
        found,
        invalid=invalid,
        low=plain(low),
        high=plain(high),
        mean=float(numbers.mean()),  # type: ignore[arg-type]
        median=float(numbers.median()),  # type: ignore[arg-type]
        deviation=float(numbers.std(ddof=0)),  # type: ignore[arg-type]
        histogram=tuple(_bars(numbers, None, low, high)),
    )


def of_days(found: ColumnProfile, days: pl.Series, counts: pl.Series | None) -> ColumnProfile:
    """A profile with what its days say; each counts as often as said, or once."""
    import polars as pl

    counts = counts if counts is not None else pl.repeat(1, len(days), dtype=pl.UInt32, eager=True)
    invalid = int(counts.filter(days.is_null()).sum())
    counts, days = counts.filter(days.is_not_null()), days.drop_nulls()
    if not len(days):
        return replace(found, invalid=invalid)
    numbers = days.to_physical().cast(pl.Float64)
    low, high = float(numbers.min()), float(numbers.max())  # type: ignore[arg-type]

    def day(number: float | str) -> str:
        return (datetime.date(1970, 1, 1) + datetime.timedelta(days=int(number))).isoformat()

    bars = (
        replace(each, low=day(each.low), high=day(each.high))
        for each in _bars(numbers, counts, low, high)
    )
    return replace(found, invalid=invalid, low=day(low), high=day(high), histogram=tuple(bars))


def _bars(numbers: pl.Series, counts: pl.Series | None, low: float, high: float) -> Iterator[Bar]:
    """Bars of equal width from the smallest to the largest value."""
    import polars as pl

    width = (high - low) / BINS
    if not width > 0 or not math.isfinite(width):
        return
    places = ((numbers - low) / width).floor().cast(pl.Int64).clip(0, BINS - 1).alias("place")
    if counts is None:
        filled = dict(places.value_counts(name="count").rows())
    else:
        frame = pl.DataFrame([places, counts.alias("count")])
        filled = dict(frame.group_by("place").agg(pl.col("count").sum()).rows())
    for place in range(BINS):
        upper = high if place == BINS - 1 else low + (place + 1) * width
        yield Bar(plain(low + place * width), plain(upper), int(filled.get(place, 0)))


def _median(numbers: pl.Series, counts: pl.Series, total: int) -> float:
    """The middle value, or the mean of the two in the middle."""
    import polars as pl

    frame = pl.DataFrame([numbers.alias("number"), counts.alias("count")]).sort("number")
    reached = frame["count"].cum_sum()
    lower, upper = (
        float(frame["number"][int((reached >= place).arg_max() or 0)])
        for place in ((total + 1) // 2, total // 2 + 1)
    )
    return (lower + upper) / 2


def plain(number: float) -> float:
    """A whole number without a point, as a document shows it."""
    number = float(number)
    return int(number) if number.is_integer() and abs(number) < 2**53 else number
