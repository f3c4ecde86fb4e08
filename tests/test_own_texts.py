"""The counts in README and codebook are the tables', or ``ycd validate`` says where not."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from conftest import RunYcd
from packages import ROOT, small_tables, write_table

from ycd_opendata.delta.coverage import DOCUMENTS
from ycd_opendata.loader.loading import tables_of
from ycd_opendata.package.reading import read_package
from ycd_opendata.validation.generated_texts import StaleText, stale_texts


def stale(folder: Path) -> list[StaleText]:
    package = read_package(folder)
    return list(stale_texts(package, tables_of(package)))


@pytest.fixture
def documented(small: Path) -> Path:
    """The small package with the repository's documents, which tell its own figures."""
    for name in DOCUMENTS.paths:
        shutil.copy(ROOT / name, small / name)
    for each in stale(small):
        (small / each.path).write_text(each.after, "utf-8")
    return small


@pytest.fixture
def curated(documented: Path) -> Path:
    """The same with one more date."""
    rows = small_tables()["dates"]
    write_table(documented, "dates", [*rows, {**rows[-1], "date_id": "zj-2022-05-z"}])
    return documented


def test_the_repository_is_up_to_date() -> None:
    assert (stale(ROOT)) == []
    assert all(
        (ROOT / name).read_text("utf-8").count("<!-- quality -->") == 1 for name in DOCUMENTS.paths
    )


def test_validate_says_where_they_are_stale_and_format_mends_it(ycd: RunYcd, curated: Path) -> None:
    result = ycd("validate", curated, "--format", "json")
    assert result.code == 1
    [finding] = json.loads(result.out)["findings"]
    assert (finding["code"], finding["path"]) == ("stale-text", "data/README.md")
    assert finding["hint"] == "run `ycd format`"
    lines = (curated / "data/README.md").read_text("utf-8").splitlines()
    assert lines[finding["line"] - 1].startswith("| ")
    checked = ycd("format", curated, "--check")
    assert checked.code == 1
    assert f"-{lines[finding['line'] - 1]}" in checked.out.splitlines()
    assert ycd("format", curated).out == "wrote data/README.md\n1 file changed\n"
    assert stale(curated) == []


def test_the_line_is_that_of_the_first_figure_that_differs(documented: Path) -> None:
    text = (documented / "README.md").read_text("utf-8")
    line = next(n for n, each in enumerate(text.splitlines(), 1) if each.startswith("- Open "))
    changed = text.replace("- Open contradictions between sources: ", "- Open contradictions: ")
    (documented / "README.md").write_text(changed, "utf-8")
    [found] = stale(documented)
    assert (found.path, found.block, found.line) == ("README.md", "quality", line)
    assert (found.before, found.after) == (changed, text)


def test_what_stands_outside_of_the_marks_is_nobodys_business(small: Path) -> None:
    (small / "README.md").write_text("# Ours\n", "utf-8")
    assert (stale(small)) == []


def test_tables_that_cannot_be_counted_are_said(ycd: RunYcd, curated: Path) -> None:
    path = curated / "data/targets.csv"
    path.write_text(path.read_text("utf-8").replace(",eq,12,", ",eq,many,", 1), "utf-8")
    result = ycd("format", curated)
    assert "skipped what is generated from the tables: " in result.out
    assert result.code == 0
