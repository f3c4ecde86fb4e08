"""Values as they are shown to people: short, and nothing in them that a terminal obeys."""

from __future__ import annotations

_LONGEST = 80


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


def writable(text: str) -> str:
    """Text that UTF-8 can hold: a lone surrogate, which JSON may carry, is shown as JSON does."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")
