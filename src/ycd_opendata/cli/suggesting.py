"""``ycd suggest``: what a curator might do next, and doing it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

import click

from ycd_opendata.cli.arguments import (
    allow_remote_option,
    command,
    extension_option,
    package_argument,
)
from ycd_opendata.cli.curating import named_texts, write_if_agreed
from ycd_opendata.cli.terminal import tell
from ycd_opendata.errors import DataError, PackageError, UnknownNameError
from ycd_opendata.extension_loading import extension_of
from ycd_opendata.messages import say, say_of
from ycd_opendata.package.open_package import open_package, package_to_write
from ycd_opendata.shown import visible
from ycd_opendata.suggestion import Suggestion

_MOST = 10
"""How many of a kind are shown where nobody asks for one kind or record."""


@command
@package_argument
@click.option("--kind", metavar="KIND", help="Only suggestions of this kind, and all of them.")
@click.option("--record", metavar="ID", help="Only what is suggested for the record with this id.")
@click.option("--accept", metavar="NAME", help="Make the edit of the suggestion of this name.")
@click.option(
    "--set",
    "cells",
    metavar="FIELD=TEXT",
    multiple=True,
    help="A cell of the record that is edited, such as comparability=partial; once for each.",
)
@click.option("--yes", is_flag=True, help="Write without asking.")
@extension_option
@allow_remote_option
def suggest(
    package: str,
    kind: str | None,
    record: str | None,
    accept: str | None,
    cells: Sequence[str],
    yes: bool,
    allow_remote: bool,
) -> None:
    """Show what a curator might do next, and why; with --accept, do it.

    What is suggested is the business of the package's extension. Each suggestion stands with its
    name, by which it is accepted, and with what speaks for it (+) and against it (-). Nothing is
    written before you agree.

    \b
    Examples:
      ycd suggest
      ycd suggest --kind outcome
      ycd suggest --record zj-2022-core-growth-in-2022
      ycd suggest --accept address:ah-work-report-2022 --set url=https://example.org/report
    """
    from ycd_opendata.loader.derived_tables import suggestions_of
    from ycd_opendata.loader.loading import tables_of

    with open_package(package, allow_remote=allow_remote) as opened:
        if extension_of(opened).suggestions is None:
            raise PackageError(
                say("nothing suggests what to do in {package}", package=opened.name),
                say("its extension has to: see `suggestions` in the documentation of extensions"),
            )
        found = suggestions_of(opened, tables_of(opened))
        if accept is not None:
            _accept(package, found, accept, named_texts(cells, "--set"), yes=yes)
            return
        chosen = [
            each for each in found if kind in (None, each.kind) and record in (None, each.record)
        ]
        if kind is not None and not any(each.kind == kind for each in found):
            raise UnknownNameError("kind", kind, sorted({each.kind for each in found}))
        _tell(chosen, None if kind or record else _MOST)


def _tell(found: Sequence[Suggestion], most: int | None) -> None:
    for kind, group in groupby(found, key=lambda each: each.kind):
        several = list(group)
        click.echo(
            say_of(
                len(several),
                "{kind}: {number:,} suggestion",
                "{kind}: {number:,} suggestions",
                kind=kind,
            )
        )
        for each in several[:most]:
            click.echo(visible(f"  {each.text}"))
            click.echo(visible(f"    {each.name}"))
            for sign, reasons in (("+", each.reasons_for), ("-", each.reasons_against)):
                for reason in reasons:
                    click.echo(visible(f"    {sign} {reason}"))
        if most is not None and len(several) > most:
            left = len(several) - most
            tell("  and {left:,} more: --kind {kind}", left=left, kind=kind)
    if not found:
        tell("nothing is suggested")


def _accept(
    source: str, found: Sequence[Suggestion], name: str, cells: dict[str, str], *, yes: bool
) -> None:
    """Make the edit of one suggestion, if it is wanted."""
    from ycd_opendata.publishing.table_files import edited

    by_name = {each.name: each for each in found}
    if name not in by_name:
        raise UnknownNameError("suggestion", name, by_name)
    suggestion = by_name[name]
    if suggestion.edit is None:
        raise DataError(say("this takes more than one edit: {text}", text=suggestion.text))
    package = package_to_write(source)
    open_fields = [each for each in suggestion.asks if each not in cells]
    if open_fields:
        wanted = " ".join(f"--set {each}=TEXT" for each in open_fields)
        raise DataError(
            say("only you can say {fields}", fields=", ".join(open_fields)),
            say("add {wanted}; TEXT may be empty", wanted=wanted),
        )
    change = edited(package, suggestion.edit, cells)
    write_if_agreed(package, [change], yes=yes)
