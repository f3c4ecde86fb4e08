"""The ``ycd`` command: one module a group of commands, each registered on the app."""

from ycd_opendata.cli import checking, looking, releasing, versions  # noqa: F401 - they register commands
from ycd_opendata.cli.app import main

__all__ = ["main"]
