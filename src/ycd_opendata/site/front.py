"""What the front page shows."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from ycd_opendata.loader.citation import cite_package
from ycd_opendata.site.citing import cited
from ycd_opendata.site.codebook import TableLine, table_line
from ycd_opendata.site.content import Content
from ycd_opendata.site.downloads import downloads_of
from ycd_opendata.site.listing import Listing, ListRow
from ycd_opendata.site.rendering import Renderer, Text, safe_url
from ycd_opendata.site.wording import Wording, Words

_JSON_LD = "dataset.jsonld"
_MOST_TABLES = 8
_MOST_LISTED = 40
"""Tables whose rows are counted and whose files are listed; the page of the search has them all."""
_ROWS_OF_TABLE = 5
_EMPTY_LINE = re.compile(r"\n\s*\n")


@dataclass(frozen=True)
class Figure:
    """A number that stands large, and what it counts."""

    value: str
    words: Words
    href: str = ""


@dataclass(frozen=True)
class FirstRows:
    """The first rows of a list, and its page."""

    href: str
    listing: Listing
    rows: Sequence[ListRow]
    caption: str


@dataclass(frozen=True)
class Citation:
    """How to cite the data in one form: what the form is called, its id, and the text."""

    label: str
    id: str
    words: Words


@dataclass(frozen=True)
class ShownPicture:
    """A picture in one language: its texts, and its files in the catalogue.

    That of a table leads to the table.
    """

    title: str
    alternative: str
    wide: str
    size: tuple[int, int]
    narrow: str
    data: str
    is_titled: bool
    table: Words
    table_href: str


def front_page(page: Renderer, pictures: Sequence[ShownPicture]) -> Text:
    """The path and text of the front page."""
    content, additions = page.content, page.content.additions
    # An owner who says what there is of his tables says what the front page shows of them.
    has_own = additions is not None and bool(additions.tables)
    tables = [table_line(page, each) for each in islice(content.tables.values(), _MOST_LISTED)]
    shown: dict[str, Any] = {
        "lead": page.summary,
        "about": _paragraphs(page.owners_text("about")),
        "offers": _offers(page),
        "figures": tuple(_figures(page, tables)),
        "pictures": [each for each in pictures if not (has_own and each.table_href)],
        "first_rows": () if has_own else tuple(_first_rows(page)),
        "tables": tables,
        "all_tables": len(content.tables) if len(content.tables) > len(tables) else 0,
        "downloads": downloads_of(content, page.wording),
        "citations": tuple(_citations(page)),
        "json_ld": _json_ld(content, page.root_of_front),
    }
    if additions is not None and additions.front is not None:
        shown |= additions.front(page)
    return page.front(**shown)


def _paragraphs(words: Words) -> list[Words]:
    """A text in paragraphs, which an empty line parts."""
    return [Words(each, words.lang) for each in _EMPTY_LINE.split(words.text) if each.strip()]


def _offers(page: Renderer) -> list[tuple[str, str]]:
    """The other languages in their own words, on the page that opens at the catalogue's root.

    Who comes there has not chosen one; no page of its own stands between him and the data.
    """
    content = page.content
    first, *others = content.languages
    if page.lang != first:
        return []
    return [(each, Wording(each, content.owners_folder).text("front.offer")) for each in others]


def _citations(page: Renderer) -> Iterator[Citation]:
    """The citations; BibTeX is in English, whatever the page is in."""
    yield Citation(page.wording.text("front.text"), "cite-text", cited(page))
    bibtex = cite_package(page.content.package, "bibtex")
    yield Citation("BibTeX", "cite-bibtex", page.wording.words(bibtex, "en"))


def _json_ld(content: Content, root: str) -> str:
    """The release's schema.org description, safe inside a script element; "" if it has none.

    The list of everything that is measured would be most of the page, and is left to the file, as
    are files beyond those of as many tables as the page lists.
    """
    if _JSON_LD not in content.files:
        return ""
    value = json.loads((content.package.root / _JSON_LD).read_text(encoding="utf-8"))
    value.pop("variableMeasured", None)
    value["distribution"] = value.get("distribution", [])[: 4 * _MOST_LISTED]
    for each in value["distribution"]:
        if not safe_url(each["contentUrl"]):
            each["contentUrl"] = f"{root}latest/{each['contentUrl']}"
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _figures(page: Renderer, tables: Sequence[TableLine]) -> Iterator[Figure]:
    for each in tables:
        number = page.wording.number(each.rows)
        yield Figure(number, each.title, page.content.list_place(each.name))


def _first_rows(page: Renderer) -> Iterator[FirstRows]:
    for name in page.content.lists[:_MOST_TABLES]:
        listing = page.listing(name)
        number = page.wording.number
        shown = listing.rows[:_ROWS_OF_TABLE]
        caption = page.wording.text(
            "site.all_of" if len(shown) == listing.count else "front.first_rows",
            shown=number(len(shown)),
            count=number(listing.count),
        )
        yield FirstRows(page.content.list_place(name), listing, shown, caption)
