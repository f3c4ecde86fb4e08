"""From ``datapackage.json`` to the package model.

Reading has two steps, so that a validator can look between them: ``read_descriptor`` gives the
JSON with its schemas and dialects put in place, ``parse_package`` the model. A descriptor that
does not follow the standard may fail in the second step; the validator's first layer says why.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, NamedTuple

from ycd_opendata.errors import DescriptorError, UnsafePathError
from ycd_opendata.messages import say
from ycd_opendata.package.documents import Document, parse_document
from ycd_opendata.package.files import (
    find_descriptor,
    is_readable_address,
    is_web_address,
    read_document,
    resolve_inside,
)
from ycd_opendata.package.model import Field, ForeignKey, Package, Resource, Schema, missing_texts
from ycd_opendata.package.places import Place, listed_resources, without, without_nulls
from ycd_opendata.package.settings import Settings, read_settings
from ycd_opendata.package.wrong_kinds import refuse_wrong_kinds

PROFILE_KEYS = ("profile", "$schema")
"""The keys that name a JSON Schema of the descriptor's own."""

_INLINED = ("schema", "dialect")


class Problem(NamedTuple):
    """What keeps a part of a descriptor, such as a resource's schema, from being read."""

    place: Place
    error: DescriptorError


@dataclass(frozen=True)
class Descriptor:
    """A descriptor as read: ``raw`` has schemas and dialects inlined, ``problems`` what failed.

    ``documents`` are the files that parts of ``raw`` came from, by the place of the part: the
    descriptor itself at ``()``, a schema at ``("resources", 0, "schema")``. ``is_in_place`` says
    that the files stand where the user has them, and were not unpacked for the moment.
    ``settings`` are those of ``ycd.toml``, and ``settings_problems`` what is wrong with them.
    """

    path: Path
    raw: Mapping[str, Any]
    documents: Mapping[Place, Document]
    problems: tuple[Problem, ...] = ()
    is_in_place: bool = True
    settings: Settings = field(default_factory=Settings)
    settings_problems: tuple[DescriptorError, ...] = ()

    @property
    def root(self) -> Path:
        """The package's folder."""
        return self.path.parent

    def where(self, place: Place) -> tuple[str, int | None]:
        """The file that something of ``raw`` stands in, and its line there, where it is known."""
        for end in range(len(place), -1, -1):
            document = self.documents.get(place[:end])
            if document is not None:
                return document.name, document.line(place[end:])
        return self.path.name, None


def read_package(target: Path, *, allow_remote: bool = False) -> Package:
    """Read the package that a folder or a ``datapackage.json`` holds.

    Raises PackageError where it cannot be read, or the descriptor is too far from the standard.
    """
    return package_of(read_descriptor(target, allow_remote=allow_remote))


def package_of(descriptor: Descriptor) -> Package:
    """The package that a descriptor describes, if all its files can be read.

    Raises DescriptorError where one of them cannot, or the descriptor is too far from the standard.
    """
    errors = [*(each.error for each in descriptor.problems), *descriptor.settings_problems]
    if errors:
        raise errors[0]
    return parse_package(descriptor)


def without_problems(descriptor: Descriptor) -> Descriptor:
    """A descriptor without the resources that cannot be read, for a look at the others."""
    gone = tuple({each.place[:2] for each in descriptor.problems})
    raw = without(descriptor.raw, gone)
    return replace(descriptor, raw=raw, problems=(), settings_problems=())


def read_descriptor(target: Path, *, allow_remote: bool = False) -> Descriptor:
    """Read a descriptor and put its schemas and dialects in place.

    ``allow_remote`` lets tables, schemas and dialects be web addresses. Problems with the files
    that it names are collected; only an unreadable descriptor itself raises.
    """
    path = find_descriptor(target)
    document = read_document(path, path.name)
    described = resolve_descriptor(path, document, allow_remote=allow_remote)
    settings, problems = read_settings(path.parent)
    return replace(described, settings=settings, settings_problems=problems)


def resolve_descriptor(path: Path, document: Document, *, allow_remote: bool = False) -> Descriptor:
    """Put schemas and dialects in place in a descriptor whose text is read; see above."""
    raw = dict(document.value)
    documents: dict[Place, Document] = {(): document}
    problems: list[Problem] = []
    read: dict[str, Document] = {}
    for index, resource in listed_resources(raw):
        for text in resource_paths(resource):
            try:
                _check_path(path, text, allow_remote=allow_remote)
            except DescriptorError as error:
                problems.append(Problem(("resources", index, "path"), error))
        for key in _INLINED:
            file = resource.get(key)
            if not isinstance(file, str):
                continue
            place: Place = ("resources", index, key)
            try:
                if file not in read:
                    read[file] = read_named(path, file, allow_remote=allow_remote)
                resource[key] = read[file].value
                documents[place] = read[file]
            except DescriptorError as error:
                problems.append(Problem(place, error))
    return Descriptor(path, raw, documents, tuple(problems))


def read_named(path: Path, text: str, *, allow_remote: bool) -> Document:
    """A file of the description that the descriptor at ``path`` names.

    Raises DescriptorError where it cannot be read, or may not be.
    """
    _check_path(path, text, allow_remote=allow_remote)
    if not is_web_address(text):
        return read_document(path.parent / text, text)
    from ycd_opendata.package.web import fetch_document

    return parse_document(fetch_document(text), text)


def _check_path(path: Path, text: str, *, allow_remote: bool) -> None:
    if not is_readable_address(text):
        resolve_inside(path.parent, text, path.name)
    elif not allow_remote:
        raise UnsafePathError(
            say("{text!r} is a web address, which was not read", text=text),
            path.name,
            hint=say(
                "--allow-remote reads what is on the web; or keep a copy in the package's folder"
            ),
        )


def resource_paths(resource: Mapping[str, Any]) -> Iterator[str]:
    """The files that a resource's descriptor names."""
    for key in ("path", "extrapaths"):
        value = resource.get(key)
        for text in value if isinstance(value, list) else [value]:
            if isinstance(text, str):
                yield text


def named_files(raw: Mapping[str, Any]) -> Iterator[str]:
    """Every file that a descriptor names: tables, schemas, dialects and profiles."""
    for holder in (raw, *(each for _, each in listed_resources(raw))):
        yield from resource_paths(holder) if holder is not raw else ()
        for key in (*_INLINED, *PROFILE_KEYS):
            text = holder.get(key)
            if isinstance(text, str) and (key in _INLINED or is_file_name(text)):
                yield text


def is_file_name(profile: Any) -> bool:
    """Whether a profile is a file, and neither one of the standard's by name nor an address."""
    return isinstance(profile, str) and "." in profile and "://" not in profile


def parse_package(descriptor: Descriptor) -> Package:
    """Build the model from a descriptor.

    Raises DescriptorError where something that the model needs is missing or of another kind.
    """
    raw = without_nulls(descriptor.raw)
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
            settings=descriptor.settings,
        )
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise DescriptorError(
            say(
                "{name!r} does not follow the Data Package standard ({error})",
                name=descriptor.path.name,
                error=_reason(error),
            ),
            descriptor.path.name,
            hint=say("run `ycd validate` on it to see where"),
        ) from error


def _reason(error: Exception) -> object:
    """Why a model could not be built; what Python says of another kind is for nobody."""
    if isinstance(error, KeyError):
        return say("{key} is missing", key=error)
    return error if isinstance(error, ValueError) else say("a part is of another kind")


def _resource(raw: Mapping[str, Any]) -> Resource:
    schema, name = raw.get("schema"), _text(raw, "name")
    try:
        parsed = None if schema is None else parse_schema(schema)
    except (AttributeError, KeyError, TypeError) as error:
        what = say("the schema of {name!r}: {reason}", name=name, reason=_reason(error))
        raise ValueError(what) from error
    return Resource(
        name=name,
        title=_text(raw, "title", ""),
        description=_text(raw, "description", ""),
        paths=tuple(resource_paths(raw)),
        encoding=_text(raw, "encoding", "") or "utf-8",
        schema=parsed,
        dialect=_object(raw, "dialect"),
        raw=raw,
    )


def parse_schema(raw: Mapping[str, Any]) -> Schema:
    """Build the model of a Table Schema from its JSON.

    Raises AttributeError, KeyError, TypeError, ValueError where it is not built as the standard
    says, or its primary key names no field of it.
    """
    refuse_wrong_kinds(raw)
    schema = Schema(
        fields=tuple(map(_field, raw["fields"])),
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
        raise ValueError(say("the primary key has {unknown}, which is no field", unknown=unknown))
    return schema


def _field(raw: Mapping[str, Any]) -> Field:
    refuse_wrong_kinds(raw)
    # Null asks for nothing, as frictionless has it.
    constraints = _object(raw, "constraints").items()
    return Field(
        name=_text(raw, "name"),
        type=_text(raw, "type", "any"),
        format=_text(raw, "format", "default"),
        title=_text(raw, "title", ""),
        description=_text(raw, "description", ""),
        unit=_unit(raw),
        constraints={key: value for key, value in constraints if value is not None},
        raw=raw,
    )


def _names(value: Any) -> tuple[str, ...]:
    """The standard allows one field's name where it has a list of them."""
    names = (value,) if isinstance(value, str) else tuple(value)
    if not all(isinstance(each, str) for each in names):
        raise ValueError(say("a key names {value}, which is no text", value=value))
    return names


def _text(raw: Mapping[str, Any], key: str, instead: str | None = None) -> str:
    """A text of a descriptor; ``instead`` is what null or nothing there means."""
    value = raw.get(key, instead)
    if value is None and instead is not None:
        return instead
    if not isinstance(value, str):
        raise ValueError(say("{key!r} is {value}, which is no text", key=key, value=value))
    return value


def _object(raw: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    """An object of a descriptor; null or nothing there is an empty one."""
    value = raw.get(key)
    if not isinstance(value, Mapping | None):
        raise ValueError(say("{key!r} is {value}, which is no object", key=key, value=value))
    return value or {}


def _unit(raw: Mapping[str, Any]) -> str:
    """The unit of a field; the standard knows no such key, so others may hold anything there."""
    value = raw.get("unit")
    return value if isinstance(value, str) else ""
