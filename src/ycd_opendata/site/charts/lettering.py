"""Text that fits its place in a picture, by an estimate that suits any reader's fonts.

The reader's browser chooses the font, and the machine that builds may not have it: so widths are
estimated on the generous side from the characters alone.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from markupsafe import escape

from ycd_opendata.shown import visible

_EM_OF_WIDE = 1.0
_EM_OF_CAPITAL = 0.7
_EM_OF_NARROW = 0.34
_EM_OF_OTHER = 0.62
_BOLD = 1.12
_OF_NUMBERS = "0123456789.,"
_NUMBER_AT_END = re.compile(r"[0-9][0-9.,]*$")
_NARROW = frozenset(" .,:;'’!|()[]iIjlft-")


def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """How wide a text may get, in pixels, at a font size in pixels."""
    return size * sum(map(_em, text)) * (_BOLD if bold else 1)


@cache
def _em(character: str) -> float:
    if unicodedata.east_asian_width(character) in "WF":
        return _EM_OF_WIDE
    if character in _NARROW:
        return _EM_OF_NARROW
    return _EM_OF_CAPITAL if character.isupper() else _EM_OF_OTHER


def svg_text(text: str) -> str:
    """A text as it may stand in SVG, control characters as codes."""
    return str(escape(visible(text)))


def fitted(text: str, width: float, size: float, most: int = 1, *, bold: bool = False) -> list[str]:
    """A text as at most so many lines of a width, broken between words (or Chinese characters).

    What does not fit ends in an ellipsis; control characters are shown as codes.

    Examples
    --------
    >>> fitted("Scientific and technological innovation", 130, 12, most=2)
    ['Scientific and', 'technological…']
    """
    lines = [""]
    for piece in _pieces(visible(text)):
        longer = lines[-1] + piece
        if text_width(longer.rstrip(), size, bold=bold) <= width or not lines[-1].strip():
            lines[-1] = longer
        else:
            lines.append(piece.lstrip())
    lines = [line.strip() for line in lines]
    if len(lines) > most:
        lines = [*lines[: most - 1], lines[most - 1] + "…"]
    return [_cut(line, width, size, bold) for line in lines]


def _pieces(text: str) -> list[str]:
    """Where a text may be broken: after a space, and after each Chinese character."""
    pieces = [""]
    for character in text:
        pieces[-1] += character
        if character == " " or unicodedata.east_asian_width(character) in "WF":
            pieces.append("")
    return pieces


def _cut(line: str, width: float, size: float, bold: bool) -> str:
    if text_width(line, size, bold=bold) <= width:
        return line
    cut = line
    while cut and text_width(cut + "…", size, bold=bold) > width:
        cut = cut[:-1]
    # A part of a number would be another number.
    kept = _NUMBER_AT_END.sub("", cut) if line[len(cut)] in _OF_NUMBERS else cut
    return kept.rstrip() + "…"
