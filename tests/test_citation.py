"""How a package is cited, and its citation file: ``outside/`` has a validator read the latter."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from odd_package import write_odd
from packages import ROOT

import ycd_opendata as ycd
from ycd_opendata.loader.citation import cite_package
from ycd_opendata.package.reading import read_package


def test_file_and_function_agree() -> None:
    cited = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))
    for part in (cited["title"], cited["authors"][0]["name"], cited["license"]):
        assert part in ycd.cite()
        assert part in ycd.cite("bibtex")


def test_the_file_is_that_of_a_release_without_version_and_day(own_release: Path) -> None:
    released = yaml.safe_load((own_release / "CITATION.cff").read_text("utf-8"))
    assert released.pop("version") == ycd.__version__
    assert str(released.pop("date-released"))[:4] in ycd.cite()
    # datapackage.json holds the only version, so the repository's file names none.
    assert yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8")) == released


PEOPLE = [
    ([{"title": "A", "role": "author"}, {"title": "B", "role": "wrangler"}], "A (2022): "),
    ([{"title": "B"}, {"givenName": "C", "familyName": "D"}], "B and C D (2022): "),
    ([{"title": each} for each in ("E", "F", "E", "G")], "E, F and G (2022): "),
    ([], ""),
]


@pytest.mark.parametrize(("people", "start"), PEOPLE)
def test_authors_are_named_by_their_role(
    tmp_path: Path, people: list[dict[str, str]], start: str
) -> None:
    package = read_package(write_odd(tmp_path, contributors=people))
    assert cite_package(package, "text") == f"{start}odd. Version 2.0.0."
    assert ("author = " in cite_package(package, "bibtex")) == bool(people)
