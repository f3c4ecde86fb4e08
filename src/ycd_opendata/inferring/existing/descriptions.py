"""Existing descriptions of tables, laid over what was found: their words count, files fill gaps."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from importlib import import_module
from pathlib import Path, PurePosixPath
from typing import Any

from ycd_opendata.errors import PackageError
from ycd_opendata.inferring.describing import FieldFound, TableFound, package_name
from ycd_opendata.inferring.folder import Found
from ycd_opendata.messages import mark, say
from ycd_opendata.package.reading import parse_schema
from ycd_opendata.validation.declared.declared_rules import declared_rules

STANDARDS = {
    "frictionless": "from_data_package",
    "csvw": "from_csvw",
    "jsonschema": "from_json_schema",
    "pandera": "from_pandera",
    "sql": "from_sql",
}
"""What ``--from`` takes, and the module that reads it."""

_OF_NOTATION = (
    "format", "decimalChar", "groupChar", "bareNumber", "trueValues", "falseValues",
    "missingValues",
)  # fmt: skip
_OF_SCHEMA = ("uniqueKeys", "rules", "missingValues")


@dataclass(frozen=True)
class Description:
    """Table Schemas by the name or the path of their table.

    ``package`` are properties of the package, ``lost`` a sentence for each thing that could not be
    carried over.
    """

    schemas: Mapping[str, Mapping[str, Any]]
    lost: tuple[str, ...] = ()
    package: Mapping[str, Any] = field(default_factory=dict)


def with_constraints(raw: dict[str, Any], constraints: Mapping[str, Any]) -> dict[str, Any]:
    """A field with its constraints, where there are any."""
    if constraints:
        raw["constraints"] = {**raw.get("constraints", {}), **constraints}
    return raw


def read_existing(standard: str, file: Path) -> Description:
    """What a file says that describes tables by one of ``STANDARDS``.

    Raises DescriptorError where it cannot be read, or is no such description.
    """
    if not file.is_file():
        raise PackageError(
            say("no such file: {file!r}", file=str(file)), say("--from takes a standard and a file")
        )
    read: Callable[[Path], Description] = import_module(
        f"ycd_opendata.inferring.existing.{STANDARDS[standard]}"
    ).read
    return read(file)


def laid_over(found: Found, description: Description) -> tuple[Found, tuple[str, ...]]:
    """A package as it is described, and a sentence for all that could not be carried over."""
    lost = list(description.lost)
    by_table = {each.table.name: _schema_of(each, description) for each in found.tables}
    used = {id(schema) for schema in by_table.values() if schema is not None}
    gone = {id(each): name for name, each in description.schemas.items() if id(each) not in used}
    lost += [say("{name}: there is no file of this table", name=name) for name in gone.values()]
    names: dict[str, str] = {}
    for each in found.tables:
        names |= dict.fromkeys((name.lower() for name in _called(each)), each.table.name)
    tables = tuple(
        each if (raw := by_table[each.table.name]) is None else _table(each, raw, names, lost)
        for each in found.tables
    )
    raw = {**found.raw, **description.package, "resources": found.raw["resources"]}
    return replace(found, tables=tables, raw=raw), tuple(lost)


def _called(table: TableFound) -> list[str]:
    path = table.table.source.path
    return [path, PurePosixPath(path).name, table.table.called, table.table.name]


def _schema_of(table: TableFound, description: Description) -> Mapping[str, Any] | None:
    named = {name.lower(): schema for name, schema in description.schemas.items()}
    by_name = {package_name(PurePosixPath(each).name.partition(".")[0]): each for each in named}
    for each in _called(table):
        if each.lower() in named:
            return named[each.lower()]
    name = by_name.get(table.table.name)
    return None if name is None else named[name]


def _table(
    found: TableFound, raw: Mapping[str, Any], names: Mapping[str, str], lost: list[str]
) -> TableFound:
    name = found.table.name
    described = {str(each.get("name")): each for each in raw.get("fields", ())}
    by_lower = {each.lower(): each for each in described}
    labels = {}
    for label in found.table.source.labels:
        labels[label] = label if label in described else by_lower.get(label.lower(), "")
    gone = [each for each in described if each not in labels.values()]
    no_column = mark("{name}.{each}: the file has no such column")
    lost += [say(no_column, name=name, each=each) for each in gone]
    back = {theirs: label for label, theirs in labels.items() if theirs}
    fields = tuple(
        _field(each, described.get(labels[each.raw["name"]]), has_shared="missingValues" in raw)
        for each in found.fields
    )
    schema = {**found.schema, "fields": [dict(each.raw) for each in fields]}
    schema |= {key: raw[key] for key in _OF_SCHEMA if key in raw}
    if "primaryKey" in raw:
        schema["primaryKey"] = [back.get(each, each) for each in _listed(raw["primaryKey"])]
    if raw.get("foreignKeys"):
        foreign = (_foreign_key(each, name, names, back) for each in raw["foreignKeys"])
        schema["foreignKeys"] = [*foreign]
    if "rules" in schema:
        schema["rules"] = _usable_rules(schema, name, lost)
        if not schema["rules"]:
            del schema["rules"]
    return replace(found, schema=schema, fields=fields, doubts=())


def _listed(names: str | Sequence[str]) -> list[str]:
    return [names] if isinstance(names, str) else list(names)


def _usable_rules(schema: Mapping[str, Any], name: str, lost: list[str]) -> list[Any]:
    """The rules that can be checked, now that labels and types are known."""
    rules: list[Any] = schema["rules"]
    problems = declared_rules(parse_schema(schema)).problems
    reasons = {each.place[1]: each.reason for each in problems if len(each.place) > 1}
    for at, reason in reasons.items():
        rule = rules[int(at)]
        text = rule.get("expression", "") if isinstance(rule, Mapping) else rule
        lost.append(say("{name}: the check {text}: {reason}", name=name, text=text, reason=reason))
    return [each for at, each in enumerate(rules) if at not in reasons]


def _foreign_key(
    raw: Mapping[str, Any], table: str, names: Mapping[str, str], back: Mapping[str, str]
) -> dict[str, Any]:
    reference = raw["reference"]
    target = str(reference.get("resource", ""))
    target = names.get(target.lower(), target)
    fields = [back.get(each, each) for each in _listed(raw["fields"])]
    there = _listed(reference["fields"]) or _listed(raw["fields"])
    return {
        "fields": fields,
        "reference": {"resource": "" if target == table else target, "fields": there},
    }


def _field(
    found: FieldFound, described: Mapping[str, Any] | None, *, has_shared: bool
) -> FieldFound:
    """A field as it is described, written as its cells are."""
    if described is None:
        return found
    raw = {key: value for key, value in described.items() if value is not None}
    raw["name"] = found.raw["name"]
    doubts: tuple[str, ...] = ()
    if raw.get("type", "any") == "any":
        raw["type"] = found.raw["type"]
    if raw["type"] == found.raw["type"]:
        kept = {key: found.raw[key] for key in _OF_NOTATION if key in found.raw}
        if has_shared:
            kept.pop("missingValues", None)
        raw = {**kept, **raw}
    else:
        unlike = mark("described as {raw}, and its cells look like {raw_2}")
        doubts = (say(unlike, raw=raw["type"], raw_2=found.raw["type"]),)
    return FieldFound(raw, (say("as it is described"),), doubts)
