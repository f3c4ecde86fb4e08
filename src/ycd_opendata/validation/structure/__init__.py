"""Layer 3: each table against its Table Schema, by one of several engines.

An engine gives frictionless's verdicts. frictionless itself is the reference.
"""

from __future__ import annotations

from typing import Protocol

from ycd_opendata.package.model import Package
from ycd_opendata.validation.findings import LayerResult


class StructureEngine(Protocol):
    """What checks a package's tables against their Table Schemas."""

    @property
    def name(self) -> str:
        """The name that the report gives."""
        ...

    def check(self, package: Package) -> LayerResult:
        """The layer's result, codes and row numbers as frictionless gives them."""
        ...
