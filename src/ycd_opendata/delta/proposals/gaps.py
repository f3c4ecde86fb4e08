"""What is missing: ids of new records, searches, and addresses of sources."""

from __future__ import annotations

import datetime
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping

from ycd_opendata.delta.scoreboard import scoreboard
from ycd_opendata.extension import Load
from ycd_opendata.loader.frames import plain_rows
from ycd_opendata.messages import say, say_of
from ycd_opendata.package.model import Package, Resource
from ycd_opendata.package.tables.reader import read_table
from ycd_opendata.suggestion import Edit, Suggestion

LONGEST = 80
"""The characters that an id may have."""

_NO_WORDS = frozenset(("a", "an", "and", "by", "for", "in", "of", "on", "the", "to", "with"))
_MOST_WORDS = 5

Row = Mapping[str, str]


def searches(load: Load, today: datetime.date) -> Iterator[Suggestion]:
    """The targets that are due, without an outcome, and that nobody has searched for."""
    for row in plain_rows(scoreboard(load, today)):
        if row["verdict"] != "no_outcome" or row["searched_on"] is not None:
            continue
        target = row["target_id"]
        yield Suggestion(
            "search",
            target,
            f"search:{target}",
            say("search for what came of {target}, due {day}", target=target, day=row["due_on"]),
            (say("it was due, and nobody has looked for an outcome"),),
            (),
            Edit("searches", {}, {"target_id": target}),
            ("searched_on", "where_zh", "where_en", "found"),
        )


def addresses(load: Load) -> Iterator[Suggestion]:
    """The sources without an address, those of most figures first."""
    used = Counter(id_ for table in ("targets", "outcomes") for id_ in load(table)["source_id"])
    rows = [each for each in plain_rows(load("sources")) if each["url"] is None]
    for row in sorted(rows, key=lambda each: (-used[each["source_id"]], each["source_id"])):
        source, count = row["source_id"], used[row["source_id"]]
        yield Suggestion(
            "address",
            source,
            f"address:{source}",
            say("find the address of {title}", title=row["title_zh"] or row["title_en"]),
            (say_of(count, "{number} figure stands on it", "{number} figures stand on it"),),
            (),
            Edit("sources", {"source_id": source}),
            ("url",),
        )


def new_ids(package: Package) -> Iterator[Suggestion]:
    """An id for each record of our tables whose id is empty."""
    tables = {
        each.name: each
        for each in package.resources
        if each.name in (*_STEMS, "regions") and each.schema is not None and each.paths
    }
    regions = {row["region_id"]: row["id_prefix"] for row in _rows(package, tables.get("regions"))}
    for name in _STEMS:
        rows = _rows(package, tables.get(name))
        if not rows:
            continue
        field = next(iter(rows[0]))
        taken = {row[field] for row in rows}
        for row in rows:
            if row[field]:
                continue
            found = _free(proposed(name, row, regions), taken)
            taken.add(found)
            yield Suggestion(
                "id",
                found,
                f"id:{name}:{found}",
                say("{found} for the new record in {table}", found=found, table=name),
                (say("made of its region, what it is about, and when"),),
                (),
                Edit(name, row, {field: found}),
            )


def proposed(table: str, row: Row, prefixes: Mapping[str, str]) -> str:
    """The id of a record as our curators would give it."""
    parts = (prefixes.get(row.get("region_id", ""), ""), *_STEMS[table](row))
    text = "-".join(each for each in parts if each)
    return re.sub(r"-+", "-", text)[:LONGEST].strip("-")


def _free(wanted: str, taken: set[str]) -> str:
    found, number = wanted, 2
    while found in taken:
        found, number = f"{wanted[: LONGEST - 4]}-{number}", number + 1
    return found


def _words(text: str) -> str:
    words = [each for each in re.findall(r"[a-z0-9]+", text.lower()) if each not in _NO_WORDS]
    return "-".join(words[:_MOST_WORDS])


_STEMS: Mapping[str, Callable[[Row], tuple[str, ...]]] = {
    "targets": lambda row: (row["indicator_id"], row["due_on"] and f"by-{row['due_on']}"),
    "outcomes": lambda row: (row["indicator_id"], row["period_end"]),
    "initiatives": lambda row: (row["starts_on"][:4], _words(row["name_en"])),
    "dates": lambda row: (row["starts_on"], _words(row["title_en"]), row["event"]),
    "sources": lambda row: (_words(row["title_en"]), row["published_on"][:4]),
}
"""What stands behind the prefix of the region, by table."""


def _rows(package: Package, resource: Resource | None) -> list[dict[str, str]]:
    if resource is None:
        return []
    table = read_table(package, resource)
    names = table.schema.field_names
    return [dict(zip(names, cells, strict=True)) for cells in table.rows()]
