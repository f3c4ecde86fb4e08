"""``dataset.jsonld``: the release as a schema.org ``Dataset``, as Google Dataset Search asks."""

from __future__ import annotations

from typing import Any

from ycd_opendata.extension import Place, Variable
from ycd_opendata.loader.citation import Author
from ycd_opendata.publishing.contents import ReleasedFile
from ycd_opendata.publishing.metadata.about import About, Texts, compact, one_of
from ycd_opendata.shown import json_text

JSONLD = "dataset.jsonld"


def jsonld_text(about: About) -> str:
    """The text; the address of the data set is in it only if there is one."""
    value = {
        "@context": "https://schema.org/",
        "@type": "Dataset",
        "@id": about.base_url,
        "url": about.base_url,
        "name": about.title,
        "alternateName": _others(about.titles, about.title),
        "description": about.description,
        "version": about.version,
        "datePublished": about.issued,
        "license": licence_links(about),
        "creator": [creator(each) for each in about.authors],
        "inLanguage": list(about.languages),
        "isAccessibleForFree": bool(about.licences) or None,
        "keywords": [text for _, text in about.keywords],
        "temporalCoverage": "/".join(about.period or ()),
        "spatialCoverage": [_place(each) for each in about.places],
        "variableMeasured": [_variable(each) for each in about.variables],
        "distribution": [_download(about, each) for each in about.files],
    }
    return json_text(compact(value))


def creator(author: Author) -> dict[str, Any]:
    """An author as schema.org has it; of what kind is said only where it is known."""
    is_group = author.organization == author.name
    kind = "Person" if author.is_person else "Organization" if is_group else ""
    of = author.organization if author.is_person else ""
    value = {
        "@type": kind,
        "name": author.name,
        "givenName": author.given,
        "familyName": author.family,
        "affiliation": {"@type": "Organization", "name": of} if of else {},
    }
    return compact(value)


def licence_links(about: About) -> Any:
    """The addresses of the licences (names where there is none), one or a list."""
    links = [path or name for name, path in about.licences if path or name]
    return links[0] if len(links) == 1 else links


def _others(texts: Texts, shown: str) -> list[str]:
    return [each for each in texts.values() if each != shown]


def _place(place: Place) -> dict[str, Any]:
    name = one_of(place.names)
    return {
        "@type": "Place",
        "name": name,
        "alternateName": _others(place.names, name),
        "identifier": place.id,
    }


def _variable(variable: Variable) -> dict[str, Any]:
    name = one_of(variable.names)
    value = {
        "@type": "PropertyValue",
        "name": name,
        "alternateName": _others(variable.names, name),
        "unitText": variable.unit,
    }
    return compact(value)


def _download(about: About, file: ReleasedFile) -> dict[str, Any]:
    subject = about.subject(file)
    value = {
        "@type": "DataDownload",
        "name": file.path,
        "description": next(iter(subject.descriptions.values()), "") if subject else "",
        "contentUrl": about.link(file.path),
        "encodingFormat": file.media_type,
        "contentSize": f"{file.bytes} B",
        "sha256": file.sha256,
    }
    return compact(value)
