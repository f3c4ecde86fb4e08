"""``ycd validate`` and ``ycd format``: for those who edit data."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ycd_opendata.cli.arguments import (
    allow_remote_option,
    command,
    extension_option,
    format_option,
    output_option,
    package_argument,
    schema_option,
    write_out,
)
from ycd_opendata.cli.terminal import shown_progress, tell, tell_aside, tell_error
from ycd_opendata.errors import PackageError, require_publish_extra
from ycd_opendata.messages import say, say_of
from ycd_opendata.package.open_package import open_descriptor, package_to_write
from ycd_opendata.package.reading import Descriptor, parse_package, without_problems
from ycd_opendata.shown import visible

if TYPE_CHECKING:
    from ycd_opendata.publishing.formatting import Formatted
    from ycd_opendata.publishing.table_files import Change
    from ycd_opendata.validation.findings import Finding, Report


@command
@package_argument
@format_option("text", "json", "github", "junit", "sarif", "markdown")
@output_option
@click.option(
    "--engine",
    type=click.Choice(["fast", "frictionless", "spark"]),
    default="fast",
    help="What checks the structure.",
)
@click.option(
    "--max-findings",
    type=click.IntRange(min=0),
    default=10_000,
    help="List at most so many findings; all are counted.",
)
@schema_option
@click.option(
    "--rejects",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Write good rows, bad rows and their findings as CSV into this new folder.",
)
@click.option(
    "--spark-remote",
    metavar="URL",
    envvar="SPARK_REMOTE",
    help="The cluster for --engine spark: sc://HOST:PORT, or a master; without it, this machine.",
)
@click.option(
    "--since",
    metavar="REV",
    help="Read only the tables that changed since this git revision, and those that refer to them.",
)
@extension_option
@allow_remote_option
def validate(
    package: str,
    format: str,
    output: Path | None,
    engine: str,
    max_findings: int,
    schema: str | None,
    rejects: Path | None,
    spark_remote: str | None,
    since: str | None,
    allow_remote: bool,
) -> None:
    """Check a package: descriptor, form, structure and rules.

    Exits with 0 if it is valid, 1 if there are errors, 2 if it could not be checked.

    \b
    Examples:
      ycd validate
      ycd validate path/to/datapackage.json --format json --output report.json
      ycd validate table.csv --schema schema.json
      ycd validate --rejects rejects
      ycd validate --since origin/main
    """
    if since is not None and (schema is not None or rejects is not None):
        other = "--schema" if schema is not None else "--rejects"
        raise click.UsageError(
            say("--since and {other} do not go together: leave one of them out", other=other)
        )
    require_publish_extra("validating")
    from ycd_opendata.validation.run import validate_descriptor

    if rejects is not None:
        from ycd_opendata.validation.rejects import refuse_used

        refuse_used(rejects)
    # A report shows lines of the files, which are gone when a ZIP is closed.
    with open_descriptor(package, allow_remote=allow_remote, schema=schema) as descriptor:
        # A row is good if nothing at all was found in it.
        limit = max_findings if rejects is None else sys.maxsize
        with shown_progress() as progress:
            report = validate_descriptor(
                descriptor,
                engine,
                limit,
                progress,
                allow_remote=allow_remote,
                since=since,
                spark_remote=spark_remote,
            )
        if rejects is not None:
            _write_rejects(descriptor, report.findings, rejects)
            report = report.listing(max_findings)
        _write_report(report, format, output)
    if not report.valid:
        raise SystemExit(1)


def _write_rejects(descriptor: Descriptor, findings: Sequence[Finding], folder: Path) -> None:
    from ycd_opendata.validation.rejects import write_rejects

    try:
        package = parse_package(without_problems(descriptor))
    except PackageError as error:
        # The report says more closely what is wrong with it.
        tell_aside("{folder}: no rows were read: {message}", folder=folder, message=error.message)
        return
    splits = write_rejects(package, findings, folder)
    for each in splits:
        said = (
            say("not split: {unread}", unread=each.unread)
            if each.unread
            else say("{good:,} good, {bad:,} bad", good=each.good, bad=each.bad)
        )
        click.echo(visible(f"{folder}: {each.table}: {said}"), err=True)


def _write_report(report: Report, format: str, output: Path | None) -> None:
    from ycd_opendata.validation.reports import written

    if output is None and format == "text":
        print_report(report)
    else:
        write_out(written(report, format), output)
    if format == "github":
        _write_step_summary(report)


@command
@package_argument
@click.option(
    "--check", is_flag=True, help="Change nothing; show a diff and exit with 1 if needed."
)
@extension_option
def format(package: str, check: bool) -> None:
    """Write the tables in their canonical form, and what is generated from them.

    Rows are sorted by primary key, quotes stand only where a cell needs them, the file ends with a
    line end; cells, delimiter, encoding and line ends stay as they are. A table that is not
    understood to the last quote is left alone, and the exit code is 2.

    Where ycd.toml asks for the canonical form cells are also trimmed and their Unicode composed,
    and files are UTF-8 with LF.

    \b
    Examples:
      ycd format
      ycd format --check
    """
    from ycd_opendata.publishing.formatting import reformat, regenerate, unified_diff, write_changes

    target = package_to_write(package)
    tables = reformat(target)
    if not check:
        write_changes(target, tables.changes)
    # Counted when the tables have their form, which may change what a cell says.
    texts = regenerate(target, tables)
    changes = (*tables.changes, *texts.changes)
    if check:
        for change in changes:
            click.echo(unified_diff(change), nl=False)
    else:
        write_changes(target, texts.changes)
        for change in changes:
            tell("wrote {path}", path=change.path)
    _say_what_was_left({**tables.skipped, **texts.skipped}, tables)
    _say_what_is_canonical(tables, changes, check=check)
    if tables.refused:
        raise SystemExit(2)
    if check and changes:
        raise SystemExit(1)


def _say_what_was_left(skipped: Mapping[str, str], tables: Formatted) -> None:
    """What was mended, what was left out on purpose, and what was not understood."""
    from ycd_opendata.repairs.mending import repair_lines

    for line in repair_lines(tables.repairs):
        click.echo(visible(line))
    for name, why in skipped.items():
        tell("skipped {name}: {why}", name=name, why=why)
    for error in tables.refused:
        tell_error(error)


def _say_what_is_canonical(tables: Formatted, changes: Sequence[Change], *, check: bool) -> None:
    if not check:
        if changes or not tables.refused:
            click.echo(say_of(len(changes), "{number} file changed", "{number} files changed"))
    elif changes:
        said = say_of(
            len(changes),
            "{number} file is not in canonical form: run `ycd format`",
            "{number} files are not in canonical form: run `ycd format`",
        )
        click.echo(said, err=True)
    elif tables.skipped and not tables.refused:
        left = len(tables.skipped)
        tell(
            "tables in canonical form: {canonical}; left alone: {left}",
            canonical=tables.canonical,
            left=left,
        )
    elif not tables.refused:
        tell("every table is in canonical form")


def print_report(report: Report) -> None:
    """Write a report: in colour to a terminal, plain to everything else."""
    if not sys.stdout.isatty():
        from ycd_opendata.validation.reports.text import plain_text

        click.echo(plain_text(report), nl=False)
        return
    from rich.console import Console
    from rich.text import Text

    from ycd_opendata.validation.reports.text import STYLES, report_lines

    console = Console(soft_wrap=True, highlight=False)
    for line in report_lines(report):
        console.print(Text.assemble(*((text, STYLES.get(kind, "")) for kind, text in line)))


def _write_step_summary(report: Report) -> None:
    """GitHub names a file; what is appended to it is shown on the run's page."""
    from ycd_opendata.validation.reports.markdown import STEP_SUMMARY_SIZE, markdown_text

    summary = os.environ.get("GITHUB_STEP_SUMMARY")
    if summary:
        with Path(summary).open("a", encoding="utf-8") as stream:
            stream.write(markdown_text(report, STEP_SUMMARY_SIZE))
