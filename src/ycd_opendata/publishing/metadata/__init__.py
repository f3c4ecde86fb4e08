"""The files of a release that describe its tables, one module a standard."""

from __future__ import annotations

from collections.abc import Iterator

from ycd_opendata.loader.citation import cite_package
from ycd_opendata.package.settings import SETTINGS_NAME
from ycd_opendata.publishing.contents import JSON_TYPE, Contents
from ycd_opendata.publishing.metadata.about import about_release
from ycd_opendata.publishing.metadata.citation_file import CITATION, citation_text
from ycd_opendata.publishing.metadata.croissant import CROISSANT, croissant_text
from ycd_opendata.publishing.metadata.csvw import CSVW, csvw_text
from ycd_opendata.publishing.metadata.dcat import DCAT_FILE, dcat_text
from ycd_opendata.publishing.metadata.json_schema import json_schemas
from ycd_opendata.publishing.metadata.jsonld import JSONLD, jsonld_text
from ycd_opendata.publishing.metadata.readme import README, readme_text
from ycd_opendata.validation.switches import released_settings


def metadata_texts(contents: Contents) -> Iterator[tuple[str, str]]:
    """The path in the release and the text of each file that describes it."""
    about = about_release(contents)
    texts = {
        CSVW: csvw_text(about),
        JSONLD: jsonld_text(about),
        CROISSANT: croissant_text(about, cite_package(contents.package, "bibtex")),
        DCAT_FILE: dcat_text(about),
        CITATION: citation_text(about),
        SETTINGS_NAME: released_settings(contents.package),
    }
    written = {path: text for path, text in texts.items() if text}
    yield from written.items()
    if any(each.media_type == JSON_TYPE and each.table for each in contents.files):
        yield from json_schemas(about)
    yield README, readme_text(contents, about, {*written})
