"""On which lines the rows of a block start."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ycd_opendata.package.tables import row_starts
from ycd_opendata.package.tables.row_starts import NONE_LONG, Place, RowStarts, long_rows

CELLS = st.lists(st.text(alphabet='a,"\n', max_size=5), min_size=2, max_size=2)


def starts(content: str, kept: list[int] | None = None) -> RowStarts:
    return RowStarts(Place(2, 2), long_rows(content.encode()), kept)


def test_rows_of_one_line_are_in_step() -> None:
    found = RowStarts(Place(2, 5), NONE_LONG)
    assert [found.of(index) for index in range(3)] == [(2, 5), (3, 6), (4, 7)]


def test_a_line_end_inside_of_quotes_is_no_row() -> None:
    found = starts('1,2\n"a\nb\nc",3\n4,"\n"\n5,6\n')
    assert [found.of(index).line for index in range(4)] == [2, 3, 6, 8]


def test_rows_that_are_left_out_are_passed_over() -> None:
    found = starts('#\n"a\nb",1\n2,3\n', [1, 2])
    assert [found.of(index) for index in range(2)] == [(3, 3), (4, 5)]


@given(st.lists(CELLS, max_size=8))
def test_python_s_csv_finds_rows_on_the_same_lines(rows: list[list[str]]) -> None:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    reader = csv.reader(io.StringIO(text.getvalue(), newline=""))
    expected, line = [], 2
    for _ in reader:
        expected.append(line)
        line = reader.line_num + 2
    found = starts(text.getvalue())
    assert [found.of(index).line for index in range(len(expected))] == expected


@given(st.lists(st.binary(max_size=3), max_size=9))
def test_lines_start_behind_line_ends(lines: list[bytes]) -> None:
    content = b"".join(each + b"\n" for each in lines)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(row_starts, "_CHUNK", 4)
        found = row_starts.LineStarts(content)
        expected = [0, *(at + 1 for at, sign in enumerate(content) if sign == 10)]
        asked = [*range(len(expected)), *reversed(range(len(expected)))]
        assert [found.of(number) for number in asked] == [expected[each] for each in asked]
        assert row_starts.LineStarts(content + b"x").of(len(expected)) == len(content) + 1
