"""The keys of a descriptor: which known one is near a wrong one, and on which line a key stands.

A descriptor may have very many of them, so words and files are prepared once for all.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from difflib import SequenceMatcher
from functools import cache
from pathlib import Path

_NEAR = 0.75
_STRING = re.compile(r'"([^"\\]*+(?:\\.[^"\\]*+)*+)"(\s*:)?')


class Spelling:
    """Knows a few words, and which of them another one was meant to be."""

    def __init__(self, known: Iterable[str]) -> None:
        # A matcher prepares its second text, which is why that is the word that stays.
        self._matchers = [(word, SequenceMatcher(b=word)) for word in known]

    def nearest(self, word: str) -> str | None:
        """The known word that is most like another one, None if none is near."""
        best, nearest = _NEAR, None
        for known, matcher in self._matchers:
            matcher.set_seq1(word)
            if matcher.real_quick_ratio() >= best and matcher.quick_ratio() >= best:
                ratio = matcher.ratio()
                if ratio >= best:
                    best, nearest = ratio, known
        return nearest


class KeyLines:
    """The lines on which keys stand in the JSON files of a folder."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._lines = cache(self._read)

    def line(self, file: str, key: str) -> int | None:
        """The line of a key in a file, if it stands on one line only."""
        return self._lines(file).get(key)

    def _read(self, file: str) -> dict[str, int | None]:
        text = (self._root / file).read_text(encoding="utf-8-sig")
        lines: dict[str, int | None] = {}
        line, at = 1, 0
        for match in _STRING.finditer(text):
            if not match[2]:
                continue
            line += text.count("\n", at, match.start())
            at = match.start()
            key = json.loads(f'"{match[1]}"', strict=False) if "\\" in match[1] else match[1]
            lines[key] = line if lines.setdefault(key, line) == line else None
        return lines
