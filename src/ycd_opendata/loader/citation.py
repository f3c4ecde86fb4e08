"""How to cite the version that is installed."""

from __future__ import annotations

import re

from ycd_opendata.errors import UnknownNameError
from ycd_opendata.package.location import installed_package

FORMATS = ("text", "bibtex")


def cite(format: str = "text") -> str:
    """How to cite this version of the data.

    Parameters
    ----------
    format : {"text", "bibtex"}
        A sentence, or a BibTeX entry.

    Raises
    ------
    UnknownNameError
        Another format.
    """
    if format not in FORMATS:
        raise UnknownNameError("citation format", format, FORMATS)
    package = installed_package()
    authors = " and ".join(each["title"] for each in package.raw["contributors"])
    year = package.created[:4]
    licence = package.raw["licenses"][0]["name"]
    if format == "text":
        return f"{authors} ({year}): {package.title}. Version {package.version}. {licence}."
    key = re.sub(r"[^a-z0-9]", "", package.name) + package.version.replace(".", "_")
    return (
        f"@misc{{{key},\n"
        f"  author = {{{{{authors}}}}},\n"
        f"  title = {{{{{package.title}}}}},\n"
        f"  year = {{{year}}},\n"
        f"  version = {{{package.version}}},\n"
        f"  note = {{Data package {package.name}, {licence}}}\n"
        "}"
    )
