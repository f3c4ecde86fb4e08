"""What the data say, in sentences made from them, and which outcomes are still wanted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from ycd_opendata.delta.site.indicator_figures import is_number, is_preferred
from ycd_opendata.delta.site.making import DECIDED, SCOREBOARD, Maker, maker_of
from ycd_opendata.delta.site.region_order import region_place
from ycd_opendata.site.listing import ListRow
from ycd_opendata.site.packed_rows import Row, grouped, in_order
from ycd_opendata.site.rendering import Renderer, Text
from ycd_opendata.site.wording import Words

WANTED = "wanted.html"

_LEAST_DECIDED = 5
_LEAST_YEARS = 3
_FASTEST = 3
_MOST_WANTED = 200
_COUNTED = ("stock", "flow")
_LARGE = ("province", "delta")
_DAYS_A_YEAR = 365.25


@dataclass(frozen=True)
class Finding:
    """A sentence, and the page of the rows behind it with what the link to it says."""

    text: str
    href: str
    link: str


@dataclass(frozen=True)
class Wanted:
    """The due targets of a province without an outcome: how many, and the first of them."""

    key: str
    name: Words
    count: int
    rows: Sequence[ListRow]


def findings(page: Renderer) -> tuple[Finding, ...]:
    """What our front page says of the data."""
    return tuple(_findings(page))


def _findings(page: Renderer) -> Iterator[Finding]:
    make, rows = maker_of(page), page.content.tables[SCOREBOARD].rows
    yield from _decided(make, rows)
    yield from _missed(make, rows)
    yield from _ahead(make, rows)
    yield from _grown(make)
    yield from _unknown(make, rows)


def _decided(make: Maker, rows: Sequence[Row]) -> Iterator[Finding]:
    due = [row for row in rows if row["verdict"] != "not_yet_due"]
    met = sum(row["verdict"] == "met" for row in due)
    decided = sum(row["verdict"] in DECIDED for row in due)
    if decided:
        yield _finding(
            make,
            "decided",
            "scoreboard.html?verdict=met",
            met,
            due=len(due),
            decided=decided,
            share=round(100 * met / decided),
        )


def _missed(make: Maker, rows: Sequence[Row]) -> Iterator[Finding]:
    """The region, of those with some decided targets, that missed the largest share of them."""
    decided = Counter(make.group(row["region_id"]) for row in rows if row["verdict"] in DECIDED)
    missed = Counter(make.group(row["region_id"]) for row in rows if row["verdict"] == "missed")
    shares = {
        region: missed[region] / number
        for region, number in decided.items()
        if number >= _LEAST_DECIDED and missed[region]
    }
    if shares:
        region = max(sorted(shares), key=lambda each: shares[each])
        yield _finding(
            make,
            "missed",
            f"scoreboard.html?region={region}&verdict=missed",
            missed[region],
            region=make.name("regions", region).text,
            decided=decided[region],
            all=sum(missed.values()),
        )


def _ahead(make: Maker, rows: Sequence[Row]) -> Iterator[Finding]:
    outlooks = Counter(row["outlook"] for row in rows if row["verdict"] == "not_yet_due")
    judged = sum(outlooks[each] for each in ("reached_early", "on_track", "behind"))
    if judged:
        yield _finding(
            make,
            "ahead",
            "scoreboard.html?verdict=not_yet_due",
            sum(outlooks.values()),
            judged=judged,
            early=outlooks["reached_early"],
            on_track=outlooks["on_track"],
            behind=outlooks["behind"],
        )


def _grown(make: Maker) -> Iterator[Finding]:
    """The counts that grew fastest, from and to figures that are exact and years apart."""
    found = []
    for key, rows in make.content.tables["series"].grouped("indicator_id").items():
        for region in {row["region_id"] for row in rows}:
            if make.content.row("regions", region).get("level") not in _LARGE:
                continue
            exact = sorted(
                (row for row in rows if row["region_id"] == region and _is_exact(row)),
                key=lambda row: row["last_day"],
            )
            if len(exact) > 1:
                found.append((_growth(exact[0], exact[-1]), key, region, exact[0], exact[-1]))
    fastest = sorted(found, key=lambda each: (-each[0], each[1], each[2]))
    told: set[str] = set()
    for growth, key, region, first, last in fastest:
        # One of each family, or one of them would be all that is told.
        if growth <= 0 or first["family"] in told or len(told) == _FASTEST:
            continue
        told.add(first["family"])
        figures = [
            "".join(
                words.text
                for words in make.figure(make.content.row("outcomes", row["record_id"]), key).words
            )
            for row in (first, last)
        ]
        yield Finding(
            make.wording.text(
                "finding.grown",
                indicator=make.name("indicators", key).text,
                region=make.name("regions", region).text,
                percent=make.wording.number(round(100 * growth)),
                first=figures[0],
                last=figures[1],
                since=make.wording.date(first["last_day"][:7]),
                until=make.wording.date(last["last_day"][:7]),
            ),
            make.link("indicators", key),
            make.wording.text("finding.grown_link"),
        )


def _is_exact(row: Row) -> bool:
    """Whether a figure may be the end of a growth: a count, exact, preferred, above zero."""
    return (
        row["kind"] == "outcome"
        and row["measure"] in _COUNTED
        and (row["measure"] == "stock" or row["period_kind"] == "year")
        and row["comparator"] == "eq"
        and is_preferred(row)
        and bool(row["last_day"])
        and is_number(row["value"])
        and float(row["value"]) > 0
    )


def _growth(first: Row, last: Row) -> float:
    """The growth a year, as a share; 0 where the figures are too close in time."""
    days = (date.fromisoformat(last["last_day"]) - date.fromisoformat(first["last_day"])).days
    years = days / _DAYS_A_YEAR
    if years < _LEAST_YEARS - 0.1:
        return 0.0
    return float((float(last["value"]) / float(first["value"])) ** (1 / years) - 1)


def _unknown(make: Maker, rows: Sequence[Row]) -> Iterator[Finding]:
    unknown = [row for row in rows if row["verdict"] == "no_outcome"]
    if unknown:
        searched = sum(bool(row["searched_on"]) for row in unknown)
        name = "unknown_searched" if searched == len(unknown) else "unknown"
        yield _finding(make, name, WANTED, len(unknown), searched=searched)


def _finding(make: Maker, name: str, href: str, count: int, **values: int | str) -> Finding:
    number = make.wording.number
    shown = {
        key: number(value) if isinstance(value, int) else value for key, value in values.items()
    }
    return Finding(
        make.wording.text(f"finding.{name}", count=number(count), **shown),
        href,
        make.wording.text(f"finding.{name}_link", count=number(count)),
    )


def wanted_page(page: Renderer) -> Text:
    """The due targets of which nobody has found an outcome, by province, the latest first."""
    make, listing = maker_of(page), page.listing(SCOREBOARD)
    board = page.content.tables[SCOREBOARD]
    unknown = in_order(
        board.grouped("verdict").get("no_outcome", ()),
        lambda row: (row["due_on"], row["target_id"]),
        reverse=True,
    )
    inside = grouped(unknown, lambda row: (make.group(row["region_id"]),))
    groups = [
        Wanted(
            key,
            make.name("regions", key),
            len(inside[key]),
            [listing.record(row["target_id"]) for row in inside[key][:_MOST_WANTED]],
        )
        for key in sorted(inside, key=lambda key: region_place(page.content, key))
    ]
    return page.page("wanted.html", WANTED, listing=listing, groups=groups)
