"""Which rows of a block have another width, whichever way that is found out."""

from __future__ import annotations

import csv
import io
import random
import threading
from collections.abc import Iterator
from typing import Literal

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ycd_opendata.package.tables import parsing
from ycd_opendata.package.tables.blocks import Block, regular_lines
from ycd_opendata.package.tables.header import Comments
from ycd_opendata.package.tables.parsing import AT_ONCE, BlockParser, Parsed, in_order
from ycd_opendata.validation.structure.fast.by_column.typed_frame import Seen

NOTHING = Seen([], [], {}, {}, {})


def parser(width: int, comment: str = "") -> BlockParser:
    return BlockParser(width, Comments(comment), lambda _: NOTHING)


def block(content: bytes) -> Block:
    return Block(content, content.count(b'"'), ",", 0, False)


def parsed(content: bytes, width: int, comment: str = "") -> Parsed:
    result = parser(width, comment).parsed(block(content))
    assert result is not None
    return result


def is_surely_even(content: bytes, width: int) -> bool:
    lines = regular_lines(block(content))
    assert lines is not None
    return parsing._even_columns(lines, ",", width) is not None


@pytest.mark.parametrize(
    ("content", "is_sure"),
    [
        (b"a,b,c\n1,2,3\n", True),
        (b"a,b,c\r\n1,2,3\r\n", True),
        (b'a,"",c\n"","",""\n', True),
        (b'a,"b,\n",c\n1,,\n', True),
        ("上海,b,c\n,,\n".encode(), True),
        # Too long and too short rows together have as many delimiters as there should be.
        (b"a,b,c\n1,2,3,\n1,2\n", False),
        (b"a,b,c\n1,2\n1,2,3,\n", False),
        (b"a,b,c\n1,2,3,4\n1,2\n", False),
        (b"a,b,c\n\n1,2,3,4,5\n", False),
        (b"a,b,c\n1,2,\n\n", False),
        (b"a,b,c\n1,2\n", False),
        (b"\na,b,c\n", False),
        (b"a,b\n1,2\n", False),
        (b"a,b,c,d\n1,2,3,4\n", False),
    ],
)
def test_when_rows_are_surely_even(content: bytes, is_sure: bool) -> None:
    assert is_surely_even(content, 3) == is_sure


def test_quotes_in_cells_are_not_counted() -> None:
    assert not is_surely_even(b'a,"b""",c\n', 3)


def test_one_row_that_is_too_long_is_never_missed() -> None:
    """That polars refuses such a row, wherever it stands, is what the sum of widths rests on."""
    chance = random.Random(7)
    for _ in range(100):
        height, most = chance.choice([2, 50, 3_000, 30_000]), chance.choice([0, 2, 15])
        row = ",".join("x" * chance.randint(0, most) for _ in range(3))
        rows = [row] * height
        rows[chance.choice([height - 1, height - 2, chance.randrange(height)])] += ","
        rows[chance.randrange(height)] = '"y",z' if chance.random() < 0.5 else "y,z"
        assert not is_surely_even("".join(f"{each}\n" for each in rows).encode(), 3)


CELLS = st.text(st.sampled_from('ab,\n" 数'), max_size=3)


@given(
    rows=st.lists(st.lists(CELLS, min_size=1, max_size=4), min_size=1, max_size=6),
    width=st.integers(1, 4),
    quoting=st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]),
    line_end=st.sampled_from(["\n", "\r\n"]),
)
def test_rows_of_another_width(
    rows: list[list[str]], width: int, quoting: Literal[0, 1], line_end: str
) -> None:
    stream = io.StringIO(newline="")
    csv.writer(stream, quoting=quoting, lineterminator=line_end).writerows(rows)
    content = stream.getvalue().encode()
    expected = list(csv.reader(io.StringIO(stream.getvalue(), newline="")))
    uneven = [at for at, each in enumerate(expected) if len(each) != width]
    whole = block(content)
    lines = regular_lines(whole)
    if lines is None:
        return
    assert not (uneven and is_surely_even(content, width))
    found = parser(width).parsed(whole)
    if found is not None:
        assert list(found.uneven) == uneven
        even = [list(row) for at, row in enumerate(found.columns.iter_rows()) if at not in uneven]
        assert even == [each for each in expected if len(each) == width]


def test_blocks_behind_an_uneven_one_are_read_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    reader = parser(2)
    contents = [b"1,2\n3,4\n", b"1,2\n3\n4,5,6\n", b"1,2\n3,4\n"]
    frames = [reader.parsed(block(each)) for each in contents]
    assert [list(each.uneven) for each in frames if each] == [[], [1, 2], []]
    assert frames[0] is not None
    assert frames[2] is not None
    assert frames[0].columns.equals(frames[2].columns)
    monkeypatch.setattr(parsing, "_even_columns", lambda *_: pytest.fail("was tried again"))
    assert reader.parsed(block(contents[0])) is not None


def test_comments_are_left_out_before_rows_are_counted() -> None:
    found = parsed(b"1,2\n#\n3\n#x,y,z\n4,5\n", 2, comment="#")
    assert [found.columns.row(at) for at in (0, 2)] == [("1", "2"), ("4", "5")]
    assert found.uneven == [1]
    assert found.kept == [0, 2, 4]
    assert found.row_count == 5


def test_what_polars_cannot_read_is_not_parsed() -> None:
    assert parser(2).parsed(block(b"\xff,2\n")) is None


def test_a_look_sees_the_columns_of_the_header_only() -> None:
    seen: list[pl.DataFrame] = []

    def look(columns: pl.DataFrame) -> Seen:
        seen.append(columns)
        return NOTHING

    for content in (b"1,2\n", b"1,2\n3\n"):
        BlockParser(2, Comments(), look).parsed(block(content))
    assert [each.columns for each in seen] == [["0", "1"], ["0", "1"]]


def test_results_come_in_the_order_of_the_items() -> None:
    second_is_done = threading.Event()

    def work(item: int) -> int:
        if item == 0:
            assert second_is_done.wait(60)
        if item == 1:
            second_is_done.set()
        return item * 10

    assert list(in_order(work, iter(range(7)))) == [0, 10, 20, 30, 40, 50, 60]


@pytest.mark.parametrize("items", [[], [4]])
def test_one_item_takes_no_thread(items: list[int]) -> None:
    threads = list(in_order(lambda _: threading.current_thread(), iter(items)))
    assert threads == [threading.main_thread()] * len(items)


def test_no_more_items_are_taken_than_can_be_worked_on() -> None:
    taken = []

    def items() -> Iterator[int]:
        for item in range(20):
            taken.append(item)
            yield item

    for result in in_order(lambda item: item, items()):
        assert len(taken) <= result + AT_ONCE
    assert len(taken) == 20


def test_a_failure_reaches_whoever_takes_the_result() -> None:
    def work(item: int) -> int:
        if item == 3:
            raise ValueError("three")
        return item

    results = in_order(work, iter(range(6)))
    assert [next(results) for _ in range(3)] == [0, 1, 2]
    with pytest.raises(ValueError, match="three"):
        next(results)
