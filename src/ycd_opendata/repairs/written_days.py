"""Days as people and spreadsheets write them, as dates of reduced precision.

A reading is never more precise than the text: of ``2022/5`` the month is known and no day is made
up. Where a text can mean several days, or leaves the year open, there are several readings, and
whoever asks for them has to ask on.
"""

from __future__ import annotations

import datetime
import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from ycd_opendata.partial_dates import day_bounds
from ycd_opendata.repairs.sheet_values import SheetValue, parts_of

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = "(?P<name>" + "|".join(f"{each}[a-z]*" for each in _MONTHS) + r")\.?"
_SEP = r"\s*[-/.年]\s*"
_STANDARD = re.compile("[0-9]{4}(-[0-9]{2}){0,2}|[0-9]{6}|[0-9]{8}")
_EPOCH = datetime.date(1899, 12, 30)
_SERIALS = range(20_000, 80_000)
"""Days from 1954 to 2119, counted as spreadsheets count them."""
_YEARS = range(1900, 2101)


@dataclass(frozen=True)
class Readings:
    """The dates that a text or cell may mean, as far as the field allows them.

    ``is_open`` says that it leaves a part of the year out, so that even one date is a guess;
    ``is_serial`` that it was the number of a day.
    """

    dates: tuple[str, ...] = ()
    is_open: bool = False
    is_serial: bool = False


def readings_of_text(text: str) -> Readings:
    """What a text in a column of dates may mean; no dates where it is none.

    Examples
    --------
    >>> readings_of_text("2022/5/1").dates, readings_of_text("２０２７年").dates
    (('2022-05-01',), ('2027',))
    >>> readings_of_text("May-22")
    Readings(dates=('2022-05',), is_open=True, is_serial=False)
    >>> readings_of_text("5/13/2022").dates, readings_of_text("5/1/2022").dates
    (('2022-05-13',), ('2022-05-01', '2022-01-05'))
    """
    plain = " ".join(unicodedata.normalize("NFKC", text).split()).lower()
    for pattern, read in _FORMS:
        found = re.fullmatch(pattern, plain)
        if found is None:
            continue
        # What names no day of the calendar in one of its readings is read in the other.
        dates = tuple(each for each in dict.fromkeys(read(found)) if _is_day(each))
        return Readings(dates, read in _OPEN, read is _serial)
    return Readings()


def is_of_a_spreadsheet(text: str) -> bool:
    """Whether a text is a date as spreadsheets show them, and not one that only lacks precision.

    Examples
    --------
    >>> [is_of_a_spreadsheet(each) for each in ("May-22", "2022/5/1", "44682", "2022-05", "soon")]
    [True, True, True, False, False]
    """
    return not _STANDARD.fullmatch(text) and bool(readings_of_text(text).dates)


def readings_of_value(cell: SheetValue) -> Readings:
    """What a cell that is no text may mean in a column of dates."""
    value = cell.value
    if isinstance(value, datetime.date):
        return _of_date(cell, value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return Readings()
    if value == int(value):
        number = int(value)
        if number in _YEARS:
            return Readings((str(number),))
        return _of_serial(number)
    # 2022.1 may have been 2022.10.
    year, _, month = str(Decimal(repr(value))).partition(".")
    if len(month) <= 2 and int(year) in _YEARS:
        months = [month.zfill(2), *([month + "0"] if len(month) == 1 else [])]
        dates = (f"{year}-{each}" for each in months)
        return Readings(tuple(each for each in dates if _is_day(each)))
    return Readings()


def _of_date(cell: SheetValue, value: datetime.date) -> Readings:
    day = value.strftime("%Y-%m-%d")
    parts = parts_of(cell.form)
    if cell.shown:
        if _shows_all(cell.shown, value):
            return Readings((day,))
        told = readings_of_text(cell.shown)
        is_part = not told.is_open and any(map(day.startswith, told.dates))
        return told if is_part else Readings((*told.dates, day), is_open=True)
    if {*"ymd"} <= {*parts} or (not parts and value.day != 1):
        return Readings((day,))
    if not parts:
        return Readings((day, day[:7]))
    if {*"ym"} <= {*parts}:
        return Readings((day[:7],))
    if parts == "y":
        return Readings((day[:4],))
    # The year that a program adds to "May-22" is the one in which it was typed.
    guesses = (day, f"20{day[8:]}-{day[5:7]}", day[:7])
    return Readings(guesses, is_open=True)


def _shows_all(shown: str, value: datetime.date) -> bool:
    """Whether a cell shows day, month and year, in whatever order."""
    numbers = [int(each) for each in re.findall(r"[0-9]+", shown)]
    is_named = _MONTHS[value.month - 1] in shown.lower()
    is_all = len(numbers) + is_named >= 3 and value.day in numbers
    has_year = value.year in numbers or value.year % 100 in numbers
    return is_all and has_year and (is_named or value.month in numbers)


def _of_serial(number: int) -> Readings:
    if number not in _SERIALS:
        return Readings()
    day = (_EPOCH + datetime.timedelta(days=number)).isoformat()
    # A spreadsheet makes the first day of what was typed as a month.
    return Readings((day, *([day[:7]] if day.endswith("-01") else [])), is_serial=True)


def _is_day(text: str) -> bool:
    try:
        first, _ = day_bounds(text)
    except ValueError:
        return False
    return first.year in _YEARS


Found = re.Match[str]


def _year_first(found: Found) -> Iterator[str]:
    year, *rest = (each for each in found.groups() if each)
    yield "-".join([year, *(each.zfill(2) for each in rest)])


def _year_last(found: Found) -> Iterator[str]:
    one, other, year = found.groups()
    yield f"{year}-{one.zfill(2)}-{other.zfill(2)}"
    yield f"{year}-{other.zfill(2)}-{one.zfill(2)}"


def _number_of_month(found: Found) -> str:
    return f"{_MONTHS.index(found['name'][:3]) + 1:02}"


def _named(found: Found) -> Iterator[str]:
    day = found.groupdict().get("day")
    yield f"{found['year']}-{_number_of_month(found)}" + (f"-{day.zfill(2)}" if day else "")


def _named_short(found: Found) -> Iterator[str]:
    month, (one, other) = _number_of_month(found), (found["one"], found.groupdict().get("other"))
    if other is None:
        yield f"20{one.zfill(2)}-{month}"
    else:
        yield f"20{other}-{month}-{one.zfill(2)}"
        yield f"20{one.zfill(2)}-{month}-{other}"


def _short_year(found: Found) -> Iterator[str]:
    yield from (f"20{each}" for each in _year_first(found))


def _serial(found: Found) -> Iterator[str]:
    yield from _of_serial(int(float(found[0]))).dates


_OPEN: tuple[Callable[[Found], Iterator[str]], ...] = (_named_short, _short_year)
"""Their texts leave open which century, or which of two parts is the year."""

_FORMS: tuple[tuple[str, Callable[[Found], Iterator[str]]], ...] = (
    (rf"(\d{{4}}){_SEP}(\d{{1,2}})(?:\s*[-/.月]\s*(\d{{1,2}}))?\s*[日号月]?", _year_first),
    (r"(\d{4})\s*年?", _year_first),
    (r"(\d{4})(\d{2})(\d{2})", _year_first),
    (r"(\d{4})(\d{2})", _year_first),
    (r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})[t ]0{1,2}:00(?::00(?:\.0+)?)?z?", _year_first),
    (r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})", _year_last),
    (rf"{_MONTH}[-/ ,]*(?P<year>\d{{4}})", _named),
    (rf"(?P<year>\d{{4}})[-/ ,]*{_MONTH}", _named),
    (rf"(?P<day>\d{{1,2}})(?:st|nd|rd|th)?[-/ ]*{_MONTH}[-/ ,]*(?P<year>\d{{4}})", _named),
    (rf"{_MONTH}[-/ ]*(?P<day>\d{{1,2}})(?:st|nd|rd|th)?[-/ ,]+(?P<year>\d{{4}})", _named),
    (rf"{_MONTH}[-/ ,'’]*(?P<one>\d{{2}})", _named_short),
    (rf"(?P<one>\d{{1,2}})[-/ ]*{_MONTH}", _named_short),
    (rf"(?P<one>\d{{1,2}})[-/ ]*{_MONTH}[-/ ,'’]*(?P<other>\d{{2}})", _named_short),
    (r"(\d{2})年(\d{1,2})月(?:(\d{1,2})[日号])?", _short_year),
    (r"\d{5}(?:\.0+)?", _serial),
)
"""The ways of writing that are known, the first that fits is the one.

They are compiled when they are needed: that takes longer than to read a small table.
"""
