"""``ycd workbook`` and ``ycd take``: for those who edit tables in a spreadsheet."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ycd_opendata.cli.arguments import (
    Argument,
    allow_remote_option,
    command,
    extension_option,
    package_argument,
)
from ycd_opendata.cli.terminal import is_watched, tell, tell_aside
from ycd_opendata.errors import PackageError, YcdError, require_publish_extra
from ycd_opendata.messages import counted, language, say, say_of
from ycd_opendata.package.model import Package
from ycd_opendata.package.open_package import open_package, package_to_write
from ycd_opendata.shown import visible

if TYPE_CHECKING:
    from ycd_opendata.publishing.table_files import Change
    from ycd_opendata.workbooks.edits import Taken
    from ycd_opendata.workbooks.row_reading import Question
    from ycd_opendata.workbooks.taking import Deleted

_BOOKS = (".xlsx", ".xlsm", ".ods")
KEEP, REMOVE, RETIRE = "keep", "remove", "retire"


@command
@click.argument("file", cls=Argument, meaning="The workbook to write, FILE.xlsx.")
@package_argument
@extension_option
@allow_remote_option
def workbook(file: str, package: str, allow_remote: bool) -> None:
    """Write the tables as a workbook to edit, a sheet a table.

    Titles and explanations stand above the columns, categories and references are chosen from
    drop-downs, and dates and codes are text, so that no program turns them into something else.
    Tables that are computed from the others are locked. What `ycd suggest` proposes can be
    accepted in a sheet of its own. `ycd take` brings the edits back. A file that is there already
    is not overwritten.

    \b
    Examples:
      ycd workbook tables.xlsx
      ycd workbook tables.xlsx path/to/folder --lang zh
    """
    require_publish_extra("writing workbooks")
    from ycd_opendata.workbooks.book_writing import write_workbook
    from ycd_opendata.workbooks.suggestion_sheets import suggested, suggestion_sheet
    from ycd_opendata.workbooks.table_sheets import derived_sheets, layout

    file, package = _in_order(file, package)
    path = Path(file)
    if path.suffix.lower() != ".xlsx":
        raise PackageError(
            say("{file!r} is no name of a workbook", file=file), say("name it FILE.xlsx")
        )
    if path.exists():
        raise PackageError(
            say("{file!r} is there already, and may hold edits", file=file),
            say("take them, or name another file"),
        )
    with open_package(package, allow_remote=allow_remote) as opened:
        plan = layout(opened, language())
        try:
            offered = suggestion_sheet(plan, suggested(opened))
            apart = plan.left_out
        except YcdError as error:
            offered, apart = None, {**plan.left_out, say("suggestions"): error.message}
        write_workbook(path, opened, plan, derived_sheets(opened, plan), offered)
    what = counted(len(plan.sheets), "table")
    tell("wrote {file}: {what}", file=file, what=what)
    for name, reason in apart.items():
        tell("left out {name}: {reason}", name=name, reason=reason)
    tell("edit it, save it, and run: ycd take {file}", file=file)


def _in_order(file: str, package: str) -> tuple[str, str]:
    """File and package, in whichever order they were named."""
    is_swapped = not file.lower().endswith(_BOOKS) and package.lower().endswith(_BOOKS)
    return (package, file) if is_swapped else (file, package)


@command
@click.argument("file", cls=Argument, meaning="The workbook, FILE.xlsx or FILE.ods.")
@package_argument
@click.option("--yes", is_flag=True, help="Write without asking.")
@click.option(
    "--answer",
    "answers",
    metavar="PLACE=TEXT",
    multiple=True,
    help="What a cell that is asked about is, such as targets!H12=2022-05; once for each.",
)
@click.option(
    "--deleted",
    type=click.Choice([KEEP, REMOVE, RETIRE]),
    default=None,
    help="What becomes of records whose rows were deleted; retire leaves a tombstone of each.",
)
@click.option(
    "--tombstone",
    "said",
    metavar="FIELD=TEXT",
    multiple=True,
    help="What the tombstones say, such as reason_en=duplicate; once for each field.",
)
@extension_option
def take(
    file: str,
    package: str,
    yes: bool,
    answers: Sequence[str],
    deleted: str | None,
    said: Sequence[str],
) -> None:
    """Bring the edits of a workbook back into the tables.

    What spreadsheets do to data is mended and told of. Where nobody can know what a cell was
    meant to be it is asked about; without an answer the record stays as it was, and the exit code
    is 1. Suggestions that were accepted are carried out. Then what changes is shown as `ycd diff`
    shows it, and written when you agree. A sheet that is missing changes nothing.

    \b
    Examples:
      ycd take tables.xlsx
      ycd take tables.xlsx --yes --answer targets!H12=2022-05
      ycd take tables.ods --yes --deleted retire --tombstone reason_en=duplicate
    """
    require_publish_extra("reading workbooks")
    from ycd_opendata.workbooks.edits import take_workbook

    file, package = _in_order(file, package)
    target = package_to_write(package)
    known = named_texts(answers, "--answer")
    watched = is_watched() and not yes
    taken = take_workbook(target, Path(file), known)
    if watched and taken.said.questions:
        taken = take_workbook(target, Path(file), known | _asked(taken.said.questions))
    _tell(taken)
    unused = [place for place in known if place not in taken.said.answered]
    for place in unused:
        tell_aside("ycd: there is no such question, or answer: {place}", place=place)
    _take(target, taken, deleted, named_texts(said, "--tombstone"), yes=yes, watched=watched)
    if unused:
        raise SystemExit(1)


def _take(
    package: Package,
    taken: Taken,
    deleted: str | None,
    said: dict[str, str],
    *,
    yes: bool,
    watched: bool,
) -> None:
    """Show what changes, and write it if that is wanted."""
    from ycd_opendata.workbooks.edits import already_retired, changes_of, with_tombstones

    tables, gone = taken.tables, already_retired(taken.tables)
    every = frozenset(record for each in taken.deleted.values() for record in each)
    undecided = every - gone
    if undecided:
        deleted = _decided(taken, gone, deleted, watched=watched)
        if deleted == RETIRE:
            tables = with_tombstones(package, tables, said)
        if deleted in (REMOVE, RETIRE):
            gone = every
    is_open = bool(taken.said.questions or taken.said.troubles or (undecided and deleted is None))
    changes = changes_of(tables, gone)
    write_if_agreed(package, changes, yes=yes)
    if is_open:
        raise SystemExit(1)


def write_if_agreed(package: Package, changes: Sequence[Change], *, yes: bool) -> None:
    """Show what changes as ``ycd diff`` does, and write it if that is wanted."""
    from ycd_opendata.publishing.formatting import write_changes
    from ycd_opendata.versioning.change_formats import as_text
    from ycd_opendata.workbooks.edits import compared

    with compared(package, changes) as comparison:
        for line in as_text(comparison):
            click.echo(line, nl=False)
    if changes and not yes and not (is_watched() and click.confirm(say("write this?"))):
        tell_aside("nothing was written: --yes writes it")
        raise SystemExit(1)
    write_changes(package, changes)
    for each in changes:
        tell("wrote {path}", path=each.path)
    if changes:
        tell("run `ycd validate` to check the tables")


def _tell(taken: Taken) -> None:
    from ycd_opendata.repairs.mending import repair_lines
    from ycd_opendata.workbooks.edits import MOST_ASKED, question_line

    for line in (*taken.said.remarks, *repair_lines(taken.said.repairs)):
        click.echo(visible(line))
    later = sum(each.later for each in taken.tables)
    if later:
        click.echo(
            say_of(
                later,
                "{number} record changed in the package since the workbook was made, and stays so",
                "{number} records changed in the package since the workbook was made, and stay so",
            )
        )
    for line in taken.said.troubles:
        click.echo(visible(f"ycd: {line}"), err=True)
    for each in taken.said.questions[:MOST_ASKED]:
        click.echo(visible(f"? {question_line(each)}"), err=True)
    if len(taken.said.questions) > MOST_ASKED:
        left = len(taken.said.questions) - MOST_ASKED
        tell_aside("? and {left:,} more", left=left)
    if taken.said.questions:
        click.echo(
            say_of(
                len(taken.said.questions),
                "{number} question without an answer; its record stays as it was: correct the "
                "cell, or say --answer PLACE=TEXT",
                "{number} questions without an answer; their records stay as they were: correct "
                "the cells, or say --answer PLACE=TEXT",
            ),
            err=True,
        )


def _asked(questions: Sequence[Question]) -> dict[str, str]:
    """The answers that the person at the terminal gives; an empty one is none."""
    from ycd_opendata.workbooks.edits import MOST_ASKED, question_line

    found = {}
    for each in questions[:MOST_ASKED]:
        click.echo(visible(question_line(each)))
        for number, choice in enumerate(each.choices, 1):
            click.echo(visible(f"  {number}: {choice}"))
        text = click.prompt(
            say("  number or text (nothing leaves it)"), default="", show_default=False
        )
        is_number = text.isdecimal() and 0 < int(text) <= len(each.choices)
        if text:
            found[each.place] = each.choices[int(text) - 1] if is_number else text
    return found


def _decided(
    taken: Taken, retired: frozenset[Deleted], deleted: str | None, *, watched: bool
) -> str | None:
    """What becomes of the records without a row and tombstone; None where nobody says it."""
    from ycd_opendata.workbooks.edits import deleted_lines

    left = {
        table: [each for each in records if each not in retired]
        for table, records in taken.deleted.items()
    }
    tell("rows were deleted:")
    for line in deleted_lines({table: records for table, records in left.items() if records}):
        click.echo(visible(f"  {line}"))
    if deleted is None and watched:
        choice = click.Choice([KEEP, REMOVE, RETIRE])
        chosen: str = click.prompt(say("what becomes of these records?"), type=choice, default=KEEP)
        return chosen
    if deleted is None:
        tell_aside("they are kept: --deleted remove, or retire, takes them out")
    return deleted


def named_texts(texts: Sequence[str], option: str) -> dict[str, str]:
    """The values of an option ``NAME=TEXT`` by their name."""
    found = {}
    for each in texts:
        name, sign, text = each.partition("=")
        if not sign:
            raise PackageError(
                say("{option} {text!r} names no value", option=option, text=each),
                say("write {option} NAME=TEXT", option=option),
            )
        found[name] = text
    return found
