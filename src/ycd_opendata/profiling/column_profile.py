"""What is known of the columns of a package: data that pages can show without polars."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ValueCount:
    """A value as it is written, and in how many cells it stands."""

    value: str
    count: int


@dataclass(frozen=True)
class Bar:
    """How many cells have a value from ``low`` up to ``high``, which only the last one includes."""

    low: float | str
    high: float | str
    count: int


@dataclass(frozen=True)
class ColumnProfile:
    """What the cells of a column hold.

    Attributes
    ----------
    rows, missing, distinct, invalid : int
        How many cells there are, how many have no value, how many different values there are,
        and how many cells are not of the field's type, which count for nothing else.
    low, high : float, str or None
        The range: of numbers, of days, moments, times and months; None for other types.
    mean, median, deviation : float or None
        Of numbers; the deviation is the standard deviation of the population.
    shortest, longest : int or None
        Of text: the numbers of characters.
    commonest : tuple of ValueCount
        The values that stand most often: twice at least, and where nearly every cell differs in
        one of a thousand cells.
    histogram : tuple of Bar
        Of numbers and days: bars of equal width.
    """

    name: str
    type: str
    title: str
    unit: str
    rows: int
    missing: int
    distinct: int
    invalid: int = 0
    low: float | str | None = None
    high: float | str | None = None
    mean: float | None = None
    median: float | None = None
    deviation: float | None = None
    shortest: int | None = None
    longest: int | None = None
    commonest: tuple[ValueCount, ...] = ()
    histogram: tuple[Bar, ...] = ()


@dataclass(frozen=True)
class TableProfile:
    """The columns of a table; ``unread`` says why it could not be read, if so."""

    name: str
    title: str
    rows: int
    columns: tuple[ColumnProfile, ...]
    unread: str = ""


@dataclass(frozen=True)
class PackageProfile:
    """The tables of a package."""

    name: str
    version: str
    tables: tuple[TableProfile, ...]
