"""From guesses to the descriptor and the Table Schemas, and the sentences that say why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from slugify import slugify

from ycd_opendata.inferring import words
from ycd_opendata.inferring.guess import Guess
from ycd_opendata.inferring.tables import Table, shared_missing
from ycd_opendata.messages import counted, say
from ycd_opendata.shown import visible

SCHEMAS = "schemas"
_MOST_CATEGORIES, _OFTEN, _LONGEST_CATEGORY = 20, 5, 40
_ENOUGH_ROWS = 20
_LONG_UNIT = 5
_PROFILE = "https://datapackage.org/profiles/2.0/"


@dataclass(frozen=True)
class FieldFound:
    """What is said of a column: its description for the schema, the evidence, the doubts."""

    raw: Mapping[str, Any]
    evidence: tuple[str, ...]
    doubts: tuple[str, ...]


@dataclass(frozen=True)
class TableFound:
    """What is said of a table: its resource and schema, and why."""

    table: Table
    resource: Mapping[str, Any]
    schema: Mapping[str, Any]
    fields: tuple[FieldFound, ...]
    doubts: tuple[str, ...]

    @property
    def schema_path(self) -> str:
        """Where its schema is written, from the package's folder."""
        return f"{SCHEMAS}/{self.table.name}.json"


def described(table: Table, referred: Mapping[str, set[str]]) -> TableFound:
    """What a table's resource and schema say; foreign keys name the fields in ``referred``."""
    shared = shared_missing(table)
    fields = tuple(
        _field(table, name, found, shared, referred.get(table.name, set()))
        for name, found in table.guesses.items()
    )
    schema: dict[str, Any] = {
        "$schema": f"{_PROFILE}tableschema.json",
        "fields": [dict(each.raw) for each in fields],
    }
    if shared:
        schema["missingValues"] = ["", *shared]
    if table.key is not None:
        schema["primaryKey"] = list(table.key.fields)
    if table.references:
        schema["foreignKeys"] = [
            {
                "fields": list(each.fields),
                "reference": {
                    "resource": "" if each.target == table.name else each.target,
                    "fields": list(each.target_fields),
                },
            }
            for each in table.references
        ]
    doubts = list(table.notes)
    if table.key is not None and table.key.doubt:
        key = ", ".join(table.key.fields)
        doubts.append(say("the key {fields}: {doubt}", fields=key, doubt=table.key.doubt))
    doubts += [each.doubt for each in table.references if each.doubt]
    resource = {
        "name": table.name,
        "type": "table",
        "profile": "tabular-data-resource",
        "path": table.source.path,
        **table.source.properties,
    }
    return TableFound(table, resource, schema, fields, tuple(doubts))


def _field(
    table: Table, name: str, found: Guess, shared: Sequence[str], referred: set[str]
) -> FieldFound:
    notation = found.notation
    raw: dict[str, Any] = {"name": name, "type": notation.type, **notation.properties}
    evidence, doubts = list(found.evidence), list(found.doubts)
    own = [text for text, _ in found.missing if text not in shared]
    if own:
        raw["missingValues"] = ["", *shared, *own]
    unit, title = words.unit_in_name(name)
    if unit and notation.type in ("integer", "number"):
        raw["title"], raw["unit"] = title, unit
        evidence.append(say("its name says the unit {unit}", unit=unit))
        if len(unit) > _LONG_UNIT and unit.lower() not in words.UNITS:
            doubts.append(say("{unit} may be no unit", unit=unit))
    constraints, said = _constraints(table, name, found, referred)
    evidence += said
    if categories := _categories(table, name, found):
        raw["categories"] = constraints["enum"] = categories
        size = say(
            "{size} in {filled:,} cells",
            size=counted(len(categories), "value"),
            filled=found.cells.filled,
        )
        evidence.append(say("{size}: categories", size=size))
    if constraints:
        raw["constraints"] = constraints
    return FieldFound(raw, tuple(evidence), tuple(doubts))


def _constraints(
    table: Table, name: str, found: Guess, referred: set[str]
) -> tuple[dict[str, Any], list[str]]:
    """Whether a column is required and unique, and the evidence."""
    constraints: dict[str, Any] = {}
    evidence = []
    key = table.key.fields if table.key else ()
    is_long = table.rows >= _ENOUGH_ROWS
    if not found.cells.empty and table.rows and (name in key or is_long):
        constraints["required"] = True
        evidence.append(say("no cell of {rows:,} is empty", rows=table.rows))
    may_be = name in referred or (is_long and words.is_key_name(name))
    may_be &= key != (name,) and found.notation.type in ("string", "integer")
    if may_be and table.is_unique(name):
        constraints["unique"] = True
        evidence.append(say("unique in {rows:,} rows", rows=table.rows))
    return constraints, evidence


def _categories(table: Table, name: str, found: Guess) -> list[str]:
    """The few texts that a column has again and again, unless it is a part of a key."""
    keys = [each.fields for each in (*table.references, table.key) if each is not None]
    is_plain = found.notation.type == "string" and not found.notation.properties
    cells = found.cells
    if not is_plain or found.evidence or cells.counts is None or any(name in key for key in keys):
        return []
    is_few = 2 <= cells.texts.len() <= _MOST_CATEGORIES
    if not is_few or cells.filled < max(cells.texts.len() * _OFTEN, _ENOUGH_ROWS):
        return []
    texts: list[str] = sorted(cells.texts.to_list())
    is_short = all(len(each) <= _LONGEST_CATEGORY and each.strip() == each for each in texts)
    return texts if is_short else []


def descriptor(name: str, title: str, created: str, found: Sequence[TableFound]) -> dict[str, Any]:
    """The package's descriptor, which names the files of its schemas."""
    return {
        "$schema": f"{_PROFILE}datapackage.json",
        "name": name,
        "title": title,
        "version": "0.1.0",
        **({"created": f"{created}T00:00:00Z"} if created else {}),
        "resources": [{**each.resource, "schema": each.schema_path} for each in found],
    }


def package_name(folder: str) -> str:
    """A name as packages and tables have it: small letters, digits, hyphens."""
    name: str = slugify(folder, regex_pattern=r"[^a-z0-9._-]+").strip("-._")
    return name or "data"


def lines_of(found: TableFound) -> list[str]:
    """What was found of a table, a line a fact, for people."""
    table, source = found.table, found.table.source
    where = f"{source.path} [{source.sheet}]" if source.sheet else source.path
    size = say(", ").join((counted(table.rows, "row"), counted(len(source.labels), "column")))
    lines = [say("{where}: table {table}, {size}", where=where, table=table.name, size=size)]
    width = max((len(visible(each)) for each in source.labels), default=0)
    for each in found.fields:
        kind = " ".join(str(each.raw[key]) for key in ("type", "format") if key in each.raw)
        said = say("; ").join(each.evidence)
        lines.append(f"  {each.raw['name']:{width}}  {kind:8}  {said}".rstrip())
    described = say("as it is described")
    if key := found.schema.get("primaryKey"):
        is_found = table.key is not None and list(table.key.fields) == key
        why = table.key.evidence if table.key is not None and is_found else described
        lines.append(say("  primary key {key}: {why}", key=", ".join(key), why=why))
    evidence = {(each.fields, each.target): each.evidence for each in table.references}
    for foreign in found.schema.get("foreignKeys", ()):
        fields, reference = foreign["fields"], foreign["reference"]
        target = reference["resource"] or table.name
        facts = {
            "foreign": ", ".join(fields),
            "target": target,
            "there": ", ".join(reference["fields"]),
            "why": evidence.get((tuple(fields), target), described),
        }
        lines.append(say("  foreign key {foreign} to {target} ({there}): {why}", **facts))
    return [visible(each) for each in lines]


def doubts_of(found: TableFound) -> list[str]:
    """What is not sure about a table, a line a doubt; columns with the same one share a line."""
    name = found.table.name
    lines = [say("{subject}: ", subject=name) + each for each in found.doubts]
    columns: dict[str, list[str]] = {}
    for each in found.fields:
        for doubt in each.doubts:
            columns.setdefault(doubt, []).append(each.raw["name"])
    for doubt, named in columns.items():
        if len(named) == 1:
            lines.append(say("{subject}: ", subject=f"{name}.{named[0]}") + doubt)
        else:
            said = {"name": name, "named": ", ".join(named), "doubt": doubt}
            lines.append(say("{name}, columns {named}: {doubt}", **said))
    return [visible(each) for each in lines]
