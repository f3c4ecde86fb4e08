"""What a rule is. A rule's name is the code of its findings.

A cell rule looks at the text of one cell. A record rule looks at the records of one table, with
the other tables at hand, and points at one field. A rule says nothing about what is missing:
whether a cell may be empty is the Table Schema's business.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from string import Formatter
from typing import TYPE_CHECKING, Any

from ycd_opendata.package.model import Field

if TYPE_CHECKING:
    import pandas as pd

Tables = Mapping[str, "pd.DataFrame"]
"""The typed frames of a package by table name."""

Holds = Callable[["pd.DataFrame", Tables], "pd.Series[Any]"]


@dataclass(frozen=True)
class CellRule:
    """A rule about the text of single cells of the fields that it applies to."""

    name: str
    applies: Callable[[Field], bool]
    holds: Callable[[str], bool]
    message: str
    hint: str


@dataclass(frozen=True)
class RecordRule:
    """A rule about the records of one table.

    Attributes
    ----------
    name, table, field : str
        The code of its findings, and where they point.
    needs : tuple of str
        The other tables that it looks at.
    message, hint : str
        What is wrong, a template over the record's fields such as ``{phrase}``, and what to do.
    holds : callable
        From the table's frame and all frames to a boolean column: True where the rule holds.
    """

    name: str
    table: str
    field: str
    needs: tuple[str, ...]
    message: str
    hint: str
    holds: Holds

    @property
    def shown_fields(self) -> set[str]:
        """The fields that the rule points at or shows: those that it judges together."""
        named = (name for _, name, _, _ in Formatter().parse(self.message) if name)
        return {self.field, *named}


def record_rule(
    registry: list[RecordRule],
    fields: Mapping[str, str],
    *,
    needs: tuple[str, ...] = (),
    message: str,
    hint: str,
) -> Callable[[Holds], Holds]:
    """Register a function as a rule of each table in ``fields``, which says where it points.

    The rule's name is the function's, in kebab case.
    """

    def register(holds: Holds) -> Holds:
        name = holds.__name__.replace("_", "-")
        for table, field in fields.items():
            registry.append(RecordRule(name, table, field, needs, message, hint, holds))
        return holds

    return register
