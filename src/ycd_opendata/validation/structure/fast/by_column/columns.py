"""Runs a table's plan on frames of text: which cells are not surely fine, and the keys.

One boolean expression a column; the exact reading decides on the few cells that it leaves open.
"""

from __future__ import annotations

import operator
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, reduce

import polars as pl

from ycd_opendata.package.tables.batches import Frame
from ycd_opendata.package.tables.sure_rows import SureRows
from ycd_opendata.validation.hidden_characters import SUSPECT
from ycd_opendata.validation.structure.fast.by_column.key_columns import (
    PLAIN_DECIMAL,
    KeyColumn,
    shortest_decimals,
)
from ycd_opendata.validation.structure.fast.by_column.polars_conditions import all_of, may_break
from ycd_opendata.validation.structure.fast.by_column.row_pattern import (
    are_tidy,
    conditions_of,
    row_pattern,
)
from ycd_opendata.validation.structure.fast.by_column.typed_frame import Cells, Seen, TypedFrame
from ycd_opendata.validation.structure.fast.exact import ExactReader, Verdict
from ycd_opendata.validation.structure.fast.planning.conditions import Never
from ycd_opendata.validation.structure.fast.planning.extra_checks import Fault
from ycd_opendata.validation.structure.fast.planning.plan import Column, TablePlan

_EXPRESSIONS_AT_ONCE = 200


@dataclass(frozen=True)
class ColumnExecutor:
    """Checks frames of one table."""

    plan: TablePlan
    reader: ExactReader

    def look(self, columns: pl.DataFrame) -> Seen:
        """What ``check`` needs to know of a frame; frames can be looked at side by side.

        Where columns are left out, all their cells are filled and surely fine.
        """
        left_out = {str(each.position) for each in self.plan.columns} - {*columns.columns}
        every = self._expressions.items()
        if left_out:
            asked = [each for name, each in every if name.split()[-1] not in {*left_out, "blank"}]
            return self._seen(columns, asked)
        return self._seen(columns, [each for _, each in every])

    def sure_rows(self, delimiter: str) -> SureRows | None:
        """The rows that need not be looked at; None where there is no telling."""
        found = row_pattern(self.plan, delimiter, self._seldom_missing, self._is_fine)
        if found is None:
            return None
        needed = {*self.plan.key_positions, *self.plan.rule_positions, *found.open}
        of_all = {"judged", *(f"{kind} {at}" for at in found.open for kind in ("open", "other"))}
        of_all |= {f"key {at}" for at in self.plan.key_positions}
        every = self._expressions.items()
        on_all = [each for name, each in every if name in of_all]
        on_others = [each for name, each in every if name not in of_all]

        def look(columns: pl.DataFrame, others: pl.DataFrame, indexes: Sequence[int]) -> Seen:
            seen, further = self._seen(columns, on_all), self._seen(others, on_others)
            return seen.together(further, indexes)

        return SureRows(found.pattern, found.longest, sorted(needed), look)

    def _is_fine(self, position: int, text: str) -> bool:
        """Whether the text of a cell is fine, and stands for its value alone if that is a key."""
        verdict = self.reader.cell(position, text)
        return not verdict.faults and verdict.key in (None, text)

    def _seen(self, columns: pl.DataFrame, every: Sequence[pl.Expr]) -> Seen:
        if not columns.width or not every:
            return Seen([], [], {}, {}, {})
        # polars takes a time that grows with the square of the number of expressions.
        size = _EXPRESSIONS_AT_ONCE
        # Lazily, so that what several expressions need is worked out once.
        lazy = columns.lazy()
        parts = [lazy.select(every[at : at + size]).collect() for at in range(0, len(every), size)]
        found = parts[0] if len(parts) == 1 else pl.concat(parts, how="horizontal")
        keys = {
            int(name.removeprefix("key ")): found[name]
            for name in found.columns
            if name.startswith("key ")
        }
        masks = found.select(pl.col(pl.Boolean))
        # All at once, since a question about one column takes longer than its answer.
        some = [name for name, is_set in masks.sum().row(0, named=True).items() if is_set]
        indexes = {name: masks[name].arg_true() for name in some}
        maybe_blank = indexes.pop("maybe blank", None)
        blank = [] if maybe_blank is None else self._blank(columns, maybe_blank)
        judged = indexes.pop("judged").to_list() if "judged" in indexes else []
        cells: dict[str, dict[int, Cells]] = {"open": {}, "other": {}}
        for name, places in indexes.items():
            kind, at = name.split()
            number, texts = int(at), columns[at].gather(places)
            if kind == "other" and number in keys and self._is_decimal(number):
                # Keys with needless zeros in each row are many.
                is_plain = texts.str.contains(PLAIN_DECIMAL)
                shortest = shortest_decimals(texts.filter(is_plain))
                keys[number] = keys[number].scatter(places.filter(is_plain), shortest)
                places, texts = places.filter(~is_plain), texts.filter(~is_plain)
            cells[kind][number] = Cells(places.to_list(), texts.to_list())
        return Seen(blank, judged, cells["open"], cells["other"], keys)

    def _is_decimal(self, position: int) -> bool:
        """Whether the values of a column are numbers that are written without signs in between."""
        column = self.plan.columns[position]
        return column.family == "number" and column.canonical != (Never(),)

    def check(
        self, frame: Frame | TypedFrame
    ) -> tuple[list[tuple[int, list[Fault]]], dict[int, KeyColumn]]:
        """The faults of a frame's rows by index, and its key columns by position.

        A key is the text of a value, null where there is none: an empty cell, or one of another
        type.
        """
        seen = frame.seen
        values: dict[int, dict[int, str | None]] = {at: {} for at in self.plan.key_positions}
        mistyped: dict[int, dict[int, str]] = {at: {} for at in values}
        faults = self._odd_rows(frame, {*frame.uneven, *seen.blank}, values, mistyped)
        odd = set(faults)
        for at, index, text, verdict in self._verdicts(seen.open, odd):
            if verdict.faults:
                faults.setdefault(index, []).extend(verdict.faults)
            if at in values:
                values[at][index] = verdict.key
                if verdict.is_mistyped:
                    mistyped[at][index] = text
        self._judge(frame, odd, faults)
        for at, cells in seen.other.items():
            for index, text in cells:
                if index not in values[at]:
                    values[at][index] = self.reader.cell(at, text).key
        keys = {
            at: KeyColumn(_replaced(seen.keys[at], each), mistyped[at])
            for at, each in values.items()
        }
        return sorted(faults.items()), keys

    def _verdicts(
        self, open_cells: Mapping[int, Cells], odd: Collection[int]
    ) -> Iterator[tuple[int, int, str, Verdict]]:
        """The column, row, text and verdict of open cells, but for odd rows; fine ones may lack."""
        for at, cells in open_cells.items():
            asked = {text for index, text in cells if index not in odd} if odd else {*cells.texts}
            verdicts = {text: self.reader.cell(at, text) for text in asked}
            # Of many cells there may be few texts, and nothing to say of any row.
            if at in self.plan.key_positions or any(each.faults for each in verdicts.values()):
                for index, text in cells:
                    if index not in odd:
                        yield at, index, text, verdicts[text]

    def _judge(
        self, frame: Frame | TypedFrame, odd: Collection[int], faults: dict[int, list[Fault]]
    ) -> None:
        """Ask the rules of the rows that may break one; odd ones have been asked."""
        for index in frame.seen.judged:
            if index not in odd:
                broken = self.reader.judge(frame.record(index).cells, faults.get(index, ()))
                if broken:
                    faults.setdefault(index, []).extend(broken)

    def _odd_rows(
        self,
        frame: Frame | TypedFrame,
        indexes: Collection[int],
        values: Mapping[int, dict[int, str | None]],
        mistyped: Mapping[int, dict[int, str]],
    ) -> dict[int, list[Fault]]:
        """Read rows of another width, and blank ones, exactly; set what they have of keys."""
        faults: dict[int, list[Fault]] = {}
        for index in indexes:
            cells = frame.record(index).cells
            faults[index], verdicts = self.reader.row(cells)
            for at, replaced in values.items():
                replaced[index] = verdicts[at].key
                if verdicts[at].is_mistyped:
                    mistyped[at][index] = cells[at]
        return faults

    @cached_property
    def _expressions(self) -> dict[str, pl.Expr]:
        """What is asked of a frame, by name."""
        missing = self._missing
        expressions = [missing[self._seldom_missing].alias("maybe blank")]
        if self.plan.rules:
            expressions.append(may_break(self.plan, missing).alias("judged"))
        for column, is_missing in zip(self.plan.columns, missing, strict=True):
            at = column.position
            fine = self._fine(column)
            is_open = [~fine & ~is_missing] if fine is not None else []
            if column.required:
                is_open.append(is_missing)
            if is_open:
                expressions.append(reduce(operator.or_, is_open).alias(f"open {at}"))
            if at in self.plan.key_positions:
                cell = pl.col(str(at))
                # A required cell that is missing is open, and so replaced.
                key = cell if column.required else pl.when(~is_missing).then(cell)
                expressions.append(key.alias(f"key {at}"))
                form = all_of(str(at), column.canonical or ())
                if form is not None:
                    expressions.append((~form & ~is_missing).alias(f"other {at}"))
        return {each.meta.output_name(): each for each in expressions}

    @cached_property
    def _missing(self) -> list[pl.Expr]:
        missing = [_is_missing(each) for each in self.plan.columns]
        if self.plan.width == 1:
            # A row without cells and one with an empty cell look alike here.
            return [missing[0] | (pl.col("0") == "")]
        return missing

    @property
    def _seldom_missing(self) -> int:
        """A column of which few cells are missing, if there is one."""
        needed = [each.position for each in self.plan.columns if each.required]
        return min(self.plan.primary_positions or needed or [0])

    def _blank(self, columns: pl.DataFrame, places: pl.Series) -> list[int]:
        """Those of some rows that have only missing cells."""
        # Whole columns are not compared for the sake of a few rows.
        found = columns[places].select(pl.all_horizontal(self._missing).alias("blank"))
        return places.filter(found["blank"]).to_list()

    def _fine(self, column: Column) -> pl.Expr | None:
        conditions = conditions_of(column)
        fine = all_of(str(column.position), conditions)
        if self.plan.asks_tidy(column) and not are_tidy(conditions):
            tidy = ~pl.col(str(column.position)).str.contains(SUSPECT)
            fine = tidy if fine is None else fine & tidy
        return fine


def _replaced(series: pl.Series, values: Mapping[int, str | None]) -> pl.Series:
    texts = pl.Series([*values.values()], dtype=pl.String)
    return series.scatter([*values], texts) if values else series


def _is_missing(column: Column) -> pl.Expr:
    cell = pl.col(str(column.position))
    if not column.missing:
        # Never so, for each row: a literal alone would stand for one row only.
        return cell.is_null()
    if len(column.missing) == 1:
        return cell == next(iter(column.missing))
    return cell.is_in(sorted(column.missing))
