from __future__ import annotations

import re
import sqlite3
from contextlib import closing

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ycd_opendata.publishing.formats.globs import globs

PARTIAL_DATE = "[0-9]{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?"
PATTERNS = (
    PARTIAL_DATE,
    r"[A-Z]{2}-\d{4}",
    r"a\.b?[x-z_-]",
    r"(ab|c){2}",
    r"\*\?\[x",
    "长(三|江)角",
)


def matches(text: str, pattern: str) -> bool:
    with closing(sqlite3.connect(":memory:")) as connection:
        return any(
            connection.execute("SELECT ? GLOB ?", (text, each)).fetchone()[0]
            for each in globs(pattern)
        )


@pytest.mark.parametrize("pattern", PATTERNS)
def test_glob_accepts_what_the_expression_accepts(pattern: str) -> None:
    @given(
        st.one_of(
            st.from_regex(pattern, fullmatch=True), st.text("019-.abcx*?[长三角AZ_", max_size=9)
        )
    )
    def check(text: str) -> None:
        if "\0" not in text:
            assert matches(text, pattern) == bool(re.fullmatch(pattern, text, re.ASCII))

    assert globs(pattern)
    check()


@pytest.mark.parametrize(
    "pattern",
    [
        "a+",
        "a*",
        "a{2,}",
        ".",
        "[^a]",
        "a|b",
        "(a",
        "a)",
        "^a",
        r"\w",
        r"\1",
        "(?=a)",
        "[0-9]?" * 9,
        "a??",
    ],
)
def test_what_glob_cannot_say_is_left_out(pattern: str) -> None:
    assert globs(pattern) == ()
