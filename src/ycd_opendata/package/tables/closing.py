"""Files that frictionless opens are closed again, also where it fails.

Its loader opens a file, and where something is wrong with the encoding or the compression it gives
up before it has kept the file to close it. A packed file it never closes: only what unpacks it.
"""

from __future__ import annotations

from functools import cache
from typing import Any


@cache
def close_files_of_frictionless() -> None:
    """Give frictionless a loader of local files that closes what it has opened."""
    from frictionless import Plugin, Resource, system
    from frictionless.schemes.local import LocalLoader

    class ClosingLoader(LocalLoader):
        """The loader of local files, which keeps the file from the start."""

        _opened = None

        def read_byte_stream_create(self) -> Any:
            self._opened = super().read_byte_stream_create()  # type: ignore[no-untyped-call]
            return self._opened

        def close(self) -> None:
            super().close()
            if self._opened is not None:
                self._opened.close()

    class ClosingPlugin(Plugin):
        """Offers the loader before frictionless offers its own."""

        def create_loader(self, resource: Resource) -> ClosingLoader | None:
            is_local = resource.scheme == "file" and "://" not in (resource.basepath or "")
            return ClosingLoader(resource) if is_local else None

    system.register("closing", ClosingPlugin())
