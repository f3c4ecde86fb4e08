"""Writes ``reference.md`` beside itself: every command and every public name, from the code.

Run it after a change: ``python docs/write_reference.py``. A test holds the file to the code.
"""

from __future__ import annotations

import inspect
import re
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

import ycd_opendata as ycd
from ycd_opendata.cli.app import app

REFERENCE = Path(__file__).with_name("reference.md")

_HEAD = """# Reference

Written from the code by `docs/write_reference.py`; do not edit it. The
[tutorials](README.md) say how things go together.
"""


def reference_text() -> str:
    """The whole reference, in Markdown."""
    return "\n".join([_HEAD, *_commands(), *_names()])


def _commands() -> Iterator[str]:
    context = click.Context(app, info_name="ycd")
    yield "## Commands\n"
    for name in app.list_commands(context):
        command = app.get_command(context, name)
        assert command is not None
        with click.Context(command, info_name=f"ycd {name}", max_content_width=96) as inner:
            # Not as wide as the terminal that it happens to be written in.
            inner.terminal_width = 96
            yield f"### `ycd {name}`\n\n```text\n{command.get_help(inner)}\n```\n"


def _names() -> Iterator[str]:
    yield "## Python\n\n```python\nimport ycd_opendata as ycd\n```\n"
    named = {name: getattr(ycd, name) for name in ycd.__all__ if name != "__version__"}
    yield "### `ycd.__version__`\n\nThe version of the installed data.\n"
    for name, value in sorted(named.items(), key=lambda each: (_kind(each[1]), each[0])):
        signature = "" if inspect.isclass(value) else _signature(value)
        yield f"### `ycd.{name}{signature}`\n\n{_docstring(value)}\n"
        for method, function in _methods(value):
            yield f"#### `{name}.{method}{_signature(function)}`\n\n{_docstring(function)}\n"


def _kind(value: object) -> int:
    """Functions first, then what they give, then errors."""
    if not inspect.isclass(value):
        return 0
    return 2 if issubclass(value, BaseException) else 1


def _methods(value: object) -> Iterator[tuple[str, Any]]:
    if not inspect.isclass(value) or issubclass(value, BaseException):
        return
    for name, function in vars(value).items():
        if inspect.isfunction(function) and not name.startswith("_"):
            yield name, function


class _AsWritten(str):
    """An annotation that is shown without quotes."""

    def __repr__(self) -> str:
        return str(self)


def _signature(function: Any) -> str:
    """The parameters, with the types as they are written."""
    signature = inspect.signature(function)
    parameters = [
        each.replace(annotation=_AsWritten(each.annotation))
        for name, each in signature.parameters.items()
        if name != "self"
    ]
    returned = _AsWritten(signature.return_annotation)
    return str(signature.replace(parameters=parameters, return_annotation=returned))


def _docstring(value: object) -> str:
    """A docstring in numpydoc's form as Markdown: its headings bold, its lists of names code."""
    text = inspect.getdoc(value) or ""
    parts = re.split(r"(?m)^(\w[\w ]*)\n-{3,}\n", text)
    written = [_prose(parts[0])]
    for heading, body in zip(parts[1::2], parts[2::2], strict=True):
        written.append(f"**{heading}**\n\n{_section(heading, body)}")
    return "\n\n".join(each.strip("\n") for each in written if each.strip())


def _prose(text: str) -> str:
    return text.replace("``", "`")


def _section(heading: str, body: str) -> str:
    if heading == "Examples":
        return f"```pycon\n{body.strip()}\n```"
    lines = []
    for line in body.strip("\n").split("\n"):
        if line and not line.startswith(" "):
            lines.append(f"- `{line}`")
        else:
            lines.append(textwrap.indent(_prose(textwrap.dedent(line)), "  ") if line else "")
    return "\n".join(lines)


if __name__ == "__main__":
    REFERENCE.write_text(reference_text(), encoding="utf-8")
