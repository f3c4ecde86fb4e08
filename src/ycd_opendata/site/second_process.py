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
from contextlib import contextmanager
from tempfile import TemporaryFile
from typing import IO, Any, TypeVar

from ycd_opendata.errors import ReleaseError
from ycd_opendata.messages import say
from ycd_opendata.shown import visible

Result = TypeVar("Result")

_PROGRAM = (
    "import pickle, sys; sys.path[:] = pickle.load(sys.stdin.buffer); "
    "from ycd_opendata.site.second_process import serve; serve()"
)


def processors() -> int:
    """How many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@contextmanager
def beside(function: Callable[..., Result], *arguments: Any) -> Iterator[Callable[[], Result]]:
    """Let a second process call a function of a module; what is yielded waits for its result.

    The process is ended when the block is left, whatever the reason.

    Raises
    ------
    ReleaseError
        From what is yielded: the function failed, or the process was ended from outside.
    """
    with TemporaryFile() as work, TemporaryFile() as result, TemporaryFile() as said:
        pickle.dump(sys.path, work)
        pickle.dump((function, arguments), work)
        work.seek(0)
        command = [sys.executable, "-c", _PROGRAM]
        process = subprocess.Popen(command, stdin=work, stdout=result, stderr=said)
        try:
            yield lambda: _result(process, result, said)
        finally:
            process.kill()
            process.wait()


def _result(process: subprocess.Popen[bytes], result: IO[bytes], said: IO[bytes]) -> Any:
    code = process.wait()
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
    """Do the work that stands on the standard input, and write its result."""
    function, arguments = pickle.load(sys.stdin.buffer)
    out, sys.stdout = sys.stdout, sys.stderr  # whatever prints does not spoil the result
    pickle.dump(function(*arguments), out.buffer)
    out.flush()
