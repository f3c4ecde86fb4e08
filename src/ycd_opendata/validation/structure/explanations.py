"""What a structural finding says to the person who has to mend it.

The codes are frictionless's; the sentences are ours, and the same for every engine.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from contextlib import suppress
from typing import Any

from ycd_opendata.messages import language, mark, say, say_of
from ycd_opendata.package.model import Field, in_language
from ycd_opendata.shown import quoted
from ycd_opendata.validation.hidden_characters import LOST, character_name, hidden_character
from ycd_opendata.validation.library_sentences import translated

_TYPE_EXAMPLES = {
    "integer": mark("a whole number, such as 42"),
    "number": mark("a number with a point, such as 12.5"),
    "boolean": mark("true or false"),
    "date": mark("a date, such as 2022-01-17"),
    "datetime": mark("a date and time, such as 2022-01-17T09:00:00Z"),
    "time": mark("a time, such as 09:00:00"),
    "year": mark("a year of four digits, such as 2022"),
    "yearmonth": mark("a month, such as 2022-01"),
}
_FORMAT_EXAMPLES = {
    "uri": mark("a web address, such as https://example.org/"),
    "email": mark("a mail address"),
}

CHANGED_DATES = mark(
    "your spreadsheet changed dates: `ycd format` puts back those that are certain; "
    "set such columns to text before you edit them"
)
"""The hint at a date that is not as a person or program writes it for others to read."""

MISTYPED = "not of its type"
"""The note on a primary key whose cells are filled, but none with a value of its type."""

_EMPTY = "the source is empty"  # frictionless's words

_RENEW = mark("look whether the file is the one that is meant; then correct the key, or remove it")

_FIXED = {
    "blank-row": (mark("the row is empty"), mark("delete it")),
    "extra-cell": (
        mark("the row has more cells than the header"),
        mark("put quotes around a cell that holds a comma, or delete the extra one"),
    ),
    "missing-cell": (
        mark("the row ends before this field"),
        mark("add the missing comma; an empty cell needs one too"),
    ),
    "incorrect-label": (
        mark("the header has another label here"),
        mark("use the schema's names in their order"),
    ),
    "missing-label": (
        mark("the header lacks this field"),
        mark("add the column, empty if need be"),
    ),
    "extra-label": (
        mark("the header has a column that the schema does not know"),
        mark("remove it"),
    ),
    "duplicate-label": (mark("the header has this label twice"), mark("rename or remove one")),
    "blank-label": (mark("a label in the header is empty"), mark("name the column")),
    "source-error": (
        mark("the file is empty"),
        mark("start it with the header, the field names in order"),
    ),
    "format-error": (
        mark("the table was not read: nobody here reads the format that its file is in"),
        mark('declare "format" (such as "csv") in the resource, or rename the file'),
    ),
    "scheme-error": (
        mark("the file is missing or cannot be read"),
        mark("create it, or correct its path"),
    ),
    "encoding-error": (
        mark("the file is not text in its declared encoding"),
        mark("save the file as UTF-8; from GBK `ycd format` does it"),
    ),
    "compression-error": (
        mark("the file cannot be unpacked"),
        mark("pack it again, or correct its name or compression"),
    ),
    "hash-count": (mark('the file has another hash than "hash" says'), _RENEW),
    "byte-count": (mark('the file has another size than "bytes" says'), _RENEW),
    "field-count": (mark('the table has another number of fields than "fields" says'), _RENEW),
    "row-count": (mark('the table has another number of rows than "rows" says'), _RENEW),
    "error": (
        mark("the table was not read"),
        mark("install what is asked for, or save the table as CSV"),
    ),
}


_CONSTRAINTS = {
    "required": (mark("the cell is empty"), mark("fill it: {why}")),
    "unique": (mark("{value} stands in another row too"), mark("it must be unique; change one")),
    "enum": (mark("{value} is not allowed"), mark("use one of: {limit}")),
    "pattern": (mark("{value} does not match the pattern {limit}"), ""),
    "minLength": (mark("{size} too few"), mark("at least {limit}; got {value}")),
    "maxLength": (mark("{size} too many"), mark("at most {limit}; got {value}")),
    "minimum": (mark("{value} is too small"), mark("at least {limit}")),
    "maximum": (mark("{value} is too large"), mark("at most {limit}")),
    "exclusiveMinimum": (mark("{value} is too small"), mark("more than {limit}")),
    "exclusiveMaximum": (mark("{value} is too large"), mark("less than {limit}")),
}


_EXTENSIONS = {
    "category-unknown": (mark("{value} is no category of the field"), mark("use one of: {limit}")),
    "json-schema": (mark("{value} is not as the field's JSON Schema has it"), ""),
    "key-part-missing": (
        mark("a part of the primary key is empty"),
        mark("fill every field of the key"),
    ),
    "odd-notation": (
        mark("{value} is an odd notation, which other software refuses"),
        mark("write it as the standard does"),
    ),
    "pattern-not-whole": (mark("only a part of {value} matches the pattern {pattern}"), ""),
    "stray-quote": (
        mark("text follows a closed quote; it reads as {value} here, elsewhere perhaps not"),
        mark("put quotes round the whole cell, and double each quote that is part of the text"),
    ),
    "unclosed-quote": (
        mark(
            "a quote opens here that is not closed where the cell ends, "
            "so that what follows it was taken for one cell"
        ),
        mark("close it, or double each quote that is part of the text"),
    ),
    "unique-keys": (
        mark("{value} stands in another row too"),
        mark("the fields together must be unique"),
    ),
}

_FILES = {
    "encoding-guessed": (
        mark("no encoding is declared and the file is not UTF-8; it was read as {detail}, a guess"),
        mark('declare it ("encoding": "{detail}", if that is right), or save the file as UTF-8'),
    ),
    "part-header": (
        mark("the first line of this file is not the header of {detail}"),
        mark("give each file of the table the same header in its first line"),
    ),
}

_ALIKE = mark("remove it: two texts that look alike are told apart by it")
_UNTIDY = {
    "hidden": (mark("{value} has {character}, which nobody sees"), _ALIKE),
    "lost": (
        mark("{value} has {character} in place of a character"),
        mark("a reading in the wrong encoding lost it: write the character itself"),
    ),
    "padded": (mark("{value} has white space around it"), _ALIKE),
}


def explain_type(field: Field, value: str) -> tuple[str, str]:
    """Message and hint for a cell that is not of its field's type."""
    if _is_changed_date(field, value):
        return say("{value} is a date as a spreadsheet shows it", value=quoted(value)), say(
            CHANGED_DATES
        )
    example = _FORMAT_EXAMPLES.get(field.format) or _TYPE_EXAMPLES.get(field.type)
    expected = (
        say(example)
        if example
        else say("a value of type {type} ({format})", type=field.type, format=field.format)
    )
    return (
        say("{value} is not of type {type}", value=quoted(value), type=field.type),
        say("expected {expected}", expected=expected),
    )


def explain_constraint(field: Field, constraint: str, value: str) -> tuple[str, str]:
    """Message and hint for a cell that breaks one constraint of its field."""
    limit: Any = field.constraints.get(constraint)
    shown = quoted(value)
    if constraint == "pattern" and _is_changed_date(field, value):
        return say("{value} is a date as a spreadsheet shows it", value=shown), say(CHANGED_DATES)
    if constraint not in _CONSTRAINTS:
        return (
            say("{value} breaks the constraint {constraint}", value=shown, constraint=constraint),
            say("it is {limit!r}", limit=limit),
        )
    message, hint = _CONSTRAINTS[constraint]
    if constraint == "enum":
        limit = _listed(limit)
    size = _size(field, value) if constraint.endswith("Length") else ""
    why = _described(field) or say("it is required") if constraint == "required" else ""
    return (
        say(message, value=shown, limit=limit, size=size),
        say(hint, value=shown, limit=limit, why=why) if hint else _described(field),
    )


def _is_changed_date(field: Field, value: str) -> bool:
    if not field.is_dated:
        return False
    # Loaded late: only some findings ask.
    from ycd_opendata.repairs.written_days import is_of_a_spreadsheet

    return is_of_a_spreadsheet(value)


def _size(field: Field, value: str) -> str:
    """How long a value is, in what its type counts."""
    number = len(value)
    if field.type == "list":
        number = len(value.split(field.raw.get("delimiter") or ","))
    elif field.type in ("array", "object"):
        with suppress(ValueError, TypeError, RecursionError):
            number = len(json.loads(value))
    if field.type == "object":
        return say_of(number, "{number} property is", "{number} properties are")
    if field.type in ("list", "array"):
        return say_of(number, "{number} item is", "{number} items are")
    return say_of(number, "{number} character is", "{number} characters are")


def explain_primary_key(key: str | None, note: str) -> tuple[str, str]:
    """Message and hint for a primary key that is empty or stands twice."""
    if key is None:
        return say("the primary key is empty"), say("give the record an id")
    if note == MISTYPED:
        return (
            say("the primary key {key} has no value", key=quoted(key)),
            say("correct what is not of its type"),
        )
    return (
        say("the primary key {key} is {note}", key=quoted(key), note=translated(note)),
        say("ids are unique: change or remove one record"),
    )


def explain_foreign_key(values: str, table: str, fields: str) -> tuple[str, str]:
    """Message and hint for a reference to a record that does not exist."""
    return (
        say(
            "{values} is no {fields} in the table {table!r}",
            values=quoted(values),
            fields=fields,
            table=table,
        ),
        say("correct the spelling, or add the record to {table!r}", table=table),
    )


def explain_extension(
    code: str, field: Field | None, value: str, detail: str = ""
) -> tuple[str, str]:
    """Message and hint for a finding that frictionless does not make.

    ``detail`` is what is wrong by a JSON Schema, or how an odd notation is mended.
    """
    if code == "untidy-text":
        return explain_untidy(value)
    message, hint = _EXTENSIONS[code]
    allowed = [each.get("value") for each in (field.categories if field else ())]
    pattern = field.constraints.get("pattern") if field else ""
    gaps = {"value": quoted(value), "pattern": pattern, "limit": _listed(allowed)}
    if code == "pattern-not-whole" and field:
        detail = _described(field)
    return say(message, **gaps), detail or (say(hint, **gaps) if hint else "")


def mend_notation(canonical: str | None, missing: Collection[str]) -> str:
    """How an odd notation is mended, given what means that a cell is missing."""
    if canonical is None:
        return ""
    if canonical in missing:
        odd = mark("written plainly it is {text}, which means missing here: change one of the two")
        return say(odd, text=canonical)
    return say("write it as {canonical}", canonical=canonical)


def explain_file(code: str, detail: str) -> tuple[str, str]:
    """Message and hint for what frictionless does not say of the files of a table.

    ``detail`` is the name of the first file, or of an encoding.
    """
    message, hint = _FILES[code]
    return say(message, detail=detail), say(hint, detail=detail)


def explain_untidy(value: str) -> tuple[str, str]:
    """Message and hint for a text with a hidden character in it, or white space around it."""
    hidden = hidden_character(value)
    kind = "padded" if hidden is None else "lost" if hidden in LOST else "hidden"
    message, hint = _UNTIDY[kind]
    return say(message, value=quoted(value), character=character_name(hidden or " ")), say(hint)


def explain_inline(keys: Sequence[str]) -> tuple[str, str]:
    """Message and hint for rows in the descriptor: none, or said to be in some kind of file."""
    if not keys:
        hint = say("write it as a list with an object, or a list of cells, for each row")
        return say("the data in the descriptor is no list of rows"), hint
    named = say(" and ").join(f'"{each}"' for each in keys)
    message = mark("the rows stand in the descriptor itself, and {named} says how a file is read")
    return say(message, named=named), say("leave {named} out", named=named)


def explain(code: str, note: str, value: str = "") -> tuple[str, str]:
    """Message and hint for any other finding, about a label if it has a value."""
    is_odd = code == "source-error" and note and note != _EMPTY
    # frictionless says so of a workbook that is broken, or lacks a sheet, too.
    if is_odd or (code == "format-error" and not note.endswith("supported")):
        return (
            say("the table cannot be read: {note}", note=translated(note)),
            say("correct it where it is broken"),
        )
    message, hint = map(say, _FIXED.get(code, ("", mark("see the message"))))
    if not message:
        message = translated(note) or code.replace("-", " ")
    if code.endswith("-label") and value and hidden_character(value) is not None:
        message = say(": ").join((message, explain_untidy(value)[0]))
    # The note of a missing file names this machine's folders.
    if note and code in _FIXED and code != "scheme-error":
        message = say("{message} ({note})", message=message, note=translated(note))
    return message, hint


def _described(field: Field) -> str:
    return in_language(field.raw, "description", language())


def _listed(values: Any) -> str:
    return ", ".join(map(str, values)) if isinstance(values, list) else str(values)
