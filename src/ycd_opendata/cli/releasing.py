"""``ycd build``, ``verify``, ``diff`` and ``serve``: for those who publish."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path

import click

from ycd_opendata.cli.arguments import (
    Argument,
    allow_remote_option,
    command,
    extension_option,
    format_option,
    package_argument,
)
from ycd_opendata.cli.checking import print_report
from ycd_opendata.cli.terminal import shown_progress, shown_steps, tell, tell_aside
from ycd_opendata.errors import PackageError, require_publish_extra
from ycd_opendata.messages import counted, mark, say
from ycd_opendata.package.files import is_web_address
from ycd_opendata.package.open_package import brought, names_archive, open_descriptor, open_package
from ycd_opendata.package.reading import package_of
from ycd_opendata.shown import visible

_BATCH = 10_000
"""How many pieces of a comparison are written at once."""


@command
@package_argument
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    default="dist",
    help="The catalogue to write into.",
)
@click.option(
    "--base-url", metavar="URL", help="Where the catalogue will stand; makes links absolute."
)
@click.option(
    "--formats",
    metavar="LIST",
    help="What to write beside CSV: json, parquet, sqlite, xlsx, with commas between. "
    "The default is all, without a workbook that is too large to open.",
)
@extension_option
@allow_remote_option
def build(
    package: str, out: Path, base_url: str | None, formats: str | None, allow_remote: bool
) -> None:
    """Validate a package and write its release into a catalogue.

    A version that was released before is never changed: build it again and nothing happens, or
    it is refused. A build that fails leaves nothing behind.

    \b
    Examples:
      ycd build
      ycd build --out public --base-url https://example.org/data/
      ycd build --formats csv,parquet
    """
    require_publish_extra("building")
    from ycd_opendata.publishing.catalogue import publish
    from ycd_opendata.validation.run import validate_descriptor

    chosen = None if formats is None else [each.strip() for each in formats.split(",")]
    with open_descriptor(package, allow_remote=allow_remote) as descriptor:
        with shown_progress() as progress:
            report = validate_descriptor(descriptor, progress=progress, allow_remote=allow_remote)
        if not report.valid:
            print_report(report)
            tell_aside("ycd: nothing was built, because the package is not valid")
            raise SystemExit(1)
        with shown_steps() as on_step:
            done = publish(package_of(descriptor), out, base_url, chosen, on_step)
    template = (
        mark("version {version} was there already, unchanged: {folder}")
        if done.was_there
        else mark("version {version} is released: {folder}")
    )
    tell(template, version=done.version, folder=done.folder)
    what = say(", ").join((counted(done.tables, "table"), counted(done.rows, "row")))
    tell("{what}; catalogue: {path}", what=what, path=out / "versions.json")
    for sentence in done.notes:
        click.echo(visible(sentence))


@command
@click.argument("release", cls=Argument, meaning="A release's folder or its ZIP.")
@click.option(
    "--against",
    metavar="PACKAGE",
    help="The data that it was built from; a package, as for `ycd build`.",
)
@extension_option
@allow_remote_option
def verify(release: str, against: str | None, allow_remote: bool) -> None:
    """Recompute a release's checksums and validate its tables again.

    With --against, the release is also built anew from that data, and has to be the same to the
    byte; this needs the same versions of the libraries.

    \b
    Examples:
      ycd verify dist/v1.0.0
      ycd verify dist/v1.0.0 --against git:v1.0.0
      ycd verify name-1.0.0.zip
    """
    require_publish_extra("verifying")
    from ycd_opendata.publishing.verifying import verify_origin, verify_release

    if allow_remote and is_web_address(release) and not names_archive(release):
        raise PackageError(
            say(
                "{release} is no ZIP, and only what its descriptor names is fetched",
                release=release,
            ),
            say("name the address of the release's ZIP, which has all that is to be checked"),
        )
    with brought(release, allow_remote=allow_remote) as place:
        folder = place.parent if place.is_file() else place
        with shown_progress() as progress:
            report = verify_release(folder, progress, release)
        print_report(report)
        if not report.valid:
            raise SystemExit(1)
        tell("every checksum is right")
        if against is not None:
            with open_package(against, allow_remote=allow_remote) as package:
                verify_origin(folder, package)
            tell("built from {against}: the same to the byte", against=visible(against))


@command
@click.argument("old", cls=Argument, meaning="A package, as for `ycd validate`.")
@click.argument("new", cls=Argument, meaning="The newer version of it.")
@format_option("text", "json", "markdown")
@click.option("--check", is_flag=True, help="Exit with 1 if NEW's version does not fit.")
@extension_option
@allow_remote_option
def diff(old: str, new: str, format: str, check: bool, allow_remote: bool) -> None:
    """Show what changed, record by record, and the version bump that it needs.

    \b
    Examples:
      ycd diff git:v1.0.0 .
      ycd diff dist/v1.0.0 . --format markdown --check
    """
    require_publish_extra("comparing packages")
    from ycd_opendata.versioning.change_formats import FORMATS
    from ycd_opendata.versioning.comparing import compare
    from ycd_opendata.versioning.weighing import version_problem

    with (
        open_package(old, allow_remote=allow_remote) as before,
        open_package(new, allow_remote=allow_remote) as after,
    ):
        with shown_steps() as on_step:
            comparison = compare(before, after, on_step=on_step)
        _write(FORMATS[format](comparison))
    problem = version_problem(before.version, after.version, comparison.bump)
    if check and problem:
        click.echo(f"ycd: {problem}", err=True)
        raise SystemExit(1)


def _write(pieces: Iterator[str]) -> None:
    """Write text of any length, neither in one piece nor in millions."""
    while batch := list(itertools.islice(pieces, _BATCH)):
        click.echo("".join(batch), nl=False)


@command
@click.argument(
    "catalogue",
    cls=Argument,
    metavar="[DIR]",
    default="dist",
    type=click.Path(path_type=Path),
    meaning="The catalogue that `ycd build` wrote; without it, dist.",
)
@click.option(
    "--port", type=click.IntRange(0, 65535), help="The port; 8000, or a free one if it is taken."
)
def serve(catalogue: Path, port: int | None) -> None:
    """Show the site of a catalogue on 127.0.0.1, until Ctrl-C.

    \b
    Examples:
      ycd serve
      ycd serve public --port 8080
    """
    from ycd_opendata.site.server import server

    with server(catalogue, port) as serving:
        tell("http://127.0.0.1:{port}/ (end with Ctrl-C)", port=serving.server_address[1])
        try:
            serving.serve_forever()
        except KeyboardInterrupt:
            click.echo("")
