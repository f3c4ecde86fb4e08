"""What the pages of our records show: statements, verdicts, evidence, and what belongs to them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote

from markupsafe import Markup

from ycd_opendata.delta.site.field_profile import field_shown, outcomes_of_field, targets_of_field
from ycd_opendata.delta.site.following import feed_place
from ycd_opendata.delta.site.front_board import verdict_counts
from ycd_opendata.delta.site.indicator_pages import (
    MadeChart,
    chart_files,
    indicator_shown,
    inline,
    made_chart,
)
from ycd_opendata.delta.site.making import DECIDED, SCOREBOARD, Maker, maker_of
from ycd_opendata.delta.site.record_facts import facts_of
from ycd_opendata.delta.site.region_profile import newest_figures, records_of_region
from ycd_opendata.delta.site.target_bars import bars_of
from ycd_opendata.delta.site.target_course import course_notes, target_chart
from ycd_opendata.delta.site.witnesses import ID_FIELDS, witnesses
from ycd_opendata.site.content import Table
from ycd_opendata.site.listing import ListRow
from ycd_opendata.site.packed_rows import Row
from ycd_opendata.site.record_pages import RecordView, Section
from ycd_opendata.site.rendering import Linked, Renderer, safe_url
from ycd_opendata.site.wording import Words

_MOST_ROWS = 200
_FILTERS = {"regions": "region", "domains": "field"}
"""Records whose others a list can be filtered to; their pages show the first of them."""

_FIRST_ROWS = 12
_RELATED: Mapping[str, tuple[tuple[str, str], ...]] = {
    "initiatives": (("initiative_id", "targets"), ("initiative_id", "dates")),
    "domains": (("parent_id", "domains"), ("domain_id", "initiatives")),
    "regions": (
        ("parent_id", "regions"),
        ("region_id", "targets"),
        ("region_id", "initiatives"),
        ("region_id", "outcomes"),
        ("region_id", "dates"),
        ("region_id", "sources"),
    ),
    "sources": (
        ("source_id", "initiatives"),
        ("source_id", "targets"),
        ("source_id", "outcomes"),
        ("source_id", "dates"),
    ),
}
_TITLES = {
    "regions": "record.parts",
    "domains": "record.subfields",
    "targets": "columns.targets",
}
"""What those are called that are not called as their list is."""

_WITHOUT = {"regions": "region", "indicators": "indicator", "sources": "source", "domains": "field"}


@dataclass(frozen=True)
class Statement:
    """The figure of a target or outcome in words, when it holds, and the verdict on a target."""

    words: tuple[Words, ...]
    when: str
    verdict: str = ""
    meaning: Words = Words("")  # noqa: RUF009 - frozen
    reason: Words = Words("")  # noqa: RUF009 - frozen
    notes: tuple[str, ...] = ()


def record_view(page: Renderer, table: Table, row: Row) -> RecordView:
    """What the page of one of our records shows."""
    make, name, key = maker_of(page), table.name, row[table.key]
    region = row.get("region_id", "") if name != "regions" else row.get("parent_id", "")
    crumbs = []
    if page.content.row("regions", region):
        crumbs.append(Linked(make.name("regions", region), make.link("regions", region)))
    source = row if name == "sources" else {}
    stem = "title" if name in ("dates", "sources") else "name"
    named = (
        row if f"{stem}_en" in row else page.content.row("indicators", row.get("indicator_id", ""))
    )
    chart = made_chart(make, key) if name == "indicators" else None
    return RecordView(
        title=make.name(name, key),
        subtitle=page.wording.original(named, stem),
        lead=page.wording.pair(row, "summary"),
        kicker=_kicker(page, name, row, crumbs),
        crumbs=crumbs,
        facts=facts_of(make, table, row),
        sections=tuple(_sections(page, name, key)),
        shown={
            "statement": _statement(make, name, row),
            "url": safe_url(source.get("url", "")),
            "bars": bars_of(make, row) if name == "targets" else None,
            "course": _course(make, row) if name == "targets" else None,
            "witnesses": witnesses(make, name, row),
            "feed": feed_place(name, key) if name in ("regions", "indicators") else "",
            **_shown_of(page, make, name, key, chart),
        },
        files=() if chart is None else chart_files(page, key, chart),
    )


def _shown_of(
    page: Renderer, make: Maker, name: str, key: str, chart: MadeChart | None
) -> Mapping[str, Any]:
    """What the template of one kind of record is given."""
    if name == "indicators":
        return indicator_shown(page, key, chart)
    if name == "regions":
        counts = _counts(records_of_region(make, SCOREBOARD, key))
        return {"counts": counts, "newest": newest_figures(make, key)}
    if name == "domains":
        return {"counts": _counts(targets_of_field(make, key)), **field_shown(make, key)}
    return {}


def _counts(rows: Sequence[Row]) -> Mapping[str, int] | None:
    return verdict_counts(rows) if rows else None


def _course(make: Maker, row: Row) -> Markup | None:
    """A target's chart over time."""
    chart = target_chart(make, row)
    return None if chart is None else inline(chart, "../")


def _kicker(page: Renderer, name: str, row: Row, crumbs: Sequence[Linked]) -> list[Linked]:
    """What tells records of one name apart: the region, and when."""
    when = page.wording.date(row.get("due_on") or row.get("period_end") or "")
    return [*crumbs, Linked(Words(when), "")] if when and name in ID_FIELDS else list(crumbs)


def _statement(make: Maker, name: str, row: Row) -> Statement | None:
    wording = make.wording
    if name == "outcomes":
        when = wording.period(row["period_start"], row["period_end"])
        return Statement(make.figure(row, row["indicator_id"]).words, when)
    if name != "targets":
        return None
    board = make.content.row(SCOREBOARD, row["target_id"])
    figure = make.figure(row, row["indicator_id"]).words
    gap, due = "\0", wording.date(row["due_on"])
    name = "record.promise" if due else "record.promise_open"
    text = wording.text(name, figure=gap, date=due)
    before, _, after = text.partition(gap)
    verdict = board["verdict"]
    meaning = make.category(SCOREBOARD, "verdict", verdict).words[0]
    # Of what is met, missed or not yet due the date and the verdict have said everything.
    is_plain = verdict in (*DECIDED, "not_yet_due")
    return Statement(
        tuple(each for each in (Words(before), *figure, Words(after)) if each.text),
        "",
        verdict,
        Words("") if is_plain else meaning,
        wording.pair(board, "reason"),
        (*course_notes(make, row), *_notes(make, board)),
    )


def _notes(make: Maker, board: Row) -> Iterator[str]:
    """What is said beside a verdict: a bound that decided, share, and the search."""
    wording = make.wording

    def label(name: str) -> str:
        [words] = make.category(SCOREBOARD, name, board[name]).words
        return words.text

    if board["decided_by"] == "bound":
        yield wording.text("record.by_bound", bound=label("bound"))
    if board["share_reached"]:
        share = float(board["share_reached"])
        # 99.6% of a promise is not all of it.
        shown = round(share, 1) if round(share) == 100 != share else round(share)
        yield wording.text("record.share_reached", share=wording.number(shown))
    if board["searched_on"]:
        yield wording.text(
            "record.searched",
            date=wording.date(board["searched_on"]),
            where=wording.pair(board, "searched_where").text,
            found=label("search_found"),
        )


def _related(page: Renderer, name: str, key: str) -> Iterator[tuple[str, Sequence[Row]]]:
    """The tables with records that belong to one, and those records."""
    make = maker_of(page)
    for field, other in _RELATED.get(name, ()):
        if (name, field) == ("regions", "region_id"):
            yield other, records_of_region(make, other, key)
        else:
            yield other, page.content.tables[other].grouped(field).get(key, ())
    if name == "domains":
        yield "targets", targets_of_field(make, key)
        yield "outcomes", outcomes_of_field(make, key)


def _without_second_line(row: ListRow) -> ListRow:
    """A target on the page of its initiative, whose name it need not repeat."""
    first, *others = row.cells
    return replace(row, cells=(first._replace(below=Words("")), *others))


def _sections(page: Renderer, name: str, key: str) -> Iterator[Section]:
    for other, rows in _related(page, name, key):
        if not rows:
            continue
        list_name = page.content.record_tables[other]
        listing = page.listing(list_name)
        id_name = page.content.tables[other].key
        filter_name = _FILTERS.get(name, "")
        is_filtered = filter_name in [each.name for each in listing.facets]
        most = _FIRST_ROWS if is_filtered else _MOST_ROWS
        shown = [listing.record(row[id_name]) for row in rows[:most]]
        if (name, other) == ("initiatives", "targets"):
            shown = [_without_second_line(each) for each in shown]
        query = f"?{filter_name}={quote(key)}" if is_filtered else ""
        dropped = _WITHOUT.get(name, "")
        has = dropped in [column for column, _ in listing.columns[1:]]
        is_said = name != "regions" or {row.get("region_id") for row in rows[:most]} == {key}
        yield Section(
            page.wording.text(_TITLES.get(other, f"listing.{list_name}")),
            listing,
            shown,
            len(rows),
            (dropped,) if has and is_said else (),
            f"{list_name}.html{query}" if len(rows) > len(shown) else "",
        )
