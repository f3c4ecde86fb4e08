"""What version 2 of the standard has and frictionless refuses; our own checks take its place."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ycd_opendata.package.places import listed_resources

_VERSION_2 = "datapackage.org/profiles/2."
_WITH_JSON_SCHEMA = ("array", "object")


def drop_what_is_newer(raw: dict[str, Any]) -> None:
    """Take ``constraints.jsonSchema`` out of a descriptor that is meant for frictionless.

    One that does not say to be of version 2 keeps it, and frictionless says that it is no key of
    the first.
    """
    for schema in _schemas(raw):
        if not any(_VERSION_2 in str(each.get("$schema", "")) for each in (raw, schema)):
            continue
        fields = schema.get("fields")
        for field in fields if isinstance(fields, list) else ():
            if isinstance(field, dict) and field.get("type") in _WITH_JSON_SCHEMA:
                constraints = field.get("constraints")
                if isinstance(constraints, dict):
                    constraints.pop("jsonSchema", None)


def _schemas(raw: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The schemas of a descriptor's resources, or the descriptor itself if it is a schema."""
    if "fields" in raw:
        yield raw
    for _, each in listed_resources(raw):
        schema = each.get("schema")
        if isinstance(schema, dict):
            yield schema
