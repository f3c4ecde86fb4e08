from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from ycd_opendata.package.tables.parsing import AT_ONCE, in_order


def test_results_come_in_the_order_of_the_items() -> None:
    second_is_done = threading.Event()

    def work(item: int) -> int:
        if item == 0:
            assert second_is_done.wait(10)
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
