"""What every metadata standard says of a release, gathered once from its contents.

A text comes with its language: a mapping of language tag to text, ``""`` where the language is
not known, as in a descriptor that does not say its ``languages``. What neither descriptor nor
data say (an identifier, a domain, a publisher) is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from ycd_opendata.extension import Place, Subject, Variable
from ycd_opendata.extension_loading import extension_of
from ycd_opendata.loader.citation import Author, authors
from ycd_opendata.loader.loading import tables_of
from ycd_opendata.package.model import Package, Schema, translations
from ycd_opendata.package.reading import parse_schema
from ycd_opendata.publishing.contents import Contents, ReleasedFile
from ycd_opendata.publishing.formats.stored_types import Column
from ycd_opendata.shown import counted_in_english

CHINESE: Final = "zh"
ENGLISH: Final = "en"

Texts = Mapping[str, str]

# What Google Dataset Search asks of a description, in characters.
_SHORTEST, _LONGEST = 50, 5000

_HAN = re.compile(r"[\u3400-\u9fff]")


@dataclass(frozen=True)
class Document:
    """A resource of the release that is no table."""

    name: str
    titles: Texts
    descriptions: Texts


@dataclass(frozen=True)
class Table(Document):
    """A table of the release: its files are CSV, its schema the released one.

    ``columns`` say what the values are kept as in other files.
    """

    paths: tuple[str, ...]
    schema: Schema = field(repr=False)
    columns: tuple[Column, ...] = field(repr=False)


@dataclass(frozen=True)
class About:
    """What the standards share.

    ``language`` is the default one of the descriptor's texts, "" if it does not say its languages;
    ``description`` has 50 to 5000 characters. Either part of a licence, name and address, may be
    "", as may ``issued``, the day of the release. Keywords come with their language; ``period``
    are the first and the last year that the data speak of. ``base_url`` is the address of the
    release's folder, with a slash at its end; "" if unknown, and then links are relative.
    """

    language: str
    name: str
    full_title: str
    titles: Texts
    description: str
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
        return one_of(self.titles)

    def table(self, name: str) -> Table | None:
        """The table of this name, if there is one."""
        return next((each for each in self.tables if each.name == name), None)

    def subject(self, file: ReleasedFile) -> Document | None:
        """The one resource that a file is of, if it is of one."""
        named = (each for each in self.documents if each.name == file.resource)
        return self.table(file.table) or next(named, None)

    def link(self, path: str) -> str:
        """Where a file of the release is found: an address if there is one, else its path."""
        return self.base_url + path


def about_release(contents: Contents) -> About:
    """Gather what the standards say from a release's contents."""
    package, raw = contents.package, contents.descriptor
    subject = _subject(package)
    released = {each.name: each for each in contents.tables}
    described, language = raw["resources"], _language(raw)
    tables = tuple(
        _table(each, released[each["name"]].columns, language)
        for each in described
        if each["name"] in released
    )
    return About(
        language=language,
        name=package.name,
        full_title=package.title or package.name,
        titles=_titles(package),
        description=_description(contents),
        version=package.version,
        issued=package.created[:10],
        authors=authors(package),
        licences=tuple(
            (each.get("name", ""), each.get("path", "")) for each in raw.get("licenses", ())
        ),
        keywords=tuple(
            (_script(each, subject.languages), each) for each in raw.get("keywords", ())
        ),
        languages=subject.languages,
        period=subject.period,
        places=tuple(subject.places),
        variables=tuple(subject.variables) or tuple(_numeric_columns(tables)),
        tables=tables,
        documents=tuple(
            _document(each, language) for each in described if each["name"] not in released
        ),
        files=contents.files,
        base_url=f"{contents.base_url}v{package.version}/" if contents.base_url else "",
    )


def one_of(texts: Texts) -> str:
    """One text of several languages, the English one if there is one."""
    return texts.get(ENGLISH) or next(iter(texts.values()), "")


def compact(mapping: Mapping[str, Any]) -> dict[str, Any]:
    """A mapping without what is empty: metadata say nothing rather than nothing at length."""
    return {key: value for key, value in mapping.items() if value not in (None, "", [], {})}


def _titles(package: Package) -> Texts:
    title = package.title or package.name
    return translations(package.raw, "title", _language(package.raw)) or {"": title}


def _subject(package: Package) -> Subject:
    """What the package's extension says that the data are about."""
    said = extension_of(package).subject
    return said(package, tables_of(package)) if said else Subject()


def _script(text: str, languages: tuple[str, ...]) -> str:
    """The language of a keyword, of which nothing says it, by its script."""
    if CHINESE in languages and _HAN.search(text):
        return CHINESE
    return ENGLISH if ENGLISH in languages else ""


def _description(contents: Contents) -> str:
    package, tables = contents.package, contents.tables
    text = str(package.raw.get("description") or "")
    if len(text) < _SHORTEST:
        title, names = package.title or package.name, ", ".join(each.name for each in tables)
        rows = sum(each.extent.rows for each in tables)
        text += (
            f" Data package {title}, version {package.version}, with "
            f"{counted_in_english(len(tables), 'table')} of "
            f"{counted_in_english(rows, 'row')}: {names}"
        )
    return text.strip()[:_LONGEST]


def _language(raw: Mapping[str, Any]) -> str:
    """The default language of a descriptor that says its languages; "" otherwise."""
    languages = raw.get("languages")
    return next(map(str, languages), "") if isinstance(languages, list) else ""


def _table(raw: Mapping[str, Any], columns: tuple[Column, ...], language: str) -> Table:
    paths = (raw["path"],) if isinstance(raw["path"], str) else tuple(raw["path"])
    document = vars(_document(raw, language))
    return Table(**document, paths=paths, schema=parse_schema(raw["schema"]), columns=columns)


def _document(raw: Mapping[str, Any], language: str) -> Document:
    return Document(
        name=raw["name"],
        titles=translations(raw, "title", language),
        descriptions=translations(raw, "description", language),
    )


def _numeric_columns(tables: tuple[Table, ...]) -> Iterator[Variable]:
    for table in tables:
        for each in table.schema.fields:
            if each.is_number:
                yield Variable({"": each.title or each.name}, each.unit)
