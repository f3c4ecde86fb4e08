"""The commands by name, and what becomes of their failures.

Exit codes: 0 done (for ``validate``: valid), 1 findings or a refusal, 2 could not run.
"""

from __future__ import annotations

import sys
from collections import UserDict
from collections.abc import Iterator
from importlib import import_module
from typing import Annotated, Any

import click
import typer
from typer.core import TyperGroup

from ycd_opendata.cli.streams import prepare_streams
from ycd_opendata.errors import ReleaseError, YcdError
from ycd_opendata.shown import visible

_MODULES = {
    "validate": "checking",
    "format": "checking",
    "tables": "looking",
    "show": "looking",
    "describe": "looking",
    "cite": "looking",
    "evidence": "evidence",
    "diff": "versions",
    "build": "releasing",
    "verify": "releasing",
    "serve": "serving",
}
"""Each command, a function of its name, and the module it is in, in the order of the help."""


class _Commands(UserDict[str, click.Command]):
    """The commands by name, each made ready when it is asked for: all take as long as some work."""

    def __getitem__(self, name: str) -> click.Command:
        function = getattr(import_module(f"ycd_opendata.cli.{_MODULES[name]}"), name)
        alone = _plain_app()
        alone.command(name)(function)
        return typer.main.get_command(alone)

    def __contains__(self, name: object) -> bool:
        return name in _MODULES

    def __iter__(self) -> Iterator[str]:
        return iter(_MODULES)

    def __len__(self) -> int:
        return len(_MODULES)


class _Group(TyperGroup):
    def __init__(self, **attributes: Any) -> None:
        super().__init__(**attributes | {"commands": _Commands()})


def _plain_app(**options: Any) -> typer.Typer:
    return typer.Typer(
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
        suggest_commands=False,  # click does
        **options,
    )


app = _plain_app(
    name="ycd",
    cls=_Group,
    help="Check, look at and publish data packages. Without PACKAGE a command works on the "
    "current folder's; those that look at data fall back to the installed data.",
    no_args_is_help=True,
)


def _show_version(wanted: bool) -> None:
    if wanted:
        import ycd_opendata

        typer.echo(f"ycd-opendata {ycd_opendata.__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version."),
    ] = False,
) -> None:
    """Options that stand before a command."""


def run() -> None:
    """Run the command that the command line asks for."""
    prepare_streams()
    try:
        app(prog_name="ycd")
    except YcdError as error:
        typer.echo(visible(f"ycd: {error.message}"), err=True)
        if error.hint:
            typer.echo(visible(f"     {error.hint}"), err=True)
        sys.exit(1 if isinstance(error, ReleaseError) else 2)
    except OSError as error:
        where = f" {error.filename!r}" if error.filename else ""
        typer.echo(f"ycd: {error.strerror or error}{where}", err=True)
        sys.exit(2)
