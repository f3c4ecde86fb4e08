"""What a column is taken for, and a guess in the light of the column's name and course."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import polars as pl

from ycd_opendata.inferring import notations, words
from ycd_opendata.inferring.cells import Cells
from ycd_opendata.inferring.notations import Notation
from ycd_opendata.messages import counted, mark, say

TEXT = Notation("string", "(?s).*", mark("text"))
ANYTHING = Notation("any", "(?s).*", mark("of several kinds"))
FIRST = 50
"""How many cells are looked at before all of them are."""

_FEW = 2


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
    return cells.texts.alias("cell").to_frame().select(notation.fits(pl.col("cell"))).to_series()


def whole_range(cells: Cells) -> tuple[int, int]:
    """The smallest and the largest of a column of whole numbers."""
    numbers = cells.texts.str.strip_chars().cast(pl.Int64, strict=False)
    low, high = numbers.min(), numbers.max()
    return int(low or 0), int(high or 0)  # type: ignore[arg-type]


def without_sentinel(found: Guess) -> Guess:
    """A guess on numbers, one of which may stand for no value: far outside, and again and again."""
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


def judged(found: Guess) -> Guess:
    """A guess in the light of the column's name, and of other readings of the same cells."""
    notation = found.notation
    match notation.type:
        case "integer" if not notation.properties:
            return _whole(found)
        case "number" if not notation.properties:
            return without_sentinel(_thousands(found))
        case "yearmonth":
            return _season(found)
        case "date" | "datetime":
            return replace(found, readings=tuple(_same_days(found)))
        case "number":
            return _whole_numbers(replace(found, readings=tuple(_same_numbers(found))))
        case "boolean" if len(notation.shape.split("|")) == 1:
            return found.with_doubt(say("{says} is the only value", says=notation.says))
    return found


def _whole(found: Guess) -> Guess:
    """Whole numbers that may be years, days, codes or truth values."""
    cells = found.cells
    name, low, high = cells.name, *whole_range(cells)
    maybe_number = say("it may be a number")
    if words.is_code_name(name):
        says = say("digits that its name says to be a code, not a number")
        return replace(found.read_as(TEXT, says), doubts=(maybe_number,))
    if low >= 1000 and high <= 2100 and fit(cells, notations.YEAR):
        years = say("every cell is a year, from {low} to {high}", low=low, high=high)
        if words.is_year_name(name):
            return found.read_as(notations.YEAR, years)
        if low >= 1900 and cells.distinct.len() > _FEW and not words.is_key_name(name):
            return found.read_as(notations.YEAR, years).with_doubt(maybe_number)
        if low >= 1500 and cells.distinct.len() > 1:
            return found.with_doubt(say("every cell looks like a year"))
    if low >= 19000101 and high <= 21001231 and fit(cells, notations.COMPACT_DAY):
        guessed = found.read_as(notations.COMPACT_DAY, said_of(notations.COMPACT_DAY))
        return guessed if words.is_date_name(name) else guessed.with_doubt(maybe_number)
    if (low, high) == (0, 1) and cells.rows > 2:
        return found.with_doubt(say("0 and 1 may stand for false and true"))
    return without_sentinel(found)


def _thousands(found: Guess) -> Guess:
    """Numbers such as 1.234 that may be decimals or whole ones with groups of digits."""
    grouped = notations.punctuated("number", ".", ",", None)
    if fit(found.cells, grouped) and found.cells.texts.str.contains(".", literal=True).any():
        return replace(found, readings=(*found.readings, grouped))
    return found


def _season(found: Guess) -> Guess:
    """What looks like a month may be a pair of years, such as 2010-11."""
    cell = pl.col("cell")
    first = cell.str.slice(2, 2).cast(pl.Int64)
    second = cell.str.slice(5, 2).cast(pl.Int64)
    frame = found.cells.texts.alias("cell").to_frame()
    if not frame.select((second == (first + 1) % 100).all()).item():
        return found
    if found.cells.distinct.len() > 1:
        return found.read_as(TEXT, say("pairs of years, such as 2010-11"))
    return found.with_doubt(say("it may be a pair of years"))


def _same_days(found: Guess) -> Iterable[Notation]:
    """The other orders of day and month that fit the same cells."""
    notation = found.notation
    family = notations.DAYS if notation.type == "date" else notations.MOMENTS
    yield notation
    for other in family:
        if other is not notation and other.shape == notation.shape and fit(found.cells, other):
            yield other


def _same_numbers(found: Guess) -> Iterable[Notation]:
    """The other punctuations that fit the same cells."""
    yield found.notation
    for other in notations.number_notations(found.cells.texts.head(FIRST).to_list()):
        if other.type == "number" and other != found.notation and fit(found.cells, other):
            yield other


def _whole_numbers(found: Guess) -> Guess:
    """A word on whole numbers with groups of digits."""
    point = found.notation.properties.get("decimalChar", ".")
    if found.cells.texts.str.contains(point, literal=True).any() or len(found.readings) > 1:
        return found
    says = say("all of them are whole; older programs know groups of digits in numbers only")
    return replace(found, evidence=(*found.evidence, says))
