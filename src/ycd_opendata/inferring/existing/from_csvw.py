"""Metadata of CSV on the Web: ``csv-metadata.json`` or the metadata of one table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import Any

from ycd_opendata.inferring.existing.descriptions import Description, with_constraints
from ycd_opendata.messages import mark, say
from ycd_opendata.package.files import read_document

_TYPES = {
    **dict.fromkeys(
        ("integer", "int", "long", "short", "byte", "nonNegativeInteger", "positiveInteger",
         "nonPositiveInteger", "negativeInteger", "unsignedInt", "unsignedLong", "unsignedShort",
         "unsignedByte"),
        "integer",
    ),
    **dict.fromkeys(("number", "decimal", "double", "float"), "number"),
    **dict.fromkeys(("datetime", "dateTime", "dateTimeStamp"), "datetime"),
    **dict.fromkeys(("duration", "dayTimeDuration", "yearMonthDuration"), "duration"),
    "date": "date", "time": "time", "boolean": "boolean", "gYear": "year",
    "gYearMonth": "yearmonth", "anyURI": "string", "json": "object", "any": "any",
}  # fmt: skip
_LIMITS = {
    "minimum": "minimum", "minInclusive": "minimum", "maximum": "maximum",
    "maxInclusive": "maximum", "minExclusive": "exclusiveMinimum",
    "maxExclusive": "exclusiveMaximum", "minLength": "minLength", "maxLength": "maxLength",
}  # fmt: skip
_LOST_OF_COLUMNS = ("aboutUrl", "propertyUrl", "valueUrl", "separator", "ordered", "default")
_LOST_OF_TABLES = ("transformations", "notes", "aboutUrl", "rowTitles", "tableDirection")


def read(file: Path) -> Description:
    """The schemas of all the tables that the metadata describe."""
    raw = read_document(file, file.name).value
    tables = raw.get("tables") if isinstance(raw.get("tables"), list) else [raw]
    schemas: dict[str, Mapping[str, Any]] = {}
    lost: list[str] = []
    for table in tables or ():
        url = str(table.get("url", file.name.removesuffix("-metadata.json")))
        schema = table.get("tableSchema") or raw.get("tableSchema")
        if not isinstance(schema, Mapping):
            lost.append(say("{url}: its schema is not in this file", url=url))
            continue
        schemas[url] = _schema(url, schema, lost)
        lost += [f"{url}: {key}" for key in _LOST_OF_TABLES if key in {**table, **schema}]
        if "dialect" in table:
            lost.append(say("{url}: its dialect; how the file is read was found out anew", url=url))
    package = {"title": raw["dc:title"]} if isinstance(raw.get("dc:title"), str) else {}
    return Description(schemas, tuple(lost), package)


def _schema(url: str, schema: Mapping[str, Any], lost: list[str]) -> dict[str, Any]:
    columns = schema.get("columns", ())
    there = [each for each in columns if not each.get("virtual")]
    if virtual := len(columns) - len(there):
        lost.append(say("{url}: {virtual} virtual columns", url=url, virtual=virtual))
    found: dict[str, Any] = {"fields": [_field(url, each, lost) for each in there]}
    titles = {each["name"]: _title(each) for each in columns if "name" in each}

    def labels(names: Any) -> list[str]:
        return [titles.get(each) or each for each in _listed(names)]

    if "primaryKey" in schema:
        found["primaryKey"] = labels(schema["primaryKey"])
    keys = []
    for key in schema.get("foreignKeys", ()):
        reference = key.get("reference", {})
        if "resource" not in reference:
            lost.append(say("{url}: a foreign key to a schema, not to a table", url=url))
            continue
        target = PurePosixPath(str(reference["resource"])).name
        fields_there = _listed(reference.get("columnReference", ()))
        reference = {"resource": target, "fields": fields_there}
        keys.append({"fields": labels(key.get("columnReference", ())), "reference": reference})
    if keys:
        found["foreignKeys"] = keys
    return found


def _field(url: str, column: Mapping[str, Any], lost: list[str]) -> dict[str, Any]:
    name = _title(column) or str(column.get("name", ""))
    datatype = column.get("datatype", "string")
    described = datatype if isinstance(datatype, Mapping) else {"base": datatype}
    base = str(described.get("base", "string"))
    raw: dict[str, Any] = {"name": name, "type": _TYPES.get(base, "string")}
    if base == "anyURI":
        raw["format"] = "uri"
    if base not in _TYPES and base not in ("string", "normalizedString", "token", "language"):
        unknown = mark("{url}, {name}: the datatype {base}, which is a text here")
        lost.append(say(unknown, url=url, name=name, base=base))
    if isinstance(column.get("dc:description"), str):
        raw["description"] = column["dc:description"]
    constraints = {
        ours: described[theirs] for theirs, ours in _LIMITS.items() if theirs in described
    }
    if column.get("required"):
        constraints["required"] = True
    constraints |= _of_format(url, name, raw, described.get("format"), lost)
    lost += [f"{url}, {name}: {key}" for key in _LOST_OF_COLUMNS if key in column]
    if "null" in column:
        raw["missingValues"] = _listed(column["null"])
    return with_constraints(raw, constraints)


def _of_format(
    url: str, name: str, raw: dict[str, Any], format_: Any, lost: list[str]
) -> dict[str, Any]:
    """What the format of a datatype says: a pattern of texts, the words of a boolean."""
    if format_ is None:
        return {}
    if raw["type"] == "string" and isinstance(format_, str):
        return {"pattern": format_}
    if raw["type"] == "boolean" and isinstance(format_, str) and format_.count("|") == 1:
        true, false = format_.split("|")
        raw["trueValues"], raw["falseValues"] = [true], [false]
        return {}
    if isinstance(format_, Mapping):
        raw |= {key: format_[key] for key in ("decimalChar", "groupChar") if key in format_}
        if "pattern" not in format_:
            return {}
    unknown = mark("{url}, {name}: the format {format}; the notation was found out anew")
    lost.append(say(unknown, url=url, name=name, format=format_))
    return {}


def _title(column: Mapping[str, Any]) -> str:
    """The label that a column has in the file: its first title, if it has one."""
    titles = column.get("titles")
    if isinstance(titles, Mapping):
        titles = next(iter(titles.values()), None)
    return next(iter(_listed(titles)), "")


def _listed(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    return [str(each) for each in value] if isinstance(value, Sequence) else []
