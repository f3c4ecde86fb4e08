"""Whether quotes stand where every reader takes them for the same."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ycd_opendata.package.tables.blocks import Quoting, regular_quoting


def quoting(content: bytes) -> Quoting | None:
    return regular_quoting(content, content.count(b'"'), ",")


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"a,b\n", (0, False)),
        (b'"a",b\n', (2, False)),
        (b'a,"b"\r\n', (2, False)),
        (b'a,"b\nc"\n', (2, False)),
        (b'"",b\n', (2, False)),
        (b'"a""b",b\n', (4, True)),
        (b'"""",b\n', (4, True)),
        (b'"""a""","b,"",c"\n', (10, True)),
        (b'a"b,c\n', None),
        (b'"a"b,c\n', None),
        (b'a"b",c\n', None),
        (b'"a" ,c\n', None),
        (b'"a"b"",c\n', None),
        (b'"a,b\n', None),
        (b'"a""', None),
    ],
)
def test_quotes_are_paired_at_the_ends_of_cells(
    content: bytes, found: tuple[int, bool] | None
) -> None:
    assert quoting(content) == found


@given(st.lists(st.text(alphabet='a,"\n', max_size=6), min_size=2, max_size=6))
def test_what_csv_writes_is_regular(cells: list[str]) -> None:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerow(cells)
    found = quoting(text.getvalue().encode())
    assert found is not None
    assert found.are_inside == any('"' in each for each in cells)
