"""A column of text as a column of its Table Schema type, in pandas.

========================  =====================  ==============
Table Schema type         pandas                 polars
========================  =====================  ==============
integer, year             Int64 (1)              Int64 (1)
number                    float64                Float64
boolean                   boolean                Boolean
date                      datetime64[us]         Date
everything else           string                 String
========================  =====================  ==============

(1) Where a number is beyond 64 bits, a column of Python's integers, and Int128 in polars.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from ycd_opendata.errors import DataError, MissingExtraError
from ycd_opendata.messages import mark, say
from ycd_opendata.package.model import Field

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl

TEXT_TYPE: Final = "string"

_BEYOND_64_BITS = 2**63


def pandas_type(field: Field) -> str:
    """The pandas type of a field's column."""
    return _TYPES[field.type].pandas if field.type in _TYPES else TEXT_TYPE


def polars_type(field: Field) -> type[pl.DataType]:
    """The polars type of a field's column."""
    import polars as pl

    name = _TYPES[field.type].polars if field.type in _TYPES else "String"
    found: type[pl.DataType] = getattr(pl, name)
    return found


def typed_column(text: pd.Series[Any], field: Field) -> pd.Series[Any]:
    """The column in its type; a cell that is not of the type becomes missing."""
    return _TYPES[field.type].convert(text, field) if field.type in _TYPES else text


def with_doubtful_cells(
    typed: pd.Series[Any], text: pd.Series[Any], field: Field
) -> tuple[pd.Series[Any], str | None]:
    """The typed column with the cells that pandas could not read, and the first that nobody can.

    frictionless, which the package is checked against, reads more notations than pandas does.
    """
    lost = typed.isna() & text.notna()
    if field.type == "number":
        # It is a number by the standard, and missing in pandas.
        lost &= text.str.strip() != "NaN"
    if not lost.any():
        return typed, None
    values, wrong, read = {}, None, exact_reader(field)
    for cell in text[lost].unique():
        value = read(cell)
        if value is None:
            wrong = cell if wrong is None else wrong
        else:
            values[cell] = _pandas_value(value, field)
    if not values:
        return typed, wrong
    if field.type == "integer" and any(abs(each) >= _BEYOND_64_BITS for each in values.values()):
        typed = typed.astype(object)
    typed = typed.copy()
    for place in lost.to_numpy().nonzero()[0].tolist():
        if (value := values.get(text.iloc[place])) is not None:
            typed.iloc[place] = value
    return typed, wrong


def _pandas_value(value: Any, field: Field) -> Any:
    if field.type == "number":
        return float(value)
    if field.type == "date":
        import pandas as pd

        return pd.Timestamp(value)
    return value


def exact_reader(field: Field) -> Callable[[str], Any]:
    """What reads a cell of a field as frictionless does; it gives None where that has no value."""
    try:
        import frictionless
    except ImportError as error:
        raise MissingExtraError(
            say("reading the cells of field {field!r}", field=field.name), "publish"
        ) from error

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        read = frictionless.Field.from_descriptor(dict(field.raw)).create_cell_reader()
    # It knows groups in other numbers only.
    group = field.raw.get("groupChar") if field.type == "integer" else None

    def value_of(text: str) -> Any:
        value, notes = read(text.replace(group, "") if group else text)
        return None if notes else value

    return value_of


def unreadable(table: str, field: Field, cell: str) -> DataError:
    """The error for a cell that is not of its field's type."""
    return DataError(
        say(
            "table {table!r}, field {field!r}: {cell!r} cannot be read as {type}",
            table=table,
            field=field.name,
            cell=cell,
            type=field.type,
        ),
        say("run `ycd validate` to see every such cell"),
    )


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
    return text.map(field.truth_values).astype("boolean")


def _dates(text: pd.Series[Any], field: Field) -> pd.Series[Any]:
    import pandas as pd

    if field.format.startswith("%"):
        try:
            days = pd.to_datetime(text, format=field.format, errors="coerce")
        except ValueError as error:
            template = mark("field {field!r}: {format!r} is no format of dates")
            raise DataError(
                say(template, field=field.name, format=field.format), say("run `ycd validate`")
            ) from error
    else:
        whole = text.where(text.str.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}").fillna(False))
        days = pd.to_datetime(whole, format="%Y-%m-%d", errors="coerce")
    return days.astype("datetime64[us]")


class _Type(NamedTuple):
    """What becomes of a column: its types, and what converts its texts."""

    pandas: str
    polars: str
    convert: Callable[[pd.Series[Any], Field], pd.Series[Any]]


_TYPES: Mapping[str, _Type] = {
    "integer": _Type("Int64", "Int64", _integers),
    "year": _Type("Int64", "Int64", _integers),
    "number": _Type("float64", "Float64", _numbers),
    "boolean": _Type("boolean", "Boolean", _booleans),
    "date": _Type("datetime64[us]", "Date", _dates),
}
"""By the type of the Table Schema; every other type stays text."""
