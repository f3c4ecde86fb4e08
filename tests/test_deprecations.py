"""What a Table Schema may say of a field that goes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from packages import edit_json

from ycd_opendata.package.reading import read_descriptor
from ycd_opendata.validation.descriptor.descriptor_layer import check_descriptor
from ycd_opendata.validation.findings import Finding
from ycd_opendata.validation.run import validate

SCHEMA = "schemas/domains.json"
CODE = "deprecation-error"


def found(folder: Path, said: Any) -> list[Finding]:
    """The findings when the field name_zh of the domains is deprecated."""
    edit_json(folder / SCHEMA, lambda raw: raw["fields"][2].update(deprecated=said))
    return list(check_descriptor(read_descriptor(folder)).findings)


@pytest.mark.parametrize(
    "said", [{"removedIn": "2.0.0"}, {"removedIn": "2.0.0", "replacedBy": "name_en"}]
)
def test_one_to_act_on_passes(small: Path, said: dict[str, str]) -> None:
    assert found(small, said) == []
    assert validate(small).valid


@pytest.mark.parametrize(
    ("said", "why"),
    [
        (True, "is no object of removedIn and replacedBy"),
        ("2.0.0", "is no object"),
        ([], "is no object"),
        ({"removedIn": "2.0.0", "replaced": "name_en"}, "is no object"),
        ({}, 'removedIn "None" is no MAJOR version'),
        ({"removedIn": 2}, 'removedIn "2" is no MAJOR version'),
        ({"removedIn": "2.0"}, "is no MAJOR version"),
        ({"removedIn": "1.2.0"}, "is no MAJOR version, as removing a field needs"),
        ({"removedIn": "1.0.0"}, "it was to go in 1.0.0, and this is 1.0.0"),
        ({"removedIn": "2.0.0", "replacedBy": "name"}, 'replacedBy "name" is no other field'),
        ({"removedIn": "2.0.0", "replacedBy": "name_zh"}, "is no other field"),
        ({"removedIn": "2.0.0", "replacedBy": None}, "is no other field"),
    ],
)
def test_any_other_is_told(small: Path, said: Any, why: str) -> None:
    [finding] = found(small, said)
    assert (finding.code, finding.severity) == (
        CODE,
        "error" if isinstance(said, dict) else "warning",
    )
    assert (finding.path, finding.resource, finding.field) == (SCHEMA, "domains", "name_zh")
    assert finding.line is not None
    assert why in finding.message


def test_what_replaces_it_stays(small: Path) -> None:
    edit_json(
        small / SCHEMA, lambda raw: raw["fields"][3].update(deprecated={"removedIn": "2.0.0"})
    )
    [finding] = found(small, {"removedIn": "2.0.0", "replacedBy": "name_en"})
    assert "what replaces it is deprecated too" in finding.message


@pytest.mark.parametrize("fields", [5, {}, [5], None])
def test_fields_of_any_shape_are_looked_at(small: Path, fields: Any) -> None:
    edit_json(small / SCHEMA, lambda raw: raw.update(fields=fields))
    findings = check_descriptor(read_descriptor(small)).findings
    assert CODE not in {each.code for each in findings}
