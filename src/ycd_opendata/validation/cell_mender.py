"""What mends the cells of a field, and which texts are cells that it may have."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import nullcontext
from dataclasses import replace

from ycd_opendata.package.model import Field, Resource, Schema
from ycd_opendata.package.tables.limits import RefusedError, not_stuck
from ycd_opendata.package.tables.opening import NotReadableError
from ycd_opendata.repairs.mending import Mender
from ycd_opendata.validation.structure.fast.exact import ExactReader
from ycd_opendata.validation.structure.fast.planning.conditions import NotPlannableError
from ycd_opendata.validation.structure.fast.planning.plan import EXTENSIONS, table_plan


def mender_of(field: Field, schema: Schema, labels: Mapping[str, str], missing: str = "") -> Mender:
    """What mends the cells of a field; labels and missing cells are as ``Mender`` has them."""
    is_lawful, is_valid = (_told(field, schema, strict=strict) for strict in (True, False))
    return Mender(field, is_lawful, is_valid, labels, missing)


def _told(field: Field, schema: Schema, *, strict: bool) -> Callable[[str], bool]:
    """What tells whether a text is a valid cell of a field: keys and rules are not looked at.

    ``strict`` refuses what is valid but written in an odd way (full-width digits, padding).
    """
    described = {**field.raw, "constraints": {**field.constraints, "unique": False}}
    alone = replace(field, raw=described, constraints=described["constraints"])
    bare = Schema((alone,), (), (), schema.missing_values, {"fields": [described]})
    resource = Resource("cells", "", "", (), "utf-8", bare, {}, {})
    try:
        reader = ExactReader(table_plan(resource, bare, (alone,), ()))
    except NotPlannableError:
        return lambda _: True  # nobody here can tell
    guard = not_stuck if {"pattern", "jsonSchema"} & {*field.constraints} else nullcontext
    is_stuck = False

    def is_lawful(text: str) -> bool:
        nonlocal is_stuck
        if is_stuck:
            return True
        try:
            with guard():
                faults = reader.cell(0, text).faults
        except NotReadableError:
            return True  # nor can they tell of this one
        except RefusedError:  # a pattern takes too long, which the validation says
            is_stuck = True
            return True
        return not any(strict or EXTENSIONS.get(each.code) != "warning" for each in faults)

    return is_lawful
