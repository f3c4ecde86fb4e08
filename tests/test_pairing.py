"""Columns and fields are paired, and headers judged, as frictionless does it."""

from __future__ import annotations

from typing import Any, Literal, get_args

import pytest
from frictionless import FrictionlessException
from frictionless import Schema as Reference
from frictionless.table.header import Header
from hypothesis import given
from hypothesis import strategies as st

from ycd_opendata.package.reading import parse_schema
from ycd_opendata.package.tables.pairing import AmbiguousHeaderError, pair

Mode = Literal["exact", "equal", "subset", "superset", "partial"]
NAMES = st.lists(st.sampled_from(["a", "b", "A", "c", "a2"]), unique=True, min_size=1, max_size=4)


def raw_schema(names: list[str], mode: str, key: list[str], required: set[str]) -> dict[str, Any]:
    fields = [
        {"name": name, "type": "string", "constraints": {"required": name in required}}
        for name in names
    ]
    return {"fields": fields, "fieldsMatch": mode, "primaryKey": [*key]}


@given(
    names=NAMES,
    labels=st.lists(st.sampled_from(["a", "b", "A", "c", "a2", "", "z"]), max_size=5),
    mode=st.sampled_from(get_args(Mode)),
    ignore_case=st.booleans(),
    data=st.data(),
)
def test_pairs_and_faults_are_those_of_frictionless(
    names: list[str], labels: list[str], mode: Mode, ignore_case: bool, data: st.DataObject
) -> None:
    key = data.draw(st.lists(st.sampled_from(names), unique=True, max_size=1))
    required = data.draw(st.sets(st.sampled_from(names)))
    raw = raw_schema(names, mode, key, required)
    reference = Reference.from_descriptor(raw)
    try:
        header = Header(
            labels,
            fields=reference.fields,
            row_numbers=[1],
            ignore_case=ignore_case,
            fields_match=mode,
        )
        expected_fields = header.get_expected_fields()
    except FrictionlessException:
        with pytest.raises(AmbiguousHeaderError):
            pair(labels, parse_schema(raw), ignore_case=ignore_case)
        return
    got = pair(labels, parse_schema(raw), ignore_case=ignore_case)
    assert [(each.name, each.type) for each in got.fields] == [
        (each.name, each.type) for each in expected_fields
    ]
    if labels:
        assert [(each.code, each.field, each.label or "", each.note) for each in got.faults] == [
            (
                each.type,
                getattr(each, "field_name", ""),
                getattr(each, "label", "") or "",
                each.note,
            )
            for each in header.errors
        ]


def test_the_places_of_fields() -> None:
    schema = parse_schema(raw_schema(["a", "b", "c"], "partial", [], set()))
    assert pair(["c", "x", "a"], schema).places(schema) == (2, None, 0)
    by_position = parse_schema(raw_schema(["a", "b"], "exact", [], set()))
    assert pair((), by_position).places(by_position) == (0, 1)
