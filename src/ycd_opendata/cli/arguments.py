"""Arguments that several commands have, and the package that they mean."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from ycd_opendata.package.files import descriptor_in
from ycd_opendata.package.model import Package

HERE = "."

PackageArgument = Annotated[
    str,
    typer.Argument(
        metavar="PACKAGE",
        show_default=False,
        help="A folder with a datapackage.json (or .yaml), that file, a ZIP of either, a release, "
        "git:REVISION, git:REVISION:PATH, or a web address; without it, the current folder.",
    ),
]

LookedAtArgument = Annotated[
    str | None,
    typer.Argument(
        metavar="PACKAGE",
        show_default=False,
        help="As for `ycd validate`; without it, the current folder's, or else the installed data.",
    ),
]

AllowRemoteOption = Annotated[
    bool,
    typer.Option("--allow-remote", help="Read what is on the web: packages, tables, schemas."),
]


@contextmanager
def package_to_look_at(source: str | None, *, allow_remote: bool) -> Iterator[Package]:
    """The package that is named, or the current folder's, or the installed one, which is said.

    A table that cannot be read does not keep the others from being looked at.
    """
    if source is None and descriptor_in(Path()) is None:
        from ycd_opendata.package.location import installed_package

        package = installed_package()
        typer.echo(
            f"ycd: there is no data package in this folder: this is the installed {package.name} "
            f"{package.version}",
            err=True,
        )
        yield package
        return
    from ycd_opendata.package.open_package import open_descriptor
    from ycd_opendata.package.reading import parse_package, without_problems

    with open_descriptor(source or HERE, allow_remote=allow_remote) as descriptor:
        for problem in descriptor.problems:
            typer.echo(f"ycd: {problem.error}", err=True)
        yield parse_package(without_problems(descriptor))
