"""``ycd validate`` and ``ycd format``: for those who edit data."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ycd_opendata.cli.arguments import HERE, AllowRemoteOption, PackageArgument
from ycd_opendata.errors import MissingExtraError, PackageError
from ycd_opendata.shown import visible

if TYPE_CHECKING:
    from ycd_opendata.publishing.formatting import Change, Formatted
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
    package: PackageArgument = HERE,
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
    schema: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="PACKAGE is one CSV file; check it by this Table Schema."
        ),
    ] = None,
    allow_remote: AllowRemoteOption = False,
) -> None:
    """Check a package: descriptor, form, structure and rules.

    Exits with 0 if it is valid, 1 if there are errors, 2 if it could not be checked.

    \b
    Examples:
      ycd validate
      ycd validate path/to/datapackage.json --format json --output report.json
      ycd validate table.csv --schema schema.json
    """
    require_publish_extra("validating")
    from ycd_opendata.cli.progress import shown_progress
    from ycd_opendata.package.open_package import open_descriptor, open_table
    from ycd_opendata.validation.run import validate_descriptor

    opened = (
        open_descriptor(package, allow_remote=allow_remote)
        if schema is None
        else open_table(Path(package), schema)
    )
    # A report shows lines of the files, which are gone when a ZIP is closed.
    with opened as descriptor:
        with shown_progress() as progress:
            report = validate_descriptor(
                descriptor, engine.value, max_findings, progress, allow_remote=allow_remote
            )
        _write_report(report, format, output)
    if not report.valid:
        raise typer.Exit(1)


def _write_report(report: Report, format: ReportFormat, output: Path | None) -> None:
    from ycd_opendata.validation.reports import written

    if output is not None:
        output.write_text(written(report, format.value), encoding="utf-8")
    elif format is ReportFormat.text:
        print_report(report)
    else:
        typer.echo(written(report, format.value), nl=False)
    if format is ReportFormat.github:
        _write_step_summary(report)


def format(
    package: PackageArgument = HERE,
    check: Annotated[
        bool, typer.Option("--check", help="Change nothing; show a diff and exit with 1 if needed.")
    ] = False,
) -> None:
    """Write the tables in their canonical form, and what is generated from them.

    Rows are sorted by primary key, quotes stand only where a cell needs them, the file ends with a
    line end; cells, delimiter, encoding and line ends stay as they are. A table that is not
    understood to the last quote is left alone, and the exit code is 2.

    In this project's own package cells are also trimmed and their Unicode composed, files are
    UTF-8 with LF, and the counts in README and codebook are written anew.

    \b
    Examples:
      ycd format
      ycd format --check
    """
    from ycd_opendata.package.open_package import is_in_place
    from ycd_opendata.package.reading import read_package
    from ycd_opendata.publishing.formatting import (
        reformat,
        regenerate,
        unified_diff,
        write_changes,
    )

    if not is_in_place(package):
        raise PackageError(
            f"{package!r} is no folder, so its tables cannot be written",
            "name the folder that the tables are in",
        )
    target = read_package(Path(package))
    tables = reformat(target)
    if not check:
        write_changes(target, tables.changes)
    # Counted when the tables have their form, which may change what a cell says.
    texts = regenerate(target, tables)
    changes = (*tables.changes, *texts.changes)
    if check:
        for change in changes:
            typer.echo(unified_diff(change), nl=False)
    else:
        write_changes(target, texts.changes)
        for change in changes:
            typer.echo(visible(f"wrote {change.path}"))
    for name, why in {**tables.skipped, **texts.skipped}.items():
        typer.echo(visible(f"skipped {name}: {why}"))
    for error in tables.refused:
        typer.echo(visible(f"ycd: {error.message}"), err=True)
        typer.echo(visible(f"     {error.hint}"), err=True)
    _say_what_is_canonical(tables, changes, check=check)
    if tables.refused:
        raise typer.Exit(2)
    if check and changes:
        raise typer.Exit(1)


def _say_what_is_canonical(tables: Formatted, changes: Sequence[Change], *, check: bool) -> None:
    if not check:
        if changes or not tables.refused:
            typer.echo(f"{_files(len(changes))} changed")
    elif changes:
        several = "is" if len(changes) == 1 else "are"
        said = f"{_files(len(changes))} {several} not in canonical form: run `ycd format`"
        typer.echo(said, err=True)
    elif tables.skipped and not tables.refused:
        left = len(tables.skipped)
        typer.echo(f"tables in canonical form: {tables.canonical}; left alone: {left}")
    elif not tables.refused:
        typer.echo("every table is in canonical form")


def _files(number: int) -> str:
    return f"{number} file{'' if number == 1 else 's'}"


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
