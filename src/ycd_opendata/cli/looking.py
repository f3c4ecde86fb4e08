"""``ycd tables``, ``show``, ``describe``, ``profile``, ``evidence``, ``cite``: looks at data."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ycd_opendata.cli.arguments import (
    Argument,
    allow_remote_option,
    command,
    extension_option,
    format_option,
    looked_at_argument,
    output_option,
    package_argument,
    package_to_look_at,
    schema_option,
    write_out,
)
from ycd_opendata.cli.terminal import tell, tell_aside
from ycd_opendata.errors import (
    ExtensionError,
    PackageError,
    UnknownNameError,
    YcdError,
    require_publish_extra,
)
from ycd_opendata.extension_loading import installed_extension, installed_extensions
from ycd_opendata.messages import language, say
from ycd_opendata.package.canonical import csv_text
from ycd_opendata.package.model import Package
from ycd_opendata.package.open_package import GIT, open_package
from ycd_opendata.shown import visible

if TYPE_CHECKING:
    import pandas as pd


_NARROWEST = 14

_table_argument = click.argument("table", cls=Argument, meaning="A table; `ycd tables` lists them.")


@command
@looked_at_argument
@extension_option
@allow_remote_option
@schema_option
def tables(package: str | None, allow_remote: bool, schema: str | None) -> None:
    """List the tables with title and number of rows; into a pipe or file, as CSV.

    \b
    Examples:
      ycd tables
      ycd tables path/to/package.zip
    """
    from ycd_opendata.loader.overview import list_tables

    with package_to_look_at(package, allow_remote=allow_remote, schema=schema) as opened:
        frame = list_tables(
            opened, lambda error: click.echo(visible(f"ycd: {error}"), err=True), lang=language()
        )
    _write_frame(frame)


@command
@_table_argument
@looked_at_argument
@click.option(
    "--where",
    multiple=True,
    metavar="FIELD=VALUE",
    help="Only rows with this value; may be repeated.",
)
@extension_option
@allow_remote_option
@schema_option
def show(
    table: str, package: str | None, where: tuple[str, ...], allow_remote: bool, schema: str | None
) -> None:
    """Show a table; into a pipe or file, write it as CSV.

    \b
    Examples:
      ycd show targets --where region_id=CN-ZJ
      ycd show scoreboard --where verdict=met > met.csv
      ycd show targets git:v1.0.0
      ycd show prices prices.csv --schema schema.json
    """
    from ycd_opendata.loader.frames import frame_as_text
    from ycd_opendata.loader.loading import load_table

    with _package_of(table, package, allow_remote, schema) as opened:
        frame = load_table(opened, table)
    for condition in where:
        field, equals, value = condition.partition("=")
        if not equals:
            raise YcdError(
                say("--where {condition!r} is not FIELD=VALUE", condition=condition),
                say("such as region_id=CN-ZJ"),
            )
        if field not in frame.columns:
            raise UnknownNameError("field", field, frame.columns)
        frame = frame[frame_as_text(frame)[field] == value]
    _write_frame(frame)


@contextmanager
def _package_of(
    table: str, package: str | None, allow_remote: bool, schema: str | None
) -> Iterator[Package]:
    """The package to look at; one that is named where the table should be is said to be none."""
    try:
        with package_to_look_at(package, allow_remote=allow_remote, schema=schema) as opened:
            yield opened
    except UnknownNameError as error:
        if package is None and (Path(table).exists() or table.startswith(GIT)):
            raise YcdError(
                say("{package!r} is no table of this package", package=table),
                say(
                    "the table comes first: `ycd tables {package}` lists those there, and "
                    "`ycd show TABLE {package}` shows one",
                    package=table,
                ),
            ) from error
        raise


@command
@_table_argument
@looked_at_argument
@extension_option
@allow_remote_option
@schema_option
def describe(table: str, package: str | None, allow_remote: bool, schema: str | None) -> None:
    """Say what the columns of a table are: type, unit, title and meaning.

    \b
    Examples:
      ycd describe targets
      ycd describe observations path/to/package
    """
    from ycd_opendata.loader.overview import describe_table

    with _package_of(table, package, allow_remote, schema) as opened:
        frame = describe_table(opened, table, lang=language())
    _write_frame(frame)


@command
@package_argument
@format_option("text", "json", "markdown")
@output_option
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
    from ycd_opendata.profiling import profile_texts, statistics

    with open_package(package, allow_remote=allow_remote) as opened:
        found = statistics.profile(opened)
    write = {
        "text": profile_texts.profile_text,
        "json": profile_texts.profile_json,
        "markdown": profile_texts.profile_markdown,
    }[format]
    write_out(write(found), output)
    if any(each.unread for each in found.tables):
        raise SystemExit(1)


@command
@looked_at_argument
@click.option("--format", default="text", help="text or bibtex.")
@allow_remote_option
@schema_option
def cite(package: str | None, format: str, allow_remote: bool, schema: str | None) -> None:
    """Say how to cite a version of a package.

    \b
    Examples:
      ycd cite
      ycd cite dist/v1.0.0 --format bibtex
    """
    from ycd_opendata.loader.citation import cite_package

    with package_to_look_at(package, allow_remote=allow_remote, schema=schema) as opened:
        text = cite_package(opened, format)
    click.echo("\n".join(map(visible, text.split("\n"))))


@command
@looked_at_argument
@click.option("--record", metavar="ID", help="Only the record with this id.")
@click.option(
    "--texts",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Texts of the sources, SOURCE_ID.txt: check against them.",
)
@allow_remote_option
def evidence(
    package: str | None, record: str | None, texts: Path | None, allow_remote: bool
) -> None:
    """Show the sources and words behind each record, as CSV.

    Given the texts of the sources, show only the phrases that do not stand in theirs, and exit
    with 1 if there are any; a source without a text is counted, and no mistake.

    \b
    Examples:
      ycd evidence --record zj-2022-core-growth-in-2022
      ycd evidence --texts path/to/texts
    """
    from ycd_opendata.delta.evidence import evidence_of, not_in_texts

    with package_to_look_at(package, allow_remote=allow_remote) as opened:
        if opened.resource("evidence") is None:
            raise PackageError(
                say("{name} keeps no evidence of its records", name=opened.name or package),
                say("it has to have the tables of the installed data: see `ycd tables`"),
            )
        found = evidence_of(opened)
    if record is not None:
        known = {each.record_id for each in found}
        if record not in known:
            raise UnknownNameError("record", record, sorted(known))
        found = [each for each in found if each.record_id == record]
    problems = [] if texts is None else list(not_in_texts(found, texts))
    wrong = [each for each, why in problems if why != "no text"]
    shown = found if texts is None else wrong
    if texts is None or wrong:
        header = ["table", "record_id", "source_id", "stance", "reported", "phrase"]
        rows = [[getattr(each, name) for name in header] for each in shown]
        click.echo(csv_text([header, *rows]), nl=False)
    if texts is None:
        return
    missing = len(problems) - len(wrong)
    tell_aside(
        "{checked} phrases checked, {wrong} not in their source's text, {missing} without a text",
        checked=len(found) - missing,
        wrong=len(wrong),
        missing=missing,
    )
    if wrong:
        raise SystemExit(1)


@command
def extensions() -> None:
    """List the extensions that are installed, and what each adds to which package.

    One that cannot be loaded is said so, and the exit code is 2.

    \b
    Examples:
      ycd extensions
    """
    broken = False
    for each in installed_extensions():
        owner = f"{each.dist.name} {each.dist.version}" if each.dist else ""
        tell("{package}: {value} of {owner}", package=each.name, value=each.value, owner=owner)
        try:
            for added in installed_extension(each.name).summary():
                click.echo(visible(f"  {added}"))
        except ExtensionError as error:
            click.echo(visible(f"ycd: {error}"), err=True)
            broken = True
    if broken:
        raise SystemExit(2)


def _write_frame(frame: pd.DataFrame) -> None:
    """A table for a person at a terminal; CSV for everything else."""
    from ycd_opendata.loader.frames import frame_as_text

    text = frame_as_text(frame)
    if sys.stdout.isatty():
        _print_table(text)
    else:
        rows = text.itertuples(index=False, name=None)
        click.echo(csv_text([list(text.columns), *rows]), nl=False)


def _print_table(text: pd.DataFrame) -> None:
    """Print as many columns as the terminal holds, and say which are left out."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console(highlight=False)
    shown = list(text.columns)[: max(1, console.width // _NARROWEST)]
    table = Table(header_style="bold")
    for name in shown:
        table.add_column(name, overflow="fold")
    for row in text[shown].itertuples(index=False):
        # Text, not markup: a cell that holds [red] is shown as it is.
        table.add_row(*(Text(visible(cell)) for cell in row))
    console.print(table)
    left_out = [name for name in text.columns if name not in shown]
    if left_out:
        console.print(
            say(
                "{left_out} more columns: {names}",
                left_out=len(left_out),
                names=", ".join(left_out),
            ),
            soft_wrap=True,
        )
        console.print(say("a wider terminal shows more; a pipe or file gets all of them as CSV"))
    console.print(say("{number} rows", number=len(text)))
