"""The TOML of a package's settings, read with distrust, and where things stand in it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from typing import Any

from ycd_opendata.errors import DescriptorError
from ycd_opendata.messages import say
from ycd_opendata.package.documents import decoded
from ycd_opendata.package.places import Place, line_of, too_deep

MOST_BYTES = 2**18

_LINE = re.compile(r"at line (\d+)")


def parse_toml(content: bytes, name: str) -> tuple[str, dict[str, Any]]:
    """The text and the value of a TOML file.

    Raises DescriptorError where it is not UTF-8, broken, or very large or deep, with the line where
    one is known.
    """
    if len(content) > MOST_BYTES:
        raise DescriptorError(
            say("{name!r} has more than {most:,} bytes", name=name, most=MOST_BYTES), name
        )
    try:
        text = decoded(content, name).replace("\r\n", "\n")
        return text, tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = _LINE.search(str(error))
        # At the end of the document no line is named.
        line = int(found[1]) if found else text.count("\n") + 1
        message = say("{name!r} is broken TOML: {error}", name=name, error=error)
        hint = say(
            "a missing quote, bracket or comma, or a key that stands twice, is the usual cause"
        )
        raise DescriptorError(message, name, line, hint=hint) from error
    except RecursionError as error:
        raise DescriptorError(
            say("{name!r} cannot be read: {too_deep}", name=name, too_deep=too_deep()), name
        ) from error


def toml_line(text: str, place: Place) -> int | None:
    """The line of a key or list item in a TOML text, or of the nearest thing around it."""
    found: dict[Place, int] = {}
    for line, statement, around in _statements(text):
        for inside, sought in _places(around, tomllib.loads(statement), ""):
            below = statement.count("\n", 0, max(statement.find(sought), 0))
            found.setdefault(inside, line + below)
    return line_of(place, found)


def _statements(text: str) -> Iterator[tuple[int, str, Place]]:
    """Each key with its value, or header of a table: its line, its text, and the table's place."""
    start, held = 1, ""
    around: Place = ()
    counts: dict[Place, int] = {}
    for number, line in enumerate(text.split("\n"), 1):
        held += line + "\n"
        try:
            value = tomllib.loads(held)
        except tomllib.TOMLDecodeError:
            continue  # a text or list that goes on
        header = held.strip()
        if header.startswith("["):
            around = _path(value, counts, is_list=header.startswith("[["))
            yield start, "", around
        elif value:
            yield start, held, around
        start, held = number + 1, ""


def _path(value: Any, counts: dict[Place, int], *, is_list: bool) -> Place:
    """The place of the table that a header opens."""
    place: Place = ()
    while value:
        [(key, value)] = value.items()
        place = (*place, key)
        if isinstance(value, list):
            value = value[0]
        if place in counts and value:
            place = (*place, counts[place] - 1)
    if not is_list:
        return place
    counts[place] = counts.get(place, 0) + 1
    return (*place, counts[place] - 1)


def _places(around: Place, value: Any, sought: str) -> Iterator[tuple[Place, str]]:
    """Each key and list item of a value, and the text that tells where it is written."""
    if around:
        yield around, sought
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _places((*around, key), item, key)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            is_text = isinstance(item, str)
            yield from _places((*around, index), item, item if is_text else sought)
