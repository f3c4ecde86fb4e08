"""Keys across rows: values that stand twice, and references to nothing.

Large tables keep their keys as columns of polars (``key_columns``), small ones as lists.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol

from ycd_opendata.validation.findings import joined_key
from ycd_opendata.validation.structure.fast.planning.plan import Reference, TablePlan, Unique


class KeyFault(NamedTuple):
    """A row, by its index, whose key is wrong: ``at`` says which columns make the key.

    ``earlier`` is the row that has the same key, ``resource`` the table that a reference is to,
    and ``fields`` are those it looks up. ``value`` is what stands there, where the keys do not say
    it any more. ``times`` is how many such faults stand here for which there is no room anyway.
    """

    row: int
    code: str
    at: tuple[int, ...]
    earlier: int | None = None
    resource: str = ""
    fields: str = ""
    value: str | None = None
    times: int = 1


class Keys(Protocol):
    """What is asked of the keys of one table."""

    def shown(self, positions: Sequence[int], index: int) -> str | None:
        """The cells of columns in the row at this index, for people."""
        ...

    def has_mistyped(self, positions: Sequence[int], index: int) -> bool:
        """Whether the row at this index has a cell of another type in any of these columns."""
        ...

    def known(self, positions: Sequence[int]) -> Any:
        """The values of columns together, where any is present, for ``reference_faults``."""
        ...

    def unique_faults(self) -> Iterator[KeyFault]:
        """The rows whose key is empty, or stands in an earlier row too."""
        ...

    def reference_faults(self, reference: Reference, known: Any) -> Iterator[KeyFault]:
        """The rows that refer to none of the known values; None says that no value is equal."""
        ...


Key = tuple[str | None, ...]


@dataclass
class KeyLists:
    """The key columns of a small table, without polars, which takes longer to load than to use."""

    plan: TablePlan
    _values: dict[int, list[str | None]] = field(default_factory=dict)
    _mistyped: dict[int, dict[int, str]] = field(default_factory=dict)

    def append_rows(
        self, values: Mapping[int, Sequence[str | None]], mistyped: Mapping[int, Mapping[int, str]]
    ) -> None:
        """Keep the key columns of the next rows.

        ``mistyped`` are the cells, by the index of their row, that are filled and have no value
        since they are of another type.
        """
        for at, column in values.items():
            known = self._values.setdefault(at, [])
            texts = self._mistyped.setdefault(at, {})
            texts.update((len(known) + index, text) for index, text in mistyped[at].items())
            known += column

    def shown(self, positions: Sequence[int], index: int) -> str | None:
        """The cells of columns in the row at this index, for people."""
        return joined_key(
            [self._values[at][index] or self._mistyped[at].get(index, "") for at in positions]
        )

    def has_mistyped(self, positions: Sequence[int], index: int) -> bool:
        """Whether the row at this index has a cell of another type in any of these columns."""
        return any(index in self._mistyped[at] for at in positions)

    def known(self, positions: Sequence[int]) -> Container[Key]:
        """The values of columns together, where any is present."""
        return {key for _, key in self._keys(positions) if _is_present(key)}

    def unique_faults(self) -> Iterator[KeyFault]:
        """The rows whose key is empty, or stands in an earlier row too."""
        for each in self.plan.unique:
            if each.needed:
                for index, key in self._keys(each.positions):
                    if not _is_present(key):
                        yield KeyFault(index, each.code, each.positions)
            yield from self._repeated(each)
            # A required part that is missing has a finding of its own.
            optional = [at for at in each.positions if not self.plan.columns[at].required]
            if each.needed and len(each.positions) > 1:
                yield from self._partly_empty(each, optional)

    def reference_faults(
        self, reference: Reference, known: Container[Key] | None
    ) -> Iterator[KeyFault]:
        """The rows that refer to none of the known values; None says that no value is equal."""
        for index, key in self._keys(reference.positions):
            if _is_present(key) and (known is None or key not in known):
                yield KeyFault(
                    index,
                    "foreign-key",
                    reference.positions,
                    resource=reference.resource or self.plan.resource.name,
                    fields=", ".join(reference.fields),
                )

    def _keys(self, positions: Sequence[int]) -> Iterator[tuple[int, Key]]:
        columns = [self._values.get(at, []) for at in positions]
        return enumerate(zip(*columns, strict=True))

    def _partly_empty(self, unique: Unique, optional: Sequence[int]) -> Iterator[KeyFault]:
        for index, key in self._keys(unique.positions):
            empty = any(
                self._values[at][index] is None and index not in self._mistyped[at]
                for at in optional
            )
            if empty and _is_present(key):
                yield KeyFault(index, "key-part-missing", unique.positions)

    def _repeated(self, unique: Unique) -> Iterator[KeyFault]:
        last: dict[Key, int] = {}
        for index, key in self._keys(unique.positions):
            if not _is_present(key):
                continue
            if None in key and not unique.with_missing_parts and len(key) > 1:
                continue
            if key in last:
                yield KeyFault(index, unique.code, unique.positions, last[key])
            last[key] = index


def _is_present(key: Key) -> bool:
    return any(part is not None for part in key)
