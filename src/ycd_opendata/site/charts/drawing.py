"""What a picture is made of: lines, boxes, shapes and texts, each at its place in pixels.

Places are counted from the left and from the top.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from ycd_opendata.site.charts.picture import Size

DARK_OF = {
    "#1b2430": "#e9e7e2",  # ink
    "#566070": "#a6afba",  # what is said more quietly
    "#d9d5cb": "#36404b",  # lines
    "#0f7a68": "#3fb9a3",  # green
    "#bf3a18": "#ff7d5e",  # red
    "#7656a8": "#b69ae6",  # violet
    "#0a5a86": "#82c6f0",  # blue
}
"""Every colour of the pictures, as on a light page, to the same on a dark one; the page's own.

All have the contrast that WCAG asks of texts. Nobody has to tell
colours apart: each bar stands in its own column, each kind of mark has its own shape.
"""

INK, QUIET, LINE, GREEN, RED, VIOLET, BLUE = DARK_OF


@dataclass(frozen=True)
class Line:
    """A thin line between two places."""

    x: float
    y: float
    x2: float
    y2: float


@dataclass(frozen=True)
class Box:
    """A filled rectangle between two places."""

    x: float
    y: float
    x2: float
    y2: float
    color: str


@dataclass(frozen=True)
class Mark:
    """A shape around a place; ``shape`` is one that ``svg`` knows."""

    x: float
    y: float
    shape: str
    color: str


@dataclass(frozen=True)
class Text:
    """One text; ``y`` is the line that it stands on."""

    x: float
    y: float
    text: str
    size: float = 13
    color: str = INK
    bold: bool = False
    at_end: bool = False


@dataclass
class Drawing:
    """A picture while it is drawn: later parts lie over earlier ones, texts over everything.

    ``mark_width`` is how wide its shapes are.
    """

    size: Size
    mark_width: float = 0
    lines: list[Line] = field(default_factory=list)
    boxes: list[Box] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    texts: list[Text] = field(default_factory=list)
