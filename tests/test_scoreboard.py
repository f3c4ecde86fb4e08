from __future__ import annotations

from pathlib import Path

import pandas as pd
from packages import small_tables, write_small

from ycd_opendata.loader.loading import find_resource, load_table
from ycd_opendata.package.reading import read_package


def scoreboard(folder: Path) -> pd.DataFrame:
    return load_table(read_package(folder), "scoreboard").set_index("target_id")


def test_each_target_has_its_names_outcome_and_verdict(small: Path) -> None:
    frame = scoreboard(small)
    assert frame["verdict"].to_dict() == {
        "zj-2022-a-factories": "met",
        "zj-2022-b-growth": "not_comparable",
        "zj-2022-c-spare": "no_outcome",
        "zj-2022-d-later": "no_outcome",
        "zj-2022-e-share": "met",
    }
    row = frame.loc["zj-2022-a-factories"]
    assert row["region_name_zh"] == "浙江省"
    assert row["initiative_name_en"] == "Works"
    assert row["indicator_name_zh"] == "工厂数"
    assert (row["unit_name_en"], row["value"], row["outcome_value"]) == ("factories", 15, 16)
    assert row["source_title_zh"] == "文章"
    assert row["outcome_source_title_zh"] == "新规划"
    assert row["due_on_earliest"] == pd.Timestamp("2022-01-01")
    assert row["due_on_latest"] == pd.Timestamp("2022-12-31")
    assert row["outcome_period_end_latest"] == pd.Timestamp("2022-12-31")
    assert frame.loc["zj-2022-b-growth", "reason_en"] == "Manufacturing only."


def test_columns_are_those_of_the_schema(small: Path) -> None:
    package = read_package(small)
    schema = find_resource(package, "scoreboard").schema
    assert schema is not None
    frame = load_table(package, "scoreboard")
    assert tuple(frame.columns) == schema.field_names


def test_the_most_comparable_outcome_is_shown_and_no_target_twice(tmp_path: Path) -> None:
    tables = small_tables()
    tables["assessments"].append(
        {
            "target_id": "zj-2022-a-factories",
            "outcome_id": "zj-2022-c-spare-counted",
            "comparability": "none",
            "reason_zh": "另一种计数。",
            "reason_en": "Another count.",
        }
    )
    frame = scoreboard(write_small(tmp_path, tables))
    assert list(frame.index) == sorted(row["target_id"] for row in tables["targets"])
    assert frame.loc["zj-2022-a-factories", "outcome_id"] == "zj-2022-a-factories-counted"


def test_what_is_due_later_is_not_yet_due(tmp_path: Path) -> None:
    tables = small_tables()
    tables["targets"][3]["due_on"] = "2035"
    frame = scoreboard(write_small(tmp_path, tables))
    assert frame.loc["zj-2022-d-later", "verdict"] == "not_yet_due"
