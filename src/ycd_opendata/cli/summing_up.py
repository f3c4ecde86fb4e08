"""``ycd profile``: what the columns of a package hold."""

from __future__ import annotations

from pathlib import Path

import click

from ycd_opendata.cli.arguments import allow_remote_option, command, package_argument
from ycd_opendata.extras import require_publish_extra


@command
@package_argument
@click.option(
    "--format",
    type=click.Choice(["text", "json", "markdown"]),
    default="text",
    help="How to write it.",
)
@click.option(
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write it to this file.",
)
@allow_remote_option
def profile(package: str, format: str, output: Path | None, allow_remote: bool) -> None:
    """Show the statistics of each column of a package.

    How many cells are missing, how many values differ, range, mean and median of numbers, range of
    days, the commonest values, and a small histogram. A table that cannot be read is named, and
    the exit code is 1.

    \b
    Examples:
      ycd profile
      ycd profile path/to/folder --format markdown --output PROFILE.md
    """
    require_publish_extra("profiling")
    from ycd_opendata.package.open_package import open_package
    from ycd_opendata.profiling import profile_texts, statistics

    with open_package(package, allow_remote=allow_remote) as opened:
        found = statistics.profile(opened)
    write = {
        "text": profile_texts.profile_text,
        "json": profile_texts.profile_json,
        "markdown": profile_texts.profile_markdown,
    }[format]
    if output is None:
        click.echo(write(found), nl=False)
    else:
        output.write_text(write(found), encoding="utf-8")
    if any(each.unread for each in found.tables):
        raise SystemExit(1)
