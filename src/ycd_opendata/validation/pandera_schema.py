"""pandera schemas from Table Schemas, with rules attached to the fields they point at.

pandera's own ``from_frictionless_schema`` is not used: it reads dates as unchecked text and
drops foreign keys. Patterns match the whole cell, and empty cells are never duplicates.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pandas as pd

from ycd_opendata.errors import MissingExtraError
from ycd_opendata.extension import RecordRule
from ycd_opendata.extension_loading import extension_of
from ycd_opendata.loader.loading import find_resource
from ycd_opendata.loader.pandas_columns import pandas_type
from ycd_opendata.package.model import Field, Schema
from ycd_opendata.package.open_package import installed_package
from ycd_opendata.validation.declared.declared_rules import DeclaredRule, declared_rules

if TYPE_CHECKING:
    import pandera.pandas as pa


def derived_schema(
    schema: Schema, name: str, frame_checks: Iterable[pa.Check] = ()
) -> pa.DataFrameSchema:
    """The pandera schema of one table; ``frame_checks`` are of the frame as a whole."""
    import pandera.pandas as pa

    columns = {}
    for field in schema.fields:
        checks = [
            _constraint_check(field, each) for each in field.constraints if each != "required"
        ]
        if field.format == "uri":
            checks.append(pa.Check(_is_address, element_wise=True, name="format"))
        columns[field.name] = pa.Column(
            pandas_type(field),
            nullable=not schema.is_filled(field),
            checks=checks,
            title=field.title,
            description=field.description,
        )
    checks = list(frame_checks)
    if schema.primary_key:
        checks.append(pa.Check(_key_check(schema.primary_key), name="primary-key"))
    return pa.DataFrameSchema(columns, checks=checks, strict=True, name=name)


def _constraint_check(field: Field, constraint: str) -> pa.Check:
    """One constraint of a field as a check of that name; what is missing keeps it."""
    import pandera.pandas as pa

    limit = field.constraints[constraint]
    if field.type == "date" and constraint.lower().endswith("imum"):
        limit = pd.Timestamp(limit)
    tests: dict[str, Callable[[pd.Series[Any]], Any]] = {
        "unique": lambda cells: ~cells.duplicated() if limit else cells.notna(),
        "enum": lambda cells: cells.isin(_like(cells, limit)),
        "pattern": lambda cells: cells.str.fullmatch(limit),
        "minLength": lambda cells: cells.str.len() >= limit,
        "maxLength": lambda cells: cells.str.len() <= limit,
        "minimum": lambda cells: cells >= limit,
        "maximum": lambda cells: cells <= limit,
        "exclusiveMinimum": lambda cells: cells > limit,
        "exclusiveMaximum": lambda cells: cells < limit,
    }
    test = tests[constraint]
    return pa.Check(lambda cells: test(cells).fillna(True).astype(bool), name=constraint)


def _like(cells: pd.Series[Any], allowed: Iterable[Any]) -> list[Any]:
    """The allowed values that a cell can have: a column of texts cannot be asked for others."""
    texts_only = pd.api.types.is_string_dtype(cells.dtype)
    return [each for each in allowed if isinstance(each, str) or not texts_only]


def _key_check(key: tuple[str, ...]) -> Callable[[pd.DataFrame], pd.Series[Any]]:
    return lambda frame: ~frame.duplicated(list(key)) | frame[list(key)].isna().all(axis=1)


def _is_address(text: str) -> bool:
    parts = urlsplit(text)
    return bool(parts.scheme and parts.netloc)


def schema(table: str) -> pa.DataFrameSchema:
    """The pandera schema of a table, to check frames of your own with.

    It holds the types, constraints and declared rules of the Table Schema, and those rules of the
    package's extension that look at nothing but this table.

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

    package = installed_package()
    resource = find_resource(package, table)
    assert resource.schema is not None
    of_records = extension_of(package).record_rules
    rules: list[Rule] = [each for each in of_records if each.table == table and not each.needs]
    rules += declared_rules(resource.schema).rules
    checks = [pa.Check(partial(_holds, each), name=each.name) for each in rules]
    return derived_schema(resource.schema, table, frame_checks=checks)


Rule = RecordRule | DeclaredRule


def _holds(rule: Rule, frame: pd.DataFrame) -> pd.Series[Any]:
    return rule.holds(frame, {}) if isinstance(rule, RecordRule) else ~broken_rule(rule, frame)


def broken_rule(rule: DeclaredRule, frame: pd.DataFrame) -> pd.Series[Any]:
    """Whether each record of a typed frame breaks a declared rule."""
    cells = [[None if pd.isna(each) else each for each in frame[name]] for name in rule.types]
    broken = [
        rule.is_broken_by(dict(zip(rule.types, record, strict=True)))
        for record in zip(*cells, strict=True)
    ]
    return pd.Series(broken, frame.index, dtype=bool)
