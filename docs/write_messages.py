"""Writes the catalogue of messages, ``ycd.po`` and what is compiled of it, from the code.

Run it after a change of a message: ``python docs/write_messages.py``. It keeps the translations
that there are, adds each new message without one, and drops those that are no longer said. A test
holds the catalogue to the code.
"""

from __future__ import annotations

import ast
import datetime
import inspect
import io
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from babel.messages import catalog
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

SOURCE = Path(__file__).parent.parent / "src" / "ycd_opendata"
CATALOGUE = SOURCE / "locale" / "zh" / "LC_MESSAGES" / "ycd.po"

Message = str | tuple[str, str]
"""A template, or one for a single thing and one for several."""

SAID = {
    *("say", "mark", "tell", "tell_aside", "refusal", "ExpressionError"),
    *("UnknownNameError", "MissingExtraError", "require_publish_extra"),
}
"""What takes templates: each text that it is given, but for the names of extras."""

_EXTRAS = {"polars", "publish", "spark"}

_EXPLAINS = {"help", "meaning"}
"""The arguments of options and arguments of commands that explain them."""

OF_RULES = {"record_rule", "CellRule", "RecordRule"}
"""What takes the templates of a rule, as ``message`` and ``hint``."""

OF_DATA: tuple[Message, ...] = (
    *("error", "warning"),
    *("package", "resource", "schema", "dialect", "field", "constraints", "reference"),
    *("schema of a resource", "dialect of the resource", "foreign key"),
)
"""Words that the code has as data, and says."""

OF_CLICK: tuple[Message, ...] = (
    "Usage:",
    "Options",
    "Commands",
    "default: {default}",
    "Show this message and exit.",
    "Error: {message}",
    "Try '{command} {option}' for help.",
    "Missing command.",
    "Missing argument",
    "Missing option",
    "Missing parameter",
    "No such option {name!r}.",
    "Did you mean {possibility}?",
    "Invalid value: {message}",
    "Invalid value for {param_hint}: {message}",
    "{value} is not in the range {range}.",
    "{value!r} is not a valid {number_type}.",
    "{name} {filename!r} is a file.",
    "{name} {filename!r} is a directory.",
    "{name} {filename!r} does not exist.",
    "{name} {filename!r} is not readable.",
    "{name} {filename!r} is not writable.",
    "file",
    "directory",
    "path",
    "Option {name!r} does not take a value.",
    "Aborted!",
    "Choose from:\n\t{choices}",
    ("Did you mean {possibility}?", "(Did you mean one of: {possibilities}?)"),
    ("{value!r} is not {choice}.", "{value!r} is not one of {choices}."),
    ("Got unexpected extra argument ({args})", "Got unexpected extra arguments ({args})"),
    (
        "Option {name!r} requires an argument.",
        "Option {name!r} requires {nargs} arguments.",
    ),
)
"""What click says of our commands; it looks its words up in our catalogue."""

OF_THE_SYSTEM: tuple[Message, ...] = (
    "No such file or directory",
    "Permission denied",
    "Is a directory",
    "Not a directory",
    "File exists",
    "File name too long",
    "No space left on device",
    "Read-only file system",
    "Input/output error",
    "Too many levels of symbolic links",
    "Address already in use",
    "Expecting value",
    "Expecting ',' delimiter",
    "Expecting ':' delimiter",
    "Expecting property name enclosed in double quotes",
    "Illegal trailing comma before end of object",
    "Illegal trailing comma before end of array",
    "Extra data",
    "Unterminated string starting at",
    "Invalid control character at",
    "Invalid \\escape",
    "Invalid \\uXXXX escape",
)
"""What the system says of files, and Python of broken JSON."""


def messages_in(text: str) -> Iterator[Message]:
    """The messages of a module, in the order in which they stand."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call):
            yield from _of_call(node)
        elif isinstance(node, ast.FunctionDef) and any(
            isinstance(each, ast.Name) and each.id == "command" for each in node.decorator_list
        ):
            yield inspect.cleandoc(ast.get_docstring(node) or "")


def _of_call(call: ast.Call) -> Iterator[Message]:
    name = call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")
    texts = [each.value if isinstance(each, ast.Constant) else None for each in call.args]
    if name in SAID:
        yield from (each for each in texts if isinstance(each, str) and each not in _EXTRAS)
    elif name == "counted" and len(texts) == 2 and isinstance(texts[1], str):
        yield f"{{number:,}} {texts[1]}", f"{{number:,}} {texts[1]}s"
    elif name == "say_of" and isinstance(texts[1], str) and isinstance(texts[2], str):
        yield texts[1], texts[2]
    explaining = {"message", "hint"} if name in OF_RULES else _EXPLAINS
    for each in call.keywords:
        if each.arg in explaining and isinstance(each.value, ast.Constant):
            yield str(each.value.value)


@cache
def extracted() -> dict[str, Message]:
    """Every message by its key."""
    found: dict[str, Message] = {}
    said = (
        message
        for path in sorted(SOURCE.rglob("*.py"))
        for message in messages_in(path.read_text("utf-8"))
    )
    for message in (*said, *OF_DATA, *OF_CLICK, *OF_THE_SYSTEM):
        key = message if isinstance(message, str) else message[0]
        # One for several things wins over one without.
        if key not in found or isinstance(found[key], str):
            found[key] = message
    return found


@cache
def written() -> Catalog:
    """The catalogue of today's messages, with the translations that there are."""
    before = known_catalogue()
    catalogue = Catalog("zh", project="ycd-opendata", charset="utf-8", fuzzy=False)
    catalogue.creation_date = catalogue.revision_date = datetime.datetime(
        2026, 1, 1, tzinfo=datetime.UTC
    )
    for key, message in sorted(extracted().items()):
        old = before.get(key)
        known = old is not None and type(old.id) is type(message)
        catalogue.add(message, old.string if old is not None and known else "")
    return catalogue


def known_catalogue() -> Catalog:
    """The catalogue as it is."""
    if not CATALOGUE.is_file():
        return Catalog("zh")
    with CATALOGUE.open("rb") as stream:
        return read_po(stream, locale="zh")


def as_po(catalogue: Catalog) -> bytes:
    """What the file for translators holds; every version of Babel writes the same."""
    stream = io.BytesIO()
    write_po(stream, catalogue, width=100, no_location=True)
    lines = stream.getvalue().splitlines(keepends=True)
    return b"".join(each for each in lines if b"Generated-By: Babel" not in each)


def as_mo(catalogue: Catalog) -> bytes:
    """What is read when a message is said."""
    stream = io.BytesIO()
    write_mo(stream, catalogue)
    return stream.getvalue()


def is_translated(message: catalog.Message) -> bool:
    """Whether each form of a message has a translation."""
    said = message.string
    return bool(said and all(said if isinstance(said, (tuple, list)) else (said,)))


def main() -> None:
    """Write both files, and say what has no translation."""
    catalogue = written()
    CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    CATALOGUE.write_bytes(as_po(catalogue))
    CATALOGUE.with_suffix(".mo").write_bytes(as_mo(catalogue))
    for each in catalogue:
        if each.id and not is_translated(each):
            sys.stdout.write(f"without a translation: {each.id!r}\n")


if __name__ == "__main__":
    main()
