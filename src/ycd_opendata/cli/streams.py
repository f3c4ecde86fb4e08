"""Standard output and error as their readers need them: a terminal its own way, the rest UTF-8."""

from __future__ import annotations

import errno
import io
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

_NOBODY_READS = (errno.EPIPE, errno.EINVAL)
"""What writing into a closed pipe fails with; the second on Windows."""


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
    return io.TextIOWrapper(
        outlet,
        encoding="utf-8",
        errors="backslashreplace",
        newline="\n",
        line_buffering=True,
    )
