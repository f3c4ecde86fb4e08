"""How to cite a version of a package, in the forms that people and their tools read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ycd_opendata.errors import UnknownNameError
from ycd_opendata.package.model import Package, in_language
from ycd_opendata.package.open_package import installed_package
from ycd_opendata.package.places import listed_objects

FORMATS = ("text", "bibtex")

_AUTHOR_ROLES = {"author", "creator"}


@dataclass(frozen=True)
class Author:
    """Someone who made a package; ``given`` and ``family`` are "" unless they are said.

    ``organization`` is the one that somebody belongs to, or is.
    """

    name: str
    given: str = ""
    family: str = ""
    organization: str = ""

    @property
    def is_person(self) -> bool:
        """Whether the descriptor gives the parts of a person's name, or whom a person is with."""
        is_member = bool(self.organization) and self.organization != self.name
        return bool(self.given or self.family) or is_member


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
    return cite_package(installed_package(), format)


def cite_package(package: Package, format: str, part: str = "") -> str:
    """How to cite a package, as ``cite`` does; ``part`` is the title of what is cited of it.

    What the package does not say is left out.
    """
    if format not in FORMATS:
        raise UnknownNameError("citation format", format, FORMATS)
    named = [each.name for each in authors(package)]
    year = package.created[:4]
    licence = next((each.get("name", "") for each in listed_objects(package.raw, "licenses")), "")
    title = package.title or package.name
    if format == "text":
        names = " and ".join(each for each in (", ".join(named[:-1]), *named[-1:]) if each)
        who = f"{names} ({year}): " if names and year else f"{names}: " if names else ""
        end = f" {licence}." if licence else ""
        version = f" Version {package.version}." if package.version else ""
        within = f"{part}. In: " if part else ""
        return f"{who}{within}{title}.{version}{end}"
    key = re.sub(r"[^a-z0-9]", "", package.name) + package.version.replace(".", "_")
    note = f"Data package {package.name}" + (f", {licence}" if licence else "")
    fields = {
        "author": f"{{{' and '.join(named)}}}" if named else "",
        "title": f"{{{title}}}",
        "year": year,
        "version": package.version,
        "note": note,
    }
    body = ",\n".join(f"  {name} = {{{value}}}" for name, value in fields.items() if value)
    return f"@misc{{{key},\n{body}\n}}"


def authors(package: Package, lang: str = "") -> tuple[Author, ...]:
    """The contributors who are authors or creators; all of them if none is said to be.

    ``lang`` is a language that their names are wanted in, "" being the default one.
    """
    raw = listed_objects(package.raw, "contributors")
    chosen = [each for each in raw if _AUTHOR_ROLES & set(_roles(each))] or raw
    found = dict[str, Author]()  # who has two roles may be listed twice
    for each in chosen:
        given, family = str(each.get("givenName", "")), str(each.get("familyName", ""))
        name = in_language(each, "title", lang) or f"{given} {family}".strip()
        if name:
            organization = str(each.get("organization") or "")
            found.setdefault(name, Author(name, given, family, organization))
    return tuple(found.values())


def _roles(contributor: dict[str, object]) -> Iterator[str]:
    """The roles of version 2, or the one role of version 1."""
    roles = contributor.get("roles")
    for each in roles if isinstance(roles, list) else [contributor.get("role")]:
        if isinstance(each, str):
            yield each
