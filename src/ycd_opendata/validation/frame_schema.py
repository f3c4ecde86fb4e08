"""pandera schemas for users: the checks of one table, for frames of their own."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from ycd_opendata.errors import MissingExtraError
from ycd_opendata.loader.tables import find_resource
from ycd_opendata.package.location import installed_package

if TYPE_CHECKING:
    import pandas as pd
    import pandera.pandas as pa

    from ycd_opendata.validation.rules.rule import RecordRule


def schema(table: str) -> pa.DataFrameSchema:
    """The pandera schema of a table, to check frames of your own with.

    It holds the types and constraints of the Table Schema and those named rules that look at
    nothing but this table.

    Raises
    ------
    UnknownNameError
        No such table.
    MissingExtraError
        pandera is not installed.
    """
    try:
        import pandera.pandas as pa
    except ImportError as error:
        raise MissingExtraError("a pandera schema", "publish") from error
    from ycd_opendata.validation.rules.derived import derived_schema
    from ycd_opendata.validation.rules.layer import RECORD_RULES

    resource = find_resource(installed_package(), table)
    assert resource.schema is not None
    rules = [
        pa.Check(partial(_holds, rule), name=rule.name)
        for rule in RECORD_RULES
        if rule.table == table and not rule.needs
    ]
    return derived_schema(resource.schema, table, frame_checks=rules)


def _holds(rule: RecordRule, frame: pd.DataFrame) -> pd.Series[Any]:
    return rule.holds(frame, {})
