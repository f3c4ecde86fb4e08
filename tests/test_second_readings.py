from __future__ import annotations

from pathlib import Path

import pytest
from packages import small_tables, write_small

from ycd_opendata.delta.second_readings import alpha
from ycd_opendata.loader.loading import load_table
from ycd_opendata.package.reading import read_package


@pytest.mark.parametrize(
    ("pairs", "expected"),
    [
        ([("a", "a"), ("b", "b")], 1.0),
        ([("a", "a"), ("b", "b"), ("a", "b")], 4 / 9),
        ([("a", "b"), ("b", "a")], -0.5),
        ([("a", "a"), ("a", "a")], None),
    ],
)
def test_alpha(pairs: list[tuple[str, str]], expected: float | None) -> None:
    assert alpha(pairs) == (None if expected is None else pytest.approx(expected))


def test_alpha_of_the_textbook() -> None:
    # Krippendorff, Computing alpha-reliability (2011), example A: two observers, ten binary units.
    first, second = "0100000010", "1110010000"
    assert alpha(list(zip(first, second, strict=True))) == pytest.approx(0.095, abs=0.0005)


def test_agreement_is_counted_field_by_field_and_empty_is_an_answer(tmp_path: Path) -> None:
    tables = small_tables()
    key = {"table": "targets", "id": "zj-2022-b-growth"}
    tables["second_readings"] += [
        {**key, "field": "value", "first": "12", "second": "21"},
        {**key, "field": "value_upper", "first": "", "second": ""},
        {**key, "field": "period_start", "first": "2022", "second": ""},
    ]
    frame = load_table(read_package(write_small(tmp_path, tables)), "agreement").set_index("field")
    assert frame["readings"].to_dict() == {"period_start": 1, "value": 2, "value_upper": 1}
    assert frame["equal"].to_dict() == {"period_start": 0, "value": 1, "value_upper": 1}
    assert frame["share_equal"].to_dict() == {"period_start": 0, "value": 0.5, "value_upper": 1}
    assert list(frame.index[frame["alpha"].isna()]) == ["value_upper"]
