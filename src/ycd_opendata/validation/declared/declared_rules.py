"""The rules of a Table Schema.

::

    "rules": [{
      "name": "upper-above-lower",
      "expression": "value_upper > value",
      "message": "the upper value {value_upper} is not above {value}",
      "hint": "swap the two, or leave the upper one empty",
      "severity": "error"
    }]

A record breaks a rule whose expression is false of it; where it is null, because something is
missing, the record passes, as with a CHECK of SQL. A finding points at the field that the
expression names first. ``message``, ``hint`` and ``severity`` may be left out; the first two may
stand there in other languages too, as ``message@zh``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from ycd_opendata.errors import UnknownNameError
from ycd_opendata.messages import language, mark, say
from ycd_opendata.package.model import Package, Schema, in_language
from ycd_opendata.package.places import Place
from ycd_opendata.shown import quoted
from ycd_opendata.validation.findings import Severity

if TYPE_CHECKING:
    # Loaded late where it runs: every package is asked for its rules, and few have any.
    from ycd_opendata.validation.declared.expression_python import Record
    from ycd_opendata.validation.declared.expressions import Expression, Type

KEY = "rules"
MOST_RULES = 200
MOST_CHARACTERS = 20_000
"""How long the expressions of a table may be together: each takes its time in every row."""

_KEYS = ("name", "expression", "message", "hint", "severity")
_TRANSLATED = ("message", "hint")
"""Keys that may stand there in other languages too, such as ``message@zh``."""
_NAME = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")
_GAP = re.compile(r"\{([^{}]*)\}")
_SEVERITIES = ("error", "warning")


@dataclass(frozen=True)
class DeclaredRule:
    """A rule about the single records of a table; its name is the code of its findings.

    ``text`` is how the schema writes its ``expression``; ``message`` has fields' names in braces.
    """

    name: str
    expression: Expression
    text: str
    message: str
    hint: str
    severity: Severity

    @cached_property
    def types(self) -> Mapping[str, Type]:
        """The fields that it needs, in the order in which it names them, and their types."""
        from ycd_opendata.validation.declared.expressions import fields_of

        return fields_of(self.expression)

    @property
    def field(self) -> str:
        """The field that its findings point at."""
        return next(iter(self.types))

    @property
    def size(self) -> int:
        """Of how many parts its expression is made."""
        from ycd_opendata.validation.declared.expressions import parts_of

        return sum(1 for _ in parts_of(self.expression))

    @cached_property
    def _evaluate(self) -> Callable[[Record], Any]:
        from ycd_opendata.validation.declared.expression_python import evaluator

        return evaluator(self.expression)

    def is_broken_by(self, values: Mapping[str, Any]) -> bool:
        """Whether a record breaks it, given its values as frictionless or pandas has them."""
        from ycd_opendata.validation.declared.expression_python import value_of

        known = {name: value_of(values[name], type_) for name, type_ in self.types.items()}
        return self._evaluate(known) is False

    def said_of(self, texts: Mapping[str, str]) -> str:
        """Its message about a record, given the texts of the fields."""

        def shown(gap: re.Match[str]) -> str:
            text = texts.get(gap[1])
            return quoted(text) if text else say("(none)")

        return _GAP.sub(shown, self.message)


class RuleProblem(NamedTuple):
    """Why a rule cannot be checked, and where in the schema that stands."""

    place: Place
    name: str
    reason: str
    hint: str


@dataclass(frozen=True)
class DeclaredRules:
    """The rules of a schema that can be checked, and what keeps the others from it."""

    rules: tuple[DeclaredRule, ...] = ()
    problems: tuple[RuleProblem, ...] = ()


def declared_names(package: Package) -> tuple[str, ...]:
    """The names of the rules that a package's schemas declare."""
    schemas = [each.schema for each in package.resources if each.schema]
    return tuple(rule.name for each in schemas for rule in declared_rules(each).rules)


def declared_rules(schema: Schema, reserved: Iterable[str] = ()) -> DeclaredRules:
    """The rules of a Table Schema; ``reserved`` names are codes of other findings."""
    listed = schema.raw.get(KEY)
    if listed is None:
        return DeclaredRules()
    if not isinstance(listed, list):
        return DeclaredRules((), (RuleProblem((KEY,), "", say("it is no list"), say(_EXAMPLE)),))
    if len(listed) > MOST_RULES:
        reason = say("there are more than {most} rules", most=MOST_RULES)
        return DeclaredRules((), (RuleProblem((KEY,), "", reason, say("join some with AND")),))
    texts = (each.get("expression") for each in listed if isinstance(each, Mapping))
    if sum(len(each) for each in texts if isinstance(each, str)) > MOST_CHARACTERS:
        reason = say(
            "the expressions have more than {most:,} characters together", most=MOST_CHARACTERS
        )
        return DeclaredRules((), (RuleProblem((KEY,), "", reason, say("say less with them")),))
    from ycd_opendata.validation.declared.expressions import ExpressionError

    rules: dict[str, DeclaredRule] = {}
    problems = []
    for index, raw in enumerate(listed):
        found = [*_problems(raw, {*rules}, frozenset(reserved), schema)]
        if not found:
            try:
                rules[raw["name"]] = _rule(raw, schema)
            except ExpressionError as error:
                at = (
                    ""
                    if error.position is None
                    else say("at position {position}, ", position=error.position)
                )
                found.append(("expression", f"{at}{error.reason}", error.hint))
        name = raw.get("name") if isinstance(raw, Mapping) else None
        problems += [
            RuleProblem((KEY, index, *([key] if key else [])), str(name or ""), reason, hint)
            for key, reason, hint in found
        ]
    return DeclaredRules(tuple(rules.values()), tuple(problems))


_EXAMPLE = mark('such as {"name": "upper-above-lower", "expression": "value_upper > value"}')


def _rule(raw: Mapping[str, Any], schema: Schema) -> DeclaredRule:
    from ycd_opendata.validation.declared.expression_parsing import field_types, parse_expression
    from ycd_opendata.validation.declared.expressions import fields_of

    text = raw["expression"]
    expression = parse_expression(text, field_types(schema))
    return DeclaredRule(
        raw["name"],
        expression,
        text,
        in_language(raw, "message", language())
        or say("the record breaks the rule {text}", text=text),
        in_language(raw, "hint", language())
        or say("correct {fields}", fields=" or ".join(fields_of(expression))),
        raw.get("severity", "error"),
    )


def _problems(
    raw: Any, taken: set[str], reserved: frozenset[str], schema: Schema
) -> Iterator[tuple[str, str, str]]:
    """What is wrong with a rule apart from its expression: the key, why, and what to do."""
    if not isinstance(raw, Mapping):
        yield "", say("it is no object"), say(_EXAMPLE)
        return
    yield from _key_problems(raw)
    name = raw.get("name")
    if not isinstance(name, str):
        return
    if not _NAME.fullmatch(name):
        hint = say("write small letters, digits and hyphens: end-after-start")
        yield "name", say("{name} is no name", name=quoted(name)), hint
    elif name in reserved or name.endswith("-error"):
        yield (
            "name",
            say("{name} is the code of other findings", name=quoted(name)),
            say("name it otherwise"),
        )
    elif name in taken:
        yield (
            "name",
            say("{name} stands twice", name=quoted(name)),
            say("name one of the two otherwise"),
        )
    for key in raw:
        for gap in _GAP.findall(str(raw[key])) if key.startswith("message") else ():
            if gap not in schema.field_names:
                unknown = UnknownNameError("field", gap, schema.field_names)
                yield key, unknown.message, unknown.hint


def _key_problems(raw: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Keys of a rule that are unknown, missing or of another type."""
    for key in raw:
        if key not in _KEYS and key.partition("@")[0] not in _TRANSLATED:
            unknown = UnknownNameError("key", key, _KEYS)
            yield key, unknown.message, unknown.hint
    for key in _KEYS[:2]:
        if key not in raw:
            yield "", say("it lacks {key!r}", key=key), say(_EXAMPLE)
    for key in _KEYS[:4]:
        if key in raw and not (isinstance(raw[key], str) and raw[key].strip()):
            yield key, say("{key!r} is no text", key=key), say(_EXAMPLE)
    if raw.get("severity", "error") not in _SEVERITIES:
        yield (
            "severity",
            say("{severity} is none", severity=quoted(raw["severity"])),
            say("it is error or warning"),
        )
