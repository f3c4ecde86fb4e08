"""The commands by name, and what becomes of their failures.

Exit codes: 0 done (for ``validate``: valid), 1 findings or a refusal, 2 could not run.
"""

from __future__ import annotations

import signal
import sys
from contextlib import suppress
from importlib import import_module
from typing import Any

import click

from ycd_opendata.cli.help_pages import Spoken, speak_as_asked
from ycd_opendata.cli.terminal import prepare_streams, tell, tell_error
from ycd_opendata.errors import ReleaseError, YcdError
from ycd_opendata.messages import reason_of, say

_MODULES = {
    "init": "starting",
    "validate": "checking",
    "format": "checking",
    "workbook": "curating",
    "take": "curating",
    "suggest": "suggesting",
    "profile": "looking",
    "tables": "looking",
    "show": "looking",
    "describe": "looking",
    "cite": "looking",
    "extensions": "looking",
    "evidence": "looking",
    "diff": "releasing",
    "build": "releasing",
    "verify": "releasing",
    "serve": "releasing",
}
"""Each command, a function of its name, and the module it is in, in the order of the help."""

_INTERRUPTED = 130
"""The exit code of a command that Ctrl-C ended, as shells have it."""


class _Commands(Spoken, click.Group):
    """The commands by name, each loaded when it is asked for: all take as long as some work."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(_MODULES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command:
        if cmd_name not in _MODULES:
            from difflib import get_close_matches

            near = get_close_matches(cmd_name, _MODULES, n=1)
            hint = say(" Did you mean {near!r}?", near=near[0]) if near else ""
            ctx.fail(say("No such command {cmd_name!r}.{hint}", cmd_name=cmd_name, hint=hint))
        module = import_module(f"ycd_opendata.cli.{_MODULES[cmd_name]}")
        command: click.Command = getattr(module, cmd_name)
        return command

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        super().format_options(ctx, formatter)
        self.format_commands(ctx, formatter)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            raise SystemExit(_INTERRUPTED) from None


def _show_version(ctx: click.Context, _: click.Parameter, wanted: bool) -> None:
    if wanted:
        import ycd_opendata

        tell("ycd-opendata {version}", version=ycd_opendata.__version__)
        ctx.exit()


app = _Commands(
    help="Check, look at and publish data packages. Without PACKAGE a command works on the "
    "current folder's; those that look at data fall back to the installed data.",
    params=[
        click.Option(
            ["--version"],
            is_flag=True,
            is_eager=True,
            expose_value=False,
            callback=_show_version,
            help="Show the version.",
        )
    ],
    context_settings={"show_default": True},
)


def run() -> None:
    """Run the command that the command line asks for."""
    # Whoever ends it so finds nothing half-done either, as after Ctrl-C.
    with suppress(ValueError):  # only the main thread may ask for signals
        signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))
    prepare_streams()
    speak_as_asked(sys.argv[1:])
    try:
        app(prog_name="ycd", complete_var="")  # no completion
    except YcdError as error:
        tell_error(error)
        sys.exit(1 if isinstance(error, ReleaseError) else 2)
    except OSError as error:
        where = f" {error.filename!r}" if error.filename else ""
        click.echo(f"ycd: {reason_of(error)}{where}", err=True)
        sys.exit(2)
