"""Packed rows: the same rows as were put in, found by their texts, in little more than these."""

from __future__ import annotations

import tracemalloc

import pytest

from ycd_opendata.site import packed_rows
from ycd_opendata.site.packed_rows import WHOLE_KEY, PackedRows, Places, grouped, in_order

NAMES = ("town", "year", "note")
CELLS = [(f"Town {number % 7}", str(number), "\ud800 \0 苏州") for number in range(100)]


def test_rows_come_out_as_they_went_in() -> None:
    rows = PackedRows(NAMES, iter(CELLS), ("year",))
    assert [tuple(row.values()) for row in rows] == CELLS
    assert len(rows) == len(CELLS)
    assert rows[15:18] == [rows[15], rows[16], rows[17]]
    assert list(rows[0]) == [*NAMES]
    with pytest.raises(IndexError):
        rows[len(CELLS)]


def test_the_key_of_several_fields_is_one_text() -> None:
    rows = PackedRows(NAMES, CELLS, ("town", "year"))
    assert rows[9][WHOLE_KEY] == "Town 2, 9"


def test_places_are_those_of_the_text_and_of_no_other() -> None:
    rows = PackedRows(NAMES, CELLS, ("year",))
    places = Places(rows, lambda row: row["town"])
    assert places.of("Town 3") == [*range(3, 100, 7)]
    assert not places.of("Town 7")
    # Even where all texts had one hash, as these have one that is kept:
    alike = Places([{"town": "a"}] * 2, lambda row: row["town"])
    alike._rows = [{"town": "a"}, {"town": "b"}]
    assert alike.of("a") == [0]


def test_groups_and_orders_are_places_and_not_rows() -> None:
    rows = PackedRows(NAMES, CELLS, ("year",))
    groups = grouped(rows, lambda row: (row["town"], "all"))
    assert [*groups][:3] == ["Town 0", "all", "Town 1"], "in the order in which they come"
    assert [row["year"] for row in groups["Town 3"]] == [*map(str, range(3, 100, 7))]
    assert [row["year"] for row in groups["Town 3"][1:3]] == ["10", "17"]
    assert len(groups["all"]) == len(CELLS)
    newest = in_order(groups["Town 3"], lambda row: int(row["year"]), reverse=True)
    assert [newest[0]["year"], newest[-1]["year"]] == ["94", "3"]
    with pytest.raises(IndexError):
        newest[len(newest)]


def test_they_take_little_more_than_their_text() -> None:
    number, text = 8000, 8000 * (4 + 8 + 80)
    tracemalloc.start()
    try:
        rows = PackedRows(
            NAMES, (("".join("town"), f"{each:8}", f"{each:80}") for each in range(number)), ()
        )
        assert tracemalloc.get_traced_memory()[0] < text
        groups = grouped(rows, lambda row: (row["year"][-1], row["note"][-2:]))
        packed_rows._unpacked.cache_clear()
        assert tracemalloc.get_traced_memory()[0] < text
        unpacked = [*rows]
        assert tracemalloc.get_traced_memory()[0] > 3 * text, "what they are spared"
        assert len(unpacked) == number == sum(len(groups[str(each)]) for each in range(10))
    finally:
        tracemalloc.stop()
