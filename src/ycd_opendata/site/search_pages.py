"""Search over everything: what each record is found by, as data, and the page that searches it.

Whatever script a Chinese text is in, it is found by both: the other one stands beside it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any

from ycd_opendata.errors import MissingExtraError
from ycd_opendata.site.content import file_name
from ycd_opendata.site.listing import Listing, ListRow
from ycd_opendata.site.rendering import COMPACT_JSON, File, Renderer
from ycd_opendata.site.wording import joined

_HAN_RUN = re.compile(r"[\u3400-\u9fff]+")
_MOST_INFO = 140
_MOST_TEXT = 400


def search_pages(page: Renderer) -> Iterator[File]:
    """The page, and a file of data for each list; records without a page are found in the list."""
    made: list[tuple[str, Listing]] = []
    unsearched = []
    for name in page.content.lists:
        listing = page.listing(name)
        if not listing.rows:
            continue
        if listing.left_out:
            unsearched.append(listing)
            continue
        path = f"assets/data/search.{file_name(name)}.{page.lang}.js"
        yield path, _script(len(made), listing.title.text, page.content.list_place(name), listing)
        made.append((path, listing))
    yield page.page(
        "search.html",
        "search.html",
        kinds=[_kind(page, each) for _, each in made],
        chunks=[path for path, _ in made],
        unsearched=[_kind(page, each) for each in unsearched],
    )


def _script(number: int, title: str, place: str, listing: Listing) -> Iterator[str]:
    """What the search page loads of one list; it is as long as the table, so never held whole."""
    yield f"(window.ycdSearch??=[])[{number}]=[{COMPACT_JSON(title)},{COMPACT_JSON(place)},["
    for index, row in enumerate(listing.rows):
        yield f"{',' if index else ''}{COMPACT_JSON(_row_data(row))}"
    yield "]]\n"


def _kind(page: Renderer, listing: Listing) -> tuple[Any, str, str]:
    """A list as the page links to it: its title, its page, and how many records it has."""
    number = page.wording.number(listing.count)
    return listing.title, page.content.list_place(listing.name), number


def _row_data(row: ListRow) -> list[str]:
    """Where a record is, what it is called in which language, and what else it is found by."""
    first = row.cells[0]
    title = joined(first.words)
    said = {cell: joined(cell.words) for cell in row.cells[1:]}
    info = " · ".join(text for cell, text in said.items() if text and cell.kind != "number")
    numbers = " ".join(text for cell, text in said.items() if cell.kind == "number")
    below = f"{first.below.text} {row.found_by}"[:_MOST_TEXT]
    return [
        first.href,
        title,
        first.words[0].lang,
        info[:_MOST_INFO],
        f"{below} {numbers} {row.key}" + _in_the_other_script(f"{title} {below}"),
    ]


def _in_the_other_script(text: str) -> str:
    """The Chinese words of a text in the script that they are not in."""
    found = []
    for words in dict.fromkeys(_HAN_RUN.findall(text)):
        for convert in _converters():
            other = convert(words)
            if other != words:
                found.append(other)
    return "".join(f" {each}" for each in found)


@lru_cache(maxsize=1)
def _converters() -> tuple[Callable[[str], str], ...]:
    try:
        from opencc import OpenCC
    except ImportError as error:
        raise MissingExtraError("searching Chinese in both scripts", "publish") from error
    return tuple(lru_cache(maxsize=10_000)(OpenCC(each).convert) for each in ("t2s", "s2t"))
