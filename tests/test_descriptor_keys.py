"""Words that are one slip from each other, and keys that stand where nothing reads them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from packages import describe

from ycd_opendata.package.reading import read_descriptor
from ycd_opendata.validation.descriptor.descriptor_keys import key_findings, objects, slip_of
from ycd_opendata.validation.findings import Finding

KNOWN = ("required", "unique", "enum", "path", "type")


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("requierd", "required"),  # two letters swapped
        ("Required", "required"),  # one changed
        ("uniqe", "unique"),  # one left out
        ("uniquee", "unique"),  # one added
        ("paht", "path"),
        ("type", None),
        ("required", None),
        ("rqueird", None),  # two slips
        ("colour", None),
        ("num", "enum"),
        ("date", None),
        ("", None),
        ("x" * 100_000, None),
    ],
)
def test_slip_of(word: str, meant: str | None) -> None:
    assert slip_of(word, KNOWN) == meant


def slips(folder: Path, **resource: Any) -> list[Finding]:
    """What is found in the keys of a package of one table."""
    found = read_descriptor(describe(folder, [{"name": "t", "path": "t.csv", **resource}]))
    return list(key_findings(found, objects(found.raw)))


def test_rules_are_looked_for_under_their_name(tmp_path: Path) -> None:
    schema = {"fields": [{"name": "a"}], "rule": [{"name": "r", "expression": "a = 'x'"}]}
    [slip] = slips(tmp_path, schema=schema)
    assert (slip.code, slip.field, slip.hint) == ("misspelt-key", "rule", 'did you mean "rules"?')


def field(**keys: Any) -> dict[str, Any]:
    return {"schema": {"fields": [{"name": "a", "type": "string", **keys}]}}


@pytest.mark.parametrize(
    ("resource", "key", "home"),
    [
        ({"primaryKey": "a"}, "primaryKey", "schema"),
        ({"foreignKeys": []}, "foreignKeys", "schema"),
        ({"uniqueKeys": [["a"]]}, "uniqueKeys", "schema"),
        ({"missingValues": ["-"]}, "missingValues", "schema"),
        ({"fields": [{"name": "a"}]}, "fields", "schema"),
        ({"delimiter": ";"}, "delimiter", "dialect"),
        (field(enum=["x"]), "enum", "constraints"),
        (field(required=True), "required", "constraints"),
        (field(pattern="x"), "pattern", "constraints"),
        (field(primaryKey=True), "primaryKey", "schema"),
        ({"schema": {"fields": [], "delimiter": ";"}}, "delimiter", "dialect of the resource"),
        ({"dialect": {"encoding": "latin1"}}, "encoding", "resource"),
    ],
)
def test_misplaced_key_is_told_with_its_home(
    tmp_path: Path, resource: dict[str, Any], key: str, home: str
) -> None:
    [finding] = slips(tmp_path, **resource)
    assert finding.field == key
    # What frictionless refuses too is an error under its code.
    refused = {"missingValues": "resource-error", "required": "field-error"}.get(key)
    expected = (refused, "error") if refused else ("misplaced-key", "warning")
    assert (finding.code, finding.severity) == expected
    assert finding.hint == f"it belongs in the {home}: move it there"
    lines = (tmp_path / "datapackage.json").read_text("utf-8").splitlines()
    assert finding.line is not None
    assert f'"{key}"' in lines[finding.line - 1]


def test_key_that_is_in_its_place_too_misleads_nobody(tmp_path: Path) -> None:
    schema = {"fields": [{"name": "a"}], "primaryKey": "a"}
    assert slips(tmp_path, primaryKey="a", schema=schema) == []
    [slip] = slips(tmp_path, primaryKey="b", schema=schema)
    assert slip.field == "primaryKey"


@pytest.mark.parametrize("fields", [7, "a", None])
def test_own_meaning_of_a_key_is_none_of_ours(tmp_path: Path, fields: Any) -> None:
    assert slips(tmp_path, fields=fields) == []
