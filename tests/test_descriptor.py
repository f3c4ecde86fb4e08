from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from packages import SMALL, edit_json

from ycd_opendata.package.reading import read_descriptor
from ycd_opendata.validation.descriptor.descriptor_layer import check_descriptor
from ycd_opendata.validation.findings import Finding
from ycd_opendata.validation.run import validate

Change = Callable[[dict[str, Any]], Any]


def found(
    folder: Path, change: Change | None = None, file: str = "datapackage.json"
) -> list[Finding]:
    if change is not None:
        edit_json(folder / file, change)
    return list(check_descriptor(read_descriptor(folder)).findings)


def test_the_repository_has_no_finding(repository: Path) -> None:
    result = check_descriptor(read_descriptor(repository))
    assert result.findings == ()
    assert result.layer.tables == len(SMALL)


PACKAGE, SCHEMA = "datapackage.json", "schemas/regions.json"


@pytest.mark.parametrize(
    ("file", "holder", "meant", "misspelt"),
    [
        (PACKAGE, lambda raw: raw, "title", "titel"),
        (PACKAGE, lambda raw: raw, "licenses", "licences"),
        (PACKAGE, lambda raw: raw["licenses"][0], "path", "paht"),
        (PACKAGE, lambda raw: raw["contributors"][0], "roles", "rolles"),
        (PACKAGE, lambda raw: raw["resources"][0], "encoding", "encodng"),
        (PACKAGE, lambda raw: raw["resources"][0]["dialect"], "delimiter", "delimeter"),
        (SCHEMA, lambda raw: raw, "missingValues", "missingValue"),
        (SCHEMA, lambda raw: raw["fields"][0], "description", "desciption"),
        (SCHEMA, lambda raw: raw["fields"][1], "constraints", "constraint"),
        (SCHEMA, lambda raw: raw["fields"][1]["categories"][0], "label", "lable"),
        (SCHEMA, lambda raw: raw, "primaryKey", "primarykey"),
    ],
)
def test_slip_of_one_letter_is_a_warning_with_the_known_key(
    repository: Path, file: str, holder: Change, meant: str, misspelt: str
) -> None:
    def change(raw: dict[str, Any]) -> None:
        if file == PACKAGE:
            raw["resources"][0]["dialect"] = {"delimiter": ","}
        held = holder(raw)
        held[misspelt] = held.pop(meant)

    [finding] = [each for each in found(repository, change, file) if each.code == "misspelt-key"]
    assert (finding.field, finding.severity, finding.path) == (misspelt, "warning", file)
    assert finding.hint == f'did you mean "{meant}"?'
    assert finding.line is not None
    line = (repository / file).read_text("utf-8").splitlines()[finding.line - 1]
    assert f'"{misspelt}"' in line


@pytest.mark.parametrize(
    "key",
    [
        *("my:key", "_internal", "@context", "license", "favourite_colour", "related"),
        *("maintainer", "maintainers", "resourceType", "title@fr", "units", "examples", "names"),
    ],
)
def test_key_of_ones_own_is_let_stand(repository: Path, key: str) -> None:
    def change(raw: dict[str, Any]) -> None:
        for holder in (raw, raw["resources"][0], raw["licenses"][0]):
            holder.setdefault(key, "x")

    assert found(repository, change) == []


def test_slip_is_told_where_the_key_is_absent_only(repository: Path) -> None:
    assert found(repository, lambda raw: raw.update(titel="x")) == []
    [finding] = found(repository, lambda raw: raw.pop("title"))
    assert (finding.field, finding.hint) == ("titel", 'did you mean "title"?')


def test_misspelt_constraint_is_refused_by_the_standard(repository: Path) -> None:
    def change(raw: dict[str, Any]) -> None:
        raw["fields"][1]["constraints"]["requird"] = True

    [finding] = found(repository, change, "schemas/regions.json")
    assert (finding.code, finding.path, finding.resource) == (
        "field-error",
        "schemas/regions.json",
        "regions",
    )
    assert "requird" in finding.message
    assert finding.hint == 'did you mean "required"?'


@pytest.mark.parametrize("version", ["1", "1.0", "v1.0.0", "01.0.0", "2022-01-17", ""])
def test_version_that_is_not_semantic_is_a_warning(repository: Path, version: str) -> None:
    [finding] = found(repository, lambda raw: raw.update(version=version))
    assert (finding.code, finding.severity, finding.field) == (
        "version-not-semantic",
        "warning",
        "version",
    )


@pytest.mark.parametrize("version", ["0.1.0", "1.0.0", "10.20.30", "1.0.0-rc.1", "1.0.0+build"])
def test_semantic_version_passes(repository: Path, version: str) -> None:
    assert found(repository, lambda raw: raw.update(version=version)) == []


@pytest.mark.parametrize("where", [lambda raw: raw, lambda raw: raw["resources"][0]])
def test_no_profile_is_fetched(small: Path, where: Change, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("somebody went to the network")

    monkeypatch.setattr("socket.getaddrinfo", refuse)
    monkeypatch.setattr("socket.socket.connect", refuse)
    address = "http://192.0.2.1/profile.json"
    edit_json(small / "datapackage.json", lambda raw: where(raw).update(profile=address))
    report = validate(small)
    assert [(each.code, each.value) for each in report.findings] == [
        ("profile-not-fetched", address)
    ]
    assert report.valid


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda raw: raw.pop("resources"), "package-error"),
        (lambda raw: raw.update(name=5), "package-error"),
        (lambda raw: raw["resources"].append(raw["resources"][0]), "package-error"),
        (lambda raw: raw["resources"][0].pop("path"), "resource-error"),
        (lambda raw: raw.update(licenses=[{"title": "x"}]), "package-error"),
        (lambda raw: raw.update(created="yesterday"), "package-error"),
    ],
)
def test_the_standard_is_checked(repository: Path, change: Change, code: str) -> None:
    assert code in [each.code for each in found(repository, change)]


def test_key_of_an_unknown_field_is_named_with_its_file(repository: Path) -> None:
    [finding] = found(
        repository, lambda raw: raw.update(primaryKey=["nowhere"]), "schemas/dates.json"
    )
    assert (finding.code, finding.path, finding.resource) == (
        "schema-error",
        "schemas/dates.json",
        "dates",
    )


def test_findings_are_json(repository: Path) -> None:
    assert json.dumps([each.__dict__ for each in found(repository)]) == "[]"
