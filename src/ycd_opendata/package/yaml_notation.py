"""YAML as a notation of JSON: what JSON cannot say is refused, as in JSON itself.

A day stays the text that it is in JSON; a key is always a text. Everything else is read as
PyYAML's safe loader reads it, which the other software of this field uses too.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import yaml
from yaml.constructor import ConstructorError, SafeConstructor

from ycd_opendata.messages import say
from ycd_opendata.package.places import (
    DEEPEST,
    FaultError,
    Item,
    Mark,
    Place,
    first_fault,
    too_deep,
)

_TAG = "tag:yaml.org,2002:"
_MERGE = f"{_TAG}merge"
_TEXTS = {f"{_TAG}{name}" for name in ("str", "timestamp", "value")}
_SCALARS = _TEXTS | {f"{_TAG}{name}" for name in ("int", "float", "bool", "null")}
_HOLDERS = {f"{_TAG}{name}" for name in ("map", "seq")}
_SPARE_NODES = 1000


def parse_yaml(text: str) -> Any:
    """The value of a YAML text.

    Raises FaultError where it is broken YAML, or says what JSON cannot.
    """
    node = _composed(text)
    if node is None:
        return None
    fault = first_fault(_walk(node, (), _allowed(text)))
    if fault is not None:
        raise fault
    return _value(node)


def yaml_items(text: str) -> Iterator[Item]:
    """The keys and values of a YAML text that was read before, with their places."""
    node = _composed(text)
    if node is not None:
        yield from _walk(node, (), _allowed(text))


def _composed(text: str) -> yaml.Node | None:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        # The composer of libyaml follows any depth, and falls over at some.
        depth = 0
        for event in yaml.parse(text, loader):
            depth += isinstance(event, yaml.CollectionStartEvent)
            depth -= isinstance(event, yaml.CollectionEndEvent)
            if depth > DEEPEST:
                raise FaultError(too_deep(), "", _mark(event))
        node: yaml.Node | None = yaml.compose(text, loader)
    except yaml.MarkedYAMLError as error:
        where = error.problem_mark or error.context_mark
        mark = Mark(where.line + 1, where.column + 1) if where else None
        reason = str(error.problem or error.context)
        hint = say("indentation, a colon or a quote is the usual cause")
        raise FaultError(reason, hint, mark, what=say("is broken YAML")) from error
    except yaml.YAMLError as error:  # a character that no YAML has
        reason = str(error).partition("\n")[0]
        raise FaultError(reason, say("remove the character"), what=say("is broken YAML")) from error
    return node


def _allowed(text: str) -> list[int]:
    """How many nodes a text may have, in a list to count down in: a node takes two characters."""
    return [_SPARE_NODES + len(text)]


def _walk(node: yaml.Node, place: Place, left: list[int]) -> Iterator[Item]:
    """The keys and values under a node; ``left`` counts down how many more there may be."""
    left[0] -= 1
    if left[0] < 0 or len(place) > DEEPEST:
        reason = say("its aliases make it endless") if left[0] < 0 else too_deep()
        raise FaultError(reason, say("write out what the aliases stand for"), _mark(node))
    if isinstance(node, yaml.CollectionNode):
        _refuse_tag(node, place, _HOLDERS)
    if isinstance(node, yaml.MappingNode):
        yield Item(place, _mark(node), None, is_key=False)
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise FaultError(say("a key is no text"), "", _mark(key), place)
            inside = (*place, key.value)
            yield Item(inside, _mark(key), key.value, is_key=True)
            yield from _walk(value, inside, left)
    elif isinstance(node, yaml.SequenceNode):
        yield Item(place, _mark(node), None, is_key=False)
        for index, value in enumerate(node.value):
            yield from _walk(value, (*place, index), left)
    elif isinstance(node, yaml.ScalarNode):
        yield Item(place, _mark(node), _scalar(node, place), is_key=False)


def _refuse_tag(node: yaml.Node, place: Place, known: set[str]) -> None:
    if node.tag not in known:
        reason = say("the tag {tag!r} has no place in JSON", tag=node.tag.removeprefix(_TAG))
        raise FaultError(reason, say("write a text, a number, true or false"), _mark(node), place)


def _mark(node: Any) -> Mark:
    return Mark(node.start_mark.line + 1, node.start_mark.column + 1)


def _scalar(node: yaml.ScalarNode, place: Place = ()) -> Any:
    _refuse_tag(node, place, _SCALARS)
    if node.tag in _TEXTS:
        text: str = node.value
        return text
    try:
        return SafeConstructor().construct_object(node)
    except (ConstructorError, ValueError, KeyError, IndexError) as error:
        reason = say(
            "{value!r} is no {tag}", value=node.value[:50], tag=node.tag.removeprefix(_TAG)
        )
        raise FaultError(reason, say("put a text in quotes"), _mark(node), place) from error


def _value(node: yaml.Node) -> Any:
    if isinstance(node, yaml.SequenceNode):
        return [_value(each) for each in node.value]
    if not isinstance(node, yaml.MappingNode):
        assert isinstance(node, yaml.ScalarNode)
        return _scalar(node)
    if any(key.tag == _MERGE for key, _ in node.value):
        try:
            SafeConstructor().flatten_mapping(node)
        except ConstructorError as error:
            raise FaultError(say("<<: takes an object"), "", _mark(node)) from error
    return {key.value: _value(value) for key, value in node.value}
