"""Work on a few things at once, each result taken in its turn."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from itertools import chain, islice
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")

AT_ONCE = 3
"""How many are at work or wait for their turn: polars keeps two cores busy by itself."""


def in_order(work: Callable[[Item], Result], items: Iterator[Item]) -> Iterator[Result]:
    """The result of ``work`` on each item, in the order of the items.

    Items are taken one after the other, no more than ``AT_ONCE`` of them ahead.
    """
    first = list(islice(items, 2))
    if len(first) < 2:
        yield from map(work, first)
        return
    # Loaded late: most tables are one block.
    from concurrent.futures import Future, ThreadPoolExecutor

    with ThreadPoolExecutor(AT_ONCE) as pool:
        waiting: deque[Future[Result]] = deque()
        for item in chain(first, items):
            waiting.append(pool.submit(work, item))
            if len(waiting) == AT_ONCE:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
