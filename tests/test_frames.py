from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import polars as pl
import pytest

from ycd_opendata.errors import DataError
from ycd_opendata.loader.frames import frame_as_text, read_pandas, to_polars
from ycd_opendata.package.model import Package, Resource
from ycd_opendata.package.reading import parse_schema, read_package

FIELDS = [
    {"name": "code", "type": "string"},
    {"name": "whole", "type": "integer"},
    {"name": "number", "type": "number"},
    {"name": "flag", "type": "boolean"},
    {"name": "day", "type": "date"},
    {"name": "year", "type": "year"},
    {"name": "partial", "type": "string", "partialDate": True},
]
HEADER = "code,whole,number,flag,day,year,partial\n"
ROWS = (
    HEADER
    + '007,1,12.5,true,2022-01-17,2022,2022-01\nNA,,,,,,\n"",3,-1e3,false,2024-02-29,1999,2022\n'
)


def package(folder: Path, text: str, **schema: Any) -> tuple[Package, Resource]:
    (folder / "t.csv").write_text(text, "utf-8")
    raw: dict[str, Any] = {"name": "t", "path": "t.csv", "schema": {"fields": FIELDS, **schema}}
    resource = Resource("t", "", "", ("t.csv",), "utf-8", parse_schema(raw["schema"]), {}, raw)
    return Package(
        folder, folder / "datapackage.json", "p", "1.0.0", "", "", (resource,), {}
    ), resource


def read(folder: Path, text: str, **schema: Any) -> pd.DataFrame:
    return read_pandas(*package(folder, text, **schema))


def test_types_and_values(tmp_path: Path) -> None:
    frame = read(tmp_path, ROWS)
    assert frame.dtypes.astype(str).to_dict() == {
        "code": "string",
        "whole": "Int64",
        "number": "float64",
        "flag": "boolean",
        "day": "datetime64[us]",
        "year": "Int64",
        "partial": "string",
    }
    assert frame["code"].tolist()[:2] == ["007", "NA"]
    assert frame["code"].isna().tolist() == [False, False, True]
    assert frame["whole"].tolist() == [1, pd.NA, 3]
    assert frame["number"].dropna().tolist() == [12.5, -1000]
    assert frame["flag"].tolist() == [True, pd.NA, False]
    assert frame["day"].dropna().tolist() == [pd.Timestamp(2022, 1, 17), pd.Timestamp(2024, 2, 29)]
    assert frame["partial"].tolist()[::2] == ["2022-01", "2022"]


def test_missing_values_are_those_of_the_schema(tmp_path: Path) -> None:
    frame = read(tmp_path, HEADER + "NA,-,,,,,\n", missingValues=["", "-"])
    assert frame["code"].tolist() == ["NA"]
    assert frame["whole"].isna().all()


def test_an_empty_table_has_its_types(tmp_path: Path) -> None:
    frame = read(tmp_path, HEADER)
    assert len(frame) == 0
    assert str(frame["day"].dtype) == "datetime64[us]"
    assert str(frame["whole"].dtype) == "Int64"


def test_polars_has_the_same_types_and_cells(tmp_path: Path) -> None:
    described, resource = package(tmp_path, ROWS)
    pandas_frame = read_pandas(described, resource)
    assert resource.schema is not None
    frame = to_polars(pandas_frame, resource.schema)
    assert frame.dtypes == [
        pl.String,
        pl.Int64,
        pl.Float64,
        pl.Boolean,
        pl.Date,
        pl.Int64,
        pl.String,
    ]
    assert frame["code"].to_list() == ["007", "NA", None]
    assert frame["whole"].to_list() == [1, None, 3]
    assert [str(each) for each in frame["day"]] == ["2022-01-17", "None", "2024-02-29"]
    assert to_polars(pandas_frame.iloc[:0], resource.schema).dtypes == frame.dtypes


def test_text_gives_the_cells_back(tmp_path: Path) -> None:
    text = frame_as_text(read(tmp_path, ROWS))
    assert text.iloc[0].tolist() == ["007", "1", "12.5", "True", "2022-01-17", "2022", "2022-01"]
    assert text.iloc[1].tolist() == ["NA", "", "", "", "", "", ""]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (HEADER + "a,1.5,,,,,\n", "'whole': '1.5' cannot be read as integer"),
        (HEADER + "a,,x,,,,\n", "'number': 'x' cannot be read as number"),
        (HEADER + "a,,,maybe,,,\n", "'flag': 'maybe' cannot be read as boolean"),
        (HEADER + "a,,,,2022-02-30,,\n", "'day': '2022-02-30' cannot be read as date"),
        (HEADER + "a,,,,2022-1-32,,\n", "'day': '2022-1-32' cannot be read as date"),
        (HEADER + "a,１x,,,,,\n", "'whole': '１x' cannot be read as integer"),
        (HEADER + "a,,,\n", "line 2 has 4 cells, not 7"),
        (HEADER.replace("whole", "hole"), "incorrect-label 'whole' in its header"),
        ("", "its file is empty"),
    ],
)
def test_what_does_not_match_the_schema_is_an_error(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(DataError) as caught:
        read(tmp_path, text)
    assert said in str(caught.value)


def test_numbers_and_dates_of_other_formats(tmp_path: Path) -> None:
    money = {"name": "money", "type": "number", "decimalChar": ",", "groupChar": "."}
    fields = [
        {**money, "bareNumber": False},
        {"name": "day", "type": "date", "format": "%d/%m/%Y"},
        {"name": "yes", "type": "boolean", "trueValues": ["ja"], "falseValues": ["nee"]},
    ]
    text = "money;day;yes\n€ 1.234,5;17/01/2022;ja\n-3%;;nee\nNaN;;\n"
    (tmp_path / "t.csv").write_text(text, "utf-8")
    schema = parse_schema({"fields": fields})
    resource = Resource("t", "", "", ("t.csv",), "utf-8", schema, {"delimiter": ";"}, {})
    described = Package(tmp_path, tmp_path / "d", "p", "", "", "", (resource,), {})
    frame = read_pandas(described, resource)
    assert frame["money"].dropna().tolist() == [1234.5, -3]
    assert frame["day"].dropna().tolist() == [pd.Timestamp(2022, 1, 17)]
    assert frame["yes"].dropna().tolist() == [True, False]


def test_the_frames_have_the_rows_of_the_repository(repository: Path) -> None:
    described = read_package(repository)
    for resource in described.resources:
        with described.path(resource).open(encoding="utf-8") as stream:
            lines = sum(1 for _ in stream)
        assert len(read_pandas(described, resource)) == lines - 1
