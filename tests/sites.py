"""Catalogues with their sites, for tests: the repository's, and small ones of hostile texts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from packages import edit_json, schema_json, small_tables, write_small

from ycd_opendata.package.reading import read_package
from ycd_opendata.publishing.catalogue import publish
from ycd_opendata.publishing.release import write_release
from ycd_opendata.site.building import write_site
from ycd_opendata.site.content import Content

HOSTILE = (
    "<script>alert(1)</script>",
    '"onload="alert(1)" x="',
    "</script><img src=x onerror=alert(1)>",
    "javascript:alert(1)//",
    "{{ 7*7 }}{% raw %}",
    "]]>--><svg onload=alert(1)>",
)
"""Each at most 40 characters, as long as the shortest name or sentence of a record may be."""

FORMULA = '=HYPERLINK("http://example.org/","x")'


def built(package: Path, catalogue: Path) -> Path:
    """Publish a package; gives the catalogue."""
    publish(read_package(package), catalogue)
    return catalogue


RELEASES = [{"version": "1.0.0", "date": "2026-11-24", "records": {"targets": 5}, "changes": None}]
"""What a catalogue lists that has one release of the small package."""


def released(
    package: Path, folder: Path, base_url: str | None = None, formats: Sequence[str] | None = None
) -> Path:
    """Write the release of a package, valid or not, into a folder; gives that."""
    folder.mkdir(parents=True, exist_ok=True)
    write_release(read_package(package), folder, base_url, formats)
    return folder


def with_site(release: Path, base_url: str | None = None) -> Path:
    """Write the site of a release, without pictures, around it; gives the catalogue."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("ycd_opendata.site.building.drawn_pictures", lambda _: ())
        write_site(release.parent, release, RELEASES, {}, base_url)
    return release.parent


def with_rows(content: Content, **rows: Sequence[Mapping[str, str]]) -> Content:
    """The content of a site with other rows in some tables."""
    tables = dict(content.tables)
    for name, records in rows.items():
        tables[name] = replace(tables[name], rows=tuple(records))
    return replace(content, tables=tables)


def write_hostile(folder: Path) -> Path:
    """A package of ours with a hostile text wherever a text is free."""
    tables = small_tables()
    for table, rows in tables.items():
        for number, row in enumerate(rows):
            for name in _free_texts(table):
                if row.get(name):
                    row[name] = _hostile(table, name, row[name], number)
    return write_small(folder, tables)


def write_foreign(folder: Path) -> Path:
    """A package of somebody else's, with formulas in it, to which no rule of ours applies."""
    tables = small_tables()
    for number, row in enumerate(tables["domains"]):
        row["name_en"], row["description_en"] = FORMULA, HOSTILE[number]
    write_small(folder, tables)
    edit_json(folder / "datapackage.json", lambda raw: raw.update(_foreign()))
    return folder


def _foreign() -> dict[str, Any]:
    return {
        "name": "somebody-elses",
        "title": HOSTILE[0],
        "description": HOSTILE[2],
        "licenses": [{"name": "other", "title": HOSTILE[1], "path": "https://example.org/"}],
        "homepage": "https://example.org/",
    }


def _free_texts(table: str) -> list[str]:
    """The columns that hold sentences or names: no code, key, category or address."""
    if table == "units":
        return []  # what a phrase has to hold depends on the unit's name
    schema = schema_json(table)
    keys = {*schema["primaryKey"]}
    for each in schema.get("foreignKeys", ()):
        keys |= {*each["fields"]}
    return [
        field["name"]
        for field in schema["fields"]
        if field["type"] == "string"
        and not {"pattern", "enum"} & set(field.get("constraints", {}))
        and field["name"] not in {*keys, "url", "unit", "replaced_by", "reported"}
    ]


def _hostile(table: str, name: str, text: str, number: int) -> str:
    """A hostile text; a phrase keeps the figure that it must carry."""
    hostile = HOSTILE[(number + len(name)) % len(HOSTILE)]
    if name == "phrase" and table in ("targets", "outcomes"):
        return f"<b>{text}</b>"
    return hostile
