"""What is checked of single cells beyond frictionless: each check has a code of its own."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any, NamedTuple

from ycd_opendata.messages import say
from ycd_opendata.package.model import Field
from ycd_opendata.package.standard_notation import Notation, notation
from ycd_opendata.validation.hidden_characters import hidden_character, is_padded
from ycd_opendata.validation.library_sentences import translated
from ycd_opendata.validation.structure.explanations import mend_notation
from ycd_opendata.validation.structure.fast.planning.conditions import NotPlannableError
from ycd_opendata.validation.structure.fast.planning.patterns import (
    CellPattern,
    UnreadPatternError,
    read_pattern,
)
from ycd_opendata.validation.structure.fast.planning.plain_reading import Read, plain_reader

_WITH_CATEGORIES = ("integer", "string")
_WITH_JSON_SCHEMA = ("array", "object")


class Fault(NamedTuple):
    """Something wrong in one row, in frictionless's terms.

    ``position`` is the column (None for a whole row), ``detail`` the constraint that is broken, or
    what a rule says.
    """

    code: str
    position: int | None = None
    value: str | None = None
    detail: str = ""


CellChecks = Callable[[str, Any], Iterator[Fault]]
"""Of the text of a cell that is not missing, and of its value if it has one, the faults."""


class ExtraChecks(NamedTuple):
    """The checks of a field that frictionless does not make.

    ``categories`` are the only values that the field's categories allow. ``unchecked`` says by
    name which checks the field asks for and nobody makes, ``broken`` which ones nobody could make,
    ``remarks`` what is read otherwise than by frictionless.
    """

    pattern: CellPattern | None
    categories: frozenset[Any] | None
    json_schema: Mapping[str, Any] | None
    notation: Notation | None
    unchecked: tuple[str, ...]
    broken: tuple[str, ...]
    remarks: tuple[str, ...]


def extra_checks(field: Field) -> ExtraChecks:
    """What is checked of a field beyond frictionless.

    Raises
    ------
    NotPlannableError
        Its pattern is broken, which frictionless says in its own way.
    """
    unchecked: list[str] = []
    broken: list[str] = []
    remarks: list[str] = []
    pattern = None
    if field.type == "string" and field.constraints.get("pattern") is not None:
        try:
            pattern = read_pattern(field.constraints["pattern"])
        except UnreadPatternError as error:
            unchecked.append(
                say(
                    "the pattern {error} of {field}, which no engine here reads",
                    error=error,
                    field=field.name,
                )
            )
        except ValueError as error:
            raise NotPlannableError(
                say("a pattern that cannot be compiled ({field})", field=field.name)
            ) from error
    if field.type == "integer" and field.raw.get("groupChar"):
        remarks.append(
            say(
                "{field} is read with its groupChar, which frictionless does not know",
                field=field.name,
            )
        )
    categories = _categories(field, unchecked)
    json_schema = _json_schema(field, unchecked, broken)
    said = tuple(unchecked), tuple(broken), tuple(remarks)
    return ExtraChecks(pattern, categories, json_schema, notation(field), *said)


def _categories(field: Field, unchecked: list[str]) -> frozenset[Any] | None:
    """The values that categories allow; None where an enum that is checked says the same."""
    listed = field.raw.get("categories")
    if listed is None:
        return None
    read: Read | None = plain_reader(field) if field.type in _WITH_CATEGORIES else None
    if field.type == "string":
        read = str
    if read is None:
        unchecked.append(
            say(
                "the categories of {field}, which is of type {type}",
                field=field.name,
                type=field.type,
            )
        )
        return None
    texts = listed if isinstance(listed, list) else [None]
    values = [each.get("value") if isinstance(each, Mapping) else each for each in texts]
    found = [read(each) if isinstance(each, str | int) else None for each in values]
    if None in found:
        unchecked.append(
            say("the categories of {field}, of which not each has a value", field=field.name)
        )
        return None
    allowed = field.constraints.get("enum")
    if isinstance(allowed, list) and {*map(read, allowed)} <= {*found}:
        return None
    return frozenset(found)


def _json_schema(field: Field, unchecked: list[str], broken: list[str]) -> Mapping[str, Any] | None:
    schema = field.constraints.get("jsonSchema")
    if schema is None or field.type not in _WITH_JSON_SCHEMA:
        return None
    if not isinstance(schema, Mapping):
        broken.append(say("the jsonSchema of {field} is no object", field=field.name))
        return None
    from jsonschema.exceptions import SchemaError

    try:
        _validator_class(schema).check_schema(schema)
    except SchemaError as error:
        broken.append(
            say(
                "the jsonSchema of {field} is no JSON Schema: {message}",
                field=field.name,
                message=translated(error.message),
            )
        )
        return None
    outside = sorted(str(each) for each in _references(schema) if not str(each).startswith("#"))
    if outside:
        unchecked.append(
            say(
                "the jsonSchema of {field}, which refers to {outside}",
                field=field.name,
                outside=outside[0],
            )
        )
        return None
    return schema


def _validator_class(schema: Mapping[str, Any]) -> Any:
    from jsonschema.validators import Draft202012Validator, validator_for

    return validator_for(schema, default=Draft202012Validator)


def _references(value: Any) -> Iterator[Any]:
    """What a JSON Schema refers to."""
    if isinstance(value, Mapping):
        for key, item in value.items():
            if key in ("$ref", "$dynamicRef"):
                yield item
            yield from _references(item)
    elif isinstance(value, list):
        for item in value:
            yield from _references(item)


def cell_checks(
    position: int, checks: ExtraChecks, missing: Collection[str], *, tidy: bool, canonical: bool
) -> CellChecks:
    """What looks at the cells of a column.

    ``tidy`` asks for a text without white space around it and without hidden characters,
    ``canonical`` for the standard's notation. ``missing`` are the texts that mean missing.
    """
    of_json = None if checks.json_schema is None else _json_check(checks.json_schema)
    written = checks.notation if canonical else None
    is_part = _part_check(checks.pattern)

    def faults(text: str, value: Any) -> Iterator[Fault]:
        if tidy and (is_padded(text) or hidden_character(text) is not None):
            yield Fault("untidy-text", position, text)
        if value is None:
            return
        if checks.categories is not None and value not in checks.categories:
            yield Fault("category-unknown", position, text)
        if is_part is not None and is_part(value):
            yield Fault("pattern-not-whole", position, text)
        if of_json is not None and (message := of_json(value)):
            yield Fault("json-schema", position, text, message)
        if written is not None and not written.is_lawful(text):
            mending = mend_notation(written.canonical(text), missing)
            yield Fault("odd-notation", position, text, mending)

    return faults


def _part_check(pattern: CellPattern | None) -> Callable[[str], bool] | None:
    """What says of a text that only a part of it matches, which frictionless lets pass."""
    if pattern is None or pattern.is_loosely is None:
        # Where frictionless cannot read a pattern, its breach is an ordinary one.
        return None
    is_loosely, matches = pattern.is_loosely, pattern.matches
    return lambda text: is_loosely(text) and not matches(text)


def _json_check(schema: Mapping[str, Any]) -> Callable[[Any], str]:
    """What gives the first thing that is wrong in a value, and where in it."""
    from jsonschema.exceptions import best_match
    from referencing import Registry

    # A registry of its own, so that nothing is fetched.
    validator = _validator_class(schema)(schema, registry=Registry())

    def check(value: Any) -> str:
        try:
            error = best_match(validator.iter_errors(value))
        except RecursionError:
            return say("its JSON Schema refers to itself without end")
        if error is None:
            return ""
        place = "".join(f"[{each!r}]" for each in error.absolute_path)
        said = translated(str(error.message))
        return f"{place}: {said}" if place else said

    return check
