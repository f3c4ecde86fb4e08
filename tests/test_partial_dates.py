from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ycd_opendata.partial_dates import day_bounds, first_day, last_day


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2022", "2022-01-01", "2022-12-31"),
        ("2022-02", "2022-02-01", "2022-02-28"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2022-12", "2022-12-01", "2022-12-31"),
        ("2022-01-17", "2022-01-17", "2022-01-17"),
    ],
)
def test_bounds(text: str, first: str, last: str) -> None:
    assert [each.isoformat() for each in day_bounds(text)] == [first, last]
    assert (first_day(text), last_day(text)) == day_bounds(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "22",
        "2022-13",
        "2022-00",
        "2022-02-30",
        "2022-1",
        "2022-01-1",
        "2022/01",
        "２０２２",
        "2022 ",
        "0000",
        "2022-01-17T00",
    ],
)
def test_what_is_no_partial_date(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        day_bounds(text)


@given(st.dates())
def test_a_day_lies_in_its_month_and_year(day: datetime.date) -> None:
    text = day.isoformat()
    for part in (text, text[:7], text[:4]):
        first, last = day_bounds(part)
        assert first <= day <= last
