"""Days: of a column of partial dates the earliest and latest, and the one that a user means."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, overload

from ycd_opendata.errors import DateError
from ycd_opendata.loader.frames import plain_values
from ycd_opendata.messages import say
from ycd_opendata.partial_dates import day_bounds, last_day

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl


Day = str | datetime.date


def parse_day(day: Day) -> datetime.date:
    """The day that is meant; of a partial date, its latest.

    Raises DateError where it is no day of the calendar.
    """
    if isinstance(day, datetime.datetime):  # a pandas.Timestamp is one too
        return day.date()
    if isinstance(day, datetime.date):
        return day
    try:
        return last_day(day)
    except (TypeError, ValueError) as error:
        raise DateError(
            say("as_of {day!r} is no day", day=day),
            say('such as "2023-06-30", "2023-06", or a datetime.date'),
        ) from error


def bounds_frame(partial: pd.Series[Any]) -> pd.DataFrame:
    """``earliest`` and ``latest`` of each partial date, as dates on the same index.

    Raises ValueError where a text is no partial date.
    """
    import pandas as pd

    bounds = [day_bounds(text) if isinstance(text, str) else (None, None) for text in partial]
    return pd.DataFrame(
        {
            name: pd.to_datetime(pd.Series([pair[side] for pair in bounds], dtype=object))
            .astype("datetime64[us]")
            .set_axis(partial.index)
            for side, name in enumerate(("earliest", "latest"))
        }
    )


@overload
def date_bounds(partial: pl.Series) -> pl.DataFrame: ...


@overload
def date_bounds(partial: pd.Series[Any] | Iterable[str | None]) -> pd.DataFrame: ...


def date_bounds(
    partial: pl.Series | pd.Series[Any] | Iterable[str | None],
) -> pl.DataFrame | pd.DataFrame:
    """The earliest and the latest day that partial dates allow.

    Parameters
    ----------
    partial : pandas.Series, polars.Series or iterable of str
        Dates such as ``"2022"``, ``"2022-01"``, ``"2022-01-17"``; missing ones stay missing.

    Returns
    -------
    pandas.DataFrame or polars.DataFrame
        Columns ``earliest`` and ``latest`` of type date, in the order (and on the index) of
        the input; polars for a polars Series, pandas for everything else.

    Raises
    ------
    ValueError
        A text is no partial date.

    Examples
    --------
    >>> date_bounds(["2022-02"]).iloc[0]["latest"].date()
    datetime.date(2022, 2, 28)
    """
    import pandas as pd

    if isinstance(partial, pd.Series):
        return bounds_frame(partial)
    frame = bounds_frame(pd.Series(list(partial), dtype=object))
    if type(partial).__module__.partition(".")[0] == "polars":
        import polars as pl

        days = {str(name): plain_values(frame[name]) for name in frame}
        return pl.DataFrame(days, schema=dict.fromkeys(days, pl.Date))
    return frame
