"""``ycd diff``: what changed between two versions, and the bump it needs."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from enum import StrEnum
from typing import Annotated

import typer

from ycd_opendata.cli.arguments import AllowRemoteOption

_BATCH = 10_000


class DiffFormat(StrEnum):
    """The formats of a comparison."""

    text = "text"
    json = "json"
    markdown = "markdown"


def diff(
    old: Annotated[str, typer.Argument(metavar="OLD", help="A package, as for `ycd validate`.")],
    new: Annotated[str, typer.Argument(metavar="NEW", help="The newer version of it.")],
    format: Annotated[DiffFormat, typer.Option(help="How to write it.")] = DiffFormat.text,
    check: Annotated[
        bool, typer.Option("--check", help="Exit with 1 if NEW's version does not fit.")
    ] = False,
    allow_remote: AllowRemoteOption = False,
) -> None:
    """Show what changed, record by record, and the version bump that it needs.

    \b
    Examples:
      ycd diff git:v1.0.0 .
      ycd diff dist/v1.0.0 . --format markdown --check
    """
    from ycd_opendata.package.open_package import open_package
    from ycd_opendata.versioning.comparing import compare
    from ycd_opendata.versioning.formats import FORMATS
    from ycd_opendata.versioning.weighing import version_problem

    with (
        open_package(old, allow_remote=allow_remote) as before,
        open_package(new, allow_remote=allow_remote) as after,
    ):
        comparison = compare(before, after)
        _write(FORMATS[format.value](comparison))
    problem = version_problem(before.version, after.version, comparison.bump)
    if check and problem:
        typer.echo(f"ycd: {problem}", err=True)
        raise typer.Exit(1)


def _write(pieces: Iterator[str]) -> None:
    """Write text of any length, neither in one piece nor in millions."""
    while batch := list(itertools.islice(pieces, _BATCH)):
        typer.echo("".join(batch), nl=False)
