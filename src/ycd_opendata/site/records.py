"""The page of each record, and the record as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass

from ycd_opendata.site.bars import bars_of
from ycd_opendata.site.content import Content, Row, Table, file_name
from ycd_opendata.site.evidence import ID_FIELDS, witnesses
from ycd_opendata.site.facts import facts_of, name_of, safe_url
from ycd_opendata.site.front import verdict_counts
from ycd_opendata.site.history import Event, Histories
from ycd_opendata.site.lister import SCOREBOARD, TABLES, Lister, Listing, ListRow
from ycd_opendata.site.rendering import Renderer, Text
from ycd_opendata.site.wording import Words

_MOST_ROWS = 200
_LIST_OF = {"targets": SCOREBOARD}
_RELATED: Mapping[str, tuple[tuple[str, str], ...]] = {
    "initiatives": (("initiative_id", "targets"), ("initiative_id", "dates")),
    "indicators": (("indicator_id", "targets"), ("indicator_id", "outcomes")),
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
_WITHOUT = {"regions": "region", "indicators": "indicator", "sources": "source", "domains": "field"}


@dataclass(frozen=True)
class Section:
    """Other records that belong to one: the first of them, how many, and where all are."""

    title: str
    listing: Listing
    rows: Sequence[ListRow]
    count: int
    without: tuple[str, ...]
    more: str


@dataclass(frozen=True)
class Linked:
    """A name that may lead to a page, relative to the folder of the language."""

    words: Words
    href: str


@dataclass(frozen=True)
class Statement:
    """The figure of a target or outcome in words, when it holds, and the verdict on a target."""

    words: tuple[Words, ...]
    when: str
    verdict: str = ""
    meaning: Words = Words("")  # noqa: RUF009 - frozen
    reason: Words = Words("")  # noqa: RUF009 - frozen
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class ShownEvent:
    """An event of a record's history in words."""

    version: str
    date: str
    what: str
    before: Words
    after: Words


def record_pages(page: Renderer, histories: Histories) -> Iterator[Text]:
    """The path and text of the page of each record."""
    for name in TABLES:
        table = page.content.tables[name]
        for row in table.rows:
            yield _record_page(page, histories, table, row)
    yield from _retired_pages(page)


def record_json(content: Content, histories: Histories) -> Iterator[Text]:
    """The path and text of each record as JSON: itself, its evidence and its history."""
    for name in TABLES:
        typed = json.loads((content.package.root / "json" / f"{name}.json").read_text("utf-8"))
        evidence = content.tables["evidence"].grouped(ID_FIELDS.get(name, ""))
        for record in typed:
            key = str(record[content.tables[name].key])
            value = {
                "table": name,
                "version": content.package.version,
                "record": record,
                "evidence": [
                    {field: cell or None for field, cell in each.items()}
                    for each in (evidence.get(key, ()) if name in ID_FIELDS else ())
                ],
                "history": [asdict(each) for each in histories.of(name, key)],
            }
            yield json_path(name, key), json.dumps(value, ensure_ascii=False, indent=1) + "\n"


def json_path(table: str, key: str) -> str:
    """Where a record's JSON stands in the catalogue."""
    return f"records/{table}/{file_name(key)}.json"


def _record_page(page: Renderer, histories: Histories, table: Table, row: Row) -> Text:
    make, name, key = page.lister, table.name, row[table.key]
    list_name = _LIST_OF.get(name, name)
    region = row.get("region_id", "") if name != "regions" else row.get("parent_id", "")
    crumbs = []
    if region in page.content.tables["regions"].by_key:
        crumbs.append(Linked(name_of(make, "regions", region), make.link("regions", region)))
    source = row if name == "sources" else {}
    inside = (
        [each for each in page.content.tables[SCOREBOARD].rows if _is_inside(page, each, key)]
        if name == "regions"
        else []
    )
    stem = "title" if name in ("dates", "sources") else "name"
    named = (
        row if f"{stem}_en" in row else page.content.row("indicators", row.get("indicator_id", ""))
    )
    return page.page(
        "record.html",
        f"{name}/{file_name(key)}.html",
        table=name,
        key=key,
        title=name_of(make, name, key),
        subtitle=page.wording.other(named, stem),
        lead=page.wording.pair(row, "summary"),
        kicker=_kicker(page, name, row, crumbs),
        crumbs=crumbs,
        list_name=list_name,
        list_href=f"{list_name}.html",
        json_path=json_path(name, key),
        statement=_statement(page, name, row),
        url=safe_url(source.get("url", "")),
        counts=verdict_counts(inside) if inside else None,
        bars=bars_of(make, row) if name == "targets" else None,
        witnesses=witnesses(make, name, row),
        facts=facts_of(make, table, row),
        sections=tuple(_sections(page, name, key)),
        history=[_shown(page, table, each) for each in histories.of(name, key)],
    )


def _is_inside(page: Renderer, row: Row, region: str) -> bool:
    return region in page.lister.region_values(row["region_id"])


def _kicker(page: Renderer, name: str, row: Row, crumbs: Sequence[Linked]) -> list[Linked]:
    """What tells records of one name apart: the region, and when."""
    when = page.wording.date(row.get("due_on") or row.get("period_end") or "")
    return [*crumbs, Linked(Words(when), "")] if when and name in ID_FIELDS else list(crumbs)


def _statement(page: Renderer, name: str, row: Row) -> Statement | None:
    make, wording = page.lister, page.wording
    if name == "outcomes":
        when = wording.period(row["period_start"], row["period_end"])
        return Statement(make.figure(row, row["indicator_id"]).words, when)
    if name != "targets":
        return None
    board = page.content.row(SCOREBOARD, row["target_id"])
    figure = make.figure(row, row["indicator_id"]).words
    if row["due_on"]:
        gap = "\0"
        text = wording.text("record.promise", figure=gap, date=wording.date(row["due_on"]))
    else:
        gap = "\0"
        text = wording.text("record.promise_open", figure=gap)
    before, _, after = text.partition(gap)
    verdict = board["verdict"]
    meaning = make.category(SCOREBOARD, "verdict", verdict).words[0]
    label = wording.text(f"verdict.{verdict}")
    return Statement(
        tuple(each for each in (Words(before), *figure, Words(after)) if each.text),
        "",
        verdict,
        meaning if meaning.text.lower() != label.lower() else Words(""),
        wording.pair(board, "reason"),
        tuple(_notes(make, board)),
    )


def _notes(make: Lister, board: Row) -> Iterator[str]:
    """What is said beside a verdict: a bound that decided, share, outlook, and the search."""
    wording = make.wording

    def label(name: str) -> str:
        [words] = make.category(SCOREBOARD, name, board[name]).words
        return words.text

    if board["decided_by"] == "bound":
        yield wording.text("record.by_bound", bound=label("bound"))
    if board["share_reached"]:
        share = wording.number(round(float(board["share_reached"])))
        yield wording.text("record.share_reached", share=share)
    if board["outlook"]:
        yield wording.text("record.outlook", outlook=label("outlook"))
    if board["searched_on"]:
        yield wording.text(
            "record.searched",
            date=wording.date(board["searched_on"]),
            where=wording.pair(board, "searched_where").text,
            found=label("search_found"),
        )


def _sections(page: Renderer, name: str, key: str) -> Iterator[Section]:
    for field, other in _RELATED.get(name, ()):
        rows = page.content.tables[other].grouped(field).get(key, ())
        if not rows:
            continue
        list_name = _LIST_OF.get(other, other)
        listing = page.listing(list_name)
        id_name = page.content.tables[other].key
        shown = [listing.by_key[row[id_name]] for row in rows[:_MOST_ROWS]]
        dropped = _WITHOUT.get(name, "")
        has = dropped in [column for column, _ in listing.columns[1:]]
        titles = {"regions": "record.parts", "domains": "record.subfields"}
        yield Section(
            page.wording.text(
                titles.get(
                    other, f"listing.{list_name}" if other != "targets" else "columns.targets"
                )
            ),
            listing,
            shown,
            len(rows),
            (dropped,) if has else (),
            f"{list_name}.html" if len(rows) > len(shown) else "",
        )


def _shown(page: Renderer, table: Table, event: Event) -> ShownEvent:
    wording = page.wording
    schema = table.resource.schema
    described = schema.field(event.field) if schema is not None else None
    field = wording.column(described).text if described else event.field
    text = wording.text(f"record.was_{event.kind}", field=field, old=event.before)
    is_cell = event.kind == "changed"

    def cell(value: str) -> Words:
        return wording.source_words(value) if value else Words(wording.text("record.nothing"))

    nothing = Words("")
    return ShownEvent(
        event.version,
        event.date,
        text,
        cell(event.before) if is_cell else nothing,
        cell(event.after) if is_cell else nothing,
    )


def _retired_pages(page: Renderer) -> Iterator[Text]:
    """A page for each id that is no longer used, so that an old address still leads on."""
    for row in page.content.tables["retired_ids"].rows:
        name, key, new = row["table"], row["id"], row["replaced_by"]
        if name not in TABLES or key in page.content.tables[name].by_key:
            continue
        yield page.page(
            "retired.html",
            f"{name}/{file_name(key)}.html",
            table=name,
            key=key,
            since=row["since_version"],
            reason=page.wording.pair(row, "reason"),
            replaced=name_of(page.lister, name, new),
            replaced_href=page.lister.link(name, new),
        )
