"""An id that was retired still finds its record."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from packages import write_small, write_table

import ycd_opendata as ycd
from ycd_opendata.loader import loading as loader
from ycd_opendata.package.reading import read_package

NOW = "zj-2022-a-factories"
TOMBSTONES = {
    ("targets", "zj-older"): "zj-old",
    ("targets", "zj-old"): NOW,
    ("targets", "zj-gone"): "",
    ("targets", "zj-lost"): "zj-never-there",
    ("targets", "zj-to-the-gone"): "zj-gone",
    ("targets", "round-1"): "round-2",
    ("targets", "round-2"): "round-3",
    ("targets", "round-3"): "round-1",
    ("targets", "round-self"): "round-self",
    ("targets", NOW): "zj-2022-b-growth",
    ("domains", "trade"): "economy",
}


@pytest.fixture(autouse=True)
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = write_small(tmp_path)
    rows = [
        {"table": table, "id": old, "replaced_by": new, "since_version": "1.1.0"}
        | {"reason_en": f"Why {old} went."}
        for (table, old), new in TOMBSTONES.items()
    ]
    write_table(folder, "retired_ids", rows)
    package = read_package(folder)
    monkeypatch.setattr(loader, "installed_package", lambda: package)


def test_a_retired_id_gives_the_record_in_its_place() -> None:
    assert list(ycd.load("targets", ids=["zj-old"])["target_id"]) == [NOW]
    assert list(ycd.load("targets", ids="zj-older")["target_id"]) == [NOW]
    assert list(ycd.load("domains", ids="trade")["domain_id"]) == ["economy"]


def test_one_row_an_id_in_the_order_of_the_ids() -> None:
    wanted = ["zj-2022-b-growth", "zj-old", NOW, "zj-2022-b-growth"]
    frame = ycd.load("targets", ids=iter(wanted))
    assert list(frame["target_id"]) == ["zj-2022-b-growth", NOW, NOW, "zj-2022-b-growth"]
    assert list(frame.index) == [0, 1, 2, 3]
    assert frame["value"].dtype == "float64"
    assert len(ycd.load("targets", ids=[])) == 0


def test_with_the_other_options() -> None:
    frame = ycd.load("domains", ids="trade", engine="polars", lang="en")
    assert isinstance(frame, pl.DataFrame)
    assert frame["name"].to_list() == ["Economy"]


def test_the_scoreboard_has_the_ids_of_targets() -> None:
    assert list(ycd.load("scoreboard", ids=["zj-old"])["target_id"]) == [NOW]


def test_an_id_in_use_is_itself_whatever_its_tombstone_says() -> None:
    assert list(ycd.load("targets", ids=NOW)["target_id"]) == [NOW]


@pytest.mark.parametrize("old", ["zj-gone", "zj-to-the-gone"])
def test_without_a_replacement_it_says_since_when_and_why(old: str) -> None:
    with pytest.raises(ycd.RetiredIdError) as caught:
        ycd.load("targets", ids=old)
    said = "targets id 'zj-gone' was retired in version 1.1.0: Why zj-gone went."
    assert str(caught.value).startswith(said)


def test_an_unknown_id_gives_the_nearest() -> None:
    with pytest.raises(ycd.UnknownNameError, match="did you mean 'zj-2022-a-factories'"):
        ycd.load("targets", ids="zj-2022-a-factory")
    # What was retired in another table is no id of this one.
    with pytest.raises(ycd.UnknownNameError, match="unknown targets id 'trade'"):
        ycd.load("targets", ids="trade")


def test_of_many_known_names_only_the_nearest_are_listed() -> None:
    error = ycd.UnknownNameError("id", "abc9", [f"abc{number}x" for number in range(1000)])
    assert error.hint == "did you mean 'abc9x' or 'abc99x' or 'abc98x'? 1000 are known"


@pytest.mark.parametrize("old", ["round-1", "round-2", "round-self"])
def test_a_circle_is_refused(old: str) -> None:
    with pytest.raises(ycd.DataError, match="in a circle"):
        ycd.load("targets", ids=old)


def test_a_replacement_that_is_not_there_is_refused() -> None:
    with pytest.raises(ycd.DataError, match="replaced by 'zj-never-there', which is no id"):
        ycd.load("targets", ids="zj-lost")


@pytest.mark.parametrize("table", ["assessments", "retired_ids"])
def test_a_key_of_several_fields_has_no_ids(table: str) -> None:
    with pytest.raises(ycd.DataError, match="no key of one field"):
        ycd.load(table, ids="x")
