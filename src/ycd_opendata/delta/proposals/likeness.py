"""How much two indicators are alike, and those that are so alike that they may be one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from typing import TYPE_CHECKING

from ycd_opendata.extension import Load
from ycd_opendata.loader.frames import plain_rows
from ycd_opendata.messages import say
from ycd_opendata.suggestion import Suggestion

if TYPE_CHECKING:
    import pandas as pd

_ALIKE = 0.75
"""From which part of the name on two indicators of one unit look alike."""


@dataclass(frozen=True)
class Indicator:
    """What of an indicator tells whether another one is the same thing.

    ``base_unit`` is the unit that its unit is a multiple of, or the unit itself.
    """

    id: str
    family: str
    domain: str
    name: str
    base_unit: str
    measure: str
    scope: str

    @cached_property
    def pairs(self) -> frozenset[str]:
        """The pairs of characters that stand side by side in the Chinese name."""
        text = "".join(filter(str.isalnum, self.name))
        return frozenset(text[at : at + 2] for at in range(len(text) - 1))

    def shares_name(self, other: Indicator) -> float:
        """The part of the shorter name that the other one has too, from 0 to 1."""
        fewest = min(len(self.pairs), len(other.pairs))
        return len(self.pairs & other.pairs) / fewest if fewest else 0.0

    def likeness(self, other: Indicator) -> float:
        """How much it is like another one, from 0; two that are the same get at least 6."""
        return (
            6.0 * (self.id == other.id)
            + 2.0 * (self.family == other.family)
            + 1.5 * (self.base_unit == other.base_unit)
            + 0.5 * (self.measure == other.measure)
            + 0.5 * (self.domain == other.domain)
            + 3.0 * self.shares_name(other)
        )


def indicators_of(indicators: pd.DataFrame, units: pd.DataFrame) -> Mapping[str, Indicator]:
    """The indicators by id, of the tables ``indicators`` and ``units``."""
    bases = {row["unit_id"]: row["base_unit_id"] or row["unit_id"] for row in plain_rows(units)}
    return {
        row["indicator_id"]: Indicator(
            row["indicator_id"],
            row["family"] or "",
            row["domain_id"] or "",
            row["name_zh"] or "",
            bases.get(row["unit_id"], row["unit_id"]),
            row["measure"] or "",
            row["scope_en"] or "",
        )
        for row in plain_rows(indicators)
    }


def alike(load: Load) -> Iterator[Suggestion]:
    """Pairs of indicators that may be one, the most alike first."""
    known = indicators_of(load("indicators"), load("units"))
    by_unit: dict[tuple[str, str], list[Indicator]] = {}
    for each in known.values():
        by_unit.setdefault((each.base_unit, each.measure), []).append(each)
    pairs = [
        (one.shares_name(other), one, other)
        for several in by_unit.values()
        for one, other in combinations(several, 2)
        if one.pairs and other.pairs and one.shares_name(other) >= _ALIKE
    ]
    for share, one, other in sorted(pairs, key=lambda each: (-each[0], each[1].id, each[2].id)):
        pros = [say("the same unit and kind of measure")]
        pros.append(say("{share:.0%} of the shorter name", share=share))
        cons = []
        if one.family == other.family:
            pros.append(say("the same family of indicators"))
        else:
            cons.append(say("another family of indicators"))
        if one.scope != other.scope:
            cons.append(say("another scope: {one} / {other}", one=one.scope, other=other.scope))
        yield Suggestion(
            "indicator",
            one.id,
            f"indicator:{one.id}:{other.id}",
            say("{one} and {other} may be the same", one=one.id, other=other.id),
            tuple(pros),
            tuple(cons),
        )
