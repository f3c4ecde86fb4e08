"""What is suggested to our curators, held against what they decided."""

from __future__ import annotations

from pathlib import Path

import pytest

from ycd_opendata.delta.contribution import suggestions
from ycd_opendata.delta.proposals.answers import MOST, ranked
from ycd_opendata.delta.proposals.gaps import proposed
from ycd_opendata.delta.proposals.likeness import indicators_of
from ycd_opendata.extension import Load
from ycd_opendata.loader.frames import plain_rows
from ycd_opendata.loader.loading import tables_of
from ycd_opendata.package.open_package import installed_package
from ycd_opendata.package.reading import read_package
from ycd_opendata.suggestion import Suggestion


@pytest.fixture(scope="module")
def load() -> Load:
    return tables_of(installed_package())


@pytest.fixture(scope="module")
def found(load: Load) -> list[Suggestion]:
    return list(suggestions(installed_package(), load))


def test_nine_of_ten_assessed_outcomes_are_among_the_first_five(load: Load) -> None:
    found: dict[str, list[str]] = {}
    for each in ranked(load):
        found.setdefault(each.target["target_id"], []).append(each.outcome["outcome_id"])
    assessed = load("assessments")
    pairs = [*zip(assessed["target_id"], assessed["outcome_id"], strict=True)]
    hits = [outcome in found[target][:MOST] for target, outcome in pairs]
    assert sum(hits) / len(pairs) >= 0.9
    assert sum(found[target][0] == outcome for target, outcome in pairs) / len(pairs) < 0.9


def test_no_pair_is_suggested_that_was_assessed(load: Load, found: list[Suggestion]) -> None:
    assessed = load("assessments")
    known = {*zip(assessed["target_id"], assessed["outcome_id"], strict=True)}
    pairs = [
        (each.edit.cells["target_id"], each.edit.cells["outcome_id"])
        for each in found
        if each.kind == "outcome" and each.edit is not None
    ]
    assert pairs
    assert not known.intersection(pairs)


def test_each_kind_says_what_it_rests_on(load: Load, found: list[Suggestion]) -> None:
    names = [each.name for each in found]
    assert len(set(names)) == len(names)
    assert {each.kind for each in found} >= {"outcome", "address"}
    assert all(each.reasons_for or each.reasons_against for each in found)
    without = load("sources")["url"].isna().sum()
    assert sum(each.kind == "address" for each in found) == without


def test_indicators_that_look_alike_are_shown(small: Path) -> None:
    path = small / "data/indicators.csv"
    header, first, *others = path.read_text("utf-8").splitlines()
    twin = first.replace(first.split(",")[0], "zz-twin", 1)
    path.write_text("\n".join([header, first, *others, twin, ""]), "utf-8")
    package = read_package(small)
    found = [each for each in suggestions(package, tables_of(package)) if each.kind == "indicator"]
    assert f"indicator:{first.split(',')[0]}:zz-twin" in [each.name for each in found]


def test_a_new_record_gets_an_id_as_others_have(small: Path) -> None:
    path = small / "data/outcomes.csv"
    header, first, *others = path.read_text("utf-8").splitlines()
    path.write_text("\n".join([header, first[first.index(",") :], *others, ""]), "utf-8")
    package = read_package(small)
    [found] = [each for each in suggestions(package, tables_of(package)) if each.kind == "id"]
    assert found.edit is not None
    assert found.edit.where["outcome_id"] == ""
    [(_, new)] = found.edit.cells.items()
    assert new == found.record
    assert new.startswith("zj-")


def test_most_ids_are_the_ones_that_would_be_proposed(load: Load) -> None:
    prefixes = dict(zip(load("regions")["region_id"], load("regions")["id_prefix"], strict=True))
    rows = plain_rows(load("outcomes")[["outcome_id", "region_id", "indicator_id", "period_end"]])
    same = [proposed("outcomes", row, prefixes) == row["outcome_id"] for row in rows]
    assert sum(same) / len(same) > 0.7


def test_names_are_compared_by_what_they_share(load: Load) -> None:
    known = indicators_of(load("indicators"), load("units"))
    one = known["5g-base-stations"]
    assert one.shares_name(one) == 1
    assert one.likeness(one) > one.likeness(known["10-gigabit-parks"])
