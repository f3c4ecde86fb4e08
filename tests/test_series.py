from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from packages import ARTICLE, small_tables, write_small

import ycd_opendata as ycd
from ycd_opendata.delta.series import CELL, chosen, widened
from ycd_opendata.errors import UnknownNameError
from ycd_opendata.loader.loading import load_table
from ycd_opendata.package.reading import read_package


def outcome(name: str, **changes: str) -> dict[str, str]:
    return {
        "outcome_id": f"zj-{name}",
        "region_id": "CN-ZJ",
        "indicator_id": "factories",
        "comparator": "eq",
        "value": "20",
        "period_end": "2021",
        "status": "not_stated",
        "source_id": ARTICLE,
        "phrase": "20家",
        **changes,
    }


def series(folder: Path, *outcomes: dict[str, str]) -> pd.DataFrame:
    tables = small_tables()
    tables["outcomes"] += outcomes
    return load_table(read_package(write_small(folder, tables)), "series")


def test_every_target_and_outcome_is_a_row(small: Path) -> None:
    package = read_package(small)
    frame = load_table(package, "series")
    for kind in ("target", "outcome"):
        ids = set(frame.loc[frame["kind"] == kind, "record_id"])
        assert ids == set(load_table(package, f"{kind}s")[f"{kind}_id"])


def test_a_row_has_names_period_unit_and_source(small: Path) -> None:
    frame = load_table(read_package(small), "series").set_index("record_id")
    row = frame.loc["zj-2022-a-factories-counted"]
    assert (row["indicator_name_zh"], row["region_name_en"]) == ("工厂数", "Zhejiang")
    assert (row["year"], row["period"], row["period_kind"]) == (2022, "2022-12", "month")
    assert row["last_day"] == pd.Timestamp("2022-12-31")
    assert (row["unit_name_zh"], row["base_value"]) == ("家工厂", 16)
    assert row["source_title_en"] == "New plan"


def test_a_unit_is_converted_to_its_base(tmp_path: Path) -> None:
    tables = small_tables()
    tables["indicators"][0]["unit_id"] = "hundred-things"
    frame = load_table(read_package(write_small(tmp_path, tables)), "series")
    row = frame.set_index("record_id").loc["zj-2022-a-factories-counted"]
    assert (row["value"], row["base_value"], row["base_unit_id"]) == (16, 1600, "things")


@pytest.mark.parametrize(
    ("better", "worse", "rule"),
    [
        ({"source_id": "zj-spare-2021"}, {"source_id": ARTICLE}, "reliability"),
        ({"status": "final"}, {"status": "preliminary"}, "status"),
        ({"comparator": "eq"}, {"comparator": "gt"}, "comparator"),
        ({"source_id": "zj-plan-2023"}, {"source_id": "zj-spare-2021"}, "published_on"),
        ({}, {}, "id"),
        # Reliability comes before everything that follows it.
        (
            {"source_id": "zj-spare-2021", "comparator": "gt"},
            {"source_id": ARTICLE, "status": "final"},
            "reliability",
        ),
    ],
)
def test_one_figure_of_a_cell_is_preferred_by_a_rule_that_is_named(
    tmp_path: Path, better: dict[str, str], worse: dict[str, str], rule: str
) -> None:
    frame = series(tmp_path, outcome("a-better", **better), outcome("b-worse", **worse))
    rows = frame.set_index("record_id")
    assert list(rows.loc[["zj-a-better", "zj-b-worse"], "preferred"]) == [True, False]
    assert rows.loc["zj-a-better", "preferred_because"] == rule
    assert "zj-b-worse" in rows.index[rows["preferred_because"].isna()]


def test_a_superseded_target_is_not_preferred(tmp_path: Path) -> None:
    tables = small_tables()
    tables["targets"][2] |= {"due_on": "2025", "period_start": "", "source_id": "zj-plan-2023"}
    frame = load_table(read_package(write_small(tmp_path, tables)), "series")
    rows = frame.set_index("record_id")
    assert not rows.loc["zj-2022-c-spare", "preferred"]
    assert rows.loc["zj-2022-d-later", "preferred_because"] == "not_superseded"


def test_half_years_and_years_are_cells_of_their_own(tmp_path: Path) -> None:
    frame = series(
        tmp_path, outcome("a-year"), outcome("b-half", period_start="2021-01", period_end="2021-06")
    )
    rows = frame.set_index("record_id").loc[["zj-a-year", "zj-b-half"]]
    assert list(rows["period_kind"]) == ["year", "half"]
    assert list(rows["preferred_because"]) == ["only_figure", "only_figure"]


def test_of_our_own_figures_exactly_one_of_each_cell_is_preferred() -> None:
    frame = ycd.load("series")
    counts = frame.groupby(CELL, dropna=False)["preferred"].sum()
    assert set(counts) == {1}
    assert not frame["preferred"].all()
    assert (frame["preferred"] == frame["preferred_because"].notna()).all()


def test_a_family_holds_several_indicators_and_an_indicator_itself() -> None:
    family = ycd.series("5g-base-stations")
    own = family[family["indicator_id"] == "5g-base-stations"]
    assert family["indicator_id"].nunique() > 3
    assert set(own["record_id"]) < set(family["record_id"])
    assert set(family["family"]) == {"5g-base-stations"}
    assert len(ycd.series()) == len(ycd.load("series"))


def test_one_column_a_region(tmp_path: Path) -> None:
    frame = series(
        tmp_path,
        outcome("a"),
        outcome("b", comparator="gt"),
        {**outcome("c", value="7", phrase="7家"), "outcome_id": "sh-c", "region_id": "CN-SH"},
    )
    wide = widened(chosen(frame, "factories"), "region").set_index("period")
    row: Any = wide.loc["2021"]
    assert (row["CN-ZJ"], row["CN-SH"], row["unit_id"]) == (20, 7, "factories")
    assert (row["year"], row["period_kind"]) == (2021, "year")
    # The target of 2025 is no figure that was reached.
    assert "2025" not in wide.index


def test_one_column_an_indicator(small: Path) -> None:
    frame = load_table(read_package(small), "series")
    wide = widened(frame[frame["family"] == "factories"], "indicator")
    assert set(wide.columns[5:]) == {"factories"}


def test_where_units_differ_all_are_given_in_the_base_unit() -> None:
    wide = ycd.series("computing-power", wide="region")
    assert set(wide["unit_id"]) == {"pflops"}


def test_unknown_names_are_told(small: Path) -> None:
    frame = load_table(read_package(small), "series")
    with pytest.raises(UnknownNameError, match="indicator or family"):
        chosen(frame, "nothing")
    with pytest.raises(UnknownNameError, match="way to widen"):
        widened(frame, "day")  # type: ignore[arg-type]


def test_as_of_a_day_it_holds_what_was_known() -> None:
    then, now = ycd.series("5g-base-stations", as_of="2022-06-30"), ycd.series("5g-base-stations")
    assert 0 < len(then) < len(now)
    assert then["first_day"].dropna().min() < pd.Timestamp("2022-07-01")
