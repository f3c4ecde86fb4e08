"""Dates of reduced precision: ``2022``, ``2022-01``, ``2022-01-17`` (ISO 8601).

A source that says "in 2022" gives no month and no day, and none is made up. What can be said is
the earliest and the latest day that the text allows.
"""

from __future__ import annotations

import calendar
import datetime
import re

from ycd_opendata.messages import say

_PARTIAL_DATE = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")


def day_bounds(text: str) -> tuple[datetime.date, datetime.date]:
    """The earliest and the latest day of one partial date.

    Raises ValueError where the text is no partial date, or names a day that the calendar does not
    have.

    Examples
    --------
    >>> day_bounds("2022-02")
    (datetime.date(2022, 2, 1), datetime.date(2022, 2, 28))
    """
    match = _PARTIAL_DATE.fullmatch(text)
    if match is None:
        raise ValueError(
            say("{text!r} is no partial date (YYYY, YYYY-MM or YYYY-MM-DD)", text=text)
        )
    year = int(match[1])
    if match[2] is None:
        return datetime.date(year, 1, 1), datetime.date(year, 12, 31)
    month = int(match[2])
    if match[3] is None:
        first = datetime.date(year, month, 1)
        return first, first.replace(day=calendar.monthrange(year, month)[1])
    day = datetime.date(year, month, int(match[3]))
    return day, day


def first_day(text: str) -> datetime.date:
    """The earliest day of one partial date; errors as in ``day_bounds``."""
    return day_bounds(text)[0]


def last_day(text: str) -> datetime.date:
    """The latest day of one partial date; errors as in ``day_bounds``."""
    return day_bounds(text)[1]
