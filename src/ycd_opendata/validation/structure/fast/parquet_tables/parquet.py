"""Tables in Parquet files: their typed columns as frames of texts, in batches.

``typed_cells`` says which text stands for which cell. A gap is a missing cell. To frictionless it
is one, or a number that is none, or a time that is none, by the types of the other columns, and a
table with gaps may be wrong for that alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl

from ycd_opendata.messages import say
from ycd_opendata.package.tables.header import Header
from ycd_opendata.package.tables.opening import NotReadableError
from ycd_opendata.package.tables.parsing import Look
from ycd_opendata.package.tables.sections import Piece
from ycd_opendata.validation.structure.fast.by_column.typed_frame import TypedFrame
from ycd_opendata.validation.structure.fast.parquet_tables.typed_cells import (
    CellType,
    empty_text,
    readers,
    surely_fine,
    typed_plan,
)
from ycd_opendata.validation.structure.fast.planning.plan import TablePlan

_CELLS_AT_ONCE = 2**21
_MOST_ROWS_AT_ONCE = 2**17


class RowGroup(NamedTuple):
    """Rows that stand together in a file: how many, and in how many bytes."""

    height: int
    size: int


class Part(NamedTuple):
    """A file of a table, and the groups of its rows."""

    path: Path
    groups: tuple[RowGroup, ...]

    @property
    def height(self) -> int:
        """How many rows the file has."""
        return sum(each.height for each in self.groups)


@dataclass(frozen=True)
class ParquetTable:
    """A table in Parquet files, one behind the other.

    ``types`` are those of its columns in a frame of pandas, as polars has them.
    """

    parts: tuple[Part, ...]
    header: Header
    types: tuple[pl.DataType, ...]
    cells: tuple[CellType, ...]

    @property
    def size(self) -> int:
        """The bytes of the files."""
        return sum(each.path.stat().st_size for each in self.parts)

    def digest(self, _: str) -> tuple[None, None]:
        """No size and no hash: frictionless knows them of texts only."""
        return None, None

    def place(self, row: int) -> tuple[int, None]:
        """The file that a row is in, by its number; there are no lines."""
        left = row - self.header.content
        for at, part in enumerate(self.parts[:-1]):
            if left < part.height:
                return at, None
            left -= part.height
        return len(self.parts) - 1, None

    def typed(self, plan: TablePlan) -> tuple[TablePlan, Mapping[int, Callable[[str], Any]]]:
        """The plan for cells of these types, and what turns texts of columns back into them."""
        return typed_plan(plan, self.cells), readers(plan, self.cells)

    def pieces(self, most: int) -> tuple[Piece, ...]:
        """Groups of rows that stand together, of no more than ``most`` bytes if there are several.

        They start and end at rows of their file.
        """
        pieces = []
        before = self.header.content - 1
        for at, part in enumerate(self.parts):
            start = end = size = 0
            for group in part.groups:
                if size and size + group.size > most:
                    pieces.append(Piece(at, start, end, before + start, 0))
                    start, size = end, 0
                end, size = end + group.height, size + group.size
            pieces.append(Piece(at, start, end, before + start, 0))
            before += end
        return tuple(pieces)

    def frames(
        self, plan: TablePlan, look: Look, pieces: Sequence[Piece] = ()
    ) -> Iterator[TypedFrame]:
        """The rows of pieces, or of the whole table, in order.

        Raises
        ------
        NotReadableError
            A cell is one that frictionless has to read.
        """
        empty = tuple(map(empty_text, plan.columns))
        rows = min(max(_CELLS_AT_ONCE // len(self.cells), 1), _MOST_ROWS_AT_ONCE)
        for part, start, end, before, _ in pieces or self.pieces(self.size):
            path = self.parts[part].path
            for at in range(start, end, rows):
                try:
                    frame = scan(path).slice(at, min(rows, end - at)).collect()
                    _refuse_finer_times(frame)
                    open_columns = self._open_columns(frame, plan)
                    columns = self._texts(frame, open_columns)
                except (pl.exceptions.PolarsError, pl.exceptions.PanicException) as error:
                    raise NotReadableError(say("it cannot be read as Parquet")) from error
                self._refuse_texts(columns, empty)
                has_gaps = any(each.has_nulls() for each in columns)
                columns = _filled(columns, empty)

                def texts(indexes: Sequence[int], frame: pl.DataFrame = frame) -> pl.DataFrame:
                    return _filled(self._texts(frame[indexes], range(len(self.cells))), empty)

                size = path.stat().st_size * frame.height // self.parts[part].height
                first = before + at - start + 1
                seen = look(columns)
                yield TypedFrame(first, seen, size, has_gaps, frame.height, texts)

    def _open_columns(self, part: pl.DataFrame, plan: TablePlan) -> Sequence[int]:
        """The columns that have to be looked at as text: not all cells are filled and fine."""
        needed = plan.key_positions | plan.rule_positions
        fine = {}
        for column in plan.columns:
            at = column.position
            if at not in needed and not part[:, at].has_nulls():
                is_fine = surely_fine(self.cells[at], column, self._cell(part, at))
                if is_fine is not None:
                    fine[at] = is_fine.all().alias(str(at))
        found = part.select(fine.values()).row(0) if fine else ()
        sure = {at for at, is_fine in zip(fine, found, strict=True) if is_fine}
        return [at for at in range(len(self.cells)) if at not in sure]

    def _cell(self, part: pl.DataFrame, at: int) -> pl.Expr:
        """The cells of a column, as its type in a frame of pandas."""
        return pl.col(part.columns[at]).cast(self.types[at])

    def _texts(self, part: pl.DataFrame, positions: Iterable[int]) -> pl.DataFrame:
        """The texts of cells, null where there is no value."""
        texts = []
        for at in positions:
            cell = self._cell(part, at)
            if self.types[at].is_float():
                cell = cell.fill_nan(None)
            texts.append(self.cells[at].texts(cell).alias(str(at)))
        return part.select(texts)

    def _refuse_texts(self, columns: pl.DataFrame, empty: Sequence[str]) -> None:
        """Raise NotReadableError where a text looks like a cell without value, but is none."""
        for at, text in enumerate(empty):
            if text and self.cells[at].kind == "text" and (columns[str(at)] == text).any():
                raise NotReadableError(say("it has the text {text!r}", text=text))


def _filled(columns: pl.DataFrame, empty: Sequence[str]) -> pl.DataFrame:
    """Columns of texts, with those that stand for no value."""
    return columns.with_columns(
        pl.col(name).fill_null(empty[int(name)]) for name in columns.columns
    )


def scan(path: Path) -> pl.LazyFrame:
    """The file itself, even if its name looks like a pattern of names."""
    return pl.scan_parquet(path, glob=False, hive_partitioning=False)


def _refuse_finer_times(part: pl.DataFrame) -> None:
    """Raise NotReadableError for times that Python cannot hold: pandas makes something of them."""
    for column in part:
        type_ = column.dtype
        is_finer = type_ == pl.Time or (isinstance(type_, pl.Datetime) and type_.time_unit == "ns")
        if is_finer and (column.to_physical() % 1000 != 0).any():
            raise NotReadableError(say("it has times finer than a microsecond"))
