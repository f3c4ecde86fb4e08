"""What a structural finding says to the person who has to mend it.

The codes are frictionless's; the sentences are ours, and the same for every engine.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from contextlib import suppress
from typing import Any

from ycd_opendata.package.model import Field
from ycd_opendata.shown import quoted
from ycd_opendata.validation.hidden_characters import LOST, character_name, hidden_character

_TYPE_EXAMPLES = {
    "integer": "a whole number, such as 42",
    "number": "a number with a point, such as 12.5",
    "boolean": "true or false",
    "date": "a date, such as 2022-01-17",
    "datetime": "a date and time, such as 2022-01-17T09:00:00Z",
    "time": "a time, such as 09:00:00",
    "year": "a year, such as 2022",
    "yearmonth": "a month, such as 2022-01",
}
_FORMAT_EXAMPLES = {"uri": "a web address, such as https://example.org/", "email": "a mail address"}

MISTYPED = "not of its type"
"""The note on a primary key whose cells are filled, but none with a value of its type."""

_EMPTY = "the source is empty"  # frictionless's words

_FIXED = {
    "blank-row": ("the row is empty", "delete it"),
    "extra-cell": (
        "the row has more cells than the header",
        "put quotes around a cell that holds a comma, or delete the extra one",
    ),
    "missing-cell": (
        "the row ends before this field",
        "add the missing comma; an empty cell needs one too",
    ),
    "incorrect-label": (
        "the header has another label here",
        "use the schema's names in their order",
    ),
    "missing-label": ("the header lacks this field", "add the column, empty if need be"),
    "extra-label": ("the header has a column that the schema does not know", "remove it"),
    "duplicate-label": ("the header has this label twice", "rename or remove one"),
    "blank-label": ("a label in the header is empty", "name the column"),
    "source-error": ("the file is empty", "start it with the header, the field names in order"),
    "format-error": (
        "the table was not read: nobody here reads the format that its file is in",
        'declare "format" (such as "csv") in the resource, or rename the file',
    ),
    "scheme-error": ("the file is missing or cannot be read", "create it, or correct its path"),
    "encoding-error": ("the file is not text in its declared encoding", "save the file as UTF-8"),
}


def explain_type(field: Field, value: str) -> tuple[str, str]:
    """Message and hint for a cell that is not of its field's type."""
    example = _FORMAT_EXAMPLES.get(field.format) or _TYPE_EXAMPLES.get(field.type)
    expected = example or f"a value of type {field.type} ({field.format})"
    return f"{quoted(value)} is not of type {field.type}", f"expected {expected}"


def explain_constraint(field: Field, constraint: str, value: str) -> tuple[str, str]:
    """Message and hint for a cell that breaks one constraint of its field."""
    limit: Any = field.constraints.get(constraint)
    got = f"got {quoted(value)}"
    size = _size(field, value)
    sentences = {
        "required": ("the cell is empty", f"fill it: {field.description or 'it is required'}"),
        "unique": (f"{quoted(value)} stands in another row too", "it must be unique; change one"),
        "enum": (f"{quoted(value)} is not allowed", f"use one of: {_listed(limit)}"),
        "pattern": (f"{quoted(value)} does not match the pattern {limit}", field.description),
        "minLength": (f"{size} too few", f"at least {limit}; {got}"),
        "maxLength": (f"{size} too many", f"at most {limit}; {got}"),
        "minimum": (f"{quoted(value)} is too small", f"at least {limit}"),
        "maximum": (f"{quoted(value)} is too large", f"at most {limit}"),
        "exclusiveMinimum": (f"{quoted(value)} is too small", f"more than {limit}"),
        "exclusiveMaximum": (f"{quoted(value)} is too large", f"less than {limit}"),
    }
    fallback = (f"{quoted(value)} breaks the constraint {constraint}", f"it is {limit!r}")
    return sentences.get(constraint, fallback)


def _size(field: Field, value: str) -> str:
    """How long a value is, in what its type counts."""
    number, what = len(value), "character"
    if field.type == "list":
        number, what = len(value.split(field.raw.get("delimiter") or ",")), "item"
    elif field.type in ("array", "object"):
        what = "item" if field.type == "array" else "property"
        with suppress(ValueError, TypeError, RecursionError):
            number = len(json.loads(value))
    many = "properties" if what == "property" else f"{what}s"
    return f"{number} {what} is" if number == 1 else f"{number} {many} are"


def explain_primary_key(key: str | None, note: str) -> tuple[str, str]:
    """Message and hint for a primary key that is empty or stands twice."""
    if key is None:
        return "the primary key is empty", "give the record an id"
    if note == MISTYPED:
        return f"the primary key {quoted(key)} has no value", "correct what is not of its type"
    return f"the primary key {quoted(key)} is {note}", "ids are unique: change or remove one record"


def explain_foreign_key(values: str, table: str, fields: str) -> tuple[str, str]:
    """Message and hint for a reference to a record that does not exist."""
    return (
        f"{quoted(values)} is no {fields} in the table {table!r}",
        f"correct the spelling, or add the record to {table!r}",
    )


def explain_extension(
    code: str, field: Field | None, value: str, detail: str = ""
) -> tuple[str, str]:
    """Message and hint for a finding that frictionless does not make.

    ``detail`` is what is wrong by a JSON Schema, or how an odd notation is mended.
    """
    if code == "untidy-text":
        return explain_untidy(value)
    if code == "pattern-not-whole" and field is not None:
        pattern = field.constraints.get("pattern")
        return f"only a part of {quoted(value)} matches the pattern {pattern}", field.description
    if code == "odd-notation" and field is not None:
        hint = detail or "write it as the standard does"
        return f"{quoted(value)} is an odd notation, which other software refuses", hint
    if code == "category-unknown" and field is not None:
        allowed = [
            each.get("value") if isinstance(each, dict) else each
            for each in field.raw.get("categories", ())
        ]
        return f"{quoted(value)} is no category of the field", f"use one of: {_listed(allowed)}"
    return {
        "key-part-missing": ("a part of the primary key is empty", "fill every field of the key"),
        "unique-keys": (
            f"{quoted(value)} stands in another row too",
            "the fields together must be unique",
        ),
        "unclosed-quote": (
            "a quote opens here that is not closed where the cell ends, "
            "so that what follows it was taken for one cell",
            "close it, or double each quote that is part of the text",
        ),
        "stray-quote": (
            f"text follows a closed quote; it reads as {quoted(value)} here, elsewhere perhaps not",
            "put quotes round the whole cell, and double each quote that is part of the text",
        ),
        "json-schema": (
            f"{quoted(value)} is not as the field's JSON Schema has it",
            detail,
        ),
    }[code]


def mend_notation(canonical: str | None, missing: Collection[str]) -> str:
    """How an odd notation is mended, given what means that a cell is missing."""
    if canonical is None:
        return ""
    if canonical in missing:
        return f"written plainly it is {canonical}, which means missing here: change one of the two"
    return f"write it as {canonical}"


def explain_file(code: str, detail: str) -> tuple[str, str]:
    """Message and hint for what frictionless does not say of the files of a table.

    ``detail`` is the name of the first file, or of an encoding.
    """
    return {
        "part-header": (
            f"the first line of this file is not the header of {detail}",
            "give each file of the table the same header in its first line",
        ),
        "encoding-guessed": (
            f"no encoding is declared and the file is not UTF-8; it was read as {detail}, a guess",
            f'declare it ("encoding": "{detail}", if that is right), or save the file as UTF-8',
        ),
    }[code]


def explain_untidy(value: str) -> tuple[str, str]:
    """Message and hint for a text with a hidden character in it, or white space around it."""
    hidden = hidden_character(value)
    if hidden is None:
        message = f"{quoted(value)} has white space around it"
    elif hidden in LOST:
        message = f"{quoted(value)} has {character_name(hidden)} in place of a character"
        return message, "a reading in the wrong encoding lost it: write the character itself"
    else:
        message = f"{quoted(value)} has {character_name(hidden)}, which nobody sees"
    return message, "remove it: two texts that look alike are told apart by it"


def explain_inline(keys: Sequence[str]) -> tuple[str, str]:
    """Message and hint for rows in the descriptor that are said to be in some kind of file."""
    named = " and ".join(f'"{each}"' for each in keys)
    return (
        f"the rows stand in the descriptor itself, and {named} says how a file is read",
        f"leave {named} out",
    )


def explain(code: str, note: str, value: str = "") -> tuple[str, str]:
    """Message and hint for any other finding, about a label if it has a value."""
    if code == "source-error" and note and note != _EMPTY:
        return f"the table cannot be read: {note}", "correct it where it is broken"
    message, hint = _FIXED.get(code, (note or code.replace("-", " "), "see the message"))
    if code.endswith("-label") and value and (hidden := hidden_character(value)) is not None:
        message = f"{message}: {quoted(value)} has {character_name(hidden)}, which nobody sees"
    # The note of a missing file names this machine's folders.
    detail = f" ({note})" if note and code in _FIXED and code != "scheme-error" else ""
    return message + detail, hint


def _listed(values: Any) -> str:
    return ", ".join(map(str, values)) if isinstance(values, list) else str(values)
