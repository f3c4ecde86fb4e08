"""What a column is: every notation that fits all its cells, and the evidence.

Only what holds for every cell is taken for sure. Cells that do not fit are missing values where
there is evidence for that; else the column stays text, and what it nearly is becomes a doubt.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace

import polars as pl

from ycd_opendata.inferring import notations, words
from ycd_opendata.inferring.cells import Cells
from ycd_opendata.inferring.guess import (
    ANYTHING,
    FIRST,
    TEXT,
    Guess,
    fit,
    fitting,
    in_notation,
    judged,
    whole_range,
    without_sentinel,
)
from ycd_opendata.inferring.notations import Notation
from ycd_opendata.messages import counted, mark, say
from ycd_opendata.shown import visible

_SAMPLE = 400
_MOST_ODD = 12
_NEARLY = 0.9
_FEW = 3
_LONGEST_WORD = 12


def guess(cells: Cells) -> Guess:
    """What a column is, from its cells and its name."""
    if not cells.filled:
        return Guess(cells, (TEXT,), doubts=(say("every cell is empty: its type is not known"),))
    if cells.kind != "text":
        return _typed(cells)
    near: list[str] = []
    for notation in _candidates(cells):
        found = _in_notation(cells, notation, near)
        if found is not None:
            return judged(found)
    return _text(cells, near)


def _candidates(cells: Cells) -> Iterator[Notation]:
    """The notations that some of the first cells are in, the narrower ones first."""
    sample = cells.texts.head(_SAMPLE)
    usual = sample.filter(~sample.is_in(list(words.MISSING_WORDS)))
    if not len(usual):
        usual = sample
    boolean = _boolean(cells, usual)
    if boolean is not None:
        yield boolean
    texts = usual.head(FIRST).to_list()
    known = (notations.WHOLE, notations.NUMBER, notations.YEARMONTH, *notations.DAYS)
    every = (*known, *notations.MOMENTS, *notations.TIMES, *notations.number_notations(texts))
    if not any(any(character.isdigit() for character in each) for each in texts):
        return
    for notation in every:
        if notation.looks_like_most(texts):
            yield notation


def _boolean(cells: Cells, usual: pl.Series) -> Notation | None:
    """The words for true and false that a column has, if it has no others."""
    found = {*usual.unique().to_list()} if cells.counts is not None else set()
    lowered = {each.lower() for each in found}
    if not found or len(lowered) > 2 or len(found) > 6:
        return None
    for yes, no in notations.BOOLEAN_WORDS:
        if not lowered <= {yes, no}:
            continue
        is_short = len(yes) == 1 or (yes, no) in (("on", "off"), ("yes", "no"))
        if len(lowered) == 1 and is_short and not words.is_flag_name(cells.name):
            return None
        true = sorted(each for each in found if each.lower() == yes)
        false = sorted(each for each in found if each.lower() == no)
        properties = {}
        if not {*true} <= {"true", "True", "TRUE"} or not {*false} <= {"false", "False", "FALSE"}:
            properties = {"trueValues": true or [_alike(yes, false)]}
            properties["falseValues"] = false or [_alike(no, true)]
        said = say(" or ").join(visible(each) for each in (*true, *false))
        shape = "|".join((*true, *false))
        return Notation("boolean", shape, said, properties)
    if found == {"0", "1"} and words.is_flag_name(cells.name):
        return Notation("boolean", "0|1", mark("1 or 0"))
    return None


def _alike(word: str, others: Sequence[str]) -> str:
    """A word in capitals or small letters as another one is written."""
    other = others[0]
    return word.upper() if other.isupper() else word.title() if other.istitle() else word


def _in_notation(cells: Cells, notation: Notation, near: list[str]) -> Guess | None:
    """The guess that a column is in a notation; None, and a word on it, if it is not."""
    if zeros := _leading_zeros(cells, notation):
        return Guess(cells, (TEXT,), evidence=(zeros,))
    fits = fitting(cells, notation)
    odd = cells.texts.filter(~fits)
    if not len(odd):
        return in_notation(cells, notation)
    number = cells.count(~fits)
    listed = odd.unique(maintain_order=True).head(_MOST_ODD + 1).to_list()
    strange = [each for each in listed if each.strip() not in words.MISSING_WORDS]
    shown = ", ".join(repr(visible(each[:30])) for each in listed[:_FEW])
    size = counted(number, "cell")
    doubts: tuple[str, ...] = ()
    if len(listed) <= _MOST_ODD:
        if len(strange) == 1 and fits.sum() >= _FEW:
            is_again = number - len(listed) + 1 >= 2 and number * 2 <= cells.filled
            is_word = len(strange[0]) <= _LONGEST_WORD and not any(map(str.isdigit, strange[0]))
            if is_again and is_word:
                says = mark("{strange!r} is taken for a missing value: nothing else is text")
                doubts = (say(says, strange=strange.pop()),)
        if not strange:
            if zeros := _leading_zeros(cells.without(listed), notation):
                return Guess(cells.without(listed), (TEXT,), evidence=(zeros,))
            says = say("every cell is {says}, apart from {shown} in {size}",
                       says=notation.says, shown=shown, size=size)  # fmt: skip
            return Guess(cells, (notation,), doubts=doubts).lacking(listed, says)
    # One text alone among many others is likely to stand for nothing.
    if number <= cells.filled * (1 - _NEARLY) or len(strange) == 1:
        near.append(
            say("every cell is {says}, apart from {size} such as {shown}: "
                "mend them, or declare them as missing",
                says=notation.says, size=size, shown=shown)
        )  # fmt: skip
    return None


def _leading_zeros(cells: Cells, notation: Notation) -> str:
    """Why plain numbers are none: some have leading zeros; "" where none has."""
    if notation not in (notations.WHOLE, notations.NUMBER):
        return ""
    with_zero = cells.texts.str.contains(notations.LEADING_ZERO)
    if not with_zero.any():
        return ""
    example, size = cells.texts.filter(with_zero)[0], counted(cells.count(with_zero), "cell")
    template = mark("digits with leading zeros, such as {example}, in {size}")
    return say(template, example=example, size=size)


def _typed(cells: Cells) -> Guess:
    """A column to whose cells the file gives a type."""
    if cells.kind == "mixed":
        return Guess(cells, (ANYTHING,), doubts=(say("its cells are of several types"),))
    odd = sorted(cells.exceptions)
    if not {*odd} <= words.MISSING_WORDS:
        doubt = say(
            "most cells are of type {kind}, some are texts such as {shown}",
            kind=cells.kind,
            shown=", ".join(map(repr, odd[:_FEW])),
        )
        return Guess(cells, (ANYTHING,), doubts=(doubt,))
    says = say("the file gives its cells the type {kind}", kind=cells.kind)
    found = Guess(cells, (Notation(cells.kind, "", says),), evidence=(says,)).lacking(odd)
    is_full = not found.cells.empty and not odd
    if cells.kind == "integer" and words.is_year_name(cells.name) and is_full:
        low, high = whole_range(cells)
        if low >= 1000 and high <= 2100:
            says = say("every cell is a year, from {low} to {high}", low=low, high=high)
            return found.read_as(notations.YEAR, says)
    return without_sentinel(found) if cells.kind in ("integer", "number") else found


def _text(cells: Cells, near: Sequence[str]) -> Guess:
    """What is no other type: text, perhaps of one of the standard's formats."""
    few = cells.texts.head(_FEW).to_list()

    def is_all(notation: Notation) -> bool:
        return all(map(notation.looks_like, few)) and fit(cells, notation)

    for notation in notations.TEXT_FORMATS:
        if len(few) >= _FEW and is_all(notation):
            return in_notation(cells, notation)
    if str(cells.texts[0]).lstrip()[:1] in ("{", "[") and (kind := _json_kind(cells)):
        return in_notation(cells, Notation(kind, "", "JSON"))
    if is_all(Notation("string", notations.PARTIAL_DATE, "")):
        says = say("years, months and days as precise as they are known")
        return Guess(cells, (TEXT,), evidence=(says,))
    found = Guess(cells, (TEXT,), doubts=tuple(near[:1]))
    if any(is_all(Notation("string", shape, "")) for shape in notations.MONTHS_OF_NO_TYPE):
        says = say("months in a notation that the standard's yearmonth does not have")
        found = found.read_as(TEXT, says)
    texts = cells.texts.head(FIRST).to_list()
    named = [each.day for each in notations.DAYS if any(map(each.looks_like, texts))]
    if all(any(each.looks_like(text) for each in notations.DAYS) for text in texts):
        template = mark("days in several notations ({named}): make them one")
        found = replace(found, doubts=(say(template, named=", ".join(named)),))
    return found


def _json_kind(cells: Cells) -> str:
    """Whether every cell is an object of JSON, or an array; "" where it is neither."""
    kinds = set()
    for each in cells.distinct.to_list():
        try:
            kinds.add(type(json.loads(each)))
        except ValueError:
            return ""
    return "object" if kinds == {dict} else "array" if kinds == {list} else ""
