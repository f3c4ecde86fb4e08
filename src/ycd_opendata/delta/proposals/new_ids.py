"""Ids for records that have none yet, made as those of our records are."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from ycd_opendata.messages import say
from ycd_opendata.package.model import Package, Resource
from ycd_opendata.package.tables.reader import read_table
from ycd_opendata.suggestion import Edit, Suggestion

LONGEST = 80
"""The characters that an id may have."""

_NO_WORDS = frozenset(("a", "an", "and", "by", "for", "in", "of", "on", "the", "to", "with"))
_MOST_WORDS = 5

Row = Mapping[str, str]


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
