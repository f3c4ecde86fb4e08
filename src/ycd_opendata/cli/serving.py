"""``ycd serve``: the site of a catalogue on this machine, for its owner's eyes."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def serve(
    catalogue: Annotated[
        Path, typer.Argument(metavar="DIR", help="The catalogue that `ycd build` wrote.")
    ] = Path("dist"),
    port: Annotated[
        int | None,
        typer.Option(min=0, max=65535, help="The port; 8000, or a free one if it is taken."),
    ] = None,
) -> None:
    """Show the site of a catalogue on 127.0.0.1, until Ctrl-C.

    \b
    Examples:
      ycd serve
      ycd serve public --port 8080
    """
    from ycd_opendata.site.serving import server

    with server(catalogue, port) as serving:
        typer.echo(f"http://127.0.0.1:{serving.server_address[1]}/ (end with Ctrl-C)")
        try:
            serving.serve_forever()
        except KeyboardInterrupt:
            typer.echo("")
