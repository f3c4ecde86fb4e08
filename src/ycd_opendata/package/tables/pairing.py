"""Which column of a table belongs to which field of its schema, and what is wrong with a header.

The standard pairs them by position, or by name where ``fieldsMatch`` says so. The codes of faults
are frictionless's.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from ycd_opendata.messages import say
from ycd_opendata.package.model import Field, Schema

BY_POSITION = "exact"
_MAY_HAVE_MORE = ("subset", "partial")
_MAY_HAVE_LESS = ("superset", "partial")


class AmbiguousHeaderError(Exception):
    """Two labels, or two fields, have one name, and columns are paired by name."""


class LabelFault(NamedTuple):
    """Something wrong with a label: its code, the field, the label as it is, and a note."""

    code: str
    field: str = ""
    label: str | None = None
    note: str = ""


@dataclass(frozen=True)
class Pairing:
    """The field of each column of a table; ``unknown`` columns have one that no schema knows."""

    fields: tuple[Field, ...]
    unknown: frozenset[int]
    faults: tuple[LabelFault, ...]

    def places(self, schema: Schema) -> tuple[int | None, ...]:
        """The column of each field of the schema, None where the table lacks it."""
        known = {each.name: at for at, each in enumerate(self.fields) if at not in self.unknown}
        return tuple(known.get(name) for name in schema.field_names)


def pair(labels: Sequence[str], schema: Schema, *, ignore_case: bool = False) -> Pairing:
    """Pair the labels of a header with the fields of a schema; without labels, by position.

    Raises AmbiguousHeaderError where they are to be paired by name, and a name stands twice.
    """
    # frictionless takes a field without a type for a string.
    fields = [
        each if "type" in each.raw else replace(each, type="string") for each in schema.fields
    ]
    if not labels:
        return Pairing(tuple(fields), frozenset(), ())
    mode = str(schema.raw.get("fieldsMatch", BY_POSITION))
    keys = [_key(label, ignore_case) for label in labels]
    if mode == BY_POSITION:
        found: list[Field | None] = [*fields[: len(labels)]]
        found += [None] * (len(labels) - len(found))
        missing = fields[len(labels) :]
    else:
        by_key = {_key(each.name, ignore_case): each for each in reversed(fields)}
        if len({*keys}) < len(keys) or len(by_key) < len(fields):
            raise AmbiguousHeaderError(say("columns are matched by name, and a name stands twice"))
        found = [by_key.get(key) for key in keys]
        missing = [each for each in fields if _key(each.name, ignore_case) not in {*keys}]
    faults = [
        LabelFault("extra-label", label=label)
        for label, field in zip(labels, found, strict=True)
        if field is None and mode not in _MAY_HAVE_MORE
    ]
    if mode == "partial" and fields and not any(found):
        faults.append(LabelFault("unmatched-header"))
    if mode in _MAY_HAVE_LESS:
        missing = [each for each in missing if schema.is_filled(each)]
    faults += [LabelFault("missing-label", each.name, "") for each in missing]
    if mode == BY_POSITION:
        faults += _label_faults(labels, fields, ignore_case=ignore_case)
    unknown = frozenset(at for at, field in enumerate(found) if field is None)
    return Pairing(_with_names(labels, found, schema), unknown, tuple(faults))


def _key(name: str, ignore_case: bool) -> str:
    return name.lower() if ignore_case else name


def _label_faults(
    labels: Sequence[str], fields: Sequence[Field], *, ignore_case: bool
) -> Iterator[LabelFault]:
    """What is wrong with single labels that are paired by position."""
    places: dict[str, list[int]] = {}
    for number, (label, field) in enumerate(zip(labels, fields, strict=False), start=1):
        earlier = places.setdefault(label, [])
        if not label:
            yield LabelFault("blank-label", field.name, "")
        elif earlier:
            note = say('at position "{earlier}"', earlier=", ".join(map(str, earlier)))
            yield LabelFault("duplicate-label", field.name, label, note)
        elif _key(label, ignore_case) != _key(field.name, ignore_case):
            yield LabelFault("incorrect-label", field.name, label)
        earlier.append(number)


def _with_names(
    labels: Sequence[str], found: Sequence[Field | None], schema: Schema
) -> tuple[Field, ...]:
    """A field for each column; those that no schema knows are named after their label.

    What stands for no value in the fields of the schema says nothing of them.
    """
    own = {} if schema.missing_values == ("",) else {"missingValues": [""]}
    fields, used = [], set[str]()
    for label, known in zip(labels, found, strict=True):
        stem = known.name if known else label
        name, suffix = stem, 2
        while name in used:
            name, suffix = f"{stem}{suffix}", suffix + 1
        used.add(name)
        fields.append(
            known
            or Field(name, "any", "default", "", "", "", {}, {"name": name, "type": "any", **own})
        )
    return tuple(fields)
