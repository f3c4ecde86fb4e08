"""Web servers on this machine: for what is read from the web, and for pages that are looked at."""

from __future__ import annotations

import functools
import http.server
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any


class Quiet:
    """What keeps a handler of requests from telling of each."""

    def log_message(self, format: str, *arguments: Any) -> None:
        """Say nothing."""


@contextmanager
def answering(handler: Callable[..., http.server.BaseHTTPRequestHandler]) -> Iterator[str]:
    """The address at which requests are answered, without a slash at the end."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


class _Files(Quiet, http.server.SimpleHTTPRequestHandler):
    def end_headers(self) -> None:
        """Have every page ask for all that it shows: what it weighs is asked of the answers."""
        self.send_header("Cache-Control", "no-store")
        super().end_headers()


def served(folder: Path) -> AbstractContextManager[str]:
    """The address at which a folder can be had, without a slash at the end."""
    return answering(functools.partial(_Files, directory=str(folder)))
