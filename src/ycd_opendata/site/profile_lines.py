"""What the cells of a column hold, as the codebook says and draws it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ycd_opendata.profiling.column_profile import Bar, ColumnProfile
from ycd_opendata.profiling.profile_texts import share_of
from ycd_opendata.site.wording import Wording

_HEIGHT, _WIDTH, _STEP = 16, 6, 7


@dataclass(frozen=True)
class ProfileLine:
    """A column in a few words, and its histogram: the path of its bars, and what it shows.

    Both are empty where there is none.
    """

    words: str
    bars: str = ""
    alternative: str = ""


def profile_line(wording: Wording, column: ColumnProfile, *, is_code: bool) -> ProfileLine:
    """The line of a column; without words where it has no cell.

    Numbers that say which, and not how much, have no histogram, and no commas in them.
    """
    if column.rows == column.missing:
        return ProfileLine(wording.text("codebook.all_missing") if column.rows else "")
    words = wording.text("codebook.and").join(_said(wording, column, is_code))
    if not column.histogram or is_code:
        return ProfileLine(words)
    low, high = (_shown(wording, each, False) for each in (column.low, column.high))
    counts = ", ".join(wording.number(each.count) for each in column.histogram)
    alternative = wording.text("codebook.histogram", low=low, high=high, counts=counts)
    return ProfileLine(words, _path(column.histogram), alternative)


def _said(wording: Wording, column: ColumnProfile, is_code: bool) -> Iterator[str]:
    if column.low is not None and column.high is not None:
        low, high = (_shown(wording, each, is_code) for each in (column.low, column.high))
        yield low if low == high else wording.text("codebook.range", low=low, high=high)
    if column.distinct == column.rows and column.rows > 1:
        yield wording.text("codebook.all_different")
    else:
        yield wording.text(
            "codebook.one_value" if column.distinct == 1 else "codebook.distinct",
            count=wording.number(column.distinct),
        )
    if column.missing:
        share = share_of(column.missing, column.rows)
        yield wording.text("codebook.missing", count=wording.number(column.missing), share=share)


def _shown(wording: Wording, value: float | str | None, is_code: bool) -> str:
    if isinstance(value, str):
        return wording.date(value)
    text = f"{value:.6g}" if isinstance(value, float) else str(value)
    return text if is_code else wording.amount(text)


def _path(histogram: tuple[Bar, ...]) -> str:
    """Bars side by side; one that is not empty has a height that can be seen."""
    highest = max(each.count for each in histogram)
    bars = []
    for at, each in enumerate(histogram):
        if each.count:
            height = max(round(_HEIGHT * each.count / highest), 1)
            bars.append(f"M{at * _STEP} {_HEIGHT}v-{height}h{_WIDTH}V{_HEIGHT}z")
    return "".join(bars)
