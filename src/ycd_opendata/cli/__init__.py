"""The ``ycd`` command: one module a group of commands, each registered on the app."""

# Each import registers commands.
from ycd_opendata.cli import (  # noqa: F401
    checking,
    evidence,
    looking,
    releasing,
    serving,
    versions,
)
from ycd_opendata.cli.app import main

__all__ = ["main"]
