from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
from packages import small_tables, write_small

import ycd_opendata as ycd
from ycd_opendata.delta.coverage import STATES
from ycd_opendata.loader.loading import load_table
from ycd_opendata.package.reading import read_package


def grid(folder: Path) -> pd.DataFrame:
    frame = load_table(read_package(folder), "coverage")
    return frame.set_index(["region_id", "year", "family"])


def test_a_cell_says_what_is_known_of_it(tmp_path: Path) -> None:
    tables = small_tables()
    tables["targets"][1]["due_on"] = "2035"
    tables["searches"][0]["target_id"] = "zj-2022-c-spare"
    frame = grid(write_small(tmp_path, tables))
    states = {f"{row.year} {row.family}": row.state for row in frame.reset_index().itertuples()}
    assert states == {
        "2022 factories": "target_and_outcome",
        "2023 factories": "searched_in_vain",
        "2025 factories": "not_searched",
        "2022 growth": "outcome",
        "2035 growth": "not_yet_due",
        "2022 online": "target_and_outcome",
    }
    counted: Any = frame.xs(("CN-ZJ", 2022, "factories"))
    assert (counted["targets"], counted["outcomes"]) == (1, 2)


def test_our_own_grid_counts_every_figure() -> None:
    frame = ycd.load("coverage")
    targets = ycd.load("targets")
    assert frame["targets"].sum() == targets["due_on"].notna().sum()
    assert frame["outcomes"].sum() == len(ycd.load("outcomes"))
    assert set(frame["state"]) <= set(STATES)
