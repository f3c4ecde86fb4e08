"""The keys of large tables, as columns of polars: the answers of ``keys``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

import polars as pl

from ycd_opendata.validation.findings import joined_key
from ycd_opendata.validation.structure.fast.keys import KeyFault
from ycd_opendata.validation.structure.fast.planning.plan import Reference, TablePlan, Unique

Dangling = Mapping[Reference, pl.DataFrame]
"""The rows that refer to nothing, and what stands there."""

AT_ONCE = 2**19
"""How many rows are compared at once with the tables that they refer to, or more."""


PLAIN_DECIMAL = "^-?[0-9]{1,30}(?:\\.[0-9]{1,30})?$"
"""Numbers of which ``shortest_decimals`` gives the texts that stand for their values."""


class KeyColumn(NamedTuple):
    """A key column of some rows: the texts of its values, null where there is none.

    ``mistyped`` are the cells, by the index of their row, that are filled and have no value since
    they are of another type.
    """

    values: pl.Series
    mistyped: Mapping[int, str]


@dataclass
class KeyColumns:
    """The key columns of one table: all that is kept of its rows."""

    plan: TablePlan
    passing: PassingReferences | None = None
    height: int = 0
    _parts: dict[int, list[pl.Series]] = field(default_factory=dict)
    _mistyped: dict[int, dict[int, str]] = field(default_factory=dict)

    def append(self, columns: Mapping[int, KeyColumn]) -> None:
        """Keep the key columns of the next rows."""
        height = 0
        if self.passing is not None:
            self.passing.append(columns)
        for at, column in columns.items():
            height = len(column.values)
            if self.passing is not None and at in self.passing.positions:
                continue
            self._parts.setdefault(at, []).append(column.values.alias(str(at)))
            if column.mistyped:
                texts = self._mistyped.setdefault(at, {})
                texts.update((self.height + index, each) for index, each in column.mistyped.items())
        self.height += height

    def append_rows(
        self, values: Mapping[int, Sequence[str | None]], mistyped: Mapping[int, Mapping[int, str]]
    ) -> None:
        """The same for rows that were read one by one."""
        self.append(
            {
                at: KeyColumn(pl.Series(column, dtype=pl.String), mistyped[at])
                for at, column in values.items()
            }
        )

    def values(self, positions: Sequence[int]) -> pl.Series:
        """The values of columns together, a text a row; null where all of them are missing."""
        columns = [self._column(at) for at in positions]
        if len(columns) == 1:
            return columns[0]
        frame = pl.DataFrame(columns)
        names = frame.columns
        # The length before each part keeps ("a,b", "c") from ("a", "b,c").
        parts = [
            pl.when(pl.col(name).is_null())
            .then(pl.lit("-"))
            .otherwise(pl.concat_str(pl.col(name).str.len_bytes(), pl.lit(":"), pl.col(name)))
            for name in names
        ]
        present = ~pl.all_horizontal(pl.col(names).is_null())
        return frame.select(pl.when(present).then(pl.concat_str(parts)).alias("key"))["key"]

    def is_missing(self, positions: Sequence[int]) -> pl.Series:
        """Whether any of these columns has no value."""
        nulls = pl.DataFrame([self._column(at).is_null() for at in positions])
        return nulls.select(pl.any_horizontal(pl.all())).to_series()

    def is_empty(self, positions: Sequence[int]) -> pl.Series:
        """Whether the cell of any of these columns is empty, and not only of another type."""
        empty = []
        for at in positions:
            nulls = self._column(at).is_null()
            mistyped = self._mistyped.get(at)
            empty.append(nulls.scatter([*mistyped], values=False) if mistyped else nulls)
        return pl.DataFrame(empty).select(pl.any_horizontal(pl.all())).to_series()

    def shown(self, positions: Sequence[int], index: int) -> str | None:
        """The cells of columns in the row at this index, for people."""
        return joined_key([self._shown(at, index) for at in positions])

    def has_mistyped(self, positions: Sequence[int], index: int) -> bool:
        """Whether the row at this index has a cell of another type in any of these columns."""
        return any(index in self._mistyped.get(at, {}) for at in positions)

    def known(self, positions: Sequence[int]) -> pl.Series:
        """The values of columns together, where any is present."""
        return self.values(positions).drop_nulls()

    def texts(self, positions: Sequence[int]) -> pl.Series:
        """What ``shown`` says of each row, an empty text where it says nothing."""
        columns = []
        for at in positions:
            column, mistyped = self._column(at), self._mistyped.get(at)
            if mistyped:
                texts = pl.Series([*mistyped.values()], dtype=pl.String)
                # It changes what it is called on.
                column = column.clone().scatter([*mistyped], texts)
            columns.append(column.fill_null(""))
        frame = pl.DataFrame(columns)
        joined = pl.concat_str(frame.columns, separator=", ")
        filled = pl.any_horizontal(pl.all() != "")
        shown = pl.when(filled).then(joined).otherwise(pl.lit(""))
        return frame.select(shown.alias("shown"))["shown"]

    def unique_faults(self) -> Iterator[KeyFault]:
        """The rows whose key is empty, or stands in an earlier row too."""
        for each in self.plan.unique:
            for index in self.without_value(each):
                yield KeyFault(index, each.code, each.positions)
            yield from _repeated(each, self)
            for index in self.partly_empty(each):
                yield KeyFault(index, "key-part-missing", each.positions)

    def without_value(self, unique: Unique) -> Sequence[int]:
        """The rows that have no value at all where one is needed."""
        values = self.values(unique.positions)
        if not unique.needed or not values.null_count():
            return ()
        return values.is_null().arg_true().to_list()

    def partly_empty(self, unique: Unique) -> Sequence[int]:
        """The rows that lack a part of a key of which every part is needed."""
        # A required part that is missing has a finding of its own.
        optional = [at for at in unique.positions if not self.plan.columns[at].required]
        if not unique.needed or len(unique.positions) < 2 or not optional:
            return ()
        partly = self.is_empty(optional) & self.values(unique.positions).is_not_null()
        return partly.arg_true().to_list()

    def to_compare(self, unique: Unique) -> pl.Series:
        """The values that may stand in one row only, null where one is not compared."""
        values = self.values(unique.positions)
        if unique.with_missing_parts or len(unique.positions) < 2:
            return values
        missing = self.is_missing(unique.positions).alias("missing")
        frame = pl.DataFrame([values.alias("value"), missing])
        return frame.select(pl.when(~pl.col("missing")).then(pl.col("value")))["value"]

    def reference_faults(self, reference: Reference, known: pl.Series | None) -> Iterator[KeyFault]:
        """The rows that refer to none of the known values; None says that no value is equal."""
        resource = reference.resource or self.plan.resource.name
        fault = KeyFault(
            0, "foreign-key", reference.positions, None, resource, ", ".join(reference.fields)
        )
        if self.passing is not None and reference in self.passing.known:
            for row, value in self.passing.dangling(reference):
                yield fault._replace(row=row, value=value)
            return
        for row in self.dangling(reference, known):
            yield fault._replace(row=row)

    def dangling(self, reference: Reference, known: pl.Series | None) -> pl.Series:
        """The rows that refer to none of the known values.

        A text is known if its hash is: where a million are, one in 10^13 wrong ones is missed.
        """
        values = self.values(reference.positions)
        dangling = values.is_not_null()
        if known is not None:
            # Of numbers it takes a fifth of the time.
            dangling &= ~values.hash().is_in(known.hash().implode())
        return dangling.arg_true()

    def _shown(self, at: int, index: int) -> str:
        value: str | None = self._column(at)[index]
        return self._mistyped.get(at, {}).get(index, "") if value is None else value

    def _column(self, at: int) -> pl.Series:
        parts = self._parts.get(at)
        if not parts:
            return pl.Series(str(at), [], dtype=pl.String)
        if len(parts) > 1:
            # Joined once: every later use takes the whole column.
            parts[:] = [pl.concat(parts)]
        return parts[0]


@dataclass
class PassingReferences:
    """References to tables that are read already: of their rows, only wrong ones are kept.

    ``known`` are the values that they may have, ``positions`` the columns that nothing else needs.
    """

    plan: TablePlan
    known: Mapping[Reference, pl.Series | None]
    _waiting: KeyColumns = field(init=False)
    _compared: list[Future[Dangling]] = field(default_factory=list)
    _done: int = 0

    def __post_init__(self) -> None:
        self._waiting = KeyColumns(self.plan)

    @cached_property
    def positions(self) -> frozenset[int]:
        """The columns that are needed for these references alone."""
        groups = [each.positions for each in self.plan.unique]
        groups += [each.positions for each in self.plan.references if each not in self.known]
        groups += [self.plan.positions(each) or () for each in self.plan.wanted]
        return self.plan.key_positions - {position for group in groups for position in group}

    @cached_property
    def _at_once(self) -> int:
        """How many rows to compare at once, as each time all that is known is looked at."""
        counts = (len(each) for each in self.known.values() if each is not None)
        return max(AT_ONCE, 2 * max(counts, default=0))

    @cached_property
    def _background(self) -> ThreadPoolExecutor:
        return ThreadPoolExecutor(1)

    def append(self, columns: Mapping[int, KeyColumn]) -> None:
        """Take in the key columns of the next rows."""
        needed = {at for reference in self.known for at in reference.positions}
        self._waiting.append({at: columns[at] for at in needed})
        if needed and self._waiting.height >= self._at_once:
            self._compare()

    def dangling(self, reference: Reference) -> Iterator[tuple[int, str]]:
        """The rows that refer to nothing, and what stands there."""
        self._compare()
        for each in self._compared:
            yield from each.result()[reference].iter_rows()

    def _compare(self) -> None:
        if self._waiting.height:
            task = self._background.submit(self._dangling, self._waiting, self._done)
            self._compared.append(task)
            self._done += self._waiting.height
            self._waiting = KeyColumns(self.plan)

    def _dangling(self, keys: KeyColumns, start: int) -> Dangling:
        found = {}
        for reference, known in self.known.items():
            rows = keys.dangling(reference, known)
            texts = keys.texts(reference.positions).gather(rows) if len(rows) else pl.Series()
            found[reference] = pl.DataFrame({"row": rows + start, "shown": texts})
        return found


def shortest_decimals(texts: pl.Series) -> pl.Series:
    """Plain decimals without needless zeros, so that equal numbers are equal texts."""
    needless = {
        "^(-?)0+([0-9])": "${1}${2}",
        "([.][0-9]*[1-9])0+$": "${1}",
        "[.]0+$": "",
        "^-0$": "0",
    }
    for pattern, shorter in needless.items():
        texts = texts.str.replace(pattern, shorter)
    return texts


def _repeated(unique: Unique, keys: KeyColumns) -> Iterator[KeyFault]:
    """Each row with a key that an earlier row has, and the last such row before it."""
    values = keys.values(unique.positions)
    present = values.drop_nulls()
    # Most tables are sorted by their key. Else, equal texts have equal hashes, and numbers are
    # sorted ten times as fast as texts are grouped.
    is_sorted = present.is_sorted()
    ordered = present if is_sorted else present.hash().sort()
    repeated = ordered.filter(ordered == ordered.shift(1))
    if repeated.is_empty():
        return
    hashes = repeated.hash() if is_sorted else repeated
    suspect = values.hash().is_in(hashes.implode()) & keys.to_compare(unique).is_not_null()
    indexes = suspect.arg_true()
    groups = pl.DataFrame({"index": indexes, "key": values.gather(indexes)})
    before = groups.with_columns(pl.col("index").shift(1).over("key").alias("before"))
    for index, earlier in before.drop_nulls("before").select("index", "before").iter_rows():
        yield KeyFault(index, unique.code, unique.positions, earlier)
