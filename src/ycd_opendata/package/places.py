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


def listed_objects(raw: Mapping[str, Any], key: str) -> tuple[dict[str, Any], ...]:
    """The objects that a description lists under a key, whatever it is."""
    listed = raw.get(key)
    return (
        tuple(each for each in listed if isinstance(each, dict)) if isinstance(listed, list) else ()
    )


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


class FaultError(ValueError):
    """What keeps a text from being JSON that every program reads the same, and where.

    How it is told is for the caller to say; ``what`` takes the place of its usual words.
    """

    def __init__(
        self,
        reason: str,
        hint: str = "",
        mark: Mark | None = None,
        place: Place = (),
        what: str = "",
    ) -> None:
        super().__init__(reason)
        self.reason, self.hint, self.mark, self.place, self.what = reason, hint, mark, place, what


def too_deep() -> str:
    """Why nothing that is nested so deeply is read."""
    return say("it is nested more than {deepest} deep", deepest=DEEPEST)


def shown_place(place: Place) -> str:
    """A place as people write it: ``resources[0].schema.fields[2]``."""
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in place)
    return visible(text.removeprefix("."))


def line_of(place: Place, lines: Mapping[Place, int]) -> int | None:
    """The line of a key or list item, or of the nearest thing around it, among those known."""
    around = (place[:end] for end in range(len(place), 0, -1))
    return next((lines[each] for each in around if each in lines), None)


def without_nulls(raw: Any) -> Any:
    """A copy of a descriptor without keys that are null, which ask for nothing.

    Rows that stand in it stay as they are.
    """
    if isinstance(raw, dict):
        return {
            key: item if key == "data" else without_nulls(item)
            for key, item in raw.items()
            if item is not None
        }
    return [*map(without_nulls, raw)] if isinstance(raw, list) else raw


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


def first_fault(items: Iterable[Item]) -> FaultError | None:
    """The first thing in a description that is no JSON, or that programs read differently."""
    seen: dict[Place, Mark] = {}
    for item in items:
        if odd := oddity(item.value):
            return FaultError(*odd, item.mark, item.place)
        if item.is_key and item.place in seen:
            key, line = visible(item.value), seen[item.place].line
            return FaultError(
                say('the key "{key}" stands twice, first on line {line}', key=key, line=line),
                say("one of the two is read, and which one depends on the program: remove one"),
                item.mark,
                item.place,
            )
        if item.is_key:
            seen[item.place] = item.mark
    return None


def oddity(value: Any) -> tuple[str, str] | None:
    """What keeps a value from being one of JSON that every program reads, and what to do."""
    if isinstance(value, float) and math.isinf(value):
        what = say("a number is infinite, or beyond the 1.8e308 that programs can hold")
        return what, say("write a smaller one, or leave the key out")
    if isinstance(value, float) and math.isnan(value):
        return say("NaN is no JSON"), say("write a number, or leave the key out")
    if isinstance(value, str) and "\0" in value:
        hint = say("remove it: databases and files refuse it")
        return say("a text holds a NUL character"), hint
    if isinstance(value, str) and _SURROGATE.search(value):
        return say("a text holds half a character"), say("write the character itself, as UTF-8")
    return None
