"""What a change says: its record, its column and its values in the words of a page.

A change file speaks of versions that are gone: its tables, columns and records may be there no
more, and are then called what they were.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cache
from typing import Any, NamedTuple

from ycd_opendata.site.cell_words import Column
from ycd_opendata.site.listing import Cell
from ycd_opendata.site.packed_rows import WHOLE_KEY
from ycd_opendata.site.rendering import Linked, Renderer
from ycd_opendata.site.wording import Words, joined, readable

_SHORT = 20
"""Characters of a text that is shown as a whole, as a date or a name is."""
_AROUND = 60
"""Characters that are shown of what stands before and after a difference."""
_MOST_DIFFERING = 400
_LONGEST_WORD = 20
_PART_OF_WORD_FIRST = re.compile(r"^[!-~]{0,20} ")
_PART_OF_WORD_LAST = re.compile(r" [!-~]{0,20}$")


class Side(NamedTuple):
    """A value before or after: what differs, between what both have.

    ``href`` is the page of the record that it names, relative to the folder of the language.
    """

    start: Words = Words("")
    differing: Words = Words("")
    end: Words = Words("")
    href: str = ""


class ChangedWords:
    """Says the changes of a catalogue's releases on the pages of one language."""

    def __init__(self, page: Renderer) -> None:
        self._page = page
        self._wording = page.wording
        self.column = cache(self._column)

    def table(self, name: str) -> Words:
        """What a table is called; "" is the package."""
        table = self._page.content.tables.get(name)
        if table is not None:
            return self._wording.table(table.resource)
        return Words(readable(name) or self._wording.text("versions.package"))

    def record(self, name: str, record: Mapping[str, Any]) -> Linked:
        """What a record is called, by its key at least, and its page while it is there.

        "" where nothing is known but the key.
        """
        table = self._page.content.tables.get(name)
        if table is None or table.resource.schema is None:
            return Linked(Words(""), "")
        key = table.key_in(record)
        href = self._page.content.record_place(name, key) if key else ""
        if href:
            return Linked(self._page.record_name(name, key), href)
        blank = dict.fromkeys(table.resource.schema.field_names, "")
        told = {field: str(value) for field, value in record.items() if value is not None}
        if not {*table.resource.schema.primary_key} <= {*told}:
            return Linked(Words(""), "")
        words = self._page.cell_words.name(table, {**blank, **told, WHOLE_KEY: key_text(record)})
        return Linked(words, "")

    def row(self, name: str, record: Mapping[str, Any]) -> Words:
        """All that a record without a key says."""
        cells = [
            (self.field(name, field).text, self._said(name, field, value))
            for field, value in record.items()
            if value is not None
        ]
        return Words(self._listed(cells))

    def _listed(self, named: Iterable[tuple[str, str]]) -> str:
        parted = self._wording.text("site.parted")
        return self._wording.text("codebook.and").join(
            f"{name}{parted}{said}" for name, said in named
        )

    def _said(self, name: str, field: str, value: Any) -> str:
        return joined(self._cell(name, field, value).words)

    def _column(self, name: str, field: str) -> Column | None:
        table = self._page.content.tables.get(name)
        described = None if table is None else table.resource.field(field)
        if described is None:
            return None
        for each in self._page.cell_words.columns[name]:
            if each.field.name == field:
                # A change speaks of one cell: no text in two languages, no key of several.
                return replace(each, stem="", part_of=None)
        return Column(described, self._wording.column(described), "", "", None)

    def field(self, name: str, field: str) -> Words:
        """What a column is called, or a property of it, of a table or of the package."""
        column = self.column(name, field)
        if column is not None:
            return column.title
        head, _, rest = field.partition(".")
        column = self.column(name, head) if rest else None
        if column is not None:
            parted = self._wording.text("site.parted")
            return Words(f"{column.title.text}{parted}{self._property(rest)}", column.title.lang)
        return Words(self._property(field))

    def _property(self, name: str) -> str:
        """A property of a descriptor in words, ``title@zh`` with the language that it is in."""
        plain, _, lang = name.partition("@")
        key = f"properties.{plain}"
        said = self._wording.text(key) if self._wording.has(key) else readable(plain)
        return f"{said} ({lang})" if lang else said

    def sides(self, name: str, field: str, before: Any, after: Any) -> tuple[Side, Side]:
        """A value before and after; a long text from a little before where it differs."""
        cells = [self._cell(name, field, each) for each in (before, after)]
        said = [joined(cell.words) for cell in cells]
        langs = [cell.words[0].lang if cell.words else "" for cell in cells]
        start, end = _in_common(*said)
        return (
            self._side(said[0], langs[0], start, end, cells[0].href),
            self._side(said[1], langs[1], start, end, cells[1].href),
        )

    def _side(self, text: str, lang: str, start: int, end: int, href: str) -> Side:
        if not text:
            return Side(Words(self._wording.text("record.nothing")))
        last = len(text) - end
        opening, closing = text[max(0, start - _AROUND) : start], text[last : last + _AROUND]
        differing = text[start:last]
        if start > _AROUND:
            opening = "…" + _PART_OF_WORD_FIRST.sub("", opening)
        if end > _AROUND:
            closing = _PART_OF_WORD_LAST.sub("", closing) + "…"
        if len(differing) > _MOST_DIFFERING:
            differing = f"{differing[:_MOST_DIFFERING].rstrip()}…"
        return Side(
            Words(opening, lang),
            Words(differing, lang),
            Words(closing, lang),
            href,
        )

    def _cell(self, name: str, field: str, value: Any) -> Cell:
        """A value as other pages show it."""
        if value is None:
            return Cell(())
        column = self.column(name, field)
        if column is None or not isinstance(value, str):
            told = self._told(value, field.partition(".")[2])
            return Cell((self._wording.source_words(told),))
        cell = self._page.cell_words.cell(column, {field: value}, whole=True)
        if cell.href:
            return Cell((self._page.record_name(column.refers_to, value),), cell.href)
        return cell

    def _told(self, value: Any, name: str = "") -> str:
        """A part of a descriptor in words; ``name`` is that of the property."""
        text = self._wording.text
        if name == "type" and self._wording.has(f"types.{value}"):
            return text(f"types.{value}")
        if value is None:
            return text("record.nothing")
        if isinstance(value, bool):
            return text("site.true" if value else "site.false")
        if isinstance(value, Mapping):
            return self._listed(
                (self._property(key), self._told(each, key)) for key, each in value.items()
            )
        if isinstance(value, list):
            return text("site.comma").join(map(self._told, value))
        return self._wording.amount(str(value)) if isinstance(value, int | float) else str(value)


def key_text(record: Mapping[str, Any]) -> str:
    """A key, be it of several fields."""
    return " / ".join("" if each is None else str(each) for each in record.values())


def _in_common(before: str, after: str) -> tuple[int, int]:
    """How many characters two texts have in common at their start and end, in whole words.

    None of a short one, or of one that was written anew, which are shown as they are.
    """
    start = _shared(before, after)
    end = _shared(before[start:][::-1], after[start:][::-1])
    longest = max(len(before), len(after))
    is_anew = 3 * (start + end) < longest <= _MOST_DIFFERING
    if longest <= _SHORT or is_anew:
        return 0, 0
    return _at_word(before, after, start), _at_word(before[::-1], after[::-1], end)


def _shared(before: str, after: str) -> int:
    """How many characters two texts have in common at their start."""
    start, end = 0, min(len(before), len(after))
    while start < end:  # by halves, as texts may be long
        middle = (start + end + 1) // 2
        if before[start:middle] == after[start:middle]:
            start = middle
        else:
            end = middle - 1
    return start


def _at_word(before: str, after: str, place: int) -> int:
    """The start of the word that a place is within; Chinese has no spaces, and is cut anywhere."""
    for at in range(place, max(0, place - _LONGEST_WORD), -1):
        is_within = any(
            at < len(text)
            and text[at - 1].isalnum()
            and text[at - 1].isascii()
            and text[at].isalnum()
            and text[at].isascii()
            for text in (before, after)
        )
        if not is_within:
            return at
    return place
