"""The scoreboard in short, and our records in figures, for the front page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import nlargest
from typing import Any

from ycd_opendata.delta.site.field_profile import best_known_of_all
from ycd_opendata.delta.site.making import DECIDED, SCOREBOARD, VERDICTS, Maker, maker_of
from ycd_opendata.delta.site.region_order import region_place
from ycd_opendata.delta.site.what_data_say import findings
from ycd_opendata.site.front import Figure
from ycd_opendata.site.listing import Listing, ListRow
from ycd_opendata.site.packed_rows import Row, grouped
from ycd_opendata.site.rendering import Renderer
from ycd_opendata.site.wording import Words

_DECIDED_SHOWN = 8
_YEARS = {"targets": "due_on", "outcomes": "period_end", "initiatives": "starts_on"}


@dataclass(frozen=True)
class RegionCount:
    """The verdicts on the targets of a province with all that is inside it."""

    key: str
    words: Words
    href: str
    total: int
    counts: Mapping[str, int]


@dataclass(frozen=True)
class Board:
    """The scoreboard in short."""

    counts: Mapping[str, int]
    sentence: str
    regions: tuple[RegionCount, ...]
    widest: int
    listing: Listing
    decided: tuple[ListRow, ...]


def front_board(page: Renderer) -> Mapping[str, Any]:
    """What our front page is given beside the usual."""
    return {
        "board": _board(maker_of(page), page.listing(SCOREBOARD)),
        "figures": tuple(_figures(page)),
        "findings": findings(page),
        "best_known": best_known_of_all(maker_of(page), f"{page.root_of_front}{page.lang}/"),
    }


def verdict_counts(rows: Sequence[Row]) -> dict[str, int]:
    """How many rows of the scoreboard have each verdict, in a fixed order."""
    counts = Counter(row["verdict"] for row in rows)
    return {verdict: counts[verdict] for verdict in VERDICTS}


def _board(make: Maker, listing: Listing) -> Board:
    rows = make.content.tables[SCOREBOARD].rows
    counts = verdict_counts(rows)
    groups = grouped(rows, lambda row: (make.group(row["region_id"]),))
    regions = []
    for key, inside in sorted(groups.items(), key=lambda each: region_place(make.content, each[0])):
        [words] = make.named("regions", key).words
        regions.append(
            RegionCount(key, words, make.link("regions", key), len(inside), verdict_counts(inside))
        )
    number = make.wording.number
    sentence = make.wording.text(
        "front.verdicts_text",
        pending=number(counts["not_yet_due"]),
        due=number(len(rows) - counts["not_yet_due"]),
        met=number(counts["met"]),
        missed=number(counts["missed"]),
        incomparable=number(counts["not_comparable"]),
        unknown=number(counts["no_outcome"]),
    )
    decided = nlargest(
        _DECIDED_SHOWN,
        (row for row in rows if row["verdict"] in DECIDED),
        key=lambda row: row["due_on"],
    )
    return Board(
        counts,
        sentence,
        tuple(regions),
        max((each.total for each in regions), default=0),
        listing,
        tuple(listing.record(row["target_id"]) for row in decided),
    )


def _figures(page: Renderer) -> Iterator[Figure]:
    content, number, text = page.content, page.wording.number, page.wording.text
    lists = {"targets": SCOREBOARD}
    for name in ("targets", "outcomes", "initiatives", "sources"):
        count = number(len(content.tables[name].rows))
        yield Figure(count, Words(text(f"front.{name}")), f"{lists.get(name, name)}.html")
    covered = {row["region_id"] for name in _YEARS for row in content.tables[name].rows}
    yield Figure(number(len(covered)), Words(text("front.regions")), "regions.html")
    years = [row[field][:4] for name, field in _YEARS.items() for row in content.tables[name].rows]
    if any(years):
        known = [each for each in years if each]
        yield Figure(f"{min(known)}–{max(known)}", Words(text("front.years")))
