"""Numbers that stand for a missing value, such as -999."""

from __future__ import annotations

from dataclasses import replace

from ycd_opendata.inferring import words
from ycd_opendata.inferring.guess import Guess
from ycd_opendata.messages import counted, say


def without_sentinel(found: Guess) -> Guess:
    """A number far outside of all others that stands again and again, such as -999."""
    import polars as pl

    cells = found.cells
    numbers = cells.texts.str.strip_chars().cast(pl.Float64, strict=False)
    low, high = _float(numbers.min()), _float(numbers.max())
    if low is not None and low in words.MISSING_NUMBERS:
        is_low = numbers == low
        count, others = cells.count(is_low), _float(numbers.filter(~is_low).min())
        if others is None or others <= low / 5:
            return found
        shown = say(
            "{low:g} stands in {size}; all others are {others:g} or more",
            low=low,
            size=counted(count, "cell"),
            others=others,
        )
        if count < 2:
            return found.with_doubt(say("{shown}: it may stand for a missing value", shown=shown))
        texts = cells.texts.filter(is_low).unique().to_list()
        missing = tuple((each, cells.count(cells.texts == each)) for each in texts)
        says = (*found.evidence, say("{shown}, so it stands for a missing value", shown=shown))
        missing = (*found.missing, *missing)
        return replace(found, cells=cells.without(texts), missing=missing, evidence=says)
    if high is not None and high in words.DOUBTFUL_NUMBERS:
        is_high = numbers == high
        count, others = cells.count(is_high), _float(numbers.filter(~is_high).max())
        if count >= 2 and others is not None and others < high / 5:
            shown = say(
                "{high:g} stands in {size}; all others are {others:g} or less",
                high=high,
                size=counted(count, "cell"),
                others=others,
            )
            return found.with_doubt(say("{shown}: it may stand for a missing value", shown=shown))
    return found


def _float(number: object) -> float | None:
    return float(number) if isinstance(number, int | float) else None
