"""The ``ycd`` command line: a thin layer over the library.

Exit codes: 0 done (for ``validate``: valid), 1 findings or a refusal, 2 could not run.
"""

from __future__ import annotations

import atexit
import gc
import io
import sys
from pathlib import Path
from typing import Annotated

import typer

from ycd_opendata.errors import ReleaseError, YcdError
from ycd_opendata.shown import visible

app = typer.Typer(
    name="ycd",
    help="Check, look at and publish data packages. Without PACKAGE a command works on the "
    "current folder's datapackage.json, or on the installed data.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

PackageArgument = Annotated[
    Path | None,
    typer.Argument(metavar="PACKAGE", help="A datapackage.json, or a folder that has one."),
]


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


def main() -> None:
    """Run the command line; every expected failure is one line on standard error."""
    _spare_the_collector()
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:  # the caller closed it
            setattr(sys, name, io.StringIO())
        elif hasattr(stream, "reconfigure"):
            # A terminal that cannot show a character shows its code instead of a traceback.
            stream.reconfigure(errors="backslashreplace")
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


def _spare_the_collector() -> None:
    """Look for circles of objects seldom, and not at the end: a command is short.

    Loading libraries makes many objects and no rubbish; searching them takes as long as a small
    validation.
    """
    gc.set_threshold(200_000)
    atexit.register(gc.freeze)
