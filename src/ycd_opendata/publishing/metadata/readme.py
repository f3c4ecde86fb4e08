"""The README of a release: how to cite it, its files and tables, and how well they are founded."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import PurePosixPath

from ycd_opendata.loader.citation import cite_package
from ycd_opendata.loader.loading import tables_of
from ycd_opendata.package.files import is_web_address
from ycd_opendata.package.model import Package
from ycd_opendata.package.settings import SETTINGS_NAME
from ycd_opendata.publishing.contents import Contents, ReleasedFile
from ycd_opendata.publishing.metadata.about import About
from ycd_opendata.publishing.metadata.citation_file import CITATION
from ycd_opendata.validation.generated_texts import generated_texts

README = "README.md"

_BY_ENDING = {
    ".csv": "CSV: UTF-8 without byte order mark, LF, comma",
    ".json": "JSON, an array of records; what is missing is `null`",
    ".parquet": "Parquet",
    ".xlsx": "Excel workbook",
    ".sqlite": "SQLite database",
}
_METADATA = {
    "datapackage.json": "Data Package: every table and column, size and hash of each CSV file",
    "schemas/TABLE.schema.json": "JSON Schema of each `json/TABLE.json`",
    "csv-metadata.json": "CSV on the Web",
    "dataset.jsonld": "schema.org, for search engines",
    "croissant.json": "Croissant, for machine learning",
    "dcat.ttl": "DCAT, for data catalogues",
    CITATION: "how to cite, for reference managers",
    SETTINGS_NAME: "what the owner lets pass when the tables are validated",
    "SHA256SUMS": "checksums, for `sha256sum -c`",
    "*.zip": "all of this in one file",
}


def readme_text(contents: Contents, about: About, written: Collection[str]) -> str:
    """The text, in Markdown; ``written`` are the other files of metadata that there are."""
    package = contents.package
    sections = [
        _head(package, about),
        "## Files\n\n" + "\n".join(_files(about, written)),
        "## Tables\n\n" + "\n".join(_tables(contents, about)),
    ]
    if notes := contents.notes():
        sections.append("## Notes\n\n" + "\n".join(f"- {_line(each)}." for each in notes))
    sections += [
        f"## {each.heading}\n\n{each.text}" for each in generated_texts(package, tables_of(package))
    ]
    return "\n\n".join(each.rstrip("\n") for each in sections) + "\n"


def _head(package: Package, about: About) -> str:
    released = f" of {about.issued}" if about.issued else ""
    lines = [
        f"# {_line(about.full_title)}",
        f"Version {package.version}{released}. {_line(about.description)}",
        f"Cite it as: {_line(cite_package(package, 'text'))}",
    ]
    licences = [
        f"[{_line(name or path)}](<{path}>)" if _is_link(path) else _line(name)
        for name, path in about.licences
    ]
    if licences:
        lines.append(f"Licence: {', '.join(licences)}.")
    if about.base_url:
        latest = about.base_url.removesuffix(f"v{package.version}/") + "latest/"
        lines.append(f"This version stays at <{about.base_url}>; the newest is at <{latest}>.")
    else:
        lines.append(
            f"In the catalogue `v{package.version}/` never changes; `latest/` is the newest."
        )
    return "\n\n".join(lines)


def _files(about: About, written: Collection[str]) -> Iterator[str]:
    yield "| file | what it is |"
    yield "|---|---|"
    kinds = {}
    for file in about.files:
        path = PurePosixPath(file.path)
        shown = str(path.with_name(f"TABLE{path.suffix}")) if file.table else file.path
        if len(path.parts) > 2 and file.table:
            shown = f"{path.parts[0]}/TABLE/*{path.suffix}"
        meaning = _BY_ENDING.get(path.suffix, "")
        if file.resource:
            shown = shown.replace("`", "'").replace("|", "/")
            meaning = _copied(file, about) or _line(file.media_type)
        kinds[shown] = meaning
    for shown, meaning in kinds.items():
        yield f"| `{shown}` | {meaning} |"
    has_json = "json/TABLE.json" in kinds
    there = {each: each in written for each in (CITATION, SETTINGS_NAME)}
    there["schemas/TABLE.schema.json"] = has_json
    for shown, meaning in _METADATA.items():
        if there.get(shown, True):
            yield f"| `{shown}` | {meaning} |"


def _copied(file: ReleasedFile, about: About) -> str:
    """What a resource that is no table is, in its own words."""
    subject = about.subject(file)
    texts = {**subject.titles, **subject.descriptions} if subject else {}
    return _line(next(iter(texts.values()), ""))


def _tables(contents: Contents, about: About) -> Iterator[str]:
    rows = {each.name: each.extent.rows for each in contents.tables}
    yield "| table | rows | one row is, or the title |"
    yield "|---|--:|---|"
    for table in about.tables:
        meaning = next(iter([*table.descriptions.values(), *table.titles.values()]), "")
        yield f"| `{table.name}` | {rows[table.name]} | {_line(meaning)} |"


def _is_link(path: str) -> bool:
    return is_web_address(path) and not set(path) & set("<>\\ \n")


def _line(text: str) -> str:
    """Text of a descriptor on one line, and no markup: it is shown, never run."""
    for mark in "\\`*_[]<>|#":
        text = text.replace(mark, f"\\{mark}")
    return " ".join(text.split())
