"""Picture: how many initiatives there are in each policy field and region."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ycd_opendata.delta.pictures.bar_grid import NARROW, WIDE, Grid, Label, bars, told
from ycd_opendata.delta.pictures.captions import OWN_FIELD, TITLES, WITH_CITIES, counted, text_of
from ycd_opendata.delta.pictures.regions import Regions
from ycd_opendata.package.canonical import csv_text
from ycd_opendata.site.charts.picture import LANGS, Lang, Picture
from ycd_opendata.site.charts.svg import svg_of

if TYPE_CHECKING:
    import pandas as pd

NAME = "initiatives-by-field"


@dataclass(frozen=True)
class Field:
    """A policy field: the id of the field that it is part of, or "", and its names."""

    parent: str
    names: Mapping[Lang, str]


def initiatives_by_field(
    initiatives: pd.DataFrame, domains: pd.DataFrame, regions: Regions
) -> Picture | None:
    """Draw the number of initiatives by field and province; None where there is none."""
    if initiatives.empty:
        return None
    counts = regions.counts(initiatives["domain_id"], initiatives["region_id"])
    columns = [domains[name] for name in ("domain_id", "parent_id", "name_zh", "name_en")]
    fields = {
        str(domain): Field(parent if isinstance(parent, str) else "", {"zh": zh, "en": en})
        for domain, parent, zh, en in zip(*columns, strict=True)
    }
    depths = _in_order(fields, counts)
    grids = {}
    for lang in LANGS:
        rows = [
            Label(domain, fields[domain].names[lang], _note(domain, counts, lang), depth=depth)
            for domain, depth in depths.items()
        ]
        heads = [Label(top, regions.names[lang][top]) for top in regions.tops]
        grids[lang] = Grid(tuple(rows), tuple(heads), counts)
    titles = TITLES[NAME]
    alternatives = {}
    for lang, grid in grids.items():
        title = titles[lang] + ("。" if lang == "zh" else ".")
        said = [title, *told(grid, lang), OWN_FIELD[lang], WITH_CITIES[lang]]
        alternatives[lang] = text_of(said, lang)
    wide, narrow = (
        {
            lang: svg_of(bars(grid, layout), NAME, titles[lang], alternatives[lang], lang)
            for lang, grid in grids.items()
        }
        for layout in (WIDE, NARROW)
    )
    data_csv = _csv(counts, {domain: fields[domain] for domain in depths}, regions)
    return Picture(NAME, titles, alternatives, wide, narrow, data_csv, "domains")


def _total(domain: str, counts: Mapping[tuple[str, str], int]) -> int:
    return sum(number for (key, _), number in counts.items() if key == domain)


def _note(domain: str, counts: Mapping[tuple[str, str], int], lang: Lang) -> str:
    return counted(_total(domain, counts), "initiatives", lang)


def _in_order(fields: Mapping[str, Field], counts: Mapping[tuple[str, str], int]) -> dict[str, int]:
    """Each field with its depth: the largest first, narrower ones below the field they are of."""
    largest_first = sorted(fields, key=lambda domain: (-_total(domain, counts), domain))
    depths: dict[str, int] = {}

    def add(domain: str, depth: int) -> None:
        if domain not in depths:
            depths[domain] = depth
            for other in largest_first:
                if fields[other].parent == domain:
                    add(other, depth + 1)

    for domain in largest_first:
        if not fields[domain].parent:
            add(domain, 0)
    # Fields that are above each other in a circle have no top one.
    for domain in largest_first:
        add(domain, 0)
    return depths


def _csv(
    counts: Mapping[tuple[str, str], int], fields: Mapping[str, Field], regions: Regions
) -> str:
    header = (
        *("domain_id", "domain_name_zh", "domain_name_en"),
        *("region_id", "region_name_zh", "region_name_en", "initiatives"),
    )
    rows = [
        (
            *(domain, field.names["zh"], field.names["en"]),
            *(top, *regions.both_names(top), str(counts.get((domain, top), 0))),
        )
        for domain, field in fields.items()
        for top in regions.tops
    ]
    return csv_text([header, *rows])
