"""Patterns for numbers and days within bounds, which Python and Rust read alike.

They may leave some out: what a pattern does not match is looked at otherwise.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from decimal import Decimal

from ycd_opendata.validation.structure.fast.planning.conditions import (
    DAY,
    DAY_OF_YEAR,
    YEARMONTH,
    Bound,
    Condition,
    Length,
    Number,
    Shape,
    TextWithin,
    Whole,
)

_LARGEST = 10**18 - 1
_LEAP_YEARS = range(1904, 2100, 4)


def shape_of(conditions: Sequence[Condition]) -> str | None:
    """A pattern of which each text meets the conditions; None where there is none."""
    match conditions:
        case (Whole(bounds),) | (Length(4, 4), Whole(bounds)):
            low, high = _limits(bounds)
            return whole_numbers(low, high if len(conditions) == 1 else min(high, 9999))
        case (Number(point, bounds),):
            return _number("\\." if point == "." else point, bounds)
        case (Shape(pattern),):
            return pattern
        case (Shape(pattern), TextWithin(bounds)) if DAY in pattern or pattern == YEARMONTH:
            return _within_years(pattern, bounds)
    return None


def _limits(bounds: Sequence[Bound]) -> tuple[int, int]:
    """The least and the largest whole number within bounds, as far as numbers are short."""
    low, high = -_LARGEST, _LARGEST
    for comparison, limit in bounds:
        number = Decimal(limit)
        if comparison == "ge":
            low = max(low, math.ceil(number))
        elif comparison == "gt":
            low = max(low, math.floor(number) + 1)
        elif comparison == "le":
            high = min(high, math.floor(number))
        else:
            high = min(high, math.ceil(number) - 1)
    return low, high


def _number(point: str, bounds: Sequence[Bound]) -> str | None:
    """Numbers within bounds, but for some that are beside one."""
    low, high = _limits(bounds)
    # Between two neighbours that are both within them.
    limits = [(name[0], Decimal(limit)) for name, limit in bounds]
    upper = min((math.floor(limit) for side, limit in limits if side == "l"), default=_LARGEST)
    lower = max((math.ceil(limit) for side, limit in limits if side == "g"), default=-_LARGEST)
    fraction = f"{point}[0-9]+"
    ways = [
        whole_numbers(low, high),
        _joined(whole_numbers(max(low, 0), upper - 1), fraction),
        _joined("-", whole_numbers(max(-high, 0), -lower - 1), fraction),
    ]
    return either(ways)


def _joined(*parts: str | None) -> str | None:
    return None if None in parts else "".join(each or "" for each in parts)


def either(ways: Iterable[str | None]) -> str | None:
    """A pattern for what one of several matches; None where there is none of them."""
    found = [each for each in ways if each is not None]
    return f"(?:{'|'.join(found)})" if found else None


def _within_years(shape: str, bounds: Sequence[Bound]) -> str | None:
    """Days, moments or months of the years that are wholly within bounds."""
    low, high = 1000, 9999
    for comparison, limit in bounds:
        text = str(limit)
        year = int(text[:4])
        if comparison in ("ge", "gt"):
            is_whole = comparison == "ge" and text[4:] in ("-01-01", "-01")
            low = max(low, year + (not is_whole))
        else:
            high = min(high, year - (comparison != "le" or text[4:] != "-12-31"))
    years = whole_numbers(low, high)
    if years is None:
        return None
    if DAY in shape:
        leap = [f"(?:{each})-02-29" for each in _LEAP_YEARS if low <= each <= high]
        return shape.replace(DAY, f"(?:{'|'.join([f'{years}-{DAY_OF_YEAR}', *leap])})")
    return years + shape.removeprefix("[0-9]{4}")


def whole_numbers(low: int, high: int) -> str | None:
    """The whole numbers from one to another, without needless zeros; None if there is none."""
    ways: list[str | None] = []
    if low < 0:
        ways.append(_joined("-", whole_numbers(max(-high, 1), -low)))
    full = []
    for size in range(len(str(max(low, 0))), len(str(max(high, 0))) + 1):
        least, most = (10 ** (size - 1) if size > 1 else 0), 10**size - 1
        if low <= least and high >= most and size > 1:
            full.append(size)
        elif max(low, least) <= min(high, most):
            ways.append(_between(str(max(low, least)), str(min(high, most))))
    if full:
        ways.append(f"[1-9][0-9]{{{full[0] - 1},{full[-1] - 1}}}")
    return either(ways)


def _between(low: str, high: str) -> str:
    """The numbers from one to another that has as many digits."""
    if not low:
        return ""
    rest, first, last = len(low) - 1, int(low[0]), int(high[0])
    if first == last:
        return low[0] + _between(low[1:], high[1:])
    ways = []
    if low[1:].strip("0"):
        ways.append(low[0] + _between(low[1:], "9" * rest))
        first += 1
    if high[1:].strip("9"):
        ways.append(high[0] + _between("0" * rest, high[1:]))
        last -= 1
    if first <= last:
        ways.append(f"[{first}-{last}]" + (f"[0-9]{{{rest}}}" if rest else ""))
    return f"(?:{'|'.join(ways)})"
