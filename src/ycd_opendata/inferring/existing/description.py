"""What an existing description says of tables, and what of it has no place in a Table Schema."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Description:
    """Table Schemas by the name or the path of their table.

    ``package`` are properties of the package, ``lost`` a sentence for each thing that could not be
    carried over.
    """

    schemas: Mapping[str, Mapping[str, Any]]
    lost: tuple[str, ...] = ()
    package: Mapping[str, Any] = field(default_factory=dict)


def with_constraints(raw: dict[str, Any], constraints: Mapping[str, Any]) -> dict[str, Any]:
    """A field with its constraints, where there are any."""
    if constraints:
        raw["constraints"] = {**raw.get("constraints", {}), **constraints}
    return raw
