"""Our lists: which columns, rows and filters each kind of record has."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from ycd_opendata.delta.site.making import SCOREBOARD, VERDICTS, Maker, Spec, maker_of
from ycd_opendata.delta.site.region_order import Place, region_place
from ycd_opendata.site.listing import Cell, Listing
from ycd_opendata.site.packed_rows import Row
from ycd_opendata.site.rendering import Renderer
from ycd_opendata.site.wording import Words


def _region(make: Maker, row: Row) -> tuple[str, ...]:
    return make.region_values(row["region_id"])


def _year_of(name: str) -> Callable[[Maker, Row], tuple[str, ...]]:
    return lambda _, row: (row[name][:4],)


def _value_of(name: str) -> Callable[[Maker, Row], tuple[str, ...]]:
    return lambda _, row: (row[name],)


def _domain(make: Maker, row: Row) -> tuple[str, ...]:
    """The field that a record is of, or its indicator, or its initiative, and the wider ones."""
    of = row
    if "domain_id" not in row:
        table = "indicators" if row.get("indicator_id") else "initiatives"
        of = make.content.row(table, row[f"{table[:-1]}_id"])
    return make.field_values(of.get("domain_id", ""))


def _target_cells(make: Maker, row: Row) -> tuple[Cell, ...]:
    initiative = make.wording.pair(row, "initiative_name")
    name = make.wording.pair(row, "indicator_name")
    verdict = row["verdict"]
    # It may be of another indicator, and counted in another unit.
    held = make.content.row("outcomes", row["outcome_id"])
    outcome = make.figure(held, held.get("indicator_id", ""))
    period = Words(make.wording.period(row["outcome_period_start"], row["outcome_period_end"]))
    order = str(VERDICTS.index(verdict))
    label = (Words(make.wording.text(f"verdict.{verdict}")),)
    return (
        Cell((name,), make.link("targets", row["target_id"]), initiative),
        make.named("regions", row["region_id"]),
        make.figure(row, row["indicator_id"]),
        make.date(row["due_on"]),
        Cell(outcome.words, below=period, kind=outcome.kind, order=outcome.order),
        Cell(label, kind=f"verdict {verdict}", order=order),
    )


def _target_names(_: Maker, row: Row) -> Iterator[str]:
    for stem in ("indicator_name", "initiative_name", "region_name"):
        yield from (row[f"{stem}_{lang}"] for lang in ("zh", "en"))
    yield from (row["phrase"], row["target_id"])


def _initiative_cells(make: Maker, row: Row) -> tuple[Cell, ...]:
    targets = make.content.tables["targets"].grouped("initiative_id")
    key = row["initiative_id"]
    name, summary = make.wording.pair(row, "name"), make.wording.pair(row, "summary")
    return (
        Cell((name,), make.link("initiatives", key), summary),
        make.named("regions", row["region_id"]),
        make.named("domains", row["domain_id"]),
        make.date(row["starts_on"], row["ends_on"]),
        make.count(len(targets.get(key, ()))),
    )


def _initiative_names(_: Maker, row: Row) -> Iterator[str]:
    for stem in ("name", "summary"):
        yield from (row[f"{stem}_{lang}"] for lang in ("zh", "en"))
    yield from (row["phrase"], row["initiative_id"])


def _outcome_cells(make: Maker, row: Row) -> tuple[Cell, ...]:
    [name] = make.named("indicators", row["indicator_id"]).words
    return (
        Cell((name,), make.link("outcomes", row["outcome_id"])),
        make.named("regions", row["region_id"]),
        make.figure(row, row["indicator_id"]),
        make.date(row["period_start"], row["period_end"]),
        make.named("sources", row["source_id"], linked=True),
    )


def _outcome_names(make: Maker, row: Row) -> Iterator[str]:
    yield from make.both_names("indicators", row["indicator_id"])
    yield from make.both_names("regions", row["region_id"])
    yield from (row["phrase"], row["outcome_id"])


def _date_cells(make: Maker, row: Row) -> tuple[Cell, ...]:
    return (
        Cell((make.wording.pair(row, "title"),), make.link("dates", row["date_id"])),
        make.date(row["starts_on"], row["ends_on"]),
        make.named("regions", row["region_id"]),
        make.category("dates", "event", row["event"]),
        make.named("sources", row["source_id"], linked=True),
    )


def _titles(key: str) -> Callable[[Maker, Row], Iterator[str]]:
    names = ("title_zh", "title_en", "name_zh", "name_en", "publisher", "document_number", "phrase")
    return lambda _, row: iter([row.get(name, "") for name in names] + [row[key]])


def _source_cells(make: Maker, row: Row) -> tuple[Cell, ...]:
    key, tables = row["source_id"], ("initiatives", "targets", "outcomes", "dates")
    used = sum(len(make.content.tables[name].grouped("source_id").get(key, ())) for name in tables)
    title, publisher = make.wording.pair(row, "title"), make.wording.source_words(row["publisher"])
    return (
        Cell((title,), make.link("sources", key), publisher),
        make.named("regions", row["region_id"]),
        make.category("sources", "kind", row["kind"]),
        make.date(row["published_on"]),
        make.category("sources", "reliability", row["reliability"]),
        make.count(used),
    )


def _indicator_cells(make: Maker, row: Row) -> tuple[Cell, ...]:
    key, tables = row["indicator_id"], make.content.tables
    scope = make.wording.pair(row, "scope")
    unit = make.wording.pair(make.unit(key), "name")
    return (
        Cell((make.wording.pair(row, "name"),), make.link("indicators", key), scope),
        Cell((unit,)),
        make.category("indicators", "measure", row["measure"]),
        make.count(len(tables["targets"].grouped("indicator_id").get(key, ()))),
        make.count(len(tables["outcomes"].grouped("indicator_id").get(key, ()))),
    )


def _counted_cells(table: str, key_name: str, counted: tuple[str, ...]) -> Callable[..., Any]:
    def cells(make: Maker, row: Row) -> tuple[Cell, ...]:
        key = row[key_name]
        counts = [len(make.content.tables[name].grouped(key_name).get(key, ())) for name in counted]
        name = Cell((make.wording.pair(row, "name"),), make.link(table, key))
        middle = (make.category(table, "level", row["level"]),) if "level" in row else ()
        return (name, *middle, *map(make.count, counts))

    return cells


def _by_region(make: Maker, row: Row) -> Sequence[Place]:
    return make.region_order(row["region_id"])


LISTS: Mapping[str, Spec] = {
    SCOREBOARD: Spec(
        ("target", "region", "promised", "due", "outcome", "verdict"),
        _target_cells,
        {
            "region": _region,
            "field": _domain,
            "year": _year_of("due_on"),
            "verdict": _value_of("verdict"),
        },
        _target_names,
        _by_region,
    ),
    "initiatives": Spec(
        ("initiative", "region", "field", "period", "targets"),
        _initiative_cells,
        {"region": _region, "field": _domain, "year": _year_of("starts_on")},
        _initiative_names,
        _by_region,
    ),
    "outcomes": Spec(
        ("indicator", "region", "figure", "period", "source"),
        _outcome_cells,
        {"region": _region, "field": _domain, "year": _year_of("period_end")},
        _outcome_names,
        _by_region,
    ),
    "dates": Spec(
        ("what", "date", "region", "event", "source"),
        _date_cells,
        {"region": _region, "year": _year_of("starts_on"), "event": _value_of("event")},
        _titles("date_id"),
        _by_region,
    ),
    "sources": Spec(
        ("title", "region", "kind", "published", "reliability", "used"),
        _source_cells,
        {
            "region": _region,
            "year": _year_of("published_on"),
            "kind": _value_of("kind"),
            "reliability": _value_of("reliability"),
        },
        _titles("source_id"),
        _by_region,
    ),
    "indicators": Spec(
        ("indicator", "unit", "measure", "targets", "outcomes"),
        _indicator_cells,
        {"field": _domain, "measure": _value_of("measure")},
        _titles("indicator_id"),
    ),
    "regions": Spec(
        ("region", "level", "initiatives", "targets", "outcomes"),
        _counted_cells("regions", "region_id", ("initiatives", "targets", "outcomes")),
        {},
        _titles("region_id"),
        lambda make, row: region_place(make.content, row["region_id"]),
    ),
    "domains": Spec(
        ("field", "initiatives"),
        _counted_cells("domains", "domain_id", ("initiatives",)),
        {},
        _titles("domain_id"),
    ),
}


def listing(page: Renderer, name: str) -> Listing:
    """One of our lists."""
    return maker_of(page).listing(name, LISTS[name])
