"""What people read of a command: standard output and error, sentences, questions and bars.

A terminal gets text its own way, a pipe or file as UTF-8.
"""

from __future__ import annotations

import errno
import io
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from ycd_opendata.errors import YcdError
from ycd_opendata.messages import say
from ycd_opendata.shown import visible

if TYPE_CHECKING:
    import rich.progress
    from _typeshed import ReadableBuffer

    from ycd_opendata.validation.structure import Progress

_NOBODY_READS = (errno.EPIPE, errno.EINVAL)
"""What writing into a closed pipe fails with; the second on Windows."""

_LONG_WORK = 50 * 2**20
"""Bytes of a table below which a bar would only flash."""


def tell(template: str, /, **values: object) -> None:
    """Say a message on standard output."""
    click.echo(visible(say(template, **values)))


def tell_aside(template: str, /, **values: object) -> None:
    """Say a message on standard error, where it is no part of what a command gives."""
    click.echo(visible(say(template, **values)), err=True)


def tell_error(error: YcdError) -> None:
    """Say what is wrong, and what to do about it, on standard error."""
    click.echo(visible(f"ycd: {error.message}"), err=True)
    if error.hint:
        click.echo(visible(f"     {error.hint}"), err=True)


def is_watched() -> bool:
    """Whether there is a person to ask."""
    return sys.stdin.isatty() and sys.stdout.isatty()


class _Outlet(io.FileIO):
    """What is written to; once writing failed, the rest is let go.

    A reader that has seen enough (``| head``) is no fault: the command goes on to its end, and
    its exit code is what it would have been. Every other failure is raised, once: not again
    when Python flushes at its exit.
    """

    _failed = False

    def write(self, data: ReadableBuffer, /) -> int:
        size = memoryview(data).nbytes
        if self._failed:
            return size
        try:
            return super().write(data)
        except OSError as error:
            self._failed = True
            if error.errno in _NOBODY_READS:
                return size
            raise


def prepare_streams() -> None:
    """Make standard output and error take any text, in the way that suits where they lead.

    A terminal says which characters it can show, and gets the code of any other. A pipe or file
    gets UTF-8 with LF, whatever the locale, so that each byte is the same on every machine; a
    lone surrogate, such as of a file name that is not UTF-8, is shown as its code.
    """
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:  # the caller closed it
            setattr(sys, name, io.StringIO())
        elif stream.isatty():
            stream.reconfigure(errors="backslashreplace")
        else:
            setattr(sys, name, _plain(stream))


def _plain(stream: io.TextIOWrapper) -> io.TextIOBase:
    try:
        number = stream.fileno()
    except (AttributeError, OSError, ValueError):  # not of the system: a test's, a notebook's
        return stream
    stream.flush()
    outlet = io.BufferedWriter(_Outlet(number, "wb", closefd=False))
    return io.TextIOWrapper(outlet, "utf-8", "backslashreplace", newline="\n", line_buffering=True)


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
def shown_steps() -> Iterator[Callable[[str], object]]:
    """What tells what is done, in a line that is gone when the work is; silence as below."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console

    with Console(stderr=True).status("") as status:
        yield lambda step: status.update(visible(step))


@contextmanager
def shown_progress() -> Iterator[Progress]:
    """A bar where the error stream is a terminal, gone when the work is done; else silence."""
    if not sys.stderr.isatty():
        from ycd_opendata.validation.structure import SILENCE

        yield SILENCE
        return
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

    description = TextColumn("{task.description}")
    columns = (description, BarColumn(), DownloadColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as display:
        yield Bar(display)
