"""Edits of single records, and what cannot be edited."""

from __future__ import annotations

from pathlib import Path

import pytest

from ycd_opendata.errors import DataError, UnknownNameError
from ycd_opendata.package.reading import read_package
from ycd_opendata.publishing.table_files import edited
from ycd_opendata.suggestion import Edit


def test_a_record_is_changed(small: Path) -> None:
    package = read_package(small)
    [first, *_] = (small / "data/units.csv").read_text("utf-8").splitlines()[1:]
    key = first.split(",")[0]
    change = edited(package, Edit("units", {"unit_id": key}, {"name_en": "Things"}), {})
    assert change.before != change.after
    assert f"{key}," in change.after
    assert change.after.count("Things") == 1
    assert (small / "data/units.csv").read_text("utf-8") == change.before


def test_a_new_record_stands_where_its_key_belongs(small: Path) -> None:
    change = edited(
        read_package(small),
        Edit("units", {}, {"unit_id": "0-first"}),
        {"name_en": "First", "name_zh": "第一"},
    )
    assert change.after.splitlines()[1].startswith("0-first,第一,First")


@pytest.mark.parametrize(
    ("edit", "error", "said"),
    [
        (Edit("unit", {}), UnknownNameError, "unit"),
        (Edit("units", {}, {"colour": "red"}), UnknownNameError, "colour"),
        (Edit("units", {"unit_id": "none"}, {"name_en": "x"}), DataError, "it is not there"),
        (Edit("units", {"factor": "1"}, {"name_en": "x"}), DataError, "there is more than one"),
    ],
)
def test_what_is_not_there_is_said(
    small: Path, edit: Edit, error: type[Exception], said: str
) -> None:
    with pytest.raises(error, match=said):
        edited(read_package(small), edit, {})
