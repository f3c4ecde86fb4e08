"""Picture: what happened, or was due, on which day, a band for each province."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from ycd_opendata.delta.pictures.bands import NARROW, WIDE, Entry, Layout, bands
from ycd_opendata.delta.pictures.captions import (
    KINDS,
    NEWEST,
    TITLES,
    WITH_CITIES,
    counted,
    sentence,
    text_of,
)
from ycd_opendata.delta.pictures.regions import Regions
from ycd_opendata.package.canonical import csv_text
from ycd_opendata.partial_dates import first_day, last_day
from ycd_opendata.site.charts.picture import LANGS, Lang, Picture
from ycd_opendata.site.charts.svg import svg_of

if TYPE_CHECKING:
    import pandas as pd

NAME = "dates-by-region"

MOST = 300
"""More dates than this are no picture; the newest are drawn, and the text says so."""

KIND_OF = {
    "signed": "document",
    "adopted": "document",
    "published": "document",
    "effective": "start",
    "launched": "start",
    "opened": "meeting",
    "delivered": "meeting",
    "closed": "meeting",
    "held": "meeting",
    "appointed": "meeting",
    "planned": "planned",
}
"""Each event to the kind that it is drawn as: more shapes than four are hard to tell apart."""


def dates_by_region(dates: pd.DataFrame, regions: Regions) -> Picture | None:
    """Draw the newest dates by province; None where there is no date."""
    if dates.empty:
        return None
    entries = sorted(_entry(row, regions) for row in dates.to_dict("records"))
    drawn = entries[-MOST:]
    alternatives = {lang: _alternative(drawn, len(entries), regions, lang) for lang in LANGS}

    def drawn_on(layout: Layout) -> dict[Lang, str]:
        return {
            lang: svg_of(bands(drawn, regions, layout, lang), NAME, TITLES[NAME][lang], text, lang)
            for lang, text in alternatives.items()
        }

    svgs, narrow_svgs = drawn_on(WIDE), drawn_on(NARROW)
    csv = _csv(dates, regions)
    return Picture(NAME, TITLES[NAME], alternatives, svgs, narrow_svgs, csv)


def _entry(row: dict[Any, Any], regions: Regions) -> Entry:
    ends_on = row["ends_on"]
    last = last_day(ends_on if isinstance(ends_on, str) else row["starts_on"])
    top = regions.top_of[row["region_id"]]
    return Entry(first_day(row["starts_on"]), last, top, KIND_OF[row["event"]])


def _alternative(drawn: list[Entry], number: int, regions: Regions, lang: Lang) -> str:
    zh = lang == "zh"
    comma, stop = ("，", "。") if zh else (", ", ".")
    found = [TITLES[NAME][lang] + stop]
    if number > len(drawn):
        found.append(NEWEST[lang].format(len(drawn), number))
    for top in regions.tops:
        years = sorted(Counter(entry.first.year for entry in drawn if entry.top == top).items())
        total = counted(sum(n for _, n in years), "dates", lang)
        items = [f"{year}年{n:,}个" if zh else f"{n:,} in {year}" for year, n in years]
        found.append(sentence(f"{regions.names[lang][top]}{comma}{total}", items, lang))
    kinds = Counter(entry.kind for entry in drawn)
    found += [f"{words[lang]} {kinds[kind]:,}{stop}" for kind, words in KINDS.items()]
    return text_of([*found, WITH_CITIES[lang]], lang)


def _csv(dates: pd.DataFrame, regions: Regions) -> str:
    header = (
        *("date_id", "event", "starts_on", "ends_on", "region_id", "region_name_zh"),
        *("region_name_en", "title_zh", "title_en"),
    )
    rows = [
        (
            *(row["date_id"], row["event"], row["starts_on"]),
            row["ends_on"] if isinstance(row["ends_on"], str) else "",
            *(row["region_id"], *regions.both_names(row["region_id"])),
            *(row["title_zh"], row["title_en"]),
        )
        for row in dates.sort_values(["starts_on", "date_id"]).to_dict("records")
    ]
    return csv_text([header, *rows])
