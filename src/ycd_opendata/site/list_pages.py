"""The pages of a list, and of a long one its rows as data, of which the script searches all."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from ycd_opendata.site.content import file_name
from ycd_opendata.site.downloads import downloads_of
from ycd_opendata.site.front import ShownPicture
from ycd_opendata.site.listing import Cell, Listing, ListRow
from ycd_opendata.site.rendering import COMPACT_JSON, Renderer, Text

ROWS_A_PAGE = 100
PAGES_A_CHUNK = 20


@dataclass(frozen=True)
class ListPage:
    """One page of a list: which of how many, its rows, and links to its neighbours."""

    number: int
    count: int
    rows: Sequence[ListRow]
    links: tuple[tuple[str, str], ...]
    rows_a_jump: ClassVar = 50

    @property
    def jumps(self) -> list[tuple[int, int]]:
        """The first and last row of each part of the page that a link at its head leads to."""
        last = self.before + len(self.rows)
        starts = range(self.before + 1, last + 1, self.rows_a_jump)
        return [(start, min(start + self.rows_a_jump - 1, last)) for start in starts]

    @property
    def before(self) -> int:
        """How many rows the pages before it have."""
        return (self.number - 1) * ROWS_A_PAGE


def list_pages(
    page: Renderer, listing: Listing, pictures: Sequence[ShownPicture] = ()
) -> Iterator[Text]:
    """The pages of a list, pictures on the first; of a long one also its rows, to be searched."""
    count = max(1, math.ceil(len(listing.rows) / ROWS_A_PAGE))
    has_chunks = count > 1 and not listing.left_out
    stem = f"assets/data/{file_name(listing.name)}.{page.lang}"
    number_of_chunks = math.ceil(count / PAGES_A_CHUNK) if has_chunks else 0
    chunks = [f"{stem}.{number}.js" for number in range(number_of_chunks)]
    data: list[str] = []
    columns = (each for table in page.cell_words.columns.values() for each in table)
    in_both = len(page.content.languages) > 1 and any(each.stem for each in columns)
    files = downloads_of(page.content, page.wording).by_table[listing.name]
    for number in range(1, count + 1):
        rows = listing.rows[(number - 1) * ROWS_A_PAGE : number * ROWS_A_PAGE]
        yield page.page(
            "listing.html",
            page.content.list_place(listing.name, number),
            listing=listing,
            is_in_both_languages=in_both,
            list_href=page.content.list_place(listing.name),
            page=ListPage(number, count, rows, _links(page, listing.name, number, count)),
            chunks=chunks,
            count_text=page.wording.text(
                "site.all_of" if len(rows) == listing.count else "listing.showing",
                shown=page.wording.number(len(rows)),
                count=page.wording.number(listing.count),
            ),
            files=files,
            pictures=pictures if number == 1 else (),
        )
        if has_chunks:
            data += (COMPACT_JSON(_row_data(row)) for row in rows)
            if number % PAGES_A_CHUNK == 0 or number == count:
                place = (number - 1) // PAGES_A_CHUNK
                yield chunks[place], f"(window.ycdRows??=[])[{place}]=[{','.join(data)}]\n"
                data.clear()


def _links(page: Renderer, name: str, number: int, count: int) -> tuple[tuple[str, str], ...]:
    """Links to the first, previous, next and last page, where they are others."""
    wanted = (("first", 1), ("previous", number - 1), ("next", number + 1), ("last", count))
    return tuple(
        (page.wording.text(f"listing.{word}"), page.content.list_place(name, each))
        for word, each in wanted
        if 1 <= each <= count and each != number
    )


def _row_data(row: ListRow) -> list[Any]:
    return [[list(each) for each in row.facets], row.found_by, [_cell_data(c) for c in row.cells]]


def _cell_data(cell: Cell) -> list[Any]:
    words = [[each.text, each.lang] for each in cell.words]
    return [words, cell.href, [cell.below.text, cell.below.lang], cell.kind, cell.order]
