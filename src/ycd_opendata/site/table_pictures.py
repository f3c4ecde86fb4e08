"""Pictures of any table's figures: lines or points over time, or bars."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from ycd_opendata.package.canonical import csv_text
from ycd_opendata.package.settings import SitePicture
from ycd_opendata.partial_dates import day_bounds
from ycd_opendata.site.cell_words import CellWords, Column
from ycd_opendata.site.charts.bar_chart import BarChart, NamedBar, bar_svg
from ycd_opendata.site.charts.picture import Picture
from ycd_opendata.site.charts.time_chart import (
    COLORS,
    NARROW,
    WIDE,
    TimeChart,
    TimePoint,
    TimeSeries,
    chart_svg,
)
from ycd_opendata.site.content import Content, file_name
from ycd_opendata.site.packed_rows import Row
from ycd_opendata.site.rendering import Renderer
from ycd_opendata.site.table_figures import TableFigure, figures_of, wanted_pictures
from ycd_opendata.site.table_lists import table_listing
from ycd_opendata.site.wording import joined

_MOST_BARS = 40
_MOST_TOLD = 30
_LEAST_DAYS = 2
_MOST_LINKED = 60


@dataclass(frozen=True)
class _Drawn:
    """A picture in one language."""

    title: str
    alternative: str
    svg: str
    narrow: str


def table_pictures(content: Content) -> tuple[Picture, ...]:
    """The pictures of a package's tables; one that has nothing to show is left out."""
    wanted = wanted_pictures(content)
    if not wanted:
        return ()
    pages = {lang: Renderer(content, lang, table_listing) for lang in content.languages}
    found = []
    for number, asked in enumerate(wanted, start=1):
        table = content.tables[asked.table]
        figures = list(figures_of(asked, table.rows))
        drawn = {lang: _drawn(page, asked, figures) for lang, page in pages.items()}
        shown = {lang: each for lang, each in drawn.items() if each is not None}
        if len(shown) < len(pages):
            continue
        names = [each for each in (asked.by, asked.x, asked.y) if each]
        rows = [[each.row[name] for name in names] for each in figures]
        found.append(
            Picture(
                name=f"{file_name(asked.table)}-{number}",
                titles={lang: each.title for lang, each in shown.items()},
                alternatives={lang: each.alternative for lang, each in shown.items()},
                svgs={lang: each.svg for lang, each in shown.items()},
                narrow_svgs={lang: each.narrow for lang, each in shown.items()},
                data_csv=csv_text([names, *rows]),
                table=asked.table,
                is_titled=True,
            )
        )
    return tuple(found)


def _drawn(page: Renderer, asked: SitePicture, figures: Sequence[TableFigure]) -> _Drawn | None:
    table = page.content.tables[asked.table]
    title = title_of(page, asked, page.wording.table(table.resource).text)
    if asked.kind == "bars":
        return _bars(page, asked, figures, title)
    chart = time_chart(page, asked, figures, "chart", title)
    if chart is None:
        return None
    wide, narrow = (chart_svg(chart, each, None) for each in (WIDE, NARROW))
    return _Drawn(title, chart.alternative, wide, narrow)


def title_of(page: Renderer, asked: SitePicture, whose: str) -> str:
    """What a picture is called: as its owner says, or by its figure and whose it is."""
    y = _column(page.cell_words, asked.table, asked.y)
    return asked.title.get(page.lang) or asked.title.get("") or page.wording.text(
        "front.picture_title", figure=page.wording.column(y.field).text, table=whose
    )  # fmt: skip


def _column(words: CellWords, table: str, name: str) -> Column:
    """The column of a field; one of a text in two languages is that of the page's."""
    for each in words.columns[table]:
        pair = {f"{each.stem}{lang}" for lang in ("", "_en", "_zh")} if each.stem else set()
        if name in {each.field.name, *pair}:
            return each
    raise KeyError(name)


def _said(words: CellWords, column: Column, row: Row) -> str:
    return joined(words.cell(column, row).words)


def _bars(
    page: Renderer, asked: SitePicture, figures: Sequence[TableFigure], title: str
) -> _Drawn | None:
    words = page.cell_words
    x, y = _column(words, asked.table, asked.x), _column(words, asked.table, asked.y)
    by = _column(words, asked.table, asked.by) if asked.by else None
    order = list(dict.fromkeys(each.series for each in figures))
    bars = []
    for each in figures[:_MOST_BARS]:
        name = _said(words, x, each.row)
        if by is not None:
            name += page.wording.text("site.comma") + _said(words, by, each.row)
        said = _said(words, y, each.row)
        bars.append(NamedBar(name, each.y, said, order.index(each.series)))
    if not bars:
        return None
    parted, stop = page.wording.text("site.parted"), page.wording.text("site.stop")
    told = stop.join([title, *(f"{each.name}{parted}{each.said}" for each in bars)])
    chart = BarChart("chart", title, told, y.field.unit, page.lang, tuple(bars), page.credit)
    return _Drawn(title, told, bar_svg(chart, WIDE), bar_svg(chart, NARROW))


def time_chart(
    page: Renderer, asked: SitePicture, figures: Sequence[TableFigure], name: str, title: str
) -> TimeChart | None:
    """Figures over time, each leading to its record; None where they are of too few days."""
    words, content, key = page.cell_words, page.content, page.content.tables[asked.table].key
    x, y = _column(words, asked.table, asked.x), _column(words, asked.table, asked.y)
    by = _column(words, asked.table, asked.by) if asked.by else None
    is_led = len(figures) <= _MOST_LINKED
    comma, groups = page.wording.text("site.comma"), dict[str, list[TimePoint]]()
    for each in figures:
        day = _day(each.x)
        if day is None:
            continue
        series = _said(words, by, each.row) if by is not None else ""
        said = comma.join(
            part for part in (series, _said(words, x, each.row), _said(words, y, each.row)) if part
        )
        joined = "line" if asked.kind == "lines" else ""
        href = content.place_of_key(asked.table, each.row[key]) if key and is_led else ""
        point = TimePoint(day, each.y, each.y, "", joined, False, href, said)
        groups.setdefault(series, []).append(point)
    # Those with the longest series can be told apart; the table has all.
    kept = sorted(groups, key=lambda series: -len(groups[series]))[:COLORS]
    lines = tuple(
        TimeSeries(series, tuple(sorted(points, key=lambda point: point.day)), ())
        for series, points in groups.items()
        if series in kept
    )
    if len({point.day for each in lines for point in each.points}) < _LEAST_DAYS:
        return None
    told = [title]
    for line in lines:
        told += [point.label for point in line.points[:_MOST_TOLD]]
    return TimeChart(
        name=name,
        title=title,
        alternative=page.wording.text("site.stop").join(told),
        unit=y.field.unit,
        lang=page.lang,
        series=lines,
        amount=lambda value: _tick(page, y.field.unit, value),
        month=lambda day: page.wording.date(f"{day:%Y-%m}"),
        credit=page.credit,
    )


def _tick(page: Renderer, unit: str, value: float) -> str:
    """A number of an axis; in Chinese in 万 or 亿, where the unit does not begin with one."""
    if page.lang == "zh" and unit[:1] not in ("万", "亿"):
        for scale, name in ((1e8, "亿"), (1e4, "万")):
            if abs(value) >= scale:
                return f"{value / scale:.10g}{name}"
    return page.wording.amount(f"{value:.10g}")


def _day(text: str) -> date | None:
    """Where a date stands: in the middle of a year or month that is all that is said."""
    try:
        first, last = day_bounds(text[:10])
    except ValueError:
        return None
    return first + (last - first) / 2
