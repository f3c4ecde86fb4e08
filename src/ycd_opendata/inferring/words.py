"""What names of columns and tables say, and texts that often stand for nothing.

The lists are in ``words.toml``.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache, lru_cache
from pathlib import Path
from typing import Any


@cache
def _words(kind: str) -> frozenset[str]:
    return frozenset(_lists()[kind])


@cache
def _lists() -> dict[str, Any]:
    lists: dict[str, Any] = tomllib.loads(Path(__file__).with_name("words.toml").read_text("utf-8"))
    return lists


MISSING_WORDS = _words("missing")
"""Texts that stand for a missing value in a column of another kind."""

SURELY_MISSING = _words("surely_missing")
"""Those of them that are hardly ever a text of their own."""

MISSING_NUMBERS = (-99, -999, -9999, -99999, -999999)
"""Numbers that may stand for a missing value, below everything else in the column."""

DOUBTFUL_NUMBERS = (999, 9999, 99999, 999999)

OF_ANOTHER = _words("of_another")
"""Words in the name of a column that refers to another record of the same table, singular."""

UNITS: dict[str, str] = dict(_lists()["units"])
"""Units that the name of a column may end in, and how they are written."""

_IN_BRACKETS = re.compile(r"^(.*\S)\s*[(（\[【]\s*([^()（）\[\]【】]{1,20})\s*[)）\]】]$")
_SPELT = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|[0-9]+|[^\W\d_a-zA-Z]+")


@lru_cache(maxsize=10_000)
def words(name: str) -> tuple[str, ...]:
    """The words of a name in small letters: of ``home_teamId`` ``home``, ``team`` and ``id``."""
    return tuple(each.lower() for each in _SPELT.findall(name))


@lru_cache(maxsize=10_000)
def singular(word: str) -> str:
    """A word of English without its plural ending, roughly: enough to compare names."""
    if word == "people":
        return "person"
    if word.endswith("ies") and len(word) > 4:
        return f"{word[:-3]}y"
    if word.endswith(("ses", "xes", "ches", "shes")):
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith(("ss", "us")) else word


@lru_cache(maxsize=10_000)
def stem(name: str) -> tuple[str, ...]:
    """The words of a table's name, each in the singular."""
    return tuple(singular(each) for each in words(name))


@lru_cache(maxsize=10_000)
def is_key_name(name: str) -> bool:
    """Whether a column is called like what tells records apart."""
    parts = [each for each in words(name) if not each.isdigit()]
    if name.endswith(tuple(_words("chinese_keys"))):
        return True
    return bool(parts) and (
        parts[-1] in _words("key_words") or parts[0] in ("id", "code", "uuid", "key")
    )


@lru_cache(maxsize=10_000)
def is_year_name(name: str) -> bool:
    """Whether a column is called like a year."""
    return bool(_words("year_words") & {*words(name)}) or name.strip("份度").endswith("年")


def is_flag_name(name: str) -> bool:
    """Whether a column is called like what is true or false."""
    parts = words(name)
    return bool(parts) and (
        parts[0] in _words("flag_starts")
        or bool(_words("flag_words") & {*parts})
        or name[:1] == "是"
    )


def is_date_name(name: str) -> bool:
    """Whether a column is called like a day."""
    return bool(_words("date_words") & {*words(name)}) or name.endswith(("日期", "日", "时间"))


def is_code_name(name: str) -> bool:
    """Whether a column is called like digits that are no number: a telephone, a postcode."""
    parts = words(name)
    return bool(_words("code_words") & {*parts, "".join(parts)}) or any(
        each in name for each in ("邮编", "邮政编码", "电话", "手机")
    )


@lru_cache(maxsize=10_000)
def says_which(name: str) -> bool:
    """Whether numbers of a column called so say which, and not how much: nobody adds them up."""
    parts = [each for each in words(name) if not each.isdigit()]
    is_listed = bool(parts) and parts[-1] in _words("which_words")
    return is_listed or name.endswith(tuple(_words("chinese_which")))


def is_within_year_name(name: str) -> bool:
    """Whether a column is called like what starts anew each year: a month, a week."""
    return bool(_words("within_year_words") & {*words(name)}) or name.endswith(("月", "周"))


@lru_cache(maxsize=10_000)
def is_ordinal_name(name: str) -> bool:
    """Whether a column is called like what counts or dates rows within something else."""
    return bool(_words("ordinal_words") & {*words(name)}) or name.endswith(
        ("年", "月", "日", "期", "周", "序号")
    )


def unit_in_name(name: str) -> tuple[str, str]:
    """The unit that the name of a column says and a title without it; "" where it says none."""
    match = _IN_BRACKETS.match(name)
    if match and not match[2].isdigit():
        return match[2].strip(), match[1]
    parts = name.rsplit("_", 1)
    if len(parts) == 2 and parts[0] and parts[1].lower() in UNITS:
        return UNITS[parts[1].lower()], parts[0][:1].upper() + parts[0][1:].replace("_", " ")
    return "", name
