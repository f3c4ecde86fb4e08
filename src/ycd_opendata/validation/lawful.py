"""Whether single texts are cells that a field may have, told without a table around them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from ycd_opendata.package.model import Field, Resource, Schema
from ycd_opendata.validation.structure.fast.exact import ExactReader
from ycd_opendata.validation.structure.fast.plan import EXTENSIONS, table_plan
from ycd_opendata.validation.structure.fast.types import NotPlannableError

Lawful = Callable[[str], bool]


def lawful_cells(field: Field, schema: Schema, *, strict: bool) -> Lawful:
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

    def is_lawful(text: str) -> bool:
        faults = reader.cell(0, text).faults
        return not any(strict or EXTENSIONS.get(each.code) != "warning" for each in faults)

    return is_lawful
