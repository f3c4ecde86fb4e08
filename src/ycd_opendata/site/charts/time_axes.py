"""The axes of a chart over time: whole years, or months where all lies within some of them."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

ABOVE = 30
BELOW = 26

_FEW_DAYS = 200
"""Days of fewer than which the axis is one of months; with whole months around it is a year's."""

_DAYS_OF_YEARS = 360
_MONTHS_A_YEAR = 12


@dataclass(frozen=True)
class TimeSpan:
    """A year or month of the axis: its first day and its middle."""

    first: date
    middle: date


@dataclass(frozen=True)
class TimeAxes:
    """Where a day and a figure stand, in pixels; ``start`` and ``end`` are the outermost days."""

    start: date
    end: date
    bottom: float
    top: float
    left: float
    right: float
    height: int

    def x(self, day: date) -> float:
        """The place of the end of a day."""
        share = (day - self.start).days / (self.end - self.start).days
        return round(self.left + (self.right - self.left) * share, 1)

    def y(self, value: float) -> float:
        """The place of a figure."""
        share = (value - self.bottom) / (self.top - self.bottom)
        return round(self.height - BELOW - (self.height - BELOW - ABOVE) * share, 1)

    @property
    def by_month(self) -> bool:
        """Whether it is an axis of months."""
        return (self.end - self.start).days < _DAYS_OF_YEARS

    def spans(self) -> Iterator[TimeSpan]:
        """The years from start to end, or the months."""
        first, step = self.start, 1 if self.by_month else _MONTHS_A_YEAR
        while first <= self.end:
            after = _months_later(first, step)
            yield TimeSpan(first, first + (after - first) / 2)
            first = after


def outermost(days: Sequence[date]) -> tuple[date, date]:
    """The first and the last day of an axis that some days have room on."""
    first, last = min(days), max(days)
    if (last - first).days < _FEW_DAYS:
        return first.replace(day=1), _months_later(last.replace(day=1), 1) - timedelta(days=1)
    return date(first.year, 1, 1), date(last.year, 12, 31)


def _months_later(day: date, number: int) -> date:
    month = day.month - 1 + number
    return date(day.year + month // _MONTHS_A_YEAR, month % _MONTHS_A_YEAR + 1, 1)


def round_figures(low: float, high: float) -> list[float]:
    """Round figures over a range; from zero, but where all of it lies far from that."""
    if low > 0 and low < 0.6 * high:
        low = 0.0
    elif high < 0 and high > 0.6 * low:
        high = 0.0
    if low == high:
        low, high = min(low * 0.9, low * 1.1, 0.0), max(high * 0.9, high * 1.1, 1.0)
    rough = (high - low) / 4
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * each for each in (1, 2, 2.5, 5, 10) if power * each >= rough)
    first, last = math.floor(low / step), math.ceil(high / step)
    return [each * step for each in range(first, last + 1)]
