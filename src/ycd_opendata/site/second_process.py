"""Work that a second process does beside this one.

It is a new interpreter and no copy of this process, which may have threads; and it is given the
work on its standard input, so that it never runs the program that started this one again.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from tempfile import TemporaryFile
from threading import Thread
from typing import IO, Any

from ycd_opendata.errors import ReleaseError
from ycd_opendata.messages import say
from ycd_opendata.shown import visible

_handed = Future[Any]()

_PROGRAM = (
    "import pickle, sys; sys.path[:] = pickle.load(sys.stdin.buffer); "
    "from ycd_opendata.site.second_process import serve; serve()"
)


def processors() -> int:
    """How many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@dataclass(frozen=True)
class Beside:
    """A second process at work; ``result`` waits for what its function gives.

    It raises ReleaseError where the function failed, or the process was ended from outside.
    """

    result: Callable[[], Any]
    _process: subprocess.Popen[bytes]

    def hand(self, *values: Any) -> None:
        """Hand the process what ``handed`` waits for there."""
        with suppress(OSError):  # it has ended: its result says why
            for each in values:
                pickle.dump(each, self._process.stdin)  # type: ignore[arg-type]
            self._process.stdin.flush()  # type: ignore[union-attr]


def handed() -> Any:
    """In the second process: what the first one hands it, once that has made it."""
    return _handed.result()


@contextmanager
def beside(function: Callable[..., Any], *arguments: Any) -> Iterator[Beside]:
    """Let a second process call a function of a module.

    The process is ended when the block is left, whatever the reason.
    """
    with TemporaryFile() as result, TemporaryFile() as said:
        command = [sys.executable, "-c", _PROGRAM]
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=result, stderr=said)
        try:
            second = Beside(lambda: _result(process, result, said), process)
            second.hand(sys.path, (function, arguments))
            yield second
        finally:
            process.kill()
            process.communicate()


def _result(process: subprocess.Popen[bytes], result: IO[bytes], said: IO[bytes]) -> Any:
    process.communicate()  # which says that nothing more is handed over
    code = process.returncode
    if code == 0:
        result.seek(0)
        return pickle.load(result)
    said.seek(0)
    lines = said.read().decode("utf-8", "replace").split("\n")
    last = next((each for each in reversed(lines) if each.strip()), "")
    raise ReleaseError(
        say(
            "the process that wrote a part of the site ended with code {code}: {last}",
            code=code,
            last=visible(last.strip()) or say("it said nothing"),
        ),
        say("if something ended it, such as a lack of memory, build again"),
    )


def serve() -> None:
    """Do the work that comes on the standard input, and write its result."""
    function, arguments = pickle.load(sys.stdin.buffer)
    out, sys.stdout = sys.stdout, sys.stderr  # whatever prints does not spoil the result
    # Taken as soon as it comes, so that the first process need not wait for this one.
    Thread(target=_take).start()
    pickle.dump(function(*arguments), out.buffer)
    out.flush()


def _take() -> None:
    try:
        _handed.set_result(pickle.load(sys.stdin.buffer))
    except Exception as error:
        _handed.set_exception(error)
