"""One picture: its texts, its SVG for wide and narrow pages, the data behind it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

Lang = Literal["en", "zh"]
_SIZE = re.compile(r'<svg [^>]*?width="(\d+)" height="(\d+)"')
LANGS: tuple[Lang, ...] = ("en", "zh")


class Size(NamedTuple):
    """Width and height in CSS pixels."""

    width: int
    height: int


@dataclass(frozen=True)
class Picture:
    """A picture for a page.

    Attributes
    ----------
    name : str
        The stem of its files' names.
    titles, alternatives : mapping
        Language to what the picture is called, and to a text that says what it shows, with its
        figures, for those who do not see it.
    svgs, narrow_svgs : mapping
        Language to the SVG for a wide page and for a phone; each follows the colour scheme of
        the page that shows it with ``<img>``.
    data_csv : str
        The figures that are drawn, as CSV with a header.
    table : str
        The table whose list shows it; "" where it is of several. The front page shows it, too, if
        it shows the table.
    is_titled : bool
        Whether its title is drawn in it.
    """

    name: str
    titles: Mapping[Lang, str]
    alternatives: Mapping[Lang, str] = field(repr=False)
    svgs: Mapping[Lang, str] = field(repr=False)
    narrow_svgs: Mapping[Lang, str] = field(repr=False)
    data_csv: str = field(repr=False)
    table: str = ""
    is_titled: bool = False


def size_of(svg: str) -> Size:
    """The size that the SVG of a picture is made for."""
    found = _SIZE.match(svg)
    assert found is not None
    return Size(int(found[1]), int(found[2]))
