"""Which regular expressions mean the same in Python's ``re`` and in Rust's ``regex``.

Rust's engine never backtracks, so a portable pattern takes time in proportion to the text. What
the two read differently (look-around, references, ``\\w`` beyond ASCII, flags) is not portable.
"""

from __future__ import annotations

import re

_CLASSES = {"d": "0-9", "w": "A-Za-z0-9_", "s": " \\t\\n\\r\\f\\v"}
_TOKEN = re.compile(
    r"""
      (?P<literal>[A-Za-z0-9_\-:;,/@%=<>!"'`~\ ]|[^\x00-\x7f])
    | \\(?P<escaped>[.\-+*?()\[\]{}|^$\\/])
    | \\(?P<class>[dws])
    | (?P<any>\.)
    | \[(?P<negated>\^?)(?P<members>(?:[A-Za-z0-9_:;,/@%=<>!"'`.+*?(){}$|\-\ ]|[^\x00-\x7f]
        |\\[.\-+*?()\[\]{}|^$\\/dws])+)\]
    | (?P<open>\((?:\?:)?)
    | (?P<close>\))
    | (?P<or>\|)
    | (?P<repeat>[*+?]|\{[0-9]{1,4}(?:,[0-9]{0,4})?\})\??
    """,
    re.VERBOSE,
)


def portable(pattern: str) -> str | None:
    """A pattern as Rust and Python both read it, or None where there is none.

    For ASCII text the result matches just what ``pattern`` matches; for other text it may match
    less (``\\d`` stands for ASCII digits), never more.
    """
    pattern = pattern.removeprefix("^")
    if pattern.endswith("$") and not pattern.endswith("\\$"):
        pattern = pattern[:-1]
    parts = []
    depth = position = 0
    repeatable = False
    while position < len(pattern):
        token = _TOKEN.match(pattern, position)
        if token is None:
            return None
        position = token.end()
        kind = token.lastgroup
        if token["repeat"]:
            if not repeatable:
                return None
            repeatable = False
            parts.append(token[0])
            continue
        repeatable = kind not in ("open", "or")
        if token["open"]:
            depth += 1
            parts.append("(?:")
            continue
        if token["close"]:
            depth -= 1
        # The standard's reader writes ^ and $ round the pattern without a group.
        if depth < 0 or (token["or"] and depth == 0):
            return None
        text = _translated(token)
        if text is None:
            return None
        parts.append(text)
    return "".join(parts) if depth == 0 else None


def _translated(token: re.Match[str]) -> str | None:
    """One token that is no group and no repetition, in the common language."""
    if token["class"]:
        return f"[{_CLASSES[token['class']]}]"
    if token["members"]:
        members = token["members"]
        if token["negated"] and re.search(r"\\[dws]", members):
            return None
        # In Rust, -- and && and ~~ inside brackets are set operations.
        if re.search(r"--|&&|~~", members):
            return None
        members = re.sub(r"\\([dws])", lambda each: _CLASSES[each[1]], members)
        return f"[{token['negated']}{members}]"
    return token[0]
