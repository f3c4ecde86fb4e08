"""Semantic versions (2.0.0): ``MAJOR.MINOR.PATCH``, a pre-release such as ``1.0.1-beta`` included.

Build metadata (``1.0.0+20220117``) are read and have no rank, as the standard has it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import total_ordering

Numbers = tuple[int, int, int]

# Nine digits are more than any version has, and keep a hostile one from becoming a huge number.
_NUMBER = r"(0|[1-9][0-9]{0,8})"
_PART = r"(?:0|[1-9][0-9]{0,8}|[0-9]{0,40}[A-Za-z-][0-9A-Za-z-]{0,40})"
_VERSION = re.compile(
    rf"{_NUMBER}\.{_NUMBER}\.{_NUMBER}"
    rf"(?:-({_PART}(?:\.{_PART}){{0,9}}))?"
    r"(?:\+[0-9A-Za-z-]{1,40}(?:\.[0-9A-Za-z-]{1,40}){0,9})?"
)


@total_ordering
@dataclass(frozen=True)
class Version:
    """A semantic version, which orders by precedence.

    ``prerelease`` has the parts of a pre-release, ``("beta", "2")``; it is empty for a release.
    """

    numbers: Numbers
    prerelease: tuple[str, ...] = ()

    def __lt__(self, other: Version) -> bool:
        return self._precedence < other._precedence

    @property
    def _precedence(self) -> tuple[object, ...]:
        # A number is below any word, fewer parts are below more, and a release is above them all.
        parts = tuple(
            (0, int(each), "") if each.isdecimal() else (1, 0, each) for each in self.prerelease
        )
        return self.numbers, not self.prerelease, parts


def parse_version(text: str) -> Version | None:
    """The semantic version that a text is; None if it is none.

    >>> parse_version("1.10.0") > parse_version("1.9.0") > parse_version("1.9.0-beta")
    True
    """
    match = _VERSION.fullmatch(text)
    if match is None:
        return None
    numbers = int(match[1]), int(match[2]), int(match[3])
    return Version(numbers, tuple(match[4].split(".")) if match[4] else ())
