"""What we add to the site, as one value; what makes pages and pictures is loaded when it is asked.

Validating a package asks for its extension, and must not wait for templates and charts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ycd_opendata.extension import SiteAdditions
from ycd_opendata.package.model import Package

if TYPE_CHECKING:
    from ycd_opendata.site.charts.picture import Picture
    from ycd_opendata.site.content import Content, Table
    from ycd_opendata.site.listing import Listing
    from ycd_opendata.site.packed_rows import Row
    from ycd_opendata.site.record_pages import RecordView
    from ycd_opendata.site.rendering import Renderer

RECORD_TABLES = {
    "targets": "scoreboard",
    "initiatives": "initiatives",
    "outcomes": "outcomes",
    "dates": "dates",
    "sources": "sources",
    "indicators": "indicators",
    "regions": "regions",
    "domains": "domains",
}
"""The tables whose records have pages, and the list of each."""


def _listing(page: Renderer, name: str) -> Listing:
    from ycd_opendata.delta.site.lists import listing

    return listing(page, name)


def _record(page: Renderer, table: Table, row: Row) -> RecordView:
    from ycd_opendata.delta.site.record_views import record_view

    return record_view(page, table, row)


def _record_json(content: Content, table: str, key: str) -> Mapping[str, Any]:
    from ycd_opendata.delta.site.witnesses import evidence_json

    return evidence_json(content, table, key)


def _front(page: Renderer) -> Mapping[str, Any]:
    from ycd_opendata.delta.site.front_board import front_board

    return front_board(page)


def _pages(page: Renderer) -> Iterator[tuple[str, str | bytes]]:
    from ycd_opendata.delta.site.following import feeds
    from ycd_opendata.delta.site.region_comparison import compare_page
    from ycd_opendata.delta.site.what_data_say import wanted_page

    yield wanted_page(page)
    yield compare_page(page)
    yield from feeds(page)


def _files(content: Content) -> Iterator[tuple[str, str]]:
    from ycd_opendata.delta.site.indicator_pages import series_files

    return series_files(content)


def _pictures(package: Package) -> tuple[Picture, ...]:
    from ycd_opendata.delta.pictures import draw

    return draw(package)


_DOCS = Path(__file__).parents[4] / "docs"
"""Our own documentation: a checkout has it, an installed wheel does not, nor has its site."""

SITE = SiteAdditions(
    folder=Path(__file__).parent,
    tables=RECORD_TABLES,
    menu=tuple(RECORD_TABLES.values()),
    listing=_listing,
    record=_record,
    record_json=_record_json,
    pages=_pages,
    files=_files,
    front=_front,
    pictures=_pictures,
    guides=_DOCS if (_DOCS / "write_reference.py").is_file() else None,
)
