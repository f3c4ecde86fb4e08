"""Packages for tests: copies of the repository's, and a small one with every table filled.

The small package stands in ``small/``; its figures are made up and are published nowhere.
"""

from __future__ import annotations

import csv
import io
import json
import shutil
import subprocess
import zipfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
SMALL_TABLES = ROOT / "tests" / "small"
FAULTS = ROOT / "tests" / "faults"
PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"

Row = dict[str, str]

ARTICLE = "yrd-article-2022"

# The record of each table that tests break: no other record refers to it.
SPARE: dict[str, int] = {
    "regions": 3,
    "sources": 1,
    "domains": 1,
    "units": 1,
    "initiatives": 0,
    "indicators": 3,
    "targets": 2,
    "outcomes": 2,
    "assessments": 1,
    "searches": 0,
    "second_readings": 0,
    "dates": 1,
    "evidence": 0,
    "glossary": 0,
    "retired_ids": 0,
}


def _small(table: str) -> list[Row]:
    with (SMALL_TABLES / f"{table}.csv").open(encoding="utf-8", newline="") as stream:
        rows = csv.DictReader(stream)
        return [{name: cell for name, cell in row.items() if cell} for row in rows]


SMALL: dict[str, list[Row]] = {table: _small(table) for table in SPARE}
"""The rows of the small package, each without its empty cells."""


VERSION = {"version": "1.0.0", "created": "2026-11-24T00:00:00Z"}


def schema_json(table: str) -> dict[str, Any]:
    """A Table Schema of the repository."""
    value: dict[str, Any] = json.loads((ROOT / "schemas" / f"{table}.json").read_text("utf-8"))
    return value


def copy_repository(folder: Path) -> Path:
    """A copy of the repository's package."""
    shutil.copytree(ROOT / "schemas", folder / "schemas")
    shutil.copytree(ROOT / "data", folder / "data")
    shutil.copy(ROOT / "datapackage.json", folder)
    shutil.copy(ROOT / "ycd.toml", folder)
    return folder


NEW_DOMAIN = {
    "domain_id": "zz",
    "name_zh": "新",
    "name_en": "New",
    "description_zh": "新的。",
    "description_en": "New.",
}
"""A record that the table of domains may have too."""


def small_tables() -> dict[str, list[Row]]:
    """A copy of the small package's tables, to change."""
    return {table: [dict(row) for row in rows] for table, rows in SMALL.items()}


def write_small(folder: Path, tables: Mapping[str, list[Row]] = SMALL) -> Path:
    """Write a package of the repository's schemas with these rows, in canonical form.

    It is always version 1.0.0, whatever the repository's is, and has these tables alone.
    """
    shutil.copytree(ROOT / "schemas", folder / "schemas")
    shutil.copy(ROOT / "ycd.toml", folder)
    raw = json.loads((ROOT / "datapackage.json").read_text("utf-8")) | VERSION
    raw["resources"] = [each for each in raw["resources"] if each["name"] in tables]
    text = json.dumps(raw, ensure_ascii=False, indent=2) + "\n"
    (folder / "datapackage.json").write_text(text, encoding="utf-8")
    (folder / "data").mkdir()
    for table, rows in tables.items():
        write_table(folder, table, rows)
    return folder


def write_tiny(folder: Path) -> Path:
    """Write a package of one table that is not ours: what is so of every package is soon shown."""
    write_small(folder, {"domains": SMALL["domains"]})
    return make_foreign(folder, "tiny")


def make_foreign(folder: Path, name: str) -> Path:
    """Make a package one of somebody else's: without our rules, settings and derived tables."""
    edit_json(folder / "datapackage.json", lambda raw: raw.update(name=name))
    (folder / "ycd.toml").unlink()
    return folder


def with_references(table: str) -> set[str]:
    """A table and all that it refers to: the least that a package with it can hold."""
    found = {table}
    while True:
        keys = [key for each in found for key in schema_json(each).get("foreignKeys", ())]
        targets = {key["reference"]["resource"] or table for key in keys}
        if targets <= found:
            return found
        found |= targets


def describe(folder: Path, tables: Sequence[Mapping[str, Any]], **more: Any) -> Path:
    """Write the descriptor of a package of these tables, which is not ours; gives its folder."""
    raw = {"name": "p", **more, "resources": tables}
    (folder / "datapackage.json").write_text(json.dumps(raw, indent=1), "utf-8")
    return folder


def git(folder: Path, *arguments: str) -> str:
    """What git prints of a command in a folder."""
    said = ("user.name=a", "user.email=a@example.org", "commit.gpgsign=false", "core.quotepath=off")
    command = ["git", *(word for each in said for word in ("-c", each)), *arguments]
    return subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True).stdout


def zipped(files: Mapping[str, str | bytes]) -> bytes:
    """An archive of these files."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return stream.getvalue()


def write_table(folder: Path, table: str, rows: list[Row]) -> None:
    """Write one table sorted by its primary key."""
    schema = schema_json(table)
    ordered = sorted(rows, key=lambda row: [row.get(name, "") for name in schema["primaryKey"]])
    with (folder / "data" / f"{table}.csv").open("w", encoding="utf-8", newline="") as stream:
        names = [field["name"] for field in schema["fields"]]
        writer = csv.DictWriter(stream, names, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(ordered)


def line_of(folder: Path, table: str, row: Row) -> int:
    """The physical line of a row that has no line breaks, as it stands in the file."""
    names = [field["name"] for field in schema_json(table)["fields"]]
    wanted = [row.get(name, "") for name in names]
    with (folder / "data" / f"{table}.csv").open(encoding="utf-8", newline="") as stream:
        return next(number for number, cells in enumerate(csv.reader(stream), 1) if cells == wanted)


def edit_json(path: Path, change: Callable[[dict[str, Any]], None]) -> None:
    """Change a JSON file in place."""
    value = json.loads(path.read_text("utf-8"))
    change(value)
    path.write_text(json.dumps(value, ensure_ascii=False, indent=2) + "\n", "utf-8")
