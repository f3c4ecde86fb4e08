"""``ycd diff``: what changed between two versions, and the bump it needs."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import click

from ycd_opendata.cli.arguments import Argument, allow_remote_option, command, extension_option

_BATCH = 10_000


@command
@click.argument("old", cls=Argument, meaning="A package, as for `ycd validate`.")
@click.argument("new", cls=Argument, meaning="The newer version of it.")
@click.option(
    "--format",
    type=click.Choice(["text", "json", "markdown"]),
    default="text",
    help="How to write it.",
)
@click.option("--check", is_flag=True, help="Exit with 1 if NEW's version does not fit.")
@extension_option
@allow_remote_option
def diff(old: str, new: str, format: str, check: bool, allow_remote: bool) -> None:
    """Show what changed, record by record, and the version bump that it needs.

    \b
    Examples:
      ycd diff git:v1.0.0 .
      ycd diff dist/v1.0.0 . --format markdown --check
    """
    from ycd_opendata.package.open_package import open_package
    from ycd_opendata.versioning.change_formats import FORMATS
    from ycd_opendata.versioning.comparing import compare
    from ycd_opendata.versioning.weighing import version_problem

    with (
        open_package(old, allow_remote=allow_remote) as before,
        open_package(new, allow_remote=allow_remote) as after,
    ):
        comparison = compare(before, after)
        _write(FORMATS[format](comparison))
    problem = version_problem(before.version, after.version, comparison.bump)
    if check and problem:
        click.echo(f"ycd: {problem}", err=True)
        raise SystemExit(1)


def _write(pieces: Iterator[str]) -> None:
    """Write text of any length, neither in one piece nor in millions."""
    while batch := list(itertools.islice(pieces, _BATCH)):
        click.echo("".join(batch), nl=False)
