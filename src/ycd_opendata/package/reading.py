"""From ``datapackage.json`` to the package model.

Reading has two steps, so that a validator can look between them: ``read_descriptor`` gives the
JSON with its schemas and dialects put in place, ``parse_package`` the model. A descriptor that
does not follow the standard may fail in the second step; the validator's first layer says why.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ycd_opendata.errors import DescriptorError
from ycd_opendata.package.files import find_descriptor, is_web_address, read_json, resolve_inside
from ycd_opendata.package.model import Field, ForeignKey, Package, Resource, Schema, missing_texts


@dataclass(frozen=True)
class Descriptor:
    """A descriptor as read: ``raw`` has schemas and dialects inlined, ``problems`` what failed.

    ``origins`` names the file that each inlined object came from, by its place in ``raw``, such
    as ``("resources", 0, "schema")``.
    """

    path: Path
    raw: Mapping[str, Any]
    origins: Mapping[tuple[str | int, ...], str]
    problems: tuple[DescriptorError, ...] = field(default=())

    @property
    def root(self) -> Path:
        """The package's folder."""
        return self.path.parent


def read_package(target: Path) -> Package:
    """Read the package that a folder or a ``datapackage.json`` holds.

    Raises
    ------
    PackageError
        It cannot be read, or the descriptor is too far from the standard.
    """
    descriptor = read_descriptor(target)
    if descriptor.problems:
        raise descriptor.problems[0]
    return parse_package(descriptor)


def read_descriptor(target: Path, *, allow_remote: bool = False) -> Descriptor:
    """Read a descriptor and put its schemas and dialects in place.

    ``allow_remote`` lets tables be web addresses. Problems with the files it names are collected;
    only an unreadable descriptor itself raises.
    """
    path = find_descriptor(target)
    raw = read_json(path, path.name)
    origins: dict[tuple[str | int, ...], str] = {}
    problems: list[DescriptorError] = []
    resources = raw.get("resources")
    for index, resource in enumerate(resources if isinstance(resources, list) else []):
        if not isinstance(resource, dict):
            continue
        for text in resource_paths(resource):
            if allow_remote and is_web_address(text):
                continue
            try:
                resolve_inside(path.parent, text, path.name)
            except DescriptorError as problem:
                problems.append(problem)
        for key in ("schema", "dialect"):
            file = resource.get(key)
            if not isinstance(file, str):
                continue
            try:
                resource[key] = read_json(resolve_inside(path.parent, file, path.name), file)
                origins["resources", index, key] = file
            except DescriptorError as problem:
                problems.append(problem)
    return Descriptor(path, raw, origins, tuple(problems))


def resource_paths(resource: Mapping[str, Any]) -> Iterator[str]:
    """The files that a resource's descriptor names."""
    for key in ("path", "extrapaths"):
        value = resource.get(key)
        for text in value if isinstance(value, list) else [value]:
            if isinstance(text, str):
                yield text


def parse_package(descriptor: Descriptor) -> Package:
    """Build the model from a descriptor.

    Raises
    ------
    DescriptorError
        Something that the model needs is missing or of another kind.
    """
    raw = descriptor.raw
    try:
        return Package(
            root=descriptor.root,
            descriptor_path=descriptor.path,
            name=str(raw.get("name", "")),
            version=str(raw.get("version", "")),
            title=str(raw.get("title", "")),
            created=str(raw.get("created", "")),
            resources=tuple(_resource(each) for each in raw["resources"]),
            raw=raw,
        )
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise DescriptorError(
            f"{descriptor.path.name!r} does not follow the Data Package standard "
            f"({type(error).__name__}: {error})",
            descriptor.path.name,
            hint="run `ycd validate` on it to see where",
        ) from error


def _resource(raw: Mapping[str, Any]) -> Resource:
    schema = raw.get("schema")
    return Resource(
        name=raw["name"],
        title=raw.get("title", ""),
        description=raw.get("description", ""),
        paths=tuple(resource_paths(raw)),
        encoding=raw.get("encoding") or "utf-8",
        schema=parse_schema(schema) if schema is not None else None,
        dialect=raw.get("dialect", {}),
        raw=raw,
    )


def parse_schema(raw: Mapping[str, Any]) -> Schema:
    """Build the model of a Table Schema from its JSON.

    Raises
    ------
    AttributeError, KeyError, TypeError, ValueError
        It is not built as the standard says, or its primary key names no field of it.
    """
    schema = Schema(
        fields=tuple(
            Field(
                name=each["name"],
                type=each.get("type", "any"),
                format=each.get("format", "default"),
                title=each.get("title", ""),
                description=each.get("description", ""),
                unit=each.get("unit", ""),
                constraints=each.get("constraints", {}),
                raw=each,
            )
            for each in raw["fields"]
        ),
        primary_key=_names(raw.get("primaryKey", ())),
        foreign_keys=tuple(
            ForeignKey(
                fields=_names(each["fields"]),
                resource=each["reference"].get("resource", ""),
                reference_fields=_names(each["reference"]["fields"]),
            )
            for each in raw.get("foreignKeys", ())
        ),
        missing_values=missing_texts(raw.get("missingValues", ("",))),
        raw=raw,
    )
    unknown = set(schema.primary_key) - set(schema.field_names)
    if unknown:
        raise ValueError(f"the primary key has {unknown}, which is no field")
    return schema


def _names(value: str | list[str]) -> tuple[str, ...]:
    """The standard allows one field's name where it has a list of them."""
    return (value,) if isinstance(value, str) else tuple(value)
