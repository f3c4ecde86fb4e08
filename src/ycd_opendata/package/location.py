"""Where the package is that came with this installation."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from ycd_opendata.errors import PackageError
from ycd_opendata.messages import say
from ycd_opendata.package.files import DESCRIPTOR_NAME
from ycd_opendata.package.model import Package
from ycd_opendata.package.reading import read_package


def installed_folder() -> Path:
    """The folder of the data that came with this installation.

    A wheel carries it inside the Python package; an editable install has it at the top of the
    checkout.

    Raises
    ------
    PackageError
        Neither place has a descriptor: the installation is damaged.
    """
    python_package = Path(__file__).resolve().parent.parent
    for folder in (python_package / "dataset", python_package.parent.parent):
        if (folder / DESCRIPTOR_NAME).is_file():
            return folder
    raise PackageError(
        say("the installed ycd-opendata has no data in it"),
        say("reinstall it: pip install --force-reinstall"),
    )


@lru_cache(maxsize=1)
def installed_package() -> Package:
    """The package that came with this installation, read once a process."""
    return read_package(installed_folder())
