"""What an owner adds, by a second extension of an invented data set: a test for each field."""

from __future__ import annotations

import dataclasses
import datetime
import json
import re
import shutil
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from lighthouse_extension import EXTENSION
from packages import ROOT

from ycd_opendata.extension import Extension, Tables
from ycd_opendata.extension_loading import extension_of, load_extension, using
from ycd_opendata.loader.derived_tables import compute, derived_table
from ycd_opendata.loader.loading import find_resource, load_table, tables_of
from ycd_opendata.package.reading import read_package
from ycd_opendata.publishing.catalogue import publish
from ycd_opendata.publishing.formatting import Formatted, regenerate
from ycd_opendata.publishing.table_files import edited
from ycd_opendata.validation.run import validate

DOCUMENT = ROOT / "docs" / "extensions.md"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The invented package, to change as a test likes."""
    return shutil.copytree(ROOT / "tests" / "lighthouses", tmp_path / "lighthouses")


@pytest.fixture
def served(folder: Path) -> Iterator[Path]:
    """The same, with its extension."""
    with using(EXTENSION):
        yield folder


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The release of the invented package."""
    with using(EXTENSION):
        return publish(
            read_package(ROOT / "tests" / "lighthouses"), tmp_path_factory.mktemp("out")
        ).folder


def replace(path: Path, before: str, after: str) -> None:
    text = path.read_text("utf-8")
    assert before in text
    path.write_text(text.replace(before, after), "utf-8")


def test_the_package_is_valid(served: Path) -> None:
    report = validate(served)
    assert report.valid, report.findings
    assert [layer.checks for layer in report.layers if layer.name == "rules"] == [3]


def test_package(folder: Path) -> None:
    assert EXTENSION.package == read_package(folder).name
    assert extension_of(read_package(folder)) == Extension("")


def test_cell_rules(served: Path) -> None:
    replace(served / "data/lighthouses.csv", "Farol Branco", "FAROL BRANCO")
    [found] = validate(served).findings
    assert (found.code, found.line, found.field, found.key) == ("shouted", 3, "nome", "branco")
    assert found.message == 'o nome "FAROL BRANCO" está em maiúsculas'


def test_record_rules(served: Path) -> None:
    replace(served / "data/repairs.csv", "1950", "1890")
    [found] = validate(served).findings
    assert (found.code, found.line, found.key) == ("repaired-before-lit", 2, "r1")
    assert found.message == '"areias" foi reparado em "1890", antes de aceso'


def test_a_rule_that_raises_is_a_finding_that_names_it(folder: Path) -> None:
    def raises(frame: pd.DataFrame, _: Tables) -> pd.Series[Any]:
        return frame["year"] / (1 // 0)

    rule = dataclasses.replace(EXTENSION.record_rules[0], holds=raises)
    with using(dataclasses.replace(EXTENSION, record_rules=(rule,))):
        [found] = validate(folder).findings
    assert found.code == "rule-not-run"
    assert "repaired-before-lit" in found.message
    assert "ZeroDivisionError" in found.message
    assert "test_extension" in found.hint


def test_a_cell_rule_that_raises_and_a_message_that_names_nothing(folder: Path) -> None:
    def raises(text: str) -> bool:
        return bool(int(text))

    wrong = dataclasses.replace(EXTENSION.cell_rules[0], name="wrong", holds=raises)
    odd = dataclasses.replace(EXTENSION.record_rules[0], message="{nothing} is wrong with {0}")
    replace(folder / "data/repairs.csv", "1950", "1890")
    with using(dataclasses.replace(EXTENSION, cell_rules=(wrong,), record_rules=(odd,))):
        not_run, broken = validate(folder).findings
    assert not_run.code == "rule-not-run"
    assert "the rule wrong could not be run: ValueError" in not_run.message
    assert broken.message == "{nothing} is wrong with {0}"


def test_a_rule_that_says_too_little_is_a_finding(folder: Path) -> None:
    rule = dataclasses.replace(
        EXTENSION.record_rules[0], holds=lambda frame, _: frame["year"].head(1) > 0
    )
    with using(dataclasses.replace(EXTENSION, record_rules=(rule,))):
        [found] = validate(folder).findings
    assert "it says something of 1 rows, not of 3" in found.message


def test_a_rule_whose_column_is_not_there_is_skipped(folder: Path) -> None:
    rules = dataclasses.replace(
        EXTENSION.record_rules[0], holds=lambda frame, _: frame["mended"].notna()
    )
    pointing = dataclasses.replace(EXTENSION.record_rules[0], name="other", field="mended")
    with using(dataclasses.replace(EXTENSION, record_rules=(rules, pointing))):
        report = validate(folder)
    assert report.valid
    assert set(report.layers[-1].skipped) == {
        "repairs.repaired-before-lit: there is no column 'mended'",
        "repairs.other: there is no column 'mended'",
    }


def test_derived_tables(served: Path) -> None:
    frame = load_table(read_package(served), "costs")
    assert frame.to_dict("records") == [
        {"lighthouse_id": "areias", "custo": 1500.5},
        {"lighthouse_id": "branco", "custo": 90},
    ]


def test_derived_tables_are_published_and_sqlite_computes_them(release: Path) -> None:
    assert (release / "csv/costs.csv").read_text("utf-8") == (
        "lighthouse_id,custo\nareias,1500.5\nbranco,90\n"
    )
    with closing(sqlite3.connect(release / "lighthouses.sqlite")) as database:
        [kind] = database.execute("SELECT type FROM sqlite_master WHERE name = 'costs'").fetchone()
        assert kind == "view"
        assert database.execute("SELECT * FROM costs ORDER BY 1").fetchall() == [
            ("areias", 1500.5),
            ("branco", 90.0),
        ]


def test_as_of(served: Path) -> None:
    package, day = read_package(served), datetime.date(1960, 1, 1)
    assert EXTENSION.as_of is not None
    repairs = find_resource(package, "repairs")
    frame = EXTENSION.as_of.table(day, package, repairs, tables_of(package))
    assert list(frame["repair_id"]) == ["r1", "r3"]
    costs = find_resource(package, "costs")
    derived = derived_table(package, costs)
    assert derived is not None
    then = compute(derived, costs, EXTENSION.as_of.tables(day, package, tables_of(package)), day)
    assert list(then["custo"]) == [1200, 90]


def test_documents(served: Path) -> None:
    replace(served / "README.md", "3 reparações", "30 reparações")
    [found] = validate(served).findings
    assert (found.code, found.path, found.line) == ("stale-text", "README.md", 4)
    [change] = regenerate(read_package(served), Formatted()).changes
    assert "2 faróis, 3 reparações." in change.after


def test_documents_are_in_the_readme_of_a_release(release: Path) -> None:
    assert "## Contagem\n\n2 faróis, 3 reparações." in (release / "README.md").read_text("utf-8")


def test_subject(release: Path) -> None:
    said = json.loads((release / "dataset.jsonld").read_text("utf-8"))
    assert said["inLanguage"] == ["pt"]
    assert said["temporalCoverage"] == "1920/1977"
    assert "Costa inventada" in json.dumps(said["spatialCoverage"], ensure_ascii=False)
    assert "Altura dos faróis" in json.dumps(said["variableMeasured"], ensure_ascii=False)


def test_suggestions(served: Path) -> None:
    package = read_package(served)
    assert EXTENSION.suggestions is not None
    [found] = EXTENSION.suggestions(package, tables_of(package))
    assert (found.record, found.asks) == ("branco", ("year", "custo"))
    assert found.edit is not None
    change = edited(package, found.edit, {"year": "1999", "custo": "7"})
    assert change.after.endswith("r4,branco,1999,7\n")


def test_site(release: Path) -> None:
    catalogue = release.parent
    front = (catalogue / "index.html").read_text("utf-8")
    assert '<p class="tallest">Farol das Areias</p>' in front
    assert "Counted along the coast" in front
    assert ".tallest {" in (catalogue / "assets" / "site.css").read_text("utf-8")
    guide = (catalogue / "en" / "docs" / "medir.html").read_text("utf-8")
    assert '<a href="index.html#guia">guia</a>' in guide
    assert "docs/index.html" in (catalogue / "index.html").read_text("utf-8")
    for page in catalogue.rglob("*.html"):
        text = page.read_text("utf-8")
        for ours in ("Yangtze", "长三角", "digital", "数字化", "targets", "verdict"):
            assert ours not in text, page


def test_every_field_has_a_test_and_a_paragraph() -> None:
    fields = {each.name for each in dataclasses.fields(Extension)}
    described = set(re.findall(r"(?m)^### `(\w+)`\n\n\S", DOCUMENT.read_text("utf-8")))
    tested = {name.removeprefix("test_") for name in vars(sys.modules[__name__])}
    assert described == fields
    assert fields <= tested
    assert {each for each in fields if getattr(EXTENSION, each)} == fields


def test_the_example_of_the_documentation_runs(folder: Path, tmp_path: Path) -> None:
    [example] = re.findall(r"```python\n(.*?)```", DOCUMENT.read_text("utf-8"), re.DOTALL)
    (tmp_path / "rules.py").write_text(example, "utf-8")
    replace(folder / "data/repairs.csv", "1950", "1890")
    with using(load_extension(str(tmp_path / "rules.py"))):
        [found] = validate(folder).findings
    assert found.message == '"areias" was repaired in "1890", before it was lit'
