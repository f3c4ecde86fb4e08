"""What the front page shows."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ycd_opendata.loader.citation import cite_package
from ycd_opendata.site.content import Content, Row
from ycd_opendata.site.downloads import downloads_of
from ycd_opendata.site.facts import safe_url
from ycd_opendata.site.lister import SCOREBOARD, VERDICTS, Lister, Listing, ListRow
from ycd_opendata.site.rendering import Renderer, Text
from ycd_opendata.site.tables import first_tables, table_line
from ycd_opendata.site.wording import Wording, Words

_JSON_LD = "dataset.jsonld"
_DECIDED_SHOWN = 8
_DECIDED = ("met", "missed")
_YEARS = {"targets": "due_on", "outcomes": "period_end", "initiatives": "starts_on"}


@dataclass(frozen=True)
class Figure:
    """A number that stands large, and what it counts."""

    value: str
    words: Words
    href: str = ""


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


@dataclass(frozen=True)
class Citation:
    """How to cite the data in one form: what the form is called, its id, and the text in pieces."""

    label: str
    id: str
    pieces: tuple[Words, ...]


@dataclass(frozen=True)
class ShownPicture:
    """A picture in one language: its texts, and its files in the catalogue."""

    title: str
    alternative: str
    wide: str
    size: tuple[int, int]
    narrow: str
    data: str


def front_page(page: Renderer, pictures: Sequence[ShownPicture]) -> Text:
    """The path and text of the front page."""
    content = page.content
    return page.front(
        lead=page.summary,
        board=_board(page.lister, page.listing(SCOREBOARD)) if content.is_own else None,
        figures=tuple(_figures(page)),
        pictures=pictures,
        first_tables=() if content.is_own else tuple(first_tables(page)),
        tables=[table_line(page, each) for each in content.tables.values()],
        downloads=downloads_of(content, page.wording),
        citations=tuple(_citations(page)),
        json_ld=_json_ld(content, page.root_of_front),
    )


def verdict_counts(rows: Sequence[Row]) -> dict[str, int]:
    """How many rows of the scoreboard have each verdict, in a fixed order."""
    counts = Counter(row["verdict"] for row in rows)
    return {verdict: counts[verdict] for verdict in VERDICTS}


def _citations(page: Renderer) -> Iterator[Citation]:
    """The citations, which are in English with the title as it is, whatever the page is in."""
    english = Wording("en")
    for format, label in (("text", page.wording.text("front.text")), ("bibtex", "BibTeX")):
        words = Words(cite_package(page.content.package, format))
        yield Citation(label, f"cite-{format}", english.pieces(words))


def _json_ld(content: Content, root: str) -> str:
    """The release's schema.org description, safe inside a script element; "" if it has none.

    The list of everything that is measured would be most of the page, and is left to the file.
    """
    if _JSON_LD not in content.files:
        return ""
    value = json.loads((content.package.root / _JSON_LD).read_text(encoding="utf-8"))
    value.pop("variableMeasured", None)
    for each in value.get("distribution", ()):
        if not safe_url(each["contentUrl"]):
            each["contentUrl"] = f"{root}latest/{each['contentUrl']}"
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _board(make: Lister, listing: Listing) -> Board:
    rows = make.content.tables[SCOREBOARD].rows
    counts = verdict_counts(rows)
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(make.group(row["region_id"]), []).append(row)
    regions = []
    for key, inside in sorted(groups.items(), key=lambda each: -len(each[1])):
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
    decided = sorted(
        (row for row in rows if row["verdict"] in _DECIDED),
        key=lambda row: row["due_on"],
        reverse=True,
    )
    return Board(
        counts,
        sentence,
        tuple(regions),
        max((each.total for each in regions), default=0),
        listing,
        tuple(listing.by_key[row["target_id"]] for row in decided[:_DECIDED_SHOWN]),
    )


def _figures(page: Renderer) -> Iterator[Figure]:
    content, number, text = page.content, page.wording.number, page.wording.text
    if not content.is_own:
        for each in content.tables.values():
            line = table_line(page, each)
            yield Figure(number(line.rows), line.title, f"tables/{each.name}.html")
        return
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
