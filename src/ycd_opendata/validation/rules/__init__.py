"""Layer 4: pandera schemas derived from the Table Schemas, and the named rules."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ycd_opendata.validation.rules.layer import RECORD_RULES, check_rules

if TYPE_CHECKING:
    import pandera.pandas as pa

    from ycd_opendata.package.model import Resource

__all__ = ["RECORD_RULES", "check_rules", "pandera_schema_of"]


def pandera_schema_of(resource: Resource) -> pa.DataFrameSchema:
    """The pandera schema of a table, with the rules that look at nothing but the table."""
    import pandera.pandas as pa

    from ycd_opendata.validation.rules.derived import derived_schema

    assert resource.schema is not None
    checks: dict[str, list[pa.Check]] = {}
    for rule in RECORD_RULES:
        if rule.table == resource.name and not rule.needs:
            whole = pa.Check(lambda frame, rule=rule: rule.holds(frame, {}), name=rule.name)
            checks.setdefault("", []).append(whole)
    schema = derived_schema(resource.schema, resource.name, {})
    schema.checks = [*(schema.checks or []), *checks.get("", [])]
    return schema
