"""The period that a figure is for: its days, its kind, and what it is called.

A half-year is no year and a month no quarter, so figures of different kinds of period are never
put side by side without saying so.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from ycd_opendata.partial_dates import first_day, last_day

KINDS = ("year", "half", "quarter", "month", "day", "other")
"""The kinds of period; ``other`` is any other span, such as three quarters or five years."""

_BY_LENGTH = {4: "year", 7: "month", 10: "day"}
_BY_MONTHS = {1: "month", 3: "quarter", 6: "half", 12: "year"}


@dataclass(frozen=True)
class Period:
    """The days from ``first`` to ``last``, their kind and name, such as ``2025-H1``."""

    first: datetime.date
    last: datetime.date
    kind: str
    name: str


def period_of(start: str | None, end: str | None) -> Period | None:
    """The period between two partial dates; None without an end.

    Without a start, the end alone says it: ``2022`` is that year, ``2022-06`` that month.

    Examples
    --------
    >>> period_of("2025-01", "2025-06").name
    '2025-H1'
    """
    if end is None:
        return None
    if start is None:
        return Period(first_day(end), last_day(end), _BY_LENGTH[len(end)], end)
    first, last = first_day(start), last_day(end)
    if first == last:
        return Period(first, last, "day", first.isoformat())
    months = 12 * (last.year - first.year) + last.month - first.month + 1
    whole = first.day == 1 and (last + datetime.timedelta(days=1)).day == 1
    kind = _BY_MONTHS.get(months, "other") if whole else "other"
    if kind == "other" or (first.month - 1) % months:
        return Period(first, last, "other", f"{start}/{end}")
    part = (first.month - 1) // months + 1
    name = {
        "year": f"{first.year}",
        "half": f"{first.year}-H{part}",
        "quarter": f"{first.year}-Q{part}",
        "month": f"{first.year}-{first.month:02}",
    }[kind]
    return Period(first, last, kind, name)
