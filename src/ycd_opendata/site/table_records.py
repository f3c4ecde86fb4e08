"""The page of a record of any table: its cells, and the records that refer to it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from markupsafe import Markup

from ycd_opendata.site.cell_words import CellWords, Reference
from ycd_opendata.site.charts.time_chart import NARROW, WIDE, chart_svg
from ycd_opendata.site.content import Table, file_name
from ycd_opendata.site.listing import Listing
from ycd_opendata.site.packed_rows import Row
from ycd_opendata.site.record_pages import Fact, RecordView, Section, SectionChart
from ycd_opendata.site.rendering import Linked, Renderer, safe_url
from ycd_opendata.site.table_figures import figures_of, is_series
from ycd_opendata.site.table_pictures import time_chart, title_of
from ycd_opendata.site.wording import Words

_MOST_ROWS = 100
_LEAST_DRAWN, _MOST_DRAWN = 3, 2000
_UP = "../../"
"""The way from the page of a record to the folder of its language."""


def table_record(page: Renderer, table: Table, row: Row) -> RecordView:
    """What the page of a record shows."""
    words = page.cell_words
    label = words.labels[table.name]
    other = (
        page.wording.original(row, label.stem) if label is not None and label.stem else Words("")
    )
    name = words.name(table, row)
    beside = words.beside_name(table, row, name.text)
    return RecordView(
        title=name,
        subtitle=other if len(page.content.languages) > 1 else Words(""),
        lead=Words(""),
        kicker=(Linked(beside, ""),) if beside.text else (),
        crumbs=(),
        facts=tuple(_facts(words, table, row)),
        sections=tuple(_sections(page, words, table, row)),
    )


def _facts(words: CellWords, table: Table, row: Row) -> Iterator[Fact]:
    """The cells that are filled, but for the name that stands above them and its key."""
    label = words.labels[table.name]
    for column in words.columns[table.name]:
        text = row[column.field.name]
        if column is label or column.field.name == table.key or not (text or column.stem):
            continue
        cell = words.cell(column, row, whole=True)
        if any(each.text for each in cell.words):
            yield Fact(column.title, cell.words, cell.href, safe_url(text))
    for each in words.references[table.name]:
        key, found = words.referred(each, row)
        if len(each.fields) > 1 and found:
            other = words.content.tables[each.table]
            href = words.content.record_place(each.table, key)
            yield Fact(words.wording.table(other.resource), (words.name(other, found),), href)


def _sections(page: Renderer, words: CellWords, table: Table, row: Row) -> Iterator[Section]:
    """The records of other tables that refer to this one, a section a foreign key."""
    key = row[table.key]
    for other in page.content.tables.values():
        referring = [each for each in words.references[other.name] if each.table == table.name]
        for each in referring if other.is_whole else ():
            places = other.places(each.fields, key)
            if not places:
                continue
            listing = page.listing(other.name)
            title = listing.title.text
            if len(referring) > 1:
                title += f"{page.wording.text('site.parted')}{_titles(words, other, each)}"
            yield Section(
                title,
                listing,
                [listing.rows[place] for place in places[:_MOST_ROWS]],
                len(places),
                tuple(_said_anyway(page, other, each, listing)),
                page.content.list_place(other.name) if len(places) > _MOST_ROWS else "",
                _chart(page, other, each, places, words.name(table, row).text),
            )


def _chart(
    page: Renderer, table: Table, reference: Reference, places: Sequence[int], name: str
) -> SectionChart | None:
    """The lines that the records which refer to one make; None where they make none."""
    asked = page.record_series.of(table.name, reference.fields)
    if asked is None or not _LEAST_DRAWN <= len(places) <= _MOST_DRAWN:
        return None
    figures = list(figures_of(asked, (table.rows[place] for place in places)))
    if not is_series(figures):
        return None
    stem = file_name("-".join(("chart", table.name, *reference.fields)))
    chart = time_chart(page, asked, figures, stem, title_of(page, asked, name))
    if chart is None:
        return None
    svgs = [chart_svg(chart, shape, _UP) for shape in (WIDE, NARROW)]
    return SectionChart(chart.title, Markup("\n".join(svgs)))


def _said_anyway(
    page: Renderer, table: Table, reference: Reference, listing: Listing
) -> Iterator[str]:
    """The columns that say what the page is of; but one that leads to a record stays."""
    names = [name for name, _ in listing.columns]
    leading = 1 if table.name in page.content.record_tables or len(names) == 1 else 0
    yield from (name for name in names[leading:] if name in reference.fields)


def _titles(words: CellWords, table: Table, reference: Reference) -> str:
    """What the columns of a foreign key are called."""
    columns = {each.field.name: each for each in words.columns[table.name]}
    named = [columns[each].title.text for each in reference.fields if each in columns]
    return words.wording.text("site.comma").join(named)
