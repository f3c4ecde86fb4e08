"""What is written as the standard writes it, and what becomes of other notations."""

from __future__ import annotations

from typing import Any

import frictionless
import polars as pl
import pytest

from ycd_opendata.package.model import Field
from ycd_opendata.package.reading import parse_schema
from ycd_opendata.package.standard_notation import canonical_column, notation


def field(type_: str, **more: Any) -> Field:
    return parse_schema({"fields": [{"name": "f", "type": type_, **more}]}).fields[0]


INTEGER, NUMBER = field("integer"), field("number")
COMMA = field("number", decimalChar=",", groupChar=".")
THOUSANDS = field("integer", groupChar=",")
BARE = field("integer", bareNumber=False)
GEO_ARRAY, GEO_OBJECT = field("geopoint", format="array"), field("geopoint", format="object")

LAWFUL = [
    (INTEGER, ["1", "-12", "+5", "007", "0", "-0"]),
    (NUMBER, ["1", "-1.5", "+1.5", ".5", "5.", "1e5", "1E+5", "-1.5e-3", "NaN", "nan", "INF"]),
    (NUMBER, ["-INF", "05.50"]),
    (COMMA, ["1.000,5", "1,5", "12", "NaN"]),
    (THOUSANDS, ["1,000", "1000", "12,34,567"]),
    (BARE, ["€5", "5 %", "-5", "about 12 km", "12"]),
    (field("date"), ["2022-01-05", "0999-12-31"]),
    (field("datetime"), ["2022-01-05T10:00:00Z", "2022-01-05T10:00:00.25+08:00"]),
    (field("datetime"), ["2022-01-05T10:00:00"]),
    (field("time"), ["10:00:00", "10:00:00Z", "10:00:00.5"]),
    (field("year"), ["2022", "0022"]),
    (field("yearmonth"), ["2022-01"]),
    (field("duration"), ["P1Y2M3DT4H5M6.7S", "-P1D", "PT36H", "P1M", "PT1.5S", "P1YT1M"]),
    (field("geopoint"), ["90.5,45", "90.50, 45"]),
    (GEO_ARRAY, ["[90.5, 45]", " [1,2] "]),
    (GEO_OBJECT, ['{"lon": 90.5, "lat": 45}']),
    (field("list", itemType="integer"), ["1,2", "5"]),
    (field("object"), ['{"a": "NaN \\" Infinity"}', "{}"]),
    (field("array"), ["[1, null, true]"]),
]

ODD = [
    (INTEGER, "1_000", "1000"),
    (INTEGER, "１２", "12"),
    (INTEGER, "٣", "3"),
    (INTEGER, " 5", "5"),
    (INTEGER, "5\u00a0", "5"),
    (INTEGER, "０５", "05"),
    (NUMBER, "1_0.50", "10.50"),
    (NUMBER, "１.５", "1.5"),
    (NUMBER, "1e５", "1e5"),
    (NUMBER, " 1.5 ", "1.5"),
    (NUMBER, "Infinity", "INF"),
    (NUMBER, "-infinity", "-INF"),
    (NUMBER, "+inf", "INF"),
    (NUMBER, "-NaN", "NaN"),
    (NUMBER, "sNaN7", "NaN"),
    (COMMA, "１.000,5", "1.000,5"),
    (COMMA, "1..000,5", "1000,5"),
    (COMMA, "1_0,5", "10,5"),
    (BARE, "€１_0 each", "€10 each"),
    (field("date"), "2022-1-5", "2022-01-05"),
    (field("date"), "2022-01- 5", "2022-01-05"),
    (field("date"), "２０２２-01-05", "2022-01-05"),
    (field("datetime"), "2022-01-05 10:00:00", "2022-01-05T10:00:00"),
    (field("datetime"), "2022-01-05T10:00:00z", "2022-01-05T10:00:00Z"),
    (field("datetime"), "2022-01-05T10:00:00+0800", "2022-01-05T10:00:00+08:00"),
    (field("datetime"), "2022-01-05T10:00:00,5", "2022-01-05T10:00:00.500000"),
    (field("datetime"), "2022-W01-3T10:00:00", "2022-01-05T10:00:00"),
    (field("time"), "10:00:00+08", "10:00:00+08:00"),
    (field("time"), "10:00:00,25", "10:00:00.250000"),
    (field("year"), " 202", "0202"),
    (field("year"), "２０２２", "2022"),
    (field("yearmonth"), "2022-1", "2022-01"),
    (field("yearmonth"), "22- 1", "0022-01"),
    (field("duration"), "P1W", "P7D"),
    (field("duration"), "P1,5D", "P1DT12H"),
    (field("duration"), "+P1D", "P1D"),
    (field("duration"), "P0001-02-03T04:05:06", "P1Y2M3DT4H5M6S"),
    (field("geopoint"), " 90.5 ,４5", "90.5,45"),
    (GEO_ARRAY, '["90.5", "4_5"]', "[90.5, 45]"),
    (GEO_OBJECT, '{"lat": "1", "lon": 2}', '{"lat": 1, "lon": 2}'),
    (field("list", itemType="integer"), "1, 2_0", "1,20"),
    (field("list", itemType="number", delimiter=";"), "1.5; 2", "1.5;2"),
    (field("object"), '{"a": NaN}', None),
    (field("array"), "[-Infinity]", None),
    (field("duration"), "P1.5Y", None),
]


def value(described: Field, text: str) -> Any:
    read, notes = frictionless.Field.from_descriptor(dict(described.raw)).read_cell(text)
    assert not notes
    return read


@pytest.mark.parametrize(("described", "texts"), LAWFUL)
def test_what_the_standard_writes_is_left_alone(described: Field, texts: list[str]) -> None:
    written = notation(described)
    assert written is not None
    assert [text for text in texts if not written.is_lawful(text)] == []
    cells = pl.Series(texts)
    assert canonical_column(cells, described, ()).to_list() == texts


@pytest.mark.parametrize(("described", "odd", "canonical"), ODD)
def test_an_odd_cell_keeps_its_value(described: Field, odd: str, canonical: str | None) -> None:
    """frictionless reads the one as the other, or the example would be ours alone."""
    written = notation(described)
    assert written is not None
    assert not written.is_lawful(odd)
    assert written.canonical(odd) == canonical
    before = value(described, odd)
    if canonical is not None:
        after = value(described, canonical)
        assert str(before).lower().strip("-s7") == str(after).lower() == "nan" or before == after
    cells = pl.Series([odd, None, "missing"])
    assert canonical_column(cells, described, {"missing"}).to_list() == [
        canonical or odd,
        None,
        "missing",
    ]


def test_what_may_be_any_text() -> None:
    for described in (field("string"), field("any"), field("date", format="any"), field("boolean")):
        assert notation(described) is None
        assert canonical_column(pl.Series([" 1_0"]), described, ()).to_list() == [" 1_0"]


def test_a_cell_that_counts_as_missing_is_not_written_anew() -> None:
    assert canonical_column(pl.Series(["1_0"]), INTEGER, {"1_0"}).to_list() == ["1_0"]
