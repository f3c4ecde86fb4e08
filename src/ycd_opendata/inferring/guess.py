"""What a column is taken for, as data, and the questions that are asked of its cells."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ycd_opendata.inferring import words
from ycd_opendata.inferring.cells import Cells
from ycd_opendata.inferring.notations import Notation
from ycd_opendata.messages import counted, mark, say

if TYPE_CHECKING:
    import polars as pl

TEXT = Notation("string", "(?s).*", mark("text"))
ANYTHING = Notation("any", "(?s).*", mark("of several kinds"))
FIRST = 50
"""How many cells are looked at before all of them are."""


@dataclass(frozen=True)
class Guess:
    """What a column is taken for.

    ``readings`` are the notations that fit, the likeliest first; several if it is not known which
    one is meant. ``missing`` are texts that stand for no value, with the cells that have them.
    """

    cells: Cells
    readings: tuple[Notation, ...]
    missing: tuple[tuple[str, int], ...] = ()
    evidence: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()
    is_literal: bool = False

    @property
    def notation(self) -> Notation:
        """The likeliest reading."""
        return self.readings[0]

    def read_as(self, notation: Notation, evidence: str) -> Guess:
        """The same cells in another notation, for another reason."""
        return replace(self, readings=(notation,), evidence=(evidence,))

    def with_doubt(self, doubt: str) -> Guess:
        """The same guess, and what is not sure about it."""
        return replace(self, doubts=(*self.doubts, doubt))

    def lacking(self, texts: list[str], *evidence: str) -> Guess:
        """The same guess where some of the texts stand for no value."""
        missing = tuple((each, self.cells.count(self.cells.texts == each)) for each in texts)
        return replace(
            self,
            cells=self.cells.without(texts),
            missing=(*self.missing, *missing),
            evidence=(*self.evidence, *evidence),
        )


def in_notation(cells: Cells, notation: Notation) -> Guess:
    """The guess that each cell is in a notation."""
    return Guess(cells, (notation,), evidence=(said_of(notation),))


def said_of(notation: Notation) -> str:
    """The evidence for a notation that each cell is in."""
    return say("every cell is {says}", says=notation.says)


def fit(cells: Cells, notation: Notation) -> bool:
    """Whether every cell of a column is in a notation."""
    if not all(map(notation.looks_like, cells.texts.head(FIRST).to_list())):
        return False
    return bool(fitting(cells, notation).all())


def fitting(cells: Cells, notation: Notation) -> pl.Series:
    """Which texts of a column are in a notation."""
    import polars as pl

    return cells.texts.alias("cell").to_frame().select(notation.fits(pl.col("cell"))).to_series()


def whole_range(cells: Cells) -> tuple[int, int]:
    """The smallest and the largest of a column of whole numbers."""
    import polars as pl

    numbers = cells.texts.str.strip_chars().cast(pl.Int64, strict=False)
    low, high = numbers.min(), numbers.max()
    return int(low or 0), int(high or 0)  # type: ignore[arg-type]


def without_sentinel(found: Guess) -> Guess:
    """A guess on numbers, one of which may stand for no value: far outside, and again and again."""
    import polars as pl

    cells = found.cells
    numbers = cells.texts.str.strip_chars().cast(pl.Float64, strict=False)
    low, high = numbers.min(), numbers.max()
    if low in words.MISSING_NUMBERS:
        is_far, others = numbers == low, numbers.filter(numbers != low).min()
        if not isinstance(others, float) or others <= low / 5:  # type: ignore[operator]
            return found
        template = mark("{far:g} stands in {size}; all others are {others:g} or more")
    elif high in words.DOUBTFUL_NUMBERS:
        is_far, others = numbers == high, numbers.filter(numbers != high).max()
        if not isinstance(others, float) or others >= high / 5:  # type: ignore[operator]
            return found
        template = mark("{far:g} stands in {size}; all others are {others:g} or less")
    else:
        return found
    count = cells.count(is_far)
    far = low if low in words.MISSING_NUMBERS else high
    shown = say(template, far=far, size=counted(count, "cell"), others=others)
    if far == low and count > 1:
        texts = cells.texts.filter(is_far).unique().to_list()
        return found.lacking(texts, say("{shown}, so it stands for a missing value", shown=shown))
    if far == high and count < 2:
        return found
    return found.with_doubt(say("{shown}: it may stand for a missing value", shown=shown))
