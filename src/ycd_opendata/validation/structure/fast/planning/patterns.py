"""How the pattern of a field is read: it has to match the whole of a cell, as the standard says.

frictionless writes ``^`` and ``$`` round a pattern, so that ``yes|no`` lets ``yesterday`` pass, and
reads it with Python. A pattern that Python cannot read (``\\p{L}``, a flag that is not in front) is
read by Rust's engine, which never backtracks. A portable one means the same to both.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from ycd_opendata.messages import say

_CLASSES = {"d": "0-9", "w": "A-Za-z0-9_", "s": " \\t\\n\\r\\f\\v"}
_TOKEN = re.compile(
    r"""
      (?P<literal>[A-Za-z0-9_\-:;,/@%&\#=<>!"'`~\ ]|[^\x00-\x7f])
    | \\(?P<escaped>[.\-+*?()\[\]{}|^$\\/])
    | \\(?P<class>[dws])
    | (?P<any>\.)
    | \[(?P<negated>\^?)(?P<members>(?:[A-Za-z0-9_:;,/@%&\#=<>!"'`.+*?(){}$|~\-\ ]|[^\x00-\x7f]
        |\\[.\-+*?()\[\]{}|^$\\/dws])+)\]
    | (?P<open>\((?:\?:)?)
    | (?P<close>\))
    | (?P<or>\|)
    | (?P<repeat>[*+?]|\{[0-9]{1,4}(?:,[0-9]{0,4})?\})\??
    """,
    re.VERBOSE,
)
NOTHING = "[a&&b]"
"""A pattern for Rust that matches nothing."""
_FLAGS = re.compile(r"\(\?([aimsux]+)\)(.*)", re.DOTALL)
_OF_XML_SCHEMA = re.compile(r"\\(?:[icIC]|[pP]\{Is)")


class UnreadPatternError(Exception):
    """A pattern that the standard knows and no engine here."""


@dataclass(frozen=True)
class CellPattern:
    """A field's pattern: whether it ``matches`` a whole cell, and what frictionless makes of it.

    ``shape`` is a pattern for Rust that matches nothing else, None where there is none.
    ``is_loosely`` is frictionless's verdict, None where it cannot read the pattern.
    """

    shape: str | None
    matches: Callable[[str], bool]
    is_loosely: Callable[[str], bool] | None


def read_pattern(pattern: str) -> CellPattern:
    """A pattern as it is read.

    Raises
    ------
    UnreadPatternError
        It has something that XML Schema has and no engine here.
    ValueError
        It is broken.
    """
    loosely = _compiled(f"^{pattern}$")
    is_loosely = None if loosely is None else _verdict(loosely.match)
    whole = _compiled(f"(?:{pattern})")
    if whole is not None:
        return CellPattern(portable(pattern), _verdict(whole.fullmatch), is_loosely)
    flagged = _FLAGS.fullmatch(pattern)
    if flagged and (whole := _compiled(f"(?{flagged[1]}:{flagged[2]})")) is not None:
        return CellPattern(None, _verdict(whole.fullmatch), is_loosely)
    if _OF_XML_SCHEMA.search(pattern):
        raise UnreadPatternError(pattern)
    return CellPattern(pattern, _in_rust(pattern), is_loosely)


def _compiled(pattern: str) -> re.Pattern[str] | None:
    try:
        return re.compile(pattern)
    except (re.error, OverflowError, RecursionError):
        return None


def _verdict(match: Callable[[str], object]) -> Callable[[str], bool]:
    return lambda text: match(text) is not None


def _in_rust(pattern: str) -> Callable[[str], bool]:
    import polars as pl

    whole = f"^(?:{pattern})$"
    try:
        pl.Series([""]).str.contains(whole)
    except pl.exceptions.PolarsError as error:
        raise ValueError(say("the pattern {pattern} cannot be read", pattern=pattern)) from error
    return lambda text: bool(pl.Series([text]).str.contains(whole)[0])


def portable(pattern: str, never: str = "") -> str | None:
    """A pattern as Rust and Python both read it, or None where there is none.

    It matches no text with one of the characters ``never``; only Rust reads it if there are any.

    For ASCII text the result matches just what ``pattern`` matches; for other text it may match
    less (``\\d`` stands for ASCII digits), never more. All of a text has to match, so that ``^``
    and ``$`` round an alternative say nothing.
    """
    parts = []
    depth = position = 0
    repeatable, starts = False, True
    while position < len(pattern):
        if depth == 0 and _is_anchor(pattern, position, starts=starts):
            position += 1
            repeatable = starts = False
            continue
        token = _TOKEN.match(pattern, position)
        if token is None:
            return None
        position = token.end()
        kind = token.lastgroup
        if token["repeat"]:
            if not repeatable:
                return None
            repeatable = starts = False
            parts.append(token[0])
            continue
        repeatable = kind not in ("open", "or")
        starts = kind == "or"
        if token["open"]:
            depth += 1
            parts.append("(?:")
            continue
        if token["close"]:
            depth -= 1
        if depth < 0:
            return None
        text = _translated(token, never)
        if text is None:
            return None
        parts.append(text)
    return "".join(parts) if depth == 0 else None


def _is_anchor(pattern: str, at: int, *, starts: bool) -> bool:
    """Whether a ``^`` or ``$`` stands where an alternative starts or ends anyhow."""
    if pattern[at] == "^":
        return starts
    return pattern[at] == "$" and pattern[at + 1 : at + 2] in ("", "|")


def _translated(token: re.Match[str], never: str) -> str | None:
    """One token that is no group and no repetition, in the common language."""
    if token["class"]:
        return _without(f"[{_CLASSES[token['class']]}]", never)
    if token["members"]:
        members = token["members"]
        if token["negated"] and re.search(r"\\[dws]", members):
            return None
        # In Rust, -- and && and ~~ inside brackets are set operations.
        if re.search(r"--|&&|~~", members):
            return None
        members = re.sub(r"\\([dws])", lambda each: _CLASSES[each[1]], members)
        return _without(f"[{token['negated']}{members}]", never)
    if token["any"]:
        return _without("[^\\n]", never) if never else "."
    is_never = (token["literal"] or token["escaped"] or "") in [*never]
    return NOTHING if is_never else token[0]


def _without(characters: str, never: str) -> str:
    """A class of characters without some."""
    return f"[{characters}&&[^{class_of(never)}]]" if never else characters


def class_of(characters: Iterable[str]) -> str:
    """Characters as they stand between the brackets of a class."""
    return "".join(f"\\x{{{ord(each):x}}}" for each in sorted(characters))
