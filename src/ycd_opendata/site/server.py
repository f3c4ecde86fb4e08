"""A web server for one catalogue, on this machine only and with nothing outside its folder."""

from __future__ import annotations

import errno
import functools
import re
import sys
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from ycd_opendata.errors import PackageError
from ycd_opendata.messages import reason_of, say
from ycd_opendata.shown import visible

ADDRESS = "127.0.0.1"
USUAL_PORT = 8000

_RELATIVE = re.compile(rb'(href|src)="(?![a-z]+:|[/#])')


def server(catalogue: Path, port: int | None = None) -> ThreadingHTTPServer:
    """A server that is ready to serve a catalogue; close it afterwards.

    Parameters
    ----------
    port : int, optional
        The port, 0 for any free one. The default is 8000, or a free one if that is taken.

    Raises
    ------
    PackageError
        There is no site, or the port cannot be used.
    """
    if not (catalogue / "index.html").is_file():
        raise PackageError(
            say("there is no site in {catalogue!r}", catalogue=str(catalogue)),
            say("write one: ycd build --out DIR"),
        )
    handler = functools.partial(_Handler, directory=str(catalogue.resolve()))
    try:
        return _Server((ADDRESS, USUAL_PORT if port is None else port), handler)
    except OSError as error:
        if port is None and error.errno == errno.EADDRINUSE:
            return _Server((ADDRESS, 0), handler)
        raise PackageError(
            say("cannot listen on port {port}: {reason}", port=port, reason=reason_of(error)),
            say("choose another one with --port"),
        ) from error


class _Server(ThreadingHTTPServer):
    daemon_threads = True


class _Handler(SimpleHTTPRequestHandler):
    """Serves files of its folder. What is only linked into it from outside is not there."""

    protocol_version = "HTTP/1.1"
    extensions_map = {  # noqa: RUF012 - as in the class that it overrides
        ".css": "text/css; charset=utf-8",
        ".csv": "text/csv; charset=utf-8",
        ".html": "text/html; charset=utf-8",
        ".js": "text/javascript; charset=utf-8",
        ".json": "application/json",
        ".jsonld": "application/ld+json",
        ".md": "text/markdown; charset=utf-8",
        ".parquet": "application/vnd.apache.parquet",
        ".sqlite": "application/vnd.sqlite3",
        ".svg": "image/svg+xml",
        ".ttl": "text/turtle",
        ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        ".xml": "application/xml",
        ".zip": "application/zip",
        "": "application/octet-stream",
    }

    def send_head(self) -> Any:
        """The file that was asked for, if it lies in the folder and is not hidden."""
        root = Path(self.directory)
        try:
            place = Path(self.translate_path(self.path)).resolve()
            inside = place.relative_to(root)
        except (OSError, RuntimeError, ValueError):
            inside = Path(".hidden")
        if any(part.startswith(".") for part in inside.parts):
            self.send_error(HTTPStatus.NOT_FOUND)
            return None
        return super().send_head()

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """What is not there is answered with the page that the catalogue has for it."""
        page = Path(self.directory) / "404.html"
        if code != HTTPStatus.NOT_FOUND or not page.is_file():
            super().send_error(code, message, explain)
            return
        # Its links are those of a page at the root, wherever it is shown.
        body = _RELATIVE.sub(rb'\1="/', page.read_bytes())
        self.send_response(code)
        self.send_header("Content-Type", self.extensions_map[".html"])
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def end_headers(self) -> None:
        """No guessing of types, and always the newest build."""
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Cache-Control", "no-cache")
        super().end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        """Say what was asked for; nothing in it is obeyed by a terminal."""
        sys.stderr.write(visible(format % args) + "\n")
