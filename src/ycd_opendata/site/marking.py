"""Words and cells as HTML.

Everything else is written by templates. These two are not, as they stand on a page hundreds of
times, and a macro takes ten times as long as a function.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from markupsafe import Markup, escape

from ycd_opendata.site.listing import Cell
from ycd_opendata.site.wording import Wording, Words

_SPECIAL = re.compile(r"[&<>\"']")


@dataclass(frozen=True)
class Marking:
    """Marks the words of the pages of one language."""

    wording: Wording

    def say(self, words: Words) -> Markup:
        """A text in the language that it is in."""
        return Markup(self._said(words))

    def say_all(self, pieces: Iterable[Words]) -> Markup:
        """The texts one after the other."""
        return Markup("".join(map(self._said, pieces)))

    def cell(self, cell: Cell, label: str, here: str, head: bool) -> Markup:
        """A cell of a table: ``label`` is its column's title, ``head`` whether it names the row."""
        said = "".join(map(self._said, cell.words))
        mark, _, further = cell.kind.partition(" ")
        if further:
            said = f'<span class="{_escaped(cell.kind)}">{said}</span>'
        elif cell.href:
            said = f'<a href="{_escaped(here + cell.href)}">{said}</a>'
        if cell.below.text:
            said += f"<small{_lang(cell.below)}>{_escaped(cell.below.text)}</small>"
        tag, scope = ("th", ' scope="row"') if head else ("td", "")
        marked = f' class="{_escaped(mark)}"' if mark else ""
        order = f' data-order="{_escaped(cell.order)}"' if cell.order else ""
        opened = f'<{tag}{scope} data-label="{_escaped(label)}"{marked}{order}>'
        return Markup(f"{opened}{said}</{tag}>")

    def _said(self, words: Words) -> str:
        if not words.text:
            return ""
        return "".join(
            f"<span{_lang(each)}>{_escaped(each.text)}</span>" if each.lang else _escaped(each.text)
            for each in self.wording.pieces(words)
        )


def _lang(words: Words) -> str:
    return f' lang="{_escaped(words.lang)}"' if words.lang else ""


def _escaped(text: str) -> str:
    """A text as HTML; most need nothing, and looking takes less time than marking them."""
    return str(escape(text)) if _SPECIAL.search(text) else text
