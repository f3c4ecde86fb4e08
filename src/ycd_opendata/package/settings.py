"""What the owner of a package asks of ycd: ``ycd.toml`` beside the descriptor, all of it optional.

::

    [validate]
    off = ["untidy-text"]          # codes that are not reported
    warnings = ["unique-keys"]     # codes that leave the package valid
    canonical = true               # the files are held to the canonical form

    [site]
    languages = ["en", "zh"]
    title = { en = "Rivers", zh = "河流" }
    repository = "https://example.org/rivers"
    logo = "logo.svg"
    texts.footer = "Levels are in metres above the sea."

    [[site.lists]]
    table = "readings"
    filters = ["river"]

    [release]
    formats = ["csv", "parquet"]

It never names code to be run. ``ycd.schema.json`` describes it, and is what it is checked by.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from ycd_opendata.errors import DescriptorError, UnknownNameError
from ycd_opendata.messages import mark, say
from ycd_opendata.package.files import read_start, resolve_inside
from ycd_opendata.package.places import Place, shown_place
from ycd_opendata.package.toml_notation import MOST_BYTES, parse_toml, toml_line
from ycd_opendata.shown import quoted

SETTINGS_NAME = "ycd.toml"

ByLanguage = Mapping[str, str]

_MOST_LOGO_BYTES = 200_000
"""A larger picture would weigh more than every page that it stands on."""

_KINDS: Mapping[str, tuple[type, str]] = {
    "array": (list, "a list"),
    "boolean": (bool, mark("true or false")),
    "object": (dict, mark("a table of keys")),
    "string": (str, "a text"),
}


@dataclass(frozen=True)
class ValidateSettings:
    """Which codes are not reported or only warn, and whether files have the canonical form."""

    off: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    canonical: bool = False


@dataclass(frozen=True)
class SiteList:
    """A list of a table's records: its fields, () being all, and what it is filtered by."""

    table: str
    columns: tuple[str, ...] = ()
    filters: tuple[str, ...] = ()


@dataclass(frozen=True)
class SitePicture:
    """A picture of a table's figures ``y`` along ``x``, a series for each value of ``by``."""

    table: str
    kind: str
    x: str
    y: str
    by: str = ""
    title: ByLanguage = field(default_factory=dict)


@dataclass(frozen=True)
class SiteSettings:
    """How the site is made; titles and texts are by language, "" being the one for all others.

    ``logo`` is the name of a file, ``logo_data`` what is in it.
    """

    languages: tuple[str, ...] = ()
    title: ByLanguage = field(default_factory=dict)
    repository: str = ""
    lists: tuple[SiteList, ...] = ()
    pictures: tuple[SitePicture, ...] = ()
    home: str = ""
    logo: str = ""
    logo_data: bytes = field(default=b"", repr=False)
    texts: Mapping[str, ByLanguage] = field(default_factory=dict)


@dataclass(frozen=True)
class ReleaseSettings:
    """The formats of a release; () where nothing is said."""

    formats: tuple[str, ...] = ()


@dataclass(frozen=True)
class Settings:
    """What a package's owner asks for; ``text`` is the file, to say where something stands."""

    validate: ValidateSettings = ValidateSettings()
    site: SiteSettings = SiteSettings()
    release: ReleaseSettings = ReleaseSettings()
    text: str = field(default="", repr=False)

    def line(self, place: Place) -> int | None:
        """The line of a key or list item, or of the nearest thing around it."""
        return toml_line(self.text, place)


_Misfit = tuple[Place, str, str]
"""Something that is not as the JSON Schema has it: its place, what it is, and what to do."""


def read_settings(folder: Path) -> tuple[Settings, tuple[DescriptorError, ...]]:
    """The settings of the package in a folder, and what is wrong with them.

    Where something is wrong what is asked for is not known, and the settings are the usual ones.
    """
    try:
        if not (folder / SETTINGS_NAME).exists():
            return Settings(), ()
        path = resolve_inside(folder, SETTINGS_NAME, SETTINGS_NAME)
        content = read_start(path, SETTINGS_NAME, MOST_BYTES + 1)
        text, value = parse_toml(content, SETTINGS_NAME)
    except DescriptorError as error:
        return Settings(), (error,)
    misfits = tuple(
        DescriptorError(
            f"{SETTINGS_NAME}: {shown_place(place)} {what}",
            SETTINGS_NAME,
            toml_line(text, place),
            hint,
        )
        for place, what, hint in _misfits(value, settings_schema(), ())
    )
    if misfits:
        return Settings(), misfits
    settings = _settings(text, value)
    if not settings.site.logo:
        return settings, ()
    try:
        data = _logo(folder, settings)
    except DescriptorError as error:
        return Settings(), (error,)
    return replace(settings, site=replace(settings.site, logo_data=data)), ()


def _logo(folder: Path, settings: Settings) -> bytes:
    name, line = settings.site.logo, settings.line(("site", "logo"))
    try:
        data = read_start(resolve_inside(folder, name, SETTINGS_NAME), name, _MOST_LOGO_BYTES + 1)
    except DescriptorError as error:
        message = say("{file}: site.logo: {message}", file=SETTINGS_NAME, message=error.message)
        raise DescriptorError(message, SETTINGS_NAME, line, error.hint) from error
    if len(data) > _MOST_LOGO_BYTES:
        raise DescriptorError(
            say("{file}: site.logo {name!r} is larger than 200 kB", file=SETTINGS_NAME, name=name),
            SETTINGS_NAME,
            line,
            say("make it smaller: it is loaded with each page"),
        )
    return data


@lru_cache(maxsize=1)
def settings_schema() -> Mapping[str, Any]:
    """The JSON Schema of ``ycd.toml``."""
    path = Path(__file__).parent / "ycd.schema.json"
    schema: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return schema


def _misfits(value: Any, schema: Mapping[str, Any], place: Place) -> Iterator[_Misfit]:
    """Where a value is not as a schema has it, by the keywords that ours uses.

    The loader reads settings too, and is installed without a library for JSON Schema.
    """
    listed = schema["type"]
    kinds = listed if isinstance(listed, list) else [listed]
    if not any(isinstance(value, _KINDS[each][0]) for each in kinds):
        expected = " or ".join(_KINDS[each][1] for each in kinds)
        hint = say("expected {expected}", expected=expected)
        yield place, say("is {kind}", kind=_kind_of(value)), hint
    elif isinstance(value, str):
        yield from _text_misfits(value, schema, place)
    elif isinstance(value, list):
        if len(value) < schema.get("minItems", 0):
            yield place, say("is empty"), say("name at least one, or leave the key out")
        for index, item in enumerate(value):
            yield from _misfits(item, schema["items"], (*place, index))
            if schema.get("uniqueItems") and item in value[:index]:
                what = say("repeats {item}", item=quoted(item))
                yield (*place, index), what, say("remove one of the two")
    elif isinstance(value, dict):
        yield from _table_misfits(value, schema, place)


def _text_misfits(text: str, schema: Mapping[str, Any], place: Place) -> Iterator[_Misfit]:
    if len(text) < schema.get("minLength", 0):
        yield place, say("is empty"), say("write something, or leave the key out")
    elif "enum" in schema and text not in schema["enum"]:
        unknown = UnknownNameError("value", text, schema["enum"])
        yield place, say("is {text}, which is not known", text=quoted(text)), unknown.hint
    elif "pattern" in schema and not re.fullmatch(schema["pattern"], text):
        hint = say("such as {example}", example=schema["examples"][0])
        yield place, say("is {text}", text=quoted(text)), hint


def _table_misfits(
    value: Mapping[str, Any], schema: Mapping[str, Any], place: Place
) -> Iterator[_Misfit]:
    known, others = schema.get("properties", {}), schema.get("additionalProperties")
    if len(value) < schema.get("minProperties", 0):
        yield place, say("is empty"), say("write something, or leave the key out")
    for key in schema.get("required", ()):
        if key not in value:
            yield place, say("lacks the key {key!r}", key=key), known[key]["description"]
    for key, item in value.items():
        if key in known or others:
            yield from _misfits(item, known.get(key, others), (*place, key))
        else:
            unknown = UnknownNameError("key", key, known)
            yield (*place, key), say("is no key"), unknown.hint


def _kind_of(value: Any) -> str:
    return next(
        (said for kind, said in _KINDS.values() if isinstance(value, kind)),
        say("{value}, which is no text", value=quoted(value)),
    )


def _settings(text: str, value: Mapping[str, Any]) -> Settings:
    validate, site = value.get("validate", {}), dict(value.get("site", {}))
    site["title"] = _by_language(site.get("title", {}))
    site["texts"] = {key: _by_language(each) for key, each in site.get("texts", {}).items()}
    site["lists"] = tuple(SiteList(**_frozen(each)) for each in site.get("lists", ()))
    site["pictures"] = tuple(
        SitePicture(**{**_frozen(each), "title": _by_language(each.get("title", {}))})
        for each in site.get("pictures", ())
    )
    return Settings(
        ValidateSettings(**_frozen(validate)),
        SiteSettings(**_frozen(site)),
        ReleaseSettings(**_frozen(value.get("release", {}))),
        text,
    )


def _frozen(table: Mapping[str, Any]) -> dict[str, Any]:
    return {key: tuple(item) if isinstance(item, list) else item for key, item in table.items()}


def _by_language(text: str | ByLanguage) -> ByLanguage:
    return {"": text} if isinstance(text, str) else text
