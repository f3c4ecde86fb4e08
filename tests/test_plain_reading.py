from __future__ import annotations

import warnings
from typing import Any

import pytest
from frictionless import Schema
from hypothesis import example, given
from hypothesis import strategies as st

from ycd_opendata.package.reading import parse_schema
from ycd_opendata.validation.structure.fast.planning.extra_checks import extra_checks
from ycd_opendata.validation.structure.fast.planning.plain_reading import cell_reader, plain_reader

FIELDS: list[dict[str, Any]] = [
    {"type": "string"},
    {"type": "string", "constraints": {"required": True, "minLength": 2, "maxLength": 3}},
    {"type": "string", "constraints": {"pattern": "[a-z]+|b.", "enum": ["ab", "bc", "12"]}},
    {"type": "string", "format": "uri"},
    {"type": "string", "format": "uri", "constraints": {"pattern": "h.*", "enum": ["h:a", "a"]}},
    {"type": "integer"},
    {"type": "integer", "constraints": {"minimum": 0, "maximum": "12", "enum": [1, "2", 12]}},
    {"type": "integer", "constraints": {"exclusiveMinimum": -3, "exclusiveMaximum": 7}},
    {"type": "number"},
    {"type": "number", "constraints": {"minimum": -0.5, "exclusiveMaximum": 12}},
    {"type": "number", "constraints": {"enum": [1, 0.5, "1e2"], "required": True}},
    {"type": "boolean"},
    {"type": "boolean", "trueValues": ["yes", "1"], "constraints": {"enum": [True]}},
    {"type": "date"},
    {"type": "date", "constraints": {"minimum": "2000-02-29", "enum": ["2020-01-01"]}},
    {"type": "datetime"},
    {"type": "datetime", "constraints": {"maximum": "2020-01-01T00:00:00Z"}},
    {"type": "integer", "bareNumber": False},
    {"type": "number", "decimalChar": ",", "groupChar": "."},
    {"type": "number", "bareNumber": False, "constraints": {"maximum": 12}},
    {"type": "time"},
    {"type": "time", "constraints": {"minimum": "10:00:00"}},
    {"type": "any", "constraints": {"enum": ["ab", "12"]}},
    {"type": "list", "constraints": {"minLength": 2}},
    {"type": "list", "itemType": "integer", "delimiter": ";"},
    {"type": "list", "itemType": "date", "constraints": {"maxLength": 1}},
    {"type": "array", "constraints": {"minLength": 1, "enum": ["[1]", []]}},
    {"type": "object", "constraints": {"maxLength": 1, "required": True}},
    {"type": "year"},
    {"type": "year", "constraints": {"minimum": 2000, "maximum": "2020", "unique": True}},
]
CELLS = st.one_of(
    st.none(),
    st.text(max_size=5),
    st.sampled_from(["", "NA", "None", "ab", "true", "TRUE", "yes", "1e2", "NaN", "-inf", "1_0"]),
    st.integers(-20, 3000).map(str),
    st.floats().map(str),
    st.dates().map(str),
    st.datetimes(timezones=st.none() | st.timezones()).map(lambda each: each.isoformat()),
    st.from_regex(r"[a-h数:/?#@%\[\]. ]{1,12}", fullmatch=True),
    st.from_regex(r"[ ０-９0-9+_.\-TZ:]{1,22}", fullmatch=True),
    st.from_regex(r"[a-z€ -]{0,2}[0-9.,;]{1,7}[a-z% .]{0,2}", fullmatch=True),
    st.times().map(str),
    st.sampled_from(["[1]", "[]", '{"a":1,"b":2}', "{}", "[1,2", "1;2", "[NaN]", "2020-01-02"]),
)


def both(descriptor: dict[str, Any], cell: str | None) -> tuple[Any, Any]:
    """What frictionless reads, and what is read here: value, type of the value, what is wrong."""
    raw = {
        "$schema": "https://datapackage.org/profiles/2.0/tableschema.json",
        "fields": [{"name": "f", **descriptor}],
        "missingValues": ["", "NA"],
    }
    [field] = parse_schema(raw).fields
    read = plain_reader(field)
    assert read is not None
    own = cell_reader(field, ("", "NA"), read, extra_checks(field).pattern)
    outcomes: list[Any] = []
    for reader in (Schema.from_descriptor(raw).fields[0].create_cell_reader(), own):
        try:
            with warnings.catch_warnings(action="ignore"):  # of dateutil, about time zones
                value, wrong = reader(cell)
        except Exception as error:
            outcomes.append(type(error).__name__)
        else:
            outcomes.append((f"{type(value).__name__} {value}", tuple(wrong or ())))
    return outcomes[0], outcomes[1]


@pytest.mark.parametrize("descriptor", FIELDS, ids=str)
@given(cell=CELLS)
@example(cell=" 12 ")
@example(cell="１２")
@example(cell="2020-02-30")
@example(cell="2020-01-01T24:00:00Z")
@example(cell="2020-01-01T00:00:00.1234567Z")
@example(cell="2020-01-01T00:00:00.5-08:00")
@example(cell="24:00:00")
@example(cell="5.")
@example(cell="1.000,5")
@example(cell="€ -5.5 %")
@example(cell="1; 2")
@example(cell="sNaN")
@example(cell="9" * 5000)
@example(cell="h://[::1]:a/数?%#")
@example(cell="h://a:99999999/")
def test_cells_are_read_as_frictionless_reads_them(
    descriptor: dict[str, Any], cell: str | None
) -> None:
    reference, own = both(descriptor, cell)
    assert own == reference


def test_value_and_verdict_are_compared() -> None:
    assert both({"type": "year"}, "02020") == (("NoneType None", ("type",)),) * 2
    assert both({"type": "year"}, "2020") == (("int 2020", ()),) * 2
    limited = {"type": "year", "constraints": {"maximum": 2000}}
    assert both(limited, "2020") == (("int 2020", ("maximum",)),) * 2


@pytest.mark.parametrize(
    "descriptor",
    [
        {"type": "number", "floatNumber": True},
        {"type": "string", "format": "email"},
        {"type": "date", "format": "any"},
        {"type": "list", "delimiter": ""},
        {"type": "geopoint"},
    ],
    ids=str,
)
def test_what_is_not_plain_is_left_to_frictionless(descriptor: dict[str, Any]) -> None:
    [field] = parse_schema({"fields": [{"name": "f", **descriptor}]}).fields
    assert plain_reader(field) is None
