"""Arguments that several commands have, and the package that they mean."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from ycd_opendata.cli.help_pages import Spoken
from ycd_opendata.cli.terminal import tell_aside
from ycd_opendata.extension_loading import load_extension, using
from ycd_opendata.messages import say
from ycd_opendata.package.files import descriptor_in
from ycd_opendata.package.model import Package
from ycd_opendata.package.open_package import installed_package, open_descriptor
from ycd_opendata.package.reading import parse_package, without_problems

HERE = "."


class Argument(click.Argument):
    """An argument that says what it means: click knows help of arguments from 8.5 on only."""

    def __init__(self, declarations: list[str], *, meaning: str, **attributes: Any) -> None:
        super().__init__(declarations, **attributes)
        self.meaning = meaning


class _Command(Spoken):
    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        arguments = [
            (" ".join(each.get_usage_pieces(ctx)), say(each.meaning))
            for each in self.params
            if isinstance(each, Argument)
        ]
        if arguments:
            with formatter.section(say("Arguments")):
                formatter.write_dl(arguments)
        super().format_options(ctx, formatter)


def command(function: Callable[..., None]) -> click.Command:
    """Make a command of a function: of its name, its docstring and its options."""
    return click.command(cls=_Command)(function)


package_argument = click.argument(
    "package",
    cls=Argument,
    default=HERE,
    meaning="A folder with a datapackage.json (or .yaml), that file, a ZIP of either, a release, "
    "git:REVISION, git:REVISION:PATH, or a web address; without it, the current folder.",
)

looked_at_argument = click.argument(
    "package",
    cls=Argument,
    required=False,
    meaning="As for `ycd validate`; without it, the current folder's, or else the installed data.",
)

output_option = click.option(
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write it to this file.",
)


def format_option(*names: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """The option that chooses one of some forms, the first being the usual one."""
    return click.option(
        "--format", type=click.Choice(names), default=names[0], help="How to write it."
    )


def write_out(text: str, output: Path | None) -> None:
    """Write what a command gives to a file, if one is named, or to standard output.

    A file is whole or as it was, whenever the command is stopped; a pipe or device is written to.
    """
    if output is None:
        click.echo(text, nl=False)
    elif output.exists() and not output.is_file():
        output.write_text(text, encoding="utf-8")
    else:
        from ycd_opendata.publishing.moving import write_atomically

        write_atomically(output.resolve(), text.encode())


allow_remote_option = click.option(
    "--allow-remote",
    is_flag=True,
    help="Read packages and schemas on the web; `validate` reads single tables there, too.",
)


schema_option = click.option(
    "--schema", metavar="FILE", help="PACKAGE is one CSV file; this Table Schema describes it."
)


def _serve_by(ctx: click.Context, _: click.Parameter, reference: str | None) -> None:
    if reference is not None:
        ctx.with_resource(using(load_extension(reference)))


extension_option = click.option(
    "--extension",
    metavar="FILE.py[:NAME]",
    expose_value=False,
    callback=_serve_by,
    help="Run this file, and let the Extension in it serve the package.",
)


@contextmanager
def package_to_look_at(
    source: str | None, *, allow_remote: bool, schema: str | None = None
) -> Iterator[Package]:
    """The package that is named, or the current folder's, or the installed one, which is said.

    With a ``schema`` it is a single CSV file. A table that cannot be read does not keep the others
    from being looked at.
    """
    if source is None and schema is None and descriptor_in(Path()) is None:
        package = installed_package()
        tell_aside(
            "ycd: there is no data package in this folder: this is the installed {package} "
            "{version}",
            package=package.name,
            version=package.version,
        )
        yield package
        return
    with open_descriptor(source or HERE, allow_remote=allow_remote, schema=schema) as descriptor:
        for problem in descriptor.problems:
            click.echo(f"ycd: {problem.error}", err=True)
        yield parse_package(without_problems(descriptor))
