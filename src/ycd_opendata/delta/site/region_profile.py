"""The profile of a region: its records, and its newest figures beside those of its peers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from heapq import nlargest

from ycd_opendata.delta.site.making import Maker
from ycd_opendata.delta.site.region_comparison import latest_rows
from ycd_opendata.delta.site.region_order import region_place
from ycd_opendata.site.packed_rows import Row, in_order
from ycd_opendata.site.wording import Words

_MOST = 15


@dataclass(frozen=True)
class PeerFigure:
    """The figure of another region of the same level, and when it is of."""

    name: Words
    figure: tuple[Words, ...]
    href: str
    when: str


@dataclass(frozen=True)
class NewestFigure:
    """A region's latest figure of an indicator."""

    indicator: Words
    indicator_href: str
    figure: tuple[Words, ...]
    href: str
    when: str
    peers: tuple[PeerFigure, ...]


def records_of_region(make: Maker, table: str, region: str) -> Sequence[Row]:
    """The records of a region and of those in it, as its filter finds them, its own first."""
    inside = make.content.tables[table].grouped("region_id", make.region_values)
    return in_order(inside.get(region, ()), lambda row: row["region_id"] != region)


def newest_figures(make: Maker, region: str) -> tuple[NewestFigure, ...]:
    """The latest figures of a region, first those that others of its level have too."""
    level = make.content.row("regions", region).get("level", "")
    found: list[tuple[int, str, str]] = []
    own = make.content.tables["series"].grouped("region_id").get(region, ())
    for key in dict.fromkeys(row["indicator_id"] for row in own):
        latest = latest_rows(make.series(key))
        if region in latest:
            peers = _peers(make, latest, region, level)
            found.append((len(peers), latest[region]["last_day"], key))
    return tuple(_newest(make, key, region, level) for _, _, key in nlargest(_MOST, found))


def _peers(make: Maker, latest: Mapping[str, Row], region: str, level: str) -> Sequence[Row]:
    others = [
        row
        for other, row in latest.items()
        if other != region and make.content.row("regions", other).get("level") == level
    ]
    return sorted(others, key=lambda row: region_place(make.content, row["region_id"]))


def _newest(make: Maker, key: str, region: str, level: str) -> NewestFigure:
    latest = latest_rows(make.series(key))
    figure, href, when = _said(make, latest[region])
    return NewestFigure(
        make.name("indicators", key),
        make.link("indicators", key),
        figure,
        href,
        when,
        tuple(
            PeerFigure(make.name("regions", each["region_id"]), *_said(make, each))
            for each in _peers(make, latest, region, level)
        ),
    )


def _said(make: Maker, row: Row) -> tuple[tuple[Words, ...], str, str]:
    outcome = make.content.row("outcomes", row["record_id"])
    return (
        make.figure(outcome, row["indicator_id"]).words,
        make.link("outcomes", row["record_id"]),
        make.wording.period(outcome["period_start"], outcome["period_end"]),
    )
