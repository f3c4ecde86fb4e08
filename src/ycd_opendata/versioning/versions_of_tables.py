"""The values of two versions of a table, in parts that are small enough to be in memory.

What may be equal in both is in parts of one number: the rows of one key, or, where there is no
key in common, equal rows. A table of usual size is one part, and is never written to disk.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import polars as pl

from ycd_opendata.errors import DataError, YcdError
from ycd_opendata.messages import mark, say
from ycd_opendata.package.files import resolve_inside
from ycd_opendata.package.model import Package, Resource
from ycd_opendata.package.tables.reader import read_table
from ycd_opendata.versioning.cell_values import value_frame
from ycd_opendata.versioning.reading_changes import changed_readings, stored_as
from ycd_opendata.versioning.spilling import Scratch

ROW, TEXT = "\0row", "\0text "
"""A row's number, and what stands in front of a field's name where its cells stand as they are.

No field of a table has such a name.
"""

PART_BYTES = 48 * 2**20
"""How many bytes of a table's files make a part; comparing two takes about eight times as much."""

_PACKED = 8
_AT_ONCE = 16 * 2**20

Part = Callable[[], "pl.DataFrame"]


@dataclass(frozen=True)
class Side:
    """One version of a table. Its fields are text: values, or cells as they stand in the file."""

    package: Package
    resource: Resource

    @property
    def fields(self) -> tuple[str, ...]:
        """The names of its fields."""
        assert self.resource.schema is not None
        return tuple(self.resource.schema.field_names)

    @property
    def paths(self) -> list[Path]:
        """Its files."""
        root, named_in = self.package.root, self.package.descriptor_path.name
        return [resolve_inside(root, each, named_in) for each in self.resource.paths]

    def part_count(self) -> int:
        """How many parts it is to be compared in."""
        size = 0
        for path in self.paths:
            is_text = path.suffix.lower() in (".csv", ".tsv", ".txt", ".json")
            size += path.stat().st_size * (1 if is_text else _PACKED) if path.exists() else 0
        return size // PART_BYTES + 1

    def frames(self, by: Collection[str], read: Collection[str] = ()) -> Iterator[pl.DataFrame]:
        """The rows with their numbers, the fields ``by`` as values; at least one frame.

        Of those of them that are in ``read``, the cells as they stand are there too.

        Raises DataError where the table cannot be read, or its header is not its schema's.
        """
        table, row = read_table(self.package, self.resource), 0
        for cells in _gathered(table.frames(), self.fields):
            yield self._as_values(cells, by, read).with_row_index(ROW, row)
            row += len(cells)

    def values(
        self, rows: pl.DataFrame, by: Collection[str], read: Collection[str] = ()
    ) -> pl.DataFrame:
        """Some of those rows, with the other fields as values too."""
        others = [each for each in self.fields if each in rows.columns and each not in by]
        return self._as_values(rows, others, read)

    def _as_values(
        self, cells: pl.DataFrame, names: Collection[str], read: Collection[str]
    ) -> pl.DataFrame:
        assert self.resource.schema is not None
        text = cells.select(pl.col(name).alias(TEXT + name) for name in names if name in read)
        return value_frame(cells, self.resource.schema, names).with_columns(text.get_columns())


def refuse_equal_keys(resource: Resource, key: Sequence[str], rows: pl.DataFrame) -> None:
    """Raise DataError if two rows have one key."""
    if key and len(twice := rows.filter(rows.select(key).is_duplicated())):
        template = mark("table {resource!r} has the key {row} more than once")
        raise DataError(
            say(template, resource=resource.name, row=twice.select(key).row(0)),
            say("records are compared by key, so each needs its own"),
        )


def _gathered(frames: Iterable[pl.DataFrame], names: Iterable[str]) -> Iterator[pl.DataFrame]:
    """Frames put together to larger ones: a value that recurs is read once in each."""
    held, size = [pl.DataFrame(schema=dict.fromkeys(names, pl.String))], 0.0
    for each in frames:
        if size > _AT_ONCE:
            yield pl.concat(held)
            held, size = held[:1], 0.0
        held.append(each)
        size += each.estimated_size()
    yield pl.concat(held)


class Versions:
    """Two versions of a table; of one that is new, the older has no rows.

    ``key`` is the key that they have in common, if they have one; ``by`` are the fields by which
    rows are matched, which are values in all parts. The other fields are cells as they stand in
    the files: most are the same in both, and need not be read.
    """

    def __init__(self, before: Side | None, after: Side) -> None:
        schema = after.resource.schema
        assert schema is not None
        old = schema if before is None else before.resource.schema
        assert old is not None
        self.table = after.resource.name
        self.fields = after.fields
        self.key = schema.primary_key if schema.primary_key == old.primary_key else ()
        self.by = self.key or self.fields
        self.is_keyless = not (schema.primary_key or old.primary_key) and before is not None
        self.readings = changed_readings(old, schema)
        self._before, self._after = before, after
        self._scratch = Scratch()
        self._count = max(each.part_count() for each in (before, after) if each is not None)

    @property
    def old_fields(self) -> tuple[str, ...]:
        """The fields of the older version."""
        return self.fields if self._before is None else self._before.fields

    def _divided(self, frames: Iterable[pl.DataFrame], by: Sequence[str]) -> list[Part]:
        """Frames in parts."""
        if self._count == 1:
            whole = pl.concat(frames)
            return [lambda: whole]
        return [each.frame for each in self._scratch.divide(frames, by, self._count)]

    @cached_property
    def new(self) -> list[Part]:
        """The newer version."""
        return self._divided(self._after.frames(self.by, self.readings), self.by)

    @cached_property
    def old(self) -> list[Part]:
        """The older version."""
        if self._before is None:
            schema = dict.fromkeys(self.fields, pl.String)
            frames = iter([pl.DataFrame(schema=schema).with_row_index(ROW)])
        else:
            frames = self._before.frames(self.by, self.readings)
        if not self.key:
            frames = map(self._aligned, frames)
        return self._divided(frames, self.by)

    def _aligned(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Rows with the newer version's fields; one that they do not have is empty."""
        empty = pl.lit(None, dtype=pl.String)
        new = (empty.alias(each) for each in self.fields if each not in rows.columns)
        return rows.with_columns(new).select(ROW, *self.fields, pl.col(f"^{TEXT}.*$"))

    def check_newer(self) -> None:
        """Raise DataError if the newer version cannot be compared with any other."""
        for part in self.new:
            refuse_equal_keys(self._after.resource, self.key, part())

    def pairs(self) -> Iterator[tuple[pl.DataFrame, pl.DataFrame]]:
        """The parts of both versions.

        Raises DataError where they are compared by key, and two rows of one version have the same.
        """
        for one, other in zip(self.old, self.new, strict=True):
            old, new = one(), other()
            for rows, side in ((old, self._before), (new, self._after)):
                if side is not None:
                    refuse_equal_keys(side.resource, self.key, rows)
            yield old, new

    def values(self, old: pl.DataFrame, new: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
        """Some rows of both versions with values in all fields, and the cells of those in doubt."""
        rows = self._after.values(new, self.by, self.readings)
        return (self._before or self._after).values(old, self.by, self.readings), rows

    def used(self, name: str) -> set[str | None]:
        """The values of a field in the newer version."""
        return {
            value
            for part in self.new
            for value in self._after.values(part().unique(name), self.by)[name]
        }

    def misleads(self, name: str) -> bool:
        """Whether any text of a field that is in both files stands for other values."""
        text = TEXT + name
        sides = [
            self._divided((part().select(text, name).unique() for part in side), [text])
            for side in (self.old, self.new)
        ]
        for one, other in zip(*sides, strict=True):
            both = one().unique().join(other().unique(), on=text)
            if not both.filter(pl.col(name).ne_missing(pl.col(f"{name}_right"))).is_empty():
                return True
        return False

    def possible_key(self) -> str | None:
        """The column that could be the key: unique and never missing in both, most in common."""
        old = self.old_fields
        names = [name for name in self.fields if name in old]
        for part in (*self.old, *self.new):
            rows = part()
            names = [each for each in names if _is_unique(rows[each])]
        best, most = None, 0
        for name in names:
            sides = [
                self._divided((part().select(name) for part in side), [name])
                for side in (self.old, self.new)
            ]
            common = 0
            for one, other in zip(*sides, strict=True):
                there, here = one()[name], other()[name]
                if not (_is_unique(there) and _is_unique(here)):
                    break
                common += int(there.is_in(here.implode()).sum())
            else:
                if common > most:
                    best, most = name, common
        return best

    def is_misread(self) -> bool:
        """Whether the newer file, read as the older description says, misleads.

        That is if rows that stand as they stood have become others, or there are more of them. Its
        rows may be nonsense, if it was written anew.
        """
        assert self._before is not None
        resource = stored_as(self._after.resource, self._before.resource)
        fields = list(self.fields)
        if fields != list(self.old_fields):
            return False
        after = Side(self._after.package, resource)
        try:
            parts = self._divided(after.frames(self.by), self.by)
        except YcdError:
            return False  # it was written anew
        counts = [0, 0, 0, 0]
        for part, old, new in zip(parts, self.old, self.new, strict=True):
            rows = after.values(part(), self.by)
            there, here = self.values(old(), new())
            stand = rows.join(there, on=fields, how="semi", nulls_equal=True)
            if not stand.join(here, on=fields, how="anti", nulls_equal=True).is_empty():
                return True
            for at, each in enumerate((stand, rows, there, here)):
                counts[at] += len(each)
        return counts[0] == counts[1] == counts[2] < counts[3]


def _is_unique(values: pl.Series) -> bool:
    return not values.null_count() and values.n_unique() == len(values)
