"""A progress bar on the error stream, for long work that a terminal watches."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from ycd_opendata.shown import visible
from ycd_opendata.validation.progress import Progress, Silence

if TYPE_CHECKING:
    import rich.progress

_LONG_WORK = 50 * 2**20
"""Bytes of a table below which a bar would only flash."""


class Bar:
    """A line for each long table, with how much of its file is read."""

    def __init__(self, display: rich.progress.Progress) -> None:
        self._display = display
        self._task: rich.progress.TaskID | None = None

    def started(self, table: str, total_bytes: int) -> None:
        """Begin a line, if the table is long."""
        self._task = None
        if total_bytes >= _LONG_WORK:
            from rich.markup import escape

            self._task = self._display.add_task(escape(visible(table)), total=total_bytes)

    def advanced(self, read_bytes: int) -> None:
        """Move the bar of the table that was started last."""
        if self._task is not None:
            self._display.advance(self._task, read_bytes)


@contextmanager
def shown_progress() -> Iterator[Progress]:
    """A bar where the error stream is a terminal, gone when the work is done; else silence."""
    if not sys.stderr.isatty():
        yield Silence()
        return
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as display:
        yield Bar(display)
