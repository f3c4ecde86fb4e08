"""``ycd build`` and ``ycd verify``: for those who publish."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ycd_opendata.cli.arguments import HERE, AllowRemoteOption, PackageArgument
from ycd_opendata.cli.checking import print_report, require_publish_extra
from ycd_opendata.shown import counted, visible


def build(
    package: PackageArgument = HERE,
    out: Annotated[
        Path, typer.Option(metavar="DIR", help="The catalogue to write into.", file_okay=False)
    ] = Path("dist"),
    base_url: Annotated[
        str | None,
        typer.Option(metavar="URL", help="Where the catalogue will stand; makes links absolute."),
    ] = None,
    formats: Annotated[
        str | None,
        typer.Option(
            metavar="LIST",
            help="What to write beside CSV: json, parquet, sqlite, xlsx, with commas between. "
            "The default is all, without a workbook that is too large to open.",
        ),
    ] = None,
    allow_remote: AllowRemoteOption = False,
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
    from rich.console import Console

    from ycd_opendata.package.open_package import open_descriptor
    from ycd_opendata.package.reading import package_of
    from ycd_opendata.publishing.catalogue import publish
    from ycd_opendata.validation.run import validate_descriptor

    chosen = None if formats is None else [each.strip() for each in formats.split(",")]
    with (
        open_descriptor(package, allow_remote=allow_remote) as descriptor,
        Console(stderr=True).status("validating") as status,
    ):
        report = validate_descriptor(descriptor, allow_remote=allow_remote)
        if not report.valid:
            status.stop()
            print_report(report)
            typer.echo("ycd: nothing was built, because the package is not valid", err=True)
            raise typer.Exit(1)
        done = publish(package_of(descriptor), out, base_url, chosen, status.update)
    what = "was there already, unchanged" if done.was_there else "is released"
    typer.echo(f"version {done.version} {what}: {done.folder}")
    what = f"{counted(done.tables, 'table')}, {counted(done.rows, 'row')}"
    typer.echo(f"{what}; catalogue: {out / 'versions.json'}")
    for sentence in done.notes:
        typer.echo(visible(sentence))


def verify(
    release: Annotated[Path, typer.Argument(metavar="RELEASE", help="A release's folder.")],
    against: Annotated[
        str | None,
        typer.Option(
            metavar="PACKAGE",
            help="The data that it was built from; a package, as for `ycd build`.",
        ),
    ] = None,
    allow_remote: AllowRemoteOption = False,
) -> None:
    """Recompute a release's checksums and validate its tables again.

    With --against, the release is also built anew from that data, and has to be the same to the
    byte; this needs the same versions of the libraries.

    \b
    Examples:
      ycd verify dist/v1.0.0
      ycd verify dist/v1.0.0 --against git:v1.0.0
    """
    require_publish_extra("verifying")
    from ycd_opendata.publishing.verifying import verify_origin, verify_release

    report = verify_release(release)
    print_report(report)
    if not report.valid:
        raise typer.Exit(1)
    typer.echo("every checksum is right")
    if against is not None:
        from ycd_opendata.package.open_package import open_package

        with open_package(against, allow_remote=allow_remote) as package:
            verify_origin(release, package)
        typer.echo(f"built from {visible(against)}: the same to the byte")
