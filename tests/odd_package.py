"""A package that is not ours: every type of Table Schema, odd names, no titles, no licence."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

FIELDS: list[dict[str, Any]] = [
    {"name": "id", "type": "integer", "constraints": {"minimum": 1, "maximum": "9"}},
    {"name": "a b", "type": "string", "constraints": {"enum": ["x|y", "(z)", "it's"]}},
    {
        "name": "长度",
        "type": "number",
        "decimalChar": ",",
        "groupChar": ".",
        "unit": "km",
        "constraints": {"minimum": 0},
    },
    {"name": "price", "type": "number", "bareNumber": False, "title": "Price"},
    {"name": "ok", "type": "boolean"},
    {"name": "yes", "type": "boolean", "trueValues": ["Y"], "falseValues": ["N"]},
    {"name": "day", "type": "date", "constraints": {"minimum": "2020-01-01"}},
    {"name": "when", "type": "date", "format": "%d/%m/%Y"},
    {"name": "at", "type": "datetime"},
    {"name": "clock", "type": "time"},
    {"name": "y", "type": "year"},
    {"name": "ym", "type": "yearmonth"},
    {"name": "last", "type": "duration"},
    {"name": "thing", "type": "object"},
    {"name": "many", "type": "array"},
    {"name": "spot", "type": "geopoint"},
    {"name": "shape", "type": "geojson"},
    {"name": "_any", "type": "any"},
    {"name": "mail", "type": "string", "format": "email"},
    {
        "name": "web.page",
        "type": "string",
        "format": "uri",
        "constraints": {"pattern": "https?://.*"},
    },
    {"name": "code", "type": "string", "constraints": {"pattern": "a|bb", "minLength": 1}},
]

ROWS = [
    '1,x|y,"1.234,5",€12.5,TRUE,Y,2021-02-03,03/02/2021,2021-02-03T04:05:06Z,04:05:06,2021,'
    '2021-02,P1Y,"{""a"": 1}","[1, 2]","12.5, 41.5",'
    '"{""type"": ""Point"", ""coordinates"": [1, 2]}",any,a@example.org,https://example.org/,bb',
    '2,(z),"0,5",3,false,N,NA,NA,NA,NA,NA,NA,NA,NA,NA,NA,NA,NA,NA,NA,a',
]


def write_odd(folder: Path, **more: Any) -> Path:
    """Write the package into a folder; ``more`` are keys of its descriptor."""
    header = ",".join(each["name"] for each in FIELDS)
    (folder / "odd.csv").write_text("\n".join([header, *ROWS]) + "\n", "utf-8")
    (folder / "links.csv").write_text("from,to\n1,2\n2,\n", "utf-8")
    odd = {"missingValues": ["", "NA"], "primaryKey": "id", "fields": FIELDS}
    references = [
        {"fields": each, "reference": {"resource": "odd", "fields": "id"}}
        for each in ("from", "to")
    ]
    links = {
        "primaryKey": ["from"],
        "foreignKeys": references,
        "fields": [{"name": "from", "type": "integer"}, {"name": "to", "type": "integer"}],
    }
    raw = {
        "name": "odd",
        "version": "2.0.0",
        "created": "2022-01-01T00:00:00Z",
        **more,
        "resources": [
            {"name": "odd", "path": "odd.csv", "schema": odd},
            {"name": "links", "title": "Links", "path": "links.csv", "schema": links},
        ],
    }
    text = json.dumps(raw, ensure_ascii=False, indent=2)
    (folder / "datapackage.json").write_text(text, "utf-8")
    return folder
