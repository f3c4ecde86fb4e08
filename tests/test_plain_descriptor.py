"""Whatever counts as plain is valid by frictionless: on valid descriptors and on broken ones."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from examples import examples
from frictionless import Package
from hypothesis import given
from hypothesis import strategies as st
from packages import PROFILE, ROOT

from ycd_opendata.package.reading import read_descriptor
from ycd_opendata.package.tables.as_frictionless import local_copy
from ycd_opendata.validation.descriptor.plain_descriptor import is_plain

FULL: dict[str, Any] = {
    "$schema": PROFILE,
    "name": "full",
    "id": "an-id",
    "resourceType": {"of": "its owner"},
    "title": "Full",
    "version": "1.0.0",
    "created": "2022-01-17T09:30:05Z",
    "keywords": ["a"],
    "licenses": [{"name": "CC-BY-4.0", "path": "https://example.org/", "title": "by"}],
    "contributors": [{"title": "someone", "roles": ["author"], "organization": "x"}],
    "sources": [{"title": "a book", "path": "https://example.org/book"}],
    "resources": [
        {
            "name": "one",
            "type": "table",
            "path": "one.csv",
            "format": "csv",
            "mediatype": "text/csv",
            "encoding": "utf-8",
            "bytes": 3,
            "dialect": {"delimiter": ",", "header": True, "quoteChar": '"'},
            "schema": {
                "fields": [
                    {
                        "name": "a",
                        "type": "string",
                        "constraints": {"required": True, "pattern": "[a-z]+", "enum": ["a"]},
                    },
                    {
                        "name": "b",
                        "type": "integer",
                        "constraints": {"minimum": 1, "exclusiveMaximum": 9, "unique": True},
                    },
                    {"name": "c", "type": "number", "decimalChar": ",", "bareNumber": True},
                    {"name": "f", "type": "any", "deprecated": {"removedIn": "2.0.0"}},
                    {"name": "d", "type": "date", "constraints": {"minimum": "2020-01-01"}},
                    {"name": "e", "type": "boolean", "trueValues": ["y"], "falseValues": ["n"]},
                ],
                "missingValues": ["", "-"],
                "primaryKey": ["a", "b"],
                "uniqueKeys": [["b"]],
                "foreignKeys": [
                    {"fields": ["a"], "reference": {"resource": "two", "fields": ["k"]}},
                    {"fields": ["b"], "reference": {"resource": "", "fields": ["b"]}},
                ],
            },
        },
        {
            "name": "two",
            "path": "two.csv",
            "schema": {"fields": [{"name": "k", "type": "string", "format": "uri"}]},
        },
    ],
}

VALUES: st.SearchStrategy[Any] = st.sampled_from(
    [
        *(None, True, False, 0, 1, -1, 1.5, "", "x", "A b", "string", "integer", "default", "csv"),
        *("../x", "/x", "http://x", "2020-01-01", "[", "utf-8", "\x00", "2022-13"),
        *([], {}, ["a"], [1], [["a"]], [{"name": "a", "type": "string"}]),
        *({"name": "a"}, {"name": "x", "type": "any"}),
    ]
)
FLAGS = st.booleans()
KEYS = st.sampled_from(
    [
        *("$schema", "name", "type", "path", "format", "data", "title", "profile", "schema"),
        *("dialect", "fields", "constraints", "unique", "required", "enum", "pattern", "minimum"),
        *("maxLength", "exclusiveMinimum", "missingValues", "primaryKey", "uniqueKeys", "roles"),
        *("foreignKeys", "reference", "resource", "resources", "categories", "created", "hash"),
        *(
            "deprecated",
            "keywords",
            "licenses",
            "sources",
            "contributors",
            "decimalChar",
            "trueValues",
            "email",
        ),
        *("units", "title@fr", "resourceType", "related", "partialDate", "unit", "url", "stats"),
        *(
            "profiles",
            "layout",
            "hashing",
            "extrapaths",
            "control",
            "csv",
            "example",
            "organisation",
        ),
    ]
)


def holders(value: Any) -> list[Any]:
    """Every object and list in a JSON value, itself in front."""
    if not isinstance(value, dict | list):
        return []
    inner = value.values() if isinstance(value, dict) else value
    return [value, *(each for item in inner for each in holders(item))]


@st.composite
def mutants(draw: st.DrawFn) -> dict[str, Any]:
    """The full descriptor, changed in up to three places."""
    raw = copy.deepcopy(FULL)
    for _ in range(draw(st.integers(1, 3))):
        holder: Any = draw(st.sampled_from(holders(raw)))
        replace, repeat = draw(FLAGS), draw(FLAGS)
        if isinstance(holder, list):
            if holder and replace:
                holder[draw(st.integers(0, len(holder) - 1))] = copy.deepcopy(draw(VALUES))
            elif holder and repeat:
                holder.append(copy.deepcopy(holder[0]))
            else:
                holder.append(copy.deepcopy(draw(VALUES)))
        elif holder and draw(st.integers(0, 2)):
            key = draw(st.sampled_from(sorted(holder)))
            if not replace:
                del holder[key]
            else:
                holder[key] = copy.deepcopy(draw(VALUES))
        else:
            holder[draw(KEYS)] = copy.deepcopy(draw(VALUES))
    return raw


def notes(raw: dict[str, Any]) -> list[str]:
    """What frictionless finds."""
    return [each.note for each in Package.validate_descriptor(local_copy(raw)).errors]


@examples(30)
@given(raw=mutants())
def test_whatever_is_plain_is_valid(raw: dict[str, Any]) -> None:
    if is_plain(raw):
        # Which paths are safe is looked at before, and what is not is left out.
        assert [each for each in notes(raw) if not each.endswith("is not safe")] == []


def test_the_full_descriptor_is_plain_and_valid() -> None:
    assert is_plain(FULL)
    assert notes(FULL) == []


def test_our_own_descriptor_is_plain_and_valid() -> None:
    raw = dict(read_descriptor(ROOT).raw)
    assert is_plain(raw)
    assert notes(json.loads(json.dumps(raw))) == []


@pytest.mark.parametrize(
    "change",
    [
        {"name": "Not A Name"},
        {"resources": []},
        {"resources": [FULL["resources"][1], FULL["resources"][1]]},
        {"created": "yesterday"},
        {"licenses": [{"title": "no name"}]},
        {"keywords": "a"},
        {"$schema": "https://example.org/other.json"},
    ],
)
def test_what_breaks_the_standard_is_not_plain(change: dict[str, Any]) -> None:
    assert not is_plain(FULL | change)
