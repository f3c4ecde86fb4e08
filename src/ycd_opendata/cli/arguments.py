"""Arguments that several commands have."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

PackageArgument = Annotated[
    Path | None,
    typer.Argument(metavar="PACKAGE", help="A datapackage.json, or a folder that has one."),
]
