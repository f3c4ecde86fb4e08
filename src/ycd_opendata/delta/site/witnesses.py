"""Who says so: the evidence of each record, for and against it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ycd_opendata.delta.site.figure_words import locator_words
from ycd_opendata.delta.site.making import SCOREBOARD, Maker
from ycd_opendata.site.content import Content
from ycd_opendata.site.packed_rows import Row
from ycd_opendata.site.rendering import safe_url
from ycd_opendata.site.wording import Wording, Words

ID_FIELDS = {
    "initiatives": "initiative_id",
    "targets": "target_id",
    "outcomes": "outcome_id",
    "dates": "date_id",
}
"""The tables whose records have evidence, and the column of ``evidence`` that names theirs."""


@dataclass(frozen=True)
class Witness:
    """A source's words on a record.

    ``stance`` is "own", "outcome" for those of what a target is held against, "supports" or
    "contradicts".
    """

    stance: str
    source: Words
    href: str
    url: str
    published: str
    reliability: Words
    phrase: Words
    locator: Words
    reported: Words
    note: Words


def evidence_json(content: Content, table: str, key: str) -> Mapping[str, Any]:
    """The further sources of a record, for its JSON."""
    rows: Sequence[Row] = ()
    if table in ID_FIELDS:
        rows = content.tables["evidence"].grouped(ID_FIELDS[table]).get(key, ())
    return {
        "evidence": [{field: cell or None for field, cell in each.items()} for each in rows],
    }


def witnesses(make: Maker, table: str, row: Row) -> tuple[Witness, ...]:
    """The record's own source, that of a target's outcome, then those for and against it."""
    return tuple(_witnesses(make, table, row)) if table in ID_FIELDS else ()


def _witnesses(make: Maker, table: str, row: Row) -> Iterator[Witness]:
    yield _witness(make, "own", row)
    key = row[ID_FIELDS[table]]
    if table == "targets":
        outcome = make.content.row(SCOREBOARD, key).get("outcome_id", "")
        if outcome:
            yield _witness(make, "outcome", make.content.row("outcomes", outcome))
    further = make.content.tables["evidence"].grouped(ID_FIELDS[table]).get(key, ())
    for each in sorted(further, key=lambda one: one["stance"], reverse=True):
        yield _witness(make, each["stance"], each)


def _witness(make: Maker, stance: str, row: Row) -> Witness:
    wording, source = make.wording, make.content.row("sources", row["source_id"])
    reliability = source.get("reliability", "")
    return Witness(
        stance=stance,
        source=make.name("sources", row["source_id"]),
        href=make.link("sources", row["source_id"]),
        url=safe_url(source.get("url", "")),
        published=wording.date(source.get("published_on", "")),
        reliability=make.category("sources", "reliability", reliability).words[0],
        phrase=wording.source_words(row["phrase"]),
        locator=locator_words(wording, row.get("locator", "")),
        reported=reported_instead(wording, row),
        note=wording.pair(row, "note"),
    )


def reported_instead(wording: Wording, row: Row) -> Words:
    """What a further source reports, as a curator put it.

    Words in another language than the page's are left out where the source's own stand beside them.
    """
    said = row.get("reported", "")
    words = wording.source_words(wording.date(said) if "-" in said else said)
    is_foreign = bool(words.lang) and any(each.isalpha() for each in words.text)
    return Words("") if is_foreign and row["phrase"] else words
