"""``ycd serve``: the site of a catalogue on this machine, for its owner's eyes."""

from __future__ import annotations

from pathlib import Path

import click

from ycd_opendata.cli.arguments import Argument, command
from ycd_opendata.messages import say


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
    "--port",
    type=click.IntRange(0, 65535),
    help="The port; 8000, or a free one if it is taken.",
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
        click.echo(
            say("http://127.0.0.1:{port}/ (end with Ctrl-C)", port=serving.server_address[1])
        )
        try:
            serving.serve_forever()
        except KeyboardInterrupt:
            click.echo("")
