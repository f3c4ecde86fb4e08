from __future__ import annotations

import datetime

import pytest

from ycd_opendata.delta.periods import KINDS, period_of


@pytest.mark.parametrize(
    ("start", "end", "kind", "name"),
    [
        (None, "2022", "year", "2022"),
        (None, "2022-06", "month", "2022-06"),
        (None, "2022-06-30", "day", "2022-06-30"),
        ("2022", "2022", "year", "2022"),
        ("2022-01", "2022", "year", "2022"),
        ("2022-01-01", "2022-12-31", "year", "2022"),
        ("2025-01", "2025-06", "half", "2025-H1"),
        ("2025-07", "2025-12", "half", "2025-H2"),
        ("2025-04", "2025-06", "quarter", "2025-Q2"),
        ("2025-03", "2025-03", "month", "2025-03"),
        ("2025-03-05", "2025-03-05", "day", "2025-03-05"),
        ("2025-02", "2025-07", "other", "2025-02/2025-07"),
        ("2025-01", "2025-09", "other", "2025-01/2025-09"),
        ("2021", "2025", "other", "2021/2025"),
        ("2021-03", "2022-02", "other", "2021-03/2022-02"),
        ("2025-01-02", "2025-06", "other", "2025-01-02/2025-06"),
    ],
)
def test_a_period_is_told_by_its_days(start: str | None, end: str, kind: str, name: str) -> None:
    period = period_of(start, end)
    assert period is not None
    assert (period.kind, period.name) == (kind, name)
    assert period.kind in KINDS


def test_a_period_has_a_first_and_a_last_day() -> None:
    period = period_of("2025-01", "2025-06")
    assert period is not None
    assert period.first == datetime.date(2025, 1, 1)
    assert period.last == datetime.date(2025, 6, 30)


def test_without_an_end_there_is_no_period() -> None:
    assert period_of("2021", None) is None
