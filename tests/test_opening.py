"""Where a delimiter is evident, it is the one that Python's guess takes."""

from __future__ import annotations

import csv

from examples import examples
from hypothesis import example, given
from hypothesis import strategies as st

from ycd_opendata.package.tables.opening import _evident

LINES = st.lists(st.text(st.sampled_from("ab ,;\t|'\r數"), max_size=8), min_size=1, max_size=25)
ALIKE = st.tuples(st.sampled_from(["a,b", "a, b", "x;y", ",", "a|b|", "a"]), st.integers(1, 25))


@examples(150)
@given(LINES | ALIKE.map(lambda each: [each[0]] * each[1]), st.sampled_from([",\t;|", ",", ";|"]))
@example(["a,b"] * 10 + ["a;b"] * 20, ",\t;|")
@example(["", "a, b", "", "c, d"], ",\t;|")
@example(["a,b;c"] * 3, ",\t;|")
def test_what_is_evident_is_guessed(lines: list[str], delimiters: str) -> None:
    sample = "\n".join(lines)
    evident = _evident(sample, delimiters)
    if evident is None:
        return
    guessed = csv.Sniffer().sniff(sample, delimiters)
    for name in ("delimiter", "quotechar", "escapechar", "skipinitialspace"):
        assert getattr(evident, name) == getattr(guessed, name), name


def test_common_tables_are_evident() -> None:
    assert _evident("a,b\n1,2\n", ",\t;|")
    assert not _evident('a,b\n"1",2\n', ",\t;|")
    assert not _evident("a,b\n1,2,3\n", ",\t;|")
