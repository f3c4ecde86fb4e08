"""What a column is taken for, as data, and the questions that are asked of its cells."""

from __future__ import annotations

from dataclasses import dataclass, replace

from ycd_opendata.inferring.cells import Cells
from ycd_opendata.inferring.notations import Notation
from ycd_opendata.messages import mark

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

    def with_doubt(self, doubt: str) -> Guess:
        """The same guess, and what is not sure about it."""
        return replace(self, doubts=(*self.doubts, doubt))


def fit(cells: Cells, notation: Notation) -> bool:
    """Whether every cell of a column is in a notation."""
    import polars as pl

    if not all(map(notation.looks_like, cells.texts.head(FIRST).to_list())):
        return False
    whole = cells.texts.alias("cell").to_frame()
    return bool(whole.select(notation.fits(pl.col("cell")).all()).item())


def whole_range(cells: Cells) -> tuple[int, int]:
    """The smallest and the largest of a column of whole numbers."""
    import polars as pl

    numbers = cells.texts.str.strip_chars().cast(pl.Int64, strict=False)
    low, high = numbers.min(), numbers.max()
    return int(low or 0), int(high or 0)  # type: ignore[arg-type]
