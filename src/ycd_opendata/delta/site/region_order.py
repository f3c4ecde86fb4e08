"""The order of regions: the provinces by their codes, the delta, then cities and districts."""

from __future__ import annotations

from collections.abc import Sequence

from ycd_opendata.site.content import Content
from ycd_opendata.site.packed_rows import Row

_LEVELS = ("province", "delta", "prefecture", "district")

Place = tuple[int, str]

NOWHERE: Place = (len(_LEVELS), "")
"""Where what is of no region stands: last."""


def region_place(content: Content, region_id: str) -> Place:
    """What regions are sorted by."""
    row = content.row("regions", region_id)
    level = row.get("level", "")
    rank = _LEVELS.index(level) if level in _LEVELS else len(_LEVELS)
    return rank, row.get("gb2260") or region_id


def regions_in_order(content: Content, rows: Sequence[Row]) -> list[str]:
    """The regions of some rows."""
    found = {row["region_id"] for row in rows}
    return sorted(found, key=lambda region: region_place(content, region))
