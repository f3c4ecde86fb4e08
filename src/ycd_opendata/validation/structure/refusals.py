"""What is said of tables that are not checked, or not for all that their schemas ask for."""

from __future__ import annotations

from collections.abc import Iterator

from ycd_opendata.messages import say
from ycd_opendata.package.model import Package, Resource, Schema
from ycd_opendata.package.tables.limits import RefusedError
from ycd_opendata.validation.findings import Finding
from ycd_opendata.validation.table_text import path_of


def missing_file(resource: Resource, path: str) -> Finding:
    """The finding for a table of which a file is not there."""
    return Finding(
        code="scheme-error",
        resource=resource.name,
        path=path,
        message=say("the file {path!r} is missing", path=path),
        hint=say("create it, or correct its path"),
    )


def refusal(package: Package, resource: Resource, reason: RefusedError) -> Finding:
    """The finding for a table that is not checked."""
    return Finding(
        code="package-error",
        resource=resource.name,
        path=path_of(package, resource),
        message=say("the table was not checked: {reason}", reason=reason),
        hint=reason.hint or say("split it, or mend what makes it so large or slow"),
    )


def gave_up(path: str, error: Exception) -> Finding:
    """frictionless fails on some schemas (a broken pattern, a bound of another type)."""
    reason = f"{type(error).__name__}: {error}"
    message = say("frictionless cannot take this package: {reason}", reason=reason)
    hint = say("look for a broken pattern, or a constraint whose value is of another type")
    return Finding(code="package-error", path=path, message=message, hint=hint)


def unknown_to_frictionless(schema: Schema) -> Iterator[str]:
    """By name the checks that a schema asks for and frictionless does not make."""
    for field in schema.fields:
        if "categories" in field.raw and "enum" not in field.constraints:
            yield say(
                "the categories of {field}, which frictionless does not check", field=field.name
            )
        if "jsonSchema" in field.constraints:
            yield say(
                "the jsonSchema of {field}, which frictionless does not check", field=field.name
            )
    if schema.raw.get("uniqueKeys"):
        yield say("the unique keys, which frictionless does not check")
