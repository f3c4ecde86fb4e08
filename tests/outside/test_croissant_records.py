"""``mlcroissant`` validates ``croissant.json`` and loads every record set, cell by cell."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest
from outside.tools import Cells, cells_of, python

# It takes seconds to start, so one process looks at every folder, as its own command does.
EACH = """
import io
import json
import logging
import traceback

import ply.yacc
# The paths of fields are parsed by a grammar that is made anew for each: once is enough.
made = []
make = ply.yacc.yacc
ply.yacc.yacc = lambda **how: made[0] if made else made.append(make(**how)) or made[0]

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

def load(dataset, tables):
    loaded = {}
    for record_set in dataset.metadata.record_sets:
        if tables and record_set.name not in tables:
            continue
        records = dataset.records(record_set.uuid)
        names = {field.uuid: field.name for field in record_set.fields}
        loaded[record_set.name] = [
            {names[key]: text(value) for key, value in each.items()} for each in records
        ]
    return loaded

found = {}
for folder in [*VALIDATED, *LOADED]:
    said = io.StringIO()
    handler = logging.StreamHandler(said)
    logging.getLogger("absl").addHandler(handler)
    loaded = {}
    try:
        dataset = mlcroissant.Dataset(f"{folder}/croissant.json")
        if folder in LOADED:
            loaded = load(dataset, LOADED[folder])
    except Exception:
        logging.getLogger("absl").error(traceback.format_exc())
    logging.getLogger("absl").removeHandler(handler)
    found[folder] = [said.getvalue(), loaded]
print(json.dumps(found))
"""


@dataclass(frozen=True)
class Judged:
    """What it said of each release, and the cells that it loaded."""

    own: str
    odd: str
    without_source: str
    changed: str
    small: str
    cells: Cells


@pytest.fixture(scope="module")
def judged(
    own_release: Path,
    odd_release: Path,
    small_release: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Judged:
    top = tmp_path_factory.mktemp("croissant")
    without_source = shutil.copytree(odd_release, top / "without-source")
    path = without_source / "croissant.json"
    value = json.loads(path.read_text("utf-8"))
    value["recordSet"][0]["field"][0]["source"]["fileObject"]["@id"] = "json/none.json"
    path.write_text(json.dumps(value), "utf-8")
    changed = shutil.copytree(odd_release, top / "changed")
    path = changed / "json/links.json"
    path.write_text(path.read_text("utf-8").replace("1", "2", 1), "utf-8")
    validated = [str(each) for each in (own_release, odd_release, without_source)]
    loaded = {str(changed): ["links"], str(small_release): []}  # no names are all of them
    program = EACH.replace("VALIDATED", repr(validated)).replace("LOADED", repr(loaded))
    done = python(program, top)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    own, odd, sourceless, other, small = (found[each][0] for each in (*validated, *loaded))
    return Judged(own, odd, sourceless, other, small, found[str(small_release)][1])


def test_the_release_is_valid(judged: Judged) -> None:
    assert judged.own == ""


def test_a_package_that_is_not_ours_is_valid(judged: Judged) -> None:
    assert "Error" not in judged.odd


def test_it_finds_a_field_without_source(judged: Judged) -> None:
    assert "ValidationError" in judged.without_source


def test_it_loads_every_cell(judged: Judged, small_release: Path) -> None:
    assert "Error" not in judged.small
    assert judged.cells == cells_of(small_release)


def test_it_finds_a_changed_file(judged: Judged) -> None:
    assert "is not identical with the reference" in judged.changed
