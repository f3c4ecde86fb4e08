"""``ycd init``: for those who have tables and no package yet."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ycd_opendata.cli.arguments import HERE, Argument, command
from ycd_opendata.cli.terminal import tell, tell_aside
from ycd_opendata.errors import require_publish_extra
from ycd_opendata.messages import mark, say
from ycd_opendata.shown import visible

if TYPE_CHECKING:
    from ycd_opendata.inferring.folder import Found


@command
@click.argument(
    "folder",
    cls=Argument,
    default=HERE,
    type=click.Path(path_type=Path),
    meaning="The folder that the tables are in; without it, the current one.",
)
@click.option("--dry-run", is_flag=True, help="Show what was found, and write nothing.")
@click.option(
    "--from",
    "existing",
    type=(click.Choice(["frictionless", "csvw", "jsonschema", "pandera", "sql"]), str),
    metavar="STANDARD FILE",
    help="Take over a description that is there: frictionless, csvw, jsonschema, pandera (as "
    "YAML) or sql, and its file.",
)
def init(folder: Path, dry_run: bool, existing: tuple[str, str] | None) -> None:
    """Make a data package of a folder of tables.

    Reads CSV, TSV, Parquet, XLSX, ODS and JSON lines, and finds out types and formats, missing
    values, categories, units, primary and foreign keys, each with the evidence for it and a list
    of what is not sure. Writes datapackage.json, schemas/, ycd.toml, a README, a workflow for
    GitHub and a hook for pre-commit; nothing that is there is overwritten, and what is written
    validates at once.

    \b
    Examples:
      ycd init
      ycd init path/to/tables --dry-run
      ycd init --from sql schema.sql
    """
    require_publish_extra(say("describing tables"))
    from rich.console import Console

    import ycd_opendata
    from ycd_opendata.inferring.folder import infer
    from ycd_opendata.inferring.scaffold import new_files, summary, write_new

    today = datetime.datetime.now(datetime.UTC).date().isoformat()
    with Console(stderr=True).status(say("reading")) as status:
        found = infer(
            folder,
            lambda path: status.update(visible(say("reading {path}", path=path))),
            created=today,
        )
    lost: tuple[str, ...] = ()
    if existing is not None:
        from ycd_opendata.inferring.existing.descriptions import laid_over, read_existing

        found, lost = laid_over(found, read_existing(existing[0], Path(existing[1])))
    files = new_files(found, ycd_opendata.__version__)
    if not dry_run:
        write_new(files)
    _say_what_was_found(found)
    if lost:
        click.echo("")
        tell("not carried over:")
        _say(visible(f"  {each}") for each in lost)
    click.echo("")
    template = mark("would write {path}") if dry_run else mark("wrote {path}")
    for path in files.texts:
        tell(template, path=path)
    for path in files.kept:
        tell("kept {path}, which was there", path=path)
    for note in files.notes:
        click.echo(visible(note))
    click.echo(summary(found))
    if not dry_run:
        tell("next: `ycd validate`, then look at what was not sure")


def _say_what_was_found(found: Found) -> None:
    from ycd_opendata.inferring.describing import doubts_of, lines_of

    for each in found.tables:
        _say(lines_of(each))
    doubts = [doubt for each in found.tables for doubt in doubts_of(each)]
    if doubts:
        click.echo("")
        tell("not sure:")
        _say(f"  {each}" for each in doubts)
    for sentence in found.left_out:
        tell_aside("ycd: left out {sentence}", sentence=sentence)


def _say(lines: Iterable[str]) -> None:
    for each in lines:
        click.echo(each)
