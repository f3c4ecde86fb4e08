"""A column of text as a column of its Table Schema type, in pandas.

========================  =====================  ==============
Table Schema type         pandas                 polars
========================  =====================  ==============
integer, year             Int64                  Int64
number                    float64                Float64
boolean                   boolean                Boolean
date                      datetime64[us]         Date
everything else           string                 String
========================  =====================  ==============
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from ycd_opendata.package.model import Field

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl

PANDAS_TYPES = {
    "integer": "Int64",
    "year": "Int64",
    "number": "float64",
    "boolean": "boolean",
    "date": "datetime64[us]",
}
"""The pandas type of each Table Schema type; every other type stays text."""

TEXT_TYPE: Final = "string"

TRUE_VALUES = ("true", "True", "TRUE", "1")
FALSE_VALUES = ("false", "False", "FALSE", "0")


def pandas_type(field: Field) -> str:
    """The pandas type of a field's column."""
    return PANDAS_TYPES.get(field.type, TEXT_TYPE)


def polars_type(field: Field) -> type[pl.DataType]:
    """The polars type of a field's column."""
    import polars as pl

    types: dict[str, type[pl.DataType]] = {
        "Int64": pl.Int64,
        "float64": pl.Float64,
        "boolean": pl.Boolean,
        "datetime64[us]": pl.Date,
    }
    return types.get(pandas_type(field), pl.String)


def typed_column(text: pd.Series[Any], field: Field) -> pd.Series[Any]:
    """The column in its type; a cell that is not of the type becomes missing."""
    convert = {
        "Int64": _integers,
        "float64": _numbers,
        "boolean": _booleans,
        "datetime64[us]": _dates,
    }.get(pandas_type(field))
    return text if convert is None else convert(text, field)


def is_not_a_number(text: pd.Series[Any], field: Field) -> pd.Series[Any]:
    """Whether a cell says NaN, which is a number by the standard and missing in pandas."""
    return (text.str.strip() == "NaN") & (field.type == "number")


def _integers(text: pd.Series[Any], field: Field) -> pd.Series[Any]:
    import pandas as pd

    digits = _plain(text, field)
    # Eighteen digits always fit into 64 bits.
    whole = digits.where(digits.str.fullmatch(r"[+-]?[0-9]{1,18}").fillna(False))
    return pd.to_numeric(whole, errors="coerce").astype("Int64")


def _numbers(text: pd.Series[Any], field: Field) -> pd.Series[Any]:
    import pandas as pd

    return pd.to_numeric(_plain(text, field).astype(object), errors="coerce").astype("float64")


def _plain(text: pd.Series[Any], field: Field) -> pd.Series[Any]:
    """Numbers as Python writes them: a decimal point, no groups, nothing around the digits."""
    if not field.raw.get("bareNumber", True):
        text = text.str.replace(r"^[^0-9.+-]+|[^0-9.]+$", "", regex=True)
    group, point = field.raw.get("groupChar"), field.raw.get("decimalChar", ".")
    if group:
        text = text.str.replace(re.escape(group), "", regex=True)
    return text if point == "." else text.str.replace(re.escape(point), ".", regex=True)


def _booleans(text: pd.Series[Any], field: Field) -> pd.Series[Any]:
    values = dict.fromkeys(field.raw.get("trueValues", TRUE_VALUES), True)
    values |= dict.fromkeys(field.raw.get("falseValues", FALSE_VALUES), False)
    return text.map(values).astype("boolean")


def _dates(text: pd.Series[Any], field: Field) -> pd.Series[Any]:
    import pandas as pd

    if field.format.startswith("%"):
        days = pd.to_datetime(text, format=field.format, errors="coerce")
    else:
        whole = text.where(text.str.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}").fillna(False))
        days = pd.to_datetime(whole, format="%Y-%m-%d", errors="coerce")
    return days.astype("datetime64[us]")
