"""Semantic versions of three numbers: ``MAJOR.MINOR.PATCH``.

What is published has no pre-releases, so a version with more than three numbers is none here.
"""

from __future__ import annotations

import re

Numbers = tuple[int, int, int]

# Nine digits are more than any version has, and keep a hostile one from becoming a huge number.
_NUMBER = r"(0|[1-9][0-9]{0,8})"
_VERSION = re.compile(rf"{_NUMBER}\.{_NUMBER}\.{_NUMBER}")


def parse_version(text: str) -> Numbers | None:
    """The three numbers of a semantic version, which order as versions do; None if it is none.

    >>> parse_version("1.10.0")
    (1, 10, 0)
    """
    match = _VERSION.fullmatch(text)
    return (int(match[1]), int(match[2]), int(match[3])) if match else None
