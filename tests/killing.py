"""Run by test_moving.py in a process of its own: a function that dies at each file-system call.

``python killing.py move|finish CATALOGUE OUT`` runs the function on a copy of the catalogue in
``OUT/1``, in a child process that ends before its first call to the file system; on another in
``OUT/2``, one that ends before its second; until one comes to its end.
"""

from __future__ import annotations

import itertools
import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

from ycd_opendata.publishing import moving
from ycd_opendata.publishing.moving import exchange

KILLED = 9


def die_at(step: int) -> None:
    """End this process before its ``step``-th call to the file system, without any clean-up."""
    done = 0

    def count(event: str, _: object) -> None:
        nonlocal done
        if event == "open" or event.startswith(("os.", "exchange")):
            done += 1
            if done == step:
                os._exit(KILLED)

    def audited(one: Path, other: Path) -> bool:
        sys.audit("exchange")
        return exchange(one, other)

    setattr(moving, "exchange", audited)  # noqa: B010
    sys.addaudithook(count)


def move(catalogue: Path) -> None:
    moving.move_in(catalogue, catalogue / ".building-1" / "incoming")


def finish(catalogue: Path) -> None:
    aside = catalogue / ".building-2"
    aside.mkdir()
    moving.finish_what_was_killed(catalogue, aside)


def kill_at_each_step(work: Callable[[Path], None], catalogue: Path, out: Path) -> None:
    for step in itertools.count(1):
        copy = out / str(step)
        shutil.copytree(catalogue, copy)
        child = os.fork()
        if child == 0:
            die_at(step)
            work(copy)
            os._exit(0)
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        if code == 0:
            return
        if code != KILLED:
            sys.exit(f"step {step} ended with {code}")


if __name__ == "__main__":
    works = {"move": move, "finish": finish}
    kill_at_each_step(works[sys.argv[1]], Path(sys.argv[2]), Path(sys.argv[3]))
