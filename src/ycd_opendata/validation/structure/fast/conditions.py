"""Conditions under which a cell is surely fine, as data for any executor.

A condition may be too strict: a cell that fails it is read once more with the exact reading of
its type. It must never be too lax: a cell that meets every condition of its field is valid.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, NamedTuple

Comparison = Literal["ge", "gt", "le", "lt"]

_FOURTH = "0[48]|[2468][048]|[13579][26]"
_LEAP = f"[1-9][0-9](?:{_FOURTH})|(?:[2468][048]|[13579][26])00"
DAY_OF_YEAR = (
    "(?:(?:0[1-9]|1[0-2])-(?:0[1-9]|1[0-9]|2[0-8])"
    "|(?:0[13-9]|1[0-2])-(?:29|30)|(?:0[13578]|1[02])-31)"
)
"""A pattern for a day of any year, ``MM-DD``: all but 29 February."""
DAY = f"(?:[1-9][0-9]{{3}}-{DAY_OF_YEAR}|(?:{_LEAP})-02-29)"
"""A pattern for a day of the calendar, ``YYYY-MM-DD``, from year 1000 to 9999."""

SURE_DIGITS = 15
"""Two decimal texts of at most so many digits that give the same float are the same number."""


class Bound(NamedTuple):
    """One side of an interval: the value stands in this relation to ``limit``."""

    comparison: Comparison
    limit: Decimal | str


@dataclass(frozen=True)
class Never:
    """No cell is surely fine: each distinct one has to be read exactly."""


class OneOf(NamedTuple):
    """The text is one of these."""

    texts: frozenset[str]


class Shape(NamedTuple):
    """The text matches the whole of a pattern that means the same in Python and in Rust."""

    pattern: str


class Length(NamedTuple):
    """The text has so many characters."""

    low: int | None
    high: int | None


class Whole(NamedTuple):
    """The text is a whole number in digits, perhaps in groups of three, within all bounds."""

    bounds: tuple[Bound, ...] = ()
    group: str = ""


class Number(NamedTuple):
    """The text is a finite number in digits with this decimal character, within bounds."""

    decimal_char: str = "."
    bounds: tuple[Bound, ...] = ()
    group: str = ""


class TextWithin(NamedTuple):
    """The text sorts within all bounds; meant for forms whose order is that of their texts."""

    bounds: tuple[Bound, ...]


Condition = Never | OneOf | Shape | Length | Whole | Number | TextWithin
