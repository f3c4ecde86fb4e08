"""What every metadata standard says of a release, gathered once from its contents.

A text comes with its language: a mapping of language tag to text, ``""`` where the language is
not known, as in a descriptor that does not say its ``languages``. What neither descriptor nor
data say (an identifier, a domain, a publisher) is left out.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from ycd_opendata.loader.citation import Author, authors
from ycd_opendata.loader.coverage import COUNTED
from ycd_opendata.loader.tables import load_table
from ycd_opendata.package.model import Package, Schema, translations
from ycd_opendata.package.reading import parse_schema
from ycd_opendata.publishing.contents import Contents, ReleasedFile
from ycd_opendata.publishing.formats.storage import Column
from ycd_opendata.shown import counted

CHINESE: Final = "zh"
ENGLISH: Final = "en"

Texts = Mapping[str, str]

# What Google Dataset Search asks of a description, in characters.
_SHORTEST, _LONGEST = 50, 5000

_HAN = re.compile(r"[\u3400-\u9fff]")
_WIDE_LEVELS = ("delta", "province")


@dataclass(frozen=True)
class Table:
    """A table of the release: its file is CSV, its schema the released one.

    ``columns`` say what the values are kept as in other files.
    """

    name: str
    titles: Texts
    descriptions: Texts
    path: str
    schema: Schema = field(repr=False)
    columns: tuple[Column, ...] = field(repr=False)


@dataclass(frozen=True)
class Document:
    """A resource of the release that is no table."""

    name: str
    titles: Texts
    descriptions: Texts


@dataclass(frozen=True)
class Place:
    """A region that the data are about."""

    id: str
    names: Texts


@dataclass(frozen=True)
class Variable:
    """Something that is measured, with its unit ("" if it has none)."""

    names: Texts
    unit: str


@dataclass(frozen=True)
class About:
    """What the standards share.

    Attributes
    ----------
    own : bool
        Whether it is our own package, of which languages, places and years are known.
    description : str
        At least 50 characters, at most 5000, in the language ``description_language``.
    licences : tuple of (name, url)
        Either may be "".
    issued : str
        The day of the release, ``YYYY-MM-DD``, or "".
    keywords : tuple of (language, text)
    period : (str, str) or None
        The first and the last year that the data speak of.
    base_url : str
        The address of the release's folder on the web, with a slash at its end; "" if unknown,
        and then links are relative.
    """

    own: bool
    name: str
    full_title: str
    titles: Texts
    description: str
    description_language: str
    version: str
    issued: str
    authors: tuple[Author, ...]
    licences: tuple[tuple[str, str], ...]
    keywords: tuple[tuple[str, str], ...]
    languages: tuple[str, ...]
    period: tuple[str, str] | None
    places: tuple[Place, ...]
    variables: tuple[Variable, ...]
    tables: tuple[Table, ...]
    documents: tuple[Document, ...]
    files: tuple[ReleasedFile, ...]
    base_url: str

    @property
    def title(self) -> str:
        """One title, the English one if there is one."""
        return self.titles.get(ENGLISH) or next(iter(self.titles.values()))

    def table(self, name: str) -> Table | None:
        """The table of this name, if there is one."""
        return next((each for each in self.tables if each.name == name), None)

    def subject(self, file: ReleasedFile) -> Table | Document | None:
        """The one resource that a file is of, if it is of one."""
        named = (each for each in self.documents if each.name == file.resource)
        return self.table(file.table) or next(named, None)

    def link(self, path: str) -> str:
        """Where a file of the release is found: an address if there is one, else its path."""
        return self.base_url + path


def about_release(contents: Contents) -> About:
    """Gather what the standards say from a release's contents."""
    package, raw = contents.package, contents.descriptor
    own = package.is_own
    released = {each.name: each for each in contents.tables}
    described, language = raw["resources"], _language(raw)
    tables = tuple(
        _table(each, released[each["name"]].columns, language)
        for each in described
        if each["name"] in released
    )
    return About(
        own=own,
        name=package.name,
        full_title=package.title or package.name,
        titles=_titles(package),
        description=_description(contents),
        description_language=ENGLISH if own else "",
        version=package.version,
        issued=package.created[:10],
        authors=authors(package),
        licences=tuple(
            (each.get("name", ""), each.get("path", "")) for each in raw.get("licenses", ())
        ),
        keywords=tuple((_script(each, own), each) for each in raw.get("keywords", ())),
        languages=(CHINESE, ENGLISH) if own else (),
        period=_period(package) if own else None,
        places=tuple(_places(package)) if own else (),
        variables=tuple(_indicators(package) if own else _numeric_columns(tables)),
        tables=tables,
        documents=tuple(
            _document(each, language) for each in described if each["name"] not in released
        ),
        files=contents.files,
        base_url=f"{contents.base_url}v{package.version}/" if contents.base_url else "",
    )


def json_text(value: Any) -> str:
    """A metadata file of JSON; the order of its keys is the one that it was built in."""
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"


def compact(mapping: Mapping[str, Any]) -> dict[str, Any]:
    """A mapping without what is empty: metadata say nothing rather than nothing at length."""
    return {key: value for key, value in mapping.items() if value not in (None, "", [], {})}


def _titles(package: Package) -> Texts:
    title = package.title or package.name
    return translations(package.raw, "title", _language(package.raw)) or {"": title}


def _script(text: str, own: bool) -> str:
    """The language of a text of ours by its script."""
    if not own:
        return ""
    return CHINESE if _HAN.search(text) else ENGLISH


def _description(contents: Contents) -> str:
    package, tables = contents.package, contents.tables
    text = str(package.raw.get("description") or "")
    if len(text) < _SHORTEST:
        title, names = package.title or package.name, ", ".join(each.name for each in tables)
        rows = sum(each.extent.rows for each in tables)
        text += (
            f" Data package {title}, version {package.version}, with "
            f"{counted(len(tables), 'table')} of {counted(rows, 'row')}: {names}"
        )
    return text.strip()[:_LONGEST]


def _language(raw: Mapping[str, Any]) -> str:
    """The default language of a descriptor that says its languages; "" otherwise."""
    languages = raw.get("languages")
    return next(map(str, languages), "") if isinstance(languages, list) else ""


def _table(raw: Mapping[str, Any], columns: tuple[Column, ...], language: str) -> Table:
    document = _document(raw, language)
    return Table(
        name=document.name,
        titles=document.titles,
        descriptions=document.descriptions,
        path=raw["path"],
        schema=parse_schema(raw["schema"]),
        columns=columns,
    )


def _document(raw: Mapping[str, Any], language: str) -> Document:
    return Document(
        name=raw["name"],
        titles=translations(raw, "title", language),
        descriptions=translations(raw, "description", language),
    )


def _period(package: Package) -> tuple[str, str] | None:
    """The years of everything that was planned, promised, reported or held."""
    years: set[str] = set()
    for name in COUNTED:
        resource = package.resource(name)
        if resource is None or resource.schema is None:
            continue
        frame = load_table(package, name)
        for column in resource.schema.fields:
            if column.is_partial_date:
                years |= set(frame[column.name].dropna().str[:4])
    return (min(years), max(years)) if years else None


def _places(package: Package) -> Iterator[Place]:
    regions = load_table(package, "regions")
    wide = regions[regions["level"].isin(_WIDE_LEVELS)]
    for row in wide.itertuples():
        yield Place(str(row.region_id), {ENGLISH: str(row.name_en), CHINESE: str(row.name_zh)})


def _indicators(package: Package) -> Iterator[Variable]:
    units = load_table(package, "units")
    names_of = dict(zip(units["unit_id"], units["name_en"], strict=True))
    for row in load_table(package, "indicators").itertuples():
        names = {ENGLISH: str(row.name_en), CHINESE: str(row.name_zh)}
        yield Variable(names, str(names_of[row.unit_id]))


def _numeric_columns(tables: tuple[Table, ...]) -> Iterator[Variable]:
    for table in tables:
        for each in table.schema.fields:
            if each.type in ("integer", "number"):
                yield Variable({"": each.title or each.name}, each.unit)
