"""Outcomes that may answer a target: of its region, ranked by indicator and by day."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ycd_opendata.delta.proposals.likeness import Indicator, indicators_of
from ycd_opendata.extension import Load
from ycd_opendata.loader.frames import plain_rows
from ycd_opendata.messages import mark, say, say_of
from ycd_opendata.partial_dates import last_day
from ycd_opendata.suggestion import Edit, Suggestion

if TYPE_CHECKING:
    import pandas as pd

MOST = 5
"""How many outcomes are suggested for a target."""

_LEAST = 4.0
"""Below this likeness an outcome shares little more than the unit."""

_YEARLY_BEFORE, _YEARLY_AFTER, _MOST_YEARS = 0.5, 0.3, 6
"""What each year between outcome and due day costs: an early figure says less than a late one."""

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Answer:
    """An outcome held against a target, and how well it fits."""

    target: Row
    outcome: Row
    fit: float
    years: int | None


def ranked(load: Load, assessed: frozenset[tuple[str, str]] = frozenset()) -> Iterator[Answer]:
    """The outcomes of each target's region, the best first, without the pairs in ``assessed``."""
    known = indicators_of(load("indicators"), load("units"))
    outcomes: dict[str, list[Row]] = {}
    for outcome in _usable(load("outcomes"), "outcome_id", known):
        outcomes.setdefault(outcome["region_id"], []).append(outcome)
    for target in _usable(load("targets"), "target_id", known):
        found = [
            _answer(target, each, known)
            for each in outcomes.get(target["region_id"], ())
            if (target["target_id"], each["outcome_id"]) not in assessed
        ]
        yield from sorted(found, key=lambda each: (-each.fit, each.outcome["outcome_id"]))


def _usable(frame: pd.DataFrame, key: str, known: Mapping[str, Indicator]) -> Iterator[Row]:
    """The records with an id, without which nothing refers to them, and a known indicator."""
    rows = plain_rows(frame.dropna(subset=key))
    return (each for each in rows if each["indicator_id"] in known)


def _answer(target: Row, outcome: Row, known: Mapping[str, Indicator]) -> Answer:
    mine, other = known[target["indicator_id"]], known[outcome["indicator_id"]]
    fit, years = mine.likeness(other), None
    if target["due_on"] and outcome["period_end"]:
        years = int(outcome["period_end"][:4]) - int(target["due_on"][:4])
        cost = _YEARLY_BEFORE if years < 0 else _YEARLY_AFTER
        fit -= cost * min(abs(years), _MOST_YEARS)
    return Answer(target, outcome, fit, years)


def answers(load: Load) -> Iterator[Suggestion]:
    """For each target that no outcome fully answers, those that may; the best fit first."""
    rows = plain_rows(load("assessments"))
    pairs = frozenset((each["target_id"], each["outcome_id"]) for each in rows)
    done = {each["target_id"] for each in rows if each["comparability"] == "full"}
    known = indicators_of(load("indicators"), load("units"))
    found: dict[str, list[Answer]] = {}
    for each in ranked(load, pairs):
        of_target = found.setdefault(each.target["target_id"], [])
        if each.fit >= _LEAST and len(of_target) < MOST:
            of_target.append(each)
    open_ones = [
        each for target, several in found.items() if target not in done for each in several
    ]
    for each in sorted(open_ones, key=lambda each: -each.fit):
        yield _suggestion(each, known)


def _suggestion(answer: Answer, known: Mapping[str, Indicator]) -> Suggestion:
    target, outcome = answer.target, answer.outcome
    pros, cons = _reasons(answer, known)
    is_same = target["indicator_id"] == outcome["indicator_id"]
    on_the_day = is_same and _same_day(target["due_on"], outcome["period_end"])
    cells = {"target_id": target["target_id"], "outcome_id": outcome["outcome_id"]}
    if on_the_day:
        cells |= {"comparability": "full", "bound": "exact"}
    return Suggestion(
        "outcome",
        target["target_id"],
        f"outcome:{target['target_id']}:{outcome['outcome_id']}",
        say(
            "{outcome} may answer {target}: {value} for {period}",
            target=target["target_id"],
            outcome=outcome["outcome_id"],
            value=f"{outcome['value']:.15g}",
            period=outcome["period_end"] or say("no period"),
        ),
        pros,
        cons,
        Edit("assessments", {}, cells),
        () if on_the_day else ("comparability", "reason_zh", "reason_en"),
    )


def _same_day(due_on: str | None, period_end: str | None) -> bool:
    return (
        due_on is not None and period_end is not None and last_day(due_on) == last_day(period_end)
    )


_KINDS = (
    ("id", mark("the same indicator"), mark("another indicator")),
    ("family", mark("the same family of indicators"), mark("another family of indicators")),
    ("base_unit", mark("units that convert"), mark("units that do not convert")),
    ("measure", mark("the same kind of measure"), mark("another kind of measure")),
)


def _reasons(
    answer: Answer, known: Mapping[str, Indicator]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What speaks for an answer and against it."""
    mine = known[answer.target["indicator_id"]]
    other = known[answer.outcome["indicator_id"]]
    pros, cons = [], []
    # Where the indicator is the same, so is all else.
    kinds: Sequence[tuple[str, str, str]] = _KINDS[:1] if mine.id == other.id else _KINDS
    for name, alike, different in kinds:
        if getattr(mine, name) == getattr(other, name):
            pros.append(say(alike))
        else:
            cons.append(say(different))
    years = answer.years
    if years == 0:
        pros.append(say("reported for the year in which the target is due"))
    elif years is None:
        cons.append(say("a day is not known of one of them"))
    else:
        before = say_of(
            -years,
            "reported for {number} year before the due day",
            "reported for {number} years before the due day",
        )
        after = say_of(
            years,
            "reported for {number} year after the due day",
            "reported for {number} years after the due day",
        )
        cons.append(before if years < 0 else after)
    return tuple(pros), tuple(cons)
