"""What was known on a day."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import pandas as pd
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from packages import ARTICLE, Row, small_tables, write_small

import ycd_opendata as ycd
from ycd_opendata.loader import loading as loader
from ycd_opendata.loader.date_bounds import parse_day
from ycd_opendata.package.reading import read_package

# In the small package the article is of 2022-05-12, the later plan of some day in 2023.
BY_THE_ARTICLE = [
    "zj-2022-a-factories", "zj-2022-b-growth", "zj-2022-c-spare", "zj-2022-e-share"
]  # fmt: skip
BY_THE_PLAN = [
    "zj-2022-a-factories", "zj-2022-b-growth", "zj-2022-d-later", "zj-2022-e-share"
]  # fmt: skip


@pytest.fixture(autouse=True)
def installed(small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loader, "installed_package", lambda: read_package(small))


def targets(day: Any, **options: Any) -> list[str]:
    return list(ycd.load("targets", as_of=day, **options)["target_id"])


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2022-05-11", []),
        ("2022-05-12", BY_THE_ARTICLE),
        ("2022-04", []),
        ("2022-05", BY_THE_ARTICLE),
        ("2022", BY_THE_ARTICLE),
        # Published in 2023, on which day is not known: surely by its last.
        ("2023-12-30", BY_THE_ARTICLE),
        ("2023-12-31", BY_THE_PLAN),
        ("2023", BY_THE_PLAN),
        (datetime.date(2022, 5, 11), []),
        (datetime.date(2022, 5, 12), BY_THE_ARTICLE),
        (datetime.datetime(2022, 5, 12, 23, 59), BY_THE_ARTICLE),
        (pd.Timestamp("2023-12-31"), BY_THE_PLAN),
        (datetime.date.max, BY_THE_PLAN),
        (datetime.date.min, []),
    ],
)
def test_targets_that_were_set_and_not_superseded(day: Any, expected: list[str]) -> None:
    assert targets(day) == expected


@pytest.mark.parametrize(
    ("table", "before", "after"),
    [("sources", 2, 3), ("outcomes", 0, 2), ("initiatives", 0, None), ("dates", 0, None)],
)
def test_other_tables_with_a_source(table: str, before: int, after: int | None) -> None:
    assert len(ycd.load(table, as_of="2022-05-11")) == before
    later = ycd.load(table, as_of="2022-05-12")
    assert len(later) > before if after is None else len(later) == after
    assert list(later.index) == list(range(len(later)))


@pytest.mark.parametrize("table", ["regions", "assessments", "retired_ids", "units"])
def test_a_table_without_a_source_is_refused(table: str) -> None:
    with pytest.raises(ycd.UnknownNameError, match=r"known: sources, initiatives, targets, "):
        ycd.load(table, as_of="2023")


@pytest.mark.parametrize("day", ["", "23", "2023-02-29", "2023-13", "0000", "2023-06-30\n", 2023])
def test_what_is_no_day_is_refused(day: Any) -> None:
    with pytest.raises(ycd.DateError, match="is no day") as caught:
        ycd.load("targets", as_of=day)
    assert "\n" not in str(caught.value)


def test_with_the_other_options() -> None:
    frame = ycd.load("initiatives", as_of="2022", engine="polars", lang="en")
    assert isinstance(frame, pl.DataFrame)
    assert "name" in frame.columns
    assert targets("2022", ids=["zj-2022-b-growth"]) == ["zj-2022-b-growth"]
    with pytest.raises(ycd.UnknownNameError, match=r"unknown targets id as of 2022-12-31 'zj-2022"):
        ycd.load("targets", as_of="2022", ids="zj-2022-d-later")


def changed(folder: Path, monkeypatch: pytest.MonkeyPatch, tables: dict[str, list[Row]]) -> None:
    package = read_package(write_small(folder, tables))
    monkeypatch.setattr(loader, "installed_package", lambda: package)


def test_a_source_without_a_date_is_not_known_on_any_day(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tables = small_tables()
    for row in tables["sources"]:
        if row["source_id"] == ARTICLE:
            del row["published_on"]
    changed(tmp_path, monkeypatch, tables)
    assert targets("2999") == ["zj-2022-d-later"]


def test_a_successor_that_nobody_knew_does_not_hide_the_one_after_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """a gave way to b, and b to c; b's source has no date, so that of c decides."""
    tables = small_tables()
    a, b, c = tables["targets"][2], tables["targets"][3], dict(tables["targets"][3])
    c.update(target_id="zj-2022-f-latest", source_id="zj-plan-2023")
    b.update(source_id="zj-nowhen", superseded_by=c["target_id"])
    source = dict(tables["sources"][2], source_id="zj-nowhen")
    del source["published_on"]
    tables["targets"].append(c)
    tables["sources"].append(source)
    changed(tmp_path, monkeypatch, tables)
    assert a["target_id"] in targets("2022")
    assert a["target_id"] not in targets("2023")
    assert c["target_id"] in targets("2023")


def test_a_circle_of_successors_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tables = small_tables()
    tables["targets"][3]["superseded_by"] = tables["targets"][2]["target_id"]
    changed(tmp_path, monkeypatch, tables)
    assert targets("2022") == BY_THE_ARTICLE


@given(st.dates())
def test_any_day_means_itself(day: datetime.date) -> None:
    assert parse_day(day) == parse_day(day.isoformat()) == day


def test_the_scoreboard_as_of_a_day_has_what_was_known_then() -> None:
    now, then = ycd.scoreboard(), ycd.scoreboard(as_of="2022-05-12")
    assert list(then["target_id"]) == BY_THE_ARTICLE
    # The outcome was reported in 2023, and the target was due at the end of 2022.
    rows = {name: board.set_index("target_id") for name, board in (("now", now), ("then", then))}
    assert rows["now"].loc["zj-2022-a-factories", "verdict"] == "met"
    assert rows["then"].loc["zj-2022-a-factories", "verdict"] == "not_yet_due"
    assert rows["then"]["outcome_id"].isna().loc["zj-2022-a-factories"]


def test_a_search_is_known_from_its_day() -> None:
    row = "zj-2022-b-growth"
    early = ycd.scoreboard(as_of="2025-11-29").set_index("target_id")
    late = ycd.scoreboard(as_of="2025-11-30").set_index("target_id")
    assert row in early.index[early["searched_on"].isna()]
    assert late.loc[row, "search_found"] == "none"
