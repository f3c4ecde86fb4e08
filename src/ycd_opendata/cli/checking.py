"""``ycd validate`` and ``ycd format``: for those who edit data."""

from __future__ import annotations

import os
import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ycd_opendata.cli.arguments import PackageArgument
from ycd_opendata.errors import MissingExtraError
from ycd_opendata.package.location import default_target

if TYPE_CHECKING:
    from ycd_opendata.validation.findings import Report


class ReportFormat(StrEnum):
    """The formats of a validation report."""

    text = "text"
    json = "json"
    github = "github"
    junit = "junit"
    sarif = "sarif"
    markdown = "markdown"


class EngineName(StrEnum):
    """The engines that check structure."""

    fast = "fast"
    frictionless = "frictionless"


def validate(
    package: PackageArgument = None,
    format: Annotated[
        ReportFormat, typer.Option(help="How to write the report.")
    ] = ReportFormat.text,
    output: Annotated[
        Path | None, typer.Option(help="Write the report to this file.", dir_okay=False)
    ] = None,
    engine: Annotated[
        EngineName, typer.Option(help="What checks the structure.")
    ] = EngineName.fast,
    max_findings: Annotated[
        int, typer.Option(min=0, help="List at most so many findings; all are counted.")
    ] = 10_000,
    allow_remote: Annotated[
        bool, typer.Option("--allow-remote", help="Read tables whose path is a web address.")
    ] = False,
) -> None:
    """Check a package: descriptor, form, structure and rules.

    Exits with 0 if it is valid, 1 if there are errors, 2 if it could not be checked.

    \b
    Examples:
      ycd validate
      ycd validate path/to/datapackage.json --format json --output report.json
    """
    require_publish_extra("validating")
    from ycd_opendata.cli.progress import shown_progress
    from ycd_opendata.validation.reports import written
    from ycd_opendata.validation.run import validate as run

    with shown_progress() as progress:
        target = package or default_target()
        report = run(target, engine.value, max_findings, progress, allow_remote=allow_remote)
    if output is not None:
        output.write_text(written(report, format.value), encoding="utf-8")
    elif format is ReportFormat.text:
        print_report(report)
    else:
        typer.echo(written(report, format.value), nl=False)
    if format is ReportFormat.github:
        _write_step_summary(report)
    if not report.valid:
        raise typer.Exit(1)


def format(
    package: PackageArgument = None,
    check: Annotated[
        bool, typer.Option("--check", help="Change nothing; show a diff and exit with 1 if needed.")
    ] = False,
) -> None:
    """Write the tables in their one canonical form.

    UTF-8 without byte order mark, LF line ends, rows sorted by primary key, quotes only where a
    cell needs them, no white space around cells, Unicode composed. Nothing else is changed.

    \b
    Examples:
      ycd format
      ycd format --check
    """
    from ycd_opendata.package.reading import read_package
    from ycd_opendata.publishing.formatting import reformat, unified_diff, write_changes

    target = read_package(package or default_target())
    changes = reformat(target)
    if check:
        for change in changes:
            typer.echo(unified_diff(change), nl=False)
        if changes:
            typer.echo(
                f"{len(changes)} files are not in canonical form: run `ycd format`", err=True
            )
            raise typer.Exit(1)
        typer.echo("every table is in canonical form")
        return
    write_changes(target, changes)
    for change in changes:
        typer.echo(f"wrote {change.path}")
    typer.echo(f"{len(changes)} files changed")


def require_publish_extra(what: str) -> None:
    """Say which extra is missing before anything is half done.

    Raises
    ------
    MissingExtraError
        frictionless or pandera is not installed.
    """
    from importlib.util import find_spec

    if find_spec("frictionless") is None or find_spec("pandera") is None:
        raise MissingExtraError(what, "publish")


def print_report(report: Report) -> None:
    """Write a report: in colour to a terminal, plain to everything else."""
    if not sys.stdout.isatty():
        from ycd_opendata.validation.reports.text import plain_text

        typer.echo(plain_text(report), nl=False)
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
