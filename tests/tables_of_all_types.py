"""A valid package that has a field of every type, with values that some formats stumble over."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

FIELDS: list[dict[str, Any]] = [
    {"name": "id", "type": "integer", "title": "编号", "unit": "1"},
    {"name": "text", "type": "string", "description": "Anything."},
    {"name": "code", "type": "string", "constraints": {"pattern": "[A-Z]{2}-[0-9]{2}"}},
    {"name": "kind", "type": "string", "constraints": {"enum": ["a, b", 'say "c"', "it's"]}},
    {"name": "amount", "type": "number", "decimalChar": ",", "groupChar": "."},
    {"name": "share", "type": "number", "bareNumber": False, "constraints": {"maximum": 200}},
    {"name": "day", "type": "date", "constraints": {"minimum": "0100-01-01"}},
    {"name": "local_day", "type": "date", "format": "%d/%m/%Y"},
    {"name": "moment", "type": "datetime"},
    {"name": "clock", "type": "time"},
    {"name": "year", "type": "year"},
    {"name": "month", "type": "yearmonth"},
    {"name": "span", "type": "duration"},
    {"name": "yes", "type": "boolean", "trueValues": ["是"], "falseValues": ["否"]},
    {"name": "thing", "type": "object"},
    {"name": "things", "type": "array"},
    {"name": "place", "type": "geopoint"},
    {"name": "shape", "type": "geojson"},
    {"name": "whatever", "type": "any"},
    {"name": "gap", "type": "integer", "missingValues": ["", "-"]},
]

ROWS: list[dict[str, str]] = [
    {
        "id": "-9223372036854775808",
        "text": "=1+1",
        "code": "AB-12",
        "kind": "a, b",
        "amount": "1.234,5",
        "share": "12.5%",
        "day": "0999-12-31",
        "local_day": "17/01/2022",
        "moment": "2022-01-17T08:00:00Z",
        "clock": "08:00:00",
        "year": "2022",
        "month": "2022-01",
        "span": "P1Y2M",
        "yes": "是",
        "thing": '{"a": "b, \\"c\\""}',
        "things": "[1, 2]",
        "place": "121.5, 31.2",
        "shape": '{"type": "Point", "coordinates": [121.5, 31.2]}',
        "whatever": "NA",
        "gap": "-",
    },
    {
        "id": "-9223372036854775807",
        "text": '<r><t>"bold"</t></r>',
        "kind": 'say "c"',
        "amount": "-0,25",
        "share": "€ 7",
        "day": "1900-02-28",
        "year": "0101",
        "yes": "否",
        "gap": "123456789012345678",
    },
    {
        "id": "-9007199254740993",
        "text": "line\nbreak, tab\t, \" and 'one', \\ and http://example.org, 𠮷 \x01 _x0041_",
        "kind": "it's",
        "amount": "100000000000000000000",
        "share": "0",
        "day": "2022-01-17",
        "gap": "+5",
    },
    {"id": "4", "text": " {=A1} ", "amount": "0", "day": "1900-03-01"},
]


def write_all_types(folder: Path) -> Path:
    """Write the package, and give back its folder."""
    with (folder / "all.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, [each["name"] for each in FIELDS], lineterminator="\n")
        writer.writeheader()
        writer.writerows(ROWS)
    (folder / "one.csv").write_text("only\na\nb\n", "utf-8")
    (folder / "none.csv").write_text("first,second\n", "utf-8")
    resources = [
        _resource("all", {"fields": FIELDS, "primaryKey": ["id"]}),
        _resource("one", {"fields": [{"name": "only", "type": "string"}]}),
        _resource(
            "none", {"fields": [{"name": each, "type": "any"} for each in ("first", "second")]}
        ),
    ]
    raw: dict[str, Any] = {
        "name": "all-types",
        "version": "1.0.0",
        "created": "2022-01-17T00:00:00Z",
    }
    raw |= {"title": "所有类型", "resources": resources}
    (folder / "datapackage.json").write_text(json.dumps(raw, ensure_ascii=False), "utf-8")
    return folder


def _resource(name: str, schema: dict[str, Any]) -> dict[str, Any]:
    described = {"name": name, "title": name, "description": "", "path": f"{name}.csv"}
    return described | {"type": "table", "encoding": "utf-8", "schema": schema}
