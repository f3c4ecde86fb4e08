"""Picture: how many targets of each region were met, missed, or cannot be judged."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from ycd_opendata.delta.pictures.bar_grid import Grid, Label, alternative_of, picture_of_grids
from ycd_opendata.delta.pictures.captions import VERDICTS, WITH_CITIES, counted
from ycd_opendata.delta.pictures.regions import Regions
from ycd_opendata.package.canonical import csv_text
from ycd_opendata.site.charts.drawing import BLUE, GREEN, GREY, RED, VIOLET
from ycd_opendata.site.charts.picture import LANGS, Lang, Picture

if TYPE_CHECKING:
    import pandas as pd

NAME = "targets-by-region"

_COLORS = {
    "met": GREEN,
    "missed": RED,
    "not_comparable": VIOLET,
    "no_outcome": GREY,
    "not_yet_due": BLUE,
}


def targets_by_region(scoreboard: pd.DataFrame, regions: Regions) -> Picture | None:
    """Draw the scoreboard's verdicts by province; None where there is no target."""
    if scoreboard.empty:
        return None
    counts = regions.counts(scoreboard["region_id"], scoreboard["verdict"])
    grids = {lang: _grid(counts, regions, lang) for lang in LANGS}
    alternatives = {
        lang: alternative_of(NAME, grid, [WITH_CITIES[lang]], lang) for lang, grid in grids.items()
    }
    return picture_of_grids(NAME, grids, alternatives, _csv(counts, regions))


def _grid(counts: Mapping[tuple[str, str], int], regions: Regions, lang: Lang) -> Grid:
    totals = {
        top: sum(counts.get((top, verdict), 0) for verdict in VERDICTS) for top in regions.tops
    }
    rows = [
        Label(top, regions.names[lang][top], counted(totals[top], "targets", lang))
        for top in regions.tops
    ]
    columns = [Label(key, words[lang], "", _COLORS[key]) for key, words in VERDICTS.items()]
    return Grid(tuple(rows), tuple(columns), counts)


def _csv(counts: Mapping[tuple[str, str], int], regions: Regions) -> str:
    header = ("region_id", "region_name_zh", "region_name_en", "verdict", "targets")
    rows = [
        (top, *regions.both_names(top), verdict, str(counts.get((top, verdict), 0)))
        for top in regions.tops
        for verdict in VERDICTS
    ]
    return csv_text([header, *rows])
