"""Layer 3: each table against its Table Schema, by one of several engines.

An engine gives frictionless's verdicts. frictionless itself is the reference.
"""

from __future__ import annotations

from typing import Protocol

from ycd_opendata.package.model import Package
from ycd_opendata.validation.findings import LayerResult


class StructureEngine(Protocol):
    """What checks a package's tables against their Table Schemas."""

    def check(self, package: Package) -> LayerResult:
        """The layer's result, codes and row numbers as frictionless gives them."""
        ...


class Progress(Protocol):
    """What an engine tells while it reads; sizes in bytes of the file as it stands on disk."""

    def started(self, table: str, total_bytes: int) -> None:
        """The engine begins to read a table."""

    def advanced(self, read_bytes: int) -> None:
        """So many more bytes of that table were read."""


class Silence:
    """Progress that nobody watches."""

    def started(self, table: str, total_bytes: int) -> None:
        """Say nothing."""

    def advanced(self, read_bytes: int) -> None:
        """Say nothing."""


SILENCE = Silence()
