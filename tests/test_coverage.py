"""The coverage figures are those of the tables, and the documents show them."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from packages import ROOT, small_tables, write_small

import ycd_opendata as ycd
from ycd_opendata.delta.coverage import (
    COUNTED,
    STATES,
    Coverage,
    coverage,
    coverage_markdown,
    grid_markdown,
    quality_markdown,
)
from ycd_opendata.loader.loading import load_table, tables_of
from ycd_opendata.package.model import Package
from ycd_opendata.package.open_package import installed_package
from ycd_opendata.package.reading import read_package


def covered(package: Package) -> Coverage:
    return coverage(tables_of(package), datetime.date.fromisoformat(package.created[:10]))


@pytest.fixture(scope="module")
def own() -> Coverage:
    return covered(installed_package())


def test_the_counts_add_up(own: Coverage) -> None:
    for table in COUNTED:
        rows = len(ycd.load(table))
        assert own.records[table] == rows
        assert sum(own.by_region[table].values()) == rows
        assert sum(own.by_year[table].values()) == rows
    assert sum(own.verdicts.values()) == len(ycd.scoreboard())
    assert own.due_with_outcome <= own.due <= own.records["targets"]
    assert own.figures == own.records["targets"] + own.records["outcomes"]


def test_a_due_target_with_a_full_outcome_is_counted(small: Path) -> None:
    before = covered(read_package(small))
    path = small / "data/assessments.csv"
    path.write_text(path.read_text("utf-8").replace(",full,", ",partial,"), "utf-8")
    after = covered(read_package(small))
    assert before.due == after.due
    assert before.due_with_outcome > after.due_with_outcome == 0


def between(document: str, name: str) -> str:
    text = (ROOT / document).read_text("utf-8")
    return text.split(f"<!-- {name} -->\n")[1].split(f"<!-- end of {name} -->")[0]


@pytest.mark.parametrize("document", ["README.md", "data/README.md"])
def test_the_documents_say_how_well_the_records_are_founded(own: Coverage, document: str) -> None:
    assert between(document, "quality") == quality_markdown(own)


def test_the_codebook_counts_the_records(own: Coverage) -> None:
    regions = ycd.load("regions")
    names = dict(zip(regions["region_id"], regions["name_en"], strict=True))
    assert between("data/README.md", "coverage") == coverage_markdown(own, names)


def test_the_codebook_shows_the_grid() -> None:
    assert between("data/README.md", "grid") == grid_markdown(ycd.load("coverage"))


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
