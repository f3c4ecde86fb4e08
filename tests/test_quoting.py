"""Whether quotes stand where every reader takes them for the same."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ycd_opendata.package.tables.blocks import Quoting, count_of, regular_quoting


def quoting(content: bytes, *, is_large: bool) -> Quoting | None:
    count = count_of(b'"', content, is_large=is_large)
    return regular_quoting(content, count, ",", is_large=is_large)


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"a,b\n", (0, 0)),
        (b'"a",b\n', (2, 0)),
        (b'a,"b"\r\n', (2, 0)),
        (b'a,"b\nc"\n', (2, 0)),
        (b'"",b\n', (2, 0)),
        (b'"a""b",b\n', (4, 1)),
        (b'"""",b\n', (4, 1)),
        (b'"""a""","b,"",c"\n', (10, 3)),
        (b'a"b,c\n', None),
        (b'"a"b,c\n', None),
        (b'a"b",c\n', None),
        (b'"a" ,c\n', None),
        (b'"a"b"",c\n', None),
        (b'"a,b\n', None),
        (b'"a""', None),
    ],
)
def test_large_tables_are_judged_as_small_ones(
    content: bytes, found: tuple[int, int] | None
) -> None:
    assert quoting(content, is_large=True) == found
    small = quoting(content, is_large=False)
    # In small ones, quotes inside of cells are not counted.
    assert small == (found and (found[0], None if found[1] else 0))


@given(st.text(alphabet='a,"\n\r', max_size=12))
def test_both_ways_agree_on_any_lines(text: str) -> None:
    content = text.encode() + b"\n"
    small, large = (quoting(content, is_large=each) for each in (False, True))
    assert (small is None) == (large is None)
    assert small is None or large is None or small.total == large.total


@given(st.lists(st.text(alphabet='a,"\n', max_size=6), min_size=2, max_size=6))
def test_what_csv_writes_is_regular_and_counted(cells: list[str]) -> None:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerow(cells)
    found = quoting(text.getvalue().encode(), is_large=True)
    assert found is not None
    assert found.inside == sum(each.count('"') for each in cells)
