"""What was reported of single cells, each as the smallest package that shows it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

from packages import edit_json

from ycd_opendata.loader.frames import read_pandas
from ycd_opendata.package.model import Package, Resource
from ycd_opendata.package.reading import read_package
from ycd_opendata.publishing.release import write_release
from ycd_opendata.validation.run import validate
from ycd_opendata.versioning.comparing import read_values

FAULTS = Path(__file__).parent / "faults"


def copied(name: str, folder: Path) -> Path:
    """A copy of a fault's package, so that nothing is left in ours."""
    return Path(shutil.copytree(FAULTS / name, folder / name))


def table(folder: Path) -> tuple[Package, Resource]:
    package = read_package(folder)
    return package, package.resources[0]


def released(source: Path, folder: Path) -> Path:
    folder.mkdir()
    write_release(read_package(source), folder, None)
    return folder


def test_the_missing_values_of_a_field_are_its_own(tmp_path: Path) -> None:
    """``field-missing``: they were unknown to CSVW, diff and loader."""
    source = copied("field-missing", tmp_path)
    assert validate(source).valid
    assert read_pandas(*table(source))["b"].isna().tolist() == [True, False, True]
    release = released(source, tmp_path / "release")
    assert [each["b"] for each in json.loads((release / "json/t.json").read_text("utf-8"))] == [
        None,
        5,
        None,
    ]
    [described] = json.loads((release / "csv-metadata.json").read_text("utf-8"))["tables"]
    assert described["null"] == [""]
    assert [each.get("null") for each in described["tableSchema"]["columns"]] == [None, ["", "-99"]]
    edit_json(
        source / "datapackage.json",
        lambda raw: raw["resources"][0]["schema"].update(primaryKey="a"),
    )
    assert read_values(*table(source))["b"].to_list() == [None, "5", None]


def test_labelled_missing_values_of_a_field(tmp_path: Path) -> None:
    source = copied("field-missing", tmp_path)

    def label(raw: dict[str, Any]) -> None:
        raw["$schema"] = "https://datapackage.org/profiles/2.0/datapackage.json"
        listed = [{"value": "", "label": "unknown"}, {"value": "-99", "label": "refused"}]
        raw["resources"][0]["schema"]["fields"][1]["missingValues"] = listed

    edit_json(source / "datapackage.json", label)
    assert validate(source).valid
    assert read_pandas(*table(source))["b"].isna().tolist() == [True, False, True]
