"""Parquet files: their typed columns as frames of texts, in batches.

frictionless reads them through pyarrow and pandas, whose frames have a type a column: whole
numbers with gaps are floats, and where all columns are numbers each row is of one type. Which
type each cell comes out as is worked out here; ``typed`` says what that means.

A gap is a missing cell. To frictionless it is one, or a number that is none, or a time that is
none, by the types of the other columns, and a table with gaps may be wrong for that alone.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ycd_opendata.messages import mark, say
from ycd_opendata.package.model import Resource
from ycd_opendata.package.tables.header import Header
from ycd_opendata.package.tables.limits import MOST_COLUMNS, RefusedError, refuse_growth
from ycd_opendata.package.tables.opening import LEFT_TO_THE_REFERENCE, NotReadableError
from ycd_opendata.package.tables.parsing import Look
from ycd_opendata.validation.structure.fast.plan import TablePlan
from ycd_opendata.validation.structure.fast.typed_cells import (
    Cells,
    Kind,
    empty_text,
    readers,
    typed_plan,
)
from ycd_opendata.validation.structure.fast.typed_frame import TypedFrame

if TYPE_CHECKING:
    import polars as pl

_GAPS = mark("a gap is missing, where frictionless may see a number or a time that is none")
_CELLS_AT_ONCE = 2**21
_MOST_ROWS_AT_ONCE = 2**17
_HARMLESS_KEYS = {"$schema", "name", "title", "description"}
_PLAIN_FRAME = re.compile(r"u?int\d+|float\d+|bool|object|str|datetime64\[.*\]")


@dataclass(frozen=True)
class ParquetTable:
    """A Parquet file: ``types`` are those of its columns in a frame of pandas, as polars has them.

    ``has_gaps`` says that somewhere a value is missing.
    """

    path: Path
    header: Header
    height: int
    types: tuple[pl.DataType, ...]
    cells: tuple[Cells, ...]
    has_gaps: bool

    @property
    def size(self) -> int:
        """The bytes of the file."""
        return self.path.stat().st_size

    def digest(self, _: str) -> tuple[None, None]:
        """No size and no hash: frictionless knows them of texts only."""
        return None, None

    def place(self, _: int) -> tuple[int, None]:
        """The one file, without a line."""
        return 0, None

    def typed(self, plan: TablePlan) -> tuple[TablePlan, Mapping[int, Callable[[str], Any]]]:
        """The plan for cells of these types, and what turns texts of columns back into them."""
        typed = typed_plan(plan, self.cells)
        if self.has_gaps:
            first, *others = typed.columns
            remarks = (say(_GAPS), *first.beyond.remarks)
            first = replace(first, beyond=first.beyond._replace(remarks=remarks))
            typed = replace(typed, columns=(first, *others))
        return typed, readers(plan, self.cells)

    def frames(self, plan: TablePlan, look: Look) -> Iterator[TypedFrame]:
        """The rows in order.

        Raises
        ------
        NotReadableError
            A cell is one that frictionless has to read.
        """
        import polars as pl

        empty = tuple(map(empty_text, plan.columns))
        rows = min(max(_CELLS_AT_ONCE // len(self.cells), 1), _MOST_ROWS_AT_ONCE)
        for at in range(0, self.height, rows):
            try:
                part = _scan(self.path).slice(at, rows).collect()
                _refuse_finer_times(part)
                columns = self._texts(part)
            except pl.exceptions.PolarsError as error:
                raise NotReadableError(say("it cannot be read as Parquet")) from error
            self._refuse_texts(columns, empty)
            columns = columns.with_columns(
                pl.col(name).fill_null(text)
                for name, text in zip(columns.columns, empty, strict=True)
            )
            size = self.size * part.height // self.height
            yield TypedFrame(at + self.header.content, columns, look(columns), size)

    def _texts(self, part: pl.DataFrame) -> pl.DataFrame:
        """The texts of cells, null where there is no value."""
        import polars as pl

        texts = []
        for at, (name, type_) in enumerate(zip(part.columns, self.types, strict=True)):
            cell = pl.col(name).cast(type_)
            if type_.is_float():
                cell = cell.fill_nan(None)
            texts.append(self.cells[at].texts(cell).alias(str(at)))
        return part.select(texts)

    def _refuse_texts(self, columns: pl.DataFrame, empty: Sequence[str]) -> None:
        """Raise NotReadableError where a text looks like a cell without value, but is none."""
        for at, text in enumerate(empty):
            if text and self.cells[at].kind == "text" and (columns[str(at)] == text).any():
                raise NotReadableError(say("it has the text {text!r}", text=text))


def open_parquet(paths: Sequence[Path], resource: Resource) -> ParquetTable:
    """Find out how a Parquet file is read.

    Raises
    ------
    NotReadableError
        It is of a kind that is left to frictionless.
    RefusedError
        Nothing should read it.
    OSError
        The file cannot be read.
    """
    import polars as pl

    _refuse_odd(paths, resource)
    path = paths[0]
    if not path.is_file():
        raise NotReadableError(say("it is no file"))
    try:
        described = pl.read_parquet_schema(path)
        _refuse_odd_columns(described, pl.read_parquet_metadata(path))
        height = _scan(path).select(pl.len()).collect().item()
        refuse_growth(height * len(described), path.stat().st_size)
        gaps = _gaps(path, described)
    except pl.exceptions.PolarsError as error:
        raise NotReadableError(say("it cannot be read as Parquet")) from error
    # Whole numbers with gaps are floats to pandas.
    types = [
        pl.Float64() if name in gaps and type_.is_integer() else type_
        for name, type_ in described.items()
    ]
    is_mixed = any(name in gaps for name, type_ in described.items() if type_ == pl.Boolean)
    common = None if is_mixed else _common(types)
    if common is not None:
        types = [common] * len(types)
    cells = tuple(map(_cells, types))
    header = Header(tuple(name.strip() for name in described))
    return ParquetTable(path, header, height, tuple(types), cells, bool(gaps))


def _refuse_odd(paths: Sequence[Path], resource: Resource) -> None:
    raw = resource.raw
    if len(paths) > 1:
        # frictionless reads the first one and forgets the others.
        raise NotReadableError(say("it is more than one Parquet file"))
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


def _refuse_odd_columns(described: Mapping[str, pl.DataType], metadata: Mapping[str, str]) -> None:
    """Raise NotReadableError where the frame of pandas would have other columns."""
    import polars as pl

    if len(described) > MOST_COLUMNS:
        raise RefusedError(
            say("it has more than {most_columns:,} columns", most_columns=MOST_COLUMNS)
        )
    if not all(described):
        raise NotReadableError(say("a column of it has no name"))
    if "ARROW:schema" in metadata and pl.Datetime("ms") in described.values():
        # Arrow has a kind of date that looks the same to polars.
        raise NotReadableError(say("it has times in milliseconds"))
    frame = json.loads(metadata.get("pandas", "{}"))
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


def _scan(path: Path) -> pl.LazyFrame:
    """The file itself, even if its name looks like a pattern of names."""
    import polars as pl

    return pl.scan_parquet(path, glob=False, hive_partitioning=False)


def _gaps(path: Path, described: Mapping[str, pl.DataType]) -> frozenset[str]:
    """The columns in which some value is missing; pandas has it as a float that is no number."""
    import polars as pl

    wanted = [
        pl.col(name).is_null().any() | (pl.col(name).is_nan().any() if type_.is_float() else False)
        for name, type_ in described.items()
    ]
    found = _scan(path).select(wanted).collect()
    return frozenset(name for name in found.columns if found[name][0])


def _common(types: Sequence[pl.DataType]) -> pl.DataType | None:
    """The one type that a row has if all columns are numbers, or all are truth values."""
    import numpy as np
    import polars as pl

    if all(type_ == pl.Boolean for type_ in types):
        return pl.Boolean()
    if not all(type_.is_integer() or type_.is_float() for type_ in types):
        return None
    common = np.result_type(*(str(type_).lower() for type_ in types)).name
    named = {"float": "Float", "int": "Int", "uint": "UInt"}
    letters = common.rstrip("0123456789")
    type_: pl.DataType = getattr(pl, named[letters] + common.removeprefix(letters))()
    return type_


def _cells(type_: pl.DataType) -> Cells:
    import polars as pl

    if type_.is_integer() and type_ != pl.Int128:
        return Cells("whole")
    if isinstance(type_, pl.Datetime):
        return Cells("datetime", type_.time_zone)
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
    return Cells(kind)


def _refuse_finer_times(part: pl.DataFrame) -> None:
    """Raise NotReadableError for times that Python cannot hold: pandas makes something of them."""
    import polars as pl

    for column in part:
        type_ = column.dtype
        is_finer = type_ == pl.Time or (isinstance(type_, pl.Datetime) and type_.time_unit == "ns")
        if is_finer and (column.to_physical() % 1000 != 0).any():
            raise NotReadableError(say("it has times finer than a microsecond"))
