"""Typed frames: a table's rows as a frame whose columns have their Table Schema types.

A cell is missing only if its field's or the schema's ``missingValues`` say so: ``"NA"`` is text.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from ycd_opendata.errors import DataError, MissingExtraError
from ycd_opendata.loader.pandas_columns import (
    TEXT_TYPE,
    polars_type,
    typed_column,
    unreadable,
    with_doubtful_cells,
)
from ycd_opendata.messages import mark, say
from ycd_opendata.package.model import Package, Resource, Schema
from ycd_opendata.package.tables.reader import read_table

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl


def read_pandas(package: Package, resource: Resource) -> pd.DataFrame:
    """Read a resource as a typed pandas frame.

    Raises DataError where the table cannot be read, or a cell is not of its type.
    """
    table = read_table(package, resource)
    frame = text_frame(table.schema.field_names, table.rows(), table.schema)
    return typed_frame(frame, table.schema, resource.name)


def text_frame(
    header: Sequence[str],
    body: Iterable[Sequence[str]],
    schema: Schema,
    index: Sequence[int] | None = None,
) -> pd.DataFrame:
    """Rows of text as a frame of text columns, missing cells as missing."""
    import pandas as pd

    # A column at a time: for a small table pandas takes far longer over a whole frame.
    rows = list(body)
    columns = zip(*rows, strict=True) if rows else [()] * len(header)
    missing = {each.name: {*schema.missing_values_of(each)} for each in schema.fields}
    texts = {
        name: pd.array([None if each in missing[name] else each for each in cells], dtype=TEXT_TYPE)
        for name, cells in zip(header, columns, strict=True)
    }
    return pd.DataFrame(texts, index=None if index is None else pd.Index(index))


def typed_frame(text: pd.DataFrame, schema: Schema, name: str, strict: bool = True) -> pd.DataFrame:
    """A frame of text columns as a frame of typed columns, in the schema's order.

    A cell that is not of its field's type is a DataError if ``strict``, and else becomes missing.
    """
    import pandas as pd

    columns = {}
    for field in schema.fields:
        cells = text[field.name]
        typed = typed_column(cells, field)
        if typed is not cells:
            typed, wrong = with_doubtful_cells(typed, cells, field)
            if strict and wrong is not None:
                raise unreadable(name, field, wrong)
        columns[field.name] = typed
    return pd.DataFrame(columns, index=text.index)


def frame_as_text(frame: pd.DataFrame) -> pd.DataFrame:
    """Every cell as text: missing ones empty, whole numbers without a point, dates without time."""
    import pandas as pd

    columns = {}
    for name, column in frame.items():
        if column.dtype.kind == "M":
            text = column.dt.strftime("%Y-%m-%d")
        elif column.dtype.kind == "f" and column.dtype == "float64":
            text = column.map(lambda value: repr(value).removesuffix(".0"), na_action="ignore")
        else:
            text = column.astype(TEXT_TYPE)
        columns[name] = text.astype(TEXT_TYPE).fillna("")
    return pd.DataFrame(columns, index=frame.index)


def plain_values(column: pd.Series[Any]) -> list[Any]:
    """A column's cells as Python values: days as ``datetime.date``, missing ones as None."""
    return _objects(column.dt.date if column.dtype.kind == "M" else column)


def plain_rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """A frame's rows as mappings, missing cells as None."""
    names = [str(name) for name in frame.columns]
    rows = zip(*(_objects(column) for _, column in frame.items()), strict=True)
    return [dict(zip(names, row, strict=True)) for row in rows]


def _objects(column: pd.Series[Any]) -> list[Any]:
    """A column's cells as Python values, missing ones as None."""
    cells = column.to_numpy(dtype=object, copy=True)
    cells[column.isna().to_numpy()] = None
    return cells.tolist()


def to_polars(frame: pd.DataFrame, schema: Schema) -> pl.DataFrame:
    """A typed pandas frame as a polars frame of the corresponding types.

    Raises MissingExtraError where polars is not installed.
    """
    try:
        import polars as pl
    except ImportError as error:
        raise MissingExtraError("a polars frame", "polars") from error

    columns = []
    for field in schema.fields:
        column = frame[field.name]
        values = plain_values(column)
        is_beyond = column.dtype == object and field.type == "integer"
        dtype = pl.Int128 if is_beyond else polars_type(field)
        try:
            columns.append(pl.Series(field.name, values, dtype=dtype))
        except OverflowError as error:
            template = mark("field {field!r} has integers beyond the 128 bits of a polars frame")
            what = say(template, field=field.name)
            raise DataError(what, say("load it with pandas")) from error
    return pl.DataFrame(columns)
