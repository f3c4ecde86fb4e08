"""Cells as values: each value as the one text that stands for it, whatever its notation.

``1,500`` with a ``groupChar`` and ``1500.0`` are one number, ``TRUE`` and ``1`` may be one
boolean, and all that says "missing" is one null. So two versions of a table can be compared by
what they mean. A value's text is that of the plain description that ``plain_field`` gives.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from datetime import date, time
from decimal import Decimal
from typing import Any

import polars as pl

from ycd_opendata.package.model import Field, Schema
from ycd_opendata.package.tables.polars_cells import ungrouped
from ycd_opendata.validation.structure.fast.exact import key_text
from ycd_opendata.validation.structure.fast.planning.plain_reading import Read, plain_reader
from ycd_opendata.validation.structure.fast.planning.plan import CANONICAL

NOTATION = (
    *("trueValues", "falseValues", "decimalChar", "groupChar", "bareNumber", "floatNumber"),
    *("delimiter", "itemType", "arrayItem"),
)
"""Keys of a field that say how its cells are read, besides type, format and missing values."""

_UNREADABLE = "(unreadable) "
_LABELLED = "(missing: {})"
_TEXTS = ("string", "any")
_WITH_PLAIN_FORMAT = ("date", "datetime", "time", "geopoint")
_PLAIN_NOTATION = {"boolean", "integer", "number"}
_CANONICAL = {**CANONICAL, "boolean": "true|false"}


def value_frame(text: pl.DataFrame, schema: Schema, names: Collection[str]) -> pl.DataFrame:
    """Rows whose cells stand as in their file, those of the fields ``names`` as texts of values.

    Null is a missing value; one that has a label reads as that label, ``(missing: refused)``; a
    cell that is not of its field's type has no value, ``(unreadable) 12x``.
    """
    return text.with_columns(
        value_column(text[each.name], each, missing_labels(each, schema))
        for each in schema.fields
        if each.name in names
    )


def in_notation(schema: Schema) -> list[str]:
    """The fields some of whose cells may be other texts than their values."""
    return [
        each.name
        for each in schema.fields
        if each.raw.keys() & {*NOTATION}
        or (each.type in _WITH_PLAIN_FORMAT and each.format != "default")
        or {*schema.missing_values_of(each)} - {""}
    ]


def missing_labels(field: Field, schema: Schema) -> dict[str, str]:
    """The texts that say "missing" in a field, each with its label, or ""."""
    labels = dict.fromkeys(schema.missing_values_of(field), "")
    for each in field.raw.get("missingValues", schema.raw.get("missingValues", ())):
        if isinstance(each, Mapping) and each.get("label"):
            labels[str(each["value"])] = str(each["label"])
    return labels


def value_column(cells: pl.Series, field: Field, missing: Mapping[str, str]) -> pl.Series:
    """A column's cells as the texts of their values."""
    present, is_missing = cells, cells.is_in(list(missing))
    if is_missing.any():  # else the column is no copy
        cell = pl.col(cells.name)
        present = cells.to_frame().select(pl.when(~is_missing).then(cell)).to_series()
    values = present if field.type in _TEXTS else _read(present, field)
    labels = {token: _LABELLED.format(label) for token, label in missing.items() if label}
    if labels:
        said = cells.replace_strict(labels, default=None, return_dtype=pl.String)
        values = values.zip_with(said.is_null(), said)
    return values


def plain_schema(schema: Schema) -> dict[str, Any]:
    """The description of a table whose cells are the texts of its values."""
    fields = []
    for field in schema.fields:
        raw = {**field.raw}
        if field.type in _PLAIN_NOTATION:
            raw = {key: value for key, value in raw.items() if key not in NOTATION}
        if field.type in _WITH_PLAIN_FORMAT:
            raw.pop("format", None)
        raw.pop("missingValues", None)
        missing = missing_labels(field, schema)
        if missing != {"": ""}:
            entries = [{"value": "" if missing.get("") == "" else "(missing)"}]
            entries += [
                {"value": _LABELLED.format(label), "label": label}
                for label in dict.fromkeys(missing.values())
                if label
            ]
            labelled = len(entries) > 1
            raw["missingValues"] = entries if labelled else [entries[0]["value"]]
        fields.append(raw)
    return {**schema.raw, "fields": fields, "missingValues": [""]}


def _read(cells: pl.Series, field: Field) -> pl.Series:
    """Cells that are not missing, those that are plain at once and each other text on its own."""
    frame = cells.to_frame("cell").select("cell", _in_plain_notation(field).alias("plain"))
    plain = frame["plain"]
    canonical = _CANONICAL.get(field.type)
    if canonical is None or (field.type in _WITH_PLAIN_FORMAT and field.format != "default"):
        is_plain = pl.repeat(value=False, n=len(plain), dtype=pl.Boolean, eager=True)
    else:
        is_plain = plain.str.contains(f"^(?:{canonical})$").fill_null(value=False)
    doubtful = frame.filter(~is_plain & cells.is_not_null()).unique("cell", maintain_order=True)
    if not len(doubtful):
        return plain.alias(cells.name)
    read = _reader(field)
    texts = [
        _UNREADABLE + cell if (value := read(text)) is None else value
        for cell, text in doubtful.iter_rows()
    ]
    values = cells.replace_strict(doubtful["cell"], texts, default=None, return_dtype=pl.String)
    return plain.zip_with(is_plain, values).alias(cells.name)


def _in_plain_notation(field: Field) -> pl.Expr:
    """Cells written as the standard has it by default; null where one cannot be."""
    cell = pl.col("cell")
    if field.type == "boolean":
        words = {text: _text(value, "boolean") for text, value in field.truth_values.items()}
        return cell.replace_strict(words, default=None, return_dtype=pl.String)
    if field.type not in _PLAIN_NOTATION:
        return cell
    cell, point = ungrouped(cell, field), field.raw.get("decimalChar", ".")
    if field.type == "number" and point != ".":
        has_point = cell.str.contains(".", literal=True)
        cell = pl.when(~has_point).then(cell.str.replace_all(point, ".", literal=True))
    return cell


def _reader(field: Field) -> Callable[[str | None], str | None]:
    """What reads one text in plain notation: the text of its value, None if it has none."""
    raw: dict[str, Any] = {"name": "cell", "type": field.type, "format": field.format}
    if field.type not in _PLAIN_NOTATION:
        raw |= {key: field.raw[key] for key in NOTATION if key in field.raw}
    read = plain_reader(replace(field, constraints={}, raw=raw)) or _reference(raw)
    if read is None:
        return lambda text: text  # nobody knows this type

    def value(text: str | None) -> str | None:
        found = None if text is None else read(text)
        return None if found is None else _text(found, field.type)

    return value


def _reference(raw: dict[str, Any]) -> Read | None:
    """How frictionless reads a cell; None if it does not know the field's type."""
    import frictionless

    try:
        read: Read = frictionless.Field.from_descriptor(raw).create_value_reader()
    except frictionless.FrictionlessException:
        return None
    return read


def _text(value: Any, type: str) -> str:
    """The text that stands for a value of a type."""
    if type in _WRITERS:
        return _WRITERS[type](value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float | Decimal):
        return str(value) if type == "integer" else _number(value)
    if isinstance(value, date):
        return str(key_text(value, ""))
    if isinstance(value, time):
        return value.isoformat()
    return json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)


def _number(value: float | Decimal) -> str:
    number = Decimal(str(value))
    if number.is_finite():
        return str(key_text(number, "number"))
    return "NaN" if number.is_nan() else "INF" if number > 0 else "-INF"


def _list(value: list[Any]) -> str:
    # Only texts are in quotes: an item of another type is another value.
    items = [
        json.dumps(each, ensure_ascii=False) if isinstance(each, str) else _text(each, "")
        for each in value
    ]
    return f"[{', '.join(items)}]"


_WRITERS: dict[str, Callable[[Any], str]] = {
    "duration": lambda value: str(key_text(value, "duration")),
    "geopoint": lambda value: ", ".join(map(_number, value)),
    "list": _list,
    "year": lambda value: f"{value:04}",
    "yearmonth": lambda value: f"{value.year:04}-{value.month:02}",
}
