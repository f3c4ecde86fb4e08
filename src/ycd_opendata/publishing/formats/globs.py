"""Regular expressions as SQLite's ``GLOB``, for those that describe a few texts of known length.

``GLOB`` has literals and classes of one character, and nothing else that a pattern needs: no
repetition, no alternatives. A pattern without endless repetition is a handful of such texts.
"""

from __future__ import annotations

import re

_MOST = 16
_CLASSES = {"d": "0-9"}
_TOKEN = re.compile(
    r"""
      (?P<literal>[^\\.\[\](){}|*+?^$])
    | \\(?P<escaped>[.\-+*?()\[\]{}|^$\\/])
    | \\(?P<class>d)
    | \[(?P<members>(?:[A-Za-z0-9_:;,/@%=<>!.+()-]|[^\x00-\x7f])+)\]
    | (?P<open>\((?:\?:)?)
    | (?P<close>\))
    | (?P<or>\|)
    """,
    re.VERBOSE,
)
_REPEAT = re.compile(r"\?|\{([0-9]{1,2})\}")


class _NoGlobError(Exception):
    """The pattern says more than a few texts of known length."""


def globs(pattern: str) -> tuple[str, ...]:
    """The ``GLOB`` patterns of which a text has to match one; none where there are too many.

    Examples
    --------
    >>> globs("[A-Z]{2}-[0-9]")
    ('[A-Z][A-Z]-[0-9]',)
    >>> globs("[0-9](-[ab])?")
    ('[0-9]', '[0-9]-[ab]')
    >>> globs("a+")
    ()
    """
    try:
        # The standard's reader writes ^ and $ round the pattern without a group.
        choices, end = _alternatives(pattern, 0, allowed=False)
    except _NoGlobError:
        return ()
    return tuple(dict.fromkeys(choices)) if end == len(pattern) else ()


def _alternatives(pattern: str, position: int, *, allowed: bool = True) -> tuple[list[str], int]:
    """The texts of the alternatives from a position to the bracket that closes them."""
    choices: list[str] = []
    current = [""]
    while position < len(pattern):
        token = _TOKEN.match(pattern, position)
        if token is None:
            raise _NoGlobError
        if token["close"]:
            break
        position = token.end()
        if token["or"]:
            if not allowed:
                raise _NoGlobError
            choices += current
            current = [""]
            continue
        if token["open"]:
            part, position = _alternatives(pattern, position)
            if pattern[position : position + 1] != ")":
                raise _NoGlobError
            position += 1
        else:
            part = [_one(token)]
        part, position = _repeated(part, pattern, position)
        current = _joined(current, part)
    return choices + current, position


def _one(token: re.Match[str]) -> str:
    """One character or class."""
    if token["class"]:
        return f"[{_CLASSES[token['class']]}]"
    if token["members"]:
        # A hyphen at an end stands for itself in both languages.
        return f"[{token['members']}]"
    character = token["literal"] or token["escaped"]
    return f"[{character}]" if character in "*?[" else str(character)


def _repeated(part: list[str], pattern: str, position: int) -> tuple[list[str], int]:
    repeat = _REPEAT.match(pattern, position)
    if repeat is None:
        return part, position
    if repeat[1] is None:
        return ["", *part], repeat.end()
    times: list[str] = [""]
    for _ in range(int(repeat[1])):
        times = _joined(times, part)
    return times, repeat.end()


def _joined(before: list[str], after: list[str]) -> list[str]:
    if len(before) * len(after) > _MOST:
        raise _NoGlobError
    return [one + other for one in before for other in after]
