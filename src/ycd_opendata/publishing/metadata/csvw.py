"""``csv-metadata.json``: the CSV files as CSV on the Web describes them (W3C, 2015).

A column's header is its English title and must be one of its titles; the title of the Table
Schema stands beside it. CSVW knows no categories, so they become a pattern of the datatype. A
foreign key of CSVW holds for every row, so only keys that are never empty are given.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ycd_opendata.package.model import Field, ForeignKey, Schema, translations
from ycd_opendata.publishing.metadata.about import About, Table, Texts, compact
from ycd_opendata.shown import json_text

CSVW = "csv-metadata.json"

_TYPES = {
    "integer": "integer",
    "number": "number",
    "date": "date",
    "datetime": "datetime",
    "time": "time",
    "year": "gYear",
    "yearmonth": "gYearMonth",
    "duration": "duration",
    "object": "json",
    "array": "json",
    "geojson": "json",
}
_RANGED = ("integer", "number", "date", "datetime", "year", "yearmonth")
_LENGTHS = {"minLength": "minLength", "maxLength": "maxLength"}
_LIMITS = {
    "minimum": "minimum",
    "maximum": "maximum",
    "exclusiveMinimum": "minExclusive",
    "exclusiveMaximum": "maxExclusive",
}


def csvw_text(about: About) -> str:
    """The table group; its links stay relative, so that it holds wherever the folder stands."""
    names = {each.name: each for each in about.tables}
    group = {
        "@context": "http://www.w3.org/ns/csvw",
        "dc:title": _tagged(about.titles),
        "dc:description": _tagged({about.language: about.description}),
        "dc:creator": [each.name for each in about.authors],
        "dc:license": [{"@id": path} for _, path in about.licences if path],
        "dc:issued": about.issued,
        "schema:version": about.version,
        "dialect": {
            "encoding": "utf-8",
            "delimiter": ",",
            "quoteChar": '"',
            "doubleQuote": True,
            "lineTerminators": ["\n"],
            "header": True,
            "skipInitialSpace": False,
            "trim": False,
        },
        "tables": [
            _table(each, path, names, about.language)
            for each in about.tables
            for path in each.paths
        ],
    }
    return json_text(compact(group))


def _table(table: Table, path: str, names: Mapping[str, Table], language: str) -> dict[str, Any]:
    schema = table.schema
    described: dict[str, Any] = {
        "url": path,
        "dc:title": _tagged(table.titles),
        "dc:description": _tagged(table.descriptions),
        "tableSchema": compact(
            {
                "columns": [_column(each, schema, language) for each in schema.fields],
                "primaryKey": [_name(each) for each in schema.primary_key],
                "foreignKeys": [
                    _foreign_key(each, table, names)
                    for each in schema.foreign_keys
                    if _is_filled(each, schema) and _is_one_file(each, table, names)
                ],
            }
        ),
    }
    # CSVW has no rules of whole records; a note is read by people.
    rules = [
        {
            "dc:title": each["name"],
            "dc:description": _tagged(translations(each, "message", language)) or None,
            "rdf:value": each["expression"],
        }
        for each in schema.raw.get("rules", ())
    ]
    described["notes"] = [compact(each) for each in rules]
    # Said even if it is none: the default is an empty cell.
    return compact(described) | {"null": list(schema.missing_values)}


def _column(field: Field, schema: Schema, language: str) -> dict[str, Any]:
    missing = schema.missing_values_of(field)
    titles: Any = [field.name, field.title] if field.title else field.name
    translated = translations(field.raw, "title", language)
    if len(translated) > 1:
        # In the default language the name is what other software writes as the header.
        titles = translated | {language: field.name}
    described = {
        "name": _name(field.name),
        "titles": titles,
        "dc:description": _tagged(translations(field.raw, "description", language)),
        "datatype": _datatype(field),
        "required": schema.is_filled(field) or None,
    }
    null = {} if missing == schema.missing_values else {"null": list(missing)}
    return compact(described) | null


def _is_filled(key: ForeignKey, schema: Schema) -> bool:
    """Whether no cell of a key may be missing."""
    fields = map(schema.field, key.fields)
    return all(each is not None and schema.is_filled(each) for each in fields)


def _is_one_file(key: ForeignKey, table: Table, names: Mapping[str, Table]) -> bool:
    """Whether what a key refers to is one file, as each file is a table to CSVW."""
    target = names.get(key.resource) if key.resource else table
    return target is not None and len(target.paths) == 1


def _foreign_key(key: ForeignKey, table: Table, names: Mapping[str, Table]) -> dict[str, Any]:
    target = names[key.resource] if key.resource else table
    return {
        "columnReference": [_name(each) for each in key.fields],
        "reference": {
            "resource": target.paths[0],
            "columnReference": [_name(each) for each in key.reference_fields],
        },
    }


def _datatype(field: Field) -> Any:
    base, form = _base_and_format(field)
    said, is_ranged = field.constraints, field.type in _RANGED and base != "string"
    allowed = _LENGTHS if field.type == "string" else _LIMITS if is_ranged else {}
    rules = {theirs: said[ours] for ours, theirs in allowed.items() if ours in said}
    rules = {"base": base, **({"format": form} if form else {}), **rules}
    return base if len(rules) == 1 else rules


def _base_and_format(field: Field) -> tuple[str, Any]:
    """The datatype; plain text where CSVW cannot say how the cells are written."""
    if field.type == "string":
        base = "anyURI" if field.format == "uri" else "string"
        return base, _pattern(field)
    if field.type == "boolean":
        words = field.truth_values
        if [*words.values()] == [True, False]:
            return "boolean", "|".join(words)
        return "string", _either([*words])
    base = _TYPES.get(field.type, "string")
    if field.format != "default" or not field.raw.get("bareNumber", True):
        return "string", None
    marks = {name: field.raw[name] for name in ("decimalChar", "groupChar") if name in field.raw}
    return ("decimal" if marks and base == "number" else base), marks or None


def _pattern(field: Field) -> str | None:
    if "enum" in field.constraints:
        return _either(field.constraints["enum"])
    pattern = field.constraints.get("pattern")
    # The language of patterns that CSVW asks for has no flags in front.
    is_said = pattern is not None and not pattern.startswith("(?i")
    return f"^(?:{pattern})$" if is_said else None


def _either(texts: list[str]) -> str:
    escaped = (re.sub(r"([\\^$.|?*+()\[\]{}])", r"\\\1", str(each)) for each in texts)
    return f"^(?:{'|'.join(escaped)})$"


def _name(field: str) -> str:
    """A column's name as a URI template may have it: what it may not have, percent-encoded."""
    encoded = re.sub(
        r"[^A-Za-z0-9_.]",
        lambda match: "".join(f"%{byte:02X}" for byte in match[0].encode()),
        field,
    )
    return f"%5F{encoded[1:]}" if encoded.startswith("_") else encoded


def _tagged(texts: Texts) -> Any:
    """A text with its language, a list of them, or plain text where the language is unknown."""
    values = [
        {"@value": text, "@language": language} if language else text
        for language, text in texts.items()
        if text
    ]
    return values[0] if len(values) == 1 else values
