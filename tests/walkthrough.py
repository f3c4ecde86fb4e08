"""Walks through a tutorial as its reader would: writes its files, runs its commands and Python.

What a tutorial shows is told apart by its fences:

- a fence below a line that ends in ``Write `PATH`:`` (or goes on with what is in it) is a file;
- ``sh`` holds commands. ``ycd`` runs in this process, what installs or serves is only looked at,
  everything else goes to a shell; what the reader has to put in, such as an address, is put in;
- ``text`` is what the last command or Python printed before it, ``...`` standing for anything.
  Where none follows, the commands must end well;
- ``python`` is run, ``pycon`` is run and compared; all of a tutorial share their names;
- other languages are shown only.
"""

from __future__ import annotations

import contextlib
import doctest
import io
import os
import re
import subprocess
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest import mock

from packages import ROOT

from ycd_opendata.cli import main
from ycd_opendata.cli.app import app
from ycd_opendata.messages import language, speak

TUTORIALS = ROOT / "docs" / "tutorials"

_FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_WRITE = re.compile(r"(?:^|\s)Write `([^`]+)`[^`\n]*(?:\n[^`\n]+)?:\n\n\Z")
_INSTALL = re.compile(r"pip install (?:-e )?'?(?:ycd-opendata|\.)(?:\[(\w+)\])?(?:==[0-9.]+)?'?")
_OF_PYTHON = ("python -m venv .venv", "source .venv/bin/activate")
_LIKE = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE


@dataclass(frozen=True)
class Step:
    """A fence of a tutorial: its language, its text, and the file that it is, if it is one."""

    line: int
    language: str
    text: str
    path: str


def steps(markdown: str) -> Iterator[Step]:
    """The fences of a text, in order."""
    for fence in _FENCE.finditer(markdown):
        before = markdown[: fence.start()]
        written = _WRITE.search(before)
        path = written[1] if written else ""
        yield Step(before.count("\n") + 1, fence[1], fence[2], path)


@dataclass
class Walk:
    """Where a reader is, and what was printed last.

    ``problems`` has a sentence for each thing that is not as the tutorial has it. ``put_in`` are
    the reader's own words by those that stand for them in commands.
    """

    folder: Path
    put_in: Mapping[str, str] = field(default_factory=dict)
    printed: str = ""
    code: int = 0
    names: dict[str, Any] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)


def walk_through(
    markdown: str, folder: Path, lang: str = "en", put_in: Mapping[str, str] | None = None
) -> Walk:
    """Do in a folder what a tutorial says; git knows who commits."""
    walk = Walk(folder, put_in or {})
    known = {
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_AUTHOR_NAME": "a",
        "GIT_COMMITTER_NAME": "a",
        "EMAIL": "a@example.org",
        "YCD_LANG": lang,
    }
    found = [each for each in steps(markdown) if each.path or each.language in _DO]
    here, spoken = Path.cwd(), language()
    with mock.patch.dict(os.environ, known):
        try:
            os.chdir(folder)
            for step, after in zip(found, [*found[1:], None], strict=True):
                is_shown = after is not None and after.language == "text"
                _do(walk, step, is_shown)
        finally:
            os.chdir(here)
            speak(spoken)
    return walk


def _do(walk: Walk, step: Step, is_shown: bool) -> None:
    if step.path:
        Path(step.path).parent.mkdir(parents=True, exist_ok=True)
        Path(step.path).write_text(step.text, "utf-8")
        return
    wrong = _DO[step.language](walk, step)
    if not wrong and walk.code and not is_shown:
        wrong = f"ended with {walk.code}:\n{walk.printed}"
    if wrong:
        walk.problems.append(f"line {step.line}: {wrong}")


def _compare(walk: Walk, step: Step) -> str:
    walk.code = 0
    if doctest.OutputChecker().check_output(step.text, walk.printed, _LIKE):
        return ""
    return f"shown:\n{step.text}\nprinted:\n{walk.printed}"


def _python(walk: Walk, step: Step) -> str:
    with _caught() as out:
        exec(compile(step.text, f"line {step.line}", "exec"), walk.names)
    walk.printed = out.getvalue()
    return ""


def _pycon(walk: Walk, step: Step) -> str:
    test = doctest.DocTestParser().get_doctest(step.text, walk.names, "pycon", None, step.line)
    test.globs = walk.names
    said: list[str] = []
    doctest.DocTestRunner(optionflags=_LIKE).run(test, out=said.append, clear_globs=False)
    return "".join(said)


def _commands(walk: Walk, step: Step) -> str:
    for command in step.text.splitlines():
        if walk.code:
            return f"ended with {walk.code} before {command!r}:\n{walk.printed}"
        for words, own in walk.put_in.items():
            command = command.replace(words, own)
        if command in _OF_PYTHON:
            wrong = ""
        elif "pip install " in command:
            wrong = _not_installable(command)
        elif command.startswith("ycd "):
            wrong = _ycd(walk, command.split()[1:])
        elif command.startswith("cd "):
            os.chdir(command.removeprefix("cd "))
            wrong = ""
        else:
            done = subprocess.run(command, shell=True, capture_output=True, text=True, check=False)
            walk.printed, walk.code, wrong = done.stdout + done.stderr, done.returncode, ""
        if wrong:
            return wrong
    return ""


def _ycd(walk: Walk, arguments: list[str]) -> str:
    if arguments[0] == "serve":
        return "" if "serve" in app.list_commands(mock.Mock()) else "there is no such command"
    with _caught() as out, mock.patch("sys.argv", ["ycd", *arguments]):
        try:
            main()
            walk.code = 0
        except SystemExit as stop:
            walk.code = int(stop.code or 0)
    walk.printed = out.getvalue()
    return ""


def _not_installable(command: str) -> str:
    said = _INSTALL.search(command)
    if said is None:
        return f"{command!r} installs something else"
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    known = extras["optional-dependencies"]
    return "" if said[1] is None or said[1] in known else f"there is no extra {said[1]!r}"


@contextlib.contextmanager
def _caught() -> Iterator[io.StringIO]:
    out = io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
        yield out


_DO: dict[str, Callable[[Walk, Step], str]] = {
    "sh": _commands,
    "text": _compare,
    "python": _python,
    "pycon": _pycon,
}
