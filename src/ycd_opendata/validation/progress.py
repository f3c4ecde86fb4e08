"""How far a validation is, for whoever watches."""

from __future__ import annotations

from typing import Protocol


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
