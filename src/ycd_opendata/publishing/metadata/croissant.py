"""``croissant.json``: the release in Croissant 1.0, as tools of machine learning load it.

The records come from the JSON files: whoever loads a CSV file by this standard guesses the types
of its columns, and a code such as 310000 or a date such as 2022 would become a number. References
between tables are left out: a table that refers to itself could then not be loaded.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from ycd_opendata.package.model import Field
from ycd_opendata.publishing.contents import JSON_TYPE, ReleasedFile
from ycd_opendata.publishing.metadata.about import About, Table, compact
from ycd_opendata.publishing.metadata.jsonld import creator, licence_links
from ycd_opendata.shown import json_text

CROISSANT = "croissant.json"

_TYPES = {
    "integer": "sc:Integer",
    "year": "sc:Integer",
    "number": "sc:Float",
    "boolean": "sc:Boolean",
    "date": "sc:Date",
    "datetime": "sc:DateTime",
    "time": "sc:Time",
}
_OTHER_TERMS = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "conformsTo": "dct:conformsTo",
    "cr": "http://mlcommons.org/croissant/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "sc": "https://schema.org/",
}
_TERMS = """@language @vocab citeAs column conformsTo cr rai data dataType dct equivalentProperty
examples extract field fileProperty fileObject fileSet format includes isLiveDataset jsonPath key
md5 parentField path recordSet references regex repeated replace samplingRate sc separator source
subField transform"""
_CONTEXT = {name: _OTHER_TERMS.get(name, f"cr:{name}") for name in _TERMS.split()}
"""The context that the standard asks for."""


def croissant_text(about: About, bibtex: str) -> str:
    """The text; without the catalogue's address, files are found beside ``croissant.json``.

    ``bibtex`` says how to cite the release.
    """
    tables: dict[str, list[str]] = {}
    for file in about.files:
        if file.media_type == JSON_TYPE and about.table(file.table) is not None:
            tables.setdefault(file.table, []).append(file.path)
    value = {
        "@context": _CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": "http://mlcommons.org/croissant/1.0",
        "name": about.title,
        "description": about.description,
        "url": about.base_url,
        "version": about.version,
        "datePublished": about.issued,
        "license": licence_links(about),
        "creator": [creator(each) for each in about.authors],
        "citeAs": bibtex,
        "inLanguage": list(about.languages),
        "keywords": [text for _, text in about.keywords],
        "distribution": [
            *(_file(about, each) for each in about.files),
            *(_file_set(name, paths) for name, paths in tables.items() if len(paths) > 1),
        ],
        "recordSet": [
            _records(table, paths)
            for name, paths in tables.items()
            if (table := about.table(name)) is not None
        ],
    }
    return json_text(compact(value))


def _file(about: About, file: ReleasedFile) -> dict[str, Any]:
    return {
        "@type": "cr:FileObject",
        "@id": file.path,
        "name": file.path,
        "contentUrl": about.link(file.path),
        "contentSize": f"{file.bytes} B",
        "encodingFormat": file.media_type,
        "sha256": file.sha256,
    }


def _file_set(table: str, paths: Sequence[str]) -> dict[str, Any]:
    """The files of a table in several ones."""
    return {
        "@type": "cr:FileSet",
        "@id": _set_of(table),
        "containedIn": [{"@id": each} for each in paths],
        "encodingFormat": JSON_TYPE,
        "includes": f"json/{table}/*.json",
    }


def _set_of(table: str) -> str:
    return f"json/{table}/"


def _records(table: Table, paths: Sequence[str]) -> dict[str, Any]:
    names = table.schema.field_names
    is_one = len(paths) == 1
    place = {"@id": paths[0] if is_one else _set_of(table.name)}
    source = {"fileObject" if is_one else "fileSet": place}
    ids = {name: _id(table.name, number, name) for number, name in enumerate(names, 1)}
    value = {
        "@type": "cr:RecordSet",
        "@id": table.name,
        "name": table.name,
        "description": ": ".join([*table.titles.values(), *table.descriptions.values()]),
        "key": [{"@id": ids[name]} for name in table.schema.primary_key],
        "field": [_field(ids[each.name], each, source) for each in table.schema.fields],
    }
    return compact(value)


def _id(table: str, number: int, name: str) -> str:
    """A field's id; its number stands for a name that is more than one word."""
    return f"{table}/{name}" if re.fullmatch(r"[\w.-]+", name) else f"{table}/~{number}"


def _field(id: str, field: Field, source: Mapping[str, Any]) -> dict[str, Any]:
    value = {
        "@type": "cr:Field",
        "@id": id,
        "name": field.name,
        "description": ": ".join(each for each in (field.title, field.description) if each),
        "dataType": "sc:URL" if field.format == "uri" else _TYPES.get(field.type, "sc:Text"),
        "source": {**source, "extract": {"jsonPath": f"$[*].{_step(field.name)}"}},
    }
    return compact(value)


def _step(name: str) -> str:
    """A member's name in a JSON path; in quotes unless it is a plain word."""
    if re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", name):
        return name
    escaped = name.replace("\\", r"\\").replace("'", r"\'")
    return f"'{escaped}'"
