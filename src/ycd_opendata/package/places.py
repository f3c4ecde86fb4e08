"""Places in a description, and what is wrong there, whatever notation it is written in."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from ycd_opendata.messages import say
from ycd_opendata.shown import visible

Place = tuple[str | int, ...]
"""The keys and indexes that lead to something in a description."""

DEEPEST = 100


def listed_resources(raw: Mapping[str, Any]) -> Iterator[tuple[int, dict[str, Any]]]:
    """The resources of a descriptor, whatever it is: each that is an object, and its index."""
    resources = raw.get("resources")
    for index, each in enumerate(resources if isinstance(resources, list) else ()):
        if isinstance(each, dict):
            yield index, each


_SURROGATE = re.compile(r"[\ud800-\udfff]")


class Mark(NamedTuple):
    """Where something stands in a text, both counted from 1."""

    line: int
    column: int


class Item(NamedTuple):
    """A key of an object (``key`` is its text) or a value of either notation, and its place."""

    place: Place
    mark: Mark
    value: Any
    is_key: bool


class Fault(NamedTuple):
    """What keeps a text from being JSON that every program reads the same, and where."""

    reason: str
    hint: str
    mark: Mark | None = None
    place: Place = ()
    what: str = ""


class FaultError(ValueError):
    """A text has a fault; how it is told is for the caller to say."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.reason)
        self.fault = fault


def too_deep() -> str:
    """Why nothing that is nested so deeply is read."""
    return say("it is nested more than {deepest} deep", deepest=DEEPEST)


def shown_place(place: Place) -> str:
    """A place as people write it: ``resources[0].schema.fields[2]``."""
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in place)
    return visible(text.removeprefix("."))


def without(raw: Any, places: tuple[Place, ...]) -> Any:
    """A copy of a descriptor without what stands at these places."""
    gone = {*places}

    def kept(value: Any, place: Place) -> Any:
        if isinstance(value, dict):
            return {
                key: kept(item, (*place, key))
                for key, item in value.items()
                if (*place, key) not in gone
            }
        if isinstance(value, list):
            return [
                kept(item, (*place, index))
                for index, item in enumerate(value)
                if (*place, index) not in gone
            ]
        return value

    return kept(raw, ())


def first_fault(items: Iterable[Item]) -> Fault | None:
    """The first thing in a description that is no JSON, or that programs read differently."""
    seen: dict[Place, Mark] = {}
    for item in items:
        fault = fault_of(item.value)
        if fault is not None:
            return fault._replace(mark=item.mark, place=item.place)
        if item.is_key:
            if item.place in seen:
                reason = say(
                    'the key "{key}" stands twice, first on line {line}',
                    key=visible(item.value),
                    line=seen[item.place].line,
                )
                return Fault(
                    reason,
                    say("one of the two is read, and which one depends on the program: remove one"),
                    item.mark,
                    item.place,
                )
            seen[item.place] = item.mark
    return None


def fault_of(value: Any) -> Fault | None:
    """What keeps a value from being one of JSON that every program reads, if anything does."""
    if isinstance(value, float) and math.isinf(value):
        return Fault(
            say("a number is infinite, or beyond the 1.8e308 that programs can hold"),
            say("write a smaller one, or leave the key out"),
        )
    if isinstance(value, float) and math.isnan(value):
        return Fault(say("NaN is no JSON"), say("write a number, or leave the key out"))
    if isinstance(value, str) and "\0" in value:
        return Fault(
            say("a text holds a NUL character"), say("remove it: databases and files refuse it")
        )
    if isinstance(value, str) and _SURROGATE.search(value):
        return Fault(
            say("a text holds half a character"), say("write the character itself, as UTF-8")
        )
    return None
