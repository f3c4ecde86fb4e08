"""Values as they are shown to people: short, and nothing in them that a terminal obeys."""

from __future__ import annotations

import re

_LONGEST = 80
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
# Markup of Markdown and HTML, what names a person and what ends a cell.
_MARKED = {ord(each): f"&#{ord(each)};" for each in "\\`*_[]<>|#&~!@"}


def quoted(value: object) -> str:
    """A value for a message: in quotes, control characters visible, cut where it is long."""
    text = str(value)
    return f'"{visible(text if len(text) <= _LONGEST else text[:_LONGEST] + "…")}"'


def visible(text: str) -> str:
    """Text whose control characters are shown as codes, so that a terminal obeys none of them."""
    if text.isprintable():
        return text
    return "".join(
        each if each.isprintable() else each.encode("unicode_escape").decode("ascii")
        for each in text
    )


def counted_in_english(number: int, noun: str) -> str:
    """A number with its noun, such as ``1 table``, for files that are the same everywhere."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def writable(text: str) -> str:
    """Text that UTF-8 can hold: a lone surrogate, which JSON may carry, is shown as JSON does."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def writable_json(text: str) -> str:
    """JSON that every parser takes: a lone surrogate is shown as its code, as ``visible`` does.

    Its own escape would be JSON, which many parsers refuse.
    """
    return _LONE_SURROGATE.sub(lambda found: f"\\\\u{ord(found[0]):04x}", text)


def markdown(text: str) -> str:
    """Text for a line of Markdown: no markup, no link, no end of a line or a table's cell."""
    return visible(" ".join(text.split())).translate(_MARKED).replace("://", "&#58;//")
