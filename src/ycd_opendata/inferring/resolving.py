"""Which of several readings is meant: what other columns, and the column's own course, say.

``01/02/2023`` may be a day of January or February, ``1,234`` more or less than two.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import polars as pl

from ycd_opendata.inferring.guess import Guess, said_of
from ycd_opendata.inferring.notations import Notation
from ycd_opendata.inferring.tables import Table
from ycd_opendata.messages import mark, say


def resolved(tables: Sequence[Table]) -> list[Table]:
    """The tables with one reading a column, and a doubt where nothing decides."""
    every = [each for table in tables for each in table.guesses.values()]
    orders = {_order(each.notation) for each in every if len(each.readings) == 1} - {""}
    done = []
    for table in tables:
        own = {_order(each.notation) for each in table.guesses.values() if len(each.readings) == 1}
        near = own - {""} or orders
        point = _point(table)
        for name, found in table.guesses.items():
            if len(found.readings) > 1:
                is_number = found.notation.type == "number"
                better = (
                    _number(found, point) if is_number else _day(table, name, found, near, point)
                )
                table = table.with_guess(name, better)
        done.append(table)
    return done


def _order(notation: Notation) -> str:
    """Whether day or month comes first in a notation of days, "" where it starts with the year."""
    day = notation.day.replace("-", "").replace("/", "").replace(".", "")
    return {"%d%m": "day", "%m%d": "month"}.get(day[:4], "")


def _point(table: Table) -> str:
    """The decimal character of a table, as its other columns and its delimiter say it, or ""."""
    numbers = [
        each
        for each in table.guesses.values()
        if each.notation.type == "number" and each.cells.kind == "text" and len(each.readings) == 1
    ]
    points = {each.notation.properties.get("decimalChar", ".") for each in numbers}
    if len(points) == 1:
        return str(points.pop())
    is_semicolon = table.source.properties.get("dialect", {}).get("delimiter") == ";"
    return "," if is_semicolon and not points else ""


def _number(found: Guess, point: str) -> Guess:
    """Numbers whose comma or point may stand before decimals or between groups."""
    chosen = next(
        (each for each in found.readings if each.properties.get("decimalChar", ".") == point), None
    )
    if chosen is None:
        # Without a word on it: a comma before three digits groups, a point does not.
        grouped = (each for each in found.readings if each.properties.get("groupChar") == ",")
        return _doubted(found, next(grouped, found.notation))
    reason = mark("{evidence}; the table's decimal character is {point!r}")
    evidence = found.evidence[-1] if chosen is found.notation else said_of(chosen)
    says = (*found.evidence[:-1], say(reason, evidence=evidence, point=point))
    decided = replace(found, readings=(chosen,), evidence=says)
    return decided.with_doubt(_other(found, chosen)) if chosen.properties else decided


def _other(found: Guess, chosen: Notation) -> str:
    others = [each for each in found.readings if each is not chosen]
    return say("it may be {says}", says=say(" or ").join(each.says for each in others))


def _doubted(found: Guess, chosen: Notation, reason: str = "") -> Guess:
    """The guess with one of its readings, for a reason that leaves a doubt, or for none."""
    decided = replace(found, readings=(chosen,))
    if reason:
        says = say("every cell is {says}; {reason}", says=chosen.says, reason=reason)
        decided = found.read_as(chosen, says)
    return decided.with_doubt(_other(found, chosen))


def _day(table: Table, name: str, found: Guess, orders: set[str], point: str) -> Guess:
    """Days whose first two numbers may be day and month or month and day."""
    by_order = {_order(each): each for each in reversed(found.readings)}
    if len(orders) == 1 and (order := next(iter(orders))) in by_order:
        reason = say("other columns have the {order} first, too", order=order)
        return _doubted(found, by_order[order], reason)
    for reason, chosen in _by_course(table.texts(name), found.readings):
        return _doubted(found, chosen, reason)
    first = "day" if point == "," else _order(found.notation)
    return _doubted(found, by_order.get(first, found.notation))


def _by_course(texts: pl.Series, readings: Sequence[Notation]) -> Iterator[tuple[str, Notation]]:
    """Which reading makes the course of a column's days the plainer one, and why."""
    texts = texts.drop_nulls()
    parsed = [(each, _days(texts, each)) for each in readings]
    sorted_ = [
        each
        for each, days in parsed
        if days.n_unique() > 2 and (days.is_sorted() or days.is_sorted(descending=True))
    ]
    if len(sorted_) == 1:
        yield say("so the days stand in order"), sorted_[0]
    first = [each for each, days in parsed if (days.dt.day() == 1).all()]
    if len(first) == 1 and texts.n_unique() > 2:
        yield say("so each is the first of a month"), first[0]


def _days(texts: pl.Series, notation: Notation) -> pl.Series:
    day = texts.str.extract(f"^{notation.shape}", 1)
    return day.str.to_date(notation.day, strict=False)
