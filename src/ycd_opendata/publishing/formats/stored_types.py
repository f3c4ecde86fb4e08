"""What a column's values are kept as: by its field's type, and by what its cells turned out to be.

==========  =======================  ========================  ===========================
kind        Parquet                  SQLite                    JSON
==========  =======================  ========================  ===========================
TEXT        string                   TEXT                      string
WHOLE       int64                    INTEGER                   number
REAL        double                   REAL                      number
DIGITS      decimal128, or string    TEXT                      number with all its digits
BOOLEAN     boolean                  INTEGER                   true, false
DAY         date32                   TEXT                      string, YYYY-MM-DD
MOMENT      timestamp                TEXT                      string, YYYY-MM-DDThh:mm:ss
INSTANT     timestamp, UTC           TEXT                      the same with its offset
CLOCK       time64                   TEXT                      string, hh:mm:ss
==========  =======================  ========================  ===========================

A number is REAL where each one of its column comes back from a double with the digits that it
went in with, and DIGITS elsewhere, so that none is ever rounded. No format but Parquet has NaN
and infinity as numbers: they are the standard's words for them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

import polars as pl

from ycd_opendata.messages import say
from ycd_opendata.package.model import Field

MOST_DIGITS = 38
"""Of a decimal in Parquet: what has more is read by few, and rounded by some of them."""

NO_NUMBERS = ("NaN", "INF", "-INF")
"""What the standard calls numbers that are none of JSON's."""

_COMPARED_AS_TEXT = ("string", "any", "yearmonth")


class Kind(Enum):
    """How the values of a column are kept."""

    TEXT = "text"
    WHOLE = "whole"
    REAL = "real"
    DIGITS = "digits"
    BOOLEAN = "boolean"
    DAY = "day"
    MOMENT = "moment"
    INSTANT = "instant"
    CLOCK = "clock"


@dataclass(frozen=True)
class Column:
    """A field, the texts that are no value in it, and what its values are kept as.

    ``digits`` and ``decimals`` are how many a number of kind DIGITS has at most, in all and
    behind the point; ``has_no_numbers`` says that some are NaN or infinite; ``is_mixed`` that
    moments have an offset from UTC in some cells only.
    """

    field: Field
    missing: tuple[str, ...]
    kind: Kind
    digits: int = 0
    decimals: int = 0
    has_no_numbers: bool = False
    is_mixed: bool = False

    @property
    def name(self) -> str:
        """The field's name."""
        return self.field.name

    @property
    def is_decimal(self) -> bool:
        """Whether the values fit a decimal of Parquet."""
        return self.kind is Kind.DIGITS and self.digits <= MOST_DIGITS and not self.has_no_numbers

    @property
    def is_compared(self) -> bool:
        """Whether two of its values are equal where SQLite takes them to be, and only there."""
        if self.kind is Kind.TEXT:
            return self.field.type in _COMPARED_AS_TEXT
        return self.kind in (Kind.WHOLE, Kind.REAL, Kind.BOOLEAN, Kind.DAY)

    @property
    def dtype(self) -> pl.DataType | type[pl.DataType]:
        """The polars type; digits are text of their own, the literal of a JSON number."""
        types: dict[Kind, pl.DataType | type[pl.DataType]] = {
            Kind.WHOLE: pl.Int64,
            Kind.REAL: pl.Float64,
            Kind.BOOLEAN: pl.Boolean,
            Kind.DAY: pl.Date,
            Kind.MOMENT: pl.Datetime("us"),
            Kind.INSTANT: pl.Datetime("us", "UTC"),
            Kind.CLOCK: pl.Time,
        }
        return types.get(self.kind, pl.String)

    def notes(self) -> Iterator[str]:
        """What a reader of the release has to know of the column, in a sentence each."""
        if self.kind is Kind.DIGITS:
            yield say(
                "has numbers of more digits than a double holds; none is rounded: they are "
                "{parquet} in Parquet, text in SQLite and, beyond 15 digits, in the workbook. "
                "JSON has every digit, but JavaScript and others read it as a double",
                parquet=say("a decimal") if self.is_decimal else say("text"),
            )
        if self.has_no_numbers:
            yield say(
                "has NaN or infinite numbers, which are text in JSON, SQLite and the workbook: "
                "{words}",
                words=", ".join(NO_NUMBERS),
            )
        if self.is_mixed:
            yield say("has an offset from UTC in some cells only, so Parquet has it as text")
        elif self.kind is Kind.TEXT and self.field.type == "time":
            yield say("has times with an offset from UTC, so Parquet has them as text")
