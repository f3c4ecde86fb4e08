"""Values as they are shown to people: short, and nothing in them that a terminal obeys."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

_LONGEST, _FEW = 80, 3
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
# Markup of Markdown and HTML, what names a person and what ends a cell.
_MARKED = {ord(each): f"&#{ord(each)};" for each in "\\`*_[]<>|#&~!@"}


def quoted(value: object) -> str:
    """A value for a message: in quotes, control characters visible, cut where it is long."""
    return f'"{visible(shortened(str(value), _LONGEST))}"'


def shortened(text: str, most: int) -> str:
    """A text of so many characters at the most, with … where others were cut off."""
    return text if len(text) <= most else f"{text[:most]}…"


def first_few(texts: Sequence[str]) -> str:
    """The first three of some texts, with … where there are others."""
    return ", ".join((*texts[:_FEW], *("…" for _ in texts[_FEW : _FEW + 1])))


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


def json_text(value: object) -> str:
    """A value as a file of JSON, in the order in which it was built."""
    return writable_json(json.dumps(value, ensure_ascii=False, indent=2)) + "\n"


def writable_json(text: str) -> str:
    """JSON that every parser takes: a lone surrogate is shown as its code, as ``visible`` does.

    Its own escape would be JSON, which many parsers refuse.
    """
    return _LONE_SURROGATE.sub(lambda found: f"\\\\u{ord(found[0]):04x}", text)


def markdown(text: str) -> str:
    """Text for a line of Markdown: no markup, no link, no end of a line or a table's cell."""
    return visible(" ".join(text.split())).translate(_MARKED).replace("://", "&#58;//")
