"""The cells of a column, as few of them as say all: distinct texts with how often each stands."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from decimal import Decimal
from functools import cached_property
from typing import Any, Literal

import polars as pl

from ycd_opendata.profiling.statistics import counted_values

Kind = Literal[
    "text", "integer", "number", "boolean", "date", "datetime", "time", "object", "array", "mixed"
]
"""``text`` where the file has texts only; else the type that the file gives the cells."""

_WIDER: tuple[tuple[Kind, Kind], ...] = (("integer", "number"), ("date", "datetime"))


@dataclass(frozen=True)
class Cells:
    """A column without its empty cells.

    ``texts`` are distinct, and ``counts`` say in how many cells each stands, unless they are so
    many that this would take long: then ``texts`` are the cells and each of them counts one.
    ``kind`` is what the cells are that are texts here, ``exceptions`` the texts of a typed column
    that are of another kind.
    """

    name: str
    kind: Kind
    rows: int
    empty: int
    texts: pl.Series
    counts: pl.Series | None
    exceptions: frozenset[str] = frozenset()

    @property
    def filled(self) -> int:
        """How many cells are not empty."""
        return self.rows - self.empty

    def count(self, chosen: pl.Series) -> int:
        """How many cells have one of the texts that a mask chooses."""
        if self.counts is None:
            return int(chosen.sum())
        return int(self.counts.filter(chosen).sum())

    @cached_property
    def distinct(self) -> pl.Series:
        """The distinct texts."""
        return self.texts.unique() if self.counts is None else self.texts

    @cached_property
    def is_unique(self) -> bool:
        """Whether no two cells are equal, none being empty."""
        if self.empty or not self.rows:
            return False
        sample = self.texts.head(1000)
        if self.counts is None and sample.n_unique() < sample.len():
            return False
        # Of what differs by its hash no two are equal, and hashes are compared faster.
        if self.counts is None and self.texts.hash().n_unique() == self.rows:
            return True
        return self.distinct.len() == self.rows

    def without(self, texts: Sequence[str]) -> Cells:
        """The column without the cells of some texts, which are empty from now on."""
        if not texts:
            return self
        kept = ~self.texts.is_in(list(texts))
        counts = None if self.counts is None else self.counts.filter(kept)
        empty = self.empty + self.count(~kept)
        left = self.texts.filter(kept)
        return replace(self, empty=empty, texts=left, counts=counts, exceptions=frozenset())


def cells_of(name: str, column: pl.Series | list[Any]) -> Cells:
    """The cells of a column as texts; those of a column with types in one notation."""
    if isinstance(column, list):
        return _python_cells(name, column)
    type_, rows = column.dtype, len(column)
    kinds: dict[Any, Kind] = {pl.Boolean: "boolean", pl.Date: "date", pl.Time: "time"}
    kind: Kind = kinds.get(type_, "mixed")
    if type_.is_integer():
        kind = "integer"
    elif type_.is_float() or type_.is_decimal():
        kind, column = "number", column.fill_nan(None) if type_.is_float() else column
    elif isinstance(type_, pl.Datetime):
        kind = "datetime"
    elif type_ in (pl.String, pl.Categorical, pl.Enum):
        kind = "text"
    filled = column.drop_nulls()
    if kind == "mixed":
        return Cells(name, kind, rows, rows - len(filled), pl.Series([], dtype=pl.String), None)
    texts = filled.cast(pl.String)
    return _counted(name, kind, rows, texts.filter(texts != "") if kind == "text" else texts)


def _python_cells(name: str, column: list[Any]) -> Cells:
    filled = [each for each in column if each is not None and each != ""]
    kinds = {_kind(each) for each in filled}
    odd: frozenset[str] = frozenset()
    if "text" in kinds and len(kinds) in (2, 3):
        odd = frozenset(each for each in filled if isinstance(each, str))
        kinds = kinds - {"text"}
    for narrow, wide in _WIDER:
        kinds = {wide} if kinds == {narrow, wide} else kinds
    kind: Kind = kinds.pop() if len(kinds) == 1 else "mixed" if kinds else "text"
    texts = pl.Series([_text(each) for each in filled], dtype=pl.String)
    return replace(_counted(name, kind, len(column), texts), exceptions=odd)


def _kind(value: Any) -> Kind:
    match value:
        case bool():
            return "boolean"
        case int():
            return "integer"
        case float() | Decimal():
            return "integer" if value == value // 1 else "number"
        case datetime():
            return "date" if value.time() == time() else "datetime"
        case date():
            return "date"
        case time():
            return "time"
        case dict():
            return "object"
        case list() | tuple():
            return "array"
        case str():
            return "text"
    return "mixed"


def _text(value: Any) -> str:
    if isinstance(value, dict | list | tuple):
        return json.dumps(value, ensure_ascii=False, default=str)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat()
    if isinstance(value, float) and value == value // 1:
        return str(int(value))
    return str(value)


def _counted(name: str, kind: Kind, rows: int, filled: pl.Series) -> Cells:
    empty, found = rows - len(filled), counted_values(filled)
    if found is None:
        return Cells(name, kind, rows, empty, filled, None)
    return Cells(name, kind, rows, empty, found["value"], found["count"])
