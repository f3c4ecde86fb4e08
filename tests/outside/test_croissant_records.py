"""``mlcroissant`` validates ``croissant.json`` and loads every record set, cell by cell."""

from __future__ import annotations

import json
from pathlib import Path

from outside.tools import cells_of, python, run

LOAD = """
import json
import mlcroissant
import numpy
import pandas as pd

def text(value):
    if isinstance(value, bytes):
        return value.decode()
    if pd.isna(value):
        return ""
    if isinstance(value, (bool, numpy.bool_)):
        return str(bool(value))
    return value.date().isoformat() if isinstance(value, pd.Timestamp) else f"{value:.15g}"

dataset = mlcroissant.Dataset("croissant.json")
loaded = {}
for record_set in dataset.metadata.record_sets:
    records = dataset.records(record_set.uuid)
    names = {field.uuid: field.name for field in record_set.fields}
    loaded[record_set.name] = [
        {names[key]: text(value) for key, value in each.items()} for each in records
    ]
print(json.dumps(loaded))
"""


def validate(folder: Path) -> tuple[int, str]:
    done = run("mlcroissant", "validate", "--jsonld", "croissant.json", cwd=folder)
    return done.returncode, done.stderr


def test_the_release_is_valid(own_release: Path) -> None:
    code, said = validate(own_release)
    assert code == 0
    assert "warning" not in said


def test_a_package_that_is_not_ours_is_valid(odd_release: Path) -> None:
    assert validate(odd_release)[0] == 0


def test_it_finds_a_field_without_source(broken: Path) -> None:
    path = broken / "croissant.json"
    value = json.loads(path.read_text("utf-8"))
    value["recordSet"][0]["field"][0]["source"]["fileObject"]["@id"] = "json/none.json"
    path.write_text(json.dumps(value), "utf-8")
    assert validate(broken)[0] != 0


def test_it_loads_every_cell(small_release: Path) -> None:
    done = python(LOAD, small_release)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == cells_of(small_release)


def test_it_finds_a_changed_file(broken: Path) -> None:
    path = broken / "json/dates.json"
    path.write_text(path.read_text("utf-8").replace("2022", "2023", 1), "utf-8")
    done = python(LOAD, broken)
    assert done.returncode != 0
    assert "is not identical with the reference" in done.stderr
