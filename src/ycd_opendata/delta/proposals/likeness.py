"""How much two indicators are alike: by name, family, unit, measure and field."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from ycd_opendata.loader.frames import plain_rows

if TYPE_CHECKING:
    import pandas as pd


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
