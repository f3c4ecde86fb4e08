"""The JSON and YAML files of a package's description, read with distrust.

Python's reader of JSON takes more than JSON: ``NaN``, a key twice, a text with a NUL in it. Such
a file means something else to the next program, so it is refused here, with the place. What is
fast comes first; places are looked for once there is something to say of one.
"""

from __future__ import annotations

import json
import re
from codecs import BOM_UTF8
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NoReturn

from ycd_opendata.errors import DescriptorError, MissingExtraError
from ycd_opendata.messages import mark, say
from ycd_opendata.package.places import (
    DEEPEST,
    FaultError,
    Item,
    Mark,
    Place,
    first_fault,
    line_of,
    oddity,
    shown_place,
    too_deep,
)

YAML_ENDINGS = (".yaml", ".yml")

MOST_BYTES = 2**25

_ODD_ESCAPE = re.compile(r"\\u(?:0000|[dD][89a-fA-F])")
_TOKEN = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"|[{}\[\]:,]|[^\s{}\[\]:,"]+', re.DOTALL)
_KINDS = {list: mark("list"), str: mark("text"), bool: mark("truth value"), type(None): "null"}
_WIDE = {b"\xff\xfe": "UTF-16 or UTF-32", b"\xfe\xff": "UTF-16", b"\0\0": "UTF-32"}


@dataclass(frozen=True)
class Document:
    """One file of a description: its name for people, its text and its value.

    ``has_mark`` says that it starts with a byte order mark.
    """

    name: str
    text: str
    value: Mapping[str, Any]
    has_mark: bool = False

    def line(self, place: Place) -> int | None:
        """The line of a key or list item, or of the nearest thing around it."""
        return line_of(place, self._lines)

    @cached_property
    def _lines(self) -> dict[Place, int]:
        lines: dict[Place, int] = {}
        for item in _items(self.name, self.text):
            # The key of a pair comes before its value, which may stand lines below.
            lines.setdefault(item.place, item.mark.line)
        return lines


def parse_document(content: bytes, name: str) -> Document:
    """Read one JSON or, by the ending of its name, YAML object.

    Raises DescriptorError where it is not UTF-8, broken, no object, very large or deep, or it has
    what JSON has not, with the line where one is known; MissingExtraError where it is YAML, and
    nothing here reads that.
    """
    if len(content) > MOST_BYTES:
        _refuse(name, FaultError(say("it has more than {most:,} bytes", most=MOST_BYTES)))
    text = decoded(content, name)
    try:
        if _is_yaml(name):
            # Loaded late: most descriptions are JSON.
            try:
                from ycd_opendata.package.yaml_notation import parse_yaml
            except ImportError as error:
                raise MissingExtraError("reading YAML", "publish") from error
            value = parse_yaml(text)
        else:
            value = _parse_json(text)
    except FaultError as error:
        _refuse(name, error)
    if not isinstance(value, dict):
        raise DescriptorError(
            say(
                "{name!r} holds a JSON {kind}, not an object",
                name=name,
                kind=say(_KINDS.get(type(value), "number")),
            ),
            name,
        )
    return Document(name, text, value, has_mark=content.startswith(BOM_UTF8))


def _refuse(name: str, fault: FaultError) -> NoReturn:
    usual = mark("cannot be read") if _is_yaml(name) else mark("cannot be read as JSON")
    said, line = f"{name!r} {fault.what or say(usual)}", None
    if fault.mark:
        line, column = fault.mark
        said += say(", line {line} column {column}", line=line, column=column)
    said += say(": ") + fault.reason
    if fault.place:
        said += say(" (at {place})", place=shown_place(fault.place))
    raise DescriptorError(said, name, line, hint=fault.hint)


def decoded(content: bytes, name: str) -> str:
    """The text of a file of a description; DescriptorError where it is not UTF-8."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        wide = next((what for mark, what in _WIDE.items() if content.startswith(mark)), "")
        line = content.count(b"\n", 0, error.start) + 1
        is_what = (
            say("is {wide}, not UTF-8", wide=wide)
            if wide
            else say("is not UTF-8, line {line} (byte {start})", line=line, start=error.start + 1)
        )
        raise DescriptorError(
            say("{name!r} {what}", name=name, what=is_what),
            name,
            None if wide else line,
            hint=say("save it as UTF-8"),
        ) from error


def _parse_json(text: str) -> Any:
    try:
        value = json.loads(
            text, object_pairs_hook=_without_repetition, parse_constant=_finite, parse_float=_finite
        )
        if _ODD_ESCAPE.search(text):
            _raise_first_fault(_json_items(text))
    except json.JSONDecodeError as error:
        hint = say("a missing or extra comma, quote or bracket is the usual cause")
        mark = Mark(error.lineno, error.colno)
        raise FaultError(say(error.msg), hint, mark, what=say("is broken JSON")) from error
    except RecursionError as error:
        raise FaultError(too_deep()) from error
    except FaultError:
        _raise_first_fault(_json_items(text))
        raise
    except ValueError as error:  # a number of more digits than Python takes
        raise FaultError(say("a number has thousands of digits"), say("write a text")) from error
    _refuse_depth(value)
    return value


def _raise_first_fault(items: Iterable[Item]) -> None:
    fault = first_fault(items)
    if fault is not None:
        raise fault


def _without_repetition(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise FaultError(say("a key stands twice"))
    return found


def _finite(text: str) -> float:
    number = float(text)
    if odd := oddity(number):
        raise FaultError(*odd)
    return number


def _refuse_depth(value: Any) -> None:
    """Raise FaultError for JSON so deep that whatever walks through it would fail."""
    level = [value]
    for _ in range(DEEPEST):
        level = [
            inner
            for each in level
            if isinstance(each, dict | list)
            for inner in (each.values() if isinstance(each, dict) else each)
        ]
        if not level:
            return
    raise FaultError(too_deep())


def _is_yaml(name: str) -> bool:
    return name.lower().endswith(YAML_ENDINGS)


def _items(name: str, text: str) -> Iterator[Item]:
    if not _is_yaml(name):
        return _json_items(text)
    from ycd_opendata.package.yaml_notation import yaml_items

    return yaml_items(text)


def _json_items(text: str) -> Iterator[Item]:
    """The keys and values of a JSON text, as far as it is JSON."""
    parts: list[str | int | None] = []  # None where the next text is a key
    line, line_start, at = 1, 0, 0
    for match in _TOKEN.finditer(text):
        token, start = match[0], match.start()
        breaks = text.count("\n", at, start)
        if breaks:
            line, line_start = line + breaks, text.rindex("\n", at, start) + 1
        at = start
        mark = Mark(line, start - line_start + 1)
        if token == ":":
            continue
        if token == ",":
            if parts:
                parts[-1] = parts[-1] + 1 if isinstance(parts[-1], int) else None
        elif token in ("}", "]"):
            if parts:
                parts.pop()
        elif parts and parts[-1] is None:
            parts[-1] = key = _scalar(token)
            yield Item(_place(parts), mark, key, is_key=True)
        else:
            is_holder = token in ("{", "[")
            yield Item(_place(parts), mark, None if is_holder else _scalar(token), is_key=False)
            if is_holder:
                parts.append(None if token == "{" else 0)


def _place(parts: list[str | int | None]) -> Place:
    return tuple(each for each in parts if each is not None)


def _scalar(token: str) -> Any:
    try:
        return json.loads(token, strict=False)
    except ValueError:
        return token
