"""What the page of an indicator has beside its facts, and its figures as files and to embed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from ycd_opendata.delta.site.figures_over_time import chart_of
from ycd_opendata.delta.site.indicator_figures import figures_of, last_promises, variants_of
from ycd_opendata.delta.site.making import VERDICTS, Maker, maker_of
from ycd_opendata.delta.site.region_comparison import compared
from ycd_opendata.delta.site.tile_map import tile_map
from ycd_opendata.delta.site.what_to_know import contested, whose_word
from ycd_opendata.package.canonical import csv_text
from ycd_opendata.site.charts.png import can_write, png_of
from ycd_opendata.site.charts.time_chart import NARROW, WIDE, TimeChart, chart_svg
from ycd_opendata.site.content import Content, file_name
from ycd_opendata.site.record_pages import json_lines
from ycd_opendata.site.rendering import File, Renderer, Text

_FOLDER = "series"
_LEAST_FOR_PNG = 6
"""Figures that a chart has at least that is made a PNG too.

Most charts have two or three. A PNG takes as long as ten pages, and with Chinese letters as long as
thirty: all of them would take longer than all pages together. Each chart has its SVG.
"""

_PNG_SCALE = 1.5


def indicator_shown(page: Renderer, key: str, made: MadeChart | None) -> Mapping[str, Any]:
    """What the template of an indicator's page is given."""
    make, stem = maker_of(page), f"{_FOLDER}/{file_name(key)}"
    figures, regions = figures_of(make, key), compared(make, key)
    name = make.name("indicators", key).text
    tiles_title = page.wording.text("compare.tiles", indicator=name)
    verdicts = {each.verdict for each in figures if each.verdict}
    return {
        "figures": figures,
        "regions": regions,
        "promises": last_promises(figures),
        "tiles": tile_map(make, regions, tiles_title, "../"),
        "whose_word": whose_word(make, key),
        "contested": tuple(contested(make, key)),
        "variants": tuple(variants_of(make, key)),
        "chart": None if made is None else made.inline,
        "verdicts_shown": [each for each in VERDICTS if each in verdicts],
        "figures_csv": f"{stem}.csv",
        "figures_json": f"{stem}.json",
        "figures_svg": f"{stem}.{page.lang}.svg",
        "figures_png": f"{stem}.{page.lang}.png" if made and _has_png(page, made.chart) else "",
        "embed": f"embed/{file_name(key)}.html",
    }


@dataclass(frozen=True)
class MadeChart:
    """The chart of an indicator, and both sizes of it for pages one folder down."""

    chart: TimeChart
    inline: Markup


def made_chart(make: Maker, key: str) -> MadeChart | None:
    """The chart of an indicator, for its page and that to be embedded; None if there is none."""
    chart = chart_of(make, key)
    return None if chart is None else MadeChart(chart, inline(chart, "../"))


def inline(chart: TimeChart, prefix: str) -> Markup:
    """Both sizes of a chart; the style sheet shows the one that fits."""
    return Markup(chart_svg(chart, WIDE, prefix) + "\n" + chart_svg(chart, NARROW, prefix))


def _has_png(page: Renderer, chart: TimeChart) -> bool:
    number = sum(len(each.points) + len(each.goals) for each in chart.series)
    return number >= _LEAST_FOR_PNG and can_write(page.lang)


def chart_files(page: Renderer, key: str, made: MadeChart) -> Iterator[File]:
    """The chart of an indicator as pictures, and a page of it alone."""
    chart = made.chart
    stem, svg = f"{_FOLDER}/{file_name(key)}.{page.lang}", chart_svg(chart, WIDE, None)
    yield f"{stem}.svg", svg + "\n"
    if _has_png(page, chart):
        yield f"{stem}.png", png_of(svg, _PNG_SCALE)
    yield page.page(
        "embed.html",
        f"embed/{file_name(key)}.html",
        title=chart.title,
        chart=made.inline,
        chart_text=chart.alternative,
        onward=maker_of(page).link("indicators", key),
    )


def series_files(content: Content) -> Iterator[Text]:
    """The figures of each indicator as CSV and JSON, as the table of all series has them."""
    table = content.tables["series"]
    schema = table.resource.schema
    assert schema is not None
    names = schema.field_names
    for key, rows in table.grouped("indicator_id").items():
        stem = f"{_FOLDER}/{file_name(key)}"
        yield f"{stem}.csv", csv_text([names, *([row[each] for each in names] for row in rows)])
        value = {
            "indicator_id": key,
            "version": content.package.version,
            "figures": [{each: row[each] or None for each in names} for row in rows],
        }
        yield f"{stem}.json", json_lines(value)
