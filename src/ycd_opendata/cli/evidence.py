"""``ycd evidence``: who says so, and whether they do."""

from __future__ import annotations

from pathlib import Path

import click

from ycd_opendata.cli.arguments import command, looked_at_argument, package_to_look_at
from ycd_opendata.cli.terminal import tell_aside


@command
@looked_at_argument
@click.option("--record", metavar="ID", help="Only the record with this id.")
@click.option(
    "--texts",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Texts of the sources, SOURCE_ID.txt: check against them.",
)
def evidence(package: str | None, record: str | None, texts: Path | None) -> None:
    """Show the sources and words behind each record, as CSV.

    Given the texts of the sources, show only the phrases that do not stand in theirs, and exit
    with 1 if there are any; a source without a text is counted, and no mistake.

    \b
    Examples:
      ycd evidence --record zj-2022-core-growth-in-2022
      ycd evidence --texts path/to/texts
    """
    from ycd_opendata.delta.phrases import evidence_of, not_in_texts
    from ycd_opendata.errors import UnknownNameError
    from ycd_opendata.package.canonical import csv_text

    with package_to_look_at(package, allow_remote=False) as opened:
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
