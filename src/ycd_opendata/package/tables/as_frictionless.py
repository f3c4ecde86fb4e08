"""A package as frictionless holds it: what it is given, and what it is kept from.

It is not given profiles that it would fetch, nor what is newer than it. It says of old keys what
is no concern of people, and leaves files open where it fails.
"""

from __future__ import annotations

import copy
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ycd_opendata.package.files import PARQUET_ENDINGS
from ycd_opendata.package.model import Package, Resource
from ycd_opendata.package.places import listed_resources

if TYPE_CHECKING:
    import frictionless

PROFILES = frozenset(
    {"data-package", "tabular-data-package", "data-resource", "tabular-data-resource"}
)
"""The profiles that frictionless knows itself."""

_CONTROLS = (
    ("sheetName", ("xlsx", "xls"), "excel", "sheet", str),
    ("sheetNumber", ("xlsx", "xls"), "excel", "sheet", int),
    ("sheetName", ("ods",), "ods", "sheet", str),
    ("sheetNumber", ("ods",), "ods", "sheet", int),
    ("property", ("json",), "json", "property", str),
)
"""Keys of a dialect, of which formats they are, and where frictionless has them."""

_GROUP, _GROUPED = "groupChar", "grouped-integer"
_VERSION_2 = "datapackage.org/profiles/2."
_WITH_JSON_SCHEMA = ("array", "object")


@contextmanager
def unwarned() -> Iterator[None]:
    """Keep what frictionless says of old keys from people: they are no code of theirs."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        yield


def parquet_parts(resource: Resource) -> tuple[Resource, ...]:
    """Each of several Parquet files as a table; frictionless reads the first one alone."""
    if len(resource.paths) < 2 or not resource.paths[0].lower().endswith(PARQUET_ENDINGS):
        return ()
    raw = {name: each for name, each in resource.raw.items() if name != "extrapaths"}
    return tuple(
        replace(resource, paths=(path,), raw={**raw, "path": path}) for path in resource.paths
    )


def local_copy(raw: Mapping[str, Any]) -> dict[str, Any]:
    """A descriptor for frictionless to change, without profiles that it would look for."""
    copied = copy.deepcopy(dict(raw))
    for each in (copied, *(resource for _, resource in listed_resources(copied))):
        # frictionless takes the first of the early standard's "profiles" for the profile.
        each.pop("profiles", None)
        # Other profiles are checked, or told of, where the descriptor is.
        profile = each.get("profile")
        if isinstance(profile, str) and profile not in PROFILES:
            del each["profile"]
    _drop_what_is_newer(copied)
    return copied


def frictionless_resource(package: Package, resource: Resource) -> frictionless.Resource:
    """A resource as frictionless holds it, by the version of the standard that its package is in.

    Its references lead nowhere: the other tables are not there, or each of many would hold all.
    """
    raw = local_copy({**package.raw, "resources": [resource.raw]})
    [alone] = raw["resources"]
    if isinstance(alone.get("schema"), dict):
        alone["schema"].pop("foreignKeys", None)
    return frictionless_package(package, raw, has_groups=True).resources[0]


def frictionless_package(
    package: Package, raw: dict[str, Any], *, has_groups: bool = False
) -> frictionless.Package:
    """The package as frictionless holds it, from a descriptor that may be changed.

    Whatever has a schema is a table in it: else frictionless passes over one in a format that it
    does not know, and over JSON, without reading a row. ``has_groups`` has it read the
    ``groupChar`` of whole numbers, too, as the standard has it.

    Raises frictionless.FrictionlessException where it does not take the descriptor.
    """
    import frictionless

    _extend_frictionless()
    for schema in _schemas(raw) if has_groups else ():
        fields = schema.get("fields")
        for field in fields if isinstance(fields, list) else ():
            if isinstance(field, dict) and field.get("type") == "integer" and field.get(_GROUP):
                field["type"] = _GROUPED
    for each in raw["resources"]:
        if isinstance(each.get("schema"), dict):
            each.setdefault("type", "table")
        if isinstance(each.get("dialect"), dict):
            _say_in_controls(each["dialect"], _ending(each))
    with unwarned():
        return frictionless.Package.from_descriptor(raw, basepath=str(package.root))


def _say_in_controls(dialect: dict[str, Any], ending: str) -> None:
    """Say what the standard's dialect has of workbooks and JSON where frictionless looks for it."""
    for key, endings, control, name, kind in _CONTROLS:
        if ending in endings and isinstance(dialect.get(key), kind):
            dialect.setdefault(control, {}).setdefault(name, dialect[key])


def _ending(raw: Mapping[str, Any]) -> str:
    path = raw.get("path")
    first = path[0] if isinstance(path, list) and path else path
    return str(raw.get("format") or Path(str(first)).suffix.removeprefix(".")).lower()


def _drop_what_is_newer(raw: dict[str, Any]) -> None:
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


@cache
def _extend_frictionless() -> None:
    """Give frictionless whole numbers with groups, and a loader of local files that closes them.

    Where something is wrong with the encoding or the compression its own gives up before it has
    kept the file to close it. Of a packed file it closes only what unpacks it.
    """
    from frictionless import Plugin, system
    from frictionless.fields import IntegerField
    from frictionless.schemes.local import LocalLoader

    class GroupedField(IntegerField):
        """A whole number whose digits may stand in groups."""

        type = _GROUPED

        def create_value_reader(self) -> Any:
            read = super().create_value_reader()  # type: ignore[no-untyped-call]
            group = self.custom[_GROUP]
            return lambda cell: read(cell.replace(group, "") if isinstance(cell, str) else cell)

    class ClosingLoader(LocalLoader):
        """The loader of local files, which keeps the file from the start."""

        _opened = None

        def read_byte_stream_create(self) -> Any:
            self._opened = super().read_byte_stream_create()  # type: ignore[no-untyped-call]
            return self._opened

        def close(self) -> None:
            super().close()
            if self._opened is not None:
                self._opened.close()

    class OwnPlugin(Plugin):
        """Offers the loader before frictionless offers its own, and the field."""

        def select_field_class(self, type: str | None = None) -> Any:
            return GroupedField if type == _GROUPED else None

        def create_loader(self, resource: frictionless.Resource) -> ClosingLoader | None:
            is_local = resource.scheme == "file" and "://" not in (resource.basepath or "")
            return ClosingLoader(resource) if is_local else None

    system.register("ycd", OwnPlugin())
