"""Parquet files, opened: which types their cells come out as, and what is left to frictionless.

frictionless reads a file through pyarrow and pandas, whose frames have a type a column: whole
numbers with gaps are floats, and where all columns are numbers each row is of one type. Which
type each cell comes out as is worked out here from what stands at the end of each file.

Of several files it reads the first one alone. Here they are one table, as several texts are.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from ycd_opendata.messages import say
from ycd_opendata.package.model import Resource
from ycd_opendata.package.tables.header import Header
from ycd_opendata.package.tables.limits import MOST_COLUMNS, RefusedError, refuse_growth
from ycd_opendata.package.tables.opening import LEFT_TO_THE_REFERENCE, NotReadableError
from ycd_opendata.validation.structure.fast.parquet_tables.parquet import (
    ParquetTable,
    Part,
    RowGroup,
    scan,
)
from ycd_opendata.validation.structure.fast.parquet_tables.typed_cells import CellType, Kind

_HARMLESS_KEYS = {"$schema", "name", "title", "description"}
_PLAIN_FRAME = re.compile(r"u?int\d+|float\d+|bool|object|str|datetime64\[.*\]")


def open_parquet(paths: Sequence[Path], resource: Resource) -> ParquetTable:
    """Find out how a table in Parquet files is read.

    Raises
    ------
    NotReadableError
        It is of a kind that is left to frictionless.
    RefusedError
        Nothing should read it, or its files differ.
    OSError
        A file cannot be read.
    """
    _refuse_odd(resource)
    files = [_opened(each) for each in paths]
    described = _described(files, resource)
    gaps = {name for each in files for name in each.gaps}
    # Whole numbers with gaps are floats to pandas.
    types = [
        pl.Float64() if name in gaps and type_.is_integer() else type_
        for name, type_ in described.items()
    ]
    is_mixed = any(described[each] == pl.Boolean for each in gaps)
    common = None if is_mixed else _common(types)
    if common is not None:
        types = [common] * len(types)
    header = Header(tuple(name.strip() for name in described))
    parts = tuple(each.part for each in files)
    return ParquetTable(parts, header, tuple(types), tuple(map(_cells, types)))


class _File(NamedTuple):
    """A file as its end describes it; ``gaps`` are the columns where a value is missing."""

    part: Part
    types: Mapping[str, pl.DataType]
    gaps: frozenset[str]


def _opened(path: Path) -> _File:
    if not path.is_file():
        raise NotReadableError(say("it is no file"))
    try:
        types = pl.read_parquet_schema(path)
        metadata = pq.read_metadata(path)
        _refuse_odd_columns(types, metadata.metadata or {})
        refuse_growth(metadata.num_rows * len(types), path.stat().st_size)
        groups = [metadata.row_group(at) for at in range(metadata.num_row_groups)]
        gaps = _gaps(path, types, groups)
    except (
        pl.exceptions.PolarsError,
        pl.exceptions.PanicException,
        pa.ArrowException,
        ValueError,  # names, or what pandas has written there, that are no text
    ) as error:
        raise NotReadableError(say("it cannot be read as Parquet")) from error
    sizes = (
        sum(each.column(at).total_compressed_size for at in range(each.num_columns))
        for each in groups
    )
    heights = (each.num_rows for each in groups)
    return _File(Part(path, tuple(map(RowGroup, heights, sizes))), types, gaps)


def _gaps(
    path: Path, types: Mapping[str, pl.DataType], groups: Sequence[pq.RowGroupMetaData]
) -> frozenset[str]:
    """The columns of whole numbers and truth values in which some value is missing.

    What that makes of them to pandas concerns all rows, so it has to be known before.
    """
    asked = {name for name, type_ in types.items() if type_.is_integer() or type_ == pl.Boolean}
    gaps, unknown = set(), set()
    for group in groups:
        for at in range(group.num_columns):
            column = group.column(at)
            if (name := column.path_in_schema) in asked:
                found = column.statistics
                if found is None or not found.has_null_count:
                    unknown.add(name)
                elif found.null_count:
                    gaps.add(name)
    if rest := sorted(unknown - gaps):
        missing = scan(path).select(pl.col(rest).is_null().any()).collect()
        gaps |= {name for name in rest if missing[name][0]}
    return frozenset(gaps)


def _described(files: Sequence[_File], resource: Resource) -> dict[str, pl.DataType]:
    """The type of each column in all files; those of no values may be of any in some of them.

    Raises
    ------
    RefusedError
        A file has other columns than the first one.
    """
    described = dict(files[0].types)
    for path, each in zip(resource.paths, files, strict=True):
        if [*each.types] != [*described]:
            raise _refused(path, resource, ", ".join(each.types))
        for name, type_ in each.types.items():
            known = described[name]
            if known == pl.Null:
                described[name] = type_
            elif type_ not in (known, pl.Null):
                if {_cells(type_).kind, _cells(known).kind} != {"text"}:
                    raise _refused(path, resource, f"{name}: {type_}")
                described[name] = pl.String()
    return described


def _refused(path: str, resource: Resource, found: str) -> RefusedError:
    return RefusedError(
        say(
            "{path} has other columns than {first} ({found})",
            path=path,
            first=resource.paths[0],
            found=found,
        ),
        say("write all files of a table with the same columns, of the same types"),
    )


def _refuse_odd(resource: Resource) -> None:
    raw = resource.raw
    odd = sorted({*resource.dialect} - _HARMLESS_KEYS)
    if odd:
        raise NotReadableError(say("its dialect has {odd}", odd=", ".join(odd)))
    for key in (*LEFT_TO_THE_REFERENCE, "compression"):
        if raw.get(key):
            raise NotReadableError(say("it has {key}", key=key))
    if raw.get("format", "parquet") not in ("parquet", "parq"):
        raise NotReadableError(say("its format is {raw}", raw=raw["format"]))
    if raw.get("scheme", "file") != "file":
        raise NotReadableError(say("it is read by the scheme {raw}", raw=raw["scheme"]))


def _refuse_odd_columns(
    described: Mapping[str, pl.DataType], metadata: Mapping[bytes, bytes]
) -> None:
    """Raise NotReadableError where the frame of pandas would have other columns."""
    if len(described) > MOST_COLUMNS:
        raise RefusedError(
            say("it has more than {most_columns:,} columns", most_columns=MOST_COLUMNS)
        )
    if not all(described):
        raise NotReadableError(say("a column of it has no name"))
    if b"ARROW:schema" in metadata and pl.Datetime("ms") in described.values():
        # Arrow has a kind of date that looks the same to polars.
        raise NotReadableError(say("it has times in milliseconds"))
    frame = json.loads(metadata.get(b"pandas", b"{}"))
    for index in frame.get("index_columns", ()):
        if not isinstance(index, dict) or index.get("kind") != "range" or index.get("name"):
            raise NotReadableError(say("a column of it is an index of pandas"))
    for column in frame.get("columns", ()):
        if not _PLAIN_FRAME.fullmatch(str(column.get("numpy_type"))) or (
            column.get("pandas_type") == "categorical"
            and _cells(described[column["name"]]).kind != "text"
        ):
            raise NotReadableError(
                say("pandas has a type of its own for {column}", column=column.get("name"))
            )


def _common(types: Sequence[pl.DataType]) -> pl.DataType | None:
    """The one type that a row has if all columns are numbers, or all are truth values."""
    if all(type_ == pl.Boolean for type_ in types):
        return pl.Boolean()
    if not all(type_.is_integer() or type_.is_float() for type_ in types):
        return None
    common = np.result_type(*(str(type_).lower() for type_ in types)).name
    named = {"float": "Float", "int": "Int", "uint": "UInt"}
    letters = common.rstrip("0123456789")
    type_: pl.DataType = getattr(pl, named[letters] + common.removeprefix(letters))()
    return type_


def _cells(type_: pl.DataType) -> CellType:
    if type_.is_integer() and type_ != pl.Int128:
        return CellType("whole")
    if isinstance(type_, pl.Datetime):
        return CellType("datetime", type_.time_zone)
    kinds: dict[type[pl.DataType], Kind] = {
        pl.Float32: "float",
        pl.Float64: "float",
        pl.Boolean: "boolean",
        pl.String: "text",
        pl.Categorical: "text",
        pl.Enum: "text",
        pl.Date: "date",
        pl.Time: "time",
        pl.Decimal: "decimal",
        pl.Null: "nothing",
    }
    kind = kinds.get(type_.base_type())
    if kind is None:
        raise NotReadableError(say("it has columns of {type}", type=type_))
    return CellType(kind)
