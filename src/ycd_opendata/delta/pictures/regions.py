"""The provinces that records are drawn under: a city or district counts with its province."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ycd_opendata.site.charts.picture import Lang

if TYPE_CHECKING:
    import pandas as pd

_TOP_LEVELS = ("province", "delta")


@dataclass(frozen=True)
class Regions:
    """The regions that pictures show, in the order of their official codes, the delta last.

    Attributes
    ----------
    tops : tuple of str
        The region_id of each province, and of the delta.
    top_of : mapping
        Each region_id to the one of ``tops`` that it lies in.
    names : mapping
        Language to a mapping of region_id to name.
    """

    tops: tuple[str, ...]
    top_of: Mapping[str, str]
    names: Mapping[Lang, Mapping[str, str]]

    @classmethod
    def of(cls, regions: pd.DataFrame) -> Regions:
        """Read them from the table ``regions``."""
        ids = [str(region) for region in regions["region_id"]]

        def column(name: str) -> dict[str, str]:
            values = zip(ids, regions[name], strict=True)
            return {region: value for region, value in values if isinstance(value, str)}

        parents, levels, codes = column("parent_id"), column("level"), column("gb2260")
        top_of = {region: _top(region, parents, levels) for region in ids}
        tops = sorted(set(top_of.values()), key=lambda top: (codes.get(top, "~"), top))
        names: dict[Lang, Mapping[str, str]] = {"en": column("name_en"), "zh": column("name_zh")}
        return cls(tuple(tops), top_of, names)

    def counts(
        self, keys: pd.Series[str], region_ids: pd.Series[str]
    ) -> dict[tuple[str, str], int]:
        """How many records each pair of a key and a province has, of those that have any."""
        return Counter(zip(keys, region_ids.map(self.top_of), strict=True))

    def both_names(self, region: str) -> tuple[str, str]:
        """The Chinese and the English name of a region."""
        return self.names["zh"][region], self.names["en"][region]


def _top(region: str, parents: Mapping[str, str], levels: Mapping[str, str]) -> str:
    """The province that a region lies in; itself where it lies in none."""
    seen = set()
    while levels[region] not in _TOP_LEVELS and region in parents and region not in seen:
        seen.add(region)
        region = parents[region]
    return region
