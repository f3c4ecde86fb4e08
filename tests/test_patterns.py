"""A portable pattern matches under polars only what the given one matches under Python."""

from __future__ import annotations

import re

import polars as pl
import pytest
from examples import examples
from hypothesis import assume, given
from hypothesis import strategies as st

from ycd_opendata.validation.structure.fast.planning.patterns import (
    UnreadPatternError,
    portable,
    read_pattern,
)

ATOMS = st.sampled_from(
    [
        *("a", "b", "1", "_", "-", " ", ".", "数", "é", "#", "^", "$", "\\.", "\\-", "\\$", "\\n"),
        *("\\d", "\\w", "\\s", "\\D", "\\b", "\\Z", "\\1", "(?i)", "(?=a)", "(?!a)", "(?<x>a)"),
        *("[ab]", "[^a]", "[a-c1]", "[\\d-]", "[\\w.]", "[^\\d]", "[.^]"),
        *("[a&&b]", "[a--b]", "[]a]", "[[a]"),
    ]
)
REPEATS = st.sampled_from(["", "", "", "*", "+", "?", "{2}", "{1,2}", "{,2}", "{2,1}", "*?", "++"])
PATTERNS = st.recursive(
    st.tuples(ATOMS, REPEATS).map("".join),
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map("".join),
        st.tuples(inner, inner, REPEATS).map(lambda each: f"({each[0]}|{each[1]}){each[2]}"),
        st.tuples(inner, inner).map(lambda each: f"{each[0]}|{each[1]}"),
        inner.map(lambda each: f"(?:{each})"),
        inner.map(lambda each: f"^{each}$"),
    ),
    max_leaves=6,
)
TEXTS = st.text(st.sampled_from("abcAB1_-. $^&#数é１\n\t\u2028\\[]"), max_size=5)


# Python says of some brackets that they may mean something else one day.
@pytest.mark.filterwarnings("ignore:Possible:FutureWarning")
@examples(40)
@given(pattern=PATTERNS, texts=st.lists(TEXTS, min_size=1, max_size=20))
def test_never_more_than_the_given_one(pattern: str, texts: list[str]) -> None:
    try:
        # As frictionless compiles it, and as the standard means it.
        given_one, whole = re.compile(f"^{pattern}$"), re.compile(f"(?:{pattern})")
    except re.error:
        assume(False)
    common = portable(pattern)
    assume(common is not None)
    found = pl.Series(texts).str.contains(f"^(?:{common})$").to_list()
    for text, matches in zip(texts, found, strict=True):
        is_both = given_one.match(text) and whole.fullmatch(text)
        assert not matches or is_both, (pattern, common, text)


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("[a-z]{2}-[0-9]+", "ab-12"),
        ("^(a|b)?c$", "bc"),
        (r"\d{4}", "2020"),
        (r"[^,]+", "数x"),
        (r"(?:yrd|sh)-[a-z0-9-]+", "sh-one-2"),
        (r"a\$", "a$"),
        ("ab|b", "ab"),
        ("^ab$|^b$", "ab"),
    ],
)
def test_common_patterns_are_portable(pattern: str, text: str) -> None:
    common = portable(pattern)
    assert common is not None
    found = pl.Series([text, text + "!\n"]).str.contains(f"^(?:{common})$").to_list()
    assert found[0]
    assert found == [bool(re.fullmatch(f"(?:{pattern})", each)) for each in (text, text + "!\n")]


@pytest.mark.parametrize(
    "pattern",
    ["(?=a)b", r"(a)\1", "(?i)a", r"\bword", "a|b^", r"\Da", "(a", "a)", "*", "[a&&b]", r"[^\w]"],
)
def test_what_two_engines_read_differently_is_not_portable(pattern: str) -> None:
    assert portable(pattern) is None


@pytest.mark.parametrize(
    ("pattern", "good", "bad", "loosely"),
    [
        ("yes|no", "no", "yesterday", True),
        ("^yes|no$", "yes", "no!", False),
        ("[a-z]+", "ab", "ab\n", True),
        ("(?i)[a-z]+", "aB", "a1", None),
        ("(?s)a.b", "a\nb", "ab", None),
        (r"\p{L}+", "数é", "a1", None),
        (r"(?i)\p{Lu}b", "aB", "a", None),
        (r"\p{Han}{2}", "数字", "数a", None),
        (r"a(?=b).", "ab", "ac", False),
    ],
)
def test_the_whole_cell_has_to_match(
    pattern: str, good: str, bad: str, loosely: bool | None
) -> None:
    """``loosely`` is what frictionless says of the bad one, None where it fails."""
    read = read_pattern(pattern)
    assert read.matches(good)
    assert not read.matches(bad)
    if loosely is None:
        assert read.is_loosely is None
        with pytest.raises(re.error):
            re.compile(f"^{pattern}$")
    else:
        assert read.is_loosely is not None
        assert read.is_loosely(good)
        assert read.is_loosely(bad) is loosely is bool(re.match(f"^{pattern}$", bad))
    if read.shape is not None:
        found = pl.Series([good, bad]).str.contains(f"^(?:{read.shape})$")
        assert found.to_list() == [True, False]


@pytest.mark.parametrize("pattern", ["[a", "(", "*", r"\p{Nonsense}", "a{2,1}"])
def test_a_broken_pattern(pattern: str) -> None:
    with pytest.raises(ValueError, match="cannot be read"):
        read_pattern(pattern)


@pytest.mark.parametrize("pattern", [r"\i\c*", r"\p{IsBasicLatin}+"])
def test_what_only_xml_schema_has(pattern: str) -> None:
    with pytest.raises(UnreadPatternError):
        read_pattern(pattern)
