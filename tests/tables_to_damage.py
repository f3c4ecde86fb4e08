"""A package of one table with every kind of field, for tests that damage its cells."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from packages import describe

FIELDS: list[dict[str, Any]] = [
    {"name": "id", "type": "integer"},
    {"name": "count", "type": "integer"},
    {"name": "share", "type": "number", "unit": "MW"},
    {"name": "day", "type": "date"},
    {"name": "month", "type": "yearmonth"},
    {"name": "year", "type": "year"},
    {"name": "moment", "type": "datetime"},
    {
        "name": "due",
        "type": "string",
        "partialDate": True,
        "constraints": {"pattern": "[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?"},
    },
    {
        "name": "kind",
        "type": "string",
        "categories": [
            {"value": "official", "label": "Official", "label@zh": "官方"},
            {"value": "state_media", "label": "State media", "label@zh": "官媒"},
        ],
        "constraints": {"enum": ["official", "state_media"]},
    },
    {"name": "code", "type": "string", "constraints": {"pattern": "[0-9]{6}"}},
    {"name": "slug", "type": "string", "constraints": {"pattern": "[a-z]+(-[a-z]+)*"}},
    {"name": "open", "type": "boolean", "trueValues": ["yes"], "falseValues": ["no"]},
    {"name": "note", "type": "string"},
    {"name": "other", "type": "integer"},
]
START = ["10", "1.5", "2021-01-02", "2021-01", "2021", "2021-01-02T00:00:00", "2021-01"]
START += ["official", "002701", "a-b", "yes", "said", "1"]


def write_package(folder: Path, rows: list[list[str]]) -> Path:
    """A package of one table of every kind of field, which is not ours."""
    schema = {"fields": FIELDS, "primaryKey": ["id"]}
    resource = {"name": "all", "path": "all.csv", "schema": schema}
    describe(folder, [resource], version="1.0.0")
    names = ",".join(each["name"] for each in FIELDS)
    text = "".join(f"{each}\n" for each in (names, *(",".join(row) for row in rows)))
    (folder / "all.csv").write_bytes(text.encode())
    return folder
